# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes of code"""

import glob
import os
import platform
import re
import subprocess

from benchmarks.traced import BUILD

CROSS = os.environ.get('CROSS_COMPILE') or (
    '' if platform.machine() == 'aarch64' else 'aarch64-linux-gnu-')


def size(*patterns, build=BUILD):
    """Return: bytes of text and rodata of the objects"""
    paths = [path for pattern in patterns
             for path in glob.glob(os.path.join(build, pattern))
             if os.path.basename(path) not in ('built-in.o',
                                               'rpmb-selftest.o')]
    listing = subprocess.run([CROSS + 'size', '-A', *paths], check=True,
                             text=True, stdout=subprocess.PIPE).stdout
    return sum(int(size) for size in re.findall(
        r'^\.(?:text|rodata)\S*\s+(\d+)', listing, re.MULTILINE))
