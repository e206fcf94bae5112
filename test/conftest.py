# SPDX-License-Identifier: GPL-2.0-or-later
"""What all tests that pytest runs have in common

A module's SUITE is the name under which its tests are counted. With --lines they
are reported as scripts/test wants them: "ok SUITE NAME", "not ok SUITE NAME",
"skip SUITE NAME: why", each as soon as it is known.
"""

import os
import re
import sys
import tempfile

import pytest

sys.dont_write_bytecode = True

# They judge for the tests, and say what they saw
pytest.register_assert_rewrite('host', 'tool')


def pytest_addoption(parser):
    """The options that are ours"""
    parser.addoption('--lines', action='store_true',
                     help='report as scripts/test wants it: a line per test')


def pytest_collection_modifyitems(items):
    """Each test knows its suite; a report has that as one of its properties"""
    for item in items:
        item.user_properties.append(
            ('suite', getattr(item.module, 'SUITE', item.module.__name__)))


def name_of(nodeid):
    """Return: what a test is called in a list: its function, and with what

    A word goes on where the name ends, more than a word is set apart.
    """
    name, _, given = nodeid.partition('::')[2].partition('[')
    name, given = name.removeprefix('test_'), given.removesuffix(']')
    if not given:
        return name
    return name + ('_' if re.fullmatch(r'\w+', given) else ': ') + given


class Lines:
    """Reports in the place of pytest's own"""

    def __init__(self):
        self.failed = set()
        self.skipped = {}

    @staticmethod
    def say(text):
        """Print at once: somebody may wait for it"""
        print(text, flush=True)

    def pytest_internalerror(self, excrepr):
        """pytest itself failed"""
        self.say(str(excrepr))

    def pytest_collectreport(self, report):
        """A file that cannot be read is a failure, not a file without tests"""
        if report.failed:
            self.say(f'{report.longreprtext}\nnot ok {report.nodeid} '
                     'cannot be collected')

    def pytest_runtest_logstart(self, nodeid):
        """A test begins"""
        self.say(f'\n---- {nodeid}')

    def pytest_runtest_logreport(self, report):
        """A part of a test has ended: the last part brings its verdict"""
        if report.failed:
            self.say(report.longreprtext)
            self.failed.add(report.nodeid)
        elif report.skipped:
            self.skipped[report.nodeid] = report.longrepr[2].removeprefix(
                'Skipped: ')
        if report.when == 'teardown':
            self.verdict(report)

    def verdict(self, report):
        """The line of a test that has ended"""
        name = f"{dict(report.user_properties)['suite']} " \
            f'{name_of(report.nodeid)}'
        if report.nodeid in self.failed:
            self.say(f'not ok {name}')
        elif report.nodeid in self.skipped:
            self.say(f'skip {name}: {self.skipped[report.nodeid]}')
        else:
            self.say(f'ok {name}')


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Replace pytest's own reports if that is wanted"""
    if config.getoption('lines', False) and \
            not os.environ.get('PYTEST_XDIST_WORKER'):
        manager = config.pluginmanager
        manager.unregister(manager.getplugin('terminalreporter'))
        manager.register(Lines())


@pytest.fixture
def work(monkeypatch):
    """A folder of its own, where a test is and which goes with it"""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.chdir(folder)
        yield folder
        monkeypatch.undo()
