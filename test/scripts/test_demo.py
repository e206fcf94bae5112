# SPDX-License-Identifier: GPL-2.0-or-later
"""The demo's stories go as told"""

import os
import re

import pytest

import host

SUITE = 'demo'

STORIES = [match[1] for match in map(
    re.compile(r'\d+-(\w+)\.py').fullmatch,
    sorted(os.listdir(host.script('demo.d')))) if match]


@pytest.mark.parametrize('story', STORIES)
def test_story(story):
    """Each step is as its caption says"""
    told = host.run(host.script('demo'), story)
    host.show(told)
    assert told.splitlines()[-1] == f'demo: {story}: ok'
