# SPDX-License-Identifier: GPL-2.0-or-later
"""The devices that scenarios are played on: QEMU's own eMMC, our UFS and virtio"""

import os
import re

import keys
import rig
from rig import HUK

MODEL = os.path.join(rig.BUILD, 'model')
VIRTIO_PROGRAM = os.path.join(MODEL, 'rpmb-vhost-user')
UFS_PROGRAM = os.path.join(MODEL, 'rpmb-vfio-user')
UFS_SOCKET = 'ufs.sock'
TRACE = 'trace'
DERIVED = '100'
REVOKED = r'error -128\b|revoked'


CID = bytes.fromhex('aa015851454d55212101deadbeef2900')
UFS_ARGS = ['-device', '{"driver":"vfio-user-pci","socket":'
            '{"type":"unix","path":"%s"}}' % UFS_SOCKET]


def new_emmc():
    """Have an eMMC that holds nothing"""
    if os.path.exists('emmc.img'):
        os.unlink('emmc.img')
    with open('emmc.img', 'wb') as file:
        file.truncate(20 << 20)


def emmc_args(key=None):
    """Return: arguments that plug it in, with this key in its RPMB"""
    emmc = ('emmc,drive=emmc,boot-partition-size=1048576,'
            'rpmb-partition-size=2097152')
    if key:
        emmc += f',auth-key={key.hex()}'
    return ['-device', 'sdhci-pci', '-drive',
            'file=emmc.img,if=none,format=raw,id=emmc', '-device', emmc]


class Emmc:
    """QEMU's own eMMC; its key and counter are gone with the process"""

    name = 'mmc0'
    key = keys.derived(HUK, 0, keys.EMMC, 0, CID)

    def __init__(self, used=False, key=None):
        if not used or not os.path.exists('emmc.img'):
            new_emmc()
        self.args = [*emmc_args(key or (self.key if used else None)),
                     '-d', 'trace:sdcard_normal_command', '-D', TRACE]

    def sent(self):
        """Return: how many messages came in that may hold a key"""
        with open(TRACE, encoding='utf-8', errors='replace') as file:
            return len(re.findall(r'\bCMD0*25\b', file.read()))

    def sent_key(self):
        """Return: how many reliable writes came in: key frames and data"""
        with open(TRACE, encoding='utf-8', errors='replace') as file:
            return len(re.findall(r'\bCMD23 arg 0x8', file.read()))

    def close(self):
        """End with QEMU. Return: our exit status"""
        return 0


class Model(rig.Device):
    """One of our devices, whose state outlives it"""

    def __init__(self, program, socket_, used):
        if not used and os.path.exists('state'):
            os.unlink('state')
        super().__init__(program, socket_, '--state', 'state')

    def sent(self):
        """Return: how many requests came in that hold a key"""
        return sum(count for name, count in self.stats().items()
                   if name.split('.')[-1] == 'key')

    sent_key = sent


class Ufs(Model):
    """The UFS device"""

    name = 'ufs0:0'
    # it says that it has no key, twice, and nothing any more
    troubles = 'fault hang:0:any:2:100', 'fault refuse:0:key'
    key = keys.derived(HUK, 0, keys.UFS, 0, (
        '0ADA-0310-UFS MODEL-00300031003200330034003500360037'
        '00380039004100420000-0102-0626-R0').encode())
    args = UFS_ARGS

    def __init__(self, used=False):
        for name in os.listdir():
            if name.startswith('state.') and not used:
                os.unlink(name)
        super().__init__(UFS_PROGRAM, UFS_SOCKET, used)


class Virtio(Model):
    """The virtio RPMB"""

    name = 'virtio0'
    troubles = 'hostile hang:key', 'fault refuse:key'
    key = keys.derived(HUK, 0, keys.VIRTIO, 0, b'qemu-arm/virtio_mmio@a000000')
    args = ['-chardev', 'socket,id=c,path=virtio.sock', '-device',
            'vhost-user-test-device,virtio-id=28,num_vqs=1,vq_size=64,'
            'config_size=3,chardev=c,bus=virtio-mmio-bus.0']

    def __init__(self, used=False):
        super().__init__(VIRTIO_PROGRAM, 'virtio.sock', used)


def loader(path, address):
    """Return: arguments that have a file in memory"""
    return ['-device', f'loader,file={path},addr={address:#x},force-raw=on']
