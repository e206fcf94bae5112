# SPDX-License-Identifier: GPL-2.0-or-later
"""No compiler has warned of a file of ours, in whatever was built for the tests"""

import glob
import os

import pytest

import host

SUITE = 'warnings'

BUILDS = [os.path.basename(os.path.dirname(path)) for path in sorted(
    glob.glob(os.path.join(host.TOP, 'build', '*', '.config')))]


@pytest.mark.parametrize('build', BUILDS)
def test_build(build):
    """Its compilers were watched, and were silent"""
    path = os.path.join(host.TOP, 'build', build, 'warnings')
    assert os.path.exists(path), \
        'the build was not watched, or has not ended: build it again'
    assert host.read(path).decode() == ''
