# SPDX-License-Identifier: GPL-2.0-or-later
"""A locked board commits, boots, and forgets its keys

The image is that of configs/qemu_arm64_rpmb_locked_defconfig: its environment is
built in, and so is the boot command, which commits as Android's A/B metadata
say and boots what 'bcb ab_select' chooses. Nothing is typed before that. Two
slots lie on QEMU's eMMC; the RPMB is the same eMMC's, or that of our UFS or
virtio device. What is shown is what the board does by itself, on a closed board
above all.
"""

import os
import shutil

import host
import hostile
import its
import rig
from android import SUCCESSFUL, TRIAL, UNBOOTABLE, boot_image, misc
from avb_slots import SYSTEM, slot
from console import ConsoleError
from devices import DERIVED, Emmc, Ufs, Virtio
from fixtures import BOTH_MODELS, folder, on_each, on_models
from host import keys, run
from locking import FAULTS
from rig import check
from slots import ADDRESS_A, ADDRESS_B, LESS_WANTED, OLD, Board, release, slots

SUITE = 'locked-board'
place = folder(SUITE, *BOTH_MODELS, board='qemu_arm64_rpmb_locked')


def provisioned(kind, index=1):
    """A device with its key and an index: an open board, and nothing to boot"""
    with Board(kind, closed=False, used=False) as b:
        b.said('mmc0(part 0) is current device')
        b.run(f'rpmb dev {b.device.name}')
        b.run(f'rpmb program-key -y {DERIVED}')
        b.run(f'rpmb rollback advance 100 {index:x}')


@on_each
def test_life(kind):
    """An update is tried, proves itself and is committed; there is no way back"""
    provisioned(kind)
    old, new, newer = release(1), release(2), release(3)
    for disk, index, version, writes in (
            # release 1 works, 2 is new: it runs, and 1 must still be able to
            (slots(old, new, misc(LESS_WANTED, TRIAL)), 1, 2, 0),
            # 2 does not answer for itself: back to 1
            (slots(old, new, misc(SUCCESSFUL, UNBOOTABLE)), 1, 1, 0),
            # 2 works as well: still, 1 must be able to boot
            (slots(old, new, misc(LESS_WANTED, SUCCESSFUL)), 1, 2, 0),
            # slot _a is about to be overwritten: 2 it is from now on
            (slots(old, new, misc(UNBOOTABLE, SUCCESSFUL)), 2, 2, 1),
            (slots(old, new, misc(UNBOOTABLE, SUCCESSFUL)), 2, 2, 0),
            # half of an update is nobody's concern as long as it cannot boot
            (slots(newer[:4096], new, misc(UNBOOTABLE, SUCCESSFUL)), 2, 2, 0)):
        with Board(kind, disk) as b:
            b.committed(index)
            b.runs(version)
            b.wrote(writes)
    # somebody with the disk in hand puts release 1 back, and asks for it
    with Board(kind, slots(old, newer, misc(SUCCESSFUL, UNBOOTABLE))) as b:
        b.committed(None)
        b.said(OLD + ': its index is 0x1, the device holds 0x2')
        b.is_at_the_prompt(2)
        b.wrote(0)
    with Board(kind, slots(old, newer, misc(UNBOOTABLE, TRIAL))) as b:
        b.committed(None)
        b.runs(3)
        b.wrote(0)


def test_nothing_proved():
    """Without a slot that works nothing is committed, and all is checked"""
    provisioned(Emmc)
    both = release(2), release(3)
    for metadata in misc(TRIAL, UNBOOTABLE), bytes(4096), misc():
        with Board(Emmc, slots(*both, metadata)) as b:
            b.committed(None)
            b.wrote(0)
            if metadata == misc():
                b.not_said('nothing to commit')
                b.is_at_the_prompt(1)
            else:
                b.said('nothing to commit')
                b.runs(2)


def test_not_verified():
    """A slot that could boot and is not verified holds the index where it is"""
    provisioned(Emmc)
    forged = release(3).replace(b'release 3 is', b'release 4 is')
    with Board(Emmc, slots(release(2), forged,
                           misc(SUCCESSFUL, LESS_WANTED))) as b:
        b.committed(None)
        b.said("an image's data are not those that were signed")
        b.runs(2)
        b.wrote(0)
    with Board(Emmc, slots(release(2), forged,
                           misc(LESS_WANTED, SUCCESSFUL))) as b:
        b.committed(None)
        b.is_at_the_prompt(1, ADDRESS_A)


def test_last_try():
    """An update on its last try is not locked out by the commit before it"""
    provisioned(Emmc)
    both = release(3), release(2)
    for tries in 2, 1:
        with Board(Emmc, slots(*both, misc(
                LESS_WANTED, (15, tries, False, False)))) as b:
            b.committed(2)
            b.runs(2)
    # it has failed: what is older than release 3 boots no more
    with Board(Emmc, slots(*both, misc(
            LESS_WANTED, (15, 0, False, False)))) as b:
        b.committed(3)
        b.runs(3)


def test_one_slot():
    """A slot boots whose neighbour cannot be read"""
    provisioned(Emmc)
    disk = slots(release(2), release(3), misc(SUCCESSFUL, UNBOOTABLE))
    del disk['os_b']
    with Board(Emmc, disk) as b:
        b.committed(2)
        b.runs(2)


def test_hostile():
    """A slot that was made to hang its reader is refused, and the other boots"""
    provisioned(Emmc)
    for name, blob in hostile.worst().items():
        print(f'{name}:', flush=True)
        with Board(Emmc, slots(blob, release(3), misc(
                (15, 1, False, False), (14, 7, True, False)))) as b:
            b.committed(None)
            check('=> ' in b.console.matched, 'something runs')
            b.refused(f'bootm {ADDRESS_A:x}',
                      says='no sound FIT|more in this FIT|Wrong Image Type')
    # it was the last try
    with Board(Emmc, slots(blob, release(3), misc(
            (15, 0, False, False), (14, 7, True, False)))) as b:
        b.committed(3)
        b.runs(3)


def parts(name, index=2, key='os', algo='sha256'):
    """Return: the path of a FIT with an image that is named, and one that is not"""
    with open('part.bin', 'wb') as file:
        file.write(b'part' * 64)
    with open('parts.its', 'w', encoding='ascii') as file:
        file.write(its.source(
            'parts', (its.image('part', 'part.bin', 'standalone', algo=algo),
                      its.image('stray', 'part.bin', 'standalone')),
            (('loadables', 'part'),), [key] if key else (),
            f'rollback-index = <{index}>;'))
    run(rig.tool('mkimage'), '-f', 'parts.its',
                *(['-k', keys()] if key else []), name)
    return name


def test_imxtract():
    """imxtract takes images of signed, new enough configurations alone"""
    provisioned(Emmc, 2)
    with open(parts('good.itb'), 'rb') as file:
        damaged = file.read().replace(b'part' * 64, b'pbrt' + b'part' * 63)
    with open('damaged.itb', 'wb') as file:
        file.write(damaged)
    cases = (
        ('good.itb', 'part', None),
        ('good.itb', 'stray', 'an image is part of no configuration'),
        ('damaged.itb', 'part', 'Bad Data Hash'),
        (parts('old.itb', 1), 'part', OLD),
        (parts('unsigned.itb', key=None), 'part', 'not signed as it must be'),
        (parts('other.itb', key='factory'), 'part',
         'not signed as it must be'),
        (parts('weak.itb', algo='crc32'), 'part',
         'an image has no SHA-256 or better'))
    files = sorted({file for file, _, _ in cases})
    at = {file: 0x50000000 + number * 0x100000
          for number, file in enumerate(files)}
    args = [word for file in files for word in (
        '-device', f'loader,file={file},addr={at[file]:#x},force-raw=on')]
    with Board(Emmc, command='true', args=args) as b:
        for file, image, why in cases:
            b.run('mw.b 44000000 5a 100; mw.b 44001000 5a 100')
            command = f'imxtract {at[file]:x} {image} 44000000'
            if why:
                b.refused(command, says=why)
                b.run('cmp.b 44000000 44001000 100', says='were the same')
            else:
                b.run(command, says='OK')
                b.refused('cmp.b 44000000 44001000 100', says='byte at 0x44000000')
        b.run('setenv verify n')
        b.refused(f"imxtract {at['good.itb']:x} part 44000000",
                  says='signatures are not checked')


def test_android():
    """The header of an Android image moves nothing, and says nothing"""
    provisioned(Emmc)
    where = 0x50000000
    image = boot_image(b'\x5a' * 4096, where, says=b'init=/bin/sh')
    with Board(Emmc, slots(image, release(3), misc(SUCCESSFUL))) as b:
        b.committed(None)
        b.said('there is no FIT')
        b.said('Wrong Image Type for bootm command')
        check('=> ' in b.console.matched, 'something runs')
        text = b.run(f'md.b {where:x} 10')
        check('5a' not in text, 'the image was moved')
        b.refused('printenv bootargs', says='not defined')


def vendor_fit(source):
    """Have a FIT of the vendor's, made of what is in release 2"""
    release(2)
    shutil.copy(its.build('x', source, rig.tool('mkimage'), keys(),
                          os.path.join('shop.vendor', '2')), 'x.itb')


def x_fit():
    """Return: what is in the FIT now"""
    with open('x.itb', 'rb') as file:
        return file.read()


IMAGES = (its.image('os', 'payload.bin', 'kernel', 0x44000000),
          its.image('tree', 'payload.dtb', 'flat_dt'))
OURS = 'compatible = "linux,dummy-virt"; rollback-index = <0 2>;'


def test_other_board():
    """A commit is for the configuration that boots, not for the default one"""
    provisioned(Emmc)
    source = its.source('two boards', IMAGES, (
        ('kernel', 'os'), ('fdt', 'tree')), ('os',), OURS)
    begin, end = source.index('\t\tconf {'), source.rindex('\t};\n};')
    other = source[begin:end].replace('conf {', 'other {').replace(
        'linux,dummy-virt', 'vendor,other').replace('<0 2>', '<0 9>')
    vendor_fit(source[:end] + other + source[end:])
    run('fdtput', '-t', 's', 'x.itb', '/configurations', 'default',
                'other')
    for _ in range(2):
        with Board(Emmc, slots(x_fit(), b'', misc(SUCCESSFUL))) as b:
            b.committed(2)
            b.runs(2)


def takes_the_default():
    """Return: does bootm take the default where no configuration is for the board?"""
    return 'ret != -EINVAL' in host.read(
        os.path.join(host.UBOOT, 'boot', 'image-fit.c')).decode()


def test_no_board():
    """A signed FIT of another board alone raises nothing, if bootm does not take it"""
    provisioned(Emmc)
    vendor_fit(its.source('other board', IMAGES, (
        ('kernel', 'os'), ('fdt', 'tree')), ('os',), OURS.replace(
            'linux,dummy-virt', 'vendor,other')))
    if takes_the_default():
        with Board(Emmc, slots(x_fit(), b'', misc(SUCCESSFUL))) as b:
            b.committed(2)
            b.runs(2)
        return
    with Board(Emmc, slots(x_fit(), b'', misc(SUCCESSFUL)),
               closed=False) as b:
        b.committed(None)
        b.said('no configuration is for this board')
        b.refused(f'rpmb rollback commit {ADDRESS_A:x}',
                  says='no configuration is for this board')
        b.run('rpmb rollback get 100', says=': 0x1$')


def test_no_kernel():
    """A signed script is no slot's image"""
    provisioned(Emmc)
    vendor_fit(its.source('a script', (its.image('s', 'payload.dtb', 'script'),
                                       IMAGES[1]),
                          (('script', 's'), ('fdt', 'tree')), ('os',), OURS))
    with Board(Emmc, slots(x_fit(), release(3), misc(SUCCESSFUL))) as b:
        b.committed(None)
        b.said('the configuration has no kernel')
        b.is_at_the_prompt(1)


def test_data_outside():
    """Data outside of the FIT lie where the disk wants: neither is done"""
    provisioned(Emmc)
    vendor_fit(its.source('one', IMAGES, (
        ('kernel', 'os'), ('fdt', 'tree')), ('os',), OURS))
    good = x_fit()
    run(rig.tool('mkimage'), '-E', '-F', 'x.itb')
    with Board(Emmc, slots(x_fit(), b'', misc(SUCCESSFUL))) as b:
        b.committed(None)
        b.said("an image's data are outside of the FIT")
        check('=> ' in b.console.matched, 'something runs')
        b.wrote(0)
    with Board(Emmc, slots(good, b'', misc(SUCCESSFUL))) as b:
        b.committed(2)
        b.runs(2)


def test_partition_table():
    """However large the table says that a slot is: no more of it is read"""
    provisioned(Emmc)
    disk = slots(release(2), release(3), misc(SUCCESSFUL, SUCCESSFUL))
    for claim in 1, 0x100, 0x7000, 0x100000:
        with Board(Emmc, disk, os_a=claim, os_b=claim) as b:
            b.said('MMC read: dev # 0, block # 192, count 128 ... 128 blocks')
            b.said('MMC read: dev # 0, block # 320, count 128 ... 128 blocks')
            b.committed(2)
            b.runs(2)


def test_blank():
    """A closed board without an index, or without a key, boots nothing"""
    disk = slots(release(2), release(3), misc(SUCCESSFUL, SUCCESSFUL))
    with Board(Emmc, disk, used=False) as b:
        b.committed(None)
        check('=> ' in b.console.matched, 'there is no prompt')
        b.said('the RPMB says that it has no key')
        b.wrote(0)
    with Board(Emmc, disk) as b:
        b.committed(None)
        check('=> ' in b.console.matched, 'there is no prompt')
        b.said('no rollback index has ever been stored')
        b.wrote(0)
        b.holds_none()


def test_avb():
    """Android's indexes are committed on a closed board, by one write for both"""
    provisioned(Emmc)
    commit = ('rpmb list; avb init 0; bcb ab_select slot mmc 0#misc; '
              'avb commit_ab && avb verify _${slot}; avb read_rb 0; '
              f'avb read_rb {SYSTEM}')
    with Board(Emmc, closed=False) as b:
        b.run('avb init 0')
        for location in 0, SYSTEM:
            b.run(f'avb write_rb {location} 1')
    for metadata, index, system, writes in (
            (misc(SUCCESSFUL, TRIAL), 5, 2, 1),
            (misc(UNBOOTABLE, TRIAL), 5, 2, 0),
            (misc(UNBOOTABLE, SUCCESSFUL), 6, 3, 1)):
        disk = {**slot('_a', 5, 2), **slot('_b', 6, 3), 'misc': metadata}
        with Board(Emmc, disk, command=commit) as b:
            b.said('Verification passed successfully')
            b.said(f'Rollback index: {index}\nRollback index: {system}')
            b.wrote(writes)
            b.holds_none()
            b.refused('avb commit _b', says='the keys have been wiped')
    with Board(Emmc, {**disk, 'misc': misc(SUCCESSFUL, UNBOOTABLE)},
               command=commit) as b:
        b.said('Rollback index is less than its stored value')
        b.said('Rollback index: 6\n')
        b.wrote(0)


def test_lock_fails():
    """Where the unique key cannot be locked, nothing is handed over to"""
    provisioned(Emmc)
    good = slots(release(2), release(3), misc(SUCCESSFUL, SUCCESSFUL))
    old = slots(release(1), release(1), misc(SUCCESSFUL, SUCCESSFUL))
    for args, error in FAULTS:
        with Board(Emmc, good, args=args) as b:
            b.committed(2)
            b.said('Loading Kernel Image')
            b.stopped(error)
    # nor to a prompt
    with Board(Emmc, old, args=args) as b:
        b.said(OLD)
        b.stopped(error)


def test_open():
    """An open board does the same, and keeps its keys for the prompt"""
    provisioned(Emmc)
    disk = slots(release(2), release(3), misc(SUCCESSFUL, SUCCESSFUL))
    with Board(Emmc, disk, closed=False) as b:
        b.committed(2)
        b.runs(2)
        b.wrote(1)
    with Board(Emmc, slots(release(1), release(3), misc(
            SUCCESSFUL, UNBOOTABLE)), closed=False) as b:
        b.committed(None)
        b.said(OLD)
        b.run(f'rpmb write-counter {DERIVED}')
        b.run(f'rpmb rollback commit {ADDRESS_B:x}', says='0x100: 0x3, committed')


def is_cut_off(kind, disk, fault, says):
    """Boot with a fault. A UFS device is gone then, and QEMU at times with it"""
    try:
        with Board(kind, disk, fault=fault) as b:
            b.committed(says)
            if kind is Ufs:
                check('=> ' in b.console.matched, 'something runs')
    except ConsoleError as end:
        check(kind is Ufs and 'the console went away' in str(end), str(end))
        check('committed' not in str(end), 'it said that it was done')


@on_models
def test_power_cut(kind):
    """A commit is cut off: the old index or the new one, and the board boots"""
    new, newer = release(2), release(3)
    disk = slots(new, newer, misc(SUCCESSFUL, SUCCESSFUL))
    trial = misc(TRIAL, UNBOOTABLE)     # nobody raises anything
    for fault, index, says in kind.cuts:
        provisioned(kind)
        is_cut_off(kind, disk, fault, says)
        with Board(kind, slots(new, newer, trial)) as b:
            b.committed(None)
            b.runs(2)
            b.wrote(0)
        with Board(kind, slots(release(1), newer, trial)) as b:
            b.committed(None)
            check((OLD in b.console.banner) == (index == 2),
                  f'the index is not {index}')
        with Board(kind, disk) as b:
            b.committed(2)
            b.runs(2)
            b.wrote(2 - index)


# What happens to the write, the index afterwards, and what is said at once: if
# the reply alone is lost, an authenticated read tells that the write was done
Ufs.cuts = (('cut-before:0:write', 1, None), ('cut-after:0:write', 2, None))
Virtio.cuts = (('drop-request:write:0:9', 1, None),
               ('commit-then-drop:write', 2, 2))
