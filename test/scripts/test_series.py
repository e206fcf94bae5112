# SPDX-License-Identifier: GPL-2.0-or-later
"""The overlay as a series for upstream

Three commits of it are built: the first, which has no tests yet, the middle one, which
passes its own, and the last, whose tests are the suites of sandbox. That each patch is
to the taste of checkpatch, and all other commits, is for `make series-check`.
"""

import fnmatch
import os
import re
import shutil
import sys

import pytest

import series
import series_check
from host import TOP, UBOOT, run, script

SUITE = 'series'


@pytest.fixture(scope='module')
def check():
    """The series of the tree, in a repository of its own"""
    with pytest.MonkeyPatch.context() as patch:
        for who in 'AUTHOR', 'COMMITTER':
            patch.setenv(f'GIT_{who}_NAME', 'Nobody')
            patch.setenv(f'GIT_{who}_EMAIL', 'nobody@example.com')
        run(sys.executable, '-B', script('series.py'), UBOOT)
        it = series_check.Check(UBOOT, quick=True)
        assert not it.unstage()
        assert not it.apply()
        yield it


def test_ends_where_staging_ends(check):
    """All of it makes the tree that staging makes"""
    assert not check.staging()


def test_headers_come_first(check):
    """No commit has a file that includes what only a later one brings"""
    late = [f'{number}: {wrong}' for number in range(1, len(check.patches) + 1)
            if (wrong := check.late_headers(number))]
    assert not late, '\n'.join(late)


def test_resumes(check, capsys, monkeypatch):
    """A commit that was good is not built again, unless its files changed"""
    monkeypatch.setattr(check, 'good', check.good + '-of-test')
    monkeypatch.setattr(check, 'build', lambda number: f'builds {number}')
    good = ['builds 0002', 'passes 0002 (lib: 9 tests)']
    try:
        check.remember(2, good)
        assert check.known(2) == good and not check.known(1)
        assert not series_check.try_commit(check, 2)
        assert capsys.readouterr().out.splitlines() == [
            f'ok series {what}, as before' for what in good]
        assert series_check.try_commit(check, 1)
        assert 'not ok series builds 0001' in capsys.readouterr().out
        assert not check.known(1)
    finally:
        os.unlink(check.good)


def test_cover_letter(check):
    """It says what the series is, and for which release"""
    text = series.read(os.path.dirname(check.patches[0]),
                       '0000-cover-letter.patch')
    assert '***' not in text
    assert series.release_of(UBOOT) in text


def test_messages(check):
    """Each commit says why, and is signed off"""
    for path in check.patches:
        head = series.read(path).partition('\n---\n')[0]
        assert re.search(r'\n\n.+\n\nSigned-off-by: ', head, re.DOTALL), path


def has_maintainer(path, patterns):
    """Is the file one of those that an entry of MAINTAINERS names?"""
    return any(path.startswith(pattern) if pattern.endswith('/') else
               fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def test_maintainers(check):
    """There is an entry, where the alphabet has it, and it has all files"""
    text = series.read(check.place, 'MAINTAINERS')
    entry = re.search(r'\n\n([^\n]+)\n(?:.:\t.*\n)+\nRPMB\n'
                      r'M:\tNobody <nobody@example.com>\n((?:.:\t.*\n)+)\n'
                      r'([^\n]+)\n.:\t', text)
    assert entry[1] < 'RPMB' < entry[3]
    patterns = re.findall(r'(?m)^F:\t(.*)', entry[2])
    assert not [path for path in check.series.files
                if not has_maintainer(path, patterns)]


@pytest.mark.parametrize('line, why', [
    ('Files: lib/rpmb/Makefile lib/rpmb/frame.c', 'lib/rpmb/frame.c: 0 commits'),
    ('Options: RPMB_SELFTEST', 'RPMB_SELFTEST: 0 commits'),
    ('Hooks: 0028-ufs-rpmb-owner', '0028-ufs-rpmb-owner: 0 commits')])
def test_place(work, monkeypatch, line, why):
    """What patches/series gives no place is named"""
    text = series.read(TOP, 'patches', 'series')
    assert f'\n{line}' in text
    os.mkdir('patches')
    series.write(re.sub(rf'(?m)^{re.escape(line)}.*\n', '', text),
                 work, 'patches', 'series')
    monkeypatch.setattr(series, 'TOP', work)
    with pytest.raises(SystemExit, match=re.escape(why)):
        series.Series(UBOOT)


def test_twice(work, monkeypatch):
    """... and what has two"""
    text = series.read(TOP, 'patches', 'series')
    series.write(text.replace('Options: RPMB_SELFTEST',
                              'Options: RPMB_SELFTEST RPMB_EMMC'),
                 work, 'patches', 'series')
    monkeypatch.setattr(series, 'TOP', work)
    with pytest.raises(SystemExit, match='RPMB_EMMC: 2 commits'):
        series.Series(UBOOT)


@pytest.fixture(scope='module', name='building')
def without_old_builds(check):
    """The series, with nothing built yet. From here on its last commit is not there"""
    shutil.rmtree(check.out, ignore_errors=True)
    return check


@pytest.mark.parametrize('which', ('last', 'middle', 'first'))
def test_builds(building, which):
    """A commit alone, without a warning"""
    number, = series_check.ASKED[which](len(building.patches))
    assert not building.build(number)
    if which == 'middle':
        ran = [building.test(suite) for suite in ('lib', 'dm')]
        assert not ''.join(wrong for wrong, _ in ran)
        assert all(count for _, count in ran)
