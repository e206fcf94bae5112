# SPDX-License-Identifier: GPL-2.0-or-later
"""Rollback indexes of FITs: what bootm and source use, and what they refuse"""

import hashlib
import os
import re
import struct

from android import SUCCESSFUL, TRIAL, UNBOOTABLE, misc, write_disk
from fit import (BOOTED, POLICY, REFUSED, check_boots, check_refused,
                 control_tree, index_of, lists_nodes, load, make_fit,
                 not_covered, remake_fit, tool, uboot)
from host import check, keys, read, run, write
from sandbox_fixtures import folder
from tampering import NODES, attack, find_string

SUITE = 'fit'
place = folder('test_fit')

OLD = 'the image is older than what has been booted before'
NAMED = 'an image was asked for by its name'
TREE = 'the control FDT is not that of the start'
NO_KEY = 'no key is required for configurations'


def test_index():
    """mkimage signs a configuration with an index unchanged; bootm checks it"""
    control_tree()
    fit = make_fit('v5', 5)
    check_boots(fit, 5)
    check_boots(fit, 4)
    text = check_refused(OLD, fit, 6)
    check('its index is 0x5, the device holds 0x6' in text, text)
    check('  device: sandbox0:0' in text and '  advice: ' in text, text)


def test_open_board_warns():
    """No index or no key yet: an open board boots, and nobody can miss it"""
    control_tree()
    fit = make_fit('v5', 5)
    for what, prepare in (
            ('no rollback index has ever been stored', None),
            ('the RPMB says that it has no key', ['rpmb list'])):
        how = {'prepare': prepare} if prepare else {}
        text = check_boots(fit, **how)
        check(f'* WARNING: NO ROLLBACK PROTECTION: {what}' in text, text)
        check(text.count('* WARNING') == 1, text)


def test_cells():
    """An index has one cell or two, and nothing else is an index"""
    control_tree()
    check_boots(make_fit('u64', index_of(0x123456789a, cells=2)), 0x123456789a)
    check_refused(OLD, 'u64.itb', 0x123456789b)
    for index, why in (
            ('', 'the configuration has no rollback index'),
            ('rollback-index = <1 2 3>;', 'rollback index is no number'),
            ('rollback-index = "5";', 'rollback index is no number'),
            ('rollback-index;', 'rollback index is no number'),
            ('rollback-index = <0xffffffff 0xffffffff>;',
             "the image's index is 2^64 - 1, which is none")):
        check_refused(why, make_fit('bad', index), 0)


def test_location():
    """A location is one of FIT's; each has an index of its own"""
    control_tree()
    fit = make_fit('at101', index_of(5, 0x101))
    check_boots(fit, what='1000000; ', stored=9)
    text = uboot('rpmb rollback advance 100 9', 'rpmb rollback advance 101 6',
                 load(fit), 'bootm 1000000')
    check(OLD in text and BOOTED not in text, text)
    for location in (0, 0xff, 0x11c, 0x200):
        check_refused('rollback location is none for a FIT',
                      make_fit('bad', index_of(5, location)), 0)
    check_refused('rollback location is none for a FIT', make_fit(
        'bad', 'rollback-index = <5>; rollback-location = <0 0x100>;'), 0)


def test_signature():
    """An index that nobody signed counts for nothing"""
    control_tree()
    check_refused('Bad Data Hash', make_fit('unsigned', 5, key=None), 5)
    check_refused('Bad Data Hash', make_fit('other', 5, key='factory'), 5)
    fit = make_fit('v5', 5)
    data = read(fit)
    name = find_string(data, b'rollback-index')
    old = struct.pack('>III', 3, 4, name) + struct.pack('>I', 5)
    check(data.count(old) == 1, 'no index to be changed')
    write('forged.itb', data.replace(old, old[:-1] + b'\6'))
    check_refused('Bad Data Hash', 'forged.itb', 6)


def test_no_required_key():
    """A tree whose keys are not required for configurations proves nothing"""
    fit = make_fit('v5', 5)
    control_tree(required=None)
    check_refused(NO_KEY, fit, 5)
    control_tree(required='image')
    check_refused('', fit, 5)
    control_tree(key=None)
    check_refused(NO_KEY, fit, 5)


def test_verify_no():
    """The environment cannot switch signatures off"""
    control_tree()
    fit = make_fit('v5', 5)
    check_refused('signatures are not checked', fit, 5,
                  env=['setenv verify n'])
    check_refused('signatures are not checked',
                  make_fit('unsigned', 5, key=None), 5,
                  env=['setenv verify n'])


def test_image_by_name():
    """An image that is asked for by its name is part of no configuration"""
    control_tree()
    make_fit('v5', 5)
    check_refused(NAMED, 'v5.itb', 5, what='1000000:kernel')
    check_refused(NAMED, 'v5.itb', 5, what='1000000 1000000:ramdisk')


def test_all_images():
    """Kernel, ramdisk, device tree and loadables, and one read for all"""
    control_tree()
    fit = make_fit('all', 5, images=('kernel', 'fdt-1', 'ramdisk', 'extra'))
    text = check_boots(fit, 5)
    check("Trying 'ramdisk'" in text and "Trying 'extra'" in text, text)
    check_refused(OLD, fit, 6)


def test_mixed():
    """Each argument of bootm is checked by itself"""
    control_tree()
    new = make_fit('new', 6, images=('kernel',))
    old = make_fit('old', 5, images=('kernel', 'ramdisk'))
    text = uboot('rpmb rollback advance 100 6', load(new),
                 load(old, 0x1800000), 'bootm 1000000 1800000#conf')
    check(OLD in text and BOOTED not in text, text)
    # by its name, it must be of a configuration that is signed, too
    for key in ('os', None):
        make_fit('other', 6, images=('kernel', 'ramdisk'), key=key)
        text = uboot('rpmb rollback advance 100 6', load(new),
                     load('other.itb', 0x1800000), 'setenv fdt_high',
                     'bootm start 1000000 1800000:ramdisk && echo started')
        check(('started' in text) == (key == 'os'), text)


def test_source():
    """Scripts of a FIT, too, and no fallback to an image that has no signature"""
    control_tree()
    make_fit('script', 5, images=('script',))
    text = uboot('rpmb rollback advance 100 5', load('script.itb'),
                 'source 1000000')
    check('the script runs' in text, text)
    for stored, what, why in ((6, '1000000', OLD), (6, '1000000#conf', OLD),
                              (5, '1000000:script', NAMED)):
        text = uboot(f'rpmb rollback advance 100 {stored}',
                     load('script.itb'), f'source {what}')
        check('the script runs' not in text and why in text, text)
    # without a script in its configuration: the first image would do
    make_fit('none', 5, images=('kernel', 'script'))
    fit = remake_fit('none', ('script = "script";', ''), (', "script"', ''),
                     ('images {', 'images { default = "script";'))
    text = uboot('rpmb rollback advance 100 5', load(fit), 'source 1000000')
    check('the script runs' not in text and NAMED in text, text)
    text = uboot('rpmb rollback advance 100 5', load('script.itb'),
                 'setenv verify n', 'source 1000000')
    check('the script runs' not in text, text)


def test_control_tree():
    """Commands that put other public keys in place of ours"""
    control_tree(key='factory')
    write('evil.dtb', read('control.dtb'))
    control_tree()
    make_fit('evil', 5, key='factory')
    for command in ('fdt addr -c 2000000', 'fdt addr 1000000; '
                    'fdt checksign 2000000', 'fdt addr -c 2000000; '
                    'fdt addr -c 2000000'):
        text = uboot('rpmb rollback advance 100 5', load('evil.itb'),
                     load('evil.dtb', 0x2000000), command, 'bootm 1000000')
        # later releases verify with those keys, and leave ours in place
        check((TREE in text or 'checksign' in command and 'Bad Data Hash' in text)
              and BOOTED not in text, text)
    # ... or change the tree where it is
    text = uboot('rpmb rollback advance 100 5', load('evil.itb'),
                 'fdt addr $fdtcontroladdr', 'fdt set /signature/key-os '
                 'required no', 'bootm 1000000')
    check(REFUSED in text and BOOTED not in text, text)


def test_control_tree_header():
    """A control FDT that is none any more has no keys: it requires none"""
    control_tree()
    make_fit('unsigned', 5, key=None)
    # magic, size, version
    for where, value in ((0, 0), (4, 0xffffffff), (0x14, 0)):
        text = uboot('rpmb rollback advance 100 5', load('unsigned.itb'),
                     load('control.dtb', 0x2000000), 'fdt addr -c 2000000',
                     f'mw.l {0x2000000 + where:x} {value:x}', 'bootm 1000000')
        check(TREE in text and BOOTED not in text, text)


def test_policy_off():
    """Without a node for the policy nothing changes"""
    control_tree(policy='')
    fit = make_fit('none', '')
    for how in ({}, {'env': ['setenv verify n']}):
        check_boots(fit, **how)
    text = uboot(load(fit), 'bootm start 1000000:kernel && echo started')
    check('started' in text and REFUSED not in text, text)
    check_refused('Bad Data Hash', make_fit('unsigned', 5, key=None))
    text = uboot(load(make_fit('script', '', images=('script',))),
                 'source 1000000:script')
    check('the script runs' in text, text)


def test_policy_node():
    """Nothing that the tree says later, or that commands choose, matters"""
    control_tree()
    fit = make_fit('v5', 5)
    for command in ('fdt addr $fdtcontroladdr; fdt rm /rpmb-rollback',
                    'rpmb dev sandbox0:1',
                    'setenv verify y; setenv rpmb sandbox1'):
        text = uboot('rpmb rollback advance 100 6', command, load(fit),
                     'bootm 1000000')
        check(REFUSED in text and BOOTED not in text, text)


def test_handover():
    """/chosen tells the operating system what was checked"""
    control_tree()
    text = check_boots(make_fit('v5', 5), 5)
    check('rpmb-rollback' not in text, text)
    text = uboot('rpmb rollback advance 100 5', load('v5.itb'),
                 'bootm 1000000', 'fdt print /chosen/rpmb-rollback')
    check('rpmb = "sandbox0"' in text and 'read = "authenticated"' in text and
          'booted = <0x00000000 0x00000005>' in text, text)


def test_commit():
    """A commit raises the index to the image's, and no further"""
    control_tree()
    make_fit('v5', 5)
    make_fit('v7', 7)
    text = uboot('rpmb rollback advance 100 5', load('v7.itb'),
                 'rpmb rollback commit 1000000#conf && '
                 'rpmb rollback commit 1000000 && rpmb rollback get 100',
                 load('v5.itb', 0x1800000), 'bootm 1800000')
    check(text.count('rollback index 0x100: 0x7, committed') == 2 and
          'rollback index 0x100: 0x7\n' in text.replace('\r', ''), text)
    check(OLD in text and BOOTED not in text, text)


def check_not_committed(why, *commands, **how):
    """A commit must be refused, and not raise the index of 5"""
    text = uboot('rpmb rollback advance 100 5', *commands, 'echo',
                 'rpmb rollback get 100', **how)
    check(', committed' not in text and why in text and
          'rollback index 0x100: 0x5\n' in text.replace('\r', ''), text)


def test_commit_refused():
    """What is not signed, damaged, old or not there raises nothing"""
    control_tree()
    commit = 'rpmb rollback commit 1000000'
    make_fit('v7', 7)
    data = read('v7.itb')
    write('damaged.itb', data.replace(b'a kernel', b'A kernel', 1))
    for why, fit in (
            ("an image's data are not those that were signed", 'damaged.itb'),
            ('the configuration is not signed as it must be',
             make_fit('unsigned', 7, key=None)),
            ('the configuration is not signed as it must be',
             make_fit('other', 7, key='factory')),
            (OLD, make_fit('v4', 4)),
            ('the configuration has no rollback index', make_fit('no', '')),
            ("the image's index is 2^64 - 1, which is none", make_fit(
                'max', 'rollback-index = <0xffffffff 0xffffffff>;'))):
        check_not_committed(why, load(fit), commit)
    check_not_committed('signatures are', load('v7.itb'), 'setenv verify n',
                        'echo signatures are', 'rpmb rollback commit 1000001')
    check_not_committed('there is no FIT', 'mw.b 1000000 0 1000', commit)
    check_not_committed('there is no such configuration', load('v7.itb'),
                        commit + '#other')
    check_not_committed('rpmb: ', load('v7.itb'),
                        'rpmb rollback commit fffffff0')
    check_not_committed('the control FDT is not that of the start',
                        load('v7.itb'), load('v7.itb', 0x2000000),
                        'fdt addr -c 2000000', commit)
    # the environment's verify=n changes nothing
    text = uboot('rpmb rollback advance 100 5', load('unsigned.itb'),
                 'setenv verify n', commit)
    check('not signed as it must be' in text, text)


def test_outside():
    """Data outside of the FIT: nobody has signed where they are"""
    control_tree()
    fit = make_fit('out', 7)
    run(tool('mkimage'), '-E', '-F', fit)
    check_refused("an image's data are outside of the FIT", fit, 5)
    check_not_committed("an image's data are outside of the FIT", load(fit),
                        'rpmb rollback commit 1000000')
    fit = make_fit('in', 7)
    check_boots(fit, 5)
    for name in 'data-position', 'data-offset':
        run('cp', fit, 'moved.itb')
        run('fdtput', '-t', 'x', 'moved.itb', '/images/fdt-1', name, '100')
        run('fdtput', '-t', 'x', 'moved.itb', '/images/fdt-1', 'data-size',
            '10')
        check_refused("an image's data are outside of the FIT", 'moved.itb', 5)


def test_commit_slots():
    """Never above the lowest of the slots that must still boot"""
    control_tree(policy=POLICY.replace('target', 'slots = <2>; target'))
    make_fit('v6', 6)
    make_fit('v7', 7)
    both = load('v7.itb'), load('v6.itb', 0x1800000)
    for slots in ('1000000 1800000', '1800000 1000000#conf'):
        text = uboot('rpmb rollback advance 100 5', *both,
                     'rpmb rollback commit ' + slots)
        check('rollback index 0x100: 0x6, committed' in text, text)
    for slots in ('1000000', '1000000 1000000', '1000000#conf 1000000'):
        check_not_committed('each of 2 slots must have one of its own', *both,
                            'rpmb rollback commit ' + slots)
    check_not_committed('not signed as it must be', both[0], load(make_fit(
        'unsigned', 6, key=None), 0x1800000),
        'rpmb rollback commit 1000000 1800000')
    check_not_committed('for different rollback locations', both[0], load(
        make_fit('at101', index_of(5, 0x101)), 0x1800000),
        'rpmb rollback advance 101 1', 'rpmb rollback commit 1000000 1800000')


def test_commit_names_the_refused():
    """Of several images it says which one was refused, and of no other"""
    control_tree(policy=POLICY.replace('target', 'slots = <3>; target'))
    bad = load(make_fit('unsigned', 7, key=None), 0x1800000)
    good = make_fit('v7', 7)
    commit = 'rpmb rollback commit 1000000 1800000%s 2000000'
    for name, loads in (
            ('0x1800000', (load(good), bad, load(good, 0x2000000))),
            ('0x1800000#conf', (load(good), bad, load(good, 0x2000000))),
            ('0x2000000', (load(good), load(good, 0x1800000), load(
                make_fit('at101', index_of(5, 0x101)), 0x2000000),
                           'rpmb rollback advance 101 1'))):
        text = uboot('rpmb rollback advance 100 5', *loads,
                     commit % name.partition('0x1800000')[2])
        check(re.findall(r'which: the FIT at (\S+)', text) == [name] and
              ', committed' not in text, text)


def test_commit_no_key():
    """The key is gone since the index was read: that is said, and not of the device"""
    control_tree(policy=POLICY.replace('<0x100>', '<1>'))
    make_fit('v7', 7)
    write('key.bin', hashlib.sha256(b'a key').digest())
    text = uboot('rpmb rollback advance 100 5', load('v7.itb'),
                 'rpmb rollback check 100 7', 'rpmb key del 1', 'bootm start 1000000',
                 'rpmb rollback commit 1000000',
                 prepare=['rpmb list', 'rpmb dev sandbox0:0',
                          load('key.bin', 0x2000000), 'rpmb key add 1 2000000',
                          'rpmb program-key -y 1'])
    check('index 0x100: 0x7 may be booted' in text and REFUSED not in text and
          ', committed' not in text, text)
    check('rpmb rollback commit: the key slot is empty (error -126)' in
          text.replace(' sandbox0:0:', ':'), text)
    check('  device: untouched' in text, text)


COMMIT_AB = 'rpmb rollback commit-ab host 0#misc'


def committed_ab(*slots, version=1, chosen='_a', where=COMMIT_AB,
                 fits='1000000 1800000', change=lambda disk: disk):
    """Commit as a disk's A/B metadata say. Return: what U-Boot printed"""
    write('disk.img', bytes(1 << 20))
    write_disk('disk.img', 0, 1 << 20, {'misc': misc(
        *slots, version=version, chosen=chosen)})
    write('disk.img', change(read('disk.img')))
    return uboot('rpmb rollback advance 100 5', load('v7.itb'),
                 load('v6.itb', 0x1800000), 'host bind 0 disk.img',
                 f'{where} {fits}', 'echo returned $?',
                 'rpmb rollback get 100')


def test_commit_ab():
    """Android's metadata say when, the slots that can boot how far"""
    control_tree()
    make_fit('v6', 6)
    make_fit('v7', 7)
    no_tries = 15, 0, True, False
    corrupted = 15, 7, True, True
    out_of_tries = 15, 0, False, False
    no_priority = 0, 7, False, False
    for index, *slots in (
            (7, SUCCESSFUL), (7, SUCCESSFUL, UNBOOTABLE),
            (7, no_tries, corrupted), (7, SUCCESSFUL, out_of_tries),
            (6, SUCCESSFUL, TRIAL), (6, SUCCESSFUL, no_priority),
            (6, SUCCESSFUL, SUCCESSFUL), (6, UNBOOTABLE, SUCCESSFUL),
            (6, TRIAL, SUCCESSFUL)):
        text = committed_ab(*slots, chosen='_c')
        check(f'rollback index 0x100: {index:#x}, committed' in text and
              'returned 0' in text, f'{slots}\n{text}')
    # _b has just been given its last try
    text = committed_ab(SUCCESSFUL, out_of_tries, chosen='_b')
    check('rollback index 0x100: 0x6, committed' in text, text)
    for slots in ((TRIAL, TRIAL), (TRIAL, UNBOOTABLE), (corrupted, TRIAL),
                  (UNBOOTABLE, UNBOOTABLE), ()):
        text = committed_ab(*slots)
        check('nothing to commit' in text and ', committed' not in text and
              'returned 0' in text and 'rollback index 0x100: 0x5' in text,
              f'{slots}\n{text}')


def check_ab_refused(why, *slots, **how):
    """A commit must fail, and not raise the index of 5"""
    text = committed_ab(*slots, **how)
    check(why in text and ', committed' not in text and 'returned 1' in text
          and 'rollback index 0x100: 0x5' in text, text)


def test_commit_ab_refused():
    """A slot that cannot be verified, no image for it, no metadata"""
    control_tree()
    make_fit('v6', 6, key=None)
    make_fit('v7', 7)
    check_ab_refused('the configuration is not signed as it must be',
                     SUCCESSFUL, TRIAL)
    make_fit('v6', index_of(6, 0x200))
    check_ab_refused('location is none for a FIT', UNBOOTABLE, SUCCESSFUL,
                     chosen='_b')
    make_fit('v6', 6, key=None)
    check_ab_refused('more slots can boot than there are images for',
                     SUCCESSFUL, TRIAL, fits='1000000')
    make_fit('v7', 7, images=('script',))
    check_ab_refused('the configuration has no kernel', SUCCESSFUL)
    make_fit('v7', 7)
    # what cannot boot is not looked at
    text = committed_ab(SUCCESSFUL, UNBOOTABLE, fits='1000000 7000000')
    check('rollback index 0x100: 0x7, committed' in text, text)
    for where in 'host 0#other', 'host 1#misc', 'host 0:2', 'junk 0#misc':
        check_ab_refused('there is no partition for A/B metadata', SUCCESSFUL,
                         where=COMMIT_AB.replace('host 0#misc', where))
    check_ab_refused('of a later version', SUCCESSFUL, version=2)
    for old in b'BCAB', misc(SUCCESSFUL)[2048:]:
        check_ab_refused('are damaged, or were never written', SUCCESSFUL,
                         change=lambda disk, old=old: disk.replace(
                             old, bytes(len(old)), 1))


def test_commit_ab_slots():
    """Where the control FDT asks for two slots, one raises nothing"""
    control_tree(policy=POLICY.replace('target', 'slots = <2>; target'))
    make_fit('v6', 6)
    make_fit('v7', 7)
    check_ab_refused('each of 2 slots must have one of its own', SUCCESSFUL,
                     UNBOOTABLE)
    text = committed_ab(SUCCESSFUL, SUCCESSFUL)
    check('rollback index 0x100: 0x6, committed' in text, text)


def test_hashed_nodes():
    """The list of signed nodes is not signed: it must be the right one"""
    control_tree(policy='')
    fit = make_fit('v5', 5)
    attack(fit, 'attack.itb')
    check_boots(fit)
    check_refused(not_covered(), 'attack.itb')
    # signed by somebody who left an image out
    make_fit('part', 5, images=('kernel', 'fdt-1', 'ramdisk'))
    remake_fit('part', (', "ramdisk"', ''))
    check_refused(not_covered(), 'part.itb')


def test_hashed_nodes_more():
    """... and have nothing that the configuration does not ask for"""
    control_tree(policy='')
    fit = make_fit('v5', 5)
    where = (fit, *NODES)
    listed = run('fdtget', '-t', 's', *where).split()
    run('fdtput', '-t', 's', *where, *listed)
    check_boots(fit)
    run('fdtput', '-t', 's', *where, *listed, '/nowhere')
    if lists_nodes():
        check_refused('Signature covers what is not of the configuration', fit)
    else:
        check_boots(fit)


ROOT_HASH = b'\x5a' * 32

VERITY = """
			dm-verity {
				algo = "sha256";
				data-block-size = <4096>;
				hash-block-size = <4096>;
			};"""

# What mkimage calls, and reads the answer of
VERITYSETUP = f"""#!/bin/sh
echo "Salt: {'00' * 32}"
echo "Root hash: {ROOT_HASH.hex()}"
"""


def test_verity(monkeypatch):
    """The root hash of a file system is signed, or the FIT is refused"""
    control_tree(policy='')
    write('root.bin', bytes(4096))
    make_fit('plain', 5, images=('kernel', 'fdt-1', 'extra'))
    os.makedirs('bin', exist_ok=True)
    os.chmod(write('bin/veritysetup', VERITYSETUP), 0o755)
    monkeypatch.setenv('PATH', os.path.abspath('bin'), prepend=os.pathsep)
    source = read('plain.its').decode().replace('extra.bin', 'root.bin')
    head, _, tail = source.rpartition('hash-1 { algo')
    write('root.its', head + VERITY.strip() + '\n\t\t\thash-1 { algo' + tail)
    run(tool('mkimage'), '-E', '-f', 'root.its', '-k', keys(), 'root.itb')
    # mkimage of 2025.01 does not know such nodes, and so signs none
    if '/images/extra/dm-verity' not in run(
            'fdtget', '-t', 's', 'root.itb', *NODES).split():
        check_refused('Signature does not cover all of the configuration',
                      'root.itb')
        return
    check_boots('root.itb')
    data = read('root.itb')
    check(data.count(ROOT_HASH) == 1, 'no root hash')
    write('evil.itb', data.replace(ROOT_HASH, b'\x5b' + ROOT_HASH[1:]))
    check_refused('Bad Data Hash', 'evil.itb')


def test_hashed_strings():
    """Names of properties are signed as well"""
    control_tree(policy='')
    fit = make_fit('v5', 5)
    data = read(fit)
    name = find_string(data, b'hashed-strings')
    at = data.index(struct.pack('>III', 3, 8, name)) + 12
    for size in (0, 0x10000000):
        write('strings.itb', data[:at] + struct.pack('>II', 0, size) +
              data[at + 8:])
        check_refused('Bad Data Hash', 'strings.itb')
    check('does not cover the property names' in check_refused(
        'Bad Data Hash', 'strings.itb'), 'read past the end')
