# SPDX-License-Identifier: GPL-2.0-or-later
"""What can start code, with a node for the policy and without one

With the node everything asks, or is refused: doc/usage/rpmb/rollback-rules.rst has the
table, and says which row is tested where.
"""

from android import boot_image
from fit import (BOOTED, POLICY, REFUSED, STARTERS, check_boots, check_refused,
                 control_tree, load, make_fit, old_image, uboot)
from host import check, write
from sandbox_fixtures import folder

SUITE = 'start'
place = folder('test_start')

STORED = 'rpmb rollback advance 100 5'
BLOCKS = 'rpmb write-blocks 100 1000000 {:x} 1'
WROTE = '0x1 block written and proven'
KEPT = 'some of these blocks hold rollback indexes'
WRONG = 'the control FDT asks for what is not there'


def refuses(why, *commands, env=()):
    """The last command must fail for this reason. Return: the output"""
    text = uboot(STORED, *commands[:-1],
                 f'if {commands[-1]}; then echo it "did"; else '
                 'echo it "failed"; fi', env=env)
    check(REFUSED + why in text and 'it failed' in text and
          'it did' not in text and BOOTED not in text,
          f'{commands[-1]} is not refused by "{why}":\n{text}')
    check('\n  image: ' in text and '\n  advice: ' in text, text)
    return text


def test_commands():
    """Commands that start what no signature covers"""
    control_tree()
    for command, why in STARTERS.items():
        refuses(why, 'mw.b 1000000 0 1000', command)


def test_legacy():
    """bootm of an image in the old format"""
    old_image('kernel', 'kernel.bin', 'old.img')
    control_tree()
    refuses('an image in the old format', load('old.img'), 'bootm 1000000')
    refuses('an image in the old format', load('old.img'),
            'setenv autostart yes', 'bootm 1000000', env=['setenv verify n'])


def test_android():
    """bootm of an Android image: its header is not believed"""
    control_tree()
    write('android.img', boot_image(b'kernel' * 20, 0x4000000,
                                    says=b'init=/bin/sh'))
    text = refuses('an Android image', 'setenv bootargs quiet',
                   load('android.img'), 'bootm 1000000')
    text = uboot(STORED, 'mw.b 4000000 5a 40', 'mw.b 4800000 5a 40',
                 'setenv bootargs quiet', load('android.img'),
                 'bootm 1000000', 'cmp.b 4000000 4800000 40', 'echo',
                 'printenv bootargs')
    check('Total of 64 byte(s) were the same' in text and
          'bootargs=quiet' in text, text)


def test_source():
    """source of a script that is no signed FIT"""
    old_image('script', 'script.bin', 'script.img')
    write('plain', 'echo the script runs\n')
    control_tree()
    text = refuses('an image in the old format', load('script.img'),
                   'source 1000000')
    text += uboot(load('plain'), 'source 1000000')
    check('the script runs' not in text, text)
    control_tree(policy='')
    text = uboot(load('script.img'), 'source 1000000')
    check('the script runs' in text, text)


def test_steps():
    """bootm step by step, from its start and from its middle"""
    control_tree()
    fit = make_fit('v5', 5)
    step = 'this U-Boot does not boot step by step'
    for last in 'loados', 'prep', 'go':
        refuses(step, load(fit), 'bootm start 1000000', f'bootm {last}')


def test_outside():
    """A ramdisk and a device tree from memory, old images of them, too"""
    control_tree()
    kernel = make_fit('part', 5, images=('kernel',))
    both = make_fit('both', 5)
    old_image('ramdisk', 'ramdisk.bin', 'ramdisk.img')
    for why, fit, file, args in (
            ('the ramdisk is not from a FIT', both, 'ramdisk.bin',
             '2000000:100'),
            ('an image in the old format', both, 'ramdisk.img', '2000000'),
            ('the device tree is not from a FIT', kernel, 'fdt-1.bin',
             '- 2000000')):
        refuses(why, load(fit), load(file, 0x2000000), f'bootm 1000000 {args}')


def test_pass_is_used_up():
    """What bootm verified lets nothing else pass, before it or after it"""
    control_tree()
    fit = make_fit('v5', 5)
    old = make_fit('v4', 4)
    for how in fit, old:
        text = uboot(STORED, load(how), 'bootm 1000000', 'go 1800000')
        check("'go' starts what no signature covers" in text and
              (BOOTED in text) == (how == fit), text)


def test_no_node():
    """Without the node all of them do what they did"""
    control_tree(policy='')
    text = uboot('bootefi hello')
    check('Hello, world' in text and REFUSED not in text, text)


def test_boots():
    """What is signed and new enough boots"""
    control_tree()
    check_boots(make_fit('v5', 5, images=('kernel', 'fdt-1', 'ramdisk')), 5)


def changed(old, new):
    """Make a control FDT whose policy's node is another one"""
    check(old in POLICY, f"'{old}' is not in the node")
    control_tree(policy=POLICY.replace(old, new))


KEY = 'key-id = <0x100>;'
FORMS = [(old, new) for old, news in (
    ('rpmb = "sandbox0";', (
        '', 'rpmb;', 'rpmb = "";', 'rpmb = "sandbox0", "sandbox1";',
        'rpmb = [73 61 6e 64 62 6f 78 30];', 'rpmb = <0>;',
        'rpmb = "a name that is longer than any that a device has";',
        'rpmb = "sandbox0"; status = "disabled";')),
    ('target = <0>;', ('target;', 'target = "0";', 'target = <0 0>;',
                       'target = <4>;', 'target = [00];')),
    (KEY, ('', 'key-id;', 'key-id = "100";', 'key-id = <0x100 0>;',
           'key-id = <0xffffffff>;', 'key-id = [01 00];')),
    ('target', ('slots; target', 'slots = "2"; target',
                'slots = <0>; target', 'slots = <5>; target',
                'slots = <1 2>; target', 'slot = <2>; target'))
    ) for new in news]


def test_node():
    """A node whose properties have another form is wrong as a whole"""
    fit = make_fit('v5', 5)
    for old, new in FORMS:
        changed(old, new)
        text = uboot(load(fit), 'bootm 1000000',
                     'rpmb rollback commit 1000000', 'mw.b 1000000 0 100',
                     *(f'rpmb dev sandbox0:{i}; ' + BLOCKS.format(0x102)
                       for i in (0, 1)))
        check(WRONG in text and BOOTED not in text and WROTE not in text and
              text.count(KEPT) == 2,
              f'{new}\n{text}')
    control_tree(policy=POLICY + POLICY.replace('rollback {', 'again {'))
    check_refused(WRONG, fit)


def test_node_good():
    """What a node may have beside what it must have"""
    fit = make_fit('v5', 5)
    for more in ('status = "okay";', 'bootph-pre-ram;', 'slots = <4>;',
                 'phandle = <77>;'):
        changed('target', more + ' target')
        check_boots(fit, 5)
    changed('target = <0>;', '')
    check_boots(fit, 5)


def test_one_reader():
    """The blocks of the indexes stay where the tree had them at the start"""
    control_tree()
    fit = make_fit('v5', 5)
    tree = 'fdt addr -c $fdtcontroladdr; fdt addr $fdtcontroladdr; '
    write_block = BLOCKS.format(0x102)
    for change in ('fdt set /rpmb-rollback rpmb ufs0',
                   'fdt set /rpmb-rollback target <1>',
                   'fdt rm /rpmb-rollback',
                   'fdt set /rpmb-rollback compatible other'):
        text = uboot('rpmb rollback advance 100 6', tree + change,
                     'rpmb dev sandbox0:0', 'mw.b 1000000 0 100', write_block,
                     load(fit), 'bootm 1000000')
        check(KEPT in text and WROTE not in text and REFUSED in text and
              BOOTED not in text, f'{change}\n{text}')
