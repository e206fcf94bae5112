# SPDX-License-Identifier: GPL-2.0-or-later
"""CONFIG_RPMB_ROLLBACK_LOCKED: each way around the check of FITs is closed

What needs no locked configuration is refused by test_fit.py as well; here it
is shown that the locked one has not lost it.
"""

from android import boot_image
from fit import (BOOTED, REFUSED, check_boots, check_refused, control_tree,
                 index_of, load, make_fit, not_covered, old_image, remake_fit,
                 source_has, tool, uboot)
from host import check, run, write
from sandbox_fixtures import folder
from tampering import attack

SUITE = 'locked'
place = folder('test_locked', 'sandbox_locked', 'rpmb_locked.config',
               'rpmb_best_match.config')


def test_boots():
    """What is signed and new enough boots"""
    control_tree()
    check_boots(make_fit('v5', 5, images=('kernel', 'fdt-1', 'ramdisk')), 5)
    check_refused('the image is older', 'v5.itb', 6)


def test_no_required_key():
    """No key is required"""
    fit = make_fit('v5', 5)
    control_tree(required=None)
    check_refused('no key is required for configurations', fit, 5)


def test_verify_no():
    """verify=n"""
    control_tree()
    check_refused('signatures are not checked', make_fit('v5', 5), 5,
                  env=['setenv verify n'])


def test_image_by_name():
    """bootm <addr>:kernel"""
    control_tree()
    check_refused('an image was asked for by its name', make_fit('v5', 5), 5,
                  what='1000000:kernel')


def test_source_fallback():
    """source <addr>:script, and scripts that are no FIT"""
    control_tree()
    make_fit('script', 5, images=('script',))
    text = uboot('rpmb rollback advance 100 5', load('script.itb'),
                 'source 1000000:script')
    check('the script runs' not in text and
          'an image was asked for by its name' in text, text)


def test_source_legacy():
    """Scripts in the old format, which nobody signs"""
    control_tree()
    run(tool('mkimage'), '-T', 'script', '-d', 'script.bin', 'script.img')
    text = uboot(load('script.img'), 'source 1000000')
    check('the script runs' not in text and 'Wrong image format' in text, text)


def test_fdt_addr():
    """fdt addr -c"""
    control_tree()
    text = uboot('rpmb rollback advance 100 5', load(make_fit('v5', 5)),
                 load('v5.itb', 0x2000000), 'fdt addr -c 2000000',
                 'bootm 1000000#conf')
    check('the control FDT is not that of the start' in text and
          BOOTED not in text, text)


def test_fdt_checksign():
    """fdt checksign <addr>, which has made it the control FDT up to some release"""
    control_tree()
    text = uboot('rpmb rollback advance 100 5', load(make_fit('v5', 5)),
                 load('v5.itb', 0x2000000), 'fdt addr 1000000',
                 'fdt checksign 2000000', 'bootm 1000000#conf')
    keeps = source_has('cmd/fdt.c', b'fit_config_verify_with_key_blob')
    check(('the control FDT is not that of the start' in text) != keeps and
          (BOOTED in text) == keeps, text)


def test_commands():
    """Commands that start what no signature covers are not there"""
    control_tree()
    for command in ('go 1000000', 'bootelf 1000000', 'bootvx 1000000',
                    'booti 1000000', 'bootz 1000000', 'bootefi 1000000'):
        text = uboot(command)
        check(f"Unknown command '{command.split()[0]}'" in text, text)


def test_legacy():
    """bootm of an old image"""
    control_tree()
    text = uboot(load(old_image('kernel', 'kernel.bin', 'old.img')),
                 'bootm 1000000')
    check(BOOTED not in text and 'Wrong Image' in text, text)


def check_untouched(*commands):
    """Memory at 4000000 and the arguments stay as they are. Return: output"""
    text = uboot('rpmb rollback advance 100 5', 'mw.b 4000000 5a 40',
                 'mw.b 4800000 5a 40', 'setenv bootargs quiet', *commands,
                 'cmp.b 4000000 4800000 40', 'echo', 'printenv bootargs')
    check('Total of 64 byte(s) were the same' in text and
          'bootargs=quiet' in text and BOOTED not in text, text)
    return text


def test_android():
    """An Android image, which says where its parts go and what is told"""
    control_tree()
    write('android.img', boot_image(b'kernel' * 20, 0x4000000,
                                    says=b'init=/bin/sh'))
    for boot in 'bootm 1000000', 'bootm start 1000000; bootm loados':
        text = check_untouched(load('android.img'), boot)
        check('Wrong Image Type' in text, text)


def test_android_ramdisk():
    """The ramdisk of an Android image, which says where it goes"""
    control_tree()
    write('android.img', boot_image(b'kernel', 0x5000000, b'ramdisk' * 20,
                                    0x4000000))
    text = check_untouched(
        load(make_fit('part', 5, images=('kernel', 'fdt-1'))),
        load('android.img', 0x2000000), 'abootimg addr 2000000',
        'bootm 1000000 2000000')
    check('Wrong Ramdisk Image Format' in text, text)


def test_loaded_late():
    """A kernel whose ramdisk is refused is not copied to its place either"""
    control_tree()
    fit = make_fit('v5', 5, images=('kernel', 'fdt-1'))
    remake_fit('v5', ('load = <0x100000>', 'load = <0x4000000>'))
    text = check_untouched(load(fit), load('ramdisk.bin', 0x2000000),
                           'bootm 1000000 2000000:100')
    check('the ramdisk is not from a FIT' in text, text)


def test_ramdisk_outside():
    """A ramdisk that is just memory"""
    control_tree()
    text = boot_with('1000000 2000000:100', 'ramdisk.bin',
                     ('kernel', 'fdt-1'))
    check('the ramdisk is not from a FIT' in text, text)


def test_fdt_outside():
    """A device tree that is just memory"""
    control_tree()
    text = boot_with('1000000#conf - 2000000', 'fdt-1.bin', ('kernel',))
    check('the device tree is not from a FIT' in text, text)


def boot_with(arguments, file, images):
    """Boot with a file at 2000000. Return: the output"""
    text = uboot('rpmb rollback advance 100 5', load(make_fit(
        'part', 5, images=images)), load(file, 0x2000000),
        f'bootm {arguments}')
    check(BOOTED not in text, text)
    return text


def test_step_by_step():
    """What was checked could be changed between two steps"""
    control_tree()
    text = uboot('rpmb rollback advance 100 5', load(make_fit('v5', 5)),
                 'bootm start 1000000', 'bootm loados', 'bootm go')
    check('this U-Boot does not boot step by step' in text and
          BOOTED not in text, text)


def test_no_policy():
    """A control FDT without a policy boots nothing"""
    control_tree(policy='')
    text = uboot(load(make_fit('v5', 5)), 'bootm 1000000')
    check('the control FDT names no RPMB' in text and
          BOOTED not in text, text)


def test_hashed_nodes():
    """A list of signed nodes that leaves the images out"""
    control_tree()
    attack(make_fit('v5', 5), 'attack.itb')
    check_refused(not_covered(), 'attack.itb', 5)


OTHER = 'compatible = "vendor,other"; '
OTHER_BOARD = 'no configuration is for this board'


def takes_the_default():
    """Does bootm take the default where no configuration is for the board?"""
    return source_has('boot/image-fit.c', b'ret != -EINVAL')


def commits(location, what):
    """Commit a FIT at 1000000. Return: what is said"""
    return uboot(f'rpmb rollback advance {location} 5', load('v7.itb'),
                 f'rpmb rollback commit {what}', 'echo',
                 f'rpmb rollback get {location}')


def test_other_board():
    """A commit without a name is for the configuration that bootm takes, or for none"""
    control_tree()
    make_fit('v7', index_of(7))
    check('index 0x100: 0x7, committed' in commits('100', '1000000'), 'not committed')
    make_fit('v7', OTHER + index_of(7))
    text = commits('100', '1000000')
    if takes_the_default():
        check('index 0x100: 0x7, committed' in text, text)
        check_boots('v7.itb', 5)
    else:
        check(REFUSED + OTHER_BOARD in text and 'committed' not in
              text.replace('nothing was committed', '') and
              'rollback index 0x100: 0x5' in text, text)
        check_refused('Could not find configuration node', 'v7.itb', 5)
    # who names it means it
    check('index 0x100: 0x7, committed' in commits('100', '1000000#conf'),
          'not committed')


def test_other_loader():
    """SPL chooses in another way: its FIT has a location of its own, and is committed"""
    control_tree()
    make_fit('v7', OTHER + index_of(7, 0x200))
    text = commits('200', '1000000')
    check('index 0x200: 0x7, committed' in text and REFUSED not in text, text)
