#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prove what stands in test/proof, with CBMC

    prove.py [--quick] [--teeth] [--table] [NAME...]

Each folder of test/proof has a proof.c with a contract in words, and a
proof.toml: which function, what is proven of it, up to which bound, what it is
built from, and its teeth. Teeth are a change of the code that makes the
contract untrue: with --teeth each of them is made, in a copy, and CBMC has to
find it. --quick takes those that need less than a minute.

--table prints what they are as rows of doc/develop/rpmb/proofs.rst.

Prints "ok NAME" or "not ok NAME" for each, with processor seconds and megabytes.
"""

import argparse
import functools
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import tomllib

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROOFS = os.path.join(TOP, 'test/proof')
SECONDS = 600
BYTES = 8 << 30
SMALL = {'RPMB_FRAME_SIZE': 68, 'RPMB_BLOCK_SIZE': 4, 'RPMB_STUFF_SIZE': 4,
         'RPMB_MAC_START': 36, 'RPMB_MAC_LEN': 32}
ALWAYS = ['--function', 'proof', '--drop-unused-functions', '--slice-formula']


def names():
    """Return: the folders of test/proof that hold a proof"""
    return sorted(name for name in os.listdir(PROOFS)
                  if os.path.exists(os.path.join(PROOFS, name, 'proof.toml')))


def load(name):
    """Return: what the proof's proof.toml says"""
    with open(os.path.join(PROOFS, name, 'proof.toml'), 'rb') as file:
        return tomllib.load(file)


@functools.lru_cache(None)
def cbmc():
    """Return: path of CBMC, empty if there is none"""
    return subprocess.run([f'{TOP}/scripts/get-cbmc'], check=False,
                          stdout=subprocess.PIPE, text=True).stdout.strip()


def shrink(top, folder):
    """Make frame.h of blocks of 4 bytes in a folder. Return: options to use it"""
    with open(f'{top}/include/rpmb/frame.h', encoding='utf-8') as file:
        text = file.read()
    for name, number in SMALL.items():
        text, count = re.subn(rf'(#define {name}\s+)\d+', rf'\g<1>{number}', text)
        assert count == 1, f'{name} is not in frame.h'
    # where things are is not so any more; all else is
    text = re.sub(r'^(RPMB_FRAME_AT\(|static_assert\().*\n', '', text, flags=re.M)
    os.makedirs(f'{folder}/rpmb')
    with open(f'{folder}/rpmb/frame.h', 'w', encoding='utf-8') as file:
        file.write(text)
    return ['-I', folder]


def give_way(proof, top, folder):
    """Have contracts stand in for functions of the same file: in a copy of its
    folder, their definitions get another name, the calls do not. Return: options
    to use it"""
    for part in {os.path.dirname(file) for file in proof['contracts']}:
        shutil.copytree(f'{top}/{part}', f'{folder}/{part}')
    for file, functions in proof['contracts'].items():
        path = f'{folder}/{file}'
        with open(path, encoding='utf-8') as source:
            text = source.read()
        for function in functions:
            text, count = re.subn(rf'^(\w.*\b{function})(\([^;{{]*\n{{)',
                                  r'\1_itself\2', text, flags=re.M)
            assert count == 1, f'{function}() is not in {file}'
        with open(path, 'w', encoding='utf-8') as source:
            source.write(text)
    return ['-I', folder]


def uboot_options(uboot, top):
    """Return: options for code of boot/rpmb, which has U-Boot's own headers"""
    return ['-D__UBOOT__', '-D__KERNEL__', '-I', f'{top}/test/proof/include',
            '-I', f'{top}/include', '-I', f'{uboot}/include',
            '-I', f'{uboot}/arch/sandbox/include']


def command(name, proof, top, folder):
    """Return: the command that proves it in a tree; a folder for what it needs"""
    uboot = os.environ.get('UBOOT') or f'{TOP}/build/u-boot'
    return [cbmc(), *ALWAYS, '--unwind', str(proof['unwind']),
            *proof.get('options', []),
            *(shrink(top, folder) if proof.get('small') else []),
            *(give_way(proof, top, folder) if 'contracts' in proof else []),
            *(uboot_options(uboot, top) if proof.get('uboot') else []),
            '-I', top, '-I', f'{top}/include',
            '-I', f'{uboot}/scripts/dtc/libfdt',
            f'{top}/test/proof/{name}/proof.c',
            *(f'{top}/{path}' for path in proof.get('sources', []))]


def limit():
    """In the child: no more memory and time than a proof may take"""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def run(args):
    """Return: what CBMC printed, its exit status, seconds and megabytes"""
    with tempfile.TemporaryFile('w+') as out:
        # pylint: disable=consider-using-with
        child = subprocess.Popen(args, stdout=out, stderr=subprocess.STDOUT,
                                 preexec_fn=limit)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return (out.read(), child.returncode, used.ru_utime + used.ru_stime,
                used.ru_maxrss // 1024)


def say(good, name, what):
    """Print a verdict. Return: it"""
    print('ok' if good else 'not ok', name, what, flush=True)
    return good


def prove(name):
    """Prove it. Return: whether it holds"""
    with tempfile.TemporaryDirectory() as folder:
        out, status, seconds, size = run(command(name, load(name), TOP, folder))
    count = re.search(r'\*\* \d+ of (\d+) failed', out)
    good = status == 0 and count is not None
    if not good:
        print('\n'.join(line for line in out.splitlines()
                        if 'FAILURE' in line or 'rror' in line), flush=True)
    return say(good, name, f'({count[1] if count else 0} properties, '
               f'{seconds:.0f} s, {size} MB)')


def bite(name, number, tooth):
    """Make a contract untrue. Return: whether CBMC finds it"""
    with tempfile.TemporaryDirectory() as top:
        for part in ('lib/rpmb', 'include', 'test/proof', 'tools', 'boot/rpmb'):
            shutil.copytree(f'{TOP}/{part}', f'{top}/{part}')
        path = f'{top}/{tooth["file"]}'
        with open(path, encoding='utf-8') as file:
            text = file.read()
        if text.count(tooth['old']) != 1:
            return say(False, f'teeth-{name}-{number}',
                       f'(not once in {tooth["file"]}: {tooth["old"]})')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text.replace(tooth['old'], tooth['new']))
        out, status, seconds, _ = run(command(name, load(name), top,
                                                f'{top}/small'))
    found = sorted({line.split(' ', 3)[-1].removesuffix(': FAILURE')
                    for line in out.splitlines()
                    if line.endswith(': FAILURE')})
    return say(status == 10 and found, f'teeth-{name}-{number}',
               f'({seconds:.0f} s) {tooth["what"]}: ' + '; '.join(found[:2]))


def table():
    """Return: rows of the document's table, but for seconds and MB"""
    return [(name, proof['function'], proof['property'], proof['bound'])
            for name, proof in ((name, load(name)) for name in names())]


def main():
    """Prove what was asked for"""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--teeth', action='store_true')
    parser.add_argument('--table', action='store_true')
    parser.add_argument('names', nargs='*', default=[])
    args = parser.parse_args()
    if args.table:
        print('\n'.join('\n     - '.join(row) for row in table()))
        return 0
    if not cbmc():
        print('skip prove no CBMC of version 6 can be had here')
        return 0 if args.quick else 1
    good = True
    for name in args.names or names():
        if args.quick and not load(name).get('quick'):
            continue
        if not args.teeth:
            good &= prove(name)
            continue
        for number, tooth in enumerate(load(name)['teeth'], 1):
            good &= bool(bite(name, number, tooth))
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
