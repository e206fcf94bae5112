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

import pytest

import host

os.environ['srctree'] = host.UBOOT
sys.path.insert(0, os.path.join(host.UBOOT, 'scripts', 'kconfig'))
import rpmb_check  # noqa: E402 pylint: disable=C0413,E0401

SUITE = 'config'

CROSS = os.environ.get('CROSS_COMPILE') or 'aarch64-linux-gnu-'
OUT = os.path.join(host.BUILD, 'configs', 'board' +
                   os.environ.get('PYTEST_XDIST_WORKER', ''))
ALL = ('rpmb.config', 'rpmb_locked.config')
SPL_BOARD = {'RPMB_WANT_DEFCONFIG': '"qemu_arm64_rpmb_spl_defconfig"'}


@pytest.fixture(scope='module', autouse=True)
def kconfig():
    """What scripts/kconfig wants of its environment"""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (('CC', 'gcc'), ('LD', 'ld'),
                            ('UBOOTVERSION', '0')):
            patch.setenv(name, value)
        yield


def make(*args):
    """(exit status, output) of make in U-Boot's tree"""
    done = subprocess.run(['make', '-s', '-C', host.UBOOT, f'O={OUT}',
                           f'CROSS_COMPILE={CROSS}', *args], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    return done.returncode, done.stdout


def configure(board, *fragments, extra='', args=()):
    """(exit status, output, configuration) of a board whose build is started"""
    status, said = make(f'{board}_defconfig', *fragments, *args)
    path = os.path.join(OUT, '.config')
    if extra and not status:
        with open(path, 'a', encoding='utf-8') as file:
            file.write(extra)
        status, said = make('olddefconfig')
    if not status:
        status, said = make('prepare1')
    print(said)
    return status, said, dict(rpmb_check.assignments(path))


@pytest.mark.parametrize('board, fragments, option, lacks', (
    pytest.param('poplar', ALL, 'RPMB_ROLLBACK_LOCKED', (),
                 id='poplar: locked is there'),
    pytest.param('imx8mp_evk', ('rpmb.config', 'rpmb_avb.config'), 'CMD_AVB',
                 ('OPTEE_TA_AVB',), id='imx8mp_evk: AVB without a TEE'),
    pytest.param('qemu-riscv64', ALL[:1], 'RPMB_VIRTIO', ('RPMB_EMMC',),
                 id='qemu-riscv64: virtio alone')))
def test_granted(board, fragments, option, lacks):
    """A board gets what it asks for, and nothing of what it lacks"""
    status, _, config = configure(board, *fragments)
    assert status == 0 and config.get(option) == 'y'
    assert all(config.get(name, 'n') == 'n' for name in lacks)


@pytest.mark.parametrize('board, fragments, extra, words', (
    pytest.param(
        'imx8mp_evk', ALL, 'CONFIG_BOOTSTD=y\nCONFIG_BOOTSTD_DEFAULTS=y\n',
        ('CONFIG_RPMB_ROLLBACK_LOCKED = y', 'rpmb_locked.config',
         'BOOTSTD_DEFAULTS is on, which selects BOOT_DEFAULTS, '
         'which selects BOOT_DEFAULTS_CMDS, which selects CMD_BOOTI'),
        id='imx8mp_evk: a default that selects booti is named'),
    pytest.param(
        'poplar', ('rpmb.config', 'rpmb_rollback.config'),
        '# CONFIG_FIT is not set\n',
        ('CONFIG_RPMB_ROLLBACK_FIT = y', 'FIT is off'),
        id='poplar: no FIT, and no rollback protection, is named'),
    pytest.param(
        'poplar', ('rpmb.config',), '# CONFIG_DM_RNG is not set\n',
        ('CONFIG_RPMB = y', 'DM_RNG is off'),
        id='poplar: the stack itself was dropped, and the build still sees it'),
    pytest.param(
        'pine64_plus', ('rpmb.config', 'rpmb_spl.config'), '',
        ('CONFIG_SPL_RPMB_ROLLBACK_FIT = y', 'SPL_DM is off'),
        id='pine64_plus: an SPL without driver model is named'),
    pytest.param(
        'poplar', ('rpmb.config', 'rpmb_avb.config'),
        '# CONFIG_LIBAVB is not set\n',
        ('CONFIG_RPMB_ROLLBACK_AVB = y', 'LIBAVB is off'),
        id='poplar: AVB without its library is named'),
    pytest.param(
        'apple_m1', ('rpmb.config',), '',
        ('CONFIG_RPMB = y, and it reaches no device', 'RPMB_EMMC: MMC is off',
         'RPMB_UFS: SCSI is off', 'RPMB_VIRTIO: '),
        id='apple_m1: no device that could have an RPMB')))
def test_stops(board, fragments, extra, words):
    """The build of a board stops, and says these words"""
    status, said, _ = configure(board, *fragments, extra=extra)
    assert status
    for word in words:
        assert word in said


def test_no_source_of_random_numbers():
    """That is a note: somebody may bring one"""
    status, said, _ = configure('poplar', 'rpmb.config')
    assert status == 0 and 'rpmb: note: CONFIG_RPMB = y' in said


def test_am62x_evm_a53():
    """SHA-512 comes without SHA-384"""
    _, _, without = configure('am62x_evm_a53')
    status, _, config = configure('am62x_evm_a53', 'rpmb.config')
    assert status == 0 and config.get('SHA512') == 'y'
    # the board has both by itself in later releases
    assert config.get('SHA384', 'n') == without.get('SHA384', 'n')


def test_blanks(work):
    """A preprocessor that puts blanks before comments loses no line"""
    cpp = os.path.join(work, 'cpp')
    host.write(cpp, f'#!/bin/sh\n{CROSS}cpp "$@" || exit\n'
               'for last; do :; done\ncase $last in *defconfig) '
               'sed -i "s/^# CONFIG/ &/" "$last";; esac\n')
    os.chmod(cpp, 0o755)
    status, _, config = configure('qemu_arm64_rpmb_locked',
                                  args=[f'CPP={cpp}'])
    assert status == 0 and config.get('RPMB_ROLLBACK_LOCKED') == 'y'
    assert config.get('RPMB_TEST_KEY', 'n') == 'n'


def refused(**config):
    """Names of what the check finds was asked for and not granted"""
    return {name for name, _, _ in rpmb_check.refused(config)}


def opened(**config):
    """Names of what a locked configuration must not have"""
    return {name for name, _ in rpmb_check.openings(config)}


def test_nothing_is_asked_for_nothing_is_refused():
    """A configuration without the stack"""
    assert refused() == set()


@pytest.mark.parametrize('name, config', (
    pytest.param('RPMB', {'RPMB_WANT_STACK': 'y'}, id='dropped'),
    pytest.param('CMD_GO', {'RPMB_WANT_LOCKED': 'y', 'CMD_GO': 'y'},
                 id='came back'),
    pytest.param('RPMB_TEST_KEY', {
        'RPMB_WANT_DEFCONFIG': '"qemu_arm64_rpmb_locked_defconfig"',
        'RPMB_TEST_KEY': 'y'}, id='a blank before the line'),
    pytest.param('SPL_OF_LIBFDT_ASSUME_MASK', {
        'RPMB_WANT_SPL': 'y', 'SPL_OF_LIBFDT_ASSUME_MASK': '0xff'},
                 id='another value'),
    pytest.param('MBEDTLS_LIB_CRYPTO_ALT', SPL_BOARD, id='neither name'),
    pytest.param('MBEDTLS_LIB_CRYPTO_ALT', {
        **SPL_BOARD, 'MBEDTLS_LIB_CRYPTO_ALT': 'n',
        'MBEDTLS_LIB_HASHING_ALT': 'y'},
                 id='there and off, whatever the other name says')))
def test_rule_refuses(name, config):
    """An option that is not as it was asked for"""
    assert name in refused(**config)


@pytest.mark.parametrize('names, config', (
    pytest.param({'SPL_OF_LIBFDT_ASSUME_MASK'}, {
        'RPMB_WANT_SPL': 'y', 'SPL_OF_LIBFDT_ASSUME_MASK': '0'},
                 id='the same value in another spelling'),
    pytest.param({'MBEDTLS_LIB_CRYPTO_ALT'}, {
        **SPL_BOARD, 'MBEDTLS_LIB_HASHING_ALT': 'y'},
                 id='the new name for the old one')))
def test_rule_takes(names, config):
    """What says the same in other words"""
    assert not names & refused(**config)


BOARD = 'CONFIG_TARGET_X=y\nCONFIG_DEFAULT_DEVICE_TREE="x"\n'
TOKEN = 'CONFIG_RPMB_SERVICE_TOKEN=y\n'


@pytest.fixture(name='tree')
def a_tree(tmp_path, monkeypatch):
    """Has files in configs/ of a tree, and has the check look there"""
    monkeypatch.setattr(rpmb_check, 'TREE', str(tmp_path))
    (tmp_path / 'configs').mkdir()

    def write_files(**files):
        for name, text in files.items():
            (tmp_path / 'configs' / name).write_text(text)
    return write_files


@pytest.mark.parametrize('files, gone', (
    pytest.param({'x_defconfig': BOARD + TOKEN}, True, id='dropped'),
    pytest.param({'x_defconfig': '#include <configs/x-base.config>\n' + TOKEN,
                  'x-base.config': BOARD}, True,
                 id='of a board in another file'),
    pytest.param({'x_defconfig': BOARD + 'CONFIG_SUPPORT_EMMC_RPMB=y\n'}, False,
                 id="upstream's"),
    pytest.param({'x_defconfig': BOARD.replace('_X', '_Y') + TOKEN}, False,
                 id='of another board'),
    pytest.param({'x_defconfig': BOARD,
                  'x_factory_defconfig': BOARD + TOKEN}, False,
                 id='of one defconfig of two'),
    pytest.param({'x_defconfig': BOARD + TOKEN,
                  'x_factory_defconfig': BOARD + TOKEN}, True, id='of both'),
    pytest.param({'x_defconfig': BOARD + TOKEN,
                  'x_own_defconfig':
                  BOARD + 'CONFIG_RPMB_WANT_DEFCONFIG="x_own_defconfig"\n'},
                 True, id='one that is checked by its name is no second one'),
    pytest.param({'x_defconfig': BOARD + '# CONFIG_RPMB_SERVICE_TOKEN is not set\n'},
                 False, id='switched off')))
def test_board_defconfig_is_read_too_early(tree, files, gone):
    """What it asks of the stack is dropped in silence, and found by the check"""
    tree(**files)
    config = {'TARGET_X': 'y', 'DEFAULT_DEVICE_TREE': '"x"'}
    names = {name for name, _, _ in rpmb_check.lost(config)}
    assert names == ({'RPMB_SERVICE_TOKEN'} if gone else set())
    assert not list(rpmb_check.lost({**config, 'RPMB_SERVICE_TOKEN': 'y'}))
    assert not list(rpmb_check.lost(
        {**config, 'RPMB_WANT_DEFCONFIG': '"x_defconfig"'}))


def test_fragments_win_over_board_defconfig(tree):
    """And the board's own over ours"""
    lines = {'x_defconfig': BOARD + TOKEN,
             'rpmb.config': '# CONFIG_RPMB_SERVICE_TOKEN is not set\n',
             'x_rpmb.config': TOKEN}
    tree(**lines)
    config = {'TARGET_X': 'y', 'DEFAULT_DEVICE_TREE': '"x"',
              'RPMB_WANT_STACK': 'y'}
    assert not list(rpmb_check.lost(config)) and not refused(**config)
    config['RPMB_WANT_FRAGMENT'] = '"x_rpmb.config"'
    assert refused(**config) == {'RPMB_SERVICE_TOKEN'}


def test_stack_without_transport_is_refused():
    """In U-Boot and in SPL; without a stack there is nothing to say"""
    assert {phase for phase, _ in rpmb_check.stranded(
        {'RPMB': 'y', 'RPMB_EMMC': 'n', 'SPL_RPMB': 'y', 'MMC': 'y'})} == \
        {'RPMB', 'SPL_RPMB'}
    assert not list(rpmb_check.stranded({'RPMB': 'n'}))


@pytest.mark.parametrize('phase, name', [
    (phase, name) for phase, names in rpmb_check.TRANSPORTS.items()
    for name in names])
def test_is_a_transport(phase, name):
    """With it alone the stack reaches a device"""
    assert not list(rpmb_check.stranded({phase: 'y', name: 'y'}))


@pytest.mark.parametrize('blind, sources', (
    pytest.param(['RPMB', 'SPL_RPMB'], {'DM_RNG': 'y'}, id='none'),
    pytest.param(['SPL_RPMB'], {'TPM_RNG': 'y'}, id='a TPM that SPL has not'),
    pytest.param([], {'RNG_ROCKCHIP': 'y'}, id='one of both phases')))
def test_source_of_random_numbers(blind, sources):
    """It is seen where there is none, in U-Boot and in SPL"""
    assert rpmb_check.blind({'RPMB': 'y', 'SPL_RPMB': 'y', **sources}) == blind


def rng_options():
    """Options that U-Boot's Makefiles build a driver of random numbers by"""
    grep = subprocess.run(
        ['grep', '-rlE', r'\.id\s*= UCLASS_RNG,', '--include=*.c',
         '--exclude=*-uclass.c', 'drivers', 'board', 'arch'], cwd=host.UBOOT,
        text=True, stdout=subprocess.PIPE, check=True)
    for path in grep.stdout.split():
        folder, name = os.path.split(os.path.join(host.UBOOT, path))
        pattern = r'CONFIG_(?:\$\(\w+\))?(\w+)\).*\b' + name[:-2] + r'\.o'
        for line in rpmb_check.read_lines(os.path.join(folder, 'Makefile')):
            if match := re.search(pattern, line):
                yield match[1].split(')')[0]


def test_each_driver_of_random_numbers_is_known():
    """Of this release"""
    assert not set(rng_options()) - set(rpmb_check.sources('RPMB'))


@pytest.mark.parametrize('name', (
    'CMD_GO', 'IMX_BOOTAUX', 'ENV_IS_IN_MTD', 'ENV_IS_IN_SCSI',
    'CMD_OF_A_LATER_RELEASE', 'BOOTMETH_OF_A_LATER_RELEASE',
    'ENV_IS_IN_A_LATER_PLACE', 'SPL_OS_BOOT'))
def test_locked_refuses(name):
    """What may start something or hold an environment"""
    assert opened(**{name: 'y'}) == {name}


def test_locked_takes_what_is_harmless():
    """And what is off"""
    assert not opened(CMD_BOOTM='y', ENV_IS_NOWHERE='y', CMD_GO='n')


@pytest.mark.parametrize('name', ('rpmb_locked.txt',
                                  'rpmb_locked_commands.txt'))
def test_locked_list(name):
    """Nothing is harmless and harmful; whatever is harmful has a reason"""
    harmless, harmful = rpmb_check.locked_list(name)
    assert harmless and harmful and not harmless & set(harmful)
    assert all(harmful.values())


def fragment(name):
    """Return: what a fragment asks for"""
    return dict(rpmb_check.assignments(
        os.path.join(host.UBOOT, 'configs', f'rpmb_{name}.config')))


def test_locked_fragment_switches_off_all_that_is_harmful():
    """But for what a board is"""
    harmful = rpmb_check.locked_list()[1]
    lines = fragment('locked')
    assert {name for name in harmful if lines.get(name) != 'n'} == {
        name for name in harmful if name.startswith(('ARCH_', 'TARGET_'))}


@pytest.mark.parametrize('name', ('locked', 'spl', 'provision', 'avb'))
def test_has_all_of_rollback(name):
    """A fragment that is more than that one"""
    base = fragment('rollback')
    del base['RPMB_WANT_ROLLBACK']
    assert base and base.items() <= fragment(name).items()


def reaches(reasons, sym, harmful):
    """Does this depend on something harmful, and so never comes up?"""
    deps = reasons.lib.expr_items(sym.direct_dep)
    return any(it.name in harmful for it in deps if it is not sym)


def test_locked_all_options_were_looked_at():
    """Those of this release that look like starting something"""
    harmless, harmful = rpmb_check.locked_list()
    reasons = rpmb_check.Reasons(os.devnull)
    of_switch = (reasons.lib.BOOL, reasons.lib.TRISTATE)
    starters = [name for name, sym in reasons.kconf.syms.items()
                if sym.nodes and sym.type in of_switch and
                rpmb_check.STARTERS.match(name)]
    assert starters
    assert not [name for name in starters
                if name not in harmless and name not in harmful and
                not reaches(reasons, reasons.kconf.syms[name], harmful)]


NM = '0000000000000000 D _u_boot_list_2_cmd_2_'


def test_locked_commands_are_found():
    """In what nm says of a U-Boot"""
    assert rpmb_check.commands([NM + 'bootm', NM + 'go.lto_priv.0',
                                '0000000000000000 T do_bootm']) == \
        {'bootm', 'go'}


def test_locked_command_that_is_on_no_list_is_refused():
    """Nor is a U-Boot taken in which there is no command at all"""
    assert dict(rpmb_check.bad_commands(
        {'bootm', 'of_a_later_release'})) == {
            'of_a_later_release':
            'nobody has looked at what it can start or load'}
    assert rpmb_check.report_commands({'CMDLINE': 'y'}, []) == 1


def defined_commands():
    """Names that U_BOOT_CMD() and its like give to commands"""
    grep = subprocess.run(
        ['grep', '-rhzoP', r'\bU_BOOT_CMD(?!_MKENT)\w*\(\s*\w+\s*,',
         '--include=*.c', '.'], cwd=host.UBOOT, text=True,
        stdout=subprocess.PIPE, check=True)
    for text in grep.stdout.split('\0'):
        if match := re.search(r'\((?:\s*)(\w+)', text):
            yield match[1]


def test_locked_all_commands_were_looked_at():
    """Those that sources define"""
    harmless, harmful = rpmb_check.locked_list('rpmb_locked_commands.txt')
    defined = set(defined_commands())
    assert defined and not defined - harmless - set(harmful)


def test_locked_finds_what_an_open_board_starts():
    """In the usual image"""
    said = host.run(CROSS + 'nm', os.path.join(
        host.TOP, 'build', 'qemu_arm64_rpmb', 'u-boot'))
    found = dict(rpmb_check.bad_commands(rpmb_check.commands(
        said.splitlines())))
    assert {'go', 'bootefi', 'booti', 'bootelf', 'bootflow', 'pxe', 'dfu'} <= \
        set(found)
    assert 'bootm' not in found
