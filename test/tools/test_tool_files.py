# SPDX-License-Identifier: GPL-2.0-or-later
"""rpmb-tool and files: none over another, none by half; what `make install` installs"""

import glob
import os
import resource
import subprocess

import pytest

import host

SUITE = 'tools'

MAKE = 'manifest --from batch.txt --out '


def link(old, new):
    """A symbolic link"""
    os.symlink(old, new)


SPELLINGS = {
    'same': ('x', None), 'dot': ('./x', None), 'twice': ('sub/..//x', None),
    'whole': ('{work}/x', None), 'symlink': ('y', lambda: link('x', 'y')),
    'chain': ('z', lambda: (link('sub/y', 'z'), link('../x', 'sub/y'))),
    'folder': ('f/x', lambda: link('.', 'f')),
}


@pytest.mark.parametrize('there', (False, True), ids=('new', 'there'))
@pytest.mark.parametrize('how', SPELLINGS)
def test_its_is_not_out(tool, work, how, there):
    """However it is spelled, whether it is there yet or not"""
    os.mkdir('sub')
    other, prepare = SPELLINGS[how]
    if there:
        host.write('x', 'old')
    if prepare:
        prepare()
    tool.gives(2, f'{MAKE} x --its {other.format(work=work)}',
               says='would overwrite')
    assert os.path.exists('x') == there


@pytest.mark.parametrize('command', (
    MAKE + 'batch.txt', MAKE + 'y', MAKE + 'hard', MAKE + 'x --its hard',
    'manifest --from y --out batch.txt'))
def test_output_is_no_input(tool, command):
    """The text that a manifest is made of stays"""
    link('batch.txt', 'y')
    os.link('batch.txt', 'hard')
    text = host.read('batch.txt')
    tool.gives(2, command, says='would overwrite')
    assert host.read('batch.txt') == text and not os.path.exists('x')


def test_redirected_output_is_no_input(tool):
    """Of a shell's >> the tool sees the file only"""
    text = host.read('batch.txt')
    with open('batch.txt', 'ab') as file:
        done = subprocess.run([tool.program, *(MAKE + '-').split()], check=False,
                              stdout=file, stderr=subprocess.PIPE)
    assert done.returncode == 2 and b'would overwrite' in done.stderr
    assert host.read('batch.txt') == text


@pytest.mark.parametrize('command, name', [
    (MAKE + 'x', 'x'), (MAKE + 'm --its x', 'x'),
    ('token --transport virtio --name v --counter 1 --rma --out x', 'x'),
    ('derive --huk huk --transport virtio --name v --key-out key', 'key')])
def test_no_room_leaves_no_half(tool, command, name):
    """A file that cannot be written as a whole is what it was"""
    room = 20 if name == 'key' else 100
    old = None
    if name != 'key':
        old = host.write(name, 'what was there') and host.read(name)
    before = set(os.listdir())
    done = subprocess.run(
        [tool.program, *command.split()], check=False, stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                              (room, room)))
    assert done.returncode == 2 and b'File too large' in done.stderr
    assert (host.read(name) if os.path.exists(name) else None) == old
    assert set(os.listdir()) == before


def test_full_devices_and_pipes(tool):
    """They are written to as they are"""
    tool.gives(2, MAKE + '/dev/full', says='No space left')
    tool.gives(0, MAKE + '/dev/null')
    tool.gives(0, MAKE + 'm.dtb')
    tool.gives(0, MAKE + '/dev/stdout')
    assert tool.out == host.read('m.dtb')


def test_link_to_the_output_stays(tool):
    """What it points to is written"""
    link('there', 'x')
    tool.gives(0, MAKE + 'x')
    assert os.path.islink('x') and os.path.isfile('there')
    mask = os.umask(0o27)
    try:
        tool.gives(0, MAKE + 'private')
    finally:
        os.umask(mask)
    assert os.stat('private').st_mode & 0o777 == 0o640


@pytest.fixture(scope='module', name='root')
def installed(tmp_path_factory, program):
    """Where `make install` put things, with a blank in its name"""
    root = str(tmp_path_factory.mktemp('a root'))
    host.make('-C', os.path.join(host.TOP, 'tools'),
              f'O={os.path.dirname(program)}', 'SANITIZE=1', 'install',
              f'DESTDIR={root}', 'PREFIX=/usr')
    return root + '/usr'


def test_install(root):
    """The tool, a page for each command, completion"""
    assert os.access(f'{root}/bin/rpmb-tool', os.X_OK)
    pages = {os.path.basename(path) for path in glob.glob(
        f'{root}/share/man/man1/*')}
    assert pages == {'rpmb-tool.1'} | {f'rpmb-tool-{name}.1' for name in (
        'decode', 'derive', 'manifest', 'token', 'verify-log')}
    for path in glob.glob(f'{root}/share/man/man1/*'):
        page = host.read(path).decode()
        name = os.path.basename(path)[:-2]
        assert page.startswith(f'.TH {name.upper()} 1 "" "rpmb-tool ')
        name = name.replace('-', r'\-')
        assert f'\n.SH NAME\n{name} \\- ' in page
        assert '.SH EXIT STATUS' in page


@pytest.mark.parametrize('words, expected', [
    ('ver', ['verify-log']), ('manifest --ver', ['--verify']),
    ('derive --transport u', ['ufs']), ('derive --scheme optee-', ['optee-compat']),
    ('decode --h', ['--help', '--huk']), ('decode batch', ['batch.txt']),
    ('token --it', ['--its'])])
def test_completion(root, tool, words, expected):    # pylint: disable=unused-argument
    """What bash offers"""
    script = (f'. "{root}/share/bash-completion/completions/rpmb-tool"; '
              f'COMP_WORDS=("{root}/bin/rpmb-tool" {words}); '
              'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _rpmb_tool '
              '"${COMP_WORDS[0]}" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"; '
              'printf "%s\\n" "${COMPREPLY[@]}" | sort')
    assert host.run('bash', '-c', script).split() == expected
