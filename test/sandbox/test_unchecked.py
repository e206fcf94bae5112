#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""test_unchecked.py OPTION [NAME...] - a U-Boot that has no check starts nothing

With a node for the policy in its control tree, that is, and says so when it
starts. OPTION is what is off in the build that SANDBOX names.
"""

import os
import subprocess
import sys

os.environ.setdefault('SANDBOX', os.path.join(
    os.path.dirname(os.path.abspath(__file__)), '..', '..', 'build',
    'sandbox_unchecked'))
OPTION = sys.argv.pop(1)

from fit import (BOOTED, REFUSED, SANDBOX, check, control_tree, load,  # noqa: E402
                 main, make_fit, uboot)
from test_start import STARTERS, old_image  # noqa: E402

WHY = f'this U-Boot has no rollback check: CONFIG_{OPTION} is off'
ANNOUNCED = f'* THIS U-BOOT STARTS NOTHING: CONFIG_{OPTION} is off'


def refuses(*commands):
    """The last of them must be refused. Return: the output"""
    text = uboot(*commands[:-1],
                 f'if {commands[-1]}; then echo it "did"; else '
                 'echo it "failed"; fi', prepare=())
    check(REFUSED + WHY in text and 'it failed' in text and
          BOOTED not in text, f'{commands[-1]} is not refused:\n{text}')


def at_the_start():
    """Return: what it says before its first script"""
    return subprocess.run(
        [os.path.join(SANDBOX, 'u-boot'), '-d', 'control.dtb'], text=True,
        input='\npoweroff\n', stdout=subprocess.PIPE, timeout=60,
        errors='replace', check=False).stdout


def test_announced():
    """It says so at its start"""
    control_tree()
    text = at_the_start()
    check(ANNOUNCED in text, text)


def test_fit():
    """An unsigned FIT and a signed one, in one go and step by step"""
    control_tree()
    for key in None, 'os':
        fit = make_fit('fit', 1, key=key)
        refuses(load(fit), 'bootm 1000000')
        refuses(load(fit), 'bootm start 1000000')
        refuses(load(fit), 'bootm 1000000#conf')


def test_others():
    """Old images, scripts, and commands that start something"""
    control_tree()
    old_image('kernel', 'kernel.bin', 'old.img')
    old_image('script', 'script.bin', 'script.img')
    refuses(load('old.img'), 'bootm 1000000')
    refuses(load('script.img'), 'source 1000000')
    refuses(load(make_fit('script', 1, images=('script',))), 'source 1000000')
    for command in STARTERS:
        refuses('mw.b 1000000 0 1000', command)


def test_no_node():
    """Without the node it is like upstream's, which wants its key's signature"""
    control_tree(policy='')
    text = uboot(load(make_fit('fit', 1)), 'bootm 1000000',
                 prepare=())
    check(BOOTED in text and REFUSED not in text, text)
    check('STARTS NOTHING' not in at_the_start(), 'it is announced')


if __name__ == '__main__':
    main(globals(), 'unchecked ' + OPTION)
