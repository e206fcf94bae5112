# SPDX-License-Identifier: GPL-2.0-or-later
"""What starts code on a board with a policy

Each way is tried on an open board and on a closed one, with something that would
run: it must be refused, and nothing of it runs. What bootm has verified runs,
also where it is an ELF or EFI program. Without the policy's node all of it runs
as it always did. The image is that of
configs/qemu_arm64_rpmb_commit_defconfig, which has smc and hvc as well.
"""

import os
import re

import its
import rig
from android import boot_image
from devices import DERIVED, Emmc, loader
from fixtures import folder
from host import keys, run
from releases import Releases
from rig import check
from workshop import Workshop

SUITE = 'start'
place = folder(SUITE, board='qemu_arm64_rpmb_commit')

RUNNING = rb'\n(payload: running|release \d is running|Hello, world)'
NO_SIGNATURE = 'starts what no signature covers'
OLD = 'the image is older than what has been booted before'

# Where things are in memory
BIN, ELF, EFI = 0x50000000, 0x50100000, 0x50200000
LEGACY, ANDROID, SCRIPT = 0x50300000, 0x50400000, 0x50500000
UNSIGNED, SIGNED_ELF, SIGNED_EFI = 0x50600000, 0x50700000, 0x50800000
OLDEST, NEWER = 0x50900000, 0x50a00000

# How it is tried, and why it is refused
WAYS = {
    'go': (f'go {BIN:x}', "'go' " + NO_SIGNATURE),
    'booti': (f'booti {BIN:x} - ${{fdtcontroladdr}}',
              "'booti' " + NO_SIGNATURE),
    'bootz': (f'bootz {BIN:x} - ${{fdtcontroladdr}}',
              "'bootz' " + NO_SIGNATURE),
    'bootelf': (f'bootelf {ELF:x}', "'bootelf' " + NO_SIGNATURE),
    'bootelf_p': (f'bootelf -p {ELF:x}', "'bootelf' " + NO_SIGNATURE),
    'bootvx': (f'bootvx {ELF:x}', "'bootvx' " + NO_SIGNATURE),
    'bootefi': (f'bootefi {EFI:x}:1000', "'StartImage' " + NO_SIGNATURE),
    'bootefi_hello': ('bootefi hello', "'StartImage' " + NO_SIGNATURE),
    'smc': ('smc 84000000', "'smc' " + NO_SIGNATURE),
    'hvc': (f'hvc c4000003 1 {BIN:x} 0', "'hvc' " + NO_SIGNATURE),
    'legacy': (f'bootm {LEGACY:x} - ${{fdtcontroladdr}}',
               'an image in the old format'),
    'android': (f'bootm {ANDROID:x}', 'an Android image'),
    'source': (f'source {SCRIPT:x}', 'an image in the old format'),
    'unsigned': (f'bootm {UNSIGNED:x}', 'Failed to verify required'),
    'old': (f'bootm {OLDEST:x}', OLD),
    'image': (f'bootm {NEWER:x}:os', 'an image was asked for by its name'),
    'ramdisk': (f'bootm {NEWER:x} {BIN:x}:100',
                'the ramdisk is not from a FIT'),
    'loados': (f'bootm start {NEWER:x} && bootm loados',
               'does not boot step by step'),
}

# Who made what, once for all tests
made = {}


def program(name, system, data, load):
    """Return: the path of a signed FIT with a program for another OS"""
    images = [its.image('os', data, 'kernel', load, system=system)]
    props = [('kernel', 'os')]
    # what bootm would not load must not be named: it takes no tree for ELF
    if system != 'elf':
        images.append(its.image('tree', rig.payload() + '.dtb', 'flat_dt'))
        props.append(('fdt', 'tree'))
    return its.build(name, its.source(
        name, images, props, ('os',),
        'compatible = "linux,dummy-virt"; rollback-index = <0 2>;'),
        rig.tool('mkimage'), keys())


def legacy(kind, data):
    """Return: the path of an image in the old format"""
    path = kind + '.img'
    run(rig.tool('mkimage'), '-A', 'arm64', '-O', 'linux', '-T', kind,
                '-C', 'none', '-a', '44000000', '-e', '44000000', '-d', data,
                path)
    return path


def things():
    """Return: arguments that have all of it in memory, and the vendor"""
    if made:
        return made['args'], made['vendor']
    payload = rig.payload()
    efi = os.path.join(os.path.dirname(rig.IMAGE), 'lib', 'efi_loader',
                       'helloworld.efi')
    with open('script', 'w', encoding='ascii') as file:
        file.write(f'go {BIN:x}\n')
    with open('android.img', 'wb') as file, open(payload + '.bin',
                                                 'rb') as kernel:
        file.write(boot_image(kernel.read(), 0x44000000))
    made['vendor'] = Releases(Workshop(os.path.abspath('shop')), False)
    made['args'] = []
    for path, address in (
            (payload + '.bin', BIN), (payload + '.elf', ELF), (efi, EFI),
            (legacy('kernel', payload + '.bin'), LEGACY),
            ('android.img', ANDROID), (legacy('script', 'script'), SCRIPT),
            (payload + '.itb', UNSIGNED),
            (os.path.join(made['vendor'].place, '1', 'os.itb'), OLDEST),
            (os.path.join(made['vendor'].place, '2', 'os.itb'), NEWER),
            (program('elf', 'elf', payload + '.elf', 0x46000000), SIGNED_ELF),
            (program('efi', 'efi', efi, 0x46000000), SIGNED_EFI)):
        made['args'] += loader(path, address)
    return made['args'], made['vendor']


class Board(rig.Board):
    """A board with all of it in memory"""

    def __init__(self, closed=False, used=True, policy=True):
        args, vendor = things()
        device = Emmc(used)
        args = [*device.args, *args]
        if closed:
            args += ['-fw_cfg', 'name=opt/rpmb/closed,string=1']
        tree = vendor.tree('mmc0') if policy else \
            vendor.t.control_tree('board-os.dtb')
        super().__init__(device, [*args, '-dtb', tree])
        self.run('setenv autostart yes; setenv bootaddr 47000000; '
                 'setenv bootargs nothing; setenv fdt_high')

    def is_refused(self, command, why):
        """It comes back to the prompt, failed, and nothing has run"""
        text = self.refused(command, says=re.escape(why))
        check('running' not in text and 'Hello' not in text and
              'the script runs' not in text, 'it ran')

    def starts(self, command):
        """Something runs"""
        said = self.console.start(command, RUNNING + rb'|\n=> \Z')
        print(said + self.console.matched, flush=True)
        check('=> ' not in self.console.matched, f"'{command}' starts nothing")


def provisioned():
    """An open board gets its key and an index"""
    with Board(used=False) as b:
        b.run('rpmb dev mmc0')
        b.run(f'rpmb program-key -y {DERIVED}')
        b.run('rpmb rollback advance 100 2')


def ways(closed):
    """Everything that starts code and is not verified is refused"""
    provisioned()
    with Board(closed=closed) as b:
        for name, (command, why) in WAYS.items():
            print(f'-- {name}', flush=True)
            b.is_refused(command, why)
        b.starts(f'bootm {NEWER:x}')


def test_open():
    """An open board refuses all that is not verified, and boots the rest"""
    ways(False)


def test_closed():
    """A closed board refuses all that is not verified, and boots the rest"""
    ways(True)


def test_programs():
    """A verified FIT may hold an ELF or an EFI program"""
    provisioned()
    for where in SIGNED_ELF, SIGNED_EFI:
        with Board(closed=True) as b:
            b.starts(f'bootm {where:x}')


# What the command says when a design has come as far as to an FPGA, which is not
# there
NO_FPGA = 'Invalid device number'


def test_fpga():
    """fpga loadmk takes a design from a signed, new enough configuration alone"""
    provisioned()
    for closed in False, True:
        with Board(closed=closed) as b:
            for what, why in ((f'{UNSIGNED:x}:linux', 'not signed as it must be'),
                              (f'{OLDEST:x}:os', OLD)):
                text = b.refused(f'fpga loadmk 0 {what}', says=why)
                check(NO_FPGA not in text, 'it came to the FPGA')
            b.refused(f'fpga loadmk 0 {NEWER:x}:os', says=NO_FPGA)
    with Board(policy=False, used=False) as b:
        b.refused(f'fpga loadmk 0 {UNSIGNED:x}:linux', says=NO_FPGA)


def test_no_node():
    """Without a policy they start what they always did"""
    for name in 'go', 'booti', 'bootelf', 'bootvx', 'bootefi_hello', \
            'legacy', 'source':
        with Board(policy=False, used=False) as b:
            b.starts(WAYS[name][0])
