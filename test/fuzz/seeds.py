#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""seeds.py FUZZER DIR - what a fuzzer starts from

For those that read trees: good ones and those of hostile.py. For the host tool:
what its commands want. And what was found: test/fuzz/corpus/FUZZER.hex, and
found.hex for those that read trees, have that as hexadecimal text, an input a
line.
"""

import os
import struct
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


def trees():
    """Return: trees, by name"""
    return dict(refused(), fit=fit(), manifest=manifest(),
                rma=token('rma', b''), names=many_names(300),
                reset=token('reset-index', words(0x100, 0, 5)),
                late=late_property())


LINE = (b'rpmb-provision: dev=%s target=%s step=%s result=%s kcv=%s counter=%s '
        b'id=%s key=%s batch=a-1\n')
ID = b'13014e52504d422110a1b2c3d4550100'
LOG = b'U-Boot\n' + b''.join(LINE % fields for fields in (
    (b'-', b'-', b'verify', b'ok', b'-', b'-', b'-', b'-'),
    (b'mmc0', b'0', b'match', b'ok', b'-', b'-', ID, b'0x100'),
    (b'mmc0', b'0', b'blank', b'refused-key-other', b'-', b'-', ID, b'0x100'),
    (b'ufs1', b'3', b'done', b'ok', b'0011223344556677', b'0x00000001', ID,
     b'0x100'),
    (b'-', b'-', b'done', b'ok', b'-', b'-', b'-', b'-')))
BATCH = (b'# a batch\nbatch a-1\n'
         b'device transport=emmc key=0x100 kcv=0011223344556677 id=' + ID
         + b' index=0x100:7\n'
         b'device transport=ufs target=1 key=0x101 kcv=0011223344556677 '
         b'name="A B-1"\n'
         b'device transport=virtio key=0x102 any\n')


def frame(kind, count, mac=b''):
    """Return: a frame of RPMB"""
    return (bytes(196) + mac.ljust(32, b'\0') + bytes(256) + bytes(16)
            + struct.pack('>IHHHH', 7, 1, count, 0, kind))


def tool():
    """Return: a first byte that picks a command, and what it reads; by name"""
    frames = frame(3, 2) + frame(3, 2, b'mac') + frame(0x400, 1, b'mac')
    text = b'00000000: ' + b' '.join(b'%02x' % b for b in frames[:512]) + b'\n'
    reads = {'frames': (frames, (0, 1, 2)), 'text': (text, (0, 1)),
             'log': (LOG, (3, 4, 5)), 'batch': (BATCH, (6,)),
             'manifest': (manifest(), (7, 8)), 'fit': (fit(), (7, 9)),
             'token': (token('rma', b''), (9, 10)),
             'reset': (token('reset-index', words(0x100, 0, 5)), (9, 10))}
    return {f'{name}-{n}': bytes([n]) + blob
            for name, (blob, commands) in reads.items() for n in commands}


def found(name):
    """Return: what was found, by name"""
    path = os.path.join(HERE, 'corpus', f'{name}.hex')
    if not os.path.exists(path):
        return {}
    with open(path, encoding='ascii') as file:
        lines = [line for line in file if not line.startswith('#')]
    return {f'{name}-{n}': bytes.fromhex(line) for n, line in enumerate(lines)}


def main(fuzzer, folder):
    """Write them"""
    os.makedirs(folder, exist_ok=True)
    blobs = found(fuzzer)
    if fuzzer in ('look', 'data', 'fit'):
        blobs.update(trees(), **found('found'))
    elif fuzzer == 'tool':
        blobs.update(tool())
    for name, blob in blobs.items():
        if len(blob) <= 0x10000:
            with open(os.path.join(folder, name), 'wb') as file:
                file.write(blob)


if __name__ == '__main__':
    main(*sys.argv[1:])
