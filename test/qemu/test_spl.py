# SPDX-License-Identifier: GPL-2.0-or-later
"""SPL refuses to load a U-Boot that is too old

SPL reads a signed FIT with U-Boot and U-Boot's control FDT from the eMMC, and
compares its rollback index with that in the RPMB of the same eMMC, which is
QEMU's own model. Key and write counter of QEMU's RPMB end with the process;
another start of the board gives the key to the device by QEMU's property.
"""

import os
import re

import hostile
import its
import rig
from devices import new_emmc
from fixtures import folder
from host import run
from locking import CLOSED, FAULTS, STOPPED, UNLOCKED
from memsearch import Search, secrets_of
from rig import check
from spl_board import (KEY, LOC, OUT, RAM_AT, REFUSED, SECTOR, UBOOT_AT, Board,
                       booted, check_boots, check_refused, in_ram, index_of,
                       make_fit, make_spl, program, put, spl_has, start, store)

SUITE = 'spl'
place = folder(SUITE, board='qemu_arm64_rpmb_spl')

WRONG_KEY = bytes(range(32))
TAIL = 0x300000         # where tests put data behind a FIT
CHUNK = 0x100           # sectors that are written at once

LOCATION = "the configuration's rollback location is none for a FIT"
OLD = 'the image is older than what has been booted before'


def test_story():
    """Old U-Boots are refused after the index was raised, in one run of QEMU"""
    make_spl()
    new_emmc()
    put(make_fit(index_of(2)))
    old = make_fit(index_of(1), name='old')
    sectors = -(-os.path.getsize(old) // 512)
    with Board(args=in_ram(old)) as b:
        check_boots(b.banner, warned=True)
        program(b, 2)
        check_boots(b.reset())
        # Somebody who owns U-Boot's prompt puts the signed, older U-Boot back
        b.command('rpmb list; mmc dev 0')
        for first in range(0, sectors, CHUNK):
            b.command(f'mmc write {RAM_AT + first * 512:x} '
                      f'{SECTOR + first:x} {CHUNK:x}')
        check_refused(OLD, b.reset())


def test_index():
    """Lower is refused, equal and higher boots"""
    make_spl()
    store(5)
    for index in 5, 6, '0 5', '1 0', '0xffffffff 0xfffffffe':
        put(make_fit(index_of(index)))
        check_boots(start(key=KEY))
    for index in 4, 0:
        put(make_fit(index_of(index)))
        check_refused(f'{OLD}: its index is {index:#x}, the device holds 0x5',
                      start(key=KEY))


def test_wide_index():
    """Indexes are 64 bits wide"""
    make_spl()
    store(0x500000001)
    put(make_fit(index_of('0x5 0')))
    check_refused(f'{OLD}: its index is 0x500000000, the device holds 0x500000001',
                  start(key=KEY))
    put(make_fit(index_of('0xffffffff 0xffffffff')))
    check_refused("the image's index is 2^64 - 1, which is none",
                  start(key=KEY))


def test_commit():
    """U-Boot raises SPL's index by the FIT that SPL loaded, and boots none"""
    make_spl()
    store(5)
    new = make_fit(index_of(6), name='new')
    put(new)
    with Board(key=KEY, args=in_ram(new)) as b:
        check_boots(b.banner)
        b.command(f'rpmb rollback get {LOC:x}', r'\b0x5\b')
        b.command(f'rpmb rollback commit {RAM_AT:x}')
        b.command(f'rpmb rollback get {LOC:x}', r'\b0x6\b')
        text, status = b.run(f'bootm {RAM_AT:x}')
        check(status and REFUSED + LOCATION in text, text)
    check_boots(start(key=KEY))
    put(make_fit(index_of(5)))
    check_refused(OLD, start(key=KEY))


def test_ratchet():
    """U-Boot finds no key of SPL's in RAM, and the unique key if it may"""
    make_spl()
    store(5)
    with Board(key=KEY) as b:
        check(spl_has(b, 'rpmb_ratcheted'), 'SPL has not wiped its keys')
        check(not spl_has(b, 'huk_locked'), 'U-Boot has no unique key')
        finds = Search(secrets_of({'derived key': KEY},
                                  rig.HUK)).in_ram(b.proc.pid)
        check(not finds, finds)
    make_spl(with_policy=False)
    with Board(key=KEY) as b:
        check(spl_has(b, 'huk_locked'),
              'what was not compared has the unique key')


def check_stops(text, error, board):
    """The board must have stopped, and said why"""
    for line in UNLOCKED % error, CLOSED:
        check(re.search(line, text, re.MULTILINE), f"it did not say '{line}'")
    check(board.matched == STOPPED.decode(), 'it did not stop')
    said = board.silent(b'\3\r\3\r', 2)
    check(not said, f"it said '{said}'")


def test_lock():
    """A closed board whose unique key cannot be locked stops, and where"""
    make_spl(with_policy=False)
    new_emmc()
    put(make_fit(''))
    # SPL compares nothing: it locks the unique key itself
    for args, error in FAULTS:
        with Board(closed=True, args=args) as b:
            check_stops(b.banner, error, b)
            check(not booted(b.banner), 'U-Boot started')
        text = start(args=args)
        check(re.search(UNLOCKED % error, text, re.MULTILINE), 'no warning')
        check_boots(text)
    # SPL has compared: it leaves that to U-Boot
    make_spl()
    store(5)
    for args, error in FAULTS:
        with Board(key=KEY, closed=True, args=args) as b:
            spl, uboot, text = b.banner.partition('\nU-Boot 20')
            check(uboot and 'cannot be locked' not in spl,
                  'SPL has locked the unique key')
            check_stops(text, error, b)


def test_closed():
    """A closed board boots with an index, and refuses without"""
    make_spl()
    store(5)
    check_boots(start(key=KEY, closed=True))
    put(make_fit(index_of(4)))
    check_refused(OLD, start(key=KEY, closed=True))
    new_emmc()
    put(make_fit(index_of(5)))
    check_refused('no rollback index has ever been stored',
                  start(key=KEY, closed=True))
    check_refused('the RPMB says that it has no key', start(closed=True))


def test_device():
    """Another key in the device: refused also on an open board"""
    make_spl()
    store(5)
    check_refused('the answer is not signed with our key',
                  start(key=WRONG_KEY))


def test_no_unique_key():
    """An SPL whose board has none, or has no hook for it, says that it is the key"""
    make_spl()
    store(5)
    check_refused('the key that the control FDT names cannot be had',
                  start(key=KEY, huk=None))


def test_fit():
    """What is not signed, or not for SPL, or has no index"""
    make_spl()
    store(5)
    for index, why in (
            ('', LOCATION), (f'rollback-location = <{LOC:#x}>;',
                             'the configuration has no rollback index'),
            (index_of(5, None), LOCATION), (index_of(5, 0x100), LOCATION),
            (index_of(5, 0x21c), LOCATION)):
        put(make_fit(index))
        check_refused(why, start(key=KEY))
    put(make_fit(index_of(5, 0x21b)))
    check_boots(start(key=KEY), warned=True)
    for key in None, 'os':
        put(make_fit(index_of(5), key=key))
        text = start(key=KEY)
        check(not booted(text), 'U-Boot started')
        check('Failed to verify' in text, 'what was wrong with it?')


def test_tampered():
    """An index that was raised after signing"""
    make_spl()
    store(5)
    fit = make_fit(index_of(4))
    run('fdtput', '-t', 'x', fit, '/configurations/conf',
                'rollback-index', '6')
    put(fit)
    text = start(key=KEY)
    check(not booted(text), 'U-Boot started')
    check(REFUSED not in text, 'the index was looked at before the signature')


def outside(image, size, position=TAIL):
    """Return: a signed FIT that says where an image's data are: nobody signs it"""
    fit = make_fit(index_of(6))
    for name, value in ('data-position', position), ('data-size', size):
        run('fdtput', '-t', 'x', fit, f'/images/{image}', name,
                    f'{value:x}')
    return fit


def with_tail(fit, tail):
    """Return: the FIT, with data behind it where outside() says"""
    with open(fit, 'rb') as file:
        data = file.read().ljust(TAIL, b'\0')
    with open(fit, 'wb') as file:
        file.write(data + tail)
    return fit


def test_outside():
    """Data outside of the FIT are as good, if they are those that were signed"""
    make_spl()
    store(5)
    with open('uboot.dtb', 'rb') as file:
        tree = file.read()
    put(with_tail(outside('tree', len(tree)), tree))
    check_boots(start(key=KEY, closed=True))
    # another control FDT is read to where U-Boot would find it
    put(with_tail(outside('tree', len(tree)), tree.replace(
        b'rpmb-rollback', b'rpmb-rollbacj')))
    text = start(key=KEY, closed=True)
    check(not booted(text), 'U-Boot started')
    check("Bad hash value for 'hash-1' hash node in 'tree'" in text,
          'what was wrong with it?')


def hashes(image, algo):
    """Return: a change to the hash of an image"""
    kind = {'uboot': 'firmware', 'tree': 'flat_dt'}[image]
    head = its.image(image, 'DATA', kind, UBOOT_AT if image == 'uboot' else
                     None, system='u-boot' if image == 'uboot' else 'linux')
    head = head.split('/incbin/')[1].split(';', 1)[1]
    return head, head.replace('algo = "sha256";', algo)


def test_weak_hash():
    """An image whose hash anybody can make another image for"""
    make_spl()
    store(5)
    for image in 'uboot', 'tree':
        for algo in ('algo = "crc32";', 'algo = "sha1";',
                     'algo = "sha256"; uboot-ignore = <1>;'):
            put(make_fit(index_of(6), hashes(image, algo)))
            text = start(key=KEY, closed=True)
            check_refused('an image has no SHA-256 or better', text)
            check(f'image: {image};' in text, 'which image?')
    put(make_fit(index_of(6), hashes('tree', 'algo = "crc32"; }; hash-2 '
                                     '{ algo = "sha256";')))
    check_boots(start(key=KEY, closed=True))


def test_left_out():
    """What SPL would not load, or does not find, it goes on without"""
    make_spl()
    store(5)
    fdt, all_of = 'fdt = "tree";', 'sign-images = "firmware", "fdt"'
    for line, kinds, what, image in (
            ('fdt = "tree", "more";', '', 'was left out', 'more'),
            ('firmware = "uboot", "more";', '', 'was left out', 'more'),
            ('fpga = "more";', ', "fpga"', 'was left out', 'more'),
            ('ramdisk = "more";', ', "ramdisk"', 'was left out', 'more'),
            ('kernel = "more";', ', "kernel"', 'was left out', 'more'),
            ('loadables = "nobody";', '', 'was left out', 'loadables'),
            ('loadables;', '', 'was left out', 'loadables')):
        prop = line.split()[0]
        old = fdt if prop == 'fdt' else 'firmware = "uboot";' \
            if prop == 'firmware' else 'description = "qemu";'
        new = line if prop in ('fdt', 'firmware') else old + ' ' + line
        put(make_fit(index_of(6), (old, new), (all_of, all_of + kinds),
                     absent='nobody' if 'nobody' in line else None))
        text = start(key=KEY, closed=True)
        check(not booted(text), 'U-Boot started')
        check(REFUSED in text and what in text, f"SPL did not say '{what}'")
        check(f'image: {image};' in text, 'which image?')
    put(make_fit(index_of(6), ('description = "qemu";',
                               'description = "qemu"; loadables = "more";'),
                 (all_of, all_of + ', "loadables"')))
    check_boots(start(key=KEY, closed=True))


def test_most_images():
    """U-Boot, its tree and 14 loadables are 16 images; another one is one too many"""
    make_spl()
    store(5)
    all_of, one = 'sign-images = "firmware", "fdt"', its.image(
        'more', 'policy.dtbo', 'flat_dt', RAM_AT)
    for count in 14, 15:
        names = '", "'.join(f'more{i}' for i in range(count))
        put(make_fit(index_of(6),
                     (one, ''.join(its.image(f'more{i}', 'policy.dtbo', 'flat_dt',
                                             RAM_AT) for i in range(count))),
                     ('description = "qemu";',
                      f'description = "qemu"; loadables = "{names}";'),
                     (all_of, all_of + ', "loadables"')))
        text = start(key=KEY, closed=True)
        check(booted(text) == (count == 14), f'{count} loadables')
    check(REFUSED + 'the configuration has more than 16 images' in text
          and 'image: more14;' in text, 'why?')


def test_stale_tree():
    """What lies behind U-Boot is no control FDT because SPL found no other"""
    make_spl()
    store(5)
    end = UBOOT_AT + os.path.getsize(f'{OUT}/u-boot-nodtb.bin')
    skip = -end % 64        # a read from the disk begins there
    with open('uboot.dtb', 'rb') as file:
        tree = file.read().replace(b'rpmb-rollback', b'rpmb-rollbacj')
    fit = with_tail(outside('tree', len(tree) - skip), tree[skip:])
    put(make_fit(index_of(6), name='good'))
    with Board(key=KEY, closed=True) as b:
        check_boots(b.banner)
        for at in range(0, skip, 4):    # which a warm reset leaves in RAM
            word = int.from_bytes(tree[at:at + 4], 'little')
            b.command(f'mw.l {end + at:x} {word:x}')
        put(fit)
        text = b.reset()
    check(not booted(text), 'U-Boot started')
    check("Bad hash value for 'hash-1' hash node in 'tree'" in text,
          'what was wrong with it?')


def test_inside():
    """A control FDT that is not the one that was signed is none"""
    make_spl()
    store(5)
    fit = make_fit(index_of(6))
    with open('uboot.dtb', 'rb') as file:
        tree = file.read()
    with open(fit, 'rb') as file:
        data = file.read()
    with open(fit, 'wb') as file:
        file.write(data.replace(tree, tree.replace(b'rpmb-rollback',
                                                   b'rpmb-rollbacj')))
    put(fit)
    text = start(key=KEY, closed=True)
    check(not booted(text), 'U-Boot started')
    check("Bad hash value for 'hash-1' hash node in 'tree'" in text,
          'what was wrong with it?')


def test_no_data():
    """What has no data is not left out: RAM would have a say instead"""
    make_spl()
    store(5)
    for image in 'tree', 'uboot':
        put(outside(image, 0, 0))
        check_refused('an image without data', start(key=KEY, closed=True))


def test_sizes():
    """What is larger than it may be is not read: SPL would be in its way"""
    make_spl()
    store(5)
    for image in 'tree', 'uboot':
        for size in 0x400001, 0xc200000, 0xffffffff:
            put(outside(image, size))
            check_refused('larger than CONFIG_SPL_RPMB_FIT_MAX_SIZE',
                          start(key=KEY, closed=True))
    fit = make_fit(index_of(6))
    with open(fit, 'r+b') as file:
        for size, why in ((0x400001, 'larger than'), (0xffffffff, 'larger'),
                          (0, 'an image without data')):
            file.seek(4)
            file.write(size.to_bytes(4, 'big'))
            file.flush()
            put(fit)
            check_refused(why, start(key=KEY, closed=True))


def test_format():
    """A FIT whose parts are not in it is not looked at"""
    make_spl()
    store(5)
    for field in 8, 12, 16, 32, 36:     # offsets and sizes of its blocks
        fit = make_fit(index_of(6))
        with open(fit, 'r+b') as file:
            file.seek(field)
            file.write((0x7f000000).to_bytes(4, 'big'))
        put(fit)
        check_refused('there is no FIT', start(key=KEY, closed=True))


def test_hostile():
    """What was made to hang or crash its reader is no FIT for SPL"""
    make_spl()
    store(5)
    for name, blob in hostile.worst().items():
        print(f'{name}:', flush=True)
        with open('hostile.itb', 'wb') as file:
            file.write(blob)
        put('hostile.itb')
        check_refused('larger than' if name == 'outside' else 'there is no FIT',
                      start(key=KEY, closed=True))


def test_no_required_key():
    """SPL without a required key refuses all"""
    make_spl(key=None)
    new_emmc()
    put(make_fit(index_of(5)))
    check_refused('no key is required for configurations', start())


def test_policy_off():
    """Without a node for the policy SPL looks at no index"""
    make_spl(with_policy=False)
    new_emmc()
    put(make_fit(''))
    check_boots(start())
