# SPDX-License-Identifier: GPL-2.0-or-later
"""What demo and bench make things with that a board is given"""

import os
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _said_by(script):
    """Return: the path that a script of ours prints"""
    return subprocess.run([os.path.join(TOP, 'scripts', script)], check=True,
                          text=True, stdout=subprocess.PIPE).stdout.strip()


class Workshop:
    """Tools, keys, and a place for what is made"""

    def __init__(self, base):
        self.base = base

    def place(self, name):
        """Return: path of a folder for files"""
        return self.base + '.' + name

    def tool(self, name):
        """Return: path of a tool, ours or U-Boot's"""
        image = os.path.dirname(os.environ.get('IMAGE', '')) or TOP
        for place in ('build/tools', os.path.join(image, 'tools'),
                      'build/qemu_arm64_rpmb/tools'):
            path = os.path.join(TOP, place, name)
            if os.path.exists(path):
                return path
        raise FileNotFoundError(f'{name} is not built')

    def keys(self):
        """Return: path of the folder with the signing keys"""
        return _said_by('board-keys')

    def make(self, *args):
        """Run make on one of our makefiles"""
        subprocess.run(['make', '-s', '-C', TOP, '-f', *args], check=True,
                       stdout=subprocess.DEVNULL)

    def control_tree(self, name='board.dtb'):
        """Return: path of a control FDT, see scripts/board-tree"""
        return os.path.join(os.path.dirname(_said_by('board-tree')), name)
