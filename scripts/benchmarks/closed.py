# SPDX-License-Identifier: GPL-2.0-or-later
"""What a closed board's whole boot sends to its RPMB, and a commit before it"""

import contextlib
import io
import os

from android import write_disk
from avb_slots import SYSTEM, USER, USER_SIZE, slot
from benchmarks.wire import board, floor
from releases import ADDRESS, Releases
from workshop import Workshop

STORES = 20     # blocks of all indexes and records, which a boot reads once
RUNNING = rb'\nrelease 2 is running'
CLOSED = ['-fw_cfg', 'name=opt/rpmb/closed,string=1']
AVB = 'mmc list', 'avb init 0', 'avb verify _a'
# The commands of a boot, and the releases that it tries; the first one is too old
BOOTS = (('closed boot: FIT', (), (2,)),
         ('closed boot: FIT of the second slot', (), (1, 2)),
         ('closed boot: AVB', AVB, ()),
         ('closed boot: AVB and FIT', AVB, (2,)))


def _boot(b, commands, releases):
    """Have a board boot. Return: all that was sent since its start"""
    for command in commands:
        b.run(command)
    for version in releases:
        command = f'bootm {ADDRESS[version]:x}'
        if version == 1:
            b.refused(command, says='older than')
        else:
            b.console.start(command, RUNNING)
    return b.traffic()


def measure(kind):
    """Return: name, what was sent and its floor, per commit and boot"""
    shop = Workshop(os.path.abspath('shop'))
    vendor = Releases(shop, False)
    tree = shop.control_tree('board-os.dtb')
    commit = f'rpmb rollback commit {ADDRESS[2]:x}'
    found = []
    with contextlib.redirect_stdout(io.StringIO()):
        with board(kind, args=vendor.args, tree=tree) as b:
            write_disk('emmc.img', USER, USER_SIZE, slot('_a', 5, 2))
            b.run('rpmb list')
            b.run(f'rpmb dev {kind.name}')
            for command in ('rpmb program-key -y 100', 'avb init 0',
                            'avb write_rb 0 5', f'avb write_rb {SYSTEM} 2',
                            'rpmb rollback advance 100 0'):
                b.run(command)
            raises = [('read', 1), ('write', 1)]
            for name, command, least in (
                    ('commit of two slots: raise',
                     f'rpmb rollback commit {ADDRESS[1]:x} {ADDRESS[2]:x}',
                     raises),
                    ('commit: raise', commit, raises),
                    ('commit: nothing to do', commit, [])):
                found.append((name, b.sends(command), floor(kind, least)))
        for name, commands, releases in BOOTS:
            with board(kind, used=True, args=[*vendor.args, *CLOSED],
                       tree=tree) as b:
                found.append((name, _boot(b, commands, releases),
                              floor(kind, [('read', STORES)])))
    return found
