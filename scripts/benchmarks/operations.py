# SPDX-License-Identifier: GPL-2.0-or-later
"""Each operation on each transport: what it sends, and what it must at least"""

import contextlib
import io
import re

import rig
from benchmarks.report import row, same
from benchmarks.wire import board, floor
from devices import Emmc, Ufs, Virtio
from rig import BACK, OUT

KINDS = Emmc, Ufs, Virtio
RECORDS = 16    # blocks that records are looked for in
STORES = 256, 276   # blocks of indexes and records: the first, and behind them
CHUNK = 64      # blocks that a command moves between two looks at the keyboard


def _blocks(what, count):
    """Return: messages for so many blocks, as the command cuts them up"""
    return [(what, min(CHUNK, count - at)) for at in range(0, count, CHUNK)]


def operations(whole):
    """Return: name, command and messages of operations, in this order

    whole: blocks of the target. The counter is known when a write begins. What
    proves more than the standard asks for is no part of the least: that the first
    write since the start is read back, and each index and record.
    """
    ops = [('key programming', 'rpmb program-key -y 100',
            [('counter', 1), ('key', 1), ('counter', 1)]),
           ('counter', 'rpmb write-counter 100', [('counter', 1)])]
    for count in 1, 16, 128, whole:
        name = 'all blocks' if count == whole else \
            f'{count} blocks' if count > 1 else '1 block'
        ops.append((f'read of {name}',
                    f'rpmb read-blocks 100 {BACK:x} 0 {count:x}',
                    _blocks('read', count)))
    for count in 1, 16, 128:
        name = f'write of {count} blocks' if count > 1 else 'first write, 1 block'
        ops.append((name,
                    f'rpmb write-blocks 100 {OUT:x} 0 {count:x}',
                    _blocks('write', count)))
    return ops + [
        ('rollback: first index', 'rpmb rollback advance 100 1',
         [('read', 1), ('write', 1)]),
        ('rollback: check', 'rpmb rollback check 100 1', [('read', 1)]),
        ('rollback: check again', 'rpmb rollback check 100 1', []),
        ('rollback: get', 'rpmb rollback get 100', [('read', 1)]),
        ('rollback: raise', 'rpmb rollback advance 100 2',
         [('read', 1), ('write', 1)]),
        ('rollback: raise to what it is', 'rpmb rollback advance 100 2',
         [('read', 1)]),
        ('record: write', 'avb write_pvalue name value',
         [('read', RECORDS), ('write', 1)]),
        ('record: read', 'avb read_pvalue name 20', [('read', RECORDS)]),
    ]


def measure(kind):
    """Return: name, what was sent and its floor, per operation"""
    with contextlib.redirect_stdout(io.StringIO()), board(kind) as b:
        b.run('rpmb list')
        b.run(f'rpmb dev {kind.name}')
        b.run('avb init 0')
        b.fill(0x5a, 128)
        last = re.search(r'blocks 0 to 0x(\w+)', b.run('rpmb get-info'))[1]
        return [(name, b.sends(command), floor(kind, messages))
                for name, command, messages in operations(int(last, 16) + 1)]


def measure_all(kind):
    """Return: the same of the longest write: all blocks but those of the stores"""
    with contextlib.redirect_stdout(io.StringIO()), \
            board(kind, timeout=600) as b:
        b.run('rpmb list')
        b.run(f'rpmb dev {kind.name}')
        b.run('rpmb program-key -y 100')
        whole = int(re.search(r'blocks 0 to 0x(\w+)',
                              b.run('rpmb get-info'))[1], 16) + 1
        # the first one is read back
        b.run(f'rpmb write-blocks 100 {OUT:x} 0 1')
        parts = [(0, STORES[0]), (STORES[1], whole - STORES[1])]
        return [('write of all blocks but the stores', b.sends(*(
            f'rpmb write-blocks 100 {OUT:x} {first:x} {count:x}'
            for first, count in parts)), floor(kind, [
                message for _, count in parts
                for message in _blocks('write', count)]))]


def ratio(sent, least):
    """Return: how many times the least frames were sent, as text"""
    return f'{sent.frames / least.frames:.2f}' if least.frames else '-'


def judge(expected, *measures):
    """Measure, print

    expected: traffic per transport and operation; measures: functions that take a
    kind of device, such as measure()
    Return: whether all is as expected, and what was measured
    """
    rig.model('rpmb-vhost-user')
    rig.model('rpmb-vfio-user')
    found = {}
    with rig.at('bench', rig.IMAGE):
        for kind in KINDS:
            found[kind.__name__.lower()] = [
                op for function in measures for op in function(kind)]
    good = []
    for name, ops in found.items():
        print()
        row(f'{name}: what is sent', 'exchanges', 'commands', 'frames out',
            'in', 'bytes', 'least frames', 'ratio')
        for what, sent, least in ops:
            row(what, *sent, sent.bytes, least.frames, ratio(sent, least))
        print()
        for what, sent, _ in ops:
            good.append(same(f'{name} {what}: exchanges, commands, frames out and in',
                             tuple(sent), expected[name].get(what)))
        good.append(same(f'{name}: operations', len(ops), len(expected[name])))
        good.append(same(f'{name}: operations below their least',
                         [what for what, sent, least in ops
                          if sent.frames < least.frames], []))
    return good, found
