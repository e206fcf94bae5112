# SPDX-License-Identifier: GPL-2.0-or-later
"""16 blocks on QEMU's eMMC: commands, beside upstream's `mmc rpmb`"""

import os

from benchmarks.report import row, verdict
from benchmarks.size import size
from benchmarks.traced import BACK, OUT, Bench
from limits import STACK

BLOCKS = 16


def measure(bench):
    """Return: data commands and others, per operation"""
    n = f'{BLOCKS:x}'
    bench.prepare(BLOCKS)
    ours = {
        'first write': bench.count(f'rpmb write-blocks 1 {OUT:x} 0 {n}'),
        'write': bench.count(f'rpmb write-blocks 1 {OUT:x} 0 {n}'),
        'read': bench.count(f'rpmb read-blocks 1 {BACK:x} 0 {n}'),
    }
    bench.run('mmc dev 0 0')
    return ours, bench.count_mmc(BLOCKS)


def measure_upstream(build):
    """Measure U-Boot without the stack. Return: counts, and bytes of code"""
    bench = Bench(os.path.join(build, 'u-boot.bin'))
    try:
        bench.prepare_upstream(BLOCKS)
        return bench.count_mmc(BLOCKS), size('drivers/mmc/rpmb.o', build=build)
    finally:
        bench.console.close()


def judge(upstream):
    """Measure, print. upstream: folder of a build without the stack, or None.
    Return: whether promises are kept"""
    bench = Bench()
    try:
        ours, front = measure(bench)
    finally:
        bench.console.close()
    theirs, code = measure_upstream(upstream) if upstream else ({}, '-')

    row('QEMU eMMC (one block per write message)', 'rpmb', 'upstream')
    for what in ('read', 'write', 'first write'):
        other = theirs.get(what, ('-', '-'))
        row(f'{BLOCKS}-block {what}: data commands', ours[what][0], other[0])
        row(f'{BLOCKS}-block {what}: other commands', ours[what][1], other[1])
    row('text + rodata, bytes (eMMC stack; rpmb.o)', size(*STACK), code)
    print()
    # The first write after power-up: one counter read, one read-back more
    return [verdict('data commands of a 16-block read', ours['read'][0], 4),
            verdict('data commands of a 16-block write', ours['write'][0], 96),
            verdict('data commands of the first 16-block write',
                    ours['first write'][0], 96 + 4 + 4),
            verdict("data commands of 'mmc rpmb read'", front['read'][0], 4),
            # the key is in a slot anew, so it begins as after power-up
            verdict("data commands of 'mmc rpmb write'", front['write'][0],
                    96 + 4 + 4)]
