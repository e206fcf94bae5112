#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""test_virtio.py [NAME...] - virtio RPMB end to end: U-Boot in QEMU, our device

QEMU's generic vhost-user device carries test/model's virtio RPMB, a process
of its own that is built with sanitizers here. Each test starts from a device
of its own. The environment is that of rig.py.
"""

import os
import random
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import time

sys.dont_write_bytecode = True

import rig  # noqa: E402
from rig import BACK, OUT, check  # noqa: E402

DAEMON = os.path.join(rig.BUILD, 'model-sanitized', 'rpmb-vhost-user')

EMMC = ['-device', 'sdhci-pci', '-drive',
        'file=emmc.img,if=none,format=raw,id=emmc', '-device',
        'emmc,drive=emmc,boot-partition-size=1048576,'
        'rpmb-partition-size=2097152']
SOCKET = 'virtio.sock'
STATE = 'virtio.state'

MMIO = 'vhost-user-test-device', 'virtio-mmio-bus.0'
PCI = 'vhost-user-test-device-pci', 'pcie.0'


class Device(rig.Device):
    """The virtio RPMB, which takes one frame per descriptor only"""

    def __init__(self, *args):
        super().__init__(DAEMON, SOCKET, '--stats', '--strict', *args)


class Peer:
    """A VMM and its driver, to talk to the daemon without any of ours

    The guest's memory is one region. The queue's parts are at 0, 0x1000 and
    0x2000, a counter request at 0x4000, room for its reply at 0x8000.
    """

    SIZE = 0x10000
    GUEST = 0x40000000
    USER = 0x7f0000000000
    PROTOCOL_FEATURES = 1 << 30
    VERSION_1 = 1 << 32

    def __init__(self, features=VERSION_1):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(SOCKET)
        self.file = os.memfd_create('guest')
        os.truncate(self.file, self.SIZE)
        self.kick = os.eventfd(0)
        self.call = os.eventfd(0)
        self.index = 0
        self.send(2, struct.pack('<Q', features))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.sock.close()
        for fd in self.file, self.kick, self.call:
            os.close(fd)

    def send(self, request, body=b'', fds=()):
        """Send a message that is not answered"""
        socket.send_fds(self.sock, [struct.pack('<III', request, 1, len(body))
                                    + body], fds)

    def ask(self, request, body=b''):
        """Return: the answer's body"""
        self.send(request, body)
        header = self.sock.recv(12, socket.MSG_WAITALL)
        check(len(header) == 12, 'the daemon hung up')
        return self.sock.recv(struct.unpack('<III', header)[2],
                              socket.MSG_WAITALL)

    def memory(self, size=SIZE, offset=0):
        """Announce the guest's memory"""
        self.send(5, struct.pack('<IIQQQQ', 1, 0, self.GUEST, size, self.USER,
                                 offset), [self.file])

    def queue(self, kick=None, call=None):
        """Set up the queue"""
        self.send(8, struct.pack('<II', 0, 16))
        self.send(9, struct.pack('<IIQQQQ', 0, 0, self.USER,
                                 self.USER + 0x2000, self.USER + 0x1000, 0))
        self.send(10, struct.pack('<II', 0, 0))
        self.send(13, struct.pack('<Q', 0), [call or self.call])
        self.send(12, struct.pack('<Q', 0), [kick or self.kick])

    def offer(self):
        """Make one more chain: a counter request and room for the reply"""
        request = bytes(506) + b'\0\1\0\0\0\2'
        for at, data in (
                (0x4000, request),
                (0, struct.pack('<QIHHQIHH', self.GUEST + 0x4000, 512, 1, 1,
                                self.GUEST + 0x8000, 512, 2, 0)),
                (0x1004 + self.index % 16 * 2, bytes(2)),
                (0x1002, struct.pack('<H', (self.index + 1) & 0xffff))):
            os.pwrite(self.file, data, at)
        self.index += 1

    def used(self):
        """Return: chains that were answered"""
        # an answered question comes after all that was sent before it
        self.ask(1)
        return struct.unpack('<H', os.pread(self.file, 2, 0x2002))[0]

    def answered(self):
        """Kick. Return: whether an interrupt came"""
        os.eventfd_write(self.kick, 1)
        return bool(select.select([self.call], [], [], 5)[0])


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
    subprocess.run(['truncate', '-s', '20M', 'emmc.img'], check=True)
    with Board('--capacity', '3', args=EMMC) as b:
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


def broken(hostile):
    """A queue that cannot be trusted is not used any more"""
    with Board() as b:
        b.program()
        b.device.tell(f'hostile {hostile}:read')
        b.refused(f'rpmb read-blocks 1 {BACK:x} 0 2', says='given up')
        n = b.spent('rpmb write-counter 1', ok=False, says='error -71')
        check(n['chains'] == 0, 'nothing is sent any more')
        b.run('rpmb list')
        b.run('version')


def test_bad_id():
    """An id outside of the queue"""
    broken('bad-id')


def test_other_id():
    """An id that heads no chain"""
    broken('other-id')


def test_index_jump():
    """A used index that runs ahead"""
    broken('index-jump')


def test_index_back():
    """A used index that goes back"""
    broken('index-back')


def test_hang():
    """A device that never answers does not hang the firmware"""
    with Board() as b:
        b.program()
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


def test_daemon_ends():
    """The daemon ends cleanly, and takes its socket along"""
    device = Device()
    check(device.close() == 0, 'SIGTERM is a clean end')
    check(not os.path.exists(SOCKET), 'the socket is gone')

    device = Device()
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(SOCKET)
    check(device.proc.wait(10) == 0, 'it ends with the connection')
    device.close()

    device = Device('--keep')
    for _ in range(3):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(SOCKET)
    time.sleep(0.2)
    check(device.proc.poll() is None, '--keep waits for the next one')
    check(device.close() == 0, 'SIGTERM is a clean end')


def test_daemon_options():
    """Options are checked, and explained"""
    def run(*args):
        return subprocess.run([DAEMON, *args], text=True, timeout=10,
                              stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.PIPE)
    result = run('--help')
    check(result.returncode == 0 and '--capacity' in result.stdout, '--help')
    for args in ([], ['--socket'], ['--nonsense'], ['--socket', 'x', 'y'],
                 ['--socket', 'x', '--capacity', '0'],
                 ['--socket', 'x', '--capacity', '129'],
                 ['--socket', 'x', '--max-wr', '256'],
                 ['--socket', 'x', '--quirk', 'nonsense'],
                 ['--socket', 'x', '--fault', 'nonsense'],
                 ['--socket', 'x', '--fault', 'bad-mac:nonsense'],
                 ['--socket', 'x', '--hostile', 'hang:read:x']):
        check(run(*args).returncode == 2, f'{args} is refused')


def test_daemon_noise():
    """What makes no sense on its socket ends the connection, no more"""
    rand = random.Random(28)
    device = Device('--keep')
    for _ in range(400):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(SOCKET)
            sock.settimeout(0.02)
            try:
                for _ in range(rand.randrange(1, 6)):
                    size = rand.choice((0, 4, 8, 40, 72, 200, 268, 5000))
                    sock.sendall(struct.pack('<III', rand.randrange(45), 1,
                                             size))
                    sock.sendall(rand.randbytes(min(size, 2000)))
                sock.recv(4096)
            except OSError:
                pass    # it may well hang up
    check(device.proc.poll() is None, 'the daemon died of noise')
    check(device.close() == 0, 'the daemon is hurt')


def peer_is_served(**features):
    """A driver gets its answer"""
    with Peer(**features) as peer:
        peer.memory()
        peer.queue()
        peer.offer()
        check(peer.answered(), 'no answer came')
        check(peer.used() == 1, 'another number of answers')


def test_peer_enabled():
    """Rings start enabled, if the VMM knows no protocol features"""
    device = Device('--keep')
    peer_is_served()
    with Peer(Peer.VERSION_1 | Peer.PROTOCOL_FEATURES) as peer:
        peer.memory()
        peer.queue()
        peer.offer()
        check(peer.used() == 0, 'a ring was served before it was enabled')
        peer.send(18, struct.pack('<II', 0, 1))
        check(peer.used() == 1, 'an enabled ring was not served')
    with Peer() as peer:
        peer.memory()
        peer.queue()
        peer.ask(11, struct.pack('<II', 0, 0))
        peer.offer()
        check(peer.used() == 0, 'a stopped ring was served')
        peer.queue()
        check(peer.used() == 1, 'a ring that starts again was not served')
    check(device.close() == 0, 'the daemon is hurt')


def test_peer_memory():
    """Memory that its file does not hold ends the connection, no more"""
    device = Device('--keep')
    for size, offset in ((Peer.SIZE + 1, 0), (Peer.SIZE, 1), (1 << 40, 0),
                         (Peer.SIZE, (1 << 64) - Peer.SIZE), (0, 0)):
        with Peer() as peer:
            peer.memory(size, offset)
            check(not peer.sock.recv(1), f'{size:x} at {offset:x} was taken')
    peer_is_served()
    check(device.close() == 0, 'the daemon is hurt')


def test_peer_runaway():
    """More chains than there is room for: the queue stops, until set up anew"""
    device = Device('--keep')
    with Peer() as peer:
        peer.memory()
        peer.queue()
        peer.index = 999
        peer.offer()
        check(peer.used() == 0, 'it ran after the driver')
        peer.ask(11, struct.pack('<II', 0, 0))
        os.pwrite(peer.file, bytes(4), 0x1000)
        peer.index = 0
        peer.queue()
        peer.offer()
        check(peer.used() == 1, 'it has not recovered')
    check(device.close() == 0, 'the daemon is hurt')


def test_peer_pipes():
    """Events that are none: full, closed, and never empty"""
    device = Device('--keep')
    for name in 'call', 'kick':
        with Peer() as peer:
            ends = os.pipe()
            os.close(ends[0])
            peer.memory()
            # a queue is served when it is set up; a bad kick is given up then
            peer.offer()
            peer.queue(**{name: ends[1]})
            os.close(ends[1])
            check(peer.used() == 1, f'{name}: not served')
            time.sleep(0.2)
            with open(f'/proc/{device.proc.pid}/stat',
                      encoding='ascii') as file:
                state = file.read().rpartition(')')[2].split()[0]
            check(state == 'S', f'{name}: the daemon spins')
    with Peer() as peer:
        peer.memory()
        os.set_blocking(peer.call, False)
        os.eventfd_write(peer.call, (1 << 64) - 2)
        peer.queue()
        peer.offer()
        check(peer.used() == 1, 'it waits for a full event')
    peer_is_served()
    check(device.close() == 0, 'the daemon is hurt')


def test_peer_stops():
    """A VMM that stops in the middle of a message is given up"""
    device = Device('--keep')
    with Peer() as peer:
        peer.sock.sendall(b'half')
        check(not peer.sock.recv(1), 'it waits for ever')
    peer_is_served()
    check(device.close() == 0, 'the daemon is hurt')


if __name__ == '__main__':
    rig.main('virtio', globals(), DAEMON, 'SANITIZE=1')
