# SPDX-License-Identifier: GPL-2.0-or-later
"""The other release: the overlay fits it, builds without a warning, passes its tests

NEWER=dir is a tree of it; without one and where none can be fetched all this is
skipped. UBOOT=dir has all suites run on another tree.
"""

import os
import subprocess
import sys

import pytest

import host

SUITE = 'newer'

BOARD, SANDBOX = 'newer-board', 'newer-sandbox'


def fetched():
    """Return: the tree, or None"""
    given = os.environ.get('NEWER')
    for tree, args, env in (
            (given, [], {**os.environ, 'UBOOT': given or ''}),
            (os.path.join(host.TOP, 'build', 'u-boot-2026.10'), ['2026.10'],
             os.environ)):
        if tree and not subprocess.run([host.script('get-uboot'), *args],
                                       env=env, check=False).returncode:
            return tree
    return None


@pytest.fixture(scope='module', name='tree')
def the_tree():
    """A tree of the other release"""
    if os.environ.get('UBOOT'):
        pytest.skip(f"UBOOT={os.environ['UBOOT']} is what all suites run on")
    tree = fetched()
    if not tree:
        pytest.skip('no tree of U-Boot 2026.10 is to be had here')
    return tree


@pytest.fixture(scope='module', name='build')
def how_to_build(tree):
    """A function that builds something of it without a warning"""
    def run(name, defconfig):
        host.run(host.script('build'), name, defconfig,
                 env={**os.environ, 'UBOOT': tree})
        warnings = os.path.join(host.TOP, 'build', name, 'warnings')
        assert host.read(warnings).decode() == ''
    return run


def test_fits(tree):
    """check-tree finds all that is needed"""
    host.run(sys.executable, '-B', host.script('check_tree.py'), tree)


def test_board(build):
    """The QEMU board"""
    build(BOARD, 'qemu_arm64_rpmb_defconfig')


@pytest.fixture(scope='module', name='sandbox')
def the_sandbox(build):
    """The sandbox"""
    build(SANDBOX, 'rpmb_sandbox_defconfig')
    return SANDBOX


def test_sandbox(sandbox):
    """U-Boot as a program"""
    assert os.path.exists(os.path.join(host.TOP, 'build', sandbox, 'u-boot'))


@pytest.mark.parametrize('suite', ('dm', 'lib'))
def test_ut(sandbox, suite):
    """All unit tests of the stack; each is a line of its own as well"""
    said = host.run(host.script('ut'), sandbox, 'run', suite, f'newer-{suite}')
    print(said)
    assert f'ok newer-{suite} ' in said and 'not ok' not in said
