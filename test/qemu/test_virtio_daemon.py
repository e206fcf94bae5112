# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon that plays a virtio RPMB, without QEMU: how it ends, what it takes

Nothing that a VMM or a driver does may hang or hurt it. It is built with
sanitizers.
"""

import os
import random
import socket
import struct
import subprocess
import time

from fixtures import folder
from peer import DAEMON, SOCKET, Device, Peer
from rig import check

SUITE = 'virtio'
place = folder('virtio-daemon', 'rpmb-vhost-user', sanitized=True)


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
