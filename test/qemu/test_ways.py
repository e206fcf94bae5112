# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way to the RPMB, on a closed and an open board

doc/develop/rpmb/ways.rst lists the ways; WAYS below has those of an eMMC that can be walked
here, in the same words. Whatever a way is, QEMU's trace says what came over the
bus, and the RPMB's bytes in the image whether anything was changed: QEMU's eMMC
stores blocks in its RPMB without asking who sent them.
"""

import os
import platform
import re
import subprocess
import time

import host
import rig
from devices import TRACE, Emmc
from fixtures import folder
from rig import BACK, OUT, check

SUITE = 'ways'
place = folder(SUITE)

RPMB, USER = 2 << 20, 4 << 20       # where they are in the image
RPMB_ACCESS = 3
PART_CONFIG = 179

REFUSED = 'the RPMB takes no blocks: refused'
CLOSED = 'board is closed'
STORES = 'hold rollback indexes or named records'
INDEXES = 0x100         # CONFIG_RPMB_ROLLBACK_START, in blocks of 256 bytes
STORE = INDEXES // 2    # the same in blocks of the disk

CROSS = os.environ.get('CROSS_COMPILE') or (
    '' if platform.machine() == 'aarch64' else 'aarch64-linux-gnu-')

# Functions that cmd/rpmb-mmc.c has in place of drivers/mmc/rpmb.c, and one of the
# uclass, whose name another one has there
FRONT = {'mmc_rpmb_set_key', 'mmc_rpmb_get_counter', 'mmc_rpmb_read',
         'mmc_rpmb_write', 'rpmb_route_frames'}

# Way: commands, each with what it says when it is refused
WAYS = {
    'mmc dev': [('mmc dev 0 3', REFUSED)],
    'mmc partconf': [('mmc partconf 0 0 0 3', REFUSED),
                     ('mmc partconf 0 1 1 rpmb', REFUSED),
                     ('mmc partconf 0 0 0 11', REFUSED)],
    'part': [('part list mmc 0.3', REFUSED), ('part size mmc 0.3 1 x', REFUSED)],
    'read, write': [(f'read mmc 0.3 {BACK:x} 0 1', REFUSED),
                    (f'write mmc 0.3 {OUT:x} 0 1', REFUSED)],
    'file systems': [('ls mmc 0.3', REFUSED),
                     (f'load mmc 0.3 {BACK:x} x', REFUSED),
                     (f'fatload mmc 0.3:1 {BACK:x} x', REFUSED),
                     (f'ext4load mmc 0.3 {BACK:x} x', REFUSED),
                     ('size mmc 0.3 x', REFUSED),
                     ('fstype mmc 0.3', REFUSED)],
}


class Board(rig.Board):
    """A board with QEMU's eMMC, whose user area says what it is"""

    def __init__(self, closed):
        device = Emmc()
        with open('emmc.img', 'r+b') as file:
            file.seek(USER)
            file.write(b'user area' * 0x1000)
        args = device.args
        if closed:
            args += ['-fw_cfg', 'name=opt/rpmb/closed,string=1']
        super().__init__(device, args)
        self.run('rpmb list')       # and the buses are looked at
        self.run('mmc dev 0')

    def rpmb(self):
        """Return: the bytes of the RPMB"""
        with open('emmc.img', 'rb') as file:
            file.seek(RPMB)
            return file.read(USER - RPMB)

    def bus(self):
        """Return: commands that came, as pairs of number and argument"""
        with open(TRACE, encoding='utf-8', errors='replace') as file:
            return [(int(number), int(arg, 16)) for number, arg in re.findall(
                r'\bCMD0*(\d+) arg 0x([0-9a-f]+)', file.read())]

    def untouched(self, seen, before):
        """The RPMB was not selected, has what it had, and blocks are there"""
        chosen = [arg for number, arg in self.bus()[seen:]
                  if number == 6 and arg >> 16 & 0xff == PART_CONFIG
                  and arg >> 8 & 7 == RPMB_ACCESS]
        check(not chosen, 'the RPMB was selected')
        check(self.rpmb() == before, 'the RPMB was written to')
        self.run(f'mw.b {BACK:x} 0 200')
        self.run(f'mmc read {BACK:x} 0 1', says='1 blocks read: OK')
        self.run(f'md.b {BACK:x} 9', says='user area')


def walk(closed):
    """Walk the ways that are refused everywhere"""
    with Board(closed) as b:
        for name, commands in WAYS.items():
            print(f'-- {name}')
            for command, why in commands:
                seen, before = len(b.bus()), b.rpmb()
                b.refused(command, says=why)
                b.untouched(seen, before)


def test_walk_closed():
    """Blocks: no way leads to the RPMB of a closed board"""
    walk(closed=True)


def test_walk_open():
    """Blocks: no way leads to the RPMB of an open board either"""
    walk(closed=False)


def program_frame(b):
    """Put a frame that programs a key, and a result read, into memory"""
    b.run(f'mw.b {OUT:x} 0 400')
    b.run(f'mw.l {OUT + 196:x} 5eed1234 8')
    b.run(f'mw.b {OUT + 511:x} 1')
    b.run(f'mw.b {OUT + 1023:x} 5')


def seen_cases(closed):
    """Commands behind a switch that was refused work on the old partition"""
    with Board(closed) as b:
        program_frame(b)
        for switch in ('mmc dev 0 3', 'mmc partconf 0 0 0 3',
                       'mmc partconf 0 0 0 11'):
            for command in (f'mmc write {OUT:x} 100 2',
                            f'mmc write {OUT:x} {STORE + 1:x} 1',
                            f'mmc read {BACK:x} 0 2', 'mmc erase 400 40'):
                seen, before = len(b.bus()), b.rpmb()
                text, status = b.console.run(switch)
                print(f'=> {switch}\n{text}')
                b.run(command, says='OK')
                b.untouched(seen, before)
                check(status and REFUSED in text, f"'{switch}' was not refused")
        b.run('rpmb dev mmc0')
        b.refused('rpmb write-counter none', says='no key')


def test_seen_closed():
    """A key, a block over the indexes, an erase: not to a closed board's RPMB"""
    seen_cases(closed=True)


def test_seen_open():
    """A key, a block over the indexes, an erase: not to an open board's RPMB"""
    seen_cases(closed=False)


def confirmed(b, command):
    """Run a command that asks first. Return: what it says then"""
    b.console.start(command, rb'<y/N>')
    time.sleep(0.5)     # it throws away what was typed before it asks
    text, _ = b.console.run('y')
    print(text)
    return text


def mmc_rpmb(closed):
    """Upstream's "mmc rpmb" is a front of the uclass, and comes back"""
    with Board(closed) as b:
        key, block = rig.KEY, OUT
        b.put_key(key)
        b.run('mmc dev 0 1')
        before = b.rpmb()
        text = confirmed(b, f'mmc rpmb key {key:x}')
        check((CLOSED in text) == closed, 'what it says')
        if not closed:
            b.run('mmc rpmb counter', says='counter= 0')
            b.run(f'mmc rpmb write {block:x} 0 1 {key:x}', says='OK')
            before = b.rpmb()
            for at in range(INDEXES, INDEXES + 0x10, 5):
                b.refused(f'mmc rpmb write {block:x} {at:x} 1 {key:x}',
                          says=STORES)
            b.refused(f'mmc rpmb write {block:x} {INDEXES - 1:x} 2 {key:x}',
                      says=STORES)
            b.run(f'mmc rpmb read {BACK:x} 0 1 {key:x}', says='OK')
        check(b.rpmb()[:INDEXES * 256] == before[:INDEXES * 256] or not closed,
              'the RPMB was written to')
        check(b.rpmb()[INDEXES * 256:] == before[INDEXES * 256:],
              'the stores were written to')
        b.run(f'mmc read {BACK:x} 0 1', says='OK')
        b.run('mmc dev 0')
        b.run(f'mmc read {BACK:x} 0 1', says='OK')
        b.run(f'md.b {BACK:x} 9', says='user area')


def test_mmc_rpmb_closed():
    """"mmc rpmb" on a closed board: no key, the old partition is back"""
    mmc_rpmb(closed=True)


def test_mmc_rpmb_open():
    """"mmc rpmb" on an open board: all but the blocks of the stores"""
    mmc_rpmb(closed=False)


def test_one_rpmb():
    """U-Boot's own frames (drivers/mmc/rpmb.c) are not in the image"""
    elf = os.path.join(os.path.dirname(rig.image()), 'u-boot')
    names = subprocess.run([CROSS + 'nm', '--defined-only', elf], check=True,
                           text=True, stdout=subprocess.PIPE).stdout
    there = {line.split()[-1] for line in names.splitlines()}
    # ours has these names for "mmc rpmb", and upstream's file others beside them
    check({'mmc_rpmb_read', 'mmc_rpmb_claim'} <= there, 'no names at all')
    source = host.read(os.path.join(host.UBOOT, 'drivers', 'mmc',
                                    'rpmb.c')).decode()
    upstreams = set(re.findall(r'^(?:static )?(?:int|unsigned short|u16|void) '
                               r'\*?(\w+)\(', source, re.M))
    check('mmc_rpmb_route_frames' in upstreams and len(upstreams) > 5,
          f'what drivers/mmc/rpmb.c has: {upstreams}')
    check(there & upstreams <= FRONT, f'in the image: {there & upstreams}')


def test_resize():
    """A closed board does not tell its eMMC another size of the RPMB"""
    # later releases ask whose chip it is, and have nothing for QEMU's
    asks = b'Unsupported manufacturer id' in host.read(
        os.path.join(host.UBOOT, 'drivers', 'mmc', 'mmc_boot.c'))
    for closed in True, False:
        with Board(closed) as b:
            seen = len(b.bus())
            b.refused('mmc bootpart-resize 0 1 2', says=CLOSED if closed else
                      'Unsupported manufacturer id' if asks else
                      'change Failed')
            sent = [number for number, _ in b.bus()[seen:] if number == 62]
            check(bool(sent) == (not closed and not asks), 'what was sent')


def test_virtio_id():
    """No other driver has the id of the virtio RPMB"""
    names = []
    for at, _, files in os.walk(os.path.join(host.UBOOT, 'drivers')):
        for name in files:
            if name.endswith('.c'):
                path = os.path.join(at, name)
                with open(path, encoding='utf-8', errors='replace') as file:
                    if 'VIRTIO_RPMB_DRV_NAME' in file.read():
                        names.append(name)
    check(sorted(names) == ['virtio-uclass.c', 'virtio_rpmb.c'], names)
