# SPDX-License-Identifier: GPL-2.0-or-later
"""Android's slots on QEMU's eMMC, signed with the key that U-Boot trusts"""

import rig
from android import Key, chain_to, hash_of, persistent, vbmeta

KEY = Key(rig.IMAGE)
SYSTEM = 3              # location of the chained vbmeta_system
USER, USER_SIZE = 4 << 20, 16 << 20     # the eMMC's user area in its image


def slot(suffix, index, system, boot=None, digest=hash_of, flags=0):
    """Return: the partitions of a slot with these indexes"""
    data = (suffix or 'none').encode() * 300
    vendor, init = b'vendor' + data, b'init' + data
    boot = data if boot is None else boot
    what = (digest('boot', data) if digest is hash_of else
            persistent('boot', len(data)))
    return {'vbmeta' + suffix: vbmeta(
                KEY, index, what, hash_of('vendor_boot', vendor),
                chain_to('vbmeta_system', SYSTEM, KEY), flags=flags),
            'vbmeta_system' + suffix: vbmeta(
                KEY, system, hash_of('init_boot', init)),
            'boot' + suffix: boot, 'vendor_boot' + suffix: vendor,
            'init_boot' + suffix: init}


def forged(parts, name):
    """Return: slots in which a byte of a partition was changed"""
    data = bytearray(parts[name])
    data[119] += 9      # of a vbmeta: its rollback index
    return {**parts, name: bytes(data)}
