#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What was asked of a configuration is there, or the build stops

Boards are configured as README says, and the build is started: it must go on, or
name the option that stands in the way. Nothing is compiled. The rules of the check
are tried one by one on configurations that are made up.
"""

import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
BUILD = os.path.join(TOP, 'build')
TREE = os.environ.get('UBOOT') or os.path.join(BUILD, 'u-boot')
CROSS = os.environ.get('CROSS_COMPILE') or 'aarch64-linux-gnu-'

os.environ['srctree'] = TREE
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TREE, 'scripts', 'kconfig'))
import rpmb_check  # noqa: E402 pylint: disable=C0413,E0401

FAILED = 0


def verdict(name, passed, said=''):
    """One line for a test; what was said where it failed"""
    global FAILED  # pylint: disable=W0603
    if not passed:
        FAILED += 1
        print(said)
    print(f'{"ok" if passed else "not ok"} config {name}', flush=True)


def make(out, *args):
    """(exit status, output) of make in U-Boot's tree"""
    run = subprocess.run(['make', '-s', '-C', TREE, f'O={out}',
                          f'CROSS_COMPILE={CROSS}', *args], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         check=False)
    return run.returncode, run.stdout


def configure(board, *fragments, extra='', args=()):
    """(exit status, output, configuration) of a board whose build is started"""
    out = os.path.join(BUILD, 'configs', 'board')
    status, said = make(out, f'{board}_defconfig', *fragments, *args)
    path = os.path.join(out, '.config')
    if extra and not status:
        with open(path, 'a', encoding='utf-8') as file:
            file.write(extra)
        status, said = make(out, 'olddefconfig')
    if not status:
        status, said = make(out, 'prepare1')
    return status, said, dict(rpmb_check.assignments(path))


def granted(name, option, board, *fragments, lacks=(), **kwargs):
    """A board gets what it asks for, and nothing of what it lacks"""
    status, said, config = configure(board, *fragments, **kwargs)
    verdict(name, status == 0 and config.get(option) == 'y' and
            all(config.get(it, 'n') == 'n' for it in lacks), said)


def stops(name, words, board, *fragments, **kwargs):
    """The build of a board stops, and says these words"""
    status, said, _ = configure(board, *fragments, **kwargs)
    verdict(name, status != 0 and all(word in said for word in words), said)


def boards():
    """What README and doc/ tell people to type, and the ways it can go wrong"""
    granted('imx8mp_evk: locked is there', 'RPMB_ROLLBACK_LOCKED',
            'imx8mp_evk', 'rpmb.config', 'rpmb_locked.config')
    stops('imx8mp_evk: a default that selects booti is named',
          ['CONFIG_RPMB_ROLLBACK_LOCKED = y', 'rpmb_locked.config',
           'BOOTSTD_DEFAULTS is on, which selects BOOT_DEFAULTS, '
           'which selects BOOT_DEFAULTS_CMDS, which selects CMD_BOOTI'],
          'imx8mp_evk', 'rpmb.config', 'rpmb_locked.config',
          extra='CONFIG_BOOTSTD=y\nCONFIG_BOOTSTD_DEFAULTS=y\n')
    stops('poplar: no FIT, and no rollback protection, is named',
          ['CONFIG_RPMB_ROLLBACK_FIT = y', 'FIT is off'], 'poplar',
          'rpmb.config', 'rpmb_rollback.config',
          extra='# CONFIG_FIT is not set\n')
    stops('poplar: the stack itself was dropped, and the build still sees it',
          ['CONFIG_RPMB = y', 'LEGACY_CRYPTO was chosen instead'], 'poplar',
          'rpmb.config', extra='CONFIG_LEGACY_CRYPTO=y\n')
    stops('pine64_plus: an SPL without driver model is named',
          ['CONFIG_SPL_RPMB_ROLLBACK_FIT = y', 'SPL_DM is off'],
          'pine64_plus', 'rpmb.config', 'rpmb_spl.config')


def reach():
    """Boards that lack what the stack needs, or look as if they did"""
    stops('apple_m1: no device that could have an RPMB',
          ['CONFIG_RPMB = y, and it reaches no device', 'RPMB_EMMC: MMC is off',
           'RPMB_UFS: SCSI is off', 'RPMB_VIRTIO: '], 'apple_m1',
          'rpmb.config')
    status, said, config = configure('am62x_evm_a53', 'rpmb.config')
    verdict('am62x_evm_a53: no source of random numbers is a note',
            status == 0 and 'rpmb: note: CONFIG_RPMB = y' in said, said)
    verdict('am62x_evm_a53: SHA-512 without SHA-384', config.get('SHA512') ==
            'y' and config.get('SHA384', 'n') == 'n')
    granted('qemu-riscv64: virtio alone', 'RPMB_VIRTIO', 'qemu-riscv64',
            'rpmb.config', lacks=['RPMB_EMMC'])


def blanks():
    """A preprocessor that puts blanks before comments loses no line"""
    with tempfile.TemporaryDirectory() as folder:
        cpp = os.path.join(folder, 'cpp')
        with open(cpp, 'w', encoding='utf-8') as file:
            file.write('#!/bin/sh\n' f'{CROSS}cpp "$@" || exit\n'
                       'for last; do :; done\n'
                       'case $last in *defconfig) '
                       'sed -i "s/^# CONFIG/ &/" "$last";; esac\n')
        os.chmod(cpp, 0o755)
        status, said, config = configure('qemu_arm64_rpmb_locked',
                                         args=[f'CPP={cpp}'])
    verdict('blanks before "# CONFIG_X is not set" are removed',
            status == 0 and config.get('RPMB_ROLLBACK_LOCKED') == 'y' and
            config.get('RPMB_TEST_KEY', 'n') == 'n', said)


def refused(**config):
    """Names of what the check finds was asked for and not granted"""
    return {name for name, _, _ in rpmb_check.refused(config)}


def opened(**config):
    """Names of what a locked configuration must not have"""
    return {name for name, _ in rpmb_check.openings(config)}


def rules():
    """The rules of the check, on configurations that are made up"""
    verdict('nothing is asked for, nothing is refused', refused() == set())
    verdict('a dropped option is refused',
            'RPMB' in refused(RPMB_WANT_STACK='y'))
    verdict('an option that came back is refused', 'CMD_GO' in
            refused(RPMB_WANT_LOCKED='y', CMD_GO='y'))
    verdict('a line with a blank before it counts', 'RPMB_TEST_KEY' in
            refused(RPMB_WANT_DEFCONFIG='"qemu_arm64_rpmb_locked_defconfig"',
                    RPMB_TEST_KEY='y'))
    verdict('another value is refused', 'SPL_OF_LIBFDT_ASSUME_MASK' in
            refused(RPMB_WANT_SPL='y', SPL_OF_LIBFDT_ASSUME_MASK='0xff'))
    verdict('the same value in another spelling is not',
            'SPL_OF_LIBFDT_ASSUME_MASK' not in
            refused(RPMB_WANT_SPL='y', SPL_OF_LIBFDT_ASSUME_MASK='0'))
    verdict('the old name will do for the new one', not
            {'MBEDTLS_LIB_HASHING_ALT', 'MBEDTLS_LIB_CRYPTO_ALT'} &
            refused(RPMB_WANT_STACK='y', MBEDTLS_LIB_CRYPTO_ALT='y'))
    verdict('the new name will do for the old one', not
            {'MBEDTLS_LIB_HASHING_ALT', 'MBEDTLS_LIB_CRYPTO_ALT'} &
            refused(RPMB_WANT_STACK='y', MBEDTLS_LIB_HASHING_ALT='y'))
    verdict('neither name is refused', 'MBEDTLS_LIB_HASHING_ALT' in
            refused(RPMB_WANT_STACK='y'))
    verdict('there and off is refused, whatever the other name says',
            'MBEDTLS_LIB_CRYPTO_ALT' in
            refused(RPMB_WANT_STACK='y', MBEDTLS_LIB_CRYPTO_ALT='n',
                    MBEDTLS_LIB_HASHING_ALT='y'))


def needs():
    """What a stack needs of its board, on configurations that are made up"""
    reached = {phase for phase, _ in rpmb_check.stranded(
        {'RPMB': 'y', 'RPMB_EMMC': 'n', 'SPL_RPMB': 'y', 'MMC': 'y'})}
    verdict('a stack without transport is refused, in U-Boot and in SPL',
            reached == {'RPMB', 'SPL_RPMB'})
    for phase, transports in rpmb_check.TRANSPORTS.items():
        for name in transports:
            verdict(f'{name} is a transport', not list(
                rpmb_check.stranded({phase: 'y', name: 'y'})))
    verdict('no stack, no transport: nothing to say', not list(
        rpmb_check.stranded({'RPMB': 'n'})))
    verdict('no source of random numbers is seen, in U-Boot and in SPL',
            rpmb_check.blind({'RPMB': 'y', 'SPL_RPMB': 'y', 'DM_RNG': 'y'}) ==
            ['RPMB', 'SPL_RPMB'])
    verdict('a TPM that SPL does not have is none there', rpmb_check.blind(
        {'RPMB': 'y', 'SPL_RPMB': 'y', 'TPM_RNG': 'y'}) == ['SPL_RPMB'])
    verdict('a source of both phases is one in both', not rpmb_check.blind(
        {'RPMB': 'y', 'SPL_RPMB': 'y', 'RNG_ROCKCHIP': 'y'}))
    known = rpmb_check.sources('RPMB')
    missing = [name for name in rng_options() if name not in known]
    verdict('each driver of random numbers of this release is known',
            not missing, missing)


def rng_options():
    """Options that U-Boot's Makefiles build a driver of random numbers by"""
    grep = subprocess.run(
        ['grep', '-rlE', r'\.id\s*= UCLASS_RNG,', '--include=*.c',
         '--exclude=*-uclass.c', 'drivers', 'board', 'arch'], cwd=TREE, text=True, stdout=subprocess.PIPE,
        check=True)
    for path in grep.stdout.split():
        folder, name = os.path.split(os.path.join(TREE, path))
        pattern = r'CONFIG_(?:\$\(\w+\))?(\w+)\).*\b' + name[:-2] + r'\.o'
        for line in rpmb_check.read_lines(os.path.join(folder, 'Makefile')):
            if match := re.search(pattern, line):
                yield match[1].split(')')[0]


def locked():
    """What may start something or hold an environment is on a list"""
    for name in ('CMD_GO', 'IMX_BOOTAUX', 'ENV_IS_IN_MTD', 'ENV_IS_IN_SCSI',
                 'CMD_OF_A_LATER_RELEASE', 'BOOTMETH_OF_A_LATER_RELEASE',
                 'ENV_IS_IN_A_LATER_PLACE', 'SPL_OS_BOOT'):
        verdict(f'locked: {name} is refused', opened(**{name: 'y'}) == {name})
    verdict('locked: what is harmless is not refused',
            opened(CMD_BOOTM='y', ENV_IS_NOWHERE='y', CMD_GO='n') == set())
    harmless, harmful = rpmb_check.locked_list()
    verdict('locked: nothing is called harmless and harmful',
            not harmless & set(harmful))
    verdict('locked: whatever is harmful has a reason', all(harmful.values()))
    lines = dict(rpmb_check.assignments(
        os.path.join(TREE, 'configs', 'rpmb_locked.config')))
    boards_own = {name for name in harmful
                  if name.startswith(('ARCH_', 'TARGET_'))}
    missing = {name for name in harmful if lines.get(name) != 'n'}
    verdict('locked: the fragment switches off all that is harmful',
            missing == boards_own, missing)
    base = dict(rpmb_check.assignments(
        os.path.join(TREE, 'configs', 'rpmb_rollback.config')))
    del base['RPMB_WANT_ROLLBACK']
    for name in ('locked', 'spl', 'provision'):
        lines = dict(rpmb_check.assignments(
            os.path.join(TREE, 'configs', f'rpmb_{name}.config')))
        verdict(f'{name} has all of rollback',
                base.items() <= lines.items())


def reviewed():
    """Each command of this release is on the list"""
    harmless, harmful = rpmb_check.locked_list()
    reasons = rpmb_check.Reasons(os.devnull)
    of_switch = (reasons.lib.BOOL, reasons.lib.TRISTATE)
    unknown = [name for name, sym in reasons.kconf.syms.items()
               if sym.nodes and sym.type in of_switch and
               rpmb_check.STARTERS.match(name) and
               name not in harmless and name not in harmful]
    needed = [name for name in unknown
              if not reaches(reasons, reasons.kconf.syms[name], harmful)]
    verdict('locked: all commands of this release were looked at',
            not needed, needed)


def linked():
    """What commands a locked U-Boot may have, as linked"""
    nm = '0000000000000000 D _u_boot_list_2_cmd_2_'
    seen = rpmb_check.commands([nm + 'bootm', nm + 'go.lto_priv.0',
                                '0000000000000000 T do_bootm'])
    verdict('locked: commands are found in what nm says', seen ==
            {'bootm', 'go'})
    verdict('locked: a command that is on no list is refused',
            dict(rpmb_check.bad_commands({'bootm', 'of_a_later_release'})) ==
            {'of_a_later_release':
             'nobody has looked at what it can start or load'})
    verdict('locked: a list without any command is refused',
            rpmb_check.report_commands({'CMDLINE': 'y'}, []) == 1)
    harmless, harmful = rpmb_check.locked_list('rpmb_locked_commands.txt')
    verdict('locked: no command is called harmless and harmful',
            not harmless & set(harmful))
    verdict('locked: whatever command is harmful has a reason',
            all(harmful.values()))
    missing = set(defined_commands()) - harmless - set(harmful)
    verdict('locked: all commands were looked at that sources define',
            not missing, missing)
    image = os.path.join(BUILD, 'qemu_arm64_rpmb', 'u-boot')
    nm = subprocess.run([CROSS + 'nm', image], text=True, check=True,
                        stdout=subprocess.PIPE).stdout.splitlines()
    found = dict(rpmb_check.bad_commands(rpmb_check.commands(nm)))
    verdict('locked: what starts something in the open board is refused',
            {'go', 'bootefi', 'booti', 'bootelf', 'bootflow', 'pxe', 'dfu'} <=
            set(found) and 'bootm' not in found, found)


def defined_commands():
    """Names that U_BOOT_CMD() and its like give to commands"""
    grep = subprocess.run(
        ['grep', '-rhzoP', r'\bU_BOOT_CMD(?!_MKENT)\w*\(\s*\w+\s*,',
         '--include=*.c', '.'], cwd=TREE, text=True, stdout=subprocess.PIPE,
        check=True)
    for text in grep.stdout.split('\0'):
        if match := re.search(r'\((?:\s*)(\w+)', text):
            yield match[1]


def reaches(reasons, sym, harmful):
    """Does this depend on something harmful, and so never comes up?"""
    deps = reasons.lib.expr_items(sym.direct_dep)
    return any(it.name in harmful for it in deps if it is not sym)


def main():
    """All tests"""
    rules()
    needs()
    locked()
    os.environ.update(CC='gcc', LD='ld', UBOOTVERSION='0')
    reviewed()
    linked()
    boards()
    reach()
    blanks()
    return 1 if FAILED else 0


if __name__ == '__main__':
    sys.exit(main())
