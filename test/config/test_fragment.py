# SPDX-License-Identifier: GPL-2.0-or-later
"""A real board, configured as the documents say

What it asks for is there, and it links.
"""

import os
import re

import pytest

import host

SUITE = 'fragment'

BOARD = 'poplar'
# The line that all documents have, word for word
LINE = 'make your_board_defconfig rpmb.config rpmb_rollback.config'


@pytest.fixture(scope='module', name='built')
def the_board():
    """Where the board was built"""
    host.run(host.script('build'), BOARD, f'{BOARD}_defconfig',
             *LINE.partition('_defconfig')[2].split())
    return os.path.join(host.TOP, 'build', BOARD)


@pytest.mark.parametrize('document', (
    'README.md', 'doc/usage/rpmb/rollback.rst', 'doc/develop/rpmb/porting.rst'))
def test_is_configured_as_document_says(document):
    """What is built here is what people are told to type"""
    text = host.read(os.path.join(host.TOP, document)).decode()
    assert re.search(f'^ *{re.escape(LINE)}$', text, re.MULTILINE)


@pytest.mark.parametrize('option', (
    'RPMB_ROLLBACK_FIT', 'FIT_SIGNATURE', 'RSA_VERIFY', 'RPMB', 'CMD_RPMB',
    'RPMB_EMMC', 'LEGACY_CRYPTO', 'SHA256'))
def test_has(built, option):
    """What it asks for"""
    assert f'CONFIG_{option}=y\n' in host.read(
        os.path.join(built, '.config')).decode()


def test_links(built):
    """With the check in it"""
    assert re.search(r'\brpmb_fit_check\b', host.read(
        os.path.join(built, 'System.map')).decode())
