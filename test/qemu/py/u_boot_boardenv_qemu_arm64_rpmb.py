# SPDX-License-Identifier: GPL-2.0-or-later
"""Board environment of the QEMU board for U-Boot's test/py"""

# The devices are new with each test run: a key may be programmed into them
env__rpmb = {
    'devices': ['mmc0:0', 'ufs0:0', 'ufs0:1', 'virtio0:0'],
    'program_key': True,
    'rollback': 'ufs0:1',
}
