# SPDX-License-Identifier: GPL-2.0-or-later
"""Service tokens, end to end

A board that is closed and refuses comes back by a token that mkimage has
signed, and by no other.
"""

import shutil

import hostile
import rig
from devices import Virtio
from fixtures import BOTH_MODELS, folder, on_each
from host import run
from rig import OUT, check
from signing import device, manifest, sign
from tokens import (HIGH, LOW, OPEN, RESET, RMA, SECOND, TOKEN, Board, prepare,
                    sign_token, token, tree)

SUITE = 'token'
place = folder(SUITE, *BOTH_MODELS)

USED_UP = r'^rpmb service: refused: it is used up, or not for now \(error -127\)'
RATCHET = 'refused: the boot ratchet has turned'
NOT_SIGNED = 'refused: it is not signed with the keys for this purpose'
DONE = '^rpmb service: index at location 0x100 set to 0x5; the token is used up$'


@on_each
def test_reset_index(kind):
    """A closed board gets a lower index, once"""
    dev_id, counter = prepare(kind)
    fit = sign_token(token('reset', kind, dev_id, counter, RESET))
    with Board(kind, fit, memory=[fit]) as b:
        b.says(DONE)
        b.run(f'rpmb dev {kind.name}')
        b.holds(LOW)
        check(b.count() == counter + 1, 'one write')
        # it is still there at the next start
        b.reset()
        b.says(USED_UP)
        b.run(f'rpmb dev {kind.name}')
        b.holds(LOW)
        check(b.count() == counter + 1, 'nothing was written')
        b.refused(f'rpmb service {TOKEN:x}', says=RATCHET)


@on_each
def test_open_board(kind):
    """A closed board opens until its next reset, once"""
    dev_id, counter = prepare(kind)
    fit = sign_token(token('rma', kind, dev_id, counter, RMA))
    with Board(kind) as b:
        b.run(f'rpmb dev {kind.name}')
        b.run('rpmb get-info', says='^board: +closed')
        b.refused(f'rpmb write-blocks 100 {OUT:x} 8 1', says='board is closed')
    with Board(kind, fit) as b:
        b.says(OPEN)
        b.run(f'rpmb dev {kind.name}')
        b.run('rpmb get-info', says='^board: +open')
        check(b.counter('100') == counter + 1, 'used up before it opened')
        b.holds(HIGH)
        b.write(8, 0x5a, keyid='100')
        b.add_key(1, 0xa1)
        b.reset()
        b.says(USED_UP)
        b.run(f'rpmb dev {kind.name}')
        b.run('rpmb get-info', says='^board: +closed')
        b.refused(f'rpmb write-blocks 100 {OUT:x} 8 1', says='board is closed')
        check(b.count() == counter + 2, 'nothing was written')


def refused(kind, what, fit, says, control=None):
    """A closed board that finds this does nothing, and says why"""
    print(f'token: {what}')
    with Board(kind, fit, control=control) as b:
        b.says('^rpmb service: ' + says)
        b.run(f'rpmb dev {kind.name}')
        b.run('rpmb get-info', says='^board: +closed')
        b.holds(HIGH)
        return b.count()


@on_each
def test_wrong(kind):
    """A token for another device or another time does nothing"""
    dev_id, counter = prepare(kind)
    other = bytearray(dev_id)
    other[3] ^= 1
    for action in RESET, RMA:
        fit = sign_token(token('other', kind, bytes(other), counter, action))
        check(refused(kind, 'other device', fit,
                      'refused: it is for another device') == counter,
              'nothing was written')
        for off in 1, -1:
            when = counter + off & 0xffffffff
            if when == 0xffffffff:
                continue
            fit = sign_token(token('when', kind, dev_id, when, action))
            check(refused(kind, 'other time', fit,
                          'refused: it is used up') == counter,
                  'nothing was written')


def test_command():
    """On an open board the command does it, and the policy is no longer deceived"""
    dev_id, counter = prepare(Virtio)
    files = [sign_token(token('reset', Virtio, dev_id, counter, RESET)),
             sign_token(token('rma', Virtio, dev_id, counter + 1, RMA))]
    with Board(Virtio, closed=False, memory=files) as b:
        b.run('rpmb dev virtio0')
        b.refused(f'rpmb service {SECOND:x}', says=USED_UP)
        b.run(f'rpmb service {TOKEN:x}', says=DONE)
        b.refused(f'rpmb service {TOKEN:x}', says=USED_UP)
        b.holds(LOW)
        b.run(f'rpmb service {SECOND:x}', says=OPEN)
        b.refused(f'rpmb service {SECOND:x}', says=USED_UP)
        b.refused('rpmb service', says='Usage:')
        b.refused('rpmb service 0', says='no RAM')
        b.refused(f'rpmb service {SECOND + 0x10000:x}', says='there is no FIT')


def test_signature():
    """Who signs something else signs no token, and a token is nothing else"""
    dev_id, counter = prepare(Virtio)
    data = token('rma', Virtio, dev_id, counter, RMA)
    os_tree = tree(Virtio, 'os.dtb',
                   rig.control_tree().replace('board.dtb', 'board-os.dtb'))
    for key in 'factory', 'os':
        fit = sign_token(data, key=key, name=key)
        for control in None, os_tree:
            refused(Virtio, f'key {key}', fit, NOT_SIGNED, control)
    refused(Virtio, 'unsigned', sign_token(data, key=None, name='unsigned'),
            NOT_SIGNED)
    refused(Virtio, 'crc32', sign_token(data, algo='crc32', name='crc32'),
            'refused: the image has no SHA-256')
    refused(Virtio, 'no FIT', data, 'refused: ')
    # the service key does not stretch to other purposes
    as_manifest = sign(data, key='service', name='as-manifest')
    refused(Virtio, 'token as manifest', as_manifest,
            'refused: its default configuration is not for this purpose')
    burn = manifest('burn', device(1, 'virtio'))
    refused(Virtio, 'manifest as token', sign(burn, name='burn'),
            'refused: its default configuration is not for this purpose')
    refused(Virtio, 'manifest, signed as a token', sign_token(burn, name='b'),
            'refused: it is signed, but cannot be understood')
    files = [sign_token(data, name='good'), as_manifest]
    with Board(Virtio, closed=False, memory=files) as b:
        b.refused(f'rpmb provision {TOKEN:x}', says='refused-no-manifest')
        b.refused(f'rpmb provision {SECOND:x}', says='refused-signature')
        b.refused(f'bootm {TOKEN:x}', says='REFUSED: no key is required')
        b.refused(f'bootm {TOKEN:x}:content', says='asked for by its name')
    check(refused(Virtio, 'tampered', tampered(files[0]),
                  'refused: ') == counter, 'nothing was written')
    with Board(Virtio, files[0]) as b:
        b.says(OPEN)


def tampered(fit):
    """Return: the path of a token that was signed, and is another now"""
    shutil.copy(fit, 'tampered.itb')
    data = run('fdtget', '-t', 'bx', fit, '/images/content', 'data').split()
    data[-1] = '1'
    run('fdtput', '-t', 'bx', 'tampered.itb', '/images/content', 'data',
        *data)
    return 'tampered.itb'


def test_not_armed():
    """Without a key for tokens, or without a policy, there are none"""
    dev_id, counter = prepare(Virtio)
    fit = sign_token(token('rma', Virtio, dev_id, counter, RMA))
    for required in None, 'conf', 'rpmb-manifest':
        control = tree(Virtio, 'disarmed.dtb')
        node = '/signature/key-service'
        if required:
            run('fdtput', '-t', 's', control, node, 'required', required)
        else:
            run('fdtput', '-r', control, node)
        refused(Virtio, f'required for {required}', fit,
                'refused: the control FDT has no key for this purpose',
                control)
    with Board(Virtio, fit, control=rig.control_tree()) as b:
        b.says('refused: the control FDT names no RPMB')
        b.run('rpmb dev virtio0')
        check(b.count() == counter, 'nothing was written')


def test_size():
    """What is too large for a token is not read"""
    prepare(Virtio)
    with open('large', 'wb') as file:
        file.write(bytes(0x10001))
    refused(Virtio, 'large', 'large', 'refused: it cannot be read')
    with open('empty', 'wb') as file:
        file.write(bytes(1))
    refused(Virtio, 'empty', 'empty', 'refused: there is no FIT')


def test_hostile():
    """What was made to hang or crash its reader stays where it is, and no harm"""
    prepare(Virtio)
    for name, blob in hostile.worst().items():
        with open('hostile', 'wb') as file:
            file.write(blob)
        refused(Virtio, name, 'hostile', 'refused: there is no FIT')
