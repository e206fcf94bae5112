# SPDX-License-Identifier: GPL-2.0-or-later
"""Images of a signed FIT: none is left out, and none is taken that is not signed

One FIT with all that bootm takes, and two extra configurations with overlays.
Whatever is wrong with one of its images, nothing starts.
"""

import its
from fit import (BOOTED, REFUSED, build_fit, changed, check_boots,
                 check_refused, control_tree, index_of, load, uboot,
                 unpacks_overlays)
from host import check, read, run, write
from sandbox_fixtures import folder

SUITE = 'images'
place = folder('test_images')

OVERLAYS = 'ov-1', 'ov-2', 'ov-3', 'ov-4'
BOOTM = 'kernel', 'fdt-1', 'ov-1', 'ov-2', 'ramdisk', 'extra'
WHAT = '1000000#conf#more'
WEAK = 'an image has no SHA-256 or better that is checked\n  image: '
ABSENT = 'the configuration names an image that is not there\n  image: '
LEFT_OUT = 'an image of the configuration was left out\n  image: '
OVERLAY = 'an overlay cannot be loaded\n  image: '
OLD = 'the image is older than what has been booted before'
PROPS = (('kernel', 'kernel'), ('fdt', 'fdt-1", "ov-1", "ov-2'),
         ('ramdisk', 'ramdisk'), ('loadables', 'extra'), ('script', 'script'))
EXTRA = '''
		more {
			fdt = "ov-3", "ov-4";
			%s
			signature-1 {
				algo = "sha256,rsa2048";
				key-name-hint = "os";
				sign-images = "fdt";
			};
		};
'''


def overlay(name, target='/'):
    """Compile an overlay that shows itself by a property"""
    write(name + '.dts', '/dts-v1/; /plugin/; / { fragment { target-path = '
          f'"{target}"; __overlay__ {{ {name}-was-here; }}; }}; }};')
    run('dtc', '-q', '-O', 'dtb', '-o', name + '.bin', name + '.dts')


def fit(*changes, index=5, extra=5, props=PROPS, name='whole', absent=None):
    """Have mkimage make the FIT, with its source changed. Return: its path

    absent: an image that is taken out afterwards. Some releases' mkimage makes
    no FIT that names an image which is not there
    """
    for number in OVERLAYS:
        overlay(number)
    images = [its.image('kernel', 'kernel.bin', 'kernel', 0x100000, 'sandbox'),
              its.image('fdt-1', 'fdt-1.bin', 'flat_dt', 0x300000, 'sandbox'),
              its.image('ramdisk', 'ramdisk.bin', 'ramdisk', 0x400000,
                        'sandbox'),
              its.image('extra', 'extra.bin', 'kernel', 0x500000, 'sandbox'),
              its.image('script', 'script.bin', 'script', None, 'sandbox')]
    images += [its.image(number, number + '.bin', 'flat_dt', None, 'sandbox')
               for number in OVERLAYS]
    if absent:
        images.append(its.image(absent, 'extra.bin', 'kernel', None, 'sandbox'))
    source = its.source('images', images, props, ['os'], index_of(index))
    end = source.rindex('\t};\n};')
    source = source[:end] + EXTRA % index_of(extra) + source[end:]
    path = build_fit(name, changed(source, changes))
    if absent:
        run('fdtput', '-r', path, f'/images/{absent}')
    return path


def in_image(name, old, new):
    """Return: a change to the source of an image alone"""
    block = next(text for text in fit_source().split('\n\t\t};')
                 if f'\n\t\t{name} {{' in text)
    check(old in block, f"'{old}' is not in {name}")
    return block, block.replace(old, new)


def fit_source():
    """Return: the source of the FIT as it should be"""
    fit(name='plain')
    with open('plain.its', encoding='ascii') as file:
        return file.read()


def hashes(name, algo):
    """Return: a change to the hash of an image"""
    return in_image(name, 'algo = "sha256";', algo)


def flipped(name, image, where):
    """Return: the FIT with one bit of an image's data changed"""
    with open(name, 'rb') as file:
        data = bytearray(file.read())
    with open(image + '.bin', 'rb') as file:
        good = file.read()
    check(data.count(good) == 1, f'{image} is there more than once')
    at = data.index(good) + (len(good) - 1) * where // 2
    data[at] ^= 1 << at % 8
    write('flipped.itb', bytes(data))
    return 'flipped.itb'


def test_whole():
    """All that is named is used, also the second overlay of an extra one"""
    control_tree()
    text = uboot('rpmb rollback advance 100 5', load(fit()), f'bootm {WHAT}',
                 'fdt list /')
    check(BOOTED in text and REFUSED not in text, text)
    for number in OVERLAYS:
        check(f'{number}-was-here' in text, f'{number} was not applied: {text}')
    check("Trying 'ramdisk'" in text and "Trying 'extra'" in text, text)


def test_flipped():
    """One bit of any image"""
    control_tree()
    good = fit()
    for image in BOOTM + ('ov-3', 'ov-4'):
        for where in 0, 1, 2:
            text = check_refused(
                f"hash node in '{image}' image node",
                flipped(good, image, where), 5, what=WHAT)
            check((OVERLAY in text) == image.startswith('ov'), text)


def test_flipped_script():
    """... and of a script, which 'source' runs"""
    control_tree()
    text = uboot(load(flipped(fit(), 'script', 1)), 'source 1000000#conf')
    check('script runs' not in text and 'Bad hash value' in text, text)
    text = uboot('rpmb rollback advance 100 5', load('whole.itb'),
                 'source 1000000#conf')
    check('script runs' in text, text)


def test_weak_hash():
    """An image whose hash anybody can make another image for"""
    control_tree()
    for image in BOOTM + ('ov-3', 'ov-4', 'script'):
        for algo in ('algo = "crc32";', 'algo = "md5";', 'algo = "sha1";',
                     'algo = "sha256"; uboot-ignore = <1>;',
                     'algo = "sha256"; uboot-ignore = <0>;',
                     'algo = "sha256", "crc32";',
                     'algo = "crc32", "sha256";'):
            check_refused(WEAK + image, fit(hashes(image, algo)), 5, what=WHAT)


def test_weak_without_end():
    """A list whose last name has no end: U-Boot uses those before it"""
    control_tree()
    check_refused((WEAK + 'ov-4', 'does not cover all of the configuration'), fit(
        ('loadables = "extra"', 'loadables = "extra", "ov-4", [78]'),
        hashes('ov-4', 'algo = "crc32";')), 5, what='1000000#conf')


def test_weak_script():
    """... for 'source' as well, and it does not run"""
    control_tree()
    text = uboot(load(fit(hashes('script', 'algo = "crc32";'))),
                 'source 1000000#conf')
    check('script runs' not in text and WEAK + 'script' in text, text)


def test_strong_hash():
    """One that is good will do, beside others that are looked at as well"""
    control_tree()
    for algo in ('algo = "sha384";', 'algo = "sha512";',
                 'algo = "crc32"; }; hash-2 { algo = "sha256";',
                 'algo = "sha256"; }; hash-2 { algo = "md5";'):
        check_boots(fit(hashes('ov-2', algo)), 5, what=WHAT)


def test_unknown_hash():
    """A hash that this U-Boot cannot make is not passed over"""
    control_tree()
    good = fit(hashes('ramdisk', 'algo = "sha256"; }; hash-2 { algo = '
                      '"crc16-ccitt";'))
    check_boots(good, 5, what=WHAT)
    with open(good, 'rb') as file:
        data = file.read()
    write('unknown.itb', data.replace(b'crc16-ccitt', b'crc99-ccitt'))
    check_refused('', 'unknown.itb', 5, what=WHAT)


def test_absent():
    """A name that no image has"""
    control_tree()
    for prop, names in PROPS[:-1]:
        signed = ', '.join(f'"{other}"' for other, _ in PROPS if other != prop)
        everything = ', '.join(f'"{other}"' for other, _ in PROPS)
        line = f'{prop} = "{names}";'
        for other in f'{prop} = "nobody";', f'{prop};', f'{prop} = <1>;':
            check_refused(ABSENT + prop, fit(
                (line, other), (everything, signed), absent='nobody'), 5)
    # what is there is signed by another name
    for names in '"fdt-1", "nobody"', '"fdt-1", "ov-1", ""':
        check_refused(ABSENT + 'fdt', fit(
            ('fdt = "fdt-1", "ov-1", "ov-2"',
             f'fdt = {names}; firmware = "fdt-1", "ov-1"'),
            (everything, everything.replace('"fdt"', '"firmware"')),
            absent='nobody'), 5)


def test_left_out():
    """What bootm does not take, for whatever reason"""
    control_tree()
    check_refused(LEFT_OUT + 'ramdisk', fit(), 5, what='1000000#conf -')
    for prop in 'fpga', 'setup':
        check_refused((LEFT_OUT + 'ov-3', 'FPGA image is corrupted or invalid'),
                      fit(props=(*PROPS, (prop, 'ov-3'))), 5,
                      what='1000000#conf')
    for props, image in (
            ((('kernel', 'kernel", "extra'), *PROPS[1:3]), 'extra'),
            ((*PROPS[:2], ('ramdisk', 'ramdisk", "extra')), 'extra')):
        check_refused(LEFT_OUT + image, fit(props=props), 5,
                      what='1000000#conf')
    # bootm looks for nothing else where the system is one of these
    check_refused(LEFT_OUT + 'fdt-1', fit(in_image(
        'kernel', 'os = "linux"', 'os = "openrtos"')), 5, what='1000000#conf')


def test_extra_left_out():
    """An extra configuration of which nothing, or not all, is taken"""
    control_tree()
    check_refused(LEFT_OUT + 'ov-3', fit(props=(PROPS[0], *PROPS[2:])), 5,
                  what=WHAT)
    check_refused(LEFT_OUT + 'extra', fit(
        ('fdt = "ov-3", "ov-4";', 'fdt = "ov-3", "ov-4"; loadables = "extra";'),
        ('sign-images = "fdt";', 'sign-images = "fdt", "loadables";'),
        props=(*PROPS[:3], PROPS[4])), 5, what=WHAT)


def test_unusable():
    """What is signed, and cannot be used"""
    control_tree()
    for image, old, new, why in (
            ('ov-1', '"flat_dt"', '"script"', 'No '),
            ('ov-3', '"flat_dt"', '"ramdisk"', 'No '),
            ('extra', '"none"', '"gzip"', 'Error decompressing'),
            ('ramdisk', '"ramdisk"', '"script"', 'No '),
            ('fdt-1', '"flat_dt"', '"script"', 'No '),
            ('ov-1', 'ov-1.bin', 'kernel.bin',
             ('Subimage data is not a FDT', 'FDT_ERR_BADMAGIC')),
            ('extra', '0x500000', '0x1000000', 'overwritten')):
        check_refused(why, fit(in_image(image, old, new)), 5, what=WHAT)
    packed = fit(in_image('ov-2', '"none"', '"gzip"'))
    if unpacks_overlays():
        check_refused('Error decompressing', packed, 5, what=WHAT)
    else:
        check_boots(packed, 5, what=WHAT)


def test_does_not_apply():
    """An overlay for what is not in the tree"""
    control_tree()
    fit()
    for number in OVERLAYS:
        overlay(number, target='/nowhere')
        build_fit('whole', read('whole.its').decode())
        check_refused('Could not find a valid device tree', 'whole.itb', 5,
                      what=WHAT)
        overlay(number)


def test_extra_refused():
    """An extra configuration that would be refused by itself"""
    control_tree()
    check_refused(OLD, fit(extra=4), 5, what=WHAT)
    check_refused('the configuration has no rollback index', fit(extra=None),
                  5, what=WHAT)
    check_refused('Could not find configuration node', fit(), 5,
                  what='1000000#conf#nobody')
    good = fit()
    run('fdtput', '-r', good, '/configurations/more/signature-1')
    check_refused('Bad Data Hash', good, 5, what=WHAT)
    good = fit()
    run('fdtput', '-t', 'x', good, '/configurations/more', 'rollback-index',
        '9')
    check_refused('Bad Data Hash', good, 5, what=WHAT)
    for what in WHAT, '1000000#conf#more#nobody', '1000000#conf#nobody#more':
        text = check_refused(OVERLAY, fit(extra=4), 5, what=what)
        check(REFUSED in text, text)


def commit(*what, file='whole.itb', stored=5):
    """Return: what a commit says, and the index after it"""
    return uboot(f'rpmb rollback advance 100 {stored}', load(file),
                 'rpmb rollback commit ' + ' '.join(what),
                 'rpmb rollback get 100')


def check_commit(what, index, **how):
    """It must be committed"""
    text = commit(what, **how)
    check(f'{index:x}, committed' in text and REFUSED not in text, text)


def check_no_commit(what, why, **how):
    """It must not be committed, and nothing raised"""
    text = commit(what, **how)
    check('committed\n' not in text.replace('nothing was committed', '') and
          why in text and 'index 0x100: 0x5' in text.replace('rollback ', ''),
          text)


def test_commit_extra():
    """All configurations that are named, and the lowest of theirs"""
    control_tree()
    fit(index=8, extra=6)
    check_commit('1000000#conf', 8)
    check_commit(WHAT, 6)
    fit(index=6, extra=8)
    check_commit(WHAT, 6)
    fit(index=8, extra=4)
    check_no_commit(WHAT, OLD)
    fit(index=8, extra=None)
    check_no_commit(WHAT, 'the configuration has no rollback index')
    check_no_commit('1000000#conf#nobody', 'there is no such configuration')
    check_no_commit('1000000#conf#', 'there is no such configuration')
    fit(index=8, extra=8)
    for image in BOOTM + ('ov-3', 'ov-4'):
        check_no_commit(WHAT, "are not those that were signed",
                        file=flipped('whole.itb', image, 1))
    run('fdtput', '-r', 'whole.itb', '/configurations/more/signature-1')
    check_no_commit(WHAT, 'is not signed as it must be')


def test_commit_locations():
    """An extra configuration for another location: both go up, or none"""
    control_tree()
    fit(('rollback-index = <0x8>; ', 'rollback-index = <0x8>; '
         'rollback-location = <0x101>; '), index=7, extra=8)
    check_no_commit(WHAT, 'the images are for different rollback locations')
    check_commit('1000000#conf', 7)


def test_commit_notes():
    """A property that names no image is no image that is missing"""
    control_tree()
    source = fit_source()
    line = 'kernel = "kernel";'
    check(source.count(line) == 1, source)
    fit((line, f'{line} note = "nobody"; number = <7>; script = "nobody";'),
        index=7, props=PROPS[:-1], absent='nobody')
    check_commit('1000000#conf', 7)
    check_boots('whole.itb', 5, what='1000000#conf')


def test_commit_weak():
    """Nor is an index raised by an image with a weak hash"""
    control_tree()
    for image in BOOTM + ('ov-3',):
        fit(hashes(image, 'algo = "crc32";'), index=8, extra=8)
        check_no_commit(WHAT, WEAK + image)


def test_policy_off():
    """Without a policy all is as it was"""
    control_tree(policy='')
    good = fit()
    check_boots(good, what=WHAT)
    check_boots(flipped(good, 'ov-1', 1), what=WHAT)
    check_boots(fit(hashes('kernel', 'algo = "crc32";')), what=WHAT)
