# SPDX-License-Identifier: GPL-2.0-or-later
"""How traffic grows with the number of rollback indexes

They are those of FIT, as many as a block has, then those of SPL, in another block.
"""

import contextlib
import io

from benchmarks.closed import CLOSED
from benchmarks.line import ALL, LOCATION, signed
from benchmarks.wire import board
from devices import loader

OTHER = 0x200           # the first location of another block
COUNTS = 1, 2, 4, 8, 16, ALL, ALL + 1, 32
LAST = len(COUNTS) + 1  # what all of them are raised to in the end
FIRST, APART = 0x48000000, 0x100000     # where manifests lie in memory


def _locations(count):
    """Return: the first so many"""
    return [*range(LOCATION, LOCATION + min(count, ALL)),
            *range(OTHER, OTHER + max(count - ALL, 0))]


def _raise(kind):
    """Return: what a manifest sends that raises so many indexes, on a device that
    holds its key and an index of each block"""
    paths = [signed(kind, f'raise{i}', _locations(count), i + 1)
             for i, count in enumerate((COUNTS[-1], *COUNTS))]
    addresses = [FIRST + i * APART for i in range(len(paths))]
    args = [arg for path, address in zip(paths, addresses)
            for arg in loader(path, address)]
    with board(kind, args=args) as b:
        b.run('rpmb list')
        b.run(f'rpmb provision {addresses[0]:x}')
        return [(count, b.sends(f'rpmb provision {address:x}'))
                for count, address in zip(COUNTS, addresses[1:])]


def _look(kind):
    """Return: all that a closed board has sent since it was started, when it has
    looked at so many indexes of that device"""
    points, asked = [], []
    with board(kind, used=True, args=CLOSED) as b:
        for count in COUNTS:
            for location in _locations(count)[len(asked):]:
                b.run(f'rpmb rollback check {location:x} {LAST:x}')
                asked.append(location)
            points.append((count, b.traffic()))
        b.refused(f'rpmb rollback check {asked[-1]:x} {LAST - 1:x}', 'older than')
        b.refused(f'rpmb rollback advance {asked[-1]:x} {LAST:x}', 'is closed')
    return points


def measure(kind):
    """Return: locations and what was sent, of raising and of looking at them"""
    with contextlib.redirect_stdout(io.StringIO()):
        return {'raise': _raise(kind), 'look': _look(kind)}
