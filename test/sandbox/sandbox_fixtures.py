# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests of sandbox begin with: a folder, and a U-Boot of its own"""

import os

import pytest

import fit


def folder(name, build=None, *fragments):
    """A fixture for all tests of a module: they run in a folder of their own

    build, fragments: U-Boot that is built and run, if it is not that of SANDBOX
    """
    @pytest.fixture(scope='module', autouse=True)
    def place():
        made = fit.build(build, *fragments) \
            if build and not os.environ.get('SANDBOX') else None
        with fit.at(name, made):
            yield
    return place
