#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Branches that the tests in sandbox take, of boot/rpmb, drivers/rpmb and cmd/rpmb*

    cov.py            build sandbox to count them, run the tests, say what they took
    cov.py --report   say it once more

What lib/rpmb comes to in the tests on the host is said first. A branch of boot/rpmb
or drivers/rpmb that was not taken is a failure, and so is a function that was not
called. A branch that nothing can take has a comment at the end of its line:

    if (ret) /* LCOV_EXCL_BR_LINE: why */

It stands on a line that was reached, and of which a branch was not taken. The first
line of a function that nothing can call has LCOV_EXCL_LINE instead.
"""

import collections
import glob
import json
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUT = os.path.join(TOP, 'build', 'cov')
JUDGED = 'boot/rpmb', 'drivers/rpmb'
TOLD = 'cmd'
MARK = re.compile(r'LCOV_EXCL_(?:BR_)?LINE(?:: (\w.*))?')

# What is built: name, what is laid on rpmb_sandbox_defconfig, tests that drive it,
# and suites of its own tests
BUILDS = {
    'sandbox': ([], ['test_fit.py', 'test_images.py', 'test_start.py',
                     'test_look.py', 'test_avb.py', 'test_signed.py'],
                ['dm', 'lib']),
    'locked': (['rpmb_locked.config', 'rpmb_best_match.config'],
               ['test_locked.py'], ['dm']),
    'unchecked': (['rpmb_unchecked.config'],
                  ['test_unchecked.py', '-k', 'RPMB_ROLLBACK_FIT'], []),
    'no_rollback': (['rpmb_no_rollback.config'],
                    ['test_unchecked.py', '-k', 'not RPMB_ROLLBACK_FIT'], []),
}

# Tests after which U-Boot has stopped
STOPS = {
    'sandbox': (('stops', 'dm', 'dm_test_rpmb_ratchet_stops_norun'),
                ('stops', 'dm', 'dm_test_rpmb_ratchet_fuse_stops_norun'),
                ('hookless', 'dm', 'dm_test_rpmb_ratchet_hookless_norun')),
    'locked': (('stops', 'dm', 'dm_test_rpmb_ratchet_stops_norun', 'scripts run'),),
}

# Branches of U-Boot's macros that constants decide, at most so many on a line: is this
# level of messages compiled in, how many bytes has this variable
CONSTANT = ((re.compile(r'\blog_(err|warning|debug)\('), 1),
            (re.compile(r'\bREAD_ONCE\('), 4))

# Tests that are about what the compiler makes of the code, and it is another here
OTHER_CODE = 'dm_test_rpmb_wipe_stack_left'

# Files of which sandbox has nothing, and why
ELSEWHERE = {
    'boot/rpmb/policy-short.c': 'SPL has it in place of words; it has no branches',
    'drivers/rpmb/rpmb-key-tree.c': 'it is a table, without functions',
}


def say(text):
    """Tell whoever waits"""
    print(f'== {text}', file=sys.stderr, flush=True)


def build():
    """Build each sandbox, with a compiler that counts

    On make's command line CC goes before what U-Boot's Makefile says; in the
    environment alone it would not.
    """
    compiler = os.path.join(TOP, 'scripts', 'cc-cov')
    for name, (fragments, _, _) in BUILDS.items():
        subprocess.run(
            [f'{TOP}/scripts/build', f'cov/{name}', 'rpmb_sandbox_defconfig',
             *fragments], check=True,
            env={**os.environ, 'MAKEFLAGS': f'CC={compiler}'})


def commands(name):
    """Yield: what is run in a sandbox, each as (title, arguments)"""
    _, driven, suites = BUILDS[name]
    for suite in suites:
        yield suite, [f'{TOP}/scripts/ut', f'cov/{name}', 'run', suite]
    for how in STOPS.get(name, ()):
        yield how[2], [f'{TOP}/scripts/ut', f'cov/{name}', *how]
    if name == 'sandbox':
        yield 'faults', [f'{TOP}/scripts/faults', '4', '400']
    yield driven[0], ['bash', '-c', '. "$0" && pytest "$@"',
                      f'{TOP}/scripts/common.sh',
                      *(f'test/sandbox/{word}' if word.endswith('.py') else word
                        for word in driven)]


def run(name):
    """Run the tests in a sandbox. Return: whether all were good"""
    good = True
    for path in glob.glob(f'{OUT}/{name}/**/*.gcda', recursive=True):
        os.unlink(path)
    for title, argv in commands(name):
        say(f'{name}: {title}')
        done = subprocess.run(argv, cwd=TOP, check=False, text=True,
                              errors='replace', stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT,
                              env={**os.environ, 'SANDBOX': f'{OUT}/{name}',
                                   'BUILD': OUT})
        with open(f'{OUT}/{name}-{title}.log', 'w', encoding='utf-8') as log:
            log.write(done.stdout)
        bad = [line for line in re.findall(r'^not ok .*$', done.stdout, re.M)
               if OTHER_CODE not in line]
        if done.returncode and 'not ok' not in done.stdout:
            bad = [f'not ok {title} (exit status {done.returncode})']
        print(*bad, sep='\n', end='\n' if bad else '', flush=True)
        good &= not bad
    return good


def place(path):
    """Return: the name of a file of ours, or None"""
    match = re.search(r'\b(?:(?:boot|drivers)/rpmb/[\w-]+|cmd/rpmb[\w-]*)\.[ch]$',
                      path)
    return match and match[0]


class File:
    """What the tests took of a file"""

    def __init__(self, path):
        self.path = path
        self.branches = {}
        self.uncalled = {}
        with open(os.path.join(TOP, path), encoding='utf-8') as file:
            self.text = file.read().split('\n')
        self.marks = {number: MARK.search(line)[1]
                      for number, line in enumerate(self.text, 1)
                      if MARK.search(line)}

    def add(self, found):
        """Add what one object has counted

        Lines whose condition depends on the configuration are told apart by their
        number of branches.
        """
        for line in found['lines']:
            counts = [it['count'] for it in line['branches']]
            key = line['line_number'], line.get('function_name'), len(counts)
            before = self.branches.setdefault(key, [0] * len(counts))
            self.branches[key] = [a + b for a, b in zip(before, counts)]
        for function in found['functions']:
            key = function['start_line'], function['end_line'], function['name']
            self.uncalled[key] = self.uncalled.get(key, 0) + \
                function['execution_count']

    def constant(self, line):
        """Return: how many branches of a line constants decide, at most"""
        return sum(count for what, count in CONSTANT
                   if what.search(self.text[line - 1]))

    def chosen(self):
        """Yield: (line, counts); where builds differ, the longest that was reached"""
        lines = collections.defaultdict(list)
        for (line, function, _), counts in self.branches.items():
            lines[line, function].append(counts)
        for (line, _), variants in lines.items():
            yield line, max(variants, key=lambda it: (any(it), len(it)))

    def missing(self):
        """Return: {line: branches that were not taken}"""
        lines = collections.Counter()
        for line, counts in self.chosen():
            left = counts.count(0) - self.constant(line)
            if left > 0:
                lines[line] += left
        return lines

    def argued(self):
        """Return: lines of which it is argued that nothing takes all of them"""
        return set(self.marks).union(
            *(range(line, end + 1) for (line, end, _), count in self.uncalled.items()
              if not count and line in self.marks))

    def wrong_marks(self):
        """Yield: what is wrong with marks"""
        missing = self.missing()
        uncalled = {line for (line, _, _), count in self.uncalled.items()
                    if not count}
        for line, why in self.marks.items():
            taken = any(any(counts) for at, counts in self.chosen() if at == line)
            if not why:
                yield f'{self.path}:{line}: does not say why'
            elif (line in uncalled) == ('_BR_' in self.text[line - 1]):
                yield f'{self.path}:{line}: is the mark of ' + (
                    'a branch' if line in uncalled else 'a function')
            elif line in uncalled:
                continue
            elif line not in missing:
                yield f'{self.path}:{line}: all of it was taken, or has no branch'
            elif not taken:
                yield f'{self.path}:{line}: was not reached'

    def tally(self):
        """Return: number of branches, of those not taken, of those argued"""
        missing = self.missing()
        lines = self.argued()
        argued = sum(count for line, count in missing.items() if line in lines)
        total = sum(len(counts) - min(counts.count(0), self.constant(line))
                    for line, counts in self.chosen())
        return total, sum(missing.values()) - argued, argued

    def report(self):
        """Print it. Return: branches that are left, and functions never called"""
        total, left, argued = self.tally()
        never = [(line, name) for (line, _, name), count in
                 sorted(self.uncalled.items())
                 if not count and line not in self.marks]
        print(f'coverage: {self.path}: {total - left - argued} of {total} branches' +
              (f', {argued} argued' if argued else ''))
        for line, count in sorted(self.missing().items()):
            if line not in self.argued():
                print(f'\t{line}: {count} not taken: '
                      f'{self.text[line - 1].strip():.70}')
        for line, name in never:
            print(f'\t{line}: {name}() was not called')
        return left + len(never)


def gather():
    """Return: files of ours that were built, by name"""
    files = {}
    for note in glob.glob(f'{OUT}/*/**/*.gcno', recursive=True):
        if not place(note.replace('.gcno', '.c')):
            continue
        done = subprocess.run(['gcov', '--json-format', '--stdout', '-b', note],
                              cwd=os.path.dirname(note), check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for text in done.stdout.splitlines():
            for found in json.loads(text)['files']:
                path = place(found['file'])
                if path:
                    files.setdefault(path, File(path)).add(found)
    return files


def absent(files):
    """Yield: files of which nothing is known, or that are not absent any more"""
    sources = {os.path.relpath(path, TOP) for folder in JUDGED
               for path in glob.glob(f'{TOP}/{folder}/*.c')}
    for path in sorted(sources - set(files) - set(ELSEWHERE)):
        yield f'{path}: is not built'
    for path in sorted(set(ELSEWHERE) & set(files)):
        yield f'{path}: is built here'
    # what a test of sandbox takes counts, too
    driven = {it for _, names, _ in BUILDS.values() for it in names}
    for path in sorted(glob.glob('test_*.py', root_dir=f'{TOP}/test/sandbox')):
        if path not in driven:
            yield f'test/sandbox/{path}: is not run'


def summary(folder, files):
    """Print the line of a folder"""
    total, left, argued = map(sum, zip(*(it.tally() for it in files)))
    print(f'coverage: {folder}: {(total - left) * 100 / total:.1f} % '
          f'({total - left - argued} of {total} branches, {argued} argued, '
          f'{left} left)')


def report():
    """Say what was taken. Return: whether that is all that has to be"""
    files, wrong = gather(), []
    for folder in JUDGED + (TOLD,):
        mine = [it for path, it in sorted(files.items())
                if path.startswith(folder + '/')]
        for file in mine:
            left = file.report()
            if folder != TOLD and left:
                wrong.append(f'{file.path}: {left} neither taken nor argued')
            wrong += file.wrong_marks()
        summary(folder, mine)
    wrong += absent(files)
    for path, why in sorted(ELSEWHERE.items()):
        print(f'coverage: {path}: not in sandbox: {why}')
    print(*wrong, sep='\n', end='\n' if wrong else '')
    return not wrong


def library():
    """Say what lib/rpmb comes to on the host. Return: whether it is all"""
    return not subprocess.run(
        ['make', '-s', '-C', f'{TOP}/test/host', f'BUILD={OUT}/host', 'coverage'],
        check=False).returncode


def main():
    """Count and report"""
    good = True
    if sys.argv[1:] != ['--report']:
        build()
        good = all([run(name) for name in BUILDS])
    good = library() and good
    return 0 if report() and good else 1


if __name__ == '__main__':
    sys.exit(main())
