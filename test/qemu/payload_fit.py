#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""payload_fit.py MKIMAGE FOLDER - make payload.itb of what is in a folder

The payload and a tree for it, as Linux would come. U-Boot takes the configuration
that is compatible with its control FDT, so this one is.
"""

import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, 'scripts'))
# pylint: disable=wrong-import-position
import its  # noqa: E402


def main(mkimage, folder):
    """Make it"""
    if os.path.dirname(mkimage):
        mkimage = os.path.abspath(mkimage)
    its.build('payload', its.source(
        'payload',
        (its.image('linux', 'payload.bin', 'kernel', 0x44000000),
         its.image('tree', 'payload.dtb', 'flat_dt')),
        (('kernel', 'linux'), ('fdt', 'tree')),
        lines='compatible = "linux,dummy-virt";'), mkimage, where=folder)


if __name__ == '__main__':
    main(*sys.argv[1:])
