# SPDX-License-Identifier: GPL-2.0-or-later
"""Virtio RPMB end to end: U-Boot in QEMU, our device

QEMU's generic vhost-user device carries test/model's virtio RPMB, a process
of its own that is built with sanitizers here. Each test starts from a device
of its own.
"""

import os
import re
import signal
import subprocess
import time

import pytest

import rig
from devices import emmc_args, new_emmc
from fixtures import folder
from peer import DAEMON, SOCKET, Device
from rig import BACK, OUT, check

SUITE = 'virtio'
place = folder(SUITE, 'rpmb-vhost-user', sanitized=True)

STATE = 'virtio.state'

MMIO = 'vhost-user-test-device', 'virtio-mmio-bus.0'
PCI = 'vhost-user-test-device-pci', 'pcie.0'


class Board(rig.Board):
    """A board with the virtio RPMB"""

    ENDS = 0, -signal.SIGKILL

    def __init__(self, *device_args, plug=MMIO, args=(), vq_size=64):
        driver, bus = plug
        super().__init__(Device(*device_args), [
            '-global', 'virtio-mmio.force-legacy=false',
            '-chardev', f'socket,id=c,path={SOCKET}', '-device',
            f'{driver},virtio-id=28,num_vqs=1,vq_size={vq_size},'
            f'config_size=3,chardev=c,bus={bus}', *args])

    def choose(self, name='virtio0'):
        """Make the device the current one, and have a key for it"""
        self.run(f'rpmb dev {name}', says=name)
        self.add_key(1, 0xa1)

    def program(self, name='virtio0'):
        """Give the device its key, and write once: no read-back is due then"""
        self.choose(name)
        self.run('rpmb program-key -y 1')
        self.write(0, 0x5e)


def life(board, name='virtio0'):
    """Key, counter, write, read and self test"""
    board.choose(name)
    board.refused('rpmb write-counter 1', says='no key')
    board.refused(f'rpmb read-blocks 1 {BACK:x} 0 2', says='no key')
    board.run('rpmb program-key -y 1')
    check(board.counter() == 0, 'the counter starts from 0')
    board.write(3, 0x42, 16)
    board.reads_back(3, 0x42, 16)
    check(board.counter() >= 1, 'a write counts')
    board.selftest()
    board.reads_back(3, 0x42, 16)
    board.refused('rpmb program-key -y 1', says='already')


def test_list():
    """Beside the eMMC, with its facts"""
    new_emmc()
    with Board('--capacity', '3', args=emmc_args()) as b:
        text = b.run('rpmb list', says='no key')
        check(re.search(r'^0.*\bmmc0\b.*\n^1.*\bvirtio0\b', text,
                        re.MULTILINE), 'both, in their order')
        b.run('rpmb dev virtio0')
        text = b.run('rpmb get-info', says='virtio')
        check(re.search(r'^id: +qemu-arm/virtio_mmio@a000000$', text,
                        re.MULTILINE),
              "the board and the transport's place are the device id")
        check('5ff' in text, '3 x 128 KiB end at block 0x5ff')
        b.program()
        b.run('rpmb dev mmc0')
        b.run('rpmb write-counter none', ok=False, says='no key')


def test_life():
    """From the first key to what is refused, over virtio-mmio"""
    with Board() as b:
        life(b)


def test_pci():
    """The same over virtio-pci"""
    with Board(plug=PCI) as b:
        name = re.search(r'virtio\d+', b.run('rpmb list'))[0]
        life(b, name)
        b.run('rpmb get-info', says=r'^id: +qemu-arm/virtio-pci@[0-9a-f:.]+$')


def test_figures():
    """One round trip for a counter, a read, a write, whatever their size"""
    with Board() as b:
        b.program()
        b.run(f'mw.b {OUT:x} 16 1000')
        for blocks, size in ('1', 1), ('10', 16):
            n = b.spent(f'rpmb write-blocks 1 {OUT:x} 10 {blocks}')
            print(f'figure: write of 0x{blocks}: chains={n["chains"]} '
                  f'out={n["out"]} in={n["in"]}')
            check((n['chains'], n['out'], n['in']) == (1, size + 1, 1),
                  'a write is one chain')
            n = b.spent(f'rpmb read-blocks 1 {BACK:x} 10 {blocks}')
            print(f'figure: read of 0x{blocks}: chains={n["chains"]} '
                  f'out={n["out"]} in={n["in"]}')
            check((n['chains'], n['out'], n['in']) == (1, 1, size),
                  'a read is one chain')
        n = b.spent('rpmb write-counter 1')
        print(f'figure: counter: chains={n["chains"]}')
        check(n['chains'] == 1, 'a counter read is one chain')


def test_queue_size():
    """Messages are cut to what the queue has room for"""
    with Board(vq_size=8) as b:
        b.program()
        b.run(f'mw.b {OUT:x} 17 1000')
        n = b.spent(f'rpmb write-blocks 1 {OUT:x} 10 10')
        check(n['write'] == 3, '6 + 6 + 4 blocks')
        n = b.spent(f'rpmb read-blocks 1 {BACK:x} 10 10')
        check(n['read'] == 3, '7 + 7 + 2 blocks')
        b.reads_back(0x10, 0x17, 16)


def test_peer_one_block():
    """A device that takes one block at a time"""
    with Board('--max-wr', '1', '--max-rd', '1') as b:
        life(b)
        n = b.spent(f'rpmb write-blocks 1 {OUT:x} 10 10')
        check(n['write'] == 16, 'block by block')


def test_peer_result_count_0():
    """A device whose replies to a result read say block count 0"""
    with Board('--quirk', 'result-count-0') as b:
        life(b)


def test_peer_nokey_empty():
    """A device that leaves MAC and nonce empty while it has no key"""
    with Board('--quirk', 'nokey-empty') as b:
        life(b)


def test_peer_no_result_hangs():
    """A device that never completes a request without a result read"""
    with Board('--quirk', 'no-result-hangs') as b:
        life(b)


def test_peer_all_of_it():
    """A device that is different in every way"""
    with Board('--quirk', 'result-count-0', '--quirk', 'no-result-hangs',
               '--quirk', 'nokey-empty', '--quirk', 'rekey-general',
               '--max-wr', '1', '--max-rd', '2') as b:
        life(b)


def test_faulty_replies():
    """Replies of another type, key, request or address are told apart"""
    with Board() as b:
        b.program()
        for fault, says in (('bad-type', 'error -71'),
                            ('bad-mac', 'not signed'),
                            ('stale-reply', 'error -71'),
                            ('bad-nonce', 'error -71'),
                            ('bad-data', 'not signed'),
                            ('zero-reply', 'error -71')):
            b.counter()
            b.device.tell(f'fault {fault}:counter:0:9')
            b.refused('rpmb write-counter 1', says=says)
            b.device.tell('fault none')
            b.reads_back(0, 0x5e)
            b.device.tell(f'fault {fault}:read:0:9')
            b.refused(f'rpmb read-blocks 1 {BACK:x} 0 1', says=says)
            b.run(f'md.b {BACK:x} 4', says='00 00 00 00')
            b.device.tell('fault none')
        for fault in 'bad-address', 'bad-count':
            b.device.tell(f'fault {fault}:read:0:9')
            b.refused(f'rpmb read-blocks 1 {BACK:x} 0 1', says='error -71')
            b.device.tell('fault none')
        b.reads_back(0, 0x5e)


def test_doubtful_writes():
    """Whatever becomes of the reply to a write, it is done once"""
    with Board() as b:
        b.program()
        for i, fault in enumerate((
                'drop-request', 'commit-then-drop', 'commit-then-error',
                'refuse', 'lose-reply', 'stale-reply', 'bad-mac', 'bad-type',
                'bad-address', 'bad-counter', 'zero-reply')):
            before = b.counter()
            b.device.tell(f'fault {fault}:write')
            b.write(4, 0x60 + i)
            b.reads_back(4, 0x60 + i)
            check(b.counter() == before + 1, f'{fault}: the write counts once')


def test_reply_length():
    """A reply of another length is none; the next one counts again"""
    with Board() as b:
        b.program()
        for hostile in 'short-len', 'zero-len', 'long-len':
            b.device.tell(f'hostile {hostile}:counter')
            b.counter()
            b.device.tell(f'hostile {hostile}:counter:0:3')
            b.refused('rpmb write-counter 1', says='error -71')
            b.device.tell(f'hostile {hostile}:read:0:6')
            b.refused(f'rpmb read-blocks 1 {BACK:x} 0 2', says='error -71')
            b.device.tell(f'hostile {hostile}:write')
            b.write(5, 0x71)
            b.reads_back(5, 0x71)


# An id outside of the queue, or of no chain; a used index that runs ahead or back
@pytest.mark.parametrize('hostile', ('bad-id', 'other-id', 'index-jump',
                                     'index-back'))
def test_broken(hostile):
    """A queue that cannot be trusted is not used any more"""
    with Board() as b:
        b.program()
        b.device.tell(f'hostile {hostile}:read')
        b.refused(f'rpmb read-blocks 1 {BACK:x} 0 2', says='given up')
        n = b.spent('rpmb write-counter 1', ok=False, says='error -71')
        check(n['chains'] == 0, 'nothing is sent any more')
        b.run('rpmb list')
        b.run('version')


def test_hang():
    """A device that never answers does not hang the firmware"""
    with Board() as b:
        b.program()
        b.console.doze()
        b.device.tell('hostile hang:write')
        b.run(f'mw.b {OUT:x} 72 100')
        start = time.monotonic()
        b.refused(f'rpmb write-blocks 1 {OUT:x} 6 1', says='given up')
        took = time.monotonic() - start
        print(f'figure: a hung device is given up after {took:.1f} s')
        check(took < 30, 'the time limit is 5 s')
        start = time.monotonic()
        b.refused('rpmb write-counter 1', says='error -110')
        check(time.monotonic() - start < 3, 'nobody waits for it again')
        b.run('version')


def test_dead():
    """Nor does one whose process is gone"""
    with Board() as b:
        b.program()
        b.console.doze()
        b.device.proc.kill()
        b.device.proc.wait()
        b.refused('rpmb write-counter 1', says='no answer in time')
        b.refused(f'rpmb read-blocks 1 {BACK:x} 0 2', says='was given up')
        b.run('version')


def test_capacity():
    """More than can be addressed, and nothing at all"""
    with Board('--claim', '255') as b:
        b.run('rpmb list', says='virtio0.*16 MiB')
        b.program()
        b.refused(f'rpmb read-blocks 1 {BACK:x} ffff 1',
                  says='device refused the address')
        b.reads_back(0, 0x5e)
    with Board('--claim', '0') as b:
        b.console.run('rpmb list')
        b.refused('rpmb dev virtio0', says='has no capacity')


def test_config_changes():
    """A configuration that is another one each time it is read"""
    with Board('--quirk', 'config-changes') as b:
        b.program()
        b.write(1, 0x33, 4)
        b.reads_back(1, 0x33, 4)


def test_state():
    """Key, counter and data outlive the device's process"""
    for path in STATE, STATE + '.new':
        if os.path.exists(path):
            os.unlink(path)
    with Board('--state', STATE) as b:
        b.program()
        b.write(7, 0x44, 2)
        count = b.counter()
        # a reset of the board sets up the queue anew
        b.run('reset')
        b.choose()
        check(b.counter() == count, 'the counter outlives a reset')
        b.write(9, 0x45)
        count = b.counter()
    with Board('--state', STATE) as b:
        b.choose()
        check(b.counter() == count, 'the counter outlives its process')
        b.reads_back(7, 0x44, 2)
        b.device.proc.kill()
        b.device.proc.wait()
    with Board('--state', STATE) as b:
        b.choose()
        check(b.counter() == count, 'a killed process leaves a whole file')
    with open(STATE, 'r+b') as file:
        file.truncate(1000)
    result = subprocess.run([DAEMON, '--socket', SOCKET, '--state', STATE],
                            stderr=subprocess.PIPE, text=True, timeout=10,
                            check=False)
    check(result.returncode == 1 and STATE in result.stderr,
          'a damaged file is refused')
