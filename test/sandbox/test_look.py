# SPDX-License-Identifier: GPL-2.0-or-later
"""Trees that were made to do harm: whatever reads them refuses, and goes on

A U-Boot that does not come to an end is ended after a minute, and fails.
"""

import hostile
import its
from fit import (BOOTED, POLICY, REFUSED, build_fit, check_boots,
                 check_refused, control_tree, index_of, lists_nodes, load,
                 make_fit, uboot)
from host import check, run, write
from sandbox_fixtures import folder

SUITE = 'look'
place = folder('test_look')

UNSOUND = 'this is no sound FIT'
TOO_MUCH = 'there is more in this FIT than one may have'
NO_TREE = 'this is no sound device tree, or a huge one'
NO_TOKEN = 'refused: there is no FIT'
SHIFTED = ('size_28', 'size_32', 'size_36', 'size_39')
# Without a policy U-Boot asks nobody where RAM ends
CRASHES = ('outside',)
# U-Boot takes what was signed and has a header that is well
SIGNED = ('version_16', 'nested', 'late_property', 'wide')
VALID_OS = ('wide',)


def each_blob():
    """Go through all of them, with the command that loads one"""
    for name, blob in hostile.refused().items():
        write('hostile.itb', blob)
        yield name, load('hostile.itb')


def why(name):
    """Return: why a FIT is refused"""
    return TOO_MUCH if name in ('nested', 'wide') else UNSOUND


def test_bootm():
    """bootm refuses it, and the second slot boots"""
    control_tree()
    fit = make_fit('v5', 5)
    for name, command in each_blob():
        text = uboot('rpmb rollback advance 100 5', command,
                     load(fit, 0x2000000), 'bootm 1000000',
                     'echo SECOND', 'bootm 2000000')
        first, _, second = text.partition('SECOND')
        check(BOOTED not in first, f'{name} boots:\n{text}')
        check(BOOTED in second, f'{name}: no second slot:\n{text}')
        if name not in SHIFTED:
            check(REFUSED + why(name) in first, f'{name}:\n{text}')


def test_readers():
    """... as do all other commands that read FITs, and 'load' that looks"""
    control_tree()
    for name, command in each_blob():
        text = uboot(command, *(
            f'if {reader}; then echo IT-TAKES-IT; fi' for reader in (
                'source 1000000', 'iminfo 1000000', 'bootm start 1000000',
                'rpmb rollback commit 1000000')))
        check('IT-TAKES-IT' not in text, f'{name} is taken:\n{text}')
        if name not in SHIFTED:
            check(REFUSED + why(name) in text, f'{name}:\n{text}')


def test_signed():
    """Tokens and manifests: with a policy and without one"""
    for policy in POLICY, '':
        control_tree(policy)
        for name, command in each_blob():
            if name in CRASHES and not policy:
                continue
            text = uboot(command, 'rpmb service 1000000',
                         'rpmb provision 1000000')
            check('rpmb service: ' in text and 'there is no FIT' in text,
                  f'{name}:\n{text}')
            check('step=verify result=refused-no-manifest' in text,
                  f'{name}:\n{text}')


def test_device_tree():
    """A tree for an operating system, and what is laid on it"""
    control_tree()
    fit = make_fit('v5', 5, images=('kernel',))
    for name, command in each_blob():
        if name in VALID_OS or name in SHIFTED:
            continue
        text = uboot('rpmb rollback advance 100 5', command,
                     load(fit, 0x2000000), 'bootm 2000000 - 1000000',
                     'echo LATER', 'fdt addr 1000000')
        first, _, later = text.partition('LATER')
        check(BOOTED not in first, f'{name} boots:\n{text}')
        check(later.count(REFUSED + NO_TREE) or 'libfdt' in later,
              f'{name}:\n{text}')


def test_choice():
    """A configuration is chosen by what is in a tree that nobody has verified"""
    control_tree()
    make_fit('v5', 5)
    for name, blob in hostile.refused().items():
        if name in CRASHES:     # we have signed it
            continue
        write('fdt-1.bin', blob)
        fit = make_fit('inside', 5)
        text = uboot('rpmb rollback advance 100 5', load(fit),
                     'bootm 1000000')
        check(BOOTED not in text or name in SIGNED, f'{name}:\n{text}')
    run('dtc', '-q', '-p', '4096', '-O', 'dtb', '-o', 'fdt-1.bin', 'fdt.dts')


def test_alignment():
    """A FIT that is well but for its address: it says so"""
    control_tree()
    fit = make_fit('v5', 5)
    text = uboot(load(fit, 0x1000004), 'bootm 1000004')
    # libfdt of later releases looks at the address as well, and bootm says less
    check(REFUSED + 'this FIT is not at a multiple of 8' in text or
          'Wrong Image Type' in text, text)
    check(BOOTED not in text, text)


def test_end_of_ram():
    """Only half of it is there"""
    control_tree()
    write('hostile.itb', hostile.wrapped(0)[:24])
    for blob in hostile.tree(hostile.node(''))[:24], hostile.outside():
        write('hostile.itb', blob)
        text = uboot(load('hostile.itb', 0xfffffc0), 'bootm fffffc0',
                     'rpmb rollback commit fffffc0')
        check(BOOTED not in text, text)


def test_many_names():
    """A list of names that is walked through for ever"""
    control_tree()
    write('hostile.itb', hostile.many_names())
    text = uboot(load('hostile.itb'), 'bootm 1000000#c',
                 'rpmb rollback commit 1000000#c')
    check(BOOTED not in text, text)
    # later releases make the list themselves, with room for less
    check(text.count('does not cover all of the configuration' if lists_nodes()
                     else 'Failed to build hash node list') == 2, text)


def test_large():
    """A FIT with hundreds of device trees and configurations is none

    mkimage has no room for so many signatures: it makes one, and the others
    are nodes of that size.
    """
    control_tree()
    images = [its.image('kernel', 'kernel.bin', 'kernel', 0x100000, 'sandbox')]
    images += [its.image(f'fdt-{n}', 'fdt-1.bin', 'flat_dt', arch='sandbox')
               for n in range(1, 301)]
    source = its.source('large', images, (
        ('kernel', 'kernel'), ('fdt', 'fdt-1')), ('os',), index_of(5))
    begin, end = source.index('\t\tconf {'), source.rindex('\t};\n};')
    conf = source[begin:end].replace('signature-1 {', '''signed-1 {
				hashed-nodes = "/", "/configurations/conf-300", "/images/kernel",
					"/images/kernel/hash-1", "/images/fdt-300",
					"/images/fdt-300/hash-1";
				value = [%s];
''' % ('00' * 512))
    build_fit('large', source[:end] + ''.join(
        conf.replace('conf {', f'conf-{n} {{').replace('"fdt-1"', f'"fdt-{n}"')
        for n in range(2, 301)) + source[end:])
    check_boots('large.itb', 5, '1000000#conf')
    check_refused("No 'signature' subnode found", 'large.itb', 5, '1000000#conf-300')


def test_off():
    """Without a policy U-Boot reads as it always has; libfdt comes to an end"""
    control_tree('')
    check_boots(make_fit('v5', index_of(5)))
    for name, command in each_blob():
        if name not in CRASHES:
            text = uboot(command, 'bootm 1000000', 'iminfo 1000000')
            check(BOOTED not in text and REFUSED not in text,
                  f'{name}:\n{text}')
