# SPDX-License-Identifier: GPL-2.0-or-later
"""Boards that start, run commands, and stop: what did that take?

Nobody types: the commands are in the control FDT. Time is counted in
instructions, 1 ns each; random numbers come from the processor, so nothing waits
for the host.
"""

import os
import shutil
import subprocess

from benchmarks.traced import BOARD, IMAGES, TRACE, fresh, tally, traced
from console import Console

# Where boards stop, and what they say then
CLOCK, CLOCK_VERSION = 0x4c000000, 9
# The eMMC of scripts/board, and where its user area begins in its image
EMMC, USER = 20 << 20, 4 << 20
STOPPED = rb'[0-9a-f]{16} instructions'


class Cost:
    """What something takes: instructions, data commands, other commands"""

    def __init__(self, *counts):
        self.counts = counts
        self.instructions, self.data, self.others = counts

    def __sub__(self, other):
        return Cost(*(a - b for a, b in zip(self.counts, other.counts)))

    def __eq__(self, other):
        return self.counts == other.counts


def make_clock(vendor, size=0):
    """Have a release, of at least so many bytes, that says how many instructions
    it took to get to it. Return: its path"""
    return vendor.sign(CLOCK_VERSION, "-DCOUNTS '-DSAYS=\" instructions\"'",
                       size)


def fill_in(path, *commands, room=288):
    """Have a control FDT run these commands, then stop

    room: characters that it has for them. It has the same size whatever they are,
    since it is hashed. What comes after the line that stops is never read.
    """
    lines = '\n'.join([*commands, f'bootm {CLOCK:x}', ''])
    if len(lines) > room:
        raise ValueError('too many commands')
    for words in (['-p', '-t', 's', path, '/config', 'bootcmd',
                   lines.ljust(room)],
                  ['-t', 'x', path, '/config', 'bootdelay', 'fffffffe']):
        subprocess.run(['fdtput', *words], check=True)


def put_on_emmc(path):
    """Have an eMMC with a file at the beginning of its user area"""
    with open(path, 'rb') as file:
        data = file.read()
    with open(os.path.join(IMAGES, 'emmc.img'), 'wb') as file:
        file.seek(USER)
        file.write(data)
        file.truncate(EMMC)


def boot(tree, clock, huk, *args, image=None, from_emmc=False):
    """Start a board with this control FDT, until it stops

    args: more of QEMU's arguments; image: what to boot, if not ours; from_emmc:
    the clock is there, and not in memory
    Return: what it took, and what was printed
    """
    fresh()
    if from_emmc:
        put_on_emmc(clock)
    else:
        args = [*args, '-device',
                f'loader,file={clock},addr={CLOCK:#x},force-raw=on']
    shutil.copy(huk, os.path.join(IMAGES, 'huk'))
    console = Console(
        [BOARD, IMAGES, '-serial', 'stdio',
         '-d', 'trace:sdcard_normal_command', '-D', TRACE,
         '-icount', 'shift=0,sleep=off', '-seed', '1', '-cpu', 'max', *args],
        env={'DEVICES': 'emmc', 'DTB': tree,
             **({'IMAGE': image} if image else {})}, ready=STOPPED)
    console.close()
    return (Cost(int(console.matched.split()[0], 16), *tally(traced())),
            console.banner)
