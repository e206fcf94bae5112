# SPDX-License-Identifier: GPL-2.0-or-later
"""A real OP-TEE over the uclass

U-Boot runs behind TF-A and OP-TEE, and moves OP-TEE's frames. What OP-TEE stores by
its trusted application for Android Verified Boot, U-Boot verifies block by block
with the same key, which it derives itself. Building the firmware takes minutes, once:
`make optee`.
"""

import re

import pytest

import optee_board
import policy
from devices import TRACE, Emmc, Ufs, Virtio
from fixtures import folder
from optee_board import BACK, KEY, OTHER_KEY, OUT, Board
from rig import check

SUITE = 'optee'
place = folder(SUITE, 'rpmb-vhost-user', 'rpmb-vfio-user',
               board='qemu_arm64_rpmb_optee')

TABLE = bytes.fromhex('424d5052' '02000000')    # RPMB_FS_MAGIC, version 2
FAILED = 'Failed to (read|write) persistent value'
FOUND = 'Found working RPMB device'
LEGACY = 'Trying legacy RPMB init'
REFUSED = 'frames for mmc0:0 were not answered (error -1)'


@pytest.fixture(scope='module', name='bios')
def the_firmware(place):    # pylint: disable=unused-argument,redefined-outer-name
    """TF-A, OP-TEE and U-Boot in one file"""
    return optee_board.firmware()


@pytest.fixture(scope='module', name='bios_key')
def the_firmware_that_writes_keys(place):   # pylint: disable=unused-argument,redefined-outer-name
    """The same, with an OP-TEE that programs its key (CFG_RPMB_WRITE_KEY=y)"""
    return optee_board.firmware(writes_key=True)


def counter(board, key=KEY):
    """Return: the write counter"""
    return board.counter(key)


def test_store(bios):
    """OP-TEE finds the key that we programmed, stores, and we verify its blocks"""
    with Board(bios, Emmc()) as b:
        b.provision()
        before = counter(b)
        b.store('first', 'hello')
        b.stored('first', 'hello')
        check(counter(b) > before, 'nothing was written')
        check(b.block(0)[:8] == TABLE, "this is no table of OP-TEE's")
        b.refused(f'rpmb read-blocks {OTHER_KEY} {BACK:x} 0 1',
                  says='not signed with this key')
        # asked for as OP-TEE asks today, not by the number of an eMMC
        check(FOUND in b.log() and LEGACY not in b.log(), b.log())
        b.refused('optee_rpmb read_pvalue nothing 6', says=FAILED)


def test_unprobed(bios):
    """Nobody has probed the MMC host: OP-TEE finds its device all the same"""
    with Board(bios, Emmc()) as b:
        b.provision()
        b.restart()
        b.store('first', 'hello')
        b.stored('first', 'hello')


def test_wrong_key(bios):
    """A device with another key is none of OP-TEE's, and stays as it is"""
    with Board(bios, Emmc()) as b:
        b.provision(key=OTHER_KEY)
        b.write(4, 0x41, keyid=OTHER_KEY)
        before = counter(b, OTHER_KEY)
        b.refused('optee_rpmb write_pvalue first hello', says=FAILED)
        check(counter(b, OTHER_KEY) == before, 'it was written to')
        # OP-TEE has asked for the counter only, so the device is still ours
        b.write(4, 0x42, keyid=OTHER_KEY)


def test_sends_its_key(bios_key):
    """An open board: OP-TEE's request to program its key reaches the device"""
    with Board(bios_key, Emmc()) as b:
        b.run('rpmb list', says='no key')
        sent = b.device.sent_key()
        b.store('first', 'hello')
        check(b.device.sent_key() > sent, 'there was no reliable write')
        check(LEGACY in b.log() or FOUND not in b.log(), b.log())
        b.run('rpmb dev mmc0')
        check(counter(b) > 0, 'it has another key, or nothing was stored')


@pytest.mark.parametrize('writes_key', [False, True])
def test_closed(writes_key, request):
    """A closed board: no key on the bus whoever sends it, and storage works"""
    bios = request.getfixturevalue('bios_key' if writes_key else 'bios')
    with Board(bios, Emmc(), closed=True) as b:
        b.run('rpmb list', says='no key')
        sent = b.device.sent_key()
        text = b.refused('optee_rpmb write_pvalue first hello', says=FAILED)
        check(b.device.sent_key() == sent, 'there was a reliable write')
        b.run('rpmb list', says='no key')
        # the gate has refused what OP-TEE asked for
        check((REFUSED in text) == writes_key, text)
    # the key was programmed while the board was open
    with Board(bios, Emmc(key=optee_board.optee_key()), closed=True) as b:
        b.store('first', 'hello')
        b.stored('first', 'hello')
        b.refused(f'rpmb read-blocks {KEY} {BACK:x} 0 1',
                  says='error -1\\b|error -128')


def test_partition(bios):
    """The hardware partition that was selected is selected"""
    with Board(bios, Emmc()) as b:
        b.provision()
        b.run('mmc dev 0 1')
        b.store('first', 'hello')
        with open(TRACE, encoding='utf-8', errors='replace') as file:
            switches = re.findall(r'\bCMD0*6 arg 0x03b3([0-9a-f]{2})00',
                                  file.read())
        check('03' in {f'{int(s, 16) & 7:02x}' for s in switches},
              'the RPMB was not selected')
        check(int(switches[-1], 16) & 7 == 1, f'selected: {switches[-1]}')
        b.run(f'mmc read {BACK:x} 0 1', says='1 blocks read: OK')


def test_counter_handed_over(bios):
    """OP-TEE, reset, U-Boot, OP-TEE: each goes on from the other's counter"""
    with Board(bios, Emmc()) as b:
        b.provision()
        b.store('first', 'hello')
        one = counter(b)
        b.restart()
        b.run('rpmb list')
        b.run('rpmb dev mmc0')
        check(counter(b) == one, 'the counter is another')
        b.fill(0x33)
        b.run(f'rpmb write-blocks {KEY} {OUT:x} 1000 1')
        b.stored('first', 'hello')
        b.store('second', 'world')
        check(counter(b) > one + 1, 'OP-TEE has written nothing')
        b.restart()
        b.stored('second', 'world')
        b.stored('first', 'hello')


def test_not_behind_its_back(bios):
    """Once OP-TEE uses it U-Boot writes nothing there, and OP-TEE goes on"""
    with Board(bios, Emmc()) as b:
        b.provision()
        b.store('first', 'hello')
        before = counter(b)
        b.fill(0x33)
        b.refused(f'rpmb write-blocks {KEY} {OUT:x} 1000 1',
                  says='a TEE uses this RPMB')
        b.refused(f'rpmb selftest {KEY}', says='a TEE uses this RPMB|FAIL')
        check(counter(b) == before, 'it was written to')
        b.store('first', 'other')
        b.stored('first', 'other')


def test_policy_has_it(bios):
    """Boot policy and OP-TEE on one eMMC: refused by name, nothing is written"""
    with Board(bios, Emmc(), policy=policy.source('mmc0', keyid=0x201)) as b:
        b.provision()
        before = counter(b)
        text = b.refused('optee_rpmb write_pvalue first hello', says=FAILED)
        check('mmc0:0 holds the rollback indexes: no TEE may have it' in text,
              'it is not said why')
        check(counter(b) == before, 'it was written to')
        b.run('rpmb rollback advance 100 5')
        b.run('rpmb rollback get 100', says='5')


def test_ufs(bios):
    """OP-TEE 4.10 does not know UFS: it says so, and nothing is written"""
    with Board(bios, Ufs()) as b:
        b.provision('ufs0:0')
        before = counter(b)
        b.refused('optee_rpmb write_pvalue first hello', says=FAILED)
        check('rpmb_probe_next error 0xffff000a' in b.log(), b.log())
        check(counter(b) == before, 'it was written to')


def test_virtio(bios):
    """OP-TEE stores in a virtio RPMB, which it takes for an eMMC"""
    with Board(bios, Virtio()) as b:
        b.provision('virtio0')
        b.store('first', 'hello')
        b.stored('first', 'hello')
        check(b.block(0)[:8] == TABLE, "this is no table of OP-TEE's")
        check(FOUND in b.log() and LEGACY not in b.log(), b.log())


def test_avb(bios):
    """'avb' with OP-TEE's trusted application: values, indexes, the lock"""
    with Board(bios, Emmc()) as b:
        b.provision()
        b.run('mmc list')
        b.run('avb init 0')
        b.run('avb write_pvalue name value', says='Wrote 6 bytes')
        b.run('avb read_pvalue name 6', says='value = value')
        b.run('avb write_rb 3 5')
        b.run('avb read_rb 3', says='Rollback index: 5')
        b.run('avb is_unlocked', says='Unlocked = 1')
        b.restart()
        b.run('mmc list')
        b.run('avb init 0')
        b.run('avb read_rb 3', says='Rollback index: 5')
        b.run('avb read_pvalue name 6', says='value = value')


def test_panic(bios):
    """A trusted application that panics: the command says so, U-Boot goes on"""
    with Board(bios, Virtio()) as b:
        b.provision('virtio0')
        b.store('first', 'hello')
        # every write is refused from now on: OP-TEE gives its storage up
        b.device.tell('fault refuse:write:0:100')
        b.refused('optee_rpmb write_pvalue first other', says=FAILED)
        b.refused('optee_rpmb read_pvalue first 6', says=FAILED)
        b.run('version')
