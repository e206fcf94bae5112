# SPDX-License-Identifier: GPL-2.0-or-later
"""Android Verified Boot in sandbox: what is said of slots that were tampered with

The slots lie on sandbox's MMC, which is a file. test/qemu/test_avb.py has them on
devices that keep what was stored.
"""

import functools
import hashlib
import os

import pytest

import fit
from android import (SUCCESSFUL, SYSTEM, TRIAL, UNBOOTABLE, VERIFICATION_DISABLED,
                     Key, chain_to, forged, hash_of, misc, slot, vbmeta,
                     write_disk)
from fit import POLICY, control_tree, load, uboot, unit_test
from host import check, write
from sandbox_fixtures import folder

SUITE = 'avb-sandbox'
place = folder('test_avb')

DISK = '''	mmc0 {
		compatible = "sandbox,mmc";
		non-removable;
		filename = "disk.img";
	};
'''
SIZE = 8 << 20
GOOD = 'Verification passed successfully'
COMMITTED = 'rollback indexes committed'


@functools.lru_cache
def key():
    """Return: the key that this U-Boot trusts"""
    return Key(os.path.join(fit.sandbox(), 'u-boot'))


@functools.lru_cache
def slots():
    """Return: two slots, and metadata of theirs"""
    return {**slot(key(), '_a', 5, 2), **slot(key(), '_b', 6, 3),
            'misc': misc(SUCCESSFUL, TRIAL)}


def says(disk, *commands, policy=POLICY):
    """Run commands on a board with this disk. Return: what they print"""
    with open('disk.img', 'wb') as file:
        file.truncate(SIZE)
    write_disk('disk.img', 0, SIZE, disk)
    return uboot('avb init 0', *commands, control=control_tree(policy + DISK))


def test_good():
    """What is as it was signed passes, and its indexes are committed"""
    text = says(slots(), 'avb verify _a', 'avb commit _a _b', 'avb read_rb 0',
                f'avb read_rb {SYSTEM}', 'avb commit _b', 'avb read_rb 0',
                'avb verify _a')
    check(GOOD in text, text)
    check(text.count(COMMITTED) == 2, text)
    check([line for line in text.split('\n') if 'Rollback index: ' in line] ==
          [f'Rollback index: {n}' for n in (5, 2, 6)], text)
    check('Rollback index is less than its stored value' in text, text)


@pytest.mark.parametrize('name', ('boot', 'vendor_boot', 'init_boot'))
def test_changed(name):
    """A partition that vbmeta describes, or one that it is chained to"""
    disk = forged(slots(), name + '_b')
    text = says(disk, 'avb verify _b', 'avb commit _a _b')
    check(GOOD not in text, text)
    check(f"'_b' is not committed: {name}: " in text, text)
    check('device: untouched' in text and COMMITTED not in text, text)


def test_gone():
    """A partition that vbmeta describes and that is not there"""
    disk = {name: data for name, data in slots().items()
            if name != 'vendor_boot_b'}
    text = says(disk, 'avb verify _b', 'avb commit _b', 'avb commit _z')
    check("'_b' is not to be booted: vendor_boot" in text, text)
    check("'_b' is not committed: vendor_boot: " in text, text)
    check("'_z' is not committed: vbmeta: " in text, text)


def bad_vbmeta():
    """Return: vbmeta images that are signed, and of no use: why, image"""
    boot = slots()['boot_b']
    many = [hash_of(f'part{n}', boot) for n in range(33)]
    return {
        "describes no partition 'boot'":
            vbmeta(key(), 6, chain_to('vbmeta_system', SYSTEM, key())),
        'switches verification off':
            slot(key(), '_b', 6, 3, flags=VERIFICATION_DISABLED)['vbmeta_b'],
        'describes too many partitions':
            vbmeta(key(), 6, hash_of('boot', boot), *many),
    }


def test_vbmeta():
    """A vbmeta that is signed, and does not say what it should"""
    for why, image in bad_vbmeta().items():
        text = says({**slots(), 'vbmeta_b': image}, 'avb verify _b',
                    'avb commit _b')
        check(GOOD not in text, text)
        check(f"'_b' is not committed: vbmeta: its vbmeta {why}" in text, text)
        check(COMMITTED not in text, text)


def test_twice():
    """A partition that is described twice, and others by other descriptors"""
    boot = slots()['boot_b']
    image = vbmeta(key(), 6, hash_of('boot', boot), hash_of('boot', boot),
                   chain_to('vbmeta_system', SYSTEM, key()))
    check(COMMITTED in says({**slots(), 'vbmeta_b': image}, 'avb commit _b'),
          'it is not committed')


def test_long_name():
    """A partition whose name has no room"""
    image = vbmeta(key(), 6, hash_of('boot', slots()['boot_b']),
                   hash_of('n' * 80, b'x'))
    text = says({**slots(), 'vbmeta_b': image}, 'avb commit _b')
    check('describes too many partitions' in text, text)


def test_no_index():
    """The index 2^64 - 1 stands for none, and is not stored"""
    for location, name, image in (
            (0, 'vbmeta_b', vbmeta(key(), 2 ** 64 - 1, hash_of(
                'boot', slots()['boot_b']))),
            (SYSTEM, 'vbmeta_system_b', vbmeta(key(), 2 ** 64 - 1, hash_of(
                'init_boot', slots()['init_boot_b'])))):
        text = says({**slots(), name: image}, 'avb commit _b')
        check(f'index 0xffffffffffffffff is not stored at location 0x{location:x}'
              in text, text)


def test_lower():
    """Slots that are older than what is stored"""
    text = says(slots(), 'avb commit _b', 'avb write_rb 0 7', 'avb commit _b')
    check("'_b' is not committed: vbmeta: " in text, text)


def test_slots():
    """As many slots as the control FDT says, each once"""
    policy = fit.changed(POLICY, [('target = ', 'slots = <2>; target = ')])
    for given in '', '_b', '_b _b':
        text = says(slots(), f'avb commit {given}', policy=policy)
        check('2 must be able to boot' in text, text)
        check(COMMITTED not in text, text)
    check(COMMITTED in says(slots(), 'avb commit _a _b', policy=policy),
          'it is not committed')
    text = says(slots(), 'avb commit _a', policy='')
    check('nothing is committed' in text, text)


def test_metadata():
    """A commit when Android's metadata say so"""
    check(COMMITTED in says(slots(), 'avb commit_ab misc'),
          'it is not committed')
    for what, why in (
            (misc(UNBOOTABLE, TRIAL), 'nothing to commit'),
            (bytes(4096), 'damaged, or were never written'),
            (misc(SUCCESSFUL, version=2), 'a later version'),
            (misc(SUCCESSFUL, TRIAL, TRIAL), "slot '_c' is not committed")):
        text = says({**slots(), 'misc': what}, 'avb commit_ab misc')
        check(why in text, text)
        check(COMMITTED not in text, text)
    check('metadata cannot be read' in says(slots(), 'avb commit_ab none'),
          'there are none')


def test_no_key():
    """The key is gone since the indexes were read: it is said which one is not stored"""
    write('key.bin', hashlib.sha256(b'a key').digest())
    control_tree(fit.changed(POLICY, [('<0x100>', '<1>')]) + DISK)
    text = uboot('avb init 0', 'avb read_rb 0', 'rpmb key del 1', 'avb verify _b',
                 'avb commit _b', prepare=[
                     'rpmb list', 'rpmb dev sandbox0:0', load('key.bin'),
                     'rpmb key add 1 1000000', 'rpmb program-key -y 1',
                     'avb init 0', 'avb write_rb 0 5'])
    check(GOOD in text and COMMITTED not in text, text)
    check('avb: REFUSED: index 0x6 is not stored at location 0x0 ' in text, text)
    check('the key that the control FDT names cannot be had' in text, text)


def test_behind():
    """Somebody else who has the key raises an index between the check and the commit"""
    with open('mmc1.img', 'wb') as file:
        file.truncate(SIZE)
    write_disk('mmc1.img', 0, SIZE, slots())
    unit_test('dm_test_rpmb_files_avb_norun')
