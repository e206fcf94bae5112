#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""reasons.py - write the table of numbers that an SPL says in place of messages

From boot/rpmb/reason-text.h, which has the words, and include/rpmb-reason.h, which
has the numbers. `scripts/check documents` has the file compared.
"""

import errno
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
from documents import TOP, read  # noqa: E402

PATH = 'doc/usage/rpmb/rollback-numbers.inc'
TEXT = 'boot/rpmb/reason-text.h'
WORDS = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
ROW = re.compile(rf'^RPMB_(FIT|STORED)\((-?\w+), NONE,\s*{WORDS},\s*{WORDS},\s*'
                 rf'{WORDS}\)', re.M)
HEAD = '''.. SPDX-License-Identifier: GPL-2.0-or-later
.. Written by scripts/reasons.py

.. list-table::
   :header-rows: 1
   :widths: 10 45 45

   * - number
     - what was wrong
     - what to do
'''


def words(text):
    """Return: a C string, without quotes"""
    return re.sub(r'\\(.)', r'\1', ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)))


def numbers():
    """Return: the numbers of a FIT's reasons that SPL has, by their names"""
    text = read('include/rpmb-reason.h')
    return {name: int(number) for name, number in re.findall(
        r'^\t(RPMB_FIT_\w+)\s*= (\d+),', text, re.M)}


def reasons():
    """Return: (number or None for any other, what was wrong, what to do), sorted"""
    known = numbers()
    found = []
    for table, name, what, _, advice in ROW.findall(read(TEXT)):
        if table == 'STORED':
            found.append((-getattr(errno, name[1:]) if name != '0' else None,
                          words(what), words(advice)))
        elif name in known:
            found.append((known[name], words(what), words(advice)))
    missing = set(known.values()) - {it[0] for it in found} - \
        {known['RPMB_FIT_LAST_IN_SPL']}
    if missing:
        sys.exit(f'{TEXT}: no words for {sorted(missing)}')
    return sorted(found, key=lambda it: (it[0] is None, (it[0] or 0) < 0,
                                         abs(it[0] or 0)))


def escape(text):
    """Return: text as reStructuredText takes it"""
    return re.sub(r'([*`|_])', r'\\\1', text)


def table():
    """Return: what the file must be"""
    return HEAD + ''.join(
        f'   * - {"other" if number is None else number}\n'
        f'     - {escape(what)}\n     - {escape(advice)}\n'
        for number, what, advice in reasons())


def stale():
    """Return: whether the file is another one"""
    path = os.path.join(TOP, PATH)
    return not os.path.exists(path) or read(PATH) != table()


if __name__ == '__main__':
    with open(os.path.join(TOP, PATH), 'w', encoding='utf-8') as out:
        out.write(table())
