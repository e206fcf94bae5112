# SPDX-License-Identifier: GPL-2.0-or-later
"""UFS RPMB end to end: U-Boot in QEMU, our UFS device

QEMU's own UFS has no RPMB. The device here is test/model's, a PCI function
over vfio-user, which QEMU's vfio-user-pci plugs into the board. Each test
starts from a device of its own.
"""

import os
import re
import subprocess

from devices import UFS_PROGRAM as SERVER
from fixtures import folder
from rig import BACK, OUT, check
from ufs_board import LIMIT, POWER_CUT, Board, Device

SUITE = 'ufs'
place = folder(SUITE, 'rpmb-vfio-user')


# The identifier that Linux would give region 0: product name in ASCII, serial
# number 0123456789AB in UTF-16 as hex digits, and two bytes from behind it
DEV_ID = ('0ADA-0310-UFS MODEL-'
          '003000310032003300340035003600370038003900410042'
          '0000-0102-0626-R')


def new_state():
    """Return: arguments for a device that outlives its process"""
    for name in os.listdir():
        if name.startswith('state.'):
            os.unlink(name)
    return ['--state', 'state']


def test_list():
    """Two regions are found, named and identified as Linux does it"""
    with Board() as b:
        text = b.run('rpmb list', says='no key')
        for region in 0, 1:
            check(re.search(rf'ufs0:{region}\b.*UFS', text),
                  f'region {region} is not listed')
            check((DEV_ID + str(region)).encode().hex() in text.lower()
                  or DEV_ID + str(region) in text,
                  f'region {region} has another identifier')
        check('ufs0:2' not in text, 'there are two regions only')
        b.refused('rpmb dev ufs0:2', says='has no target 0x2')
        b.run('rpmb dev ufs0:1')
        b.run('rpmb get-info', says='0x40 blocks')


def test_four_regions():
    """All four regions of a device with other sizes"""
    with Board('--regions', '4', '--size', '1', '--rw-size', '8') as b:
        b.run('rpmb list', says='ufs0:3')
        b.run('rpmb dev ufs0:3')
        b.run('rpmb get-info', says='at most 0x8 blocks')
        b.add_keys()
        b.run('rpmb program-key -y 2')
        b.write(0x1f0, 0x33, 16, keyid=2)
        b.reads_back(0x1f0, 0x33, 16, keyid=2)
        b.refused(f'rpmb read-blocks 2 {BACK:x} 200 1',
                  says='run past the end')


def test_life():
    """Key, counter, write, read and self test in both regions"""
    with Board() as b:
        b.program()
        for region, keyid in (0, 1), (1, 2):
            b.run(f'rpmb dev ufs0:{region}')
            check(b.counter(keyid) == 0, 'the counter starts from 0')
            b.write(7, 0x40 + region, 2, keyid=keyid)
            check(b.counter(keyid) == 1, 'one message counts once')
            b.reads_back(7, 0x40 + region, 2, keyid=keyid)
            b.selftest(keyid)
            b.refused(f'rpmb program-key -y {3 - keyid}',
                      says='another target answers to this key')


def test_regions_apart():
    """Keys, counters and blocks of one region are nothing to the other"""
    with Board() as b:
        b.program()
        for byte in 0x61, 0x62, 0x63:
            b.write(5, byte)
        b.refused('rpmb write-counter 2', says='not signed')
        b.refused(f'rpmb write-blocks 2 {OUT:x} 5 1', says='not signed')
        b.run('rpmb dev ufs0:1')
        b.refused('rpmb write-counter 1', says='not signed')
        check(b.counter(2) == 0, "region 1 counts region 0's writes")
        b.reads_back(5, 0, keyid=2)
        b.write(5, 0x64, keyid=2)
        b.run('rpmb dev ufs0:0')
        check(b.counter(1) == 3, "region 0 counts region 1's writes")
        b.reads_back(5, 0x63)


def test_figures():
    """Commands per operation: 3 for a write message, 2 for the others"""
    with Board() as b:
        b.program()
        b.settle()
        b.fill(0x16, 16)
        for blocks in '1', '10':
            n = b.spent(f'rpmb write-blocks 1 {OUT:x} 10 {blocks}')
            print(f'figure: write of 0x{blocks}: {n["out"]} out, '
                  f'{n["in"]} in')
            check((n['out'], n['in'], n['r0.write']) == (2, 1, 1),
                  'a write message takes OUT, OUT, IN')
            n = b.spent(f'rpmb read-blocks 1 {BACK:x} 10 {blocks}')
            print(f'figure: read of 0x{blocks}: {n["out"]} out, {n["in"]} in')
            check((n['out'], n['in'], n['r0.read']) == (1, 1, 1),
                  'a read message takes OUT, IN')
        n = b.spent('rpmb write-counter 1')
        print(f'figure: counter: {n["out"]} out, {n["in"]} in')
        check((n['out'], n['in']) == (1, 1), 'a counter read takes OUT, IN')
        check(n['queries'] == 0, 'descriptors are read once')


def test_message_size():
    """Messages are cut to bRPMB_ReadWriteSize"""
    with Board('--rw-size', '4') as b:
        b.program()
        b.settle()
        b.fill(0x17, 16)
        n = b.spent(f'rpmb write-blocks 1 {OUT:x} 10 10')
        check((n['out'], n['in'], n['r0.written']) == (8, 4, 4),
              'four messages of four blocks')
        n = b.spent(f'rpmb read-blocks 1 {BACK:x} 10 10')
        check((n['out'], n['in']) == (4, 4), 'four messages of four blocks')
        b.reads_back(0x10, 0x17, 16)


def test_slow_answer():
    """An answer within the limit is an answer, though U-Boot gave up sooner"""
    late = min(2500, LIMIT - 500)
    with Board('--delay', str(late)) as b:
        b.program()
        b.settle()
        b.device.tell('fault delay:0:write')
        b.fill(0x18)
        n = b.spent(f'rpmb write-blocks 1 {OUT:x} 3 1')
        check((n['out'], n['in'], n['r0.write']) == (2, 1, 1),
              'nothing was in doubt')
        b.device.tell('fault delay-reply:0:read')
        b.reads_back(3, 0x18)


def test_late_answer():
    """A write answered after the limit is in doubt, and resolved by reading"""
    with Board('--delay', str(LIMIT + 1000)) as b:
        b.program()
        b.settle()
        b.console.doze()
        for fault in 'delay:0:write', 'delay:0:5', 'delay-reply:0:write':
            before = b.counter(1)
            b.device.tell('fault ' + fault)
            b.fill(0x19)
            n = b.spent(f'rpmb write-blocks 1 {OUT:x} 3 1',
                        says='no answer in time')
            check(n['r0.write'] == 1, 'a write must not be sent twice')
            check(n['r0.counter'] >= 1 and n['r0.read'] >= 1,
                  'the doubt was not resolved')
            check(b.counter(1) == before + 1, 'the write counts once')
            b.reads_back(3, 0x19)


def test_late_read():
    """A late answer to a read is no answer, and harms none that comes later"""
    with Board('--delay', str(LIMIT + 1000)) as b:
        b.program()
        b.settle()
        b.console.doze()
        b.device.tell('fault delay-reply:0:counter')
        check(b.counter(1) == 1, 'it is asked for again')
        b.device.tell('fault delay-reply:0:counter:0:3')
        b.refused('rpmb write-counter 1', says='no answer in time')
        check(b.counter(1) == 1, 'the next answer is the right one')
        b.device.tell('fault delay-reply:0:read:0:3')
        b.refused(f'rpmb read-blocks 1 {BACK:x} 0 1', says='no answer in time')
        b.reads_back(0, 0x5e)
        b.run('scsi scan', says='UFS MODEL')


def test_no_answer():
    """A write never answered is in doubt, and resolved by reading"""
    with Board() as b:
        b.program()
        b.settle()
        b.console.doze()
        b.device.tell('fault hang:0:write')
        b.fill(0x1a)
        n = b.spent(f'rpmb write-blocks 1 {OUT:x} 3 1',
                    says='no answer in time')
        check(n['r0.write'] == 1, 'a write must not be sent twice')
        check(b.counter(1) == 2, 'it had been executed all the same')
        b.reads_back(3, 0x1a)
        b.device.tell('fault hang:0:any:0:100')
        b.refused(f'rpmb write-blocks 1 {OUT:x} 3 1', says='could not be')


def disk(b, byte):
    """The disk takes what it is given, and has it still"""
    b.fill(byte, 16)
    b.run(f'scsi write {OUT:x} 4 1')
    b.run(f'mw.b {BACK:x} 0 1000')
    b.run(f'scsi read {BACK:x} 4 1')
    b.run(f'cmp.b {OUT:x} {BACK:x} 1000', says='were the same')


def test_disk_after_time_out():
    """The disk can be trusted after an RPMB command without an answer

    Without a reset and without a scan; a late answer does not pass for that of
    the disk. All the same for a host controller that does not clear a slot, or
    does not stop.
    """
    with Board('--delay', str(LIMIT + 500)) as b:
        b.program()
        b.settle()
        b.console.doze()
        b.run('scsi scan')
        disk(b, 0x31)
        for byte, fault in enumerate(('hang:0:counter', 'hang-reply:0:counter',
                                      'delay:0:counter',
                                      'delay-reply:0:counter'), 0x32):
            b.device.tell(f'stubborn {byte & 1}')
            b.device.tell(f'fault {fault}:0:3')
            b.refused('rpmb write-counter 1', says='no answer in time')
            disk(b, byte)
            check(b.counter(1) == 1, f'{fault}: gone')
        b.device.tell('stubborn 2')
        b.device.tell('fault hang:0:counter:0:3')
        b.refused('rpmb write-counter 1', says='no answer in time')
        disk(b, 0x41)


def test_disk_of_a_controller_that_is_lost():
    """A controller that does not let go of a command is given no other"""
    with Board() as b:
        b.program()
        b.settle()
        b.run('scsi scan')
        disk(b, 0x51)
        b.device.tell('stubborn 3')
        b.device.tell('fault hang:0:counter')
        b.refused('rpmb write-counter 1', says='no answer in time')
        b.refused('rpmb write-counter 1', says='busy with an earlier')
        # one that U-Boot has not in its cache
        text, _ = b.console.run(f'scsi read {BACK:x} 5 1')
        print(text)
        check('0 blocks read: ERROR' in text, 'the disk must not be read')


def test_unit_attention():
    """After a reset of the device a command is repeated; else it is not"""
    with Board() as b:
        n = b.spent('rpmb list')
        check(n['attentions'] == 1, 'the first command meets an attention')
        b.program()
        b.settle()
        for fault in ('unit-attention:0:write', 'unit-attention:0:5',
                      'attention-reply:0:write'):
            b.device.tell('fault ' + fault)
            b.fill(0x1b)
            n = b.spent(f'rpmb write-blocks 1 {OUT:x} 3 1')
            check(n['attentions'] == 1 and n['out'] + n['in'] == 4,
                  f'{fault}: one command is repeated')
            check(n['r0.written'] == 1, f'{fault}: the write is done once')
        b.device.tell('fault unit-attention:0:counter:0:100')
        n = b.spent('rpmb write-counter 1', ok=False,
                    says='the transfer failed')
        check(n['attentions'] >= 4, 'it is repeated, but not for ever')


def test_refused():
    """A command refused for another reason is not repeated by the driver

    The client asks three times, each time with another nonce.
    """
    with Board() as b:
        b.program()
        b.settle()
        for fault in 'other-attention', 'busy', 'link':
            b.device.tell(f'fault {fault}:0:counter:0:100')
            n = b.spent('rpmb write-counter 1', ok=False,
                        says='the transfer failed')
            check(n['out'] == 3 and n['in'] == 0, f'{fault}: sent once')
            b.device.tell('fault link:1')
            check(b.counter(1) == 1, f'{fault}: gone')
        b.device.tell('fault link-reply:0:read:0:100')
        n = b.spent(f'rpmb read-blocks 1 {BACK:x} 0 1', ok=False,
                    says='the transfer failed')
        check(n['out'] == n['in'] == 3, 'link-reply: asked for once')


def test_doubtful_write():
    """Whatever happens to a write, it is done once or not at all"""
    with Board() as b:
        b.program()
        b.settle()
        for byte, fault in enumerate((
                'link:0:write', 'link-reply:0:write', 'other-attention:0:5',
                'busy:0:write', 'drop-request:0:write',
                'commit-then-drop:0:write', 'commit-then-error:0:write',
                'lose-reply:0:write', 'stale-reply:0:write',
                'bad-mac:0:write', 'zero-reply:0:write'), 0x70):
            before = b.counter(1)
            b.device.tell('fault ' + fault)
            b.fill(byte)
            n = b.spent(f'rpmb write-blocks 1 {OUT:x} 3 1')
            check(n['r0.written'] == 1, f'{fault}: written once')
            check(n['r0.counter'] >= 1, f'{fault}: resolved by reading')
            check(b.counter(1) == before + 1, f'{fault}: counts once')
            b.reads_back(3, byte)


def test_forged_replies():
    """A reply that is not signed with the key is no answer"""
    with Board() as b:
        b.program()
        b.settle()
        for fault, why in (
                ('bad-mac', 'not signed'), ('bad-nonce', 'another request'),
                ('bad-type', 'another type'), ('zero-reply', 'another type'),
                ('stale-reply', 'another (type|request)')):
            # twice is a disturbance: it is asked for three times
            b.counter(1)
            b.device.tell(f'fault {fault}:0:counter:0:2')
            b.counter(1)
            b.device.tell(f'fault {fault}:0:counter:0:3')
            b.refused('rpmb write-counter 1', says=why)
            b.reads_back(0, 0x5e)
            b.device.tell(f'fault {fault}:0:read:0:3')
            b.refused(f'rpmb read-blocks 1 {BACK:x} 0 1', says=why)
        b.reads_back(0, 0x5e)


def cut(b, fault, byte):
    """Cut the device's power in a write"""
    b.device.tell('fault ' + fault)
    b.fill(byte)
    b.console.send(f'rpmb write-blocks 1 {OUT:x} 3 1')
    check(b.device.proc.wait(20) == POWER_CUT, 'the power was not cut')


def test_power_cut():
    """A write is done or not done when the power fails before or after it"""
    new_state()
    with Board('--state', 'state') as b:
        b.program()
        b.settle()
    for fault, done in (('cut-before:0:write', 0), ('cut-after:0:write', 1),
                        ('cut-before:0:5', 1)):
        with Board('--state', 'state') as b:
            b.add_keys()
            b.run('rpmb dev ufs0:0')
            before = b.counter(1)
            b.write(3, 0x80)
            cut(b, fault, 0x81)
        with Board('--state', 'state') as b:
            b.add_keys()
            b.run('rpmb dev ufs0:0')
            check(b.counter(1) == before + 1 + done,
                  f'{fault}: the counter is another')
            b.reads_back(3, 0x80 + done)
            b.run('rpmb dev ufs0:1')
            check(b.counter(2) == 0, 'the other region is as it was')


def test_old_device():
    """Up to UFS 2.2 there is one region, and its size is the unit's"""
    with Board('--spec-version', '0x220', '--size', '4') as b:
        text = b.run('rpmb list', says='ufs0')
        check('ufs0:1' not in text, 'there is one region')
        b.run('rpmb dev ufs0')
        b.run('rpmb get-info', says='blocks 0 to 0x7ff')
        b.add_keys()
        b.run('rpmb program-key -y 1')
        b.write(0x7ff, 0x22)
        b.reads_back(0x7ff, 0x22)


def test_advanced():
    """Advanced RPMB is recognised and refused"""
    with Board('--advanced', '--spec-version', '0x400') as b:
        text, _ = b.console.run('rpmb list')
        print(text)
        check('advanced mode' in text, 'the list does not say why')
        b.refused('rpmb dev ufs0', says='advanced mode')
        check(b.device.stats()['out'] == 0, 'no frame was sent')


def no_rpmb(b):
    """There is a disk, and no RPMB"""
    text, _ = b.console.run('rpmb list')
    print(text)
    check('no device with an RPMB' in text, 'there is no RPMB to list')
    b.refused('rpmb dev ufs0:0', says='no device with an RPMB')
    b.run('scsi scan', says='Hard Disk')


def test_without_rpmb():
    """A UFS device that has no RPMB unit"""
    with Board('--regions', '0') as b:
        no_rpmb(b)


def test_qemu_ufs():
    """QEMU's own UFS device has no RPMB"""
    with open('disk.img', 'wb') as file:
        file.truncate(16 << 20)
    with Board(plugged=False, args=[
            '-device', 'ufs,id=u', '-drive',
            'file=disk.img,if=none,format=raw,id=d',
            '-device', 'ufs-lu,bus=u,drive=d,lun=0']) as b:
        no_rpmb(b)


def test_beside_disk():
    """The disk and the RPMB share the controller and leave each other alone"""
    with Board() as b:
        b.run('rpmb list')
        b.program()
        b.run('scsi scan', says='UFS MODEL')
        b.fill(0x77, 16)
        b.run(f'scsi write {OUT:x} 4 1')
        b.run(f'rpmb write-blocks 1 {OUT:x} 0 10')
        b.run(f'mw.b {BACK:x} 0 1000')
        b.run(f'scsi read {BACK:x} 4 1')
        b.run(f'cmp.b {OUT:x} {BACK:x} 1000', says='were the same')
        b.run('scsi scan')
        b.reads_back(0, 0x77, 16)
        check(b.counter(1) == 1, 'the counter is another')
        b.run('rpmb list', says='ufs0:1')


def test_reset():
    """The board starts anew; the device, its key and its data stay"""
    device = Device('--keep')
    try:
        with Board(device=device) as b:
            b.program()
            b.settle()
            b.run('reset')
            b.add_keys()
            b.run('rpmb dev ufs0:0')
            b.reads_back(0, 0x5e)
        with Board(device=device) as b:
            b.add_keys()
            b.run('rpmb dev ufs0:0')
            check(b.counter(1) == 1, 'the counter is another')
            b.reads_back(0, 0x5e)
    finally:
        check(device.close() == 0, 'the device ended badly')


def test_command_line():
    """The device says what is wrong with how it was started"""
    for args in (['--regions', '5'], ['--size', '0'], ['--rw-size', '256'],
                 ['--fault', 'nonsense'], ['--fault', 'delay:4'],
                 ['--fault', 'delay:0:nonsense'], ['--quirk', 'nonsense'],
                 ['--nonsense'], ['left over'], []):
        socket = ['--socket', 'never.sock'] if args else []
        done = subprocess.run([SERVER, *socket, *args], check=False,
                              timeout=10, stderr=subprocess.PIPE, text=True)
        print(args, done.returncode, done.stderr.strip())
        check(done.returncode == 2 and done.stderr, f'{args} was accepted')
    done = subprocess.run([SERVER, '--help'], check=False, timeout=10,
                          stdout=subprocess.PIPE, text=True)
    check(done.returncode == 0 and '--regions' in done.stdout, 'no help')
    with open('state.0', 'wb') as file:
        file.write(b'nonsense')
    done = subprocess.run([SERVER, '--socket', 'never.sock', '--state',
                           'state'], check=False, timeout=10,
                          stderr=subprocess.PIPE, text=True)
    check(done.returncode == 1 and 'state file' in done.stderr,
          'it started from a broken state')
