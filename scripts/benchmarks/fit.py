# SPDX-License-Identifier: GPL-2.0-or-later
"""What the rollback index adds to the verification of a signed FIT"""

import os
import shutil
import sys

from benchmarks import boots
from benchmarks.expected import MOST_ADDED, MOST_POLICY
from benchmarks.report import below, row, verdict
from benchmarks.size import size
from releases import ADDRESS, Releases

VERIFIED = 'sha256,rsa2048:os+ OK'
PART = 0x400        # blocks that are read from eMMC at a time
ROOM = 900          # characters for the commands that do it
KERNEL = 8 << 20    # bytes of a kernel that somebody might boot


class Boots:
    """Boards that verify releases, with a policy or without

    What takes long is over before it is counted from: the devices are found and
    initialised, and an index is stored if there is a policy. The clock is
    verified as well: the index is read anew for it, or some runs would have read
    it before.
    """

    PREPARE = ['rpmb dev mmc0', 'rpmb program-key -y 100',
               'rpmb rollback advance 100 2']

    def __init__(self, workshop, kernel=0):
        self.vendor = Releases(workshop)
        self.trees = {True: self.vendor.tree('mmc0'),
                      False: workshop.control_tree('board-os.dtb')}
        self.clock = boots.make_clock(self.vendor, kernel)

    def boot(self, policy, *commands, from_emmc=False, **room):
        """Start, run, stop. from_emmc: the clock is read from there
        Return: what it took, and what was printed"""
        path = os.path.join(self.vendor.place, 'control.dtb')
        again = ['rpmb rollback get 100'] * policy
        shutil.copy(self.trees[policy], path)
        boots.fill_in(path, *self.PREPARE, *commands, *again, **room)
        return boots.boot(path, self.clock, self.vendor.huk,
                          *self.vendor.args, from_emmc=from_emmc)

    def reads(self):
        """Return: commands that read the clock from the eMMC, in parts"""
        count = -(-os.path.getsize(self.clock) // 512)
        return [f'mmc read {boots.CLOCK + 512 * at:x} {at:x} '
                f'{min(PART, count - at):x}' for at in range(0, count, PART)]

    def verifications(self, policy):
        """Return: what the first verification of a FIT takes, and a second"""
        stops = []
        for times in range(3):
            cost, text = self.boot(
                policy, *[f'bootm start {ADDRESS[2]:x}'] * times)
            # kernel and device tree, and those of the clock
            if text.count(VERIFIED) != 2 * times + 2 or 'REFUSED' in text:
                sys.exit(f'bench: not verified {times} times:\n{text}')
            stops.append(cost)
        return stops[1] - stops[0], stops[2] - stops[1]

    def refuses(self, policy):
        """Return: whether a FIT with a lower index is refused"""
        text = self.boot(policy, f'bootm start {ADDRESS[1]:x}')[1]
        return 'REFUSED' in text

    def measure(self):
        """Return: what a policy adds to the first verification of a FIT and to
        a second, and what each is added to"""
        bare, checked = self.verifications(False), self.verifications(True)
        return [a - b for a, b in zip(checked, bare)], bare


def share(added, bare):
    """Return: per cent of instructions, per check"""
    return [round(100 * a.instructions / b.instructions, 2)
            for a, b in zip(added, bare)]


def print_costs(what, added, bare):
    """Print what is added, and to what"""
    row(f'Rollback index of a FIT, {what}', 'first', 'again')
    row('verification alone: instructions', *(c.instructions for c in bare))
    row('the check adds: data commands', *(c.data for c in added))
    row('the check adds: other commands', *(c.others for c in added))
    row('the check adds: instructions', *(c.instructions for c in added))
    row('the check adds: instructions, per cent', *share(added, bare))


def policy_sizes():
    """Return: bytes of what a FIT check needs, and of all policies"""
    stores = size('lib/rpmb/store.o', 'lib/rpmb/rollback.o',
                  'drivers/rpmb/rpmb-store.o', 'drivers/rpmb/rpmb-index.o',
                  'drivers/rpmb/rpmb-record.o', 'drivers/rpmb/rpmb-place.o',
                  'drivers/rpmb/rpmb-node.o')
    return (stores + size('boot/rpmb/policy*.o', 'boot/rpmb/stored.o',
                          'boot/rpmb/fit.o', 'boot/rpmb/fit-images.o',
                          'boot/rpmb/fit-refuse.o', 'boot/rpmb/fit-cover.o',
                          'boot/rpmb/look.o', 'boot/rpmb/order.o',
                          'boot/rpmb/start.o'),
            stores + size('boot/rpmb/*.o'))


def judge(workshop):
    """Measure, print. Return: whether promises are kept"""
    board = Boots(workshop)
    if not board.refuses(True) or board.refuses(False):
        sys.exit('bench: it is not the policy that refuses old releases')
    (first, second), bare = measured = board.measure()
    same = measured == board.measure()

    print()
    print_costs('a small kernel', [first, second], bare)
    sizes = policy_sizes()
    row('text + rodata, bytes (FIT check; all policies)', *sizes)
    print()
    # One authenticated read; the partition is switched to and back, with polls
    good = [verdict('data commands that the first check adds', first.data, 4),
            verdict('other commands that the first check adds',
                    first.others, 4),
            verdict('commands that a second check adds',
                    second.data + second.others, 0),
            verdict('counts that differ when all is done again',
                    0 if same else 1, 0)]
    good += [verdict(f'instructions that a check adds, {what}', cost.instructions,
                     most) for what, cost, most in
             zip(('first', 'again'), (first, second), MOST_ADDED)]
    good += [verdict(f'bytes of {what}', value, most) for what, value, most in
             zip(('a FIT check', 'all policies'), sizes, MOST_POLICY)]
    return good + judge_large(workshop, [first, second], bare)


def judge_large(workshop, added, small):
    """What is added beside the boot of a kernel of 8 MiB from eMMC

    That it is read, verified and put to its place takes what a small one takes to
    be verified, and what such a boot takes more than the boot of a small one.
    """
    board = Boots(workshop)
    little = board.boot(False, room=ROOM)[0]
    board = Boots(workshop, KERNEL)
    whole = board.boot(False, *board.reads(), from_emmc=True,
                       room=ROOM)[0] - little
    shares = [round(100 * a.instructions /
                    (whole.instructions + b.instructions), 2)
              for a, b in zip(added, small)]
    print()
    row('Boot of a kernel of 8 MiB from eMMC', 'first', 'again')
    row('without the check: instructions',
        *(whole.instructions + b.instructions for b in small))
    row('the check adds: instructions', *(c.instructions for c in added))
    row('the check adds: instructions, per cent', *shares)
    print()
    return [below('per cent of instructions that the check adds to the boot of '
                  f'8 MiB, {what}', value, 1)
            for what, value in zip(('first', 'again'), shares)]
