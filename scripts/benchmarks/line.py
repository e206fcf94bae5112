# SPDX-License-Identifier: GPL-2.0-or-later
"""What provisioning sends: key and indexes of a blank device, by a signed manifest"""

import contextlib
import io

from benchmarks.wire import board, floor
from devices import loader
from signing import device, manifest, sign

LOCATION = 0x100        # the first of 28 that share a block
FIRST, SECOND = 0x48000000, 0x49000000
ALL = 28


def signed(kind, name, locations, index):
    """Return: path of a manifest: a key, and one index for these locations"""
    transport = kind.__name__.lower()
    return sign(manifest(name, device(1, transport, indexes=[
        (loc, index) for loc in locations])))


def measure(kind):
    """Return: name, what was sent and its floor, per manifest"""
    one = signed(kind, 'one', [LOCATION], 1)
    many = signed(kind, 'many', range(LOCATION, LOCATION + ALL), 2)
    program = [('counter', 1), ('key', 1), ('counter', 1)]
    known = [('counter', 1)]
    store = [('read', 1), ('write', 1)]
    with contextlib.redirect_stdout(io.StringIO()), board(
            kind, args=[*loader(one, FIRST), *loader(many, SECOND)]) as b:
        b.run('rpmb list')
        return [(name, b.sends(f'rpmb provision {address:x}'),
                 floor(kind, least))
                for name, address, least in (
                    ('provisioning: key and 1 index', FIRST, program + store),
                    ('provisioning: nothing to do', FIRST,
                     known + [('read', 1)]),
                    (f'provisioning: {ALL} indexes more', SECOND,
                     known + store))]
