#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lines.py -runs=N|-max_total_time=N U-BOOT - command lines, as nobody types them

Sandbox runs them, many in one process. Each must come to its end with a status
that commands have. A process that ends by itself, or takes too long, is a
failure; then the line that did it is printed. Lines are made of the words of the
command and of numbers that are hardly right. The sequence is always the same.
"""

import random
import re
import subprocess
import sys
import time

LINES = 300
SECONDS = 60

WORDS = """list dev get-info key program-key write-counter write-blocks
read-blocks dump provision rollback service selftest add del advance check
commit commit-ab get reset none -y -n -a -u mmc0 mmc1 ufs0 virtio0 sandbox0
sandbox0:1 sandbox1:4 mmc0:0 :: : 0x conf-1 mmc 0#misc misc os avb fit
counter read write test size""".split()

NUMBERS = """0 1 2 3 4 7 8 f 10 1f 20 3f 40 7f 80 ff 100 101 11b 11c 1ff 200 3ff
ffff 10000 7fffffff 80000000 ffffffff 100000000 fffffffffffffffe
ffffffffffffffff 10000000000000000 -1 1g 0x1 0X1f 0x 00000000000000000001
1000 1001 1004 2000 100000 7fffff0 8000000""".split()

COMMANDS = ('rpmb', 'rpmb', 'rpmb', 'mmc rpmb', 'rpmb rollback', 'rpmb key',
            'rpmb provision', 'rpmb service', 'rpmb write-blocks 100',
            'rpmb read-blocks 100', 'rpmb read-blocks none', 'rpmb dump none',
            'rpmb write-counter', 'rpmb dev')

# What a line needs that works: memory, and devices that are there
BEFORE = ['rpmb list', 'rpmb dev sandbox0', 'rpmb program-key -y 100',
          'mw.b 1000 5a 1000']


def word(rnd):
    """Return: a word of a line"""
    kind = rnd.randrange(20)
    if kind < 8:
        return rnd.choice(NUMBERS)
    if kind < 16:
        return rnd.choice(WORDS)
    if kind == 16:
        return f'{rnd.getrandbits(rnd.randrange(1, 70)):x}'
    if kind == 17:
        text = rnd.choice(WORDS + NUMBERS)
        at = rnd.randrange(len(text))
        return text[:at] + rnd.choice('0gx-:./%@~^') + text[at + 1:]
    if kind == 18:
        return "'" + rnd.choice('a0 %') * rnd.choice((0, 1, 40, 250)) + "'"
    return ''.join(chr(rnd.randrange(0x80, 0x100)) for _ in range(4))


def line(rnd):
    """Return: a line, which may have more words than commands take"""
    count = rnd.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 20))
    return ' '.join([rnd.choice(COMMANDS)] + [word(rnd) for _ in range(count)])


def run(uboot, lines):
    """Have them run. Return: what went wrong, None if nothing did"""
    script = [*BEFORE]
    for number, text in enumerate(lines):
        script += [text, f'echo @{number} $?']
    try:
        done = subprocess.run(
            [uboot, '-c', '\n'.join(script).encode('latin-1')],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
        output, how = done.stdout, f'ended with {done.returncode}'
    except subprocess.TimeoutExpired as late:
        output, how = late.stdout or b'', 'took too long'
    seen = re.findall(rb'^@(\d+) (\S+)\r?$', output, re.M)
    for number, text in enumerate(lines):
        if number >= len(seen):
            tail = output[-600:].decode('latin-1')
            return f'{text!r}: U-Boot {how}; it said\n{tail}'
        if seen[number] not in ((b'%d' % number, b'0'), (b'%d' % number, b'1')):
            return f'{text!r}: status {seen[number]}'
    return None


def main(limit, uboot):
    """Run until the limit. Return: exit status"""
    rnd = random.Random(1)
    name, most = limit.lstrip('-').split('=')
    begun, count = time.monotonic(), 0
    while (count < int(most) if name == 'runs' else not int(most)
           or time.monotonic() - begun < int(most)):
        lines = [line(rnd) for _ in range(LINES)]
        bad = run(uboot, lines)
        if bad:
            print(bad)
            return 1
        count += len(lines)
    print(f'{count} lines in {time.monotonic() - begun:.0f} s')
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
