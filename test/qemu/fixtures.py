# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests of the board begin with: a folder, a device, a kind of device"""

import os

import pytest

import rig
from devices import Emmc, Ufs, Virtio

BOTH_MODELS = 'rpmb-vhost-user', 'rpmb-vfio-user'


def folder(suite, *models, board=None, sanitized=False):
    """A fixture for all tests of a module: they run in a folder of their own

    models: programs that play devices, which are built before

    board: configuration to build and boot, if it is not that of IMAGE
    """
    @pytest.fixture(scope='module', autouse=True)
    def place():
        for name in models:
            rig.model(name, *(['SANITIZE=1'] if sanitized else []))
        booted = rig.build(board) if board and not os.environ.get('IMAGE') \
            else rig.IMAGE
        with rig.at(suite, booted) as path:
            yield path
    return place


def on(*kinds):
    """Play a scenario, which takes a kind, on each of these devices"""
    return pytest.mark.parametrize('kind', kinds, ids=[
        kind.__name__.lower() for kind in kinds])


on_each = on(Emmc, Ufs, Virtio)
on_models = on(Ufs, Virtio)
