# SPDX-License-Identifier: GPL-2.0-or-later
"""an operating system that cannot be rolled back

Three releases of the smallest operating system there is: it says its version
and resets the board. Each is a FIT, signed with a throwaway key whose public
half is required by the board's control FDT, which also names the RPMB that
holds the rollback index.
"""

import re

from releases import ADDRESS, Releases

LOC = '100'
OLDER = 'REFUSED: the image is older than what has been booted before'
NO_KEY = 'REFUSED: the RPMB says that it has no key'


def boots(t, version):
    """It boots, and comes back with a reset"""
    t.starts(f'bootm {ADDRESS[version]:x}',
             rf'release {version} is running[\s\S]*\n=> \Z')


def refused(t, version, says):
    """It does not boot"""
    t.refused(f'bootm {ADDRESS[version]:x}', says=says)


def life(t, device, name, vendor):
    """What all devices show"""
    t.step(f'{name}: a new board has a key, but no index yet: it is open, so '
           'it boots and says so')
    t.board(device, huk=vendor.huk, args=vendor.args,
            env={'DTB': vendor.tree(name)})
    t.run(f'rpmb dev {name}:0')
    t.run('rpmb program-key -y 100')
    boots(t, 2)

    t.step('Release 2 has proved itself: its index is committed')
    t.run(f'rpmb rollback commit {ADDRESS[2]:x}')
    t.run(f'rpmb rollback get {LOC}', says=r'\b0x2\b')

    t.step('Release 1 is as well signed as it ever was, and refused')
    refused(t, 1, OLDER)

    t.step('Release 2 boots, and so does release 3')
    boots(t, 2)
    boots(t, 3)

    t.step('Nor does anybody set the index back by hand, not on an open board')
    t.refused(f'rpmb rollback advance {LOC} 1',
              says='older than what has been booted before')
    t.run(f'rpmb rollback get {LOC}', says=r'\b0x2\b')


def attacks(t, device, name, vendor, faults):
    """What our models can play: the bus is an attacker, power fails"""
    env = {'DTB': vendor.tree(name)}
    option = {'ufs': 'UFS_ARGS', 'virtio': 'VIRTIO_ARGS'}[device]
    closed = ['-fw_cfg', 'name=opt/rpmb/closed,string=1']

    t.step(f'{name}: power fails while the index is raised to 3')
    t.board(device, huk=vendor.huk, args=vendor.args, fresh=False,
            env={**env, option: f'--fault {faults["cut"]}'})
    t.tries(f'rpmb rollback commit {ADDRESS[3]:x}')
    t.board(device, huk=vendor.huk, args=vendor.args, fresh=False, env=env)
    text = t.run(f'rpmb rollback get {LOC}')
    t.check(re.search(r'\b0x[23]\b', text), 'it is 2 or 3, never lower')
    refused(t, 1, OLDER)

    t.step('The bus forges the answer: refused, not taken for index 0')
    t.board(device, huk=vendor.huk, args=vendor.args, fresh=False,
            env={**env, option: f'--fault {faults["forge"]}'})
    refused(t, 3, faults['says'])

    t.step('A closed board decides the same way, and its keys are gone by now')
    t.board(device, huk=vendor.huk, args=[*vendor.args, *closed], fresh=False,
            env=env)
    refused(t, 1, OLDER)
    t.run('rpmb key list', says='no keys until the next reset')
    boots(t, 3)

    t.step('A closed board with another, blank device boots nothing')
    t.board(device, huk=vendor.huk, args=[*vendor.args, *closed], env=env)
    refused(t, 3, NO_KEY)


def tell(t):
    """Tell it all"""
    vendor = Releases(t)
    life(t, 'emmc', 'mmc0', vendor)
    t.step("QEMU's eMMC forgets its key with its power: closed, it boots nothing")
    t.board('emmc', huk=vendor.huk, fresh=False, env={'DTB': vendor.tree('mmc0')},
            args=[*vendor.args, '-fw_cfg', 'name=opt/rpmb/closed,string=1'])
    refused(t, 3, NO_KEY)

    life(t, 'ufs', 'ufs0', vendor)
    attacks(t, 'ufs', 'ufs0', vendor,
            {'cut': 'cut-after:0:write', 'forge': 'bad-mac:0:read:0:9',
             'says': 'not signed with our key'})
    life(t, 'virtio', 'virtio0', vendor)
    attacks(t, 'virtio', 'virtio0', vendor,
            {'cut': 'drop-request:write:0:9', 'forge': 'bad-nonce:read:0:9',
             'says': 'belongs to another question'})
