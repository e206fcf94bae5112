# SPDX-License-Identifier: GPL-2.0-or-later
"""A board that commits by itself: two slots on QEMU's eMMC, and what it boots"""

import os
import re

import rig
from android import write_disk
from avb_slots import USER, USER_SIZE
from console import READY
from devices import DERIVED, REVOKED, Emmc
from host import run
from locking import STOPPED
from memsearch import Search, secrets_of
from releases import Releases
from rig import check
from workshop import Workshop

RUNNING = rb'\nrelease (\d) is running'
OLD = 'the image is older than what has been booted before'
ADDRESS_A, ADDRESS_B = 0x48000000, 0x4a000000
LESS_WANTED = 14, 7, True, False        # successful, and the other one is tried
# Who made what, once for all tests
made = {}


def vendor():
    """Return: releases 1, 2, 3 that stay once they run, and control FDTs"""
    if not made:
        made['vendor'] = Releases(Workshop(os.path.abspath('shop')), False)
    return made['vendor']


def release(version):
    """Return: the FIT of a release"""
    vendor()
    with open(os.path.join('shop.vendor', str(version), 'os.itb'),
              'rb') as file:
        return file.read()


def slots(a, b, metadata):
    """Return: a disk with the FITs of two slots, and their metadata"""
    return {'misc': metadata, 'os_a': a, 'os_b': b}


class Board(rig.Board):
    """A board from its start on, until a release runs or the prompt is there"""

    ENDS = 0, 3     # a UFS device whose power was cut ends with 3

    def __init__(self, kind, disk=None, closed=True, used=True, fault=None,
                 args=(), command=None, variables=None, **claims):
        device = kind(used)
        if fault:
            device.tell('fault ' + fault)
        args = [*device.args, *args]
        if not issubclass(kind, Emmc):
            args += Emmc(used).args
        if disk:
            write_disk('emmc.img', USER, USER_SIZE, disk, **claims)
        if closed:
            args += ['-fw_cfg', 'name=opt/rpmb/closed,string=1']
        tree = vendor().tree(kind.name.split(':')[0])
        if command:     # the control FDT's is as good as the built-in one
            run('fdtput', '-p', '-t', 's', tree, '/config', 'bootcmd',
                command)
        for name, value in (variables or {}).items():
            run('fdtput', '-p', '-t', 's', tree, '/config/environment', name,
                value)
        super().__init__(device, [*args, '-dtb', tree],
                         ready=b'|'.join((READY, RUNNING, STOPPED)))
        self.search = Search(secrets_of({'derived key': device.key}, rig.HUK))
        print(self.console.banner + self.console.matched, flush=True)

    def holds_none(self):
        """Nothing of any key is in RAM"""
        self.console.rest()
        finds = self.search.in_ram(self.console.proc.pid)
        check(not finds, '\n'.join(map(str, finds)))
        print('no secret in RAM')

    def said(self, text):
        """The board said this by itself"""
        check(text in self.console.banner, f"the board did not say '{text}'")

    def not_said(self, text):
        """It did not say this"""
        check(text not in self.console.banner, f"the board said '{text}'")

    def committed(self, index):
        """The boot command committed this index, or none"""
        found = re.findall(r'rollback index 0x100: (?:0x)?(\w+), committed',
                           self.console.banner)
        wanted = [] if index is None else [f'{index:x}']
        check(found == wanted, f'{found or "nothing"} was committed')

    def runs(self, version):
        """A release runs, and finds no key"""
        check(f'release {version} is running' in self.console.matched,
              f'release {version} does not run')
        self.holds_none()

    def stopped(self, error):
        """Nothing runs, and there is no prompt: it says why"""
        check(self.console.matched == STOPPED.decode(), 'it did not stop')
        self.said(f'secret cannot be locked (error {error})')
        self.holds_none()

    def wrote(self, count):
        """So many authenticated writes have reached the RPMB"""
        done = self.device.sent_key() if isinstance(self.device, Emmc) else \
            sum(n for name, n in self.device.stats().items()
                if name.split('.')[-1] == 'written')
        check(done == count, f'{done} writes, not {count}')

    def is_at_the_prompt(self, index, address=ADDRESS_B):
        """Nothing runs. There is a prompt, no key, and this index

        address: of a release that could be committed, were there a key
        """
        check('=> ' in self.console.matched, 'there is no prompt')
        self.holds_none()
        self.run('rpmb rollback get 100', says=f': {index:#x}$')
        self.run(f'rpmb dev {self.device.name}')
        self.refused(f'rpmb write-counter {DERIVED}', says=REVOKED)
        self.refused(f'rpmb rollback commit {address:x}', says=REVOKED)
        self.refused('rpmb rollback advance 100 9', says='the board is closed')
        self.run('rpmb rollback get 100', says=f': {index:#x}$')
