# SPDX-License-Identifier: GPL-2.0-or-later
"""Instructions of authenticated reads from QEMU's eMMC

The key is one that the eMMC was started with. What takes long is over before it is
counted from, see boots.py; a read counts from the second one on.
"""

import os
import shutil
import sys

from benchmarks import boots
from benchmarks.expected import MOST_PER_BYTE, MOST_READ
from benchmarks.report import below, row, verdict
from benchmarks.traced import BACK, KEY, SPARE_KEY, WORDS, built
from releases import Releases

BLOCKS = 16
MANY = 64               # of them are read to see what a MAC costs
MAC_BYTES = 284         # of each frame
LESS = 5                # times fewer instructions, by the processor's own

OURS = ['rpmb dev mmc0', f'rpmb key add 1 {KEY:x}', 'mmc dev 0 0']
UPSTREAMS = ['pci enum', 'mmc list', 'mmc dev 0 0']


class Board:
    """Boards that read blocks, then stop"""

    def __init__(self, workshop, image=None, prepare=OURS):
        self.vendor = Releases(workshop)
        self.tree = workshop.control_tree('board-os.dtb')
        self.clock = boots.make_clock(self.vendor)
        self.image = image
        self.prepare = prepare
        self.key = os.path.join(self.vendor.place, 'key')
        with open(self.key, 'wb') as file:
            file.write(b''.join(word.to_bytes(8, 'little') for word in WORDS))

    def boot(self, *commands):
        """Start, run, stop. Return: what it took, and what was printed"""
        path = os.path.join(self.vendor.place, 'control.dtb')
        shutil.copy(self.tree, path)
        boots.fill_in(path, *self.prepare, *commands)
        with open(self.key, 'rb') as file:
            key = file.read().hex()
        args = ['-global', f'emmc.auth-key={key}']
        # one of them is wiped when it is taken into a slot
        for address in KEY, SPARE_KEY:
            args += ['-device',
                     f'loader,file={self.key},addr={address:#x},force-raw=on']
        return boots.boot(path, self.clock, self.vendor.huk, *args,
                          image=self.image)

    def cost(self, command, says):
        """Return: what a command takes that has run before, and says this"""
        stops = []
        for times in 1, 2:
            cost, text = self.boot(*[command] * times)
            if text.count(says) != times:
                sys.exit(f"bench: '{command}' failed:\n{text}")
            stops.append(cost)
        return stops[1] - stops[0]

    def mmc(self):
        """Return: what 'mmc rpmb read' takes"""
        return self.cost(f'mmc rpmb read {BACK:x} 0 {BLOCKS:x} {SPARE_KEY:x}',
                         f'{BLOCKS} RPMB blocks read: OK')

    def read(self, blocks, key='1'):
        """Return: what our own command takes"""
        return self.cost(f'rpmb read-blocks {key} {BACK:x} 0 {blocks:x}',
                         f'{blocks:#x} block')

    def mac_byte(self):
        """Return: instructions per byte that a MAC covers

        What a key adds to a long read, less what it adds to a short one.
        """
        def added(blocks):
            return (self.read(blocks).instructions -
                    self.read(blocks, 'none').instructions)
        return (added(MANY) - added(1)) / ((MANY - 1) * MAC_BYTES)


def judge_upstream(workshop, upstream):
    """Measure beside upstream, print. Return: whether promises are kept"""
    board = Board(workshop)
    ours, front = board.read(BLOCKS), board.mmc()
    theirs = Board(workshop, os.path.join(upstream, 'u-boot.bin'),
                   UPSTREAMS).mmc()
    print()
    row(f'Read of {BLOCKS} blocks, MAC checked', "'rpmb'", "'mmc rpmb'",
        'upstream')
    row('nonce checked', 'yes', 'yes', 'no')
    row('instructions', *(c.instructions for c in (ours, front, theirs)))
    print()
    return [below(f'instructions of {name} of {BLOCKS} blocks',
                  cost.instructions, theirs.instructions)
            for name, cost in (("'rpmb read-blocks'", ours),
                               ("'mmc rpmb read'", front))] + [
        verdict(f'instructions of {BLOCKS} blocks read, {by}', cost.instructions,
                MOST_READ[by])
        for by, cost in (('rpmb', ours), ('mmc rpmb', front))]


def judge_armv8(workshop):
    """The MAC by software and by the processor's instructions, which the board
    has: measure, print. Return: whether promises are kept"""
    build = built('qemu_arm64_software', 'qemu_arm64_rpmb_defconfig',
                  'rpmb_software.config')
    slow = Board(workshop, os.path.join(build, 'u-boot.bin')).mac_byte()
    fast = Board(workshop).mac_byte()
    print()
    row('HMAC-SHA256', 'software', 'ARMv8')
    row('instructions per byte', f'{slow:.1f}', f'{fast:.2f}')
    print()
    return [verdict(f'instructions per byte that a MAC covers, by ARMv8, times {LESS}',
                    round(LESS * fast, 1), round(slow, 1))] + [
        verdict(f'instructions per byte that a MAC covers, {by}', round(value, 2),
                most) for by, value, most in
        zip(('by ARMv8', 'by software'), (fast, slow), MOST_PER_BYTE)]


def judge(workshop, upstream):
    """Both"""
    return judge_upstream(workshop, upstream) + judge_armv8(workshop)
