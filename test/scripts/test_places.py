# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known of releases holds in the tree that is here

The hooks fit all releases: scripts/places.py knows without a tree. check-tree names
what does not fit, and changes nothing.
"""

import glob
import os
import re
import shutil
import subprocess
import sys

import pytest

import host

SUITE = 'places'


def script(name, *args):
    """Run a script in Python. Return: exit status, what it said"""
    done = subprocess.run([sys.executable, '-B', name, *args], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    host.show(done.stdout)
    return done.returncode, done.stdout


def check_tree(tree):
    """Run check-tree. Return: exit status, what it said"""
    return script(host.script('check_tree.py'), tree)


@pytest.fixture
def links(work):    # pylint: disable=unused-argument
    """A tree of links to that which is here, in which files can be replaced"""
    os.mkdir('tree')
    for path in glob.glob(os.path.join(host.UBOOT, '*')):
        os.symlink(path, os.path.join('tree', os.path.basename(path)))
    shutil.copytree(os.path.join(host.UBOOT, '.rpmb-overlay'),
                    'tree/.rpmb-overlay')
    return 'tree'


def replace(name, old, new):
    """A file of the tree of links, changed"""
    path = 'tree'
    for part in name.split('/')[:-1]:
        path = os.path.join(path, part)
        if os.path.islink(path):
            origin = os.readlink(path)
            os.unlink(path)
            os.mkdir(path)
            for entry in os.listdir(origin):
                os.symlink(os.path.join(origin, entry),
                           os.path.join(path, entry))
    path = os.path.join('tree', name)
    text = host.read(path).decode()
    assert old in text
    os.unlink(path)
    host.write(path, text.replace(old, new))


def state():
    """Return: name, time and target of all that is in the tree of links"""
    return sorted((path, os.lstat(path).st_mtime_ns,
                   os.path.islink(path) and os.readlink(path))
                  for path in glob.glob('tree/**', recursive=True,
                                        include_hidden=True))


def test_tree_fits():
    """That which all is built in"""
    status, said = check_tree(host.UBOOT)
    assert status == 0 and said.splitlines()[-1].startswith('yes: ')


@pytest.mark.parametrize('there', (False, True))
def test_check_tree_of_none(tmp_path, there):
    """What is no tree of U-Boot is said in a line"""
    if there:
        (tmp_path / 'Makefile').write_text('all:\n')
    status, said = check_tree(str(tmp_path))
    assert status and 'U-Boot source tree' in said and 'Traceback' not in said


def test_tree_is_as_remembered():
    """A tree of another release has no facts: check-tree is the judge"""
    status, facts = script(host.script('places.py'), 'print', host.UBOOT)
    assert status == 0
    known = [host.read(path).decode() for path in glob.glob(
        os.path.join(host.TOP, 'patches', '*', 'places'))]
    if facts not in known:
        print('make them anew: scripts/places.py make TREE RELEASE, '
              'without the overlay')
        other = bool(os.environ.get('UBOOT'))
        assert other and check_tree(host.UBOOT)[0] == 0


def test_names_what_does_not_fit(links):
    """All of it, each with its kind, and touches nothing"""
    for change in (('boot/bootm_os.c', 'board_preboot_os();', 'other();'),
                   ('include/mmc.h', 'int mmc_init(struct',
                    'int mmc_init(const struct'),
                   ('include/rng.h', 'dm_rng_read(', 'dm_rng_get('),
                   ('drivers/rng/Kconfig', 'config DM_RNG\n',
                    'config DM_RANDOM\n')):
        replace(*change)
    before = state()
    status, said = check_tree(links)
    assert status
    for line in ('hook 0002-boot-ratchet.patch: boot/bootm_os.c:',
                 'function mmc_init: declared otherwise',
                 'function dm_rng_read: this U-Boot has none',
                 'option DM_RNG: this U-Boot has none', 'no: 4 things'):
        assert re.search('^' + re.escape(line), said, re.MULTILINE)
    assert state() == before


def test_names_a_file_in_the_way(links):
    """One of our name that we have not put there"""
    shutil.rmtree('tree/.rpmb-overlay')
    status, said = check_tree(links)
    assert status
    assert re.search('^file cmd/rpmb.c: this U-Boot has one', said,
                     re.MULTILINE)


def test_knows_without_a_tree(work):    # pylint: disable=unused-argument
    """A hook that somebody changed is found out without a tree"""
    os.mkdir('scripts')
    for path in glob.glob(host.script('*.py')):
        shutil.copy(path, 'scripts')
    shutil.copytree(os.path.join(host.TOP, 'patches'), 'patches')
    hook, = glob.glob('patches/0002-*.patch')
    text = host.read(hook).decode()
    changed = re.sub(r'^ .*board_preboot_os\(\);', ' \tother();', text,
                     flags=re.MULTILINE)
    assert changed != text
    host.write(hook, changed)
    said = script('scripts/places.py')[1]
    assert len(re.findall('^not ok', said, re.MULTILINE)) >= 2
    for pattern in (r'^boot/bootm_os\.c:.*first "other\(\);"',
                    r'^not ok places 2026\.10 0002-boot-ratchet\.patch'):
        assert re.search(pattern, said, re.MULTILINE)
