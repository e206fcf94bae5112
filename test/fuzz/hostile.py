# SPDX-License-Identifier: GPL-2.0-or-later
"""Trees that were made to do harm to whoever reads them

Each function returns the bytes of one. They are written word by word: no tool
makes such trees.
"""

import struct

MAGIC = 0xd00dfeed
BEGIN, END_NODE, PROP, NOP, END = 1, 2, 3, 4, 9
HEADER = 40
RESERVED = bytes(16)


def words(*values):
    """Return: big-endian words"""
    return struct.pack(f'>{len(values)}I', *(v & 0xffffffff for v in values))


def node(name, *content):
    """Return: a node"""
    name = name.encode() + b'\0'
    return (words(BEGIN) + name + bytes(-len(name) % 4) + b''.join(content)
            + words(END_NODE))


def prop(name, value, length=None):
    """Return: a property; name is the offset of one"""
    return (words(PROP, len(value) if length is None else length, name)
            + value + bytes(-len(value) % 4))


def tree(content, strings=b'description\0', **fields):
    """Return: a tree; fields of its header can be given"""
    content += words(END)
    start = HEADER + len(RESERVED)
    header = {
        'magic': MAGIC, 'totalsize': start + len(content) + len(strings),
        'structure_at': start, 'strings_at': start + len(content),
        'reserved': HEADER, 'version': 17, 'compatible': 16, 'cpu': 0,
        'strings_size': len(strings), 'structure_size': len(content),
    }
    header.update(fields)
    return words(*header.values()) + RESERVED + content + strings


def wrapped(length=0xfffffff4):
    """96 bytes: a property of the root is so long that it leads back to itself"""
    return tree(node('', prop(0, b'', length)), b'description\0')


def nested(count=5400):
    """64 KiB of nodes in each other"""
    return tree(words(BEGIN, 0) + words(BEGIN, 0x61000000) * count
                + words(END_NODE) * (count + 1))


def old(version):
    """A version whose nodes have paths for names, and a root without one"""
    return tree(node('', prop(0, b'x\0')), version=version, compatible=version)


def short(size):
    """So many bytes, which say that they are a tree of this size"""
    return tree(node(''), totalsize=size)[:size]


def misaligned():
    """The structure is at no multiple of 4"""
    return tree(b'\0' + node('')[:-1], structure_at=HEADER + 17)


def outside():
    """All blocks are far behind the end of RAM"""
    return tree(node(''), totalsize=0x7ffffff0, structure_at=0x7fffff00,
                strings_at=0x7fffff80)


def late_property():
    """A property behind a node, where not everybody finds it"""
    return tree(node('', node('images'), prop(0, b'x\0')))


def wide(count=40000):
    """More nodes than anybody goes through twice"""
    return tree(node('', prop(0, b'x\0'), node('images', node('a') * count)))


def many_names(count=400000):
    """A signed configuration whose list of images never comes to an end"""
    names = [b'description', b'default', b'loadables', b'algo', b'value',
             b'key-name-hint', b'hashed-nodes', b'hashed-strings', b'timestamp']
    strings = b'\0'.join(names) + b'\0'
    at = {name: strings.index(name + b'\0') for name in names}
    signed = (b'/', b'/configurations/c', b'/images/a', b'/images/a/hash-1')
    signature = node(
        'signature-1', prop(at[b'algo'], b'sha256,rsa2048\0'),
        prop(at[b'value'], bytes(256)), prop(at[b'key-name-hint'], b'os\0'),
        prop(at[b'hashed-nodes'], b'\0'.join(signed) + b'\0'),
        prop(at[b'hashed-strings'], words(0, len(strings))))
    return tree(node(
        '', prop(at[b'description'], b'x\0'), prop(at[b'timestamp'], bytes(4)),
        node('images', node('a', node('hash-1'))),
        node('configurations', prop(at[b'default'], b'c\0'),
             node('c', prop(at[b'loadables'], b'a\0' * count), signature))),
                strings)


def refused():
    """Return: those that no look lets pass, by name"""
    blobs = {f'length_{n:x}': wrapped(n) for n in (
        0xfffffff4, 0xfffffff0, 0xfffffffc, 0xffffffff, 0x7fffffff,
        0x80000000)}
    blobs.update({f'version_{n}': old(n) for n in (0, 2, 3, 15, 16)})
    blobs.update({f'size_{n}': short(n) for n in (28, 32, 36, 39, 40)})
    blobs.update({
        'nested': nested(), 'misaligned': misaligned(), 'outside': outside(),
        'late_property': late_property(), 'wide': wide(),
    })
    return blobs


def worst():
    """Return: one of each kind, for where each takes seconds"""
    blobs = refused()
    return {name: blobs[name] for name in (
        'length_fffffff4', 'version_3', 'size_39', 'nested', 'misaligned',
        'outside')}
