# SPDX-License-Identifier: GPL-2.0-or-later
"""A real board with rpmb_spl.config, whose SPL has a driver for random numbers"""

import os
import re
import subprocess

import pytest

import host

SUITE = 'spl'

BOARD = 'rock5b-rk3588'


# SPL needs the device tree, and U-Boot's Makefile makes that after U-Boot, which is
# most of what would be compiled. Nobody looks at U-Boot here: an empty file will do
NO_UBOOT = 'u-boot-init= u-boot-main= cmd_u-boot__=:>$@'


@pytest.fixture(scope='module', name='built')
def the_board():
    """Where its SPL was built"""
    for target in 'tools', f'{NO_UBOOT} spl/u-boot-spl':
        subprocess.run([host.script('build'), BOARD, f'{BOARD}_defconfig',
                        'rpmb.config', 'rpmb_spl.config'], check=True,
                       env={**os.environ, 'TARGET': target})
    return os.path.join(host.TOP, 'build', BOARD)


@pytest.mark.parametrize('option', ('SPL_RPMB_EMMC', 'SPL_RPMB_ROLLBACK_FIT'))
def test_board_has(built, option):
    """What it asks for"""
    assert f'CONFIG_{option}=y\n' in host.read(
        os.path.join(built, '.config')).decode()


def test_board_links(built):
    """With the check in it"""
    assert re.search(r'\brpmb_fit_check\b', host.read(
        os.path.join(built, 'spl', 'u-boot-spl.sym')).decode())
