#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""series.py TREE - the overlay as a series of commits, for `git am`

TREE is a staged U-Boot tree (scripts/stage.sh): its release says which hooks are
needed. build/series/RELEASE becomes a directory with a patch for each commit of
patches/series and a cover letter, for the release as it was before staging. The
author is git's user.name and user.email.

A commit has the files, options and hooks that patches/series gives it, and all
before it. Of Makefiles, Kconfig files and configurations it has the lines whose
objects and options are there: see series_lines.py.
"""

import fnmatch
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import series_lines  # noqa: E402

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SPLIT = '0001-hooks'     # the hook of which each commit takes its lines
MAINTAINERS = 'MAINTAINERS'


class Commit:
    """What stands in patches/series below one [commit]"""

    def __init__(self, text):
        head, _, self.body = text.partition('\n\n')
        self.values = {'Subject': [], 'Files': [], 'Options': [], 'Hooks': []}
        for line in head.strip().splitlines():
            name, _, value = line.partition(': ')
            if name not in self.values:
                sys.exit(f"patches/series: what is '{name}'?")
            self.values[name] += [value] if name == 'Subject' else value.split()
        self.globs = [re.compile(translate(name))
                      for name in self.values['Files']]
        self.files, self.options, self.hooks = set(), set(), set()

    def has_file(self, path):
        """Does this commit bring the file?"""
        return any(pattern.fullmatch(path) for pattern in self.globs)

    def has_option(self, name):
        """Does this commit bring the option?"""
        return any(fnmatch.fnmatchcase(name, pattern)
                   for pattern in self.values['Options'])

    def message(self, hooks):
        """Return: what git is told"""
        subject, body = ''.join(self.values['Subject']), self.body.strip()
        if not body:
            text = hooks[self.values['Hooks'][0]].partition('\ndiff ')[0]
            first, _, body = '\n'.join(
                line for line in text.splitlines() if not re.match(
                    'SPDX-License-Identifier: |Not-where: ',
                    line)).strip().partition('\n')
            subject = subject or first
        return f'{subject}\n\n{wrap(body)}\n'


def wrap(body):
    """Return: a message with lines as long as git's may be"""
    return '\n\n'.join(
        part if re.search(r'(?m)^(\s|[-*] |[A-Z][a-z-]+: )', part)
        else textwrap.fill(part, 72, break_long_words=False,
                           break_on_hyphens=False)
        for part in body.strip().split('\n\n'))


def translate(name):
    """Return: a regular expression for a glob whose '*' stays in a directory"""
    return re.escape(name).replace(r'\*', '[^/]*').replace(
        r'\[ch\]', '[ch]')


def commits():
    """Return: the commits of patches/series"""
    with open(os.path.join(TOP, 'patches', 'series'), encoding='utf-8') as file:
        text = '\n'.join(line for line in file.read().splitlines()
                         if not line.startswith('#'))
    return [Commit(part) for part in text.split('[commit]\n')[1:]]


def read(*path):
    """Return: a file's text"""
    with open(os.path.join(*path), encoding='utf-8') as file:
        return file.read()


def write(text, *path):
    """Write a file, and its directory where there is none"""
    path = os.path.join(*path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def give(things, chosen, what):
    """Give each thing its one commit. Return: errors"""
    bad = []
    for thing in things:
        found = [commit for commit in chosen if what(commit, thing)]
        if len(found) != 1:
            bad.append(f'{thing}: {len(found)} commits of patches/series '
                       'have it')
    return bad


class Series:
    """A staged tree, taken apart"""

    def __init__(self, tree):
        self.tree = tree
        memo = os.path.join(tree, '.rpmb-overlay')
        if not os.path.isdir(memo):
            sys.exit(f"{tree} is not staged; 'scripts/stage.sh {tree}' does it")
        self.files = read(memo, 'files').split()
        self.hooks = {os.path.basename(path)[:-len('.patch')]: read(path)
                      for path in sorted(glob.glob(memo + '/hooks/*.patch'))}
        self.hooked = sorted({path for text in self.hooks.values()
                              for path in re.findall(r'(?m)^\+\+\+ b/(\S+)',
                                                     text)})
        self.commits = [commit for commit in commits() if self.is_needed(commit)]
        self.check()

    def is_needed(self, commit):
        """Is it more than a hook that this release has no need of?"""
        return commit.values['Files'] or commit.values['Options'] or any(
            name in self.hooks for name in commit.values['Hooks'])

    def options(self):
        """Return: all options of ours"""
        return sorted({name for path in self.files
                       if series_lines.is_kconfig(path) for name in
                       series_lines.options(read(self.tree, path))})

    def check(self):
        """Has everything its place?"""
        bad = give(self.files, self.commits, Commit.has_file)
        bad += give(self.options(), self.commits, Commit.has_option)
        bad += give([name for name in self.hooks if name != SPLIT],
                    self.commits,
                    lambda commit, name: name in commit.values['Hooks'])
        if bad:
            sys.exit('\n'.join(bad))

    def pristine(self, place):
        """Make the hooked files as they are without any hook"""
        for path in self.hooked + [MAINTAINERS]:
            write(read(self.tree, path), place, path)
        for name in sorted(self.hooks, reverse=True):
            run('patch', '-d', place, '-p1', '-R', '-s', '-F0',
                '--no-backup-if-mismatch', text=self.hooks[name])

    def state(self, count, place, base):
        """Make all files as they are after that many commits"""
        have = series_lines.Have(self.tree, self.files)
        now = self.commits[:count]
        for path in self.files:
            if any(commit.has_file(path) for commit in now):
                have.files.add(path)
        have.options = {name for name in self.options()
                        if any(commit.has_option(name) for commit in now)}
        have.hooked = {name for commit in now
                       for name in commit.values['Hooks']}
        shutil.rmtree(place)
        shutil.copytree(base, place)
        for name in sorted(self.hooks):
            if name == SPLIT or name in have.hooked:
                run('patch', '-d', place, '-p1', '-s',
                    '--no-backup-if-mismatch',
                    text=have.hook(name, self.hooks[name]))
        for path in self.files:
            text = have.text(path, read(self.tree, path))
            if text:
                write(text, place, path)


def run(*argv, text=None, **how):
    """Run a program that must succeed. Return: what it printed"""
    done = subprocess.run(argv, input=text, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **how)
    if done.returncode:
        sys.exit(f'{" ".join(argv)}:\n{done.stdout}')
    return done.stdout


def release_of(tree):
    """Return: the name of a tree's release"""
    return run('make', '-s', '-C', tree, 'ubootversion').strip()


def place_of(tree):
    """Return: the directory that a tree's series is in"""
    return os.path.join(TOP, 'build', 'series', release_of(tree))


def entry(files):
    """Return: our entry in MAINTAINERS"""
    who = run('git', 'var', 'GIT_AUTHOR_IDENT').rpartition('>')[0] + '>'
    places = sorted({re.sub(r'/rpmb[-_.][^/]*$', '/rpmb[-_.]*', path)
                     if not re.search(r'/rpmb/|test/model', path)
                     else re.sub(r'(/rpmb/|test/model/).*', r'\1', path)
                     for path in files})
    return f'RPMB\nM:\t{who}\nS:\tMaintained\n' + ''.join(
        f'F:\t{place}\n' for place in places) + '\n'


def maintain(place, files):
    """Put our entry where the alphabet has it"""
    text = read(place, MAINTAINERS)
    start = text.index('-----------------------------------', text.index(
        'Maintainers List'))
    for match in re.compile(r'(?m)^\n([A-Z0-9][^\n]*)\n[MSLRWQF]:').finditer(
            text, start):
        if match[1] > 'RPMB':
            at = match.start() + 1
            break
    write(text[:at] + entry(files) + text[at:], place, MAINTAINERS)


def cover(place, out, release, series):
    """Write the cover letter over the empty one"""
    path, = glob.glob(os.path.join(out, '0000-*'))
    text = read(path)
    text = text.replace('*** SUBJECT HERE ***', 'Replay Protected Memory Blocks'
                        ' for boot firmware')
    blurb = read(TOP, 'patches', 'cover').partition('\n\n')[2]
    text = text.replace('*** BLURB HERE ***', wrap(blurb.replace(
        '@RELEASE@', release)))
    write(text, path)


def commit_all(git, series, base):
    """Make the commits, in the repository that git works in"""
    place = git[git.index('-C') + 1]
    for count, commit in enumerate(series.commits, 1):
        with tempfile.TemporaryDirectory() as new:
            series.state(count, new, base)
            if any(path.startswith('drivers/rpmb/rpmb-uclass')
                   for path in files_of(new)):
                maintain(new, series.files)
            for path in files_of(place):
                os.unlink(os.path.join(place, path))
            shutil.copytree(new, place, dirs_exist_ok=True)
        run(*git, 'add', '-A')
        run(*git, 'commit', '-q', '-s', '-F', '-',
            text=commit.message(series.hooks))


def files_of(place):
    """Return: all files below a directory, git's own excepted"""
    found = []
    for path, dirs, names in os.walk(place):
        if '.git' in dirs:
            dirs.remove('.git')
        found += [os.path.relpath(os.path.join(path, name), place)
                  for name in names]
    return found


def main():
    """Make the series of a tree"""
    if len(sys.argv) != 2:
        sys.exit(__doc__.partition('\n')[0])
    tree = sys.argv[1]
    series, release, out = Series(tree), release_of(tree), place_of(tree)
    os.makedirs(out, exist_ok=True)
    for path in glob.glob(os.path.join(out, '*.patch')):
        os.unlink(path)
    with tempfile.TemporaryDirectory() as work:
        base, place = os.path.join(work, 'base'), os.path.join(work, 'git')
        series.pristine(base)
        shutil.copytree(base, place)
        git = ['git', '-C', place]
        run(*git, 'init', '-q', '-b', 'rpmb')
        run(*git, 'add', '-A')
        run(*git, 'commit', '-q', '-m', release)
        commit_all(git, series, base)
        run(*git, 'format-patch', '-q', '--cover-letter', '--no-signature',
            '-o', out, f'HEAD~{len(series.commits)}')
        cover(place, out, release, series)
    print(f'{out}: {len(series.commits)} commits for U-Boot {release}')


if __name__ == '__main__':
    main()
