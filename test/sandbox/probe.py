#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""probe.py U-BOOT - does this sandbox start anything that it must not?

Whatever it was built with and without: with a node for the policy in its control
FDT it starts no image that is old or unsigned. What starts is printed. Tools are
those of the usual build.
"""

import os
import subprocess
import sys

UBOOT = os.path.abspath(sys.argv.pop(1))

import fit  # noqa: E402 pylint: disable=C0413

STARTED = [fit.BOOTED, 'Starting application at', 'the script runs',
           'Starting kernel', 'Booting /', 'Hello, world']


def say(*commands):
    """What the U-Boot prints; it may end in any way"""
    run = subprocess.run([UBOOT, '-d', 'control.dtb', '-c',
                          '; '.join(commands)], text=True, timeout=60,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         errors='replace', check=False)
    return run.stdout


def cases():
    """(what it is, commands that must start nothing)"""
    stored = [*fit.PREPARE, 'rpmb rollback advance 100 7']
    old = fit.load(fit.make_fit('old', 6))
    unsigned = fit.load(fit.make_fit('unsigned', 8, key=None))
    script = fit.load(fit.make_fit('scr', 8, images=('script',), key=None))
    image = fit.load(fit.old_image('kernel', 'kernel.bin', 'kernel.img'))
    legacy_script = fit.load(fit.old_image('script', 'script.bin', 'script.img'))
    code = ['mw.b 1000000 0 1000']
    if 'index 7' in say(*stored, 'rpmb rollback get 100') or \
            '7' in say(*stored, 'rpmb rollback get 100').split('\n')[-1]:
        yield 'an old FIT', [*stored, old, 'bootm 1000000']
    yield 'an unsigned FIT', [unsigned, 'bootm 1000000']
    yield 'an unsigned FIT by parts', \
        [unsigned, 'bootm start 1000000', 'bootm loados', 'bootm go']
    yield 'an image of an unsigned FIT', [unsigned, 'bootm 1000000:kernel']
    yield 'an unsigned script', [script, 'source 1000000:script']
    yield 'an old image', [image, 'bootm 1000000']
    yield 'an old script', [legacy_script, 'source 1000000']
    for command in ('go', 'bootelf', 'booti', 'bootz', 'bootvx', 'bootefi'):
        yield command, [*code, command + ' 1000000']


def main():
    """Try all; 1 if something starts"""
    bad = 0
    tried = 0
    with fit.at('probe'):
        fit.control_tree()
        for what, commands in cases():
            text = say(*commands)
            tried += 1
            if any(word in text for word in STARTED):
                bad += 1
                print(f'{what} starts:\n{text[-600:]}')
    print(f'{tried} tried, {bad} start')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
