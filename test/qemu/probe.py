#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""probe.py U-BOOT.BIN - does this U-Boot start anything that it must not?

Whatever it was built with and without: on QEMU's board, which is open, and with a
node for the policy in its control FDT it starts no image that is old or unsigned.
What starts is printed. Tools are those of the usual build.
"""

import os
import re
import sys

IMAGE = os.path.abspath(sys.argv.pop(1))

import rig  # noqa: E402
import its  # noqa: E402
from console import ConsoleError  # noqa: E402
from releases import ADDRESS, Releases  # noqa: E402
from devices import Emmc, loader  # noqa: E402
from host import run  # noqa: E402
from workshop import Workshop  # noqa: E402

RUNNING = r'payload: running|release \d is running|Hello, world'
BIN, ELF, LEGACY = 0x50000000, 0x50100000, 0x50300000
SCRIPT, UNSIGNED = 0x50500000, 0x50600000
STORED = ['rpmb dev mmc0', 'rpmb program-key -y 100',
          'rpmb rollback advance 100 3']
WAYS = [f'bootm {ADDRESS[2]:x}', f'bootm {UNSIGNED:x}', f'bootm {LEGACY:x}',
        f'bootm {UNSIGNED:x}:os', f'source {SCRIPT:x}', f'go {BIN:x}',
        f'booti {BIN:x} - ${{fdtcontroladdr}}', f'bootelf {ELF:x}',
        f'bootz {BIN:x}', f'bootvx {ELF:x}', 'bootefi hello']


def unsigned():
    """Return: the path of a FIT without a signature"""
    payload = rig.payload()
    return its.build('unsigned', its.source('unsigned', (
        its.image('os', payload + '.bin', 'kernel', 0x44000000),
        its.image('tree', payload + '.dtb', 'flat_dt')),
        (('kernel', 'os'), ('fdt', 'tree')), (), 'rollback-index = <0 9>;'),
        rig.tool('mkimage'))


def legacy(kind, data):
    """Return: the path of an image in the old format"""
    run(rig.tool('mkimage'), '-A', 'arm64', '-O', 'linux', '-T', kind,
                '-C', 'none', '-a', '44000000', '-e', '44000000', '-d', data,
                kind + '.img')
    return kind + '.img'


def things():
    """Return: arguments of QEMU that have all of it in memory"""
    vendor = Releases(Workshop(os.path.abspath('shop')), False)
    os.environ['DTB'] = vendor.tree('mmc0')
    with open('script', 'w', encoding='ascii') as file:
        file.write(f'go {BIN:x}\n')
    args = list(vendor.args)
    for path, address in ((rig.payload() + '.bin', BIN),
                          (rig.payload() + '.elf', ELF),
                          (legacy('kernel', rig.payload() + '.bin'), LEGACY),
                          (legacy('script', 'script'), SCRIPT),
                          (unsigned(), UNSIGNED)):
        args += loader(path, address)
    return args


def starts(board, command):
    """Return: what ran, where it must not"""
    try:
        text, _ = board.console.run(command)
    except ConsoleError as error:
        text = str(error)
    return text[-600:] if re.search(RUNNING, text) else ''


def try_all(args):
    """Return: the ways in which something started"""
    bad = []
    ways = list(WAYS)
    while ways:
        device = Emmc()
        with rig.Board(device, [*device.args, *args], timeout=30,
                       booted=IMAGE) as board:
            stored = [board.console.run(command)[1] for command in STORED]
            if any(stored) and ways[0] == WAYS[0]:
                ways.pop(0)
            while ways:
                way = ways.pop(0)
                if said := starts(board, way):
                    print(f"'{way}' starts:\n{said}")
                    bad.append(way)
                    break
    return bad


def main():
    """Try all; 1 if something starts"""
    place = os.path.join(rig.BUILD, 'probe')
    os.makedirs(place, exist_ok=True)
    os.chdir(place)
    args = things()
    try:
        bad = try_all(args)
    except ConsoleError as error:
        print(f'no prompt: {str(error)[-300:]}')
        return 0
    print(f'{len(WAYS)} tried, {len(bad)} start')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
