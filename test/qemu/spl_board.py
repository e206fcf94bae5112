# SPDX-License-Identifier: GPL-2.0-or-later
"""A board that begins with SPL: what it loads, from which eMMC, with which key

QEMU plays the boot ROM: it puts SPL and SPL's control FDT into RAM and starts it.
"""

import os
import re
import shutil

import host
import its
import policy
import rig
from console import READY, Console
from devices import Emmc, emmc_args, new_emmc
from locking import STOPPED
from rig import check

OUT = os.path.dirname(os.path.abspath(os.environ.get('IMAGE') or os.path.join(
    rig.TOP, 'build', 'qemu_arm64_rpmb_spl', 'u-boot.bin')))
SPL_AT = 0x50000000
UBOOT_AT = 0x44000000
RAM_AT = 0x48000000
SECTOR = 0x800          # where SPL looks for the FIT in the user area
BOOT_PARTITIONS = 2 * 0x100000
RPMB_SIZE = 0x200000
KEY = Emmc.key
LOC = 0x200
REFUSED = 'rollback: REFUSED: '
FAILED = rb'SPL: failed to boot from all boot devices'
WARNED = 'WARNING: NO ROLLBACK PROTECTION'


def index_of(value, location=LOC):
    """Return: an index of a configuration, as source"""
    text = f'rollback-index = <{value}>;'
    if location is not None:
        text += f' rollback-location = <{location:#x}>;'
    return text


def make_fit(index, *changes, key='firmware', name='uboot', absent=None):
    """Have mkimage make a FIT, with its source changed. Return: its path

    absent: an image that is taken out afterwards. Some releases' mkimage makes
            no FIT with a name of an image that is not there.
    """
    more = [its.image(absent, 'policy.dtbo', 'flat_dt')] if absent else []
    source = its.source(
        'U-Boot for SPL',
        (its.image('uboot', f'{OUT}/u-boot-nodtb.bin', 'firmware', UBOOT_AT,
                   system='u-boot'),
         its.image('tree', 'uboot.dtb', 'flat_dt'),
         its.image('more', 'policy.dtbo', 'flat_dt', RAM_AT), *more),
        (('firmware', 'uboot'), ('fdt', 'tree')), [key] if key else (),
        'description = "qemu"; ' + index)
    for old, new in changes:
        check(old in source, f"'{old}' is not in the source")
        source = source.replace(old, new)
    path = its.build(name, source, rig.tool('mkimage'),
                     host.keys() if key else None)
    if absent:
        host.run('fdtput', '-r', path, f'/images/{absent}')
    return path


def require(key, tree):
    """Have a control FDT require a key for configurations"""
    host.run(rig.tool('fdt_add_pubkey'), '-a', 'sha256,rsa2048', '-k',
                host.keys(), '-n', key, '-r', 'conf', tree)


def make_spl(with_policy=True, key='firmware'):
    """Return: the path of SPL with its control FDT behind it"""
    host.write('policy.dts', '/dts-v1/; /plugin/;\n&{/} {'
               + policy.source('mmc0') + '};\n')
    host.run('dtc', '-q', '-O', 'dtb', '-o', 'policy.dtbo', 'policy.dts')
    host.run('fdtoverlay', '-i', rig.control_tree(), '-o', 'uboot.dtb',
                'policy.dtbo')
    shutil.copy('uboot.dtb' if with_policy else rig.control_tree(), 'spl.dtb')
    # U-Boot has the key as well, to verify what it commits
    require('firmware', 'uboot.dtb')
    if key:
        require(key, 'spl.dtb')
    with open('spl.bin', 'wb') as out:
        for part in (f'{OUT}/spl/u-boot-spl-nodtb.bin',
                     f'{OUT}/spl/u-boot-spl-pad.bin', 'spl.dtb'):
            with open(part, 'rb') as file:
                out.write(file.read())
    return 'spl.bin'


def put(fit):
    """Write a FIT to where SPL looks for it"""
    with open(fit, 'rb') as file:
        content = file.read()
    with open('emmc.img', 'r+b') as file:
        file.seek(BOOT_PARTITIONS + RPMB_SIZE + SECTOR * 512)
        file.write(content)


class Board(Console):
    """The board from its start on: to the prompt, or until it gives up"""

    def __init__(self, key=None, closed=False, args=(), huk=rig.HUK):
        if huk:
            with open('huk', 'wb') as file:
                file.write(huk)
            args = [*args, '-fw_cfg', 'name=opt/rpmb/huk,file=huk']
        if closed:
            args = [*args, '-fw_cfg', 'name=opt/rpmb/closed,string=1']
        # random numbers are an instruction of this CPU
        super().__init__([
            host.script('machine'), '-cpu', 'max', '-serial', 'stdio',
            '-device',
            f'loader,file=spl.bin,addr={SPL_AT:#x},force-raw=on,cpu-num=0',
            *emmc_args(key), *args],
            ready=b'|'.join((STOPPED, READY, FAILED)), rests=True)
        print(self.banner, flush=True)

    def command(self, command, says=''):
        """Run a command that must succeed. Return: what it printed"""
        text, status = self.run(command)
        print(f'=> {command}\n{text.rstrip()}', flush=True)
        check(status == 0, f"'{command}' returned {status}")
        check(re.search(says, text), f"'{command}' did not say '{says}'")
        return text

    def reset(self):
        """Reset the board. Return: what it says until it is up, or not"""
        text = self.start('reset', READY + b'|' + FAILED)
        print(text, flush=True)
        return text


def booted(text):
    """Did U-Boot run?"""
    return bool(re.search(r'^U-Boot 20', text, re.MULTILINE))


def spl_has(board, name):
    """Return: what a variable of SPL's was, a byte, when SPL jumped"""
    with open(f'{OUT}/spl/u-boot-spl.sym', encoding='ascii') as file:
        at = re.search(rf'^([0-9a-f]+) .* {name}$', file.read(), re.MULTILINE)
    text = board.command(f'md.b {at[1]} 1')
    return int(text.split()[1], 16)


def check_boots(text, warned=False):
    """SPL must have loaded U-Boot, and warned or not"""
    check(booted(text), 'U-Boot did not start')
    check(REFUSED not in text, 'refused, and started all the same')
    check((WARNED in text) == warned, 'warned' if not warned else 'no warning')


def check_refused(why, text):
    """SPL must not have loaded U-Boot, for this reason"""
    check(not booted(text), 'U-Boot started')
    check(REFUSED + why in text, f"SPL did not say '{why}'")


def start(**kwargs):
    """Start the board. Return: what it says until it is up, or not"""
    with Board(**kwargs) as board:
        return board.banner


def store(index):
    """Have an eMMC with a key, and an index in its RPMB"""
    new_emmc()
    put(make_fit(index_of(f'{index >> 32:#x} {index & 0xffffffff:#x}')))
    with Board() as b:
        check_boots(b.banner, warned=True)
        program(b, index)


def program(board, index):
    """What the first U-Boot of an open board does: key and index"""
    board.command('rpmb dev mmc0')
    board.command('rpmb program-key -y 100', 'proven')
    board.command(f'rpmb rollback advance {LOC:x} {index:x}')
    board.command(f'rpmb rollback get {LOC:x}', f'{index:x}')


def in_ram(path):
    """Return: arguments that have a file in RAM"""
    return ['-device', f'loader,file={path},addr={RAM_AT:#x},force-raw=on']
