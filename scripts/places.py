#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""places.py [make TREE RELEASE | print TREE] - what the overlay needs in a release, as facts

Each hook needs some lines of U-Boot's files. patches/RELEASE/places remembers them:
hook, file, function, number of the first line, and a hash for each line, a few
around them included. So it is known without a tree whether hooks fit that have
been changed. What our sources call, include and ask for is there, too.

`make` writes the facts of a tree, `print` shows them; without a word all hooks are
tried on all facts that there are, one line "ok" or "not ok" for each.
"""

import os
import sys

from interfaces import Needs, Offers
from patchset import Patchset, Text, line_hash
from uboot_tree import Tree

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
AROUND = 3


class Places:
    """What is remembered of a release"""

    def __init__(self, path):
        self.unneeded, self.headers, self.options = set(), set(), set()
        self.declared = {}
        self.rows = {}
        self.files = {}
        known = {}
        with open(path, encoding='utf-8') as file:
            for line in file:
                word, *rest = line.split()
                if word in ('unneeded', 'headers', 'options'):
                    getattr(self, word).update(rest)
                elif word == 'declared':
                    self.declared[rest[0]] = set(rest[1:])
                elif word != '#':
                    self.add(known, word, *rest)
        for file, lines in known.items():
            self.files[file] = Text(list(self.with_gaps(lines)))

    def add(self, known, name, path, function, start, *hashes):
        """One row"""
        numbered = dict(enumerate(hashes, int(start)))
        self.rows.setdefault((name, path), []).append((function, numbered))
        known.setdefault(path, {}).update(numbered)

    @staticmethod
    def with_gaps(lines):
        """The lines of a file in order, None where some are not known"""
        last = 0
        for number in sorted(lines):
            if number != last + 1:
                yield None
            yield lines[number], number
            last = number

    def text(self, path):
        """What is known of a file"""
        return self.files.setdefault(path, Text([]))

    def where(self, name, path, numbers):
        """Function of the hook that has these lines, or None"""
        for function, numbered in self.rows.get((name, path), []):
            if all(number in numbered for number in numbers):
                return function
        return None


def try_hooks(hooks, places):
    """What does not fit of each hook: {name: [text]}"""
    wrong = {name: [] for name in hooks.names() if name not in places.unneeded}
    for name, faults in wrong.items():
        for hunk, numbers in hooks.fit(places.text, name):
            if numbers is None:
                faults.append(f'{hunk.path}:{hunk.start}: lines are not there, '
                              f'first "{hunk.old[0].strip()}"')
            elif numbers and not places.where(name, hunk.path, numbers):
                faults.append(f'{hunk.path}:{numbers}: not a place that patches/RELEASE/places '
                              'knows of this hook')
    return wrong


def make(tree):
    """The facts of a tree, as lines"""
    yield '# SPDX-License-Identifier: GPL-2.0-or-later'
    yield '# What the overlay needs in this release, made by scripts/places.py'
    for name in tree.hooks.names():
        if tree.reason(name):
            yield f'unneeded {name}'
            continue
        for hunk, numbers in tree.hooks.fit(tree.text, name):
            if numbers is None:
                sys.exit(f'{name} does not fit {hunk.path} of {tree.path}')
            if not numbers:     # all lines are another hook's
                continue
            first = max(1, min(numbers) - AROUND)
            lines = tree.lines(hunk.path)[first - 1:max(numbers) + AROUND]
            yield ' '.join([name, hunk.path,
                            tree.function(hunk.path, min(numbers)), str(first)] +
                           [line_hash(line) for line in lines])
    offers = Offers(tree, Needs())
    for name in sorted(offers.declared):
        yield ' '.join(['declared', name] + sorted(offers.declared[name]))
    for name in ('headers', 'options'):
        yield ' '.join([name] + sorted(getattr(offers, name)))


def releases(hooks):
    """{release: its facts}"""
    found = {}
    for release in sorted(os.listdir(hooks.dir)):
        path = os.path.join(hooks.dir, release, 'places')
        if os.path.exists(path):
            found[release] = Places(path)
    return found


def main():
    """Make or try the facts"""
    hooks = Patchset(TOP)
    if len(sys.argv) > 2:
        facts = '\n'.join(make(Tree(sys.argv[2], hooks))) + '\n'
        if sys.argv[1] == 'print':
            print(facts, end='')
            return
        path = os.path.join(hooks.dir, sys.argv[3], 'places')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(facts)
        return
    for release, places in releases(hooks).items():
        for name, faults in try_hooks(hooks, places).items():
            print(*faults, sep='\n', end='\n' if faults else '')
            print(f'{"not ok" if faults else "ok"} places {release} {name}')


if __name__ == '__main__':
    main()
