# SPDX-License-Identifier: GPL-2.0-or-later
"""rpmb-tool token: what is in one, signed by mkimage, and what it refuses"""

import os

import pytest

import host
from tool import CID, NAME, table

SUITE = 'tools'

OF_CID = f'--transport emmc --id {CID} --counter 1'
AT = f'token --transport emmc --id {CID} --counter 0x8000001c --out t.dtb '


def test_token_resets_an_index(tool, fdt):
    """All of what was asked for is in the tree"""
    tool.gives(0, AT + '--reset-index 0x100:0x500000006')
    for name, kind, value in (
            ('compatible', 's', 'u-boot,rpmb-token'), ('version', 'u', '1'),
            ('transport', 's', 'emmc'), ('target', 'u', '0'),
            ('id', 'bx', ' '.join(f'{byte:x}' for byte in bytes.fromhex(CID))),
            ('write-counter', 'x', '8000001c'),
            ('reset-index', 'x', '100 5 6')):
        assert fdt('-t' + kind, 't.dtb', '/', name) == value.split()
    assert 'rma' not in fdt('-p', 't.dtb', '/')


def test_token_opens_a_board(tool, fdt):
    """With nothing else in it"""
    tool.gives(0, AT + '--rma')
    names = fdt('-p', 't.dtb', '/')
    assert 'rma' in names and 'reset-index' not in names and len(names) == 7


def test_token_of_a_name(tool, fdt):
    """A UFS region is named, and shown by its identifier"""
    tool.gives(0, f'token --transport ufs --target 3 --name "{NAME}" '
               '--counter 0 --rma -o t.dtb')
    assert fdt('t.dtb', '/', 'target') == ['3']
    tool.gives(0, 'token --show t.dtb', says='transport ufs --target 3 --id '
               + NAME.encode().hex())


@pytest.mark.parametrize('act', ('--reset-index 0x11b:0xfffffffffffffffe',
                                 '--rma'))
def test_token_shown_and_made_again_is_the_same(tool, act):
    """What is shown are options to make one with"""
    tool.gives(0, AT + act)
    tool.gives(0, 'token --show t.dtb',
               says=f'--id {CID} --counter 0x8000001c {act}')
    tool.gives(0, f'token --out again.dtb {tool.out.decode()}')
    assert host.read('t.dtb') == host.read('again.dtb')


def test_token_signed_by_mkimage(tool, mkimage, fdt, key_pair, manifest):
    """The source that comes with it makes a signed FIT, which is no manifest"""
    os.mkdir('sub')
    key_pair('service')
    tool.gives(0, AT + '--rma --its sub/t.its --key-name service')
    fit = mkimage('sub/t.its', '-k', 'keys')
    assert fdt(fit, '/images/token', 'type') == ['rpmb-token']
    assert fdt(fit, '/configurations/token', 'rpmb-token') == ['token']
    assert fdt(fit, '/configurations/token/signature-1', 'value')
    tool.gives(0, 'token --show t.dtb')
    bare = tool.out
    tool.gives(0, f'token --show {fit}')
    assert tool.out == bare
    host.write('large.itb', host.read(fit) + bytes(65536))
    tool.gives(2, 'token --show large.itb', says='larger than 65536')
    tool.gives(1, f'manifest --show {fit}', says='a FIT without a manifest')
    tool.gives(1, 'manifest --show t.dtb', says='no manifest')
    tool.gives(1, f'token --show {manifest}', says='not that of a token')


@pytest.mark.parametrize('act, parts', [
    ('--rma', {'action': 'rma'}),
    ('--reset-index 0x100:0x10', {'action': 'reset-index', 'location': '0x100',
                                  'index': '0x10'})], ids=('rma', 'index'))
def test_token_as_json(tool, act, parts):
    """All that is in it"""
    tool.gives(0, AT + act)
    assert tool.json(0, 'token --show t.dtb') == {
        'transport': 'emmc', 'target': 0, 'id': CID, 'counter': '0x8000001c',
        'signature': {'state': 'unsigned'}, **parts}


NO_PLACE = [(1, 'no such location', f'{OF_CID} --reset-index {loc:#x}:1')
            for loc in (0x20, 0xff, 0x11c, 0x1ff, 0x21c)]


@table('status, says, args', [
    (1, 'an index of 2^64 - 1',
     f'{OF_CID} --reset-index 0x100:0xffffffffffffffff'),
    (1, 'not a counter to write at',
     f'--transport emmc --id {CID} --counter 0xffffffff --rma'),
    (1, 'id: of a wrong length', '--transport emmc --id 00 --counter 1 --rma'),
    (1, 'target: not a target',
     '--transport virtio --name v --target 1 --counter 1 --rma'),
    *NO_PLACE,
    (2, 'are wanted', f'--id {CID} --counter 1 --rma'),
    (2, 'are wanted', '--transport emmc --counter 1 --rma'),
    (2, 'are wanted', f'--transport emmc --id {CID} --rma'),
    (2, 'either', OF_CID),
    (2, 'either', f'{OF_CID} --rma --reset-index 1:1'),
    (2, 'a second one', f'{OF_CID} --reset-index 1:1 --reset-index 2:1'),
    (2, 'not LOCATION', '--reset-index 1'),
    (2, 'too large', f'{OF_CID} --reset-index 0x100000100:1'),
    (2, 'hex or decimal', f'{OF_CID} --reset-index 100:1'),
    (2, 'hex or decimal', f'{OF_CID} --reset-index 1:10'),
    (2, 'hex or decimal', '--counter 28'), (2, 'go with', f'{OF_CID} --json'),
    (2, 'would overwrite', f'{OF_CID} --rma --its ./none.dtb'),
    (2, 'not a counter', '--counter 0x100000000'),
    (2, 'too many', '--rma more'), (2, 'goes alone', '--show t.dtb --rma'),
])
def test_token_rules_are_kept(tool, status, says, args):
    """The options of a token that is none: refused with this word"""
    tool.gives(status, f'token {args} --out none.dtb', says=says)
    assert not os.path.exists('none.dtb')


@table('status, args, says', [
    (2, f'{OF_CID} --rma', '--out is wanted'),
    (2, f'{OF_CID} --rma --out - --its x.its', '--its'),
    (2, '--show missing', 'No such file'), (1, '--show batch.txt', 'no token'),
])
def test_wrong_token_usage(tool, status, args, says):
    """What is said of it"""
    tool.gives(status, f'token {args}', says=says)
