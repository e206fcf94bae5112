#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""series_check.py TREE [none|first|middle|last|all|N]... - try a series

TREE is the staged U-Boot tree that a series was made from by series.py. `git am`
has to take all of it on that release, the result has to be what staging makes of
it, and U-Boot's checkpatch must have nothing to say that scripts/checkpatch.exempt
does not argue. Then the commits that are named (default: all) are built for sandbox,
one by one: without a warning, and with the tests that they have. What was good is
remembered in build/series/RELEASE/good, by the git tree of a commit: after a stop,
or a change of a later commit, it is not built again.

Prints a line "ok series WHAT" or "not ok series WHAT" for each of these.
"""

import glob
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import series as made  # noqa: E402

TOP = made.TOP
ASKED = {'none': lambda n: [], 'first': lambda n: [1],
         'middle': lambda n: [(n + 1) // 2],
         'last': lambda n: [n], 'all': lambda n: list(range(1, n + 1))}
# The history in which a commit could be looked up is not here; MAINTAINERS has an
# entry for all of the files
NOT_HERE = re.compile(r':(UNKNOWN_COMMIT_ID|FILE_PATH_CHANGES):')


def sh(*argv, **how):
    """Run a program. Return: its exit status, and what it printed"""
    done = subprocess.run(argv, text=True, check=False, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          errors='replace', **how)
    return done.returncode, done.stdout


class Check:
    """A series, and a repository to try it in. What it tries returns what is wrong

    A quick one builds U-Boot's own tests only with commits that have some of ours."""

    def __init__(self, tree, quick=False):
        self.quick = quick
        patches = made.place_of(tree)
        self.series = made.Series(tree)
        self.tree = os.path.abspath(tree)
        self.patches = sorted(glob.glob(os.path.join(patches, '0*.patch')))[1:]
        self.place = os.path.join(patches, 'tree')
        self.out = os.path.join(patches, 'sandbox')
        self.good = os.path.join(patches, 'good')

    def git(self, *argv):
        """Run git in the repository"""
        status, said = sh('git', '-C', self.place, *argv)
        return said or f'git: exit status {status}' if status else ''

    def unstage(self):
        """Make the repository: the release as it was"""
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.tree, self.place, symlinks=True,
                        ignore=shutil.ignore_patterns('.git', '.rpmb-overlay'))
        for path in self.series.files:
            os.unlink(os.path.join(self.place, path))
        self.series.pristine(self.place)
        return (self.git('init', '-q', '-b', 'rpmb') or
                self.git('add', '-A', '-f') or
                self.git('commit', '-q', '-m', 'the release'))

    def apply(self):
        """Have git take all patches, none of which may leave blanks at a line's end"""
        return self.git('am', '-q', '--whitespace=error', *self.patches)

    def staging(self):
        """Does it end where staging ends?"""
        wrong = []
        for path in self.series.files + self.series.hooked:
            try:
                same = made.read(self.place, path) == made.read(self.tree, path)
            except FileNotFoundError:
                same = False
            if not same:
                wrong += [path, sh('diff', '-u', os.path.join(self.tree, path),
                                   os.path.join(self.place, path))[1]]
        return '\n'.join(wrong)

    def checkpatch(self, path):
        """Has U-Boot's checkpatch anything to say?"""
        exempt = [re.compile(line) for line in made.read(
            TOP, 'scripts', 'checkpatch.exempt').splitlines()
            if line and line[0] != '#']
        _, said = sh('./scripts/checkpatch.pl', '--terse', '--no-summary',
                     '--show-types', '--showfile', path, cwd=self.place)
        return '\n'.join(
            line for line in said.splitlines()
            if re.search(r':\d+: (WARNING|ERROR|CHECK):', line)
            and not NOT_HERE.search(line)
            and not any(one.search(line) for one in exempt))

    def late_headers(self, number):
        """Headers that a file of a commit includes, and that a later one brings"""
        rev = f'rpmb~{len(self.patches) - number}'
        there = set(made.run('git', '-C', self.place, 'ls-tree', '-r',
                             '--name-only', rev).split('\n'))
        code = [path for path in self.series.files
                if path in there and path.endswith(('.c', '.h'))]
        late = set(self.series.files) - there
        if not code or not late:
            return ''
        said = sh('git', '-C', self.place, 'grep', '-E', '^#include [<"]', rev, '--',
                  *code)[1]
        found = re.findall(r'(?m)^[^:]+:([^:]+):#include ([<"])([^>"]+)', said)
        return '\n'.join(
            f'{path} includes {name}' for path, quote, name in found
            if late & {os.path.normpath(os.path.join(place, name)) for place in
                       ('include', 'arch/sandbox/include',
                        *[os.path.dirname(path)] * (quote == '"'))})

    def tree_of(self, number):
        """Return: git's name for all files as they are after a commit"""
        return made.run('git', '-C', self.place, 'rev-parse',
                        f'rpmb~{len(self.patches) - number}^{{tree}}').strip()

    def known(self, number):
        """Return: what was good of a commit, in words; nothing if it is not known"""
        if not os.path.exists(self.good):
            return []
        lines = [line.partition(' ') for line in
                 made.read(self.good).splitlines()]
        tree = self.tree_of(number)
        return [what for name, _, what in lines if name == tree]

    def remember(self, number, good):
        """Note what was good of a commit"""
        tree = self.tree_of(number)
        with open(self.good, 'a', encoding='utf-8') as file:
            file.writelines(f'{tree} {what}\n' for what in good)

    def plant(self):
        """Begin with what the suites of sandbox have built of the same tree, if they
        have: make compiles what a commit has otherwise. Not if that brought warnings:
        what is not compiled again does not repeat them"""
        seed = os.path.join(TOP, 'build', 'sandbox')
        warnings = os.path.join(seed, 'warnings')
        if os.path.exists(self.out) or not os.path.exists(warnings) or \
                os.path.getsize(warnings):
            return
        # a test may be running there: what goes away now is made anew
        sh('cp', '-a', seed, self.out)
        for path in glob.glob(os.path.join(self.out, '**', '.*.cmd'),
                              recursive=True, include_hidden=True):
            text = made.read(path)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text.replace(self.tree + '/', self.place + '/'))
        self.date()

    def date(self):
        """Date files that are those of the tree as they are there, for make. Only
        before anything is built here: later an object may be of another commit, and
        younger than the file that make has to compile"""
        for path in self.series.files + self.series.hooked:
            staged, here = (os.path.join(top, path)
                            for top in (self.tree, self.place))
            if os.path.exists(here) and made.read(here) == made.read(staged):
                shutil.copystat(staged, here)

    def configure(self):
        """Configure sandbox as the commit has it"""
        name = 'rpmb_sandbox_defconfig'
        if not os.path.exists(os.path.join(self.place, 'configs', name)):
            name = 'sandbox_defconfig'
        status, said = self.make(name)
        if status:
            return status, said
        with open(os.path.join(self.out, '.config'), 'a',
                  encoding='ascii') as file:
            if self.quick and not (self.has_tests('lib') or self.has_tests('dm')):
                # U-Boot's command "upl" does not link without the tests
                file.write('# CONFIG_UNIT_TEST is not set\n'
                           '# CONFIG_CMD_UPL is not set\n')
            file.write('# CONFIG_EFI_CAPSULE_AUTHENTICATE is not set\n'
                       '# CONFIG_LTO is not set\nCONFIG_MBEDTLS_LIB=y\n'
                       '# CONFIG_UTHREAD is not set\n'
                       'CONFIG_RPMB=y\n')
        return self.make('olddefconfig')

    def make(self, *what):
        """Run make for sandbox"""
        return sh(os.path.join(TOP, 'scripts', 'umake'), self.place, self.out,
                  f'-j{os.cpu_count()}', *what,
                  env={**os.environ, 'CROSS_COMPILE': ''})

    def build(self, number):
        """Build one commit"""
        wrong = self.git('checkout', '-q',
                         f'rpmb~{len(self.patches) - number}')
        if wrong:
            return wrong
        self.plant()
        status, said = self.configure()
        if not status:
            status, said = self.make('-s')
        wrong = [line for line in said.splitlines() if re.search(
            r'warning:|error:|undefined reference|\*\*\*', line)
            and 'reassigning' not in line]
        return '\n'.join(wrong[:20]) or (said[-3000:] if status else '')

    def has_tests(self, suite):
        """Has the commit tests of ours in a suite?"""
        return os.path.exists(os.path.join(self.place, 'test', suite, 'rpmb.c'))

    def test(self, suite):
        """Run the tests of ours of a suite, if the commit has them"""
        if not self.has_tests(suite):
            return '', 0
        status, said = sh('./u-boot', '-T', '-c',
                          f'ut {suite} {suite}_test_rpmb*', cwd=self.out)
        ran = len(re.findall(r'(?m)^Test: ', said))
        good = re.search(r'[Ff]ailures: 0\s*$', said.strip())
        wrong = re.sub(r'(?m)^Test: .*\n', '', said)[-3000:]
        return '' if good and ran and not status else \
            f'{wrong}\nexit status {status}, {ran} tests', ran


def say(what, wrong):
    """Print one result, and what is wrong. Return: whether something is"""
    print(*([wrong] if wrong else []),
          f'{"not ok" if wrong else "ok"} series {what}', sep='\n', flush=True)
    return bool(wrong)


def try_commit(check, number):
    """Build a commit and run its tests. Return: how many things are wrong"""
    name = os.path.basename(check.patches[number - 1])[:4]
    if good := check.known(number):
        for what in good:
            say(f'{what}, as before', '')
        return 0
    good = [f'builds {name}']
    bad = say(good[0], check.build(number))
    for suite in () if bad else ('lib', 'dm'):
        wrong, ran = check.test(suite)
        if wrong or ran:
            good.append(f'passes {name} ({suite}: {ran} tests)')
            bad += say(good[-1], wrong)
    if not bad:
        check.remember(number, good)
    return bad


def numbers_of(words, count):
    """Return: the numbers of the commits that words ask for"""
    return sorted({number for word in words or ['all'] for number in
                   (ASKED[word](count) if word in ASKED else [int(word)])})


def main():
    """Try what was named"""
    if len(sys.argv) < 2:
        sys.exit(__doc__.partition('\n')[0])
    check = Check(sys.argv[1])
    bad = say('has a release to start from', check.unstage())
    bad = bad or say('is taken by git am', check.apply())
    if bad:
        sys.exit(1)
    bad += say('ends where staging ends', check.staging())
    for path in check.patches:
        bad += say('checkpatch ' + os.path.basename(path)[:4],
                   check.checkpatch(path))
    for number in numbers_of(sys.argv[2:], len(check.patches)):
        bad += try_commit(check, number)
    sys.exit(1 if bad else 0)


if __name__ == '__main__':
    main()
