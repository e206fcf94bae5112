# SPDX-License-Identifier: GPL-2.0-or-later
"""a virtio RPMB, the device that the kernel series left unfinished

QEMU carries it, a process of ours behind vhost-user plays it: test/model.
"""

from story import (BACK, OUT, data_story, key_story, load_key,
                   refusal_story, story_key)


def outlive_story(t):
    """Key, counter and data are the device's, not the board's"""
    t.step('A new start of the board: the key is gone from it')
    t.run('reset')
    t.run('rpmb dev virtio0')
    t.refused('rpmb write-counter 1', says='the key slot is empty')

    t.step('... but not from the device')
    load_key(t, 1, story_key('virtio0'))
    t.refused('rpmb program-key -y 1', says='already')
    t.run(f'rpmb read-blocks 1 {BACK:x} 0 2')
    t.run(f'md.b {BACK:x} 4', says='42 4d 50 52')


def message_story(t):
    """As many blocks in a message as the queue has room for"""
    t.step('Sixteen blocks, written and read in one message each')
    before = t.run('rpmb write-counter 1')
    t.run(f'mw.l {OUT:x} 36313631 400')
    t.run(f'rpmb write-blocks 1 {OUT:x} 40 10')
    t.run(f'rpmb read-blocks 1 {BACK:x} 40 10')
    t.run(f'cmp.b {OUT:x} {BACK:x} 1000', says='were the same')
    after = int(before.split('0x')[1], 16) + 1
    t.run('rpmb write-counter 1', says=f'0x0*{after:x}$')


def tell(t):
    """Tell it all"""
    t.board('emmc virtio')
    t.step('Two devices, in an order that never depends on probing')
    t.run('rpmb list', says=r'mmc0[^\n]*\n.*virtio0')
    key_story(t, 'virtio0', 'virtio')
    data_story(t, 1, 'Both blocks went in one message, which counts once')
    refusal_story(t, 1)
    message_story(t)
    outlive_story(t)
