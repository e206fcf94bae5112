#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_tree.py TREE - does the overlay fit a U-Boot tree?

Says yes, or names each hook whose lines are not there, each function, header and
option that is missing or declared otherwise than in the releases that were tried
(patches/RELEASE/places), and each file that is in the way. Changes nothing, builds
nothing, and does not mind whether the overlay is in the tree.
"""

import os
import sys

from interfaces import OURS, TOP, Needs, Offers, read
from patchset import Patchset
from places import releases
from uboot_tree import Tree

sys.path.insert(0, os.path.join(TOP, 'scripts', 'kconfig'))
sys.dont_write_bytecode = True
# pylint: disable=wrong-import-position
from rpmb_check import RENAMED  # noqa: E402


def hooks_at_fault(tree):
    """Hooks that do not fit"""
    for name in tree.hooks.names():
        if tree.reason(name):
            continue
        for hunk, numbers in tree.hooks.fit(tree.text, name):
            if numbers is None:
                yield (f'hook {name}: {hunk.path}:{hunk.start}: the lines that it '
                       f'needs are not there, first "{hunk.old[0].strip()}"')


def files_in_the_way(tree):
    """Files of U-Boot's own where the overlay has one"""
    for folder in OURS:
        for where, _, files in os.walk(os.path.join(TOP, folder)):
            for name in files:
                path = os.path.relpath(os.path.join(where, name), TOP)
                theirs = os.path.join(tree.path, path)
                if path not in tree.ours and os.path.exists(theirs):
                    yield f'file {path}: this U-Boot has one of that name'


def missing(kind, needed, here, known):
    """What every release has that was tried, and the tree has not"""
    for name in sorted(needed - here):
        if all(name in facts for facts in known):
            yield f'{kind} {name}: this U-Boot has none'


def interfaces_at_fault(offers, needs, known):
    """Functions, headers and options that are not as they were"""
    declared = [facts.declared for facts in known]
    yield from missing('function', needs.calls, set(offers.declared), declared)
    yield from missing('header', needs.headers, offers.headers,
                       [facts.headers for facts in known])
    yield from missing('option', needs.options, offers.options,
                       [facts.options for facts in known])
    for names in RENAMED:
        if names & needs.options and not names & offers.options:
            yield f'option {" or ".join(sorted(names))}: this U-Boot has none'
    for name, hashes in sorted(offers.declared.items()):
        before = set().union(*(it.get(name, set()) for it in declared))
        if before and not before & hashes:
            yield f'function {name}: declared otherwise than in any release tried'


def main():
    """Check the tree that is named"""
    path = sys.argv[1]
    try:
        is_tree = 'UBOOTVERSION' in read(os.path.join(path, 'Makefile'))
    except OSError as error:
        sys.exit(f'{error.filename}: {error.strerror}: {path} is no U-Boot source tree')
    if not is_tree:
        sys.exit(f'{path} is not a U-Boot source tree')
    tree = Tree(path, Patchset(TOP))
    needs = Needs()
    for names in RENAMED:
        if names & needs.options:
            needs.options |= names
    offers = Offers(tree, needs)
    known = releases(tree.hooks)
    faults = [*hooks_at_fault(tree), *files_in_the_way(tree),
              *interfaces_at_fault(offers, needs, known.values())]
    print(*faults, sep='\n', end='\n' if faults else '')
    for name in tree.hooks.names():
        if reason := tree.reason(name):
            print(f'note: {name} is not needed, {reason}')
    print(f'no: {len(faults)} things do not fit {path}' if faults else
          f'yes: the overlay fits {path}')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
