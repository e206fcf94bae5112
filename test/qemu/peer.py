# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon that plays a virtio RPMB, and a VMM and driver without any of ours"""

import os
import select
import socket
import struct

import rig
from rig import check

DAEMON = os.path.join(rig.BUILD, 'model-sanitized', 'rpmb-vhost-user')
SOCKET = 'virtio.sock'


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
        # the daemon looks at the ring behind each answer: a second answer comes
        # after that, and after all that was sent before
        self.ask(1)
        self.ask(1)
        return struct.unpack('<H', os.pread(self.file, 2, 0x2002))[0]

    def answered(self):
        """Kick. Return: whether an interrupt came"""
        os.eventfd_write(self.kick, 1)
        return bool(select.select([self.call], [], [], 5)[0])
