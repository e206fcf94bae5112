# SPDX-License-Identifier: GPL-2.0-or-later
"""What the overlay takes from U-Boot besides the places of its hooks

Functions and macros that its C sources call, headers that they include, options
that its Kconfig files and fragments name. Declarations are compared by hash.
"""

import os
import re

from patchset import line_hash

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = ('arch', 'board', 'boot', 'cmd', 'configs', 'doc', 'drivers', 'include', 'lib',
        'test/dm', 'test/lib', 'test/model')
HEADERS = ('include', 'arch', 'lib/mbedtls', 'lib/libavb', 'scripts/dtc/libfdt',
           'drivers/mmc', 'drivers/ufs', 'drivers/tee')

NO_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\])+\'',
                     re.S)
CALL = re.compile(r'(?<![\w.>])([a-z_]\w*)\s*\(')
DEFINED = re.compile(r'^(?:#define\s+|[A-Za-z_][\w \t*]*?[ \t*])(\w+)\(', re.M)
LOCAL = re.compile(r'\(\*\s*(?:const\s+)?(\w+)(?:\[\w*\])?\s*\)\s*\(')
DECLARED = re.compile(r'^[A-Za-z_][\w \t\n*]*?\b(\w+)\s*\(((?:[^()]|\([^()]*\))*)\)',
                      re.M)
# A name of ours that is given to what U-Boot has is still called by its own
MACRO = re.compile(r'^[ \t]*#[ \t]*define[ \t]+(\w+)\b(?![ \t]+rpmb_\w+$)', re.M)
INCLUDE = re.compile(r'^#include <([\w/.-]+\.h)>', re.M)
OPTION = re.compile(r'^\s*(?:menu)?config (\w+)', re.M)
CLAUSE = re.compile(r'^\s*(?:depends on|select|imply|if|.*\bif)\s(.*)$', re.M)
ASKED = re.compile(r'^CONFIG_(\w+)=y', re.M)
HOST = re.compile(r'^#include <(?:sys/\w+|unistd|fcntl|poll|libgen)\.h>', re.M)
# What stands before a bracket and is no function: a type does before a pointer to one
KEYWORDS = {'if', 'for', 'while', 'switch', 'return', 'sizeof', 'defined',
            'bool', 'int', 'u32', 'void'}


def read(path):
    """A file's text"""
    with open(path, encoding='utf-8', errors='replace') as file:
        return file.read()


def walk(top, folders, wanted):
    """(path below top, text) of files"""
    for folder in folders:
        for where, _, files in os.walk(os.path.join(top, folder), followlinks=True):
            for name in sorted(files):
                if wanted(name):
                    path = os.path.join(where, name)
                    yield os.path.relpath(path, top), read(path)


class Needs:
    """What our sources need"""

    def __init__(self):
        self.own = set()
        self.calls, self.headers, paths = set(), set(), set()
        for path, text in walk(TOP, OURS, lambda name: name[-2:] in ('.c', '.h')):
            paths.add(path)
            if not HOST.search(text):
                self.read_source(text)
        for _, text in walk(TOP, ['patches'], lambda it: it.endswith('.patch')):
            self.own |= set(DEFINED.findall('\n'.join(
                re.findall(r'^\+(.*)', text, re.M))))
        self.calls -= self.own | KEYWORDS
        self.headers = {it for it in self.headers if f'include/{it}' not in paths}
        self.own_options, self.options = set(), set()
        for _, text in walk(TOP, OURS, self.is_kconfig):
            self.own_options |= set(OPTION.findall(text))
            for clause in CLAUSE.findall(text):
                self.options |= set(re.findall(r'\b[A-Z][A-Z0-9_]{2,}\b', clause))
        for _, text in walk(TOP, ['configs'], lambda it: it.endswith('.config')):
            self.options |= set(ASKED.findall(text))
        self.options -= self.own_options

    def read_source(self, text):
        """What a C source has, and what it needs"""
        self.headers |= set(INCLUDE.findall(text))
        text = NO_CODE.sub(' ', text)
        for own in (DEFINED, LOCAL, MACRO):
            self.own |= set(own.findall(text))
        self.calls |= {it for it in CALL.findall(text) if not it.startswith('__')}

    @staticmethod
    def is_kconfig(name):
        """Is this a Kconfig file?"""
        return name.startswith('Kconfig')


class Offers:
    """What a tree has of it

    @declared: {function or macro: {hashes of its declarations}}
    @headers, @options: what is there
    """

    def __init__(self, tree, needs):
        self.declared = {}
        paths = set()
        for path, text in walk(tree.path, HEADERS, lambda it: it.endswith('.h')):
            if path not in tree.ours:
                paths.add('/' + path)
                self.read_header(NO_CODE.sub(' ', text), needs.calls)
        self.headers = {it for it in needs.headers
                        if any(path.endswith('/' + it) for path in paths)}
        found = set(OPTION.findall(read(os.path.join(tree.path, 'Kconfig'))))
        for path, text in walk(tree.path, self.folders(tree), needs.is_kconfig):
            if path not in tree.ours:
                found |= set(OPTION.findall(text))
        self.options = found & needs.options

    @staticmethod
    def folders(tree):
        """Where a tree has Kconfig files"""
        return [it.name for it in os.scandir(tree.path)
                if it.is_dir() and not it.name.startswith('.')]

    def read_header(self, text, calls):
        """Remember what a header declares of what is called"""
        for name in set(MACRO.findall(text)) & calls:
            self.declared.setdefault(name, set()).add('macro')
        for match in DECLARED.finditer(text):
            if match.group(1) in calls:
                self.declared.setdefault(match.group(1), set()).add(
                    line_hash(' '.join(match.group(0).split())))
