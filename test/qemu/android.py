# SPDX-License-Identifier: GPL-2.0-or-later
"""Disks with signed Android slots for tests, written from the formats' facts

A vbmeta image is a header of 256 bytes, authentication data (hash, signature)
and auxiliary data (descriptors, public key), all big-endian, both padded to 64
bytes. The key is the one that U-Boot has in common/avb_verify.c. All the world
has its private half: it is for this test, and for no product.
"""

import hashlib
import struct
import uuid
import zlib

SECTOR = 512
PART_SECTORS = 128      # of each partition
BITS = 4096
SIZE = BITS // 8
EXPONENT = 65537
KEY_HEAD = bytes.fromhex('0000100055d904ad')    # bits, -1 / n mod 2^32

SHA256_RSA4096 = 2
TAG_HASH, TAG_CHAIN = 2, 4
VERIFICATION_DISABLED = 2       # flag of a vbmeta
SYSTEM = 3              # location of the chained vbmeta_system

# One of the two primes of the key; the other one follows
PRIME = int(
    'e8c222843497c7edf9d1f5aa850ff741cea003fb760b5e49c09f7eb85580fa08'
    'dd73f867e477269e6049378474e272c6fda53d490babf3b6b89a70bf329f4920'
    '04631e567f58d4f8534b09c8f115460e5467d55a8c0b9c5b08b427225808ed44'
    '30ccbaf09a7caa54eb88afcbee76c3f3a249e404b18e88e237fd29b0afcf93ad'
    '0546bfac84a3e2de3450d410e30ed03139fa3872d7ff9c56d43386d8d0534f40'
    'c3fb59eb2848a53434109147a774776b6a61f94c8c8407c7e37be0fe6311d482'
    '1d3546426f9d8f8ee952dde52cf2d67346d7d46fc67a4c173f8354b11ffbd07b'
    '226f0c643672b64d21b392ddab70e9eeb4fd76e6b26ee96a55ed236babdae6ef', 16)


class Key:
    """The key that U-Boot trusts, found in its image"""

    def __init__(self, image):
        with open(image, 'rb') as file:
            data = file.read()
        at = data.index(KEY_HEAD)
        self.public = data[at:at + len(KEY_HEAD) + 2 * SIZE]
        self.modulus = int.from_bytes(self.public[8:8 + SIZE], 'big')
        other, rest = divmod(self.modulus, PRIME)
        if rest:
            raise ValueError('U-Boot trusts another key')
        self.secret = pow(EXPONENT, -1, (PRIME - 1) * (other - 1))

    def sign(self, digest):
        """Return: the signature of a SHA-256 digest (PKCS #1 v1.5)"""
        info = bytes.fromhex('3031300d060960864801650304020105000420') + digest
        padded = b'\0\1' + b'\xff' * (SIZE - 3 - len(info)) + b'\0' + info
        number = pow(int.from_bytes(padded, 'big'), self.secret, self.modulus)
        return number.to_bytes(SIZE, 'big')


def pad(data, size):
    """Return: data with zeroes up to a multiple of size"""
    return data + bytes(-len(data) % size)


def descriptor(tag, body):
    """Return: a descriptor, as a multiple of 8 bytes"""
    body = pad(body, 8)
    return struct.pack('>QQ', tag, len(body)) + body


def hash_of(name, data):
    """Return: the descriptor of a partition that must have this content"""
    salt = b'salt'
    digest = hashlib.sha256(salt + data).digest()
    return descriptor(TAG_HASH, struct.pack(
        '>Q32sIIII60x', len(data), b'sha256', len(name), len(salt),
        len(digest), 0) + name.encode() + salt + digest)


def persistent(name, size):
    """Return: the descriptor of a partition whose digest is a stored value"""
    return descriptor(TAG_HASH, struct.pack(
        '>Q32sIIII60x', size, b'sha256', len(name), 0, 0, 1) + name.encode())


def chain_to(name, location, key):
    """Return: the descriptor of a partition with a vbmeta of its own"""
    return descriptor(TAG_CHAIN, struct.pack(
        '>III64x', location, len(name), len(key.public)) + name.encode() +
        key.public)


def vbmeta(key, index, *descriptors, flags=0):
    """Return: a signed vbmeta image with this rollback index"""
    described = b''.join(descriptors)
    aux = pad(described + key.public, 64)
    head = struct.pack(
        '>4sIIQQIQQQQQQQQQQQI4x48s80x', b'AVB0', 1, 0,
        len(pad(bytes(32 + SIZE), 64)), len(aux), SHA256_RSA4096, 0, 32, 32,
        SIZE, len(described), len(key.public), 0, 0, 0, len(described), index,
        flags, b'a test')
    digest = hashlib.sha256(head + aux).digest()
    return head + pad(digest + key.sign(digest), 64) + aux


def slot(key, suffix, index, system, boot=None, digest=hash_of, flags=0):
    """Return: the partitions of a slot with these indexes, by name"""
    data = (suffix or 'none').encode() * 300
    vendor, init = b'vendor' + data, b'init' + data
    boot = data if boot is None else boot
    what = (digest('boot', data) if digest is hash_of else
            persistent('boot', len(data)))
    return {'vbmeta' + suffix: vbmeta(
                key, index, what, hash_of('vendor_boot', vendor),
                chain_to('vbmeta_system', SYSTEM, key), flags=flags),
            'vbmeta_system' + suffix: vbmeta(
                key, system, hash_of('init_boot', init)),
            'boot' + suffix: boot, 'vendor_boot' + suffix: vendor,
            'init_boot' + suffix: init}


def forged(parts, name):
    """Return: slots in which a byte of a partition was changed"""
    data = bytearray(parts[name])
    data[119] += 9      # of a vbmeta: its rollback index
    return {**parts, name: bytes(data)}


def boot_image(kernel, where, ramdisk=b'', ramdisk_where=0, says=b''):
    """Return: a boot image, version 0: nobody signs where its parts go

    says: the kernel's command line
    """
    page = 2048
    head = struct.pack('<8s10I16s512s', b'ANDROID!', len(kernel), where,
                       len(ramdisk), ramdisk_where, 0, 0, 0, page, 0, 0, b'',
                       says)
    return pad(head, page) + pad(kernel, page) + pad(ramdisk, page)


TRIAL = 15, 7, False, False
SUCCESSFUL = 15, 7, True, False
UNBOOTABLE = 0, 0, False, False


def misc(*slots, version=1, chosen='_a'):
    """Return: a partition with A/B metadata, little-endian, 2 KiB into it

    slots: of _a, _b, ...: priority, tries remaining, successful, corrupted;
    chosen: the slot that was booted last
    """
    words = [priority | tries << 4 | good << 7 | corrupted << 8
             for priority, tries, good, corrupted in slots]
    words += [0] * (4 - len(words))
    head = struct.pack('<4s4sBBxx4H8x', chosen.encode(), b'BCAB', version, len(slots),
                       *words)
    return bytes(2048) + head + struct.pack('<I', zlib.crc32(head))


def _table(parts, claims):
    """Return: the 128 entries of a partition table"""
    table = b''
    for number, name in enumerate(parts):
        first = 64 + number * PART_SECTORS
        count = claims.get(name, PART_SECTORS)
        table += struct.pack(
            '<16s16sQQQ72s',
            uuid.UUID('0fc63daf-8483-4772-8e79-3d69d8477de4').bytes_le,
            uuid.uuid5(uuid.NAMESPACE_DNS, name).bytes_le, first,
            first + count - 1, 0, name.encode('utf-16-le'))
    return table.ljust(128 * 128, b'\0')


def _header(table, here, other, table_at, sectors):
    """Return: the header of a partition table"""
    def pack(crc):
        return struct.pack(
            '<8sIIIIQQQQ16sQIII', b'EFI PART', 0x10000, 92, crc, 0, here,
            other, 34, sectors - 34, uuid.UUID(int=1).bytes_le, table_at,
            128, 128, zlib.crc32(table))
    return pack(zlib.crc32(pack(0))).ljust(SECTOR, b'\0')


def write_disk(path, offset, size, parts, **claims):
    """Write a disk with partitions into a file

    offset, size: of the disk in the file, bytes; parts: contents by name;
    claims: sectors that a partition has if the table lies about it
    """
    sectors = size // SECTOR
    table = _table(parts, claims)
    mbr = bytes(446) + struct.pack('<B3sB3sII', 0, b'\0\2\0', 0xee,
                                   b'\xff\xff\xff', 1, sectors - 1)
    mbr = mbr.ljust(510, b'\0') + b'\x55\xaa'
    with open(path, 'r+b') as file:
        file.seek(offset)
        file.write(mbr + _header(table, 1, sectors - 1, 2, sectors) + table)
        file.seek(offset + (sectors - 33) * SECTOR)
        file.write(table + _header(table, sectors - 1, 1, sectors - 33,
                                   sectors))
        for number, data in enumerate(parts.values()):
            if len(data) > PART_SECTORS * SECTOR:
                raise ValueError('too much for a partition')
            file.seek(offset + (64 + number * PART_SECTORS) * SECTOR)
            file.write(data.ljust(PART_SECTORS * SECTOR, b'\0'))
