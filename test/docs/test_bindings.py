# SPDX-License-Identifier: GPL-2.0-or-later
"""The bindings are schemas by the kernel's rules

They take their own examples and the trees of our boards, and name what is wrong in
nodes that break them.
"""

import glob
import os
import re
import subprocess
import tempfile

import pytest

import host

SUITE = 'bindings'

FOLDER = os.path.join(host.TOP, 'doc', 'device-tree-bindings')
BINDINGS = [os.path.splitext(os.path.basename(path))[0] for path in sorted(
    glob.glob(os.path.join(FOLDER, 'rpmb', '*.yaml')))]
ROLLBACK, HUK, KEYS = (f'u-boot,rpmb-{name}'
                       for name in ('rollback', 'huk', 'keys'))


def compiled(path):
    """Compile a tree: examples have phandles of nodes that are not there"""
    tree = path.replace('.dts', '.dtb')
    assert host.run('dtc', '-q', '-I', 'dts', '-O', 'dtb', '-o', tree,
                    path) == ''
    return tree


@pytest.fixture(scope='module', name='place')
def the_place():
    """A folder with the schema of all bindings, and the example of each"""
    with tempfile.TemporaryDirectory() as place:
        host.run('dt-mk-schema', '-j', '-o', f'{place}/schema',
                 os.path.join(FOLDER, 'rpmb'))
        for name in BINDINGS:
            done = subprocess.run(
                ['dt-extract-example', f'{FOLDER}/rpmb/{name}.yaml'],
                stdout=subprocess.PIPE, check=True)
            host.write(f'{place}/{name}.dts', done.stdout)
        yield place


def validate(place, *trees):
    """Return: what the schemas say of trees"""
    done = subprocess.run(
        ['dt-validate', '-l', 'rpmb', '-s', f'{place}/schema', *trees],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        check=False)
    print(done.stdout)
    return done.stdout


@pytest.mark.parametrize('name', BINDINGS)
def test_is_a_schema(name):
    """By the kernel's rules"""
    assert host.run('dt-doc-validate', '-u', FOLDER,
                    f'{FOLDER}/rpmb/{name}.yaml') == ''


def test_take_their_examples(place):
    """Which dtc takes as well"""
    assert BINDINGS
    assert validate(place, *(compiled(f'{place}/{name}.dts')
                             for name in BINDINGS)) == ''


def test_take_the_qemu_boards_tree(place):
    """With the key of an OS and without it"""
    tree = host.run(host.script('board-tree')).strip()
    other = tree.replace('board.dtb', 'board-os.dtb')
    assert os.path.exists(other)
    assert validate(place, tree, other) == ''


def test_take_sandboxs_tree(place):
    """That of its unit tests"""
    tree = os.path.join(host.TOP, 'build/sandbox/arch/sandbox/dts/test.dtb')
    assert os.path.exists(tree)
    assert validate(place, tree) == ''


LINE = r'^.*{}.*\n'
# An example with a change, and what is said of it
BROKEN = [
    (ROLLBACK, LINE.format('rpmb = '), '', "'rpmb' is a required"),
    (ROLLBACK, LINE.format('key-id'), '', "'key-id' is a required"),
    (ROLLBACK, '"mmc0"', '"a-name-that-is-longer-than-31-bytes"', 'rpmb:'),
    (ROLLBACK, 'target = <0>', 'target = <4>', 'target:'),
    (ROLLBACK, '<0x100>', '<0x10000>', 'key-id:'),
    (ROLLBACK, 'slots = <2>', 'slots = <5>', 'slots:'),
    (ROLLBACK, 'slots = <2>', 'status = "disabled"', 'status:'),
    (ROLLBACK, 'slots = ', 'slot = ', "'slot' does not match"),
    (HUK, LINE.format('misc'), '', "'misc' is a required"),
    (HUK, ' size = <0x20>', ' size = <15>', 'size:'),
    (HUK, LINE.format('lock-value'), '', "'lock-value' is a dependency"),
    (KEYS, '#size-cells = <0>', '#size-cells = <1>', 'size-cells'),
    (KEYS, r'@3 \{((?:.|\n)*?)reg = <3>', r'@300 {\1reg = <0x300>', 'reg:'),
    (KEYS, LINE.format('misc'), '', "'misc' is a required"),
    (KEYS, 'reg = <1>;', r'\g<0> offset = <0>;', 'offset: False'),
    (KEYS, 'rpmb-key-derived', 'rpmb-key-made-up', 'compatible:'),
]


@pytest.fixture(scope='module', name='said')
def what_is_said_of_broken_ones(place):
    """What is said of each broken example, by its number; one run for all"""
    trees = []
    for number, (name, old, new, _) in enumerate(BROKEN):
        text = host.read(f'{place}/{name}.dts').decode()
        broken = re.sub(old, new, text, flags=re.MULTILINE)
        assert broken != text, f'there is no {old} in the example of {name}'
        trees.append(compiled(host.write(f'{place}/broken{number}.dts',
                                         broken)))
    lines = validate(place, *trees).splitlines()
    return {number: '\n'.join(
        '\n'.join(lines[i:i + 3]) for i, line in enumerate(lines)
        if line.startswith(f'{tree}: ')) for number, tree in enumerate(trees)}


@pytest.mark.parametrize('number', range(len(BROKEN)), ids=[
    f'{name}: {old} {new}'.replace('\n', ' ') for name, old, new, _ in BROKEN])
def test_refuse(said, number):
    """What is wrong in it is named"""
    assert BROKEN[number][3] in said[number]
