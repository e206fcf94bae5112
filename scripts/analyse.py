#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""analyse.py [PATH...] - have clang-tidy and cppcheck look at our C, or at some of it

Each file is read as sandbox compiles it: the commands are those that its build
has left behind; those of the host tool are of tools/Makefile. What may be said all
the same is in scripts/analyse.exempt, each with a reason. An exemption that
nothing needs any more is a failure, too, when all files are looked at.
"""

import concurrent.futures
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TREE = os.environ.get('UBOOT') or os.path.join(TOP, 'build/u-boot')
SANDBOX = os.path.join(TOP, 'build/sandbox')
EXEMPT = os.path.join(TOP, 'scripts/analyse.exempt')

# Our objects, as patterns below the folder of the build
OBJECTS = ('lib/rpmb/.*.o.cmd', 'drivers/rpmb/.*.o.cmd', 'boot/rpmb/.*.o.cmd',
           'cmd/.rpmb*.o.cmd', 'test/model/.*.o.cmd',
           'drivers/tee/optee/.rpmb-uclass.o.cmd')
TIDY = ('-*,clang-analyzer-*,bugprone-*,cert-*,misc-*,'
        '-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,'
        '-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,'
        '-cert-dcl37-c,-cert-dcl51-cpp,-misc-unused-parameters,'
        '-bugprone-suspicious-string-compare,-cert-err33-c,'
        '-bugprone-implicit-widening-of-multiplication-result,'
        '-bugprone-narrowing-conversions')

# Macros of U-Boot that cppcheck has to know
MACROS = ('-DIS_ENABLED(x)=1', '-DCONFIG_IS_ENABLED(x)=1',
          '-DU_BOOT_DRIVER(x)=struct driver x', '-DDECLARE_GLOBAL_DATA_PTR=',
          '-D__printf(a,b)=', '-Dlist_for_each_entry_safe(a,b,c,d)=while (a)')

# What gcc knows and clang does not
GCC = re.compile(r'-fno-(thread-jumps|move-loop-invariants|tree-pta)$'
                 r'|-fstack-usage$|-mstack-protector-guard=|-W')
FINDING = re.compile(r'^(\S+?):(\d+):(?:\d+:)? (warning|error|\w+): (.*)$')


def of_sandbox():
    """Return: commands of the files that are in sandbox"""
    for pattern in OBJECTS:
        for path in sorted(glob.glob(os.path.join(SANDBOX, pattern))):
            with open(path, encoding='utf-8') as file:
                words = shlex.split(file.readline().split(':= ', 1)[1])
            if words[-1].endswith('.c'):
                yield SANDBOX, words[-1], [w for w in words[1:-1]
                                           if not GCC.match(w)]


def of_tools():
    """Return: commands of the host tool's files, and of the model's programs"""
    flags = shlex.split(
        "'-D__printf(a, b)=__attribute__((format(printf, a, b)))' -std=gnu11 "
        f'-D_GNU_SOURCE -I{TOP}/include -I{TREE}/scripts/dtc/libfdt '
        f'-idirafter {TREE}/include')
    for name in ('tools/*.c', 'test/model/*.c'):
        for path in sorted(glob.glob(os.path.join(TOP, name))):
            with open(path, encoding='utf-8') as file:
                uboot = re.search(r'#include <(dm|mmc|scsi)\.h>', file.read())
            if not uboot:
                yield TOP, path, flags


def commands(wanted):
    """Return: a list for compile_commands.json; each file once"""
    seen = {}
    for folder, path, flags in [*of_sandbox(), *of_tools()]:
        name = ours(path)
        if name not in seen and (not wanted or name in wanted):
            seen[name] = {'directory': folder, 'file': path,
                          'arguments': ['clang', *flags, '-c', path]}
    return list(seen.values())


def ours(path):
    """Return: a path below the top, or below the tree"""
    path = os.path.realpath(path)
    for top in (os.path.realpath(TREE), os.path.realpath(TOP)):
        if path.startswith(top + '/'):
            return path[len(top) + 1:]
    return path


def tidy(folder, path):
    """Return: what clang-tidy says of a file"""
    done = subprocess.run(
        ['clang-tidy', '-p', folder, '--quiet', f'--checks={TIDY}', path],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    return done.stdout


def cppcheck():
    """Return: what cppcheck says. It does without U-Boot's headers, whose macros
    it cannot expand"""
    files = [path for name in ('lib/rpmb/*.c', 'drivers/rpmb/*.c',
                               'boot/rpmb/*.c', 'cmd/rpmb*.c', 'tools/*.c',
                               'test/model/*.c', 'drivers/tee/optee/*.c')
             for path in sorted(glob.glob(os.path.join(TOP, name)))]
    done = subprocess.run(
        ['cppcheck', '--enable=warning,performance,portability', '--quiet',
         '--std=c11', '--max-configs=1', f'-I{TOP}/include', *MACROS,
         '--template={file}:{line}: {severity}: {message} [{id}]',
         '--template-location=', *files],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    return done.stdout


def findings(text):
    """Return: findings in our files, as 'path:line: message [check]'"""
    for line in text.splitlines():
        found = FINDING.match(line)
        if found and found[3] != 'note':
            path = ours(found[1])
            if os.path.exists(os.path.join(TOP, path)):
                yield f'{path}:{found[2]}: {found[4]}'
            elif found[3] == 'error':
                yield f'{path}:{found[2]}: error: {found[4]}'


def exemptions():
    """Return: regular expressions of what may be said"""
    with open(EXEMPT, encoding='utf-8') as file:
        return [line.rstrip('\n') for line in file
                if line.strip() and not line.startswith('#')]


def main(wanted):
    """Return: exit status"""
    known = exemptions()
    used, bad = set(), set()
    entries = commands([ours(path) for path in wanted])
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        with open(os.path.join(folder, 'compile_commands.json'), 'w',
                  encoding='utf-8') as file:
            json.dump(entries, file)
        jobs = [pool.submit(tidy, folder, e['file']) for e in entries]
        jobs.append(pool.submit(cppcheck))
        for job in jobs:
            for text in findings(job.result()):
                match = [k for k in known if re.search(k, text)]
                used.update(match)
                if not match:
                    bad.add(text)
    for text in sorted(bad):
        print(text)
    for text in known if not wanted else ():
        if text not in used:
            print(f'scripts/analyse.exempt: nothing needs {text}')
            bad.add(text)
    print(f'{len(entries)} files, {len(bad)} findings, '
          f'{len(used)} exemptions used')
    return 1 if bad or not entries else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
