#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""memsearch.py - search a guest's RAM for keys, and for what is as good as one

It is that of a QEMU that was stopped. test_memsearch.py tests the search itself.

As good as a key is whatever a MAC can be computed from without it: the padded
keys, the states of SHA-256 after these, the expanded words of their blocks
(sixteen in a row give the block back), the states before the last addition;
for HKDF the pseudo-random key with all of these, and the inner digest that it
is computed from. They may lie there in wire order or in that of the CPU's 32 or
64 bit words. A run of 16 bytes, at any place of the secret, is a find.

The bytes of the padding itself are no secret, hence no part of the padded keys.
"""

import collections
import math
import mmap
import os
import struct

from keys import hkdf_extract

RUN = 16        # so many bytes are a find
WORD = 8        # what is looked up; every run holds one that is aligned
CHUNK = 4096
ZEROES = bytes(CHUNK)
RAM_BASE = 0x40000000
LEAST_DIFFERENT = 8     # bytes in a run, or it could be there by chance

IPAD, OPAD = 0x36, 0x5c
BLOCK = 64
ONES = 0xffffffff


def _primes(count):
    """Return: the first primes"""
    found, n = [], 2
    while len(found) < count:
        if all(n % p for p in found):
            found.append(n)
        n += 1
    return found


def _cube_root(n):
    """Return: the root, rounded down"""
    root = 1 << (n.bit_length() + 2) // 3
    while (better := (2 * root + n // root ** 2) // 3) < root:
        root = better
    return root


# The first 32 bits behind the point, of square and cube roots of primes
INITIAL = [math.isqrt(p << 64) & ONES for p in _primes(8)]
ROUND = [_cube_root(p << 96) & ONES for p in _primes(64)]


def _ror(word, *bits):
    """Return: the rotations of a word by these bits, exclusive or-ed"""
    result = 0
    for n in bits:
        result ^= word >> n | word << (32 - n)
    return result & ONES


def expand(block):
    """Return: the 64 words that SHA-256 makes of a block"""
    w = list(struct.unpack('>16I', block))
    for i in range(16, 64):
        s0 = _ror(w[i - 15], 7, 18) ^ w[i - 15] >> 3
        s1 = _ror(w[i - 2], 17, 19) ^ w[i - 2] >> 10
        w.append((w[i - 16] + s0 + w[i - 7] + s1) & ONES)
    return w


def rounds(state, words):
    """Return: the state after the rounds, before the old one is added"""
    a, b, c, d, e, f, g, h = state
    for k, word in zip(ROUND, words):
        t1 = (h + _ror(e, 6, 11, 25) + (e & f ^ ~e & g) + k + word) & ONES
        t2 = _ror(a, 2, 13, 22) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (t1 + t2) & ONES, a, b, c, d + t1 & ONES, e, f, g
    return a, b, c, d, e, f, g, h


def add(state, other):
    """Return: the sum of two states"""
    return [(x + y) & ONES for x, y in zip(state, other)]


def blocks_of(data, before=0):
    """Return: data that ends a message of before bytes more, as blocks"""
    room = -(len(data) + 9) % BLOCK
    data += b'\x80' + bytes(room) + struct.pack('>Q', 8 * (before + len(data)))
    return [data[i:i + BLOCK] for i in range(0, len(data), BLOCK)]


def in_wire_order(words):
    """Return: words in wire order"""
    return struct.pack(f'>{len(words)}I', *words)


def _hash_secrets(name, state, blocks):
    """Hash blocks that are secret. Return: what that leaves, the last state"""
    left = {}
    for i, block in enumerate(blocks):
        words = expand(block)
        after = rounds(state, words)
        state = add(state, after)
        place = f'{name}, block {i}' if len(blocks) > 1 else name
        left[f'{place}: expanded'] = in_wire_order(words[16:])
        left[f'{place}: last round'] = in_wire_order(after)
        left[f'{place}: state'] = in_wire_order(state)
    return left, state


def _hmac_secrets(name, key):
    """Return: a key of at most 64 bytes, and what is as good as it"""
    found = {name: key}
    for pad, what in (IPAD, 'ipad'), (OPAD, 'opad'):
        padded = bytes(byte ^ pad for byte in key)
        block = padded + bytes([pad]) * (BLOCK - len(key))
        found[f'{name} ^ {what}'] = padded
        found.update(_hash_secrets(f'{name} ^ {what}', INITIAL, [block])[0])
    return found


def _hkdf_secrets(huk):
    """Return: what HKDF's first half has to do with a unique key"""
    found = {'unique key': huk}
    state = INITIAL
    for pad, what, data in ((IPAD, 'inner', huk), (OPAD, 'outer', None)):
        start = add(INITIAL, rounds(INITIAL, expand(bytes([pad]) * BLOCK)))
        data = data if data is not None else in_wire_order(state)
        left, state = _hash_secrets(f'extract, {what}', start,
                                    blocks_of(data, BLOCK))
        found.update(left)
    found.update(_hmac_secrets('PRK', hkdf_extract(huk)))
    return found


def secrets_of(keys, huk=None):
    """List all that must not be found

    keys: bytes of keys by their names; huk: the board's unique key
    Return: bytes by name
    """
    found = {}
    for name, key in keys.items():
        found.update(_hmac_secrets(name, key))
    if huk:
        found.update(_hkdf_secrets(huk))
    return found


def _swapped(data, size):
    """Return: data with the bytes of its words in reverse, whole words only"""
    return b''.join(data[i:i + size][::-1]
                    for i in range(0, len(data) - size + 1, size))


ORDERS = {'as it is': lambda data: data,
          '32 bit words': lambda data: _swapped(data, 4),
          '64 bit words': lambda data: _swapped(data, 8)}


class Find(collections.namedtuple('Find', 'address name order offset size')):
    """A part of a secret in memory"""

    def __str__(self):
        return (f'{self.address:#x}: {self.size} bytes of {self.name}, '
                f'from {self.offset}, {self.order}')


class Search:
    """A search for secrets"""

    def __init__(self, secrets):
        self.needles = {}
        for name, secret in secrets.items():
            _check_unlikely(name, secret)
            for order, arrange in ORDERS.items():
                self._look_for(name, order, arrange(secret))
        self.words = set(self.needles)

    def _look_for(self, name, order, data):
        for i in range(len(data) - WORD + 1):
            word, = struct.unpack_from('=Q', data, i)
            self.needles.setdefault(word, []).append((name, order, data, i))

    def inin_wire_order(self, memory, base=0, start=0, end=None):
        """Search what is like bytes, from start to end, both aligned

        Return: set of Find, their addresses count from base
        """
        finds = set()
        for at in range(start, len(memory) if end is None else end, CHUNK):
            chunk = memory[at:at + CHUNK]
            if chunk == ZEROES[:len(chunk)]:
                continue
            words = memoryview(chunk[:len(chunk) // WORD * WORD]).cast('Q')
            if not self.words.isdisjoint(words):
                finds |= self._finds(memory, base, at, words)
        return finds

    def _finds(self, memory, base, at, words):
        finds = set()
        for n, word in enumerate(words):
            for name, order, data, i in self.needles.get(word, ()):
                place = at + n * WORD
                first, last = _run(memory, place, data, i)
                if last - first >= RUN:
                    finds.add(Find(base + place + first - i, name, order,
                                   first, last - first))
        return finds

    def in_ram(self, pid):
        """Search the RAM of a QEMU that is stopped. Return: sorted Finds"""
        finds = set()
        with open(_ram_of(pid), 'rb') as file, mmap.mmap(
                file.fileno(), 0, prot=mmap.PROT_READ) as ram:
            for start, end in _extents(file.fileno(), len(ram)):
                finds |= self.inin_wire_order(ram, RAM_BASE, start, end)
        return sorted(finds)


def _check_unlikely(name, secret):
    """A secret that could be there by chance is none to look for"""
    for i in range(len(secret) - RUN + 1):
        if len(set(secret[i:i + RUN])) < LEAST_DIFFERENT:
            raise ValueError(f'{name} looks too plain to be searched for')
    if len(secret) < RUN:
        raise ValueError(f'{name} is too short to be searched for')


def _run(memory, place, data, i):
    """How far do memory and data agree around data[i], which is at place?

    Return: first offset in data, offset behind the last
    """
    first, last = i, i + WORD
    while first and place + first - i and (
            memory[place + first - i - 1] == data[first - 1]):
        first -= 1
    while last < len(data) and place + last - i < len(memory) and (
            memory[place + last - i] == data[last]):
        last += 1
    return first, last


def _ram_of(pid):
    """Return: the path of the memfd that is a QEMU's RAM"""
    folder = f'/proc/{pid}/fd'
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.readlink(path).startswith('/memfd:memory-backend-memfd'):
            return path
    raise OSError(f'the RAM of process {pid} is no memfd')


def _extents(fd, size):
    """Generate start and end of what has ever been written"""
    end = 0
    while end < size:
        try:
            start = os.lseek(fd, end, os.SEEK_DATA)
        except OSError:     # only a hole is left
            return
        end = os.lseek(fd, start, os.SEEK_HOLE)
        yield start, end
