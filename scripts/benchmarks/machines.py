# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes of the stack, by part and by machine

Only the folders of the stack are compiled for the other machines: nothing is linked,
so a board there needs no driver.
"""

import fnmatch
import glob
import os
import subprocess

from benchmarks.expected import MOST_BYTES
from benchmarks.report import row, same, verdict
from benchmarks.traced import BUILD, TOP
from limits import STACK, sections

PAGE = os.path.join(TOP, 'doc', 'develop', 'rpmb', 'figures-sizes.inc')
FOLDERS = 'lib/rpmb/ drivers/rpmb/ boot/rpmb/'
# Name, compiler, configuration of U-Boot's; None: what is built already
MACHINES = (('arm64', 'aarch64-linux-gnu-', None),
            ('Thumb-2', 'arm-linux-gnueabihf-', 'qemu_arm_defconfig'),
            ('riscv64', 'riscv64-linux-gnu-', 'qemu-riscv64_defconfig'))

# What a part is made of: each object of the folders is in one, or is left out
PARTS = (
    ('eMMC-only stack', STACK),
    ('keys, unique key, ratchet, search, programming', (
        'lib/rpmb/kdf*.o', 'lib/rpmb/program.o', 'lib/rpmb/target.o',
        'drivers/rpmb/rpmb-k*.o', 'drivers/rpmb/rpmb-huk*.o',
        'drivers/rpmb/rpmb-misc.o', 'drivers/rpmb/rpmb-program.o',
        'drivers/rpmb/rpmb-mark.o', 'drivers/rpmb/rpmb-ratchet.o',
        'drivers/rpmb/rpmb-scan.o', 'drivers/rpmb/rpmb-node.o',
        'drivers/rpmb/rpmb-foreign.o')),
    ('UFS', ('drivers/rpmb/ufs_rpmb*.o',)),
    ('virtio', ('drivers/rpmb/virtio_rpmb*.o',)),
    ('indexes and records', (
        'lib/rpmb/store.o', 'lib/rpmb/rollback.o', 'lib/rpmb/record.o',
        'drivers/rpmb/rpmb-place.o', 'drivers/rpmb/rpmb-store*.o',
        'drivers/rpmb/rpmb-index.o', 'drivers/rpmb/rpmb-record.o')),
    ('FIT and what all policies share', (
        'lib/rpmb/look.o', 'boot/rpmb/policy*.o', 'boot/rpmb/stored.o',
        'boot/rpmb/fit*.o', 'boot/rpmb/look.o', 'boot/rpmb/order.o',
        'boot/rpmb/start.o', 'boot/rpmb/handover.o',
        'boot/rpmb/commit-cmd.o')),
    ('errors in words', ('boot/rpmb/reason.o',)),
    ('AVB', ('boot/rpmb/avb*.o', 'boot/rpmb/ab.o',
             'boot/rpmb/stored-records.o')),
    ('provisioning and service tokens', (
        'lib/rpmb/tree.o', 'lib/rpmb/manifest.o', 'lib/rpmb/token.o',
        'boot/rpmb/provision*.o', 'boot/rpmb/signed.o', 'boot/rpmb/token.o')),
)

LEFT_OUT = ('drivers/rpmb/rpmb-selftest.o', 'drivers/rpmb/rpmb-tee*.o',
            'drivers/rpmb/sandbox*.o')

HEAD = '''.. SPDX-License-Identifier: GPL-2.0-or-later
.. Written by scripts/bench --all

.. csv-table:: Bytes of text and read-only data
   :header: part, %s
   :widths: 40%s

'''


def build(compiler, config):
    """Compile the folders of the stack. Return: where"""
    if not config:
        return BUILD
    name = config.replace('_defconfig', '_rpmb_sizes')
    subprocess.run(
        [os.path.join(TOP, 'scripts', 'build'), name, config,
         'rpmb_sizes.config'], check=True,
        env={**os.environ, 'CROSS_COMPILE': compiler, 'TARGET': FOLDERS})
    return os.path.join(TOP, 'build', name)


def objects(place):
    """Return: the objects of the folders, but for those of sources that are gone"""
    return [path[:-2] + '.o' for folder in FOLDERS.split()
            for path in sorted(glob.glob(folder + '*.c', root_dir=TOP))
            if os.path.exists(os.path.join(place, path[:-2] + '.o'))]


def among(patterns, paths):
    """Return: those that one of the patterns fits"""
    return [path for path in paths
            if any(fnmatch.fnmatch(path, pattern) for pattern in patterns)]


def astray(place):
    """Return: objects that are in no part, or in two"""
    every = objects(place)
    counted = [path for patterns in (*(it for _, it in PARTS), LEFT_OUT)
               for path in among(patterns, every)]
    return [path for path in every if counted.count(path) != 1]


def measure(compiler, place):
    """Return: bytes of each part"""
    found = []
    for _, patterns in PARTS:
        listing = subprocess.run(
            [compiler + 'size', '-A', *among(patterns, objects(place))],
            cwd=place, check=True, text=True, stdout=subprocess.PIPE).stdout
        found.append(sum(sections(listing)))
    return found


def judge():
    """Measure, print, write the page's table. Return: whether promises are kept"""
    names = [name for name, _, _ in MACHINES]
    places = [build(compiler, config) for _, compiler, config in MACHINES]
    columns = [measure(compiler, place)
               for (_, compiler, _), place in zip(MACHINES, places)]
    table = [(part, *sizes) for (part, _), sizes in
             zip(PARTS, zip(*columns))]
    table.append(('whole stack', *map(sum, columns)))
    print()
    row('Text and read-only data, bytes', *names)
    for line in table:
        row(*line)
    print()
    with open(PAGE, 'w', encoding='ascii') as file:
        file.write(HEAD % (', '.join(names), ' 20' * len(names)))
        for part, *sizes in table:
            file.write(f'   "{part}", {", ".join(map(str, sizes))}\n')
    return [same(f'objects in no part, or in two, {name}', astray(place), [])
            for name, place in zip(names, places)] + [
                verdict(f'bytes of {part}, {name}', value, most)
                for part, *sizes in table
                for name, value, most in zip(names, sizes, MOST_BYTES[part])]
