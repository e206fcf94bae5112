# SPDX-License-Identifier: GPL-2.0-or-later
"""The archive: the same twice, and it stages without git

By hand, as Buildroot and as Yocto do it.
"""

import glob
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import time

import pytest

import host

SUITE = 'dist'

VERSION = re.search(r'^#define RPMB_VERSION.*"(.*)"$', host.read(os.path.join(
    host.TOP, 'include', 'rpmb-version.h')).decode(), re.MULTILINE)[1]
NAME = f'rpmb-for-u-boot-{VERSION}'
ARCHIVE = os.path.join(host.TOP, 'build', NAME + '.tar.gz')


def ours(names):
    """Return: names without those that begin with a dot, in order"""
    return sorted(name for name in names if not name.startswith('.'))


@pytest.fixture(scope='module', name='archive')
def the_archive():
    """The archive, made anew: its bytes"""
    # without git there is nothing to make an archive of
    host.run('git', '-C', host.TOP, 'rev-parse', '-q', 'HEAD')
    host.run(host.script('dist'))
    return host.read(ARCHIVE)


@pytest.fixture(scope='module', name='place')
def unpacked(archive):  # pylint: disable=unused-argument
    """A folder with the archive's content, a tree, and all programs but git"""
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(ARCHIVE) as file:
            file.extractall(place)
        os.mkdir(f'{place}/bin')
        for folder in os.environ['PATH'].split(':'):
            for path in glob.glob(f'{folder}/*'):
                link = os.path.join(place, 'bin', os.path.basename(path))
                if not os.path.isdir(path) and not os.path.lexists(link) and \
                        not os.path.basename(path).startswith('git'):
                    os.symlink(path, link)
        host.run('cp', '-a', os.path.realpath(host.UBOOT), f'{place}/tree')
        yield place


@pytest.fixture(name='stages')
def how_it_stages(place):
    """A function that runs a program without git, which must lay the overlay"""
    def run(*argv):
        header = f'{place}/tree/include/rpmb.h'
        if os.path.exists(header):
            os.unlink(header)
        host.run(*argv, env={**os.environ, 'PATH': f'{place}/bin'})
        assert host.read(header) == host.read(f'{place}/{NAME}/include/rpmb.h')
    return run


def test_is_the_same_when_it_is_made_again(archive):
    """At another time"""
    time.sleep(1)
    host.run(host.script('dist'))
    assert host.read(ARCHIVE) == archive


def test_has_all_that_is_committed(place):
    """And nothing else"""
    committed = host.run('git', '-C', host.TOP, 'ls-files').splitlines()
    top = os.path.join(place, NAME)
    inside = [os.path.relpath(os.path.join(at, name), top)
              for at, _, names in os.walk(top) for name in names]
    assert ours(inside) == ours(committed)


def test_is_tried_where_there_is_no_git(place):
    """Or the tests that follow would prove nothing"""
    assert shutil.which('sh', path=f'{place}/bin')
    assert not shutil.which('git', path=f'{place}/bin')


def test_stages_by_hand(place, stages):
    """By stage.sh"""
    stages('sh', f'{place}/{NAME}/scripts/stage.sh', f'{place}/tree')


def test_stages_as_buildroot_does_it(place, stages):
    """What Buildroot does after it has patched U-Boot"""
    host.write(f'{place}/Makefile', (
        f'RPMB_OVERLAY := {place}/{NAME}\n'
        f'include {place}/{NAME}/scripts/adopt/rpmb.mk\n'
        f'{place}/tree/.stamp_patched:\n\t$($(UBOOT_POST_PATCH_HOOKS))\n'))
    stages('make', '-s', '-f', f'{place}/Makefile',
           f'{place}/tree/.stamp_patched')


def test_stages_as_yocto_does_it(place, stages):
    """The function of the .inc, with BitBake's variables put in"""
    text = host.read(f'{place}/{NAME}/scripts/adopt/u-boot-rpmb.inc').decode()
    task = re.search(r'^do_stage_rpmb\(\) \{$.*?^\}$', text,
                     re.MULTILINE | re.DOTALL)[0]
    for name, value in (('RPMB_UNPACKED', place), ('RPMB_DIR', NAME),
                        ('S', f'{place}/tree')):
        task = task.replace('${%s}' % name, value)
    host.write(f'{place}/task', task + '\ndo_stage_rpmb\n')
    stages('sh', '-e', f'{place}/task')


@pytest.mark.parametrize('name', ('u-boot-rpmb.inc', 'rpmb.mk'))
def test_is_for_this_version(name):
    """What others take the archive by"""
    text = host.read(host.script(f'adopt/{name}')).decode()
    assert re.search(rf'\b{re.escape(VERSION)}\b', text)


def test_rpmb_tool_says_its_version():
    """The same one"""
    done = subprocess.run([os.path.join(host.TOP, 'build/tools/rpmb-tool'),
                           '--version'], text=True, stdout=subprocess.PIPE,
                          check=True)
    assert done.stdout == f'rpmb-tool {VERSION}\n'
