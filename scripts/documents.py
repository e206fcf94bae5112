# SPDX-License-Identifier: GPL-2.0-or-later
"""Documents of ours in reStructuredText: as much of it as the checks need

Headings, list-tables, labels, references and literal blocks. Sphinx is the judge
of all the rest: `make htmldocs`.
"""

import glob
import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LITERAL = re.compile(r'\s*\.\. (?:code-block|kernel-render|prompt)::|.*::$')
HEADING = re.compile(r'^(?:(\d[\d.]*?)\.? )?(.+)\n([=\-~^])\3{2,}$', re.M)


def read(path):
    """Return: the text of a file of ours"""
    with open(os.path.join(TOP, path), encoding='utf-8') as file:
        return file.read()


def documents():
    """Return: paths of all documents, in order"""
    return sorted(os.path.relpath(path, TOP) for path in
                  glob.glob(os.path.join(TOP, 'doc/**/*.rst'), recursive=True))


def headings(text):
    """Return: (number or '', title) of each section"""
    return [(number, title) for number, title, _ in HEADING.findall(text)]


def section(text, wanted):
    """Return: what stands below the heading of this title, up to the next"""
    found = list(HEADING.finditer(text))
    for heading, end in zip(found, [*(it.start() for it in found[1:]), len(text)]):
        if heading[2] == wanted:
            return text[heading.end():end]
    raise KeyError(wanted)


def rows(text):
    """Return: the rows of all list-tables, each a list of cells"""
    table = []
    for line in text.split('\n'):
        if match := re.match(r' +\* -(?: (.*))?$', line):
            table.append([match[1] or ''])
        elif table and (match := re.match(r'     +-(?: (.*))?$', line)):
            table[-1].append(match[1] or '')
        elif table and re.match(r'       +\S', line):
            table[-1][-1] += ' ' + line.strip()
    return table


def prose(text):
    """Yield: (number, line) of what is no literal block"""
    inside = None
    for number, line in enumerate(text.split('\n'), 1):
        indent = len(line) - len(line.lstrip())
        if inside is not None and line.strip() and indent <= inside:
            inside = None
        if inside is None:
            yield number, line
            if LITERAL.match(line):
                inside = indent
