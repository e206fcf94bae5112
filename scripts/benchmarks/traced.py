# SPDX-License-Identifier: GPL-2.0-or-later
"""A board whose eMMC commands QEMU traces, and somebody types at it"""

import os
import re
import shutil
import subprocess
import sys
import time

from console import Console

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
IMAGES = os.path.join(TOP, 'build', 'bench')
TRACE = os.path.join(IMAGES, 'trace')
BOARD = os.path.join(TOP, 'scripts', 'board')
BUILD = os.path.join(TOP, 'build', 'qemu_arm64_rpmb')

# A key that is no pattern: those are refused
WORDS = (0x9d3f61c8a2740be5, 0x1be84c07d6932af1,
         0x6072dfb91ec5384a, 0xf49a05236b8ed71c)

KEY, SPARE_KEY, OUT, BACK = 0x41000000, 0x41001000, 0x42000000, 0x43000000

# Commands that carry RPMB frames; the others switch the partition and poll
DATA = ('18', '23', '25')


def built(name, *sources):
    """Build another U-Boot, from nearly the configuration that is built.
    Return: its folder"""
    subprocess.run([os.path.join(TOP, 'scripts', 'build'), name, *sources],
                   check=True, env={**os.environ, 'SEED': 'qemu_arm64_rpmb'})
    return os.path.join(TOP, 'build', name)


def fresh():
    """Have an empty folder for the devices of a board"""
    shutil.rmtree(IMAGES, ignore_errors=True)
    os.makedirs(IMAGES)


def traced():
    """Return: numbers of all commands so far"""
    with open(TRACE, encoding='utf-8', errors='replace') as file:
        return re.findall(r'\bCMD0*(\d+)\b', file.read())


def tally(commands):
    """Return: (data commands, others)"""
    data = sum(command in DATA for command in commands)
    return data, len(commands) - data


class Bench:
    """A board whose eMMC commands are traced"""

    def __init__(self, image=None):
        fresh()
        self.console = Console(
            [BOARD, IMAGES, '-serial', 'stdio',
             '-d', 'trace:sdcard_normal_command', '-D', TRACE],
            env={'DEVICES': 'emmc', **({'IMAGE': image} if image else {})})

    def run(self, *commands):
        """Run commands that must succeed"""
        for command in commands:
            text, status = self.console.run(command)
            if status:
                sys.exit(f"bench: '{command}' failed:\n{text}")

    def count(self, command):
        """Return: (data commands, others) that a command causes"""
        before = len(traced())
        self.run(command)
        return tally(traced()[before:])

    def prepare(self, blocks):
        """A key on the device, in our slot and in memory for 'mmc rpmb'"""
        self.fill(blocks)
        self.run('rpmb list', f'rpmb key add 1 {KEY:x}',
                 'rpmb program-key -y 1')

    def prepare_upstream(self, blocks):
        """A key on the device and in memory"""
        self.fill(blocks)
        self.run('pci enum', 'mmc list', 'mmc dev 0 0')
        self.console.start(f'mmc rpmb key {SPARE_KEY:x}', rb'<y/N>')
        time.sleep(0.5)     # it throws away what was typed before it asks
        self.run('y')

    def fill(self, blocks):
        """Keys and data in memory"""
        for i, word in enumerate(WORDS):
            self.run(f'mw.q {KEY + 8 * i:x} {word:016x}',
                     f'mw.q {SPARE_KEY + 8 * i:x} {word:016x}')
        self.run(f'mw.l {OUT:x} 52504d42 {blocks * 64:x}')

    def count_mmc(self, blocks):
        """Return: (data commands, others) of 'mmc rpmb', per operation"""
        args = f'0 {blocks:x} {SPARE_KEY:x}'
        counts = {'write': self.count(f'mmc rpmb write {OUT:x} {args}'),
                  'read': self.count(f'mmc rpmb read {BACK:x} {args}')}
        self.run(f'cmp.b {OUT:x} {BACK:x} {blocks * 256:x}')
        return counts
