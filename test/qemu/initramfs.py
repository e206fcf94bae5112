#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""initramfs.py ROOT INIT OUT - make a root file system for Linux out of packages

ROOT: where packages were unpacked; INIT: its /init; OUT: result, gzipped cpio.
The kernel's modules named below come along with all that they depend on, in
the order to load them in, which is /modules. Needs neither root nor cpio.
"""

import glob
import gzip
import lzma
import os
import re
import stat
import sys

MODULES = 'sdhci-pci', 'ufshcd-pci', 'sd_mod', 'sg'

PROGRAMS = 'usr/bin/busybox', 'usr/bin/mmc', 'usr/bin/sg_raw'
LIBRARIES = ('usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1',
             'usr/lib/aarch64-linux-gnu/libc.so.6',
             'usr/lib/aarch64-linux-gnu/libsgutils2-1.48.so.2')

LINKS = {'bin': 'usr/bin', 'lib': 'usr/lib', 'usr/bin/sh': 'busybox',
         'usr/lib/ld-linux-aarch64.so.1':
         'aarch64-linux-gnu/ld-linux-aarch64.so.1'}
FOLDERS = ('dev', 'proc', 'sys', 'tmp', 'usr', 'usr/bin', 'usr/lib',
           'usr/lib/aarch64-linux-gnu', 'modules')


class Archive:
    """A cpio archive, format newc"""

    def __init__(self):
        self.data = bytearray()
        self.count = 0

    def add(self, name, mode, data=b''):
        """Add a file of any kind"""
        self.count += 1
        name = name.encode() + b'\0'
        fields = (self.count, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0,
                  len(name), 0)
        self.data += b'070701' + b''.join(b'%08x' % n for n in fields) + name
        self._align()
        self.data += data
        self._align()

    def _align(self):
        self.data += bytes(-len(self.data) % 4)

    def close(self):
        """Return: all of it"""
        self.add('TRAILER!!!', 0)
        return bytes(self.data)


def read(path):
    """Return: a file's bytes, unpacked"""
    with (lzma.open if path.endswith('.xz') else open)(path, 'rb') as file:
        return file.read()


def module_files(root):
    """Return: where the kernel's modules are, by name"""
    found = {}
    for path in glob.glob(os.path.join(root, '**', '*.ko*'), recursive=True):
        name = os.path.basename(path).partition('.')[0]
        found[name.replace('-', '_')] = path
    return found


def load_order(files, names):
    """Return: names and bytes of modules, each after those that it needs"""
    order = {}

    def visit(name):
        name = name.replace('-', '_')
        if not name or name in order or name not in files:
            return
        data = read(files[name])
        for needed in re.findall(rb'\0depends=([^\0]*)\0', data):
            for other in needed.decode().split(','):
                visit(other)
        order[name] = data

    for name in names:
        if name.replace('-', '_') not in files:
            sys.exit(f'the kernel has no module {name}')
        visit(name)
    return order


def main(root, init, out):
    """Make the archive"""
    archive = Archive()
    for name in FOLDERS:
        archive.add(name, stat.S_IFDIR | 0o755)
    for name, target in LINKS.items():
        archive.add(name, stat.S_IFLNK | 0o777, target.encode())
    for name in PROGRAMS + LIBRARIES:
        archive.add(name, stat.S_IFREG | 0o755, read(os.path.join(root, name)))
    order = load_order(module_files(root), MODULES)
    for name, data in order.items():
        archive.add(f'modules/{name}.ko', stat.S_IFREG | 0o644, data)
    archive.add('modules/order', stat.S_IFREG | 0o644,
                ''.join(f'{name}\n' for name in order).encode())
    archive.add('init', stat.S_IFREG | 0o755, read(init))
    with gzip.GzipFile(out, 'wb', compresslevel=1, mtime=0) as file:
        file.write(archive.close())


if __name__ == '__main__':
    main(*sys.argv[1:])
