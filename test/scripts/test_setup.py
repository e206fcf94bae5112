# SPDX-License-Identifier: GPL-2.0-or-later
"""The set-up scripts say what they lack, and take nothing unverified"""

import glob
import os
import re
import shutil
import subprocess

import pytest

import host

SUITE = 'setup'

CACHE = 'repo/build/cache'
TARBALL = os.path.join(CACHE, 'u-boot_2025.01.orig.tar.bz2')


class Machine:
    """A machine that has neither apt nor a QEMU, and a repository on it"""

    def __init__(self):
        os.mkdir('bin')
        for folder in '/usr/bin', '/bin':
            for path in glob.glob(f'{folder}/*'):
                name = os.path.basename(path)
                if name != 'apt-get' and not os.path.lexists(f'bin/{name}') \
                        and not name.startswith('qemu-system-'):
                    os.symlink(path, f'bin/{name}')
        for name in 'scripts', 'patches':
            shutil.copytree(os.path.join(host.TOP, name), f'repo/{name}')

    @staticmethod
    def refuses(script, *says, **env):
        """A set-up script fails there, and says all of this"""
        bare = {name: value for name, value in os.environ.items()
                if name not in ('UBOOT', 'QEMU')}
        env = {**bare, 'PATH': os.path.abspath('bin'), **env}
        command = script.split()
        done = subprocess.run([f'repo/scripts/{command[0]}', *command[1:]],
                              env=env, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        print(done.stdout)
        assert done.returncode
        for what in says:
            assert re.search(what, done.stdout)


@pytest.fixture
def machine(work):  # pylint: disable=unused-argument
    """A machine of that kind"""
    return Machine()


def test_uboot_without_apt_says_what_to_supply(machine):
    """A tree, or the tarball and where to"""
    machine.refuses('get-uboot', 'UBOOT=dir', os.path.abspath(TARBALL),
                    'sha256')


def test_uboot_tarball_with_wrong_sha256_is_refused(machine):
    """It is removed, and nothing is unpacked"""
    os.makedirs(CACHE)
    host.write(TARBALL, 'bogus\n')
    machine.refuses('get-uboot', 'sha256')
    assert not os.path.exists(TARBALL)
    assert not os.path.exists('repo/build/u-boot')


def test_uboot_release_by_name(machine):
    """The other release is asked for by its name"""
    machine.refuses('get-uboot 2026.10', 'U-Boot 2026.10', 'UBOOT=dir',
                    'u-boot_2026.10.orig.tar.bz2')


def test_uboot_that_nobody_knows(machine):
    """A release or a folder that is not there"""
    machine.refuses('get-uboot 1999.01', '2025.01, 2026.10')
    machine.refuses('get-uboot', '/nonexistent: no such directory',
                    UBOOT='/nonexistent')


def test_uboot_release_from_its_tarball(machine):
    """A tree that is here is staged, from a tarball that was supplied"""
    os.makedirs(CACHE)
    os.mkdir('u-boot')
    host.write('u-boot/Makefile', 'UBOOTVERSION = 0\n')
    host.run('tar', 'cjf', f'{CACHE}/u-boot_2026.10.orig.tar.bz2', 'u-boot')
    machine.refuses('get-uboot 2026.10', 'does not apply')
    assert os.path.isfile('repo/build/u-boot-2026.10/Makefile')


def test_qemu_without_apt_says_what_to_supply(machine):
    """A QEMU"""
    machine.refuses('get-qemu', 'QEMU=path')


def test_qemu_without_emmc_rpmb_is_refused(machine):
    """Whatever else it can do"""
    machine.refuses('get-qemu', 'RPMB', QEMU='/bin/true')


def test_deps_without_apt_say_what_to_supply(machine):
    """By the names of the commands"""
    machine.refuses('install-deps', 'no-such-compiler-gcc',
                    CROSS_COMPILE='no-such-compiler-')


@pytest.mark.parametrize('where, args', [
    ('a b', ()), ('ab', ('UBOOT=/some where',)), ('ab', ('NEWER=/some where',))],
    ids=('checkout', 'uboot', 'newer'))
def test_blank_in_a_path_is_refused(work, where, args):    # pylint: disable=unused-argument
    """make takes it for the end of a name: nothing must be built elsewhere"""
    os.mkdir(where)
    shutil.copy(os.path.join(host.TOP, 'Makefile'), where)
    done = subprocess.run(['make', '-C', where, 'help', *args], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    assert done.returncode and 'blank' in done.stdout
