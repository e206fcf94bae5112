# SPDX-License-Identifier: GPL-2.0-or-later
"""The hooks of patches/, and whether they fit files of U-Boot

As scripts/hooks.sh and `patch -F0` have it, line by line. Lines are compared by
hash, so that a file may be one that is there, or what is remembered of one.
"""

import hashlib
import os
import re
import shlex

HEADER = re.compile(r'@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@')
DIGITS = 5


def line_hash(line):
    """What stands for a line"""
    return hashlib.sha256(line.encode()).hexdigest()[:DIGITS]


class Hunk:
    """Lines to be found in a file, and what becomes of them"""

    def __init__(self, path, start):
        self.path = path
        self.start = start
        self.old = []
        self.new = []

    def add(self, sign, text):
        """One line of the hunk"""
        if sign in ' -':
            self.old.append(text)
        if sign in ' +':
            self.new.append((text, len(self.old) - 1 if sign == ' ' else None))


class Hook:
    """A patch: its hunks, and how to know a tree that needs none of it"""

    def __init__(self, path):
        self.name = os.path.basename(path)
        self.unneeded = []
        self.hunks = []
        self.parse(path)

    def parse(self, path):
        """Read the file"""
        hunk, file = None, None
        with open(path, encoding='utf-8') as stream:
            for line in stream.read().splitlines():
                if line.startswith('Not-where: ') and not file:
                    self.unneeded.append(line[len('Not-where: '):].split(': ', 1))
                elif line.startswith('diff '):
                    hunk = None
                elif line.startswith('+++ b/'):
                    file = shlex.split(line[len('+++ b/'):])[0]
                elif match := HEADER.match(line):
                    hunk = Hunk(file, int(match.group(1)))
                    self.hunks.append(hunk)
                elif hunk:
                    hunk.add(line[:1] or ' ', line[1:])


class Text:
    """A file, or the places of it that are known; None is a gap

    @lines: list of (hash, number of the line in the file of U-Boot or None)
    """

    def __init__(self, lines):
        self.lines = lines

    def find(self, hunk, near):
        """Where the hunk's lines are, the one nearest to a line; or None"""
        old = [line_hash(line) for line in hunk.old]
        hashes = [line and line[0] for line in self.lines]
        found = [at for at in range(len(hashes) - len(old) + 1)
                 if hashes[at] == old[0] and hashes[at:at + len(old)] == old]
        return min(found, default=None,
                   key=lambda at: abs(self.number(at) - near))

    def number(self, at):
        """Number of the line in U-Boot's file, or that of one before it"""
        while at and (not self.lines[at] or not self.lines[at][1]):
            at -= 1
        return self.lines[at][1] or 0 if self.lines[at] else 0

    def apply(self, hunk, at):
        """Put the hunk's new lines in place of the old ones"""
        was = self.lines[at:at + len(hunk.old)]
        self.lines[at:at + len(hunk.old)] = [
            (line_hash(text), None if kept is None else was[kept][1])
            for text, kept in hunk.new]
        return [number for _, number in was if number]


class Patchset:
    """All hooks of an overlay"""

    def __init__(self, overlay):
        self.dir = os.path.join(overlay, 'patches')
        self.variants = {}
        for folder, _, files in sorted(os.walk(self.dir)):
            for name in files:
                if name.endswith('.patch'):
                    self.variants.setdefault(name, []).append(
                        Hook(os.path.join(folder, name)))
        with open(os.path.join(self.dir, 'moved'), encoding='utf-8') as file:
            self.moved = dict(line.split() for line in file
                              if line.strip() and not line.startswith('#'))

    def names(self):
        """Names of all patches, in the order in which they are applied"""
        return sorted(self.variants)

    def fit(self, files, name):
        """Apply the variant that fits, or what fits of the last one: (hunk, old line
        numbers) of each hunk, with None where its lines are not there

        @files: gives the Text of a path
        """
        for hook in self.variants[name]:
            done = []
            kept = {hunk.path: list(files(hunk.path).lines) for hunk in hook.hunks}
            for hunk in hook.hunks:
                text = files(hunk.path)
                at = text.find(hunk, hunk.start)
                done.append((hunk, None if at is None else text.apply(hunk, at)))
            if all(numbers is not None for _, numbers in done):
                break
            if hook is not self.variants[name][-1]:
                for path, lines in kept.items():
                    files(path).lines = lines
        return done
