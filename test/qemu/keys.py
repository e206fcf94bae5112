# SPDX-License-Identifier: GPL-2.0-or-later
"""The keys that a board derives from its unique key, computed apart from lib/rpmb

doc/develop/rpmb/spec.rst says what goes into them.
"""

import hashlib
import hmac
import struct

EMMC, UFS, VIRTIO = 1, 2, 3
DERIVED = 1
LABEL = b'U-Boot RPMB key 1'
CID_MASKED = 9, 15      # product revision and CRC


def hmac_sha256(key, data):
    """Return: the MAC of data"""
    return hmac.new(key, data, hashlib.sha256).digest()


def hkdf_extract(secret):
    """HKDF-SHA256 without a salt, first half. Return: the PRK"""
    return hmac_sha256(bytes(32), secret)


def hkdf(secret, info):
    """HKDF-SHA256 without a salt. Return: 32 bytes"""
    return hmac_sha256(hkdf_extract(secret), info + b'\1')


def derived(huk, slot, transport, region, dev_id):
    """Return: key 0x100 + slot of a device"""
    if transport == EMMC:
        dev_id = bytes(0 if i in CID_MASKED else byte
                       for i, byte in enumerate(dev_id))
    return hkdf(huk, LABEL + struct.pack('>4BH', DERIVED, slot, transport,
                                         region, len(dev_id)) + dev_id)


def check_value(key):
    """Return: what tells keys apart and gives none away"""
    return hmac_sha256(key, b'RPMB key check value 1')[:8]
