# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of doc/develop/rpmb/figures.rst, from what was measured"""

import os

from benchmarks.operations import ratio
from benchmarks.traced import TOP

PATH = os.path.join(TOP, 'doc', 'develop', 'rpmb', 'figures-traffic.inc')
TITLES = {'emmc': "QEMU's eMMC", 'ufs': 'UFS', 'virtio': 'virtio'}

HEAD = '''
.. csv-table:: %s
   :header: operation, exchanges, commands, out, in, bytes, least, ratio
   :widths: 30 10 10 10 10 12 10 8

'''


def lines(name, ops):
    """Return: the table of a transport"""
    text = HEAD % TITLES[name]
    for what, sent, least in ops:
        cells = [f'"{what}"', *sent, sent.bytes, least.frames,
                 ratio(sent, least)]
        text += '   ' + ', '.join(map(str, cells)) + '\n'
    return text


def write(found):
    """Write the tables of all transports"""
    with open(PATH, 'w', encoding='ascii') as file:
        file.write('.. SPDX-License-Identifier: GPL-2.0-or-later\n'
                   '.. Written by scripts/bench --all\n')
        for name, ops in found.items():
            file.write(lines(name, ops))
