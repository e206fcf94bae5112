# SPDX-License-Identifier: GPL-2.0-or-later
"""Which lines of a file a commit has, by the objects and options that it has

Makefiles, Kconfig files and configurations grow with each commit of the series:
an object is built when its source is there, an option is asked for when it is
there itself.
"""

import os
import re


def is_kconfig(path):
    """Is this a Kconfig file?"""
    return os.path.basename(path).startswith('Kconfig')


def is_config(path):
    """Is this a configuration, or a fragment of one?"""
    return path.startswith('configs/')


def options(text):
    """Return: the names of all options in a Kconfig file"""
    return re.findall(r'(?m)^(?:menu)?config (\w+)', text)


def source(folder, name):
    """Return: what an object, or a folder of them, is made from"""
    name = name + 'Makefile' if name.endswith('/') else re.sub(
        r'\.o$', '.c', name)
    return os.path.normpath(os.path.join(folder, name))


def is_among(path, files):
    """Is it one of the files, or a folder of them?"""
    return path in files or any(name.startswith(path + '/') for name in files)


class Have:
    """What a commit has, and what of a file it has therefore"""

    def __init__(self, tree, ours):
        self.tree = tree
        self.ours = set(ours)
        self.every = {name for path in ours if is_kconfig(path)
                      for name in options(self._read(path))}
        self.files, self.options, self.hooked = set(), set(), set()

    def _read(self, path):
        with open(os.path.join(self.tree, path), encoding='utf-8') as file:
            return file.read()

    def is_ours(self, path):
        """Is it a file of ours, or a folder that has some?"""
        return is_among(path, self.ours)

    def is_there(self, path):
        """Is it of this commit, or of U-Boot's own?"""
        return not self.is_ours(path) or is_among(path, self.files)

    def text(self, path, text):
        """Return: what the commit has of a file of ours; None without it"""
        if path not in self.files:
            return None
        if is_kconfig(path):
            return self.kconfig(text)
        if is_config(path):
            return self.config(text)
        if os.path.basename(path).startswith('Makefile') and \
                not path.endswith('.host'):
            return self.makefile(os.path.dirname(path), text)
        return text

    def is_later(self, name):
        """Is it an option of ours that is not there yet?"""
        return name in self.every and name not in self.options

    def config(self, text):
        """Lines of options that are there"""
        return ''.join(line for line in text.splitlines(True)
                       if not any(self.is_later(name) for name in
                                  re.findall(r'\bCONFIG_(\w+)', line)))

    def kconfig(self, text):
        """Blocks of options that are there, and what else they may name"""
        kept, comment, good = [], [], True
        for line in text.splitlines(True):
            match = re.match(r'(?:menu)?config (\w+)', line)
            if match or re.match(r'(if|endif|menu|endmenu|source)\b', line):
                good = not match or not self.is_later(match[1])
                kept += comment if good else []
                comment = []
            elif line.startswith('#'):
                comment.append(line)
                continue
            if good and not self._names_later(line):
                kept += comment + [line]
                comment = []
        return self._without_empty(''.join(kept + comment))

    def _names_later(self, line):
        match = re.match(r'\t(?:select|imply) (\w+)', line)
        return match and self.is_later(match[1])

    def _without_empty(self, text):
        """Take out what surrounds nothing"""
        before = None
        while before != text:
            before = text
            text = re.sub(r'(?m)^(#[^\n]*\n)*(if [^\n]*\n\n*endif[^\n]*\n'
                          r'|menu [^\n]*\n\n*endmenu[^\n]*\n)\n*', '', text)
        return text.rstrip('\n') + '\n'

    def makefile(self, folder, text):
        """Lines whose objects are there"""
        text = ''.join(self._objects(folder, line) for line in
                       re.findall(r'(?:.*\\\n)*.*\n', text))
        before = None
        while before != text:
            before = text
            text = re.sub(r'(?m)^if(n?def|n?eq)[^\n]*\nendif\n', '', text)
        return re.sub(r'\n\n\n+', '\n\n', text)

    def _objects(self, folder, line):
        flat = re.sub(r'\s*\\\n\s*', ' ', line)
        match = re.match(r'(obj-[^=]*\+?= ?)(.*)$', flat)
        if not match:
            include = re.match(r'include \$\(srctree\)/(\S+)', line)
            return '' if include and not self.is_there(include[1]) else line
        good = [name for name in match[2].split()
                if self.is_there(source(folder, name))]
        ours = [name for name in good if self.is_ours(source(folder, name))]
        if good == match[2].split() and ours:
            return line
        return wrap(match[1], good) if ours else ''

    def hook(self, name, text):
        """Return: what a patch does in this commit"""
        if name in self.hooked:
            return text
        head, *parts = re.split(r'(?m)^(?=diff --git )', text)
        return head + ''.join(self._part(name, part) for part in parts)

    def _part(self, name, part):
        path = re.search(r'(?m)^\+\+\+ b/(\S+)', part)[1]
        if f'{name}:{path}' in self.hooked:
            return part
        if not re.search(r'(^|/)(Makefile|Kconfig)$', path):
            return ''
        return recount(self._lines(os.path.dirname(path), part))

    def _lines(self, folder, part):
        """The lines that the patch adds, as far as they are of this commit"""
        kept = []
        for line in part.splitlines(True):
            if not line.startswith('+') or line.startswith('+++'):
                kept.append(line)
                continue
            source = re.match(r'\+source "(.*)"', line)
            if source:
                good = self.is_there(source[1])
                kept.append(line if good else '+\n')
                continue
            new = self._objects(folder, line[1:])
            kept += ['+' + one for one in new.splitlines(True)]
        text = ''.join(kept)
        text = re.sub(r'(?m)^\+\n\+\n', '', text)
        for _ in range(3):
            text = re.sub(r'(?m)^\+if[^\n]*\n\+endif\n', '', text)
        return text


def wrap(head, names):
    """Return: a line of a Makefile, broken where it gets too long"""
    lines = [head + names[0]]
    for name in names[1:]:
        if len(lines[-1]) + len(name) > 76:
            lines[-1] += ' \\'
            lines.append('\t' + name)
        else:
            lines[-1] += ' ' + name
    return '\n'.join(lines) + '\n'


def recount(part):
    """Return: a part of a patch with the right numbers; '' if it adds nothing"""
    head, *hunks = re.split(r'(?m)^(?=@@ )', part)
    good = []
    for hunk in hunks:
        first, _, body = hunk.partition('\n')
        lines = body.splitlines()
        if not any(line.startswith(('+', '-')) for line in lines):
            continue
        old = sum(not line.startswith('+') for line in lines)
        new = sum(not line.startswith('-') for line in lines)
        start = re.match(r'@@ -(\d+)', first)[1]
        good.append(f'@@ -{start},{old} +{start},{new} @@\n{body}')
    return head + ''.join(good) if good else ''
