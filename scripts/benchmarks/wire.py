# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes over the bus to an RPMB: on QEMU's eMMC, our UFS and our virtio device

An exchange is a request with its answer. Its bus commands are CMD23, CMD25 and
CMD18 on eMMC, by QEMU's trace (what switches partitions and polls is not counted
here); SCSI's SECURITY PROTOCOL OUT and IN on UFS; chains of buffers on virtio, both
by what the device has counted.
"""

import re
import shutil
from collections import namedtuple

import policy
import rig
from devices import TRACE, Emmc, Ufs, Virtio

FRAME = 512     # bytes

Traffic = namedtuple('Traffic', 'exchanges commands out back')
Traffic.__doc__ = """Exchanges, bus commands, frames to the device and from it"""
Traffic.__sub__ = lambda a, b: Traffic(*(x - y for x, y in zip(a, b)))
Traffic.frames = property(lambda t: t.out + t.back)
Traffic.bytes = property(lambda t: FRAME * t.frames)


def _emmc(_):
    with open(TRACE, encoding='utf-8', errors='replace') as file:
        pairs = re.findall(r'CMD23 arg 0x(\w+)[^\n]*\n[^\n]*\bCMD(18|25)\b',
                           file.read())
    frames = [(way, int(arg, 16) & 0xffff) for arg, way in pairs]
    back = [count for way, count in frames if way == '18']
    return Traffic(len(back), 2 * len(frames),
                   sum(count for way, count in frames if way == '25'),
                   sum(back))


def _ufs(device):
    s = device.stats()
    return Traffic(s['in'], s['out'] + s['in'], s['frames-out'],
                   s['frames-in'])


def _virtio(device):
    s = device.stats()
    return Traffic(s['chains'], s['chains'], s['out'], s['in'])


COUNT = {Emmc: _emmc, Ufs: _ufs, Virtio: _virtio}

# Most blocks per message: what QEMU's eMMC takes is one to write, and as many as
# CMD23 can say to read; our UFS device takes 64; a chain has 64 buffers at most
MOST_WRITE = {Emmc: 1, Ufs: 64, Virtio: 62}
MOST_READ = {Emmc: 65535, Ufs: 64, Virtio: 63}


def floor(kind, messages):
    """Return: the least traffic with which the standard does this

    messages: pairs of 'counter', 'read', 'write' or 'key', and blocks. Whatever
    changes the device takes a result-read request of a frame, and has an answer
    of a frame; a counter or a read has a request of a frame.
    """
    total = [0, 0, 0, 0]
    for what, blocks in messages:
        changes = what in ('write', 'key')
        most = (MOST_WRITE if changes else MOST_READ)[kind]
        n = -(-blocks // most)
        per = {Emmc: 6 if changes else 4, Ufs: 3 if changes else 2, Virtio: 1}
        total[0] += n
        total[1] += n * per[kind]
        total[2] += blocks + n if changes else n
        total[3] += n if changes else blocks
    return Traffic(*total)


class Board(rig.Board):
    """A board that counts what its commands send"""

    def traffic(self):
        """Return: all so far"""
        kind = next(k for k in COUNT if isinstance(self.device, k))
        return COUNT[kind](self.device)

    def sends(self, *commands):
        """Run commands. Return: what they sent"""
        before = self.traffic()
        for command in commands:
            self.run(command)
        return self.traffic() - before


def board(kind, used=False, args=(), tree=None, **more):
    """Return: a board with such a device, and a policy on it

    used: the devices are as they were left; tree: control FDT, if not the usual
    """
    path = 'policy.dtb'
    shutil.copy(tree or rig.control_tree(), path)
    policy.add(path, kind.name)
    device = kind(used)
    args = [*device.args, *args]
    if kind is not Emmc:
        args += Emmc(used).args
    return Board(device, [*args, '-dtb', path], **more)
