#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""seeds.py DIR - what the fuzzers start from

Good trees and those of hostile.py, and what was found: test/fuzz/corpus has
that as hexadecimal text, an input a line.
"""

import glob
import os
import sys

sys.dont_write_bytecode = True

from hostile import late_property, many_names, node, prop, refused, tree, words

HERE = os.path.dirname(os.path.abspath(__file__))

NAMES = ('description', 'default', 'kernel', 'fdt', 'loadables', 'compatible',
         'data', 'type', 'algo', 'value', 'hashed-nodes', 'hashed-strings',
         'key-name-hint', 'version', 'transport', 'target', 'id', 'key-id',
         'any', 'write-counter', 'rma', 'reset-index', 'check-value', 'batch',
         'rollback-indexes', 'rollback-index', 'compression', 'timestamp')
STRINGS = b''.join(name.encode() + b'\0' for name in NAMES)


def say(name, value):
    """Return: a property, of a string, a number or bytes"""
    if isinstance(value, str):
        value = value.encode() + b'\0'
    elif isinstance(value, int):
        value = words(value)
    return prop(STRINGS.index(name.encode() + b'\0'), value)


def fit():
    """Return: a FIT with all that is looked at before it is verified"""
    inner = tree(node('', prop(0, b'sandbox\0')), b'compatible\0')
    signature = node(
        'signature-1', say('algo', 'sha256,rsa2048'), say('value', bytes(256)),
        say('key-name-hint', 'os'), say('hashed-nodes', '\0'.join((
            '/', '/configurations/conf', '/images/kernel',
            '/images/kernel/hash-1', '/images/tree', '/images/tree/hash-1'))),
        say('hashed-strings', words(0, len(STRINGS))))
    images = [node(name, say('description', name), say('type', kind),
                   say('compression', 'none'), say('data', data),
                   node('hash-1', say('algo', 'sha256'),
                        say('value', bytes(32))))
              for name, kind, data in (('kernel', 'kernel', b'a kernel'),
                                       ('tree', 'flat_dt', inner))]
    confs = [node(name, say('kernel', 'kernel'), say('fdt', 'tree'),
                  say('rollback-index', words(0, 5)), *more, signature)
             for name, more in (('conf', ()), (
                 'other', (say('compatible', 'sandbox'),)))]
    return tree(node('', say('description', 'seed'), say('timestamp', 1),
                     node('images', *images),
                     node('configurations', say('default', 'conf'), *confs)),
                STRINGS)


def manifest():
    """Return: a manifest"""
    device = (say('transport', 'emmc'), say('target', 0), say('key-id', 0x100))
    return tree(node(
        '', say('compatible', 'u-boot,rpmb-manifest'), say('version', 1),
        say('batch', 'a-1'), node(
            'device-1', *device, say('id', bytes(range(16))),
            say('check-value', bytes(8)),
            say('rollback-indexes', words(0x100, 0, 7, 0x1f, 0, 1))),
        node('device-2', *device, say('any', b''))), STRINGS)


def token(action, value):
    """Return: a token"""
    return tree(node(
        '', say('compatible', 'u-boot,rpmb-token'), say('version', 1),
        say('transport', 'emmc'), say('target', 0), say('id', bytes(16)),
        say('write-counter', 7), say(action, value)), STRINGS)


def main(folder):
    """Write them"""
    os.makedirs(folder, exist_ok=True)
    blobs = dict(refused(), fit=fit(), manifest=manifest(),
                 rma=token('rma', b''), names=many_names(300),
                 reset=token('reset-index', words(0x100, 0, 5)),
                 late=late_property())
    for path in sorted(glob.glob(os.path.join(HERE, 'corpus', '*.hex'))):
        with open(path, encoding='ascii') as file:
            found = [line for line in file if not line.startswith('#')]
        for number, line in enumerate(found):
            blobs[f'{os.path.basename(path)[:-4]}-{number}'] = \
                bytes.fromhex(line)
    for name, blob in blobs.items():
        if len(blob) <= 0x10000:
            with open(os.path.join(folder, name), 'wb') as file:
                file.write(blob)


if __name__ == '__main__':
    main(sys.argv[1])
