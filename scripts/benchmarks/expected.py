# SPDX-License-Identifier: GPL-2.0-or-later
"""What each operation sends: a change of any count fails the bench

Who changes one changes it here, and doc/develop/rpmb/figures.rst. Bytes and
instructions depend on the compiler, so there is some room to what GCC 12 makes.
"""

# Exchanges, bus commands, frames to the device and from it
TRAFFIC = {
    'emmc': {
        'key programming': (4, 18, 5, 4),
        'counter': (1, 4, 1, 1),
        'read of 1 block': (1, 4, 1, 1),
        'read of 16 blocks': (1, 4, 1, 16),
        'read of 128 blocks': (2, 8, 2, 128),
        'read of all blocks': (128, 512, 128, 8192),
        'first write, 1 block': (2, 10, 3, 2),
        'write of 16 blocks': (16, 96, 32, 16),
        'write of 128 blocks': (128, 768, 256, 128),
        'rollback: first index': (3, 14, 4, 3),
        'rollback: check': (1, 4, 1, 1),
        'rollback: check again': (0, 0, 0, 0),
        'rollback: get': (1, 4, 1, 1),
        'rollback: raise': (3, 14, 4, 3),
        'rollback: raise to what it is': (1, 4, 1, 1),
        'record: write': (3, 14, 4, 18),
        'record: read': (1, 4, 1, 20),
        'provisioning: key and 1 index': (10, 44, 12, 10),
        'provisioning: nothing to do': (3, 12, 3, 3),
        'provisioning: 28 indexes more': (7, 30, 8, 7),
        'commit of two slots: raise': (4, 18, 5, 4),
        'commit: raise': (3, 14, 4, 3),
        'commit: nothing to do': (0, 0, 0, 0),
        'closed boot: FIT': (1, 4, 1, 20),
        'closed boot: FIT of the second slot': (1, 4, 1, 20),
        'closed boot: AVB': (1, 4, 1, 20),
        'closed boot: AVB and FIT': (1, 4, 1, 20),
    },
    'ufs': {
        'key programming': (6, 13, 7, 6),
        'counter': (1, 2, 1, 1),
        'read of 1 block': (1, 2, 1, 1),
        'read of 16 blocks': (1, 2, 1, 16),
        'read of 128 blocks': (2, 4, 2, 128),
        'read of all blocks': (64, 128, 64, 4096),
        'first write, 1 block': (2, 5, 3, 2),
        'write of 16 blocks': (1, 3, 17, 1),
        'write of 128 blocks': (2, 6, 130, 2),
        'rollback: first index': (3, 7, 4, 3),
        'rollback: check': (1, 2, 1, 1),
        'rollback: check again': (0, 0, 0, 0),
        'rollback: get': (1, 2, 1, 1),
        'rollback: raise': (3, 7, 4, 3),
        'rollback: raise to what it is': (1, 2, 1, 1),
        'record: write': (3, 7, 4, 18),
        'record: read': (1, 2, 1, 20),
        'provisioning: key and 1 index': (12, 26, 14, 12),
        'provisioning: nothing to do': (3, 6, 3, 3),
        'provisioning: 28 indexes more': (7, 15, 8, 7),
        'commit of two slots: raise': (4, 9, 5, 4),
        'commit: raise': (3, 7, 4, 3),
        'commit: nothing to do': (0, 0, 0, 0),
        'closed boot: FIT': (1, 2, 1, 20),
        'closed boot: FIT of the second slot': (1, 2, 1, 20),
        'closed boot: AVB': (1, 2, 1, 20),
        'closed boot: AVB and FIT': (1, 2, 1, 20),
    },
    'virtio': {
        'key programming': (4, 4, 5, 4),
        'counter': (1, 1, 1, 1),
        'read of 1 block': (1, 1, 1, 1),
        'read of 16 blocks': (1, 1, 1, 16),
        'read of 128 blocks': (4, 4, 4, 128),
        'read of all blocks': (128, 128, 128, 4096),
        'first write, 1 block': (2, 2, 3, 2),
        'write of 16 blocks': (1, 1, 17, 1),
        'write of 128 blocks': (4, 4, 132, 4),
        'rollback: first index': (3, 3, 4, 3),
        'rollback: check': (1, 1, 1, 1),
        'rollback: check again': (0, 0, 0, 0),
        'rollback: get': (1, 1, 1, 1),
        'rollback: raise': (3, 3, 4, 3),
        'rollback: raise to what it is': (1, 1, 1, 1),
        'record: write': (3, 3, 4, 18),
        'record: read': (1, 1, 1, 20),
        'provisioning: key and 1 index': (10, 10, 12, 10),
        'provisioning: nothing to do': (3, 3, 3, 3),
        'provisioning: 28 indexes more': (7, 7, 8, 7),
        'commit of two slots: raise': (4, 4, 5, 4),
        'commit: raise': (3, 3, 4, 3),
        'commit: nothing to do': (0, 0, 0, 0),
        'closed boot: FIT': (1, 1, 1, 20),
        'closed boot: FIT of the second slot': (1, 1, 1, 20),
        'closed boot: AVB': (1, 1, 1, 20),
        'closed boot: AVB and FIT': (1, 1, 1, 20),
    },
}

# What takes long, of bench --all
LONG = {
    'emmc': {'write of all blocks but the stores': (8172, 49032, 16344, 8172)},
    'ufs': {'write of all blocks but the stores': (64, 192, 4140, 64)},
    'virtio': {'write of all blocks but the stores': (127, 127, 4203, 127)},
}

# Bus commands by the number of blocks or of indexes: curves.py has these numbers
GROWTH = {
    'emmc': {
        'read': [4] * 7 + [8, 16, 32, 64, 128, 256, 512],
        'write': [6 << n for n in range(9)],
        'raise': [30] * 6 + [48] * 2,
        'look': [4] * 8,
    },
    'ufs': {
        'read': [2] * 7 + [4, 8, 16, 32, 64, 128],
        'write': [3] * 7 + [6, 12],
        'raise': [15] * 6 + [24] * 2,
        'look': [2] * 8,
    },
    'virtio': {
        'read': [1] * 6 + [2, 4, 8, 16, 32, 64, 128],
        'write': [1] * 6 + [2, 4, 8],
        'raise': [7] * 6 + [11] * 2,
        'look': [1] * 8,
    },
}

# 16 blocks on QEMU's eMMC: data commands, and others, which switch the partition
# there and back and poll. A first write is read back
EMMC = {
    'rpmb': {'first write': (100, 4), 'write': (96, 4), 'read': (4, 4)},
    # the key is in a slot anew, so it asks for the counter, too
    'mmc rpmb': {'write': (104, 4), 'read': (4, 4)},
}

# Instructions, at most: what the rollback index adds to a FIT's verification, first
# and again; reads of 16 blocks; each byte that a MAC covers, by ARMv8 and by software
MOST_ADDED = 222000, 160000
MOST_READ = {'rpmb': 118000, 'mmc rpmb': 132000}
MOST_PER_BYTE = 3.2, 35

# Bytes of text and read-only data, at most: a FIT's check and all policies, arm64;
# and by part on arm64, Thumb-2, riscv64
MOST_POLICY = 15900, 43800
MOST_BYTES = {
    'eMMC-only stack': (6144, 4096, 5800),
    'keys, unique key, ratchet, search, programming': (8400, 5400, 7050),
    'UFS': (2980, 2080, 2920),
    'virtio': (2690, 1900, 2570),
    'indexes and records': (6100, 3760, 5360),
    'FIT and what all policies share': (13900, 9650, 12900),
    'errors in words': (10400, 10250, 10400),
    'AVB': (5350, 3850, 4850),
    'provisioning and service tokens': (15700, 11900, 14400),
    'whole stack': (70000, 52000, 65500),
}
