#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""guides.py [NAME...] - do what README and the guides tell a reader to do, and see what
they show; NAME: of these alone

In the literal blocks of a section "$ " starts a command for a shell and "=> " one
for U-Boot's prompt; what follows must be said, in this order. "..." stands for
anything, and so does a check value, which is another one on each board. A block
that is introduced by "This is ``FILE``::" is that file. A shell's command that
starts the board is followed by a prompt, and so is "reset", unless SPL finds nothing
to load. Files go to build/guides, not build/try; with NAMEs to
build/guides-NAME, of the first.

Prints a line for each section of WALKS, and what differed.
"""

import os
import re
import shutil
import subprocess
import sys

from console import READY, Console, ConsoleError
from documents import TOP, read, section

WALKS = [
    ('README.md', ['First success']),
    ('doc/usage/rpmb/bring-up.rst', ['Start the board', 'Look, and change nothing',
                                     'Program a key', 'Test the device',
                                     'Store a block',
                                     'A key that comes from elsewhere',
                                     'If something fails',
                                     'A closed board']),
    ('doc/usage/rpmb/rollback.rst', ['Make a control FDT with the policy',
                                     'Make two releases',
                                     'Start, commit, refuse']),
    ('doc/usage/rpmb/rollback-commit.rst', ['See a closed board commit']),
    ('doc/usage/rpmb/rollback-avb.rst', ['First success']),
    ('doc/usage/rpmb/factory.rst', ['A first board']),
    ('doc/develop/rpmb/spl.rst', ['First success']),
]
NOTHING = rb'SPL: failed to boot from all boot devices'
PLACE = '-'.join(['build/guides', *sys.argv[1:2]])
BOARD = 'scripts/board'
RUN = f'{BOARD} {PLACE}/run -serial mon:stdio'


def part(path, title):
    """Return: a section of a document, Markdown's blocks as in reStructuredText"""
    if path.endswith('.md'):
        text = re.search(rf'^## {title}\n(.*?)^## ', read(path), re.M | re.S)[1]
        return re.sub(r'(\S)\n\n(?= {4}\$)', r'\1::\n\n', text)
    return section(read(path), title)


def blocks(text):
    """Yield: (what stands before it, text) of each literal block"""
    for before, block in re.findall(r'([^\n]*)::\n\n((?: {4}[^\n]*\n|\n)+)', text):
        yield before, re.sub(r'^ {4}', '', block, flags=re.M)


def steps(block):
    """Yield: (prompt, command, lines that it says)"""
    for prompt, rest in re.findall(r'^(\$|=>) (.*(?:\n(?!\$ |=> ).*)*)', block, re.M):
        lines = rest.rstrip().split('\n')
        command = [lines.pop(0)]
        while lines and (command[-1].endswith('\\') or
                         '\n'.join(command).count("'") % 2):
            command.append(lines.pop(0))
        yield prompt, '\n'.join(command), [line for line in lines if line.strip()]


def pattern(line):
    """Return: a pattern of what a line of a guide stands for"""
    words = re.escape(' '.join(line.split()))
    words = words.replace(r'\.\.\.', '.*?')
    return re.sub(r'(check\\ value\\ |kcv=)[0-9a-f]{16}', r'\1[0-9a-f]{16}', words)


class Walk:
    """One walk: the shell's variables, and the board if it runs"""

    def __init__(self):
        shutil.rmtree(os.path.join(TOP, PLACE), ignore_errors=True)
        self.before = []
        self.board = None
        self.did = 0

    def close(self):
        """Switch the board off"""
        if self.board:
            self.board.close()
        self.board = None

    def shell(self, command):
        """Run a shell's command. Return: what it said"""
        if command.startswith('make run'):
            command = RUN
        if re.match(r'(?:export )?\w+=\S*$|(?:export )?\w+="[^"]*"$', command):
            self.before.append(command)
            return ''
        script = '\n'.join([*self.before, command])
        if re.match(rf'(?:{BOARD}|\$board)(?:\s|$)', command):
            self.close()
            self.board = Console(['bash', '-c', f'cd {TOP}\n{script}'])
            return self.board.banner
        if command.startswith('make '):     # built before the tests are run
            return ''
        self.close()
        return subprocess.run(['bash', '-ec', script], cwd=TOP, text=True, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout

    def prompt(self, command):
        """Run a command of U-Boot's. Return: what it said"""
        if command == 'reset':
            said = self.board.start(command, READY + b'|' + NOTHING)
            return said + self.board.matched
        return self.board.run(command)[0]

    def step(self, prompt, command, says):
        """Do a step. Return: what is missing, or None"""
        self.did += 1
        said = self.shell(command) if prompt == '$' else self.prompt(command)
        wanted = '.*'.join(map(pattern, says))
        if not re.search(wanted, ' '.join(said.split())):
            return f'{command}\n  was to say:\n{chr(10).join(says)}\n  said:\n{said}'
        return None

    def section(self, text):
        """Do all of a section. Return: what was missing"""
        for before, block in blocks(text):
            block = block.replace('build/try', PLACE)
            if file := re.fullmatch(r'This is ``build/try/([\w.]+)``', before):
                with open(os.path.join(TOP, PLACE, file[1]), 'w',
                          encoding='ascii') as out:
                    out.write(block)
                continue
            for step in steps(block):
                if missing := self.step(*step):
                    return missing
        return None


def main():
    """Go the walks"""
    names = [os.path.splitext(os.path.basename(path))[0] for path, _ in WALKS]
    if wrong := set(sys.argv[1:]) - set(names):
        sys.exit(f'no such walk: {" ".join(wrong)}; there are: {" ".join(names)}')
    for path, titles in WALKS:
        name = os.path.splitext(os.path.basename(path))[0]
        if name not in (sys.argv[1:] or [name]):
            continue
        walk = Walk()
        missing = None
        try:
            for title in titles:
                before = walk.did
                missing = missing or walk.section(part(path, title))
                if walk.did == before and not missing:
                    missing = f'"{title}" has no step'
        except (ConsoleError, subprocess.CalledProcessError) as error:
            missing = f'{error}\n{getattr(error, "stdout", "")}'
        finally:
            walk.close()
        if missing:
            print(re.sub(r'^', '| ', missing, flags=re.M))
        print(f'{"not ok" if missing else "ok"} guides {path}')


if __name__ == '__main__':
    sys.exit(main())
