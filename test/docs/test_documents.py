# SPDX-License-Identifier: GPL-2.0-or-later
"""U-Boot's Sphinx takes our documents without a warning, and warns where it must"""

import glob
import os
import re
import shutil
import subprocess

import pytest

import host

SUITE = 'documents'


def htmldocs(tree=None):
    """Make the documents. Return: exit status, what was said"""
    done = subprocess.run(
        [host.script('htmldocs')], text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, **({'UBOOT': tree} if tree else {})})
    host.show(done.stdout)
    return done.returncode, done.stdout


@pytest.fixture(scope='module', name='made')
def the_documents():
    """The documents, made: exit status, what was said"""
    return htmldocs()


def test_documents(made):
    """All of them, without a warning"""
    assert made[0] == 0


def with_text(pattern, text):
    """Return: files that have a text, in order"""
    return [path for path in glob.glob(pattern)
            if re.search(text, host.read(path).decode(), re.MULTILINE)]


def test_figures_are_drawn(made):
    """On each page that has one"""
    assert made[0] == 0
    written = with_text(os.path.join(host.TOP, 'doc/*/rpmb/*.rst'),
                        r'^\.\. kernel-render:: DOT')
    drawn = with_text(os.path.join(host.TOP, 'build/htmldocs/*/rpmb/*.html'),
                      r'_images/DOT-[0-9a-f]*\.svg')
    assert written and len(drawn) == len(written)


def test_links_to_nowhere(work):
    """With two of them in files of ours both are complained of"""
    # as much of the staged tree as the documents need, to be changed
    os.mkdir('tree')
    for path in glob.glob(os.path.join(host.UBOOT, '*')):
        if os.path.basename(path) != 'doc':
            os.symlink(path, os.path.join('tree', os.path.basename(path)))
    shutil.copytree(os.path.join(host.UBOOT, 'doc'), 'tree/doc', symlinks=True)
    for path, link in (('usage/rpmb/index.rst', ':doc:`/usage/rpmb/nowhere`'),
                       ('develop/rpmb/spec.rst', ':ref:`rpmb-nothing`')):
        with open(f'tree/doc/{path}', 'a', encoding='utf-8') as file:
            file.write(f'\n{link}\n')
    status, said = htmldocs(os.path.join(work, 'tree'))
    assert status
    assert re.search('usage/rpmb/index.rst.*nowhere', said)
    assert re.search('develop/rpmb/spec.rst.*rpmb-nothing', said)


def test_staged_files_name_what_is_there():
    """Their comments, help texts and messages: what is staged, or U-Boot's own"""
    named = set()
    for name in host.read(os.path.join(
            host.UBOOT, '.rpmb-overlay', 'files')).decode().split():
        if not name.startswith('doc/'):
            text = host.read(os.path.join(host.UBOOT, name))
            named |= set(re.findall(
                rb'\bdoc/[A-Za-z0-9/_.,-]*[A-Za-z0-9]', text))
    assert named
    assert not [path for path in sorted(named) if not os.path.exists(
        os.path.join(host.UBOOT, path.decode()))]


# What this stack's documents say and a reader of U-Boot's others need not know
WORDS = '''
authenticated, batch, block, boot ratchet, check value, commit, control FDT,
derived key, dry run, fragment, frame, gate, hook, identifier, key, key id, key slot,
location, locked board, MAC, manifest, nonce, overlay, provider, provisioning, record,
region, RMA, rollback index, rollback policy, RPMB, service token, station, stores,
target, TEE, test key, token, transport, unique key, UNVERIFIED, write counter
'''


def test_glossary():
    """It has their words; each is explained, and is a word of some document"""
    text = host.read(os.path.join(
        host.TOP, 'doc/usage/rpmb/glossary.rst')).decode()
    explained = dict(re.findall(r'^   (\S.*)\n      (.+)$', text, re.M))
    assert not {word for word in re.split(r',\s+', WORDS.strip())} - set(explained)
    assert {'board, open or closed', 'slot, of an update'} <= set(explained)
    others = ' '.join(host.read(path).decode() for path in glob.glob(
        os.path.join(host.TOP, 'doc/**/*.rst'), recursive=True)
        if not path.endswith('glossary.rst')).lower()
    assert not [term for term in explained
                if term.split(', ')[0].lower() not in others]


def numbers(text):
    """Return: the numbers of a text that have four digits or more, without commas"""
    return {number.replace(',', '') for number in re.findall(
        r'(?<![\d.,])\d{1,3}(?:,\d{3})+(?!,?\d)|(?<![\d.,])\d{4,}(?!,?\d)', text)}


def test_readme_has_the_figures():
    """Of the page of figures, which is renewed when they are measured"""
    section = re.search(r'(?ms)^## Figures$(.*?)^## ', host.read(os.path.join(
        host.TOP, 'README.md')).decode())[1]
    page = ' '.join(host.read(path).decode() for path in glob.glob(os.path.join(
        host.TOP, 'doc/develop/rpmb', 'figures*.[ir]*')))
    assert numbers(section)
    assert not numbers(section) - numbers(page)
