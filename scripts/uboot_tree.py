# SPDX-License-Identifier: GPL-2.0-or-later
"""A U-Boot tree as upstream made it, whether the overlay is in it or not"""

import glob
import os
import re
import shutil
import subprocess
import tempfile

from patchset import Text, line_hash

FUNCTION = re.compile(r'[A-Za-z_][^;]*?\b(\w+)\(|(?:menu)?config (\w+)')


class Tree:
    """Files of a tree; what the overlay put there is not seen"""

    def __init__(self, path, hooks):
        self.path = os.path.abspath(path)
        self.hooks = hooks
        self.texts = {}
        self.memo = os.path.join(self.path, '.rpmb-overlay')
        self.clean = tempfile.TemporaryDirectory()
        self.ours = set()
        if os.path.isdir(self.memo):
            with open(os.path.join(self.memo, 'files'), encoding='utf-8') as file:
                self.ours = set(file.read().split())
            self.take_off()

    def take_off(self):
        """Copies of what was hooked, without the hooks"""
        patches = sorted(glob.glob(os.path.join(self.memo, 'hooks', '*.patch')))
        for patch in patches:
            with open(patch, encoding='utf-8') as file:
                for name in re.findall(r'^\+\+\+ b/(\S+)', file.read(), re.M):
                    to = os.path.join(self.clean.name, name)
                    os.makedirs(os.path.dirname(to), exist_ok=True)
                    shutil.copy(os.path.join(self.path, name), to)
        for patch in reversed(patches):
            subprocess.run(['patch', '-d', self.clean.name, '-p1', '-F0', '-R',
                            '-f', '-s', '--no-backup-if-mismatch', '-i', patch],
                           check=False, stdout=subprocess.DEVNULL)

    def real(self, path):
        """Where a file is, under the name that it has in this tree"""
        older = self.hooks.moved.get(path)
        if older and os.path.exists(os.path.join(self.path, older)):
            path = older
        clean = os.path.join(self.clean.name, path)
        return clean if os.path.exists(clean) else os.path.join(self.path, path)

    def lines(self, path):
        """Lines of a file; none where it is not there"""
        if path in self.ours:
            return []
        try:
            with open(self.real(path), encoding='utf-8', errors='replace') as file:
                return file.read().split('\n')[:-1]
        except OSError:
            return []

    def text(self, path):
        """A file that hooks can be tried on"""
        if path not in self.texts:
            self.texts[path] = Text([(line_hash(line), number) for number, line
                                     in enumerate(self.lines(path), 1)])
        return self.texts[path]

    def function(self, path, number):
        """Name of the function, or of the option, that a line is in"""
        for line in reversed(self.lines(path)[:number]):
            if match := FUNCTION.match(line):
                return match.group(1) or match.group(2)
        return '-'

    def reason(self, name):
        """What in the tree says that it needs no hook of this name, or None"""
        for hook in self.hooks.variants[name]:
            for path, text in hook.unneeded:
                if any(text in line for line in self.lines(path)):
                    return f"{path} has '{text}'"
        return None
