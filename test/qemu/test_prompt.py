# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody at the prompt does while a command runs"""

import re

import pytest

from devices import DERIVED, Emmc
from fixtures import folder
from rig import OUT, Board, check

BLOCKS = 0x1000

SUITE = 'prompt'
place = folder(SUITE)


def interrupt(board, command):
    """Type a command, and Ctrl-C when it shows progress. Return: what it said"""
    board.console.start(command, rb'\n\.')
    text = board.console.interrupt()
    print(text)
    check('interrupted; the device is between two operations' in text,
          'it was not interrupted')
    return text


@pytest.fixture(name='board')
def _board():
    """An eMMC with its key, and nothing in it"""
    device = Emmc()
    with Board(device, device.args) as board:
        board.run('rpmb dev mmc0')
        board.run(f'rpmb program-key -y {DERIVED}')
        yield board


def test_read_interrupted(board):
    """Ctrl-C ends a long read, and nothing of it is left in memory"""
    board.run(f'mw.b {OUT:x} ff {BLOCKS * 256:x}')
    interrupt(board, f'rpmb read-blocks {DERIVED} {OUT:x} 0 {BLOCKS:x}')
    board.run(f'md.b {OUT:x} 10', says='(00 ){16}')
    board.run(f'rpmb write-counter {DERIVED}', says='0x00000000')


def test_write_interrupted(board):
    """Ctrl-C ends a long write; it says how much of it is on the device"""
    text = interrupt(board, f'rpmb write-blocks {DERIVED} {OUT:x} 200 {BLOCKS:x}')
    done = re.search(r'before that: 0x(\w+) of 0x1000 blocks written and proven, '
                     'from block 0x200', text)
    check(done, 'it does not say how much was written')
    board.run(f'rpmb write-counter {DERIVED}',
              says=f'write counter: {int(done[1], 16):#010x}')
