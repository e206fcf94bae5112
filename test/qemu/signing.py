# SPDX-License-Identifier: GPL-2.0-or-later
"""Signed manifests for tests: written as device tree source, signed by mkimage

Neither tools/ nor lib/rpmb has a hand in it.
"""

import os

import its
import rig
from host import keys, run


def dtb(name, source):
    """Return: the path of a compiled tree"""
    with open(name + '.dts', 'w', encoding='ascii') as file:
        file.write('/dts-v1/;\n/ {\n' + source + '\n};\n')
    run('dtc', '-q', '-I', 'dts', '-O', 'dtb', '-o', name + '.dtb',
        name + '.dts')
    return name + '.dtb'


def hexbytes(data):
    """Return: bytes as device tree source"""
    return '[' + data.hex() + ']'


def device(number, transport, target=0, keyid=0x100, dev_id=None, kcv=None,
           indexes=()):
    """Return: a device of a manifest, as source"""
    lines = [f'transport = "{transport}";', f'target = <{target}>;',
             f'key-id = <{keyid:#x}>;']
    if dev_id is None:
        lines.append('any;')
    else:
        lines.append(f'id = {hexbytes(dev_id)};')
        lines.append(f'check-value = {hexbytes(kcv)};')
    if indexes:
        cells = ' '.join(f'{loc:#x} {index >> 32:#x} {index & 0xffffffff:#x}'
                         for loc, index in indexes)
        lines.append(f'rollback-indexes = <{cells}>;')
    return f'device-{number} {{ ' + ' '.join(lines) + ' };'


def manifest(name, *devices, batch='test-1'):
    """Return: the path of a manifest, not signed yet"""
    return dtb(name, 'compatible = "u-boot,rpmb-manifest"; version = <1>;\n'
               f'batch = "{batch}";\n' + '\n'.join(devices))


def sign(data, key='factory', purpose='rpmb-manifest', name=None, kind=None,
         prop=None, algo='sha256'):
    """Have mkimage make and sign a FIT. Return: its path

    key: one, several with spaces between, or None for none

    name: of the FIT, without suffix; that of the data if it is not given

    kind, prop: of image and configuration, where they are not the purpose
    """
    source = its.source(
        purpose, (its.image('content', data, kind or purpose, 0x44000000,
                            algo=algo),),
        ((prop or purpose, 'content'),), (key or '-').split(),
        'compatible = "linux,dummy-virt";')
    return its.build(name or os.path.splitext(data)[0], source,
                     rig.tool('mkimage'), keys() if key else None)
