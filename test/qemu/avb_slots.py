# SPDX-License-Identifier: GPL-2.0-or-later
"""Android's slots on QEMU's eMMC, signed with the key that U-Boot trusts"""

import android
import rig
from android import SYSTEM, forged

__all__ = ['KEY', 'SYSTEM', 'USER', 'USER_SIZE', 'forged', 'slot']

KEY = android.Key(rig.IMAGE)
USER, USER_SIZE = 4 << 20, 16 << 20     # the eMMC's user area in its image


def slot(suffix, index, system, **how):
    """Return: the partitions of a slot with these indexes"""
    return android.slot(KEY, suffix, index, system, **how)
