# SPDX-License-Identifier: GPL-2.0-or-later
"""RPMB frames, as a referee writes and checks them

Stuff, MAC or key, data, nonce, write counter, address, block count, result,
type: 512 bytes, big-endian. The MAC is over the last 284 of them.
"""

import collections
import struct

from keys import hmac_sha256

LAYOUT = struct.Struct('>196s32s256s16sIHHHH')
SIGNED = 228
SIZE = 512

KEY, COUNTER, WRITE, READ, RESULT = range(1, 6)
NO_KEY = 7

Frame = collections.namedtuple(
    'Frame', 'stuff mac data nonce counter address count result kind')


def request(kind, nonce=b'', data=b'', counter=0, address=0, count=0,
            key=None):
    """Return: a request of one frame, signed with the key if there is one"""
    frame = LAYOUT.pack(b'', b'', data, nonce, counter, address, count, 0,
                        kind)
    return sign(frame, key) if key else frame


def sign(frame, key, before=()):
    """Return: the frame with the MAC of its message; before: frames ahead of it"""
    signed = b''.join(other[SIGNED:] for other in (*before, frame))
    return frame[:196] + hmac_sha256(key, signed) + frame[SIGNED:]


def parse(frame):
    """Return: the fields of a frame"""
    return Frame(*LAYOUT.unpack(frame))


def is_signed(frame, key):
    """Is it a frame of someone who holds the key?"""
    return parse(frame).mac == hmac_sha256(key, frame[SIGNED:])
