# SPDX-License-Identifier: GPL-2.0-or-later
"""A board with our UFS device, and keys for its two regions"""

import os
import re

import rig
from devices import UFS_ARGS, UFS_PROGRAM, UFS_SOCKET

POWER_CUT = 3


def time_limit():
    """Return: the driver's time limit in ms, from the image's configuration"""
    path = os.path.join(os.path.dirname(rig.IMAGE), '.config')
    if os.path.exists(path):
        with open(path, encoding='ascii') as config:
            match = re.search(r'^CONFIG_RPMB_UFS_TIMEOUT_MS=(\d+)$',
                              config.read(), re.MULTILINE)
        if match:
            return int(match[1])
    return 30000


LIMIT = time_limit()


class Device(rig.Device):
    """The UFS device"""

    def __init__(self, *args):
        super().__init__(UFS_PROGRAM, UFS_SOCKET, *args)


class Board(rig.Board):
    """A board with the UFS device"""

    ENDS = 0, POWER_CUT

    def __init__(self, *device_args, device=None, plugged=True, args=()):
        own = plugged and not device
        plug = UFS_ARGS if plugged else []
        super().__init__(Device(*device_args) if own else device,
                         [*plug, *args], own, 60 + 3 * LIMIT / 1000)

    def add_keys(self):
        """Two keys: 1 for region 0, 2 for region 1"""
        self.add_key(1, 0xa1)
        self.add_key(2, 0xb2)

    def program(self):
        """Give both regions their keys, and counters known to the driver"""
        self.add_keys()
        for region in 0, 1:
            self.run(f'rpmb dev ufs0:{region}')
            self.run(f'rpmb program-key -y {region + 1}')
        self.run('rpmb dev ufs0:0')

    def settle(self):
        """Write once, so that no read-back is due for the next write"""
        self.write(0, 0x5e)
