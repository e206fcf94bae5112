#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Attack lib/rpmb on its bus, longer than `make test` does

    attack.py [HISTORIES]       each two moves at each two exchanges of the short
                                histories, and HISTORIES at random (a million)
    attack.py --mutations       plant the mistakes of attack_mutations.toml one by
                                one: does the attack find them?
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(TOP, 'build/attack')
PROGRAM = os.path.join(BUILD, 'test_attack')
LIBFDT = os.path.join(os.environ.get('UBOOT') or f'{TOP}/build/u-boot',
                      'scripts/dtc/libfdt')
SOURCE = ['gcc', '-O2', '-w', '-std=gnu11', f'-I{TOP}/include', f'-I{LIBFDT}']


def build():
    """Build it without sanitizers, which `make test` has"""
    subprocess.run(['make', '-s', '-C', f'{TOP}/test/host', f'BUILD={BUILD}',
                    'CFLAGS=-O2', PROGRAM], check=True)


def run(program, moves, histories):
    """Return: exit status and output"""
    settings = {'RPMB_ATTACK_MOVES': str(moves),
                'RPMB_ATTACK_HISTORIES': str(histories)}
    done = subprocess.run([program], env={**os.environ, **settings}, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    return done.returncode, done.stdout


def objects():
    """Return: what the program is linked from"""
    out = subprocess.run(['make', '-nB', '-C', f'{TOP}/test/host',
                          f'BUILD={BUILD}', 'CFLAGS=-O2', PROGRAM], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    link = [line for line in out.splitlines() if f'-o {PROGRAM} ' in line][0]
    return link.split(f'-o {PROGRAM} ')[1].split()


def plant(mutation, parts):
    """Return: what the attack says of the library with this mistake in it"""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(f'{TOP}/lib/rpmb', folder, dirs_exist_ok=True)
        path = os.path.join(folder, mutation['file'])
        with open(path, encoding='utf-8') as file:
            text = file.read()
        if text.count(mutation['old']) != 1:
            return 0, f'not once in {mutation["file"]}: {mutation["old"]}'
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text.replace(mutation['old'], mutation['new']))
        subprocess.run([*SOURCE, '-c', path, '-o', f'{path}.o'], check=True)
        mine = f'{BUILD}/lib/{mutation["file"][:-2]}.o'
        subprocess.run(['gcc', '-o', f'{folder}/attack',
                        *(f'{path}.o' if part == mine else part
                          for part in parts)], check=True)
        return run(f'{folder}/attack', 1, 10000)


def mutations():
    """Plant all. Return: whether each is found, or said not to be"""
    with open(f'{TOP}/test/host/attack_mutations.toml', 'rb') as file:
        wanted = tomllib.load(file)['mutation']
    parts, good, found = objects(), True, 0
    for number, mutation in enumerate(wanted, 1):
        status, out = plant(mutation, parts)
        rules = [line.split('rule ')[1].split(':')[0]
                 for line in out.splitlines() if ': rule ' in line]
        right = bool(status) != ('unseen' in mutation)
        found += bool(status)
        good &= right
        print('ok' if right else 'not ok', f'mutation-{number}',
              mutation['what'] + ':', rules[0] if rules else
              mutation.get('unseen', 'not found ' + out.splitlines()[0]), flush=True)
    print(f'{len(wanted)} planted, {found} found')
    return good


def main():
    """Attack"""
    build()
    if sys.argv[1:] == ['--mutations']:
        return 0 if mutations() else 1
    status, out = run(PROGRAM, 2, int((sys.argv[1:] or ['1000000'])[0]))
    print(out, end='')
    return status


if __name__ == '__main__':
    sys.exit(main())
