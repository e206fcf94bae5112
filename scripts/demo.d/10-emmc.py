# SPDX-License-Identifier: GPL-2.0-or-later
"""the RPMB of QEMU's own eMMC, from the first key to what is refused

QEMU models this device; not a line of it is ours.
"""

from story import BACK, OUT, data_story, key_story, refusal_story


def partition_story(t):
    """The eMMC is left as it was found"""
    t.step('The hardware partition that was selected stays selected')
    t.run('mmc dev 0 1', says='part 1')
    t.run(f'mmc write {OUT:x} 0 1', says='written: ok')
    t.run('rpmb write-counter 1')
    t.refused('rpmb write-counter 2', says='not signed with this key')
    t.run(f'mw.b {BACK:x} 0 200')
    t.run(f'mmc read {BACK:x} 0 1', says='read: ok')
    t.run(f'cmp.b {OUT:x} {BACK:x} 200', says='were the same')


def tell(t):
    """Tell it all"""
    t.board('emmc')
    key_story(t, 'mmc0', 'emmc')
    data_story(t, 2, 'Each block is a write of its own on this device')
    refusal_story(t, 2)
    partition_story(t)
