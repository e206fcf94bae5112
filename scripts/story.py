# SPDX-License-Identifier: GPL-2.0-or-later
"""What the stories have in common: the life of an RPMB, whatever its bus"""

import hashlib

KEY = 0x41000000
OUT = 0x42000000
BACK = 0x43000000


def story_key(name):
    """Return: the key of a device or region, one of its own for each"""
    return hashlib.sha256(f'a key for {name} in a story'.encode()).digest()


def load_key(t, keyid, key):
    """Put a key into memory, then into a slot"""
    for i in range(0, len(key), 8):
        word = int.from_bytes(key[i:i + 8], 'little')
        t.run(f'mw.q {KEY + i:x} {word:016x}')
    t.run(f'rpmb key add {keyid} {KEY:x}')


def key_story(t, name, transport):
    """The key: none, one, and never another"""
    t.step(f'U-Boot finds the RPMB and names it {name}')
    t.run('rpmb list', says=name)
    t.run(f'rpmb dev {name}')
    t.run('rpmb get-info', says=transport)

    t.step('No key yet: the device answers, but cannot authenticate')
    t.refused('rpmb write-counter none', says='no .*key')

    t.step('A key goes into a RAM slot; where it came from is wiped')
    load_key(t, 1, story_key(name))
    t.run('rpmb key list', says='1 ')
    t.run(f'md.q {KEY:x} 4', says=r': 0{16} 0{16}')

    t.step('Program it, once in the life of the device')
    t.run('rpmb program-key -y 1')

    t.step('Now the counter is authenticated')
    t.run('rpmb write-counter 1', says='0x0*0$')


def data_story(t, count, counts):
    """Data: there and back

    count: what the write counter says afterwards
    counts: why, as a caption
    """
    t.step('Write two blocks')
    t.run(f'mw.l {OUT:x} 52504d42 80')
    t.run(f'mw.l {OUT + 0x100:x} 21676f6f 40')
    t.run(f'rpmb write-blocks 1 {OUT:x} 0 2')

    t.step(counts)
    t.run('rpmb write-counter 1', says=f'0x0*{count}$')

    t.step('Read them back: authenticated, and the same')
    t.run(f'mw.b {BACK:x} 0 200')
    t.run(f'rpmb read-blocks 1 {BACK:x} 0 2')
    t.run(f'cmp.b {OUT:x} {BACK:x} 200', says='were the same')


def refusal_story(t, count):
    """What the device and we refuse

    count: what the write counter says all the time
    """
    t.step('The wrong key is refused: it can neither read nor write')
    load_key(t, 2, story_key('nobody'))
    t.refused('rpmb write-counter 2', says='not signed with this key')
    t.refused(f'rpmb read-blocks 2 {BACK:x} 0 1', says='not signed with this key')
    t.refused(f'rpmb write-blocks 2 {OUT + 0x100:x} 0 1',
              says='not signed with this key')

    t.step('Nothing has changed by that')
    t.run('rpmb write-counter 1', says=f'0x0*{count}$')
    t.run(f'rpmb read-blocks 1 {BACK:x} 0 2')
    t.run(f'cmp.b {OUT:x} {BACK:x} 200', says='were the same')

    t.step('The key cannot be programmed again, nor another one')
    t.refused('rpmb program-key -y 1', says='already')
    t.refused('rpmb program-key -y 2', says='holds another key')
    t.run('rpmb write-counter 1', says=f'0x0*{count}$')

    t.step('Past the end, without memory, without a key: refused')
    t.refused(f'rpmb read-blocks 1 {BACK:x} 2000 1', says='run past the end')
    t.refused(f'rpmb write-blocks 1 {OUT:x} 0 0', says='the block count is 0')
    t.refused('rpmb write-blocks 1 0 0 1', says='there is no RAM')
    t.refused('rpmb write-counter 3', says='the key slot is empty')
    t.run('rpmb write-counter 1', says=f'0x0*{count}$')

    t.step('Self test: the same write replayed is refused, a forged one too')
    text = t.run('rpmb selftest 1', says='pass .*replay')
    if 'FAIL' in text:
        raise AssertionError('a failed step, yet the self test passed')
    t.run(f'rpmb read-blocks 1 {BACK:x} 0 2')
    t.run(f'cmp.b {OUT:x} {BACK:x} 200', says='were the same')
