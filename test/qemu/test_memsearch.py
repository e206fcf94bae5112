# SPDX-License-Identifier: GPL-2.0-or-later
"""The search for keys finds all of them, in each order, and nothing else"""

import hashlib
import hmac
import mmap
import random
import struct
import time

from keys import hmac_sha256
from memsearch import (BLOCK, CHUNK, INITIAL, RAM_BASE, RUN, WORD, Search,
                       add, blocks_of, expand, in_wire_order, rounds,
                       secrets_of)

SUITE = 'memsearch'


def _digest(data):
    """Return: SHA-256 by the functions above"""
    state = INITIAL
    for block in blocks_of(data):
        state = add(state, rounds(state, expand(block)))
    return in_wire_order(state)


def test_sha256():
    """SHA-256 is hashlib's"""
    for size in 0, 1, 55, 56, 63, 64, 65, 119, 120, 300:
        data = random.randbytes(size)
        assert _digest(data) == hashlib.sha256(data).digest(), size


def _finish(state, data):
    """Return: the digest of a state's block and data"""
    state = struct.unpack('>8I', state)
    for block in blocks_of(data, BLOCK):
        state = add(state, rounds(state, expand(block)))
    return in_wire_order(state)


def test_good_as_a_key():
    """The states named so make the MAC, the unique key's make the PRK"""
    key, data = random.randbytes(32), random.randbytes(284)
    s = secrets_of({'k': key})
    inner = _finish(s['k ^ ipad: state'], data)
    assert _finish(s['k ^ opad: state'], inner) == hmac_sha256(key, data)

    for size in 16, 32, 55, 56, 64:
        s = secrets_of({}, random.randbytes(size))
        assert s['PRK'] == hmac.digest(bytes(32), s['unique key'], 'sha256')
        assert s['extract, outer: state'] == s['PRK']


def _as_words(data, code):
    """Return: data as a CPU has it that took it for words of this kind"""
    count = len(data) // struct.calcsize('>' + code)
    return struct.pack(f'<{count}{code}', *struct.unpack(f'>{count}{code}',
                                                         data))


def test_finds():
    """All secrets, in each order, at each alignment, and parts of 16 bytes"""
    secrets = secrets_of({'k': random.randbytes(32)}, random.randbytes(32))
    search = Search(secrets)
    memory = bytearray(random.randbytes(CHUNK) + bytes(3 * CHUNK))
    assert not search.inin_wire_order(memory), 'found where it is not'
    for name, secret in secrets.items():
        for order, data in (('as it is', secret),
                            ('32 bit words', _as_words(secret, 'I')),
                            ('64 bit words', _as_words(secret, 'Q'))):
            for shift in range(WORD):
                at = 2 * CHUNK - WORD + shift     # over the edge of a chunk
                i = random.randrange(len(data) - RUN + 1)
                memory[at:at + RUN] = data[i:i + RUN]
                finds = search.inin_wire_order(memory, RAM_BASE)
                # A neighbour may happen to fit as well
                assert any(find[1:3] == (name, order) and
                           find.address - find.offset == RAM_BASE + at - i and
                           find.offset <= i and find.size >= RUN
                           for find in finds), (name, order, shift, finds)
                memory[at:at + RUN] = bytes(RUN)


def test_edges():
    """At the first and the last byte of memory"""
    secret = random.randbytes(32)
    search = Search({'s': secret})
    for memory in secret + bytes(CHUNK), bytes(CHUNK) + secret:
        assert len(search.inin_wire_order(memory)) == 1
    assert not search.inin_wire_order(bytes(CHUNK) + secret[:RUN - 1])


def test_plain():
    """What could be there by chance is no secret to look for"""
    for secret in bytes(32), b'\xa1' * 31 + b'\1', b'short':
        try:
            Search({'s': secret})
        except ValueError:
            continue
        raise AssertionError(f'{secret} is searched for')


def test_fast():
    """512 MiB, a tenth of them in use, take less than 5 s"""
    search = Search(secrets_of({'k': random.randbytes(32)},
                               random.randbytes(32)))
    memory = mmap.mmap(-1, 512 << 20)
    for at in range(0, len(memory), 10 << 20):
        memory[at:at + (1 << 20)] = random.randbytes(1 << 20)
    start = time.process_time()
    finds = search.inin_wire_order(memory)
    seconds = time.process_time() - start
    print(f'figure: {seconds:.1f} s')
    assert not finds and seconds < 5, seconds
