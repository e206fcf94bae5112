# SPDX-License-Identifier: GPL-2.0-or-later
"""An SPL that says numbers in place of messages refuses and boots as the other one

The numbers are those of doc/usage/rpmb/rollback-rules.rst.
"""

import os

import pytest

import spl_board
from devices import new_emmc
from fixtures import folder
from locking import FAULTS, STOPPED
from rig import TOP, check
from spl_board import (KEY, LOC, Board, booted, check_boots, index_of, make_fit,
                       make_spl, put, start, store)

SUITE = 'spl'
BOARD = 'qemu_arm64_rpmb_spl_short'
place = folder(SUITE, board=BOARD)


@pytest.fixture(scope='module', autouse=True)
def the_board():
    """Its SPL, and not that of qemu_arm64_rpmb_spl"""
    usual = spl_board.OUT
    spl_board.OUT = os.path.join(TOP, 'build', BOARD)
    yield
    spl_board.OUT = usual


def check_number(said, text):
    """SPL must have refused, with this number and no sentence"""
    check(not booted(text), 'U-Boot started')
    check(f'rollback: REFUSED {said}' in text, f"SPL did not say '{said}'")
    check('advice' not in text, 'SPL gives advice')


def test_stored():
    """Errors of what is stored are errnos; both indexes are said"""
    make_spl()
    store(5)
    put(make_fit(index_of(4)))
    old = start(key=KEY, closed=True)
    check_number(f'-33, location {LOC:#x}', old)
    check(f'index {4:#018x}, stored {5:#018x}' in old, 'which indexes?')
    check_number('-74', start(key=bytes(range(32))))
    new_emmc()
    put(make_fit(index_of(5)))
    check_number('-61', start(key=KEY, closed=True))
    check_number('-126', start(closed=True))


def test_wide_index():
    """Indexes of 64 bits are said in full"""
    make_spl()
    store(0x500000001)
    put(make_fit(index_of('0x5 0')))
    text = start(key=KEY)
    check_number('-33', text)
    check('index 0x0000000500000000, stored 0x0000000500000001' in text,
          'which indexes?')


def test_fit():
    """What is wrong with a FIT is a number, and the image is named"""
    make_spl()
    store(5)
    for index, number in ((f'rollback-location = <{LOC:#x}>;', 2), ('', 3),
                          (index_of('1 2 3'), 4)):
        put(make_fit(index))
        check_number(f'{number}, image -', start(key=KEY, closed=True))
    put(make_fit(index_of(6), ('description = "qemu";',
                               'description = "qemu"; loadables = "nobody";'),
                 absent='nobody'))
    check_number('8, image loadables', start(key=KEY, closed=True))
    make_spl(key=None)
    put(make_fit(index_of(6)))
    check_number('1, image -', start(key=KEY, closed=True))


def test_open():
    """An open board without an index is warned, and boots"""
    make_spl()
    new_emmc()
    put(make_fit(index_of(5)))
    text = start(key=KEY)
    check_boots(text, warned=True)
    check(f'{spl_board.WARNED} -61, location {LOC:#x}' in text, 'no number')
    store(5)
    check_boots(start(key=KEY, closed=True))


def test_lock():
    """A closed board whose unique key cannot be locked stops"""
    make_spl(with_policy=False)
    new_emmc()
    put(make_fit(''))
    for args, error in FAULTS:
        with Board(closed=True, args=args) as b:
            check(f'rpmb: NOT LOCKED {error}\n' in b.banner, 'no number')
            check(b.matched == STOPPED.decode() and not booted(b.banner),
                  'it did not stop')
