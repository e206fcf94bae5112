# SPDX-License-Identifier: GPL-2.0-or-later
"""A unique key that cannot be locked

A closed board stops where the ratchet turns, an open one says so and goes on.
The lock hook fails, or lies: opt/rpmb/lock-fails and opt/rpmb/lock-lies. Or the
unique key cannot be read, which is no proof of a lock either. A closed board
comes to a hand-over with its unique key unlocked only when a token has opened
it; that is no leave to show the key.
"""

import os
import re
import struct
import zlib

import pytest

from console import READY
from devices import Emmc, Virtio, loader
from fixtures import BOTH_MODELS, folder, on_each
from locking import CLOSED, FAULTS, STOPPED, UNLOCKED
from memsearch import RAM_BASE
from releases import Releases
from rig import HUK, check
from tokens import OPEN, RMA, prepare, sign_token, token, tree
from watched import ELF, GO, OWN, RUNNING, Board
from workshop import Workshop

SUITE = 'lock'
place = folder(SUITE, *BOTH_MODELS)

HELLO = rb'Hello, world'

# A closed board that has an answer to these is none that stopped
TYPED = b'\3\r\r' + f'go {GO:x}\r'.encode() + b'\3reset\r'
SECONDS = 2
SPIN = 0x14000000       # the instruction that jumps to itself

TOO_LONG = HUK + HUK + b'\1'    # none that can be read
EMSGSIZE = -90

# Commands that hand over, and what comes of them without a policy
SIGNED = 0x50000000
WAYS = {'go': (f'go {GO:x}', RUNNING),
        'booti': (f'booti {GO:x} - ${{fdtcontroladdr}}', RUNNING),
        'bootelf': (f'bootelf {ELF:x}', RUNNING),
        'bootvx': (f'bootvx {ELF:x}', RUNNING),
        'bootefi': ('bootefi hello', HELLO),
        'bootm': (f'bootm {SIGNED:x}', RUNNING),
        'reset': ('reset', rb'\nU-Boot 20')}
ENV_SIZE, FLASH_SIZE = 0x40000, 64 << 20
SETUP = ('setenv autostart yes; setenv bootaddr 47000000; '
         'setenv bootargs nothing')


class Lock(Board):
    """A board that cannot lock its unique key, up to its prompt or its stop"""

    def __init__(self, kind, args, **how):
        super().__init__(kind, *args, ready=b'|'.join(
            (STOPPED, RUNNING, READY)), **how)
        self.said = self.console.banner
        print(self.said, flush=True)

    def hand_over(self, way):
        """Hand over. Return: whether what was started ran"""
        command, runs = WAYS[way]
        self.said = self.console.start(
            command, b'|'.join((STOPPED, runs, READY)))
        print(self.said, flush=True)
        return bool(re.fullmatch(runs.decode(), self.console.matched))

    def stopped(self):
        """Did it stop?"""
        return self.console.matched == STOPPED.decode()

    def runs_payload(self):
        """Has the payload been started?"""
        return bool(re.fullmatch(RUNNING.decode(), self.console.matched))

    def warns(self, error):
        """It says what is the matter"""
        check(re.search(UNLOCKED % error, self.said, re.MULTILINE),
              'it did not say that the lock failed')

    def stays_stopped(self, error):
        """It said why, it is silent, it runs in place, and has no secret"""
        check(self.stopped(), 'it did not stop')
        self.warns(error)
        check(re.search(CLOSED, self.said, re.MULTILINE),
              'it did not say that the board is closed')
        said = self.console.silent(TYPED, SECONDS)
        check(not said, f"it said '{said}'")
        self.runs_in_place()
        self.holds_none(go_on=False)

    def runs_in_place(self):
        """The processor is at an instruction that jumps to itself"""
        self.monitor.execute('stop')
        registers = self.ask('info registers')
        pc = int(re.search(r'PC=([0-9a-f]{16})', registers)[1], 16)
        word = int(self.ask(f'x /1wx {pc:#x}').split()[-1], 16)
        check(pc > RAM_BASE and word == SPIN, f'{word:#x} at {pc:#x}')

    def ask(self, line):
        """Return: what QEMU's monitor answers"""
        return self.monitor.execute('human-monitor-command',
                                    **{'command-line': line})

    def is_open(self):
        """It has a prompt, and the ratchet has not turned"""
        check(not self.stopped(), 'it stopped')
        check('cannot be locked' not in self.said, 'it locked too early')
        self.run(f'rpmb dev {self.device.name}')
        self.run('rpmb get-info', says='^board: +open')


def policy(kind):
    """Return: arguments for a rollback policy: keys are used at each start"""
    return ['-dtb', tree(kind)]


def script():
    """Return: arguments for an environment that says what the payload does"""
    text = b'bootdelay=0\0bootcmd=echo payload: running\0\0'
    data = text.ljust(ENV_SIZE - 4, b'\0')
    with open('flash.img', 'wb') as file:
        file.write(struct.pack('<I', zlib.crc32(data)) + data)
        file.truncate(FLASH_SIZE)
    return ['-drive', 'if=pflash,unit=1,format=raw,file=flash.img']


@on_each
def test_closed(kind):
    """A closed board stops before its first script"""
    prepare(kind)
    for args, error in *FAULTS, ([], 0):
        args = [*policy(kind), *script(), *args]
        with Lock(kind, args, closed=True, used=True) as b:
            check(b.runs_payload() == (not error), 'the script went ahead'
                  if error else 'the script does not do what it should')
            if error:
                b.stays_stopped(error)
                check(not b.device.sent_key(), 'a key was sent')


def release():
    """Return: the path of a control FDT, and arguments for a FIT that boots"""
    vendor = Releases(Workshop(os.path.abspath('shop')), False)
    path = vendor.sign(0x99, "'-DSAYS=\"payload: running\"'")
    base = vendor.t.control_tree('board-os.dtb')
    return ['-dtb', tree(Virtio, base=base), *loader(path, SIGNED)]


# with a policy, which tokens need, there are no other ways: test_start.py
@pytest.mark.parametrize('way', ('bootm', 'reset'))
def test_opened(way):
    """Opened by a token, a closed board stops at a hand-over"""
    dev_id, counter = prepare(Virtio)
    known = release()
    for args, error in *FAULTS, ([], 0):
        fit = sign_token(token('rma', Virtio, dev_id, counter, RMA))
        args = [*known, *args, '-fw_cfg',
                f'name=opt/rpmb/token,file={fit}']
        counter += 1
        with Lock(Virtio, args, closed=True, used=True) as b:
            check(re.search(OPEN, b.said, re.MULTILINE), 'it is not open')
            b.is_open()
            b.run(SETUP)
            ran = b.hand_over(way)
            check(ran == (not error), 'it ran' if ran else 'it did not run')
            if error:
                b.stays_stopped(error)


@pytest.mark.parametrize('way', [way for way in WAYS if way != 'bootm'])
def test_open_board(way):
    """An open board warns and goes on"""
    for args, error in FAULTS:
        with Lock(Virtio, args) as b:
            b.run(f'mw.b {OWN:x} 0 40')
            b.is_open()
            b.use_derived()
            b.run(SETUP)
            check(b.hand_over(way), 'it did not run')
            b.warns(error)
            check(not re.search(CLOSED, b.said, re.MULTILINE),
                  'it takes itself for closed')
            if way != 'reset':
                b.holds_none(go_on=False)


def test_unreadable():
    """A unique key that could not be read before is not proven locked"""
    with Lock(Emmc, [], closed=True, huk=TOO_LONG) as b:
        b.stays_stopped(EMSGSIZE)
    with Lock(Emmc, [], huk=TOO_LONG) as b:
        b.is_open()
        check(b.hand_over('go'), 'it did not run')
        b.warns(EMSGSIZE)
