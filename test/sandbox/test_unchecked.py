# SPDX-License-Identifier: GPL-2.0-or-later
"""A U-Boot that has no check starts nothing

With a node for the policy in its control FDT, that is, and says so when it
starts. What is off is tried one after the other.
"""

import os
import subprocess

import pytest

import fit as box
from fit import (BOOTED, REFUSED, STARTERS, control_tree, load, make_fit,
                 old_image, uboot)
from host import check

SUITE = 'unchecked'


# Option that is off, and by which fragment
@pytest.fixture(scope='module', autouse=True, params=(
    ('RPMB_ROLLBACK_FIT', 'unchecked'), ('RPMB_ROLLBACK', 'no_rollback')),
    ids=lambda param: param[0])
def off(request):
    """The option that is off in the U-Boot that is built and run"""
    option, fragment = request.param
    made = os.environ.get('SANDBOX') or \
        box.build('sandbox_unchecked', f'rpmb_{fragment}.config')
    with box.at('test_unchecked', made):
        yield option


def refuses(option, *commands):
    """The last of them must be refused. Return: the output"""
    text = uboot(*commands[:-1],
                 f'if {commands[-1]}; then echo it "did"; else '
                 'echo it "failed"; fi', prepare=())
    why = f'this U-Boot has no rollback check: CONFIG_{option} is off'
    check(REFUSED + why in text and 'it failed' in text and
          BOOTED not in text, f'{commands[-1]} is not refused:\n{text}')


def at_the_start():
    """Return: what it says before its first script"""
    return subprocess.run(
        [os.path.join(box.sandbox(), 'u-boot'), '-d', 'control.dtb'], text=True,
        input='\npoweroff\n', stdout=subprocess.PIPE, timeout=60,
        errors='replace', check=False).stdout


def test_announced(off):  # pylint: disable=redefined-outer-name
    """It says so at its start"""
    control_tree()
    text = at_the_start()
    check(f'* THIS U-BOOT STARTS NOTHING: CONFIG_{off} is off' in text, text)


def test_fit(off):  # pylint: disable=redefined-outer-name
    """An unsigned FIT and a signed one, in one go and step by step"""
    control_tree()
    for key in None, 'os':
        fit = make_fit('fit', 1, key=key)
        refuses(off, load(fit), 'bootm 1000000')
        refuses(off, load(fit), 'bootm start 1000000')
        refuses(off, load(fit), 'bootm 1000000#conf')


def test_others(off):  # pylint: disable=redefined-outer-name
    """Old images, scripts, and commands that start something"""
    control_tree()
    old_image('kernel', 'kernel.bin', 'old.img')
    old_image('script', 'script.bin', 'script.img')
    refuses(off, load('old.img'), 'bootm 1000000')
    refuses(off, load('script.img'), 'source 1000000')
    refuses(off, load(make_fit('script', 1, images=('script',))), 'source 1000000')
    for command in STARTERS:
        refuses(off, 'mw.b 1000000 0 1000', command)


def test_no_node():
    """Without the node it is like upstream's, which wants its key's signature"""
    control_tree(policy='')
    text = uboot(load(make_fit('fit', 1)), 'bootm 1000000',
                 prepare=())
    check(BOOTED in text and REFUSED not in text, text)
    check('STARTS NOTHING' not in at_the_start(), 'it is announced')
