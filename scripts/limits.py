#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""limits.py BUILD_DIR - size, stack and symbols of an arm64 build

limits.py --spl BUILD_DIR - size of the stack in SPL, and what must not be there

Prints one line "ok ..." or "not ok ..." per limit.
"""

import glob
import os
import platform
import re
import subprocess
import sys
import tempfile

MAX_BYTES = 6144        # text + rodata of the eMMC-only stack
MAX_SPL_BYTES = 18432   # all that the linker took into SPL for the stack
MAX_SHORT_BYTES = 15360 # ... with CONFIG_SPL_RPMB_SHORT_MESSAGES
MAX_STACK = 1024        # bytes, deepest path through lib/rpmb

# The eMMC-only stack: frame, mac, hmac, client, uclass with its gate, eMMC driver
STACK = ('lib/rpmb/frame.o', 'lib/rpmb/mac.o', 'lib/rpmb/hmac*.o',
         'lib/rpmb/client*.o',
         'drivers/rpmb/rpmb-uclass.o', 'drivers/rpmb/rpmb-port.o',
         'drivers/rpmb/rpmb-gate.o',
         'drivers/rpmb/rpmb-closed.o', 'drivers/rpmb/emmc_rpmb.o')

CROSS = os.environ.get('CROSS_COMPILE') or (
    '' if platform.machine() == 'aarch64' else 'aarch64-linux-gnu-')

# All that lib/rpmb may ask of its surroundings
ALLOWED = re.compile(r'mbedtls_\w+|sha256_\w+|mem(cpy|set|cmp|move)|rpmb_\w+'
                     r'|__stack_chk_\w+')

# ... and the files that may ask for more: libfdt, to read from a blob only
READS_TREES = re.compile(r'str(len|n?cmp)|fdt_(num_mem_rsv'
                         r'|(first|next)_\w+|get(prop)?_\w+)')
ALLOWED_MORE = {name + '.o': READS_TREES
                for name in ('look', 'tree', 'manifest', 'token')}
NONE = re.compile(r'(?!)')


def report(good, what):
    """Print a verdict"""
    print(f"{'ok' if good else 'not ok'} limits {what}")


def run(*argv, cwd=None):
    """Return: what a command prints"""
    return subprocess.run(argv, cwd=cwd, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def objects(build, *patterns):
    """Return: paths of the objects that were built from the overlay"""
    found = []
    for pattern in patterns:
        found += sorted(glob.glob(os.path.join(build, pattern)))
    return [path for path in found
            if os.path.basename(path) != 'built-in.o']


def sections(listing):
    """Return: sizes of text and rodata; unwind tables are not linked"""
    return [int(size) for size in
            re.findall(r'^\.(?:text|rodata)\S*\s+(\d+)', listing, re.MULTILINE)]


def sizes(build, *patterns):
    """Print and return: bytes of text and rodata, together"""
    total = 0
    for path in objects(build, *patterns):
        size = sum(sections(run(CROSS + 'size', '-A', path)))
        print(f'{size:6} {os.path.relpath(path, build)}')
        total += size
    return total


def check_size(build):
    """The eMMC-only stack, and what it is seldom without"""
    total = sizes(build, *STACK)
    report(total <= MAX_BYTES, f'size: {total} of {MAX_BYTES} bytes of text '
           'and rodata')
    extra = sizes(build, 'lib/rpmb/kdf*.o', 'lib/rpmb/program.o',
                  'drivers/rpmb/rpmb-huk.o',
                  'drivers/rpmb/rpmb-k*.o', 'drivers/rpmb/rpmb-program.o',
                  'drivers/rpmb/rpmb-mark.o',
                  'drivers/rpmb/rpmb-ratchet.o', 'drivers/rpmb/rpmb-scan.o')
    print(f'{total + extra:6} with keys, ratchet and the search for devices')


def linked(build):
    """Return: bytes that an SPL has of each object: code, constants, data

    The first of the strings that are merged is said to have the size of all.
    """
    with open(os.path.join(build, 'spl', 'u-boot-spl.map'),
              encoding='utf-8') as file:
        text = file.read().partition('Linker script and memory map')[2]
    total = {}
    for address, size, path, own in re.findall(
            r'^ (?:\.text|\.rodata|\.data|__u_boot_list)\S*\s+0x([0-9a-f]+)'
            r'\s+0x([0-9a-f]+) (\S+\.o)$'
            r'(?:\s+0x([0-9a-f]+) \(size before relaxing\))?',
            text, re.MULTILINE):
        if int(address, 16):
            total[path] = total.get(path, 0) + min(
                int(size, 16), int(own or size, 16))
    return total


SPL_PARTS = [
    ('protocol', r'lib/rpmb/[^.]\S*'),
    ('mbedTLS', r'lib/mbedtls/\S*'),
    ('boot policy', r'boot/rpmb/\S*'),
    ('uclass, keys and driver', r'drivers/rpmb/[^.]\S*'),
]

# What changes a device for good, or is for people
NOT_IN_SPL = re.compile(r'\brpmb_(key_add|program_key|op_program_key|selftest\w*'
                        r'|provision\w*|signed_\w+|write_blocks|index_advance'
                        r'|policy_advance|data_\w+|record_\w+'
                        r'|client_program\w*|rollback_advance)\b')


def check_spl(build):
    """What the linker took into SPL"""
    total = 0
    objs = linked(build)
    for name, pattern in SPL_PARTS:
        size = sum(size for path, size in objs.items()
                   if re.fullmatch(pattern, path))
        print(f'{size:6} {name}')
        # HMAC is mbedTLS's, or made of the SHA-256 that SPL has for its FITs
        if name == 'mbedTLS' and not size:
            report('lib/rpmb/hmac.o' in objs and 'lib/sha256.o' in objs,
                   "spl: SHA-256 is U-Boot's own")
        else:
            report(size, f'spl: {name} is in SPL')
        total += size
    with open(os.path.join(build, '.config'), encoding='utf-8') as file:
        short = 'CONFIG_SPL_RPMB_SHORT_MESSAGES=y\n' in file.read()
    limit = MAX_SHORT_BYTES if short else MAX_SPL_BYTES
    report(total <= limit, f'spl size: {total} of {limit} bytes')
    report(short != ('boot/rpmb/reason.o' in objs), 'spl: messages are '
           + ('numbers' if short else 'words'))
    with open(os.path.join(build, 'spl', 'u-boot-spl.sym'),
              encoding='utf-8') as file:
        names = sorted({match[0] for match in NOT_IN_SPL.finditer(file.read())})
    report(not names, 'spl: SPL has nothing that it should not: '
           + ' '.join(names))


def check_symbols(build):
    """lib/rpmb allocates nothing, prints nothing, knows no device"""
    wanted, strange = 0, []
    for obj in objects(build, 'lib/rpmb/*.o'):
        name = os.path.basename(obj)
        more = ALLOWED_MORE.get(name, NONE)
        for symbol in re.findall(r'\bU (\w+)', run(CROSS + 'nm', '-u', obj)):
            wanted += 1
            if not ALLOWED.fullmatch(symbol) and not more.fullmatch(symbol):
                strange.append(f'{symbol} in {name}')
    report(wanted and not strange, 'symbols: lib/rpmb needs '
           + (', '.join(strange) or 'nothing it should not'))


def compile_again(obj, build, out):
    """Compile an object with its own command, and have the call graph noted"""
    note = os.path.join(os.path.dirname(obj),
                        '.' + os.path.basename(obj) + '.cmd')
    with open(note, encoding='utf-8') as file:
        command = file.readline().partition(':=')[2].strip()
    target = os.path.join(out, os.path.basename(obj))
    command = re.sub(r'-Wp,-MD,\S+', '', command)
    command = re.sub(r' -o \S+', f' -o {target} -fcallgraph-info=su', command)
    # a compiler cache would put the note elsewhere, or not make it at all
    subprocess.run(command, shell=True, cwd=build, check=True,
                   env={**os.environ, 'CCACHE_DISABLE': '1'})
    with open(target[:-2] + '.ci', encoding='utf-8') as file:
        return file.read()


def call_graph(build):
    """Return: stack per function, and who calls whom"""
    stack, calls = {}, {}
    with tempfile.TemporaryDirectory() as out:
        for obj in objects(build, 'lib/rpmb/*.o'):
            graph = compile_again(obj, build, out)
            for title, size, kind in re.findall(
                    r'node: { title: "([^"]+)" label: "[^"]*\\n'
                    r'(\d+) bytes \((\w+)\)', graph):
                stack[title] = int(size)
                if kind != 'static':
                    report(False, f'stack: {title} is {kind}')
            for caller, callee in re.findall(
                    r'sourcename: "([^"]+)" targetname: "([^"]+)"', graph):
                calls.setdefault(caller, set()).add(callee)
    return stack, calls


def deepest(name, stack, calls, above=()):
    """Return: (bytes, path) of the deepest path from a function"""
    if name in above:
        return 1 << 30, (name, 'recursion')
    paths = [deepest(callee, stack, calls, above + (name,))
             for callee in calls.get(name, ()) if callee in stack]
    size, path = max(paths, default=(0, ()))
    return stack[name] + size, (name,) + path


def check_stack(build):
    """The deepest path through lib/rpmb; mbedTLS and drivers come on top

    rpmb_wipe_stack() goes as deep as it wipes, below whatever was there.
    """
    stack, calls = call_graph(build)
    stack.pop('rpmb_wipe_stack', None)
    size, path = max(deepest(name, stack, calls) for name in stack)
    report(size <= MAX_STACK, f'stack: {size} of {MAX_STACK} bytes, by '
           + ' > '.join(re.sub(r'.*:', '', name) for name in path))


def main(build):
    """Check all limits"""
    check_size(build)
    check_symbols(build)
    check_stack(build)


if __name__ == '__main__':
    if sys.argv[1] == '--spl':
        check_spl(sys.argv[2])
    else:
        main(sys.argv[1])
