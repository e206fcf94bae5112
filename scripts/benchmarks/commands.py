# SPDX-License-Identifier: GPL-2.0-or-later
"""16 blocks on QEMU's eMMC: commands, beside upstream's `mmc rpmb`"""

import os

from benchmarks.expected import EMMC
from benchmarks.report import below, row, same, verdict
from benchmarks.size import size
from benchmarks.traced import BACK, OUT, Bench
from limits import MAX_BYTES, STACK

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
    theirs, upstreams = measure_upstream(upstream) if upstream else ({}, '-')

    row('QEMU eMMC (one block per write message)', 'rpmb', "'mmc rpmb'",
        'upstream')
    for what, counts in ours.items():
        others = [it.get(what, ('-', '-')) for it in (front, theirs)]
        row(f'{BLOCKS}-block {what}: data commands', counts[0],
            *(it[0] for it in others))
        row(f'{BLOCKS}-block {what}: other commands', counts[1],
            *(it[1] for it in others))
    code = size(*STACK)
    row('text + rodata, bytes (eMMC stack; rpmb.o)', code, '-', upstreams)
    print()
    good = [same(f"{BLOCKS}-block {what}, {by}: data commands, others", count,
                 EMMC[by][what])
            for by, counts in (('rpmb', ours), ('mmc rpmb', front))
            for what, count in counts.items()]
    good += [below(f'data commands of a {BLOCKS}-block {what}, beside upstream',
                   ours[what][0], counts[0]) for what, counts in theirs.items()]
    return good + [verdict('bytes of the eMMC-only stack', code, MAX_BYTES)]
