# SPDX-License-Identifier: GPL-2.0-or-later
"""Upstream's boards: one of each architecture takes the fragments, or is told why not

`make boards` does more of them, and compiles and links them.
"""

import importlib.machinery
import importlib.util
import os

import pytest

import host

SUITE = 'boards'


@pytest.fixture(scope='module', name='boards')
def the_script():
    """scripts/boards, as a module"""
    loader = importlib.machinery.SourceFileLoader('boards', host.script('boards'))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader('boards', loader))
    loader.exec_module(module)
    return module


def test_list(boards):
    """At least 30 boards, and a sample with a compiler each"""
    listed = boards.listed()
    sample = [cross for cross, _, is_sample in listed.values() if is_sample]
    assert len(listed) >= 30
    assert len(sample) == len(set(sample)) == 6
    assert {cross for cross, _, _ in listed.values()} - set(sample) <= {
        'mipsel-linux-gnu-'}


@pytest.mark.parametrize('names, name', (
    ('sandbox', 'sandbox'), ('nobodys', 'nobodys'),
    ('old_name/sandbox', 'sandbox'), ('sandbox/new_name', 'sandbox'),
    ('old_name/new_name', 'old_name')))
def test_names(boards, names, name):
    """A board with two names is looked up by the one that the release has"""
    assert boards.name_of(names) == name


def test_all_are_there(boards):
    """The release has each board of the list"""
    missing = [name for name in boards.listed() if not os.path.exists(
        os.path.join(host.UBOOT, 'configs', f'{name}_defconfig'))]
    assert not missing


def test_sample():
    """All intents, on each of them: granted, or refused with a reason"""
    said = host.run(host.script('boards'), '-c', '-f', 'sample')
    assert said.count('ok boards ') == 6
    assert 'not ok' not in said


class Dropping:  # pylint: disable=R0903
    """A survey in which Kconfig drops the stack, and nobody says so"""

    class check:  # pylint: disable=R0903,C0103
        """What is asked besides"""
        blind = staticmethod(lambda config: [])

    configure = staticmethod(lambda text, fragments: {})
    judge = staticmethod(lambda config, target: ('dropped', ''))


def test_dropped(boards):
    """A fragment that disappears is a failure"""
    wrong = boards.configure('poplar', {}, Dropping)
    assert len(wrong) == len(boards.INTENTS)
    assert all('dropped' in line for line in wrong)


@pytest.mark.parametrize('said, result, wrong', (
    ('', 'links', 0), ('x.c:1: warning: unused', 'links', 1),
    ("ld: region `.sram' overflowed by 32 bytes\nmake: *** [u-boot-spl] Error 1",
     '32 bytes too large', 0),
    ("x.c:1: warning: unused\nld: region `.sram' overflowed by 8 bytes",
     '8 bytes too large', 1)), ids=('links', 'warns', 'is too large', 'both'))
def test_spl_has_no_room(boards, monkeypatch, said, result, wrong):
    """That is a fact of the board, which the table shows; a warning is a failure"""
    def make(*args):
        if args[-1] == 'spl/u-boot-spl' and 'overflowed' in said:
            raise RuntimeError('\n'.join(boards.complaints(said)))
        return said

    monkeypatch.setattr(boards, 'make', make)
    known = {'spl': ['granted', '']}
    assert len(boards.link_spl('poplar', '', known)) == wrong
    assert known['spl_linked'] == result
    assert f', {result}, ' in boards.row('poplar', 'x', known)


def test_spl_that_does_not_link(boards, monkeypatch):
    """For another reason than its size: a failure"""
    def make(*args):
        if args[-1] == 'spl/u-boot-spl':
            raise RuntimeError('undefined reference to `x\'')

    monkeypatch.setattr(boards, 'make', make)
    with pytest.raises(RuntimeError):
        boards.link_spl('poplar', '', {})


@pytest.mark.parametrize('said, count', (
    ('x.c:1: warning: unused', 1), ('rpmb: CONFIG_RPMB = y: not granted', 1),
    ('.config:5:warning: override: A changes choice state', 0), ('all is well', 0)))
def test_complaints(boards, said, count):
    """What counts as one"""
    assert len(boards.complaints(said)) == count
