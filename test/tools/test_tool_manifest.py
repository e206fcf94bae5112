# SPDX-License-Identifier: GPL-2.0-or-later
"""rpmb-tool manifest: what is in one, signed by mkimage, and what it refuses"""

import os

import pytest

import host
from tool import BATCH, CID, CID_FFU, KCV, NAME, table

SUITE = 'tools'


def test_manifest_from_text(tool, fdt):
    """What the text says is in the tree"""
    tool.gives(0, 'manifest --from batch.txt --out m.dtb')
    for node, name, kind, value in (
            ('/', 'compatible', 's', 'u-boot,rpmb-manifest'),
            ('/', 'version', 'u', '1'), ('/', 'batch', 's', '2026-11-A'),
            ('/device-1', 'transport', 's', 'emmc'),
            ('/device-1', 'key-id', 'x', '100'),
            ('/device-1', 'check-value', 'bx', ' '.join(
                f'{byte:x}' for byte in bytes.fromhex(KCV))),
            ('/device-1', 'rollback-indexes', 'x', '100 0 5 1 f fffffff0'),
            ('/device-2', 'target', 'u', '1'),
            ('/device-3', 'target', 'u', '0')):
        assert fdt('-t' + kind, 'm.dtb', node, name) == value.split()
    assert fdt('-l', 'm.dtb', '/') == ['device-1', 'device-2', 'device-3']
    assert fdt('-p', 'm.dtb', '/device-3') == ['target', 'transport',
                                               'key-id', 'any']


def test_manifest_shown_and_made_again_is_the_same(tool, manifest):
    """What is shown is a text to make one from"""
    tool.gives(0, f'manifest --show {manifest}',
               says=f'id={CID} kcv={KCV} index=0x100:0x5 index=0x1:0xffffffff0')
    shown = host.read(host.write('shown', tool.out))
    tool.gives(0, 'manifest --from shown --out again.dtb')
    tool.gives(0, 'manifest --show again.dtb')
    assert tool.out == shown


def test_manifest_from_options(tool):
    """Without a text"""
    tool.gives(0, "manifest --batch B --device 'transport=emmc key=1 any' -d "
               f"'transport=ufs target=3 key=0x200 name=\"{NAME}\" "
               "kcv=0011223344556677' -o o.dtb")
    tool.gives(0, 'manifest --show o.dtb', says=(
        'batch B', 'device transport=emmc target=0 key=0x1 any',
        'target=3 key=0x200 id='))


def test_manifest_signed_by_mkimage(tool, mkimage, fdt, key_pair):
    """The source that comes with it makes a signed FIT"""
    os.mkdir('sub')
    key_pair('factory')
    tool.gives(0, 'manifest --from batch.txt --out m.dtb --its sub/m.its '
               '--key-name factory')
    fit = mkimage('sub/m.its', '-k', 'keys')
    assert fdt(fit, '/images/manifest', 'type') == ['rpmb-manifest']
    assert fdt(fit, '/configurations/manifest/signature-1', 'value')
    tool.gives(0, 'manifest --show m.dtb')
    bare = tool.out
    tool.gives(0, f'manifest --show {fit}')
    assert tool.out == bare
    tool.gives(0, 'manifest --from batch.txt --out sub/m.dtb --its sub/m.its')
    assert b'incbin/("m.dtb")' in host.read('sub/m.its')


@pytest.mark.parametrize('changes, found', [
    ([('^\t\tmanifest {', '\t\tfirst {'), ('"manifest"', '"first"')], True),
    ([('rpmb-manifest = ', 'rpmb-other = ')], False),
    ([('^.*default = .*\n', '')], False),
], ids=('node', 'property', 'default'))
def test_manifest_is_found_as_boards_find_it(tool, manifest, mkimage,
                                             other_source, changes, found):
    """Names of nodes are free, and what a board does not look at is not shown"""
    fit = mkimage(other_source('f.its', *changes))
    if not found:
        tool.gives(1, f'manifest --show {fit}', says='a FIT without a manifest')
        return
    tool.gives(0, f'manifest --show {manifest}')
    bare = tool.out
    tool.gives(0, f'manifest --show {fit}')
    assert tool.out == bare


@table('line, status, says', [
    ('device transport=emmc key=0x100 any kcv=0011223344556677', 1,
     'check-value'),
    (f'device transport=emmc key=0x101 id={CID_FFU} kcv={KCV}', 1,
     'a device twice'),
    ('device transport=sandbox key=3 any', 1, 'one key for two'),
    ('device transport=emmc key=0x10000 any', 1, 'not a key id'),
    ('device transport=emmc target=1 key=5 any', 1, 'not a target'),
    ('device transport=emmc key=5', 1, 'either an id or any'),
    ('device transport=emmc key=5 any any', 1, 'given twice'),
    ('device transport=emmc key=5 any index=1:1 index=1:2', 1, 'twice'),
    ('device transport=emmc key=5 any index=1:0xffffffffffffffff', 1,
     '2^64 - 1'),
    ('device transport=mmc key=5 any', 1, 'not known'),
    ('device transport=emmc key=5 any colour=red', 2, 'not known'),
    ('device transport=emmc key=5x any', 2, 'not a number'),
    ('device transport=emmc key=5 any index=1', 2, 'LOCATION'),
    ('device transport=emmc key=5 id=0g', 2, 'not hex'),
    ('device transport=emmc name="x', 2, 'missing'),
    ('device transport=emmc key=100 any', 2, 'hex or decimal'),
    ('device transport=emmc key=5 any index=1:16', 2, 'hex or decimal'),
    ('device transport=emmc key=5 any index=32:1', 2, 'hex or decimal'),
    ('device transport=emmc key=0x any', 2, 'not a number'),
    ('batch again', 2, 'given twice'), ('batch', 2, 'one word'),
    ('batch two words', 2, 'one word'),
    ('hello', 2, 'neither'),
])
def test_manifest_rules_are_kept(tool, line, status, says):
    """A line too many in a good text: refused with this word, of this line"""
    host.write('bad.txt', BATCH + line + '\n')
    tool.gives(status, 'manifest --from bad.txt --out bad.dtb',
               says=(says, 'bad.txt:6'))
    assert not os.path.exists('bad.dtb')


@pytest.mark.parametrize('text, status, line', [
    ('batch two words\n', 2, 1), ('#\n\nbatch two words\n', 2, 3),
    ('\ufeff#\nbatch a b\n', 2, 2), ('batch a\rdevice x\r', 2, 1),
    ('batch \u00fc\n', 1, 1), ('#\nbatch a/b\n', 1, 2), ('batch -a\n', 1, 1),
    ('batch ' + 64 * 'a' + '\n', 1, 1), ('batch a\n\0', 2, 2),
    ('batch a\n#\n device key=1 any\n', 1, 3),
    ('batch a\ndevice transport=ufs key=1 name="\n', 2, 2),
    ('batch a\n' + 65 * 'device transport=ufs key=1 any\n', 2, 35),
    ('batch a\ndevice ' + 99 * 'x ' + '\n', 2, 2),
], ids=lambda value: repr(value)[:40])
def test_error_has_its_line(tool, text, status, line):
    """Whatever is wrong in a line"""
    if status == 1 and 'device' not in text:
        text += 'device transport=emmc key=1 any\n'
    host.write('bad.txt', text)
    tool.gives(status, 'manifest --from bad.txt --out bad.dtb',
               says=f'bad.txt:{line}: ')


@pytest.mark.parametrize('form', (
    lambda text: '\ufeff' + text, lambda text: text.replace('\n', '\r\n'),
    lambda text: '\ufeff' + text.replace('\n', '\r\n')), ids=('bom', 'crlf', 'both'))
def test_texts_of_windows_are_texts(tool, manifest, form):
    """A byte order mark, CR LF"""
    host.write('other.txt', form(BATCH))
    tool.gives(0, 'manifest --from other.txt --out other.dtb')
    assert host.read('other.dtb') == host.read(manifest)


def test_manifest_as_json(tool, manifest):
    """All that is in it"""
    shown = tool.json(0, f'manifest --show {manifest}')
    assert shown['batch'] == '2026-11-A'
    assert shown['signature'] == {'state': 'unsigned'}
    assert shown['devices'] == [
        {'transport': 'emmc', 'target': 0, 'key': '0x100', 'any': False,
         'id': CID, 'kcv': KCV, 'indexes': [
             {'location': '0x100', 'index': '0x5'},
             {'location': '0x1', 'index': '0xffffffff0'}]},
        {'transport': 'ufs', 'target': 1, 'key': '0x200', 'any': False,
         'id': NAME.encode().hex(), 'kcv': '0011223344556677', 'indexes': []},
        {'transport': 'virtio', 'target': 0, 'key': '0x3', 'any': True,
         'indexes': []}]


@table('status, args, says', [
    (2, '--from nobatch --out x', 'batch: missing'),
    (1, '--from nodev --out x', 'no device'),
    (1, "--batch a --device 'key=1 any' --out x", 'transport'),
    (2, '--from batch.txt', '--out'), (2, '--out x', 'either --from, or'),
    (2, '--from batch.txt --batch x --out x', '--from'),
    (2, '--from batch.txt --out - --its x.its', '--its'),
    (2, "--from batch.txt --out x --its y --key-name '\"'", '--key-name'),
    (2, '--show m.dtb --out x', '--show'),
    (2, '--from batch.txt --out x --json', 'go with'),
    (2, '--from batch.txt --out missing/x', 'No such file'),
    (2, '--from nul --out x', 'not a text'),
    (1, '--show batch.txt', 'no manifest'), (1, '--show longer', 'after'),
])
def test_wrong_manifest_usage(tool, manifest, status, args, says):
    """What is said of it"""
    device = 'device transport=emmc key=5 any\n'
    host.write('nobatch', device)
    host.write('nodev', 'batch x\n')
    host.write('nul', BATCH + '\0\n' + device)
    host.write('longer', host.read(manifest) + b'x')
    tool.gives(status, 'manifest ' + args, says=says)
