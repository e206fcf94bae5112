# SPDX-License-Identifier: GPL-2.0-or-later
"""The demo's stories go as told"""

import fcntl
import os
import pty
import re
import select
import subprocess

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
    # no colours where there is no terminal, and the banner is in the log
    assert '\x1b' not in told and 'Hit any key' not in told
    assert re.search('^U-Boot 20', host.read(os.path.join(
        host.TOP, 'build', 'demo', story + '.log')).decode(), re.MULTILINE)


def until_prompt(terminal):
    """Wait for U-Boot's prompt on a terminal"""
    said = b''
    while not said.endswith(b'=> '):
        assert select.select([terminal], [], [], 60)[0], said
        said += os.read(terminal, 4096)


def test_board_and_its_terminal(work):
    """Its folder is its own as long as it runs, and it ends with its terminal"""
    command = [host.script('board'), work, '-serial', 'mon:stdio']
    env = {**os.environ, 'DEVICES': 'virtio'}
    pid, terminal = pty.fork()
    if not pid:
        os.execvpe(command[0], command, env)
    try:
        until_prompt(terminal)
        done = subprocess.run(command, env=env, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=60,
                              stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        assert done.returncode and 'a board is running there' in done.stderr
    finally:
        os.close(terminal)
    assert os.waitpid(pid, 0)[0] == pid
    with open(os.path.join(work, 'lock'), encoding='ascii') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
