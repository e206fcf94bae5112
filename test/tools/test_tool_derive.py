# SPDX-License-Identifier: GPL-2.0-or-later
"""rpmb-tool derive: against Python's and OpenSSL's HMAC, and what it refuses"""

import os
import stat

import pytest

import host
from keys import EMMC, UFS, VIRTIO, check_value
from tool import CID, CID_FFU, HUK, NAME, kcv_of, key_of, table

SUITE = 'tools'

SANDBOX = 127
TRANSPORTS = {EMMC: 'emmc', UFS: 'ufs', VIRTIO: 'virtio', SANDBOX: 'sandbox'}
DERIVE = 'derive --huk huk --transport emmc'
OF_CID = f'{DERIVE} --id {CID}'
NO_KEY = 'no key for such a transport with such an identifier'
NO_ID = 'not an identifier, or a second one'
PUBLISHED = b'AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH'


@pytest.mark.parametrize('secret, scheme, slot, transport, target, ident', [
    ('huk', 'derived', 0, EMMC, 0, bytes.fromhex(CID)),
    ('huk16', 'derived', 255, EMMC, 0, bytes.fromhex(CID_FFU)),
    ('huk', 'fuse', 7, UFS, 1, NAME.encode()),
    ('huk', 'test', 0, VIRTIO, 0, b'vm'),
    ('huk', 'derived', 1, SANDBOX, 0, b's'),
    ('huk16', 'optee', 0, EMMC, 0, bytes.fromhex(CID)),
    ('huk16', 'optee-compat', 0, EMMC, 0, bytes.fromhex(CID)),
    ('huk', 'optee', 0, UFS, 1, NAME.encode()),
    ('huk', 'optee-compat', 0, UFS, 3, 4 * NAME.encode()),
    ('huk', 'optee', 0, UFS, 0, bytes(128)),
    ('huk', 'optee', 0, UFS, 0, bytes(129)),
], ids=lambda value: f'{len(value)} bytes' if isinstance(value, bytes) else
    str(value))
def test_derive_as_python_does(tool, secret, scheme, slot, transport, target,
                               ident):
    """Key and check value, by each scheme and of each transport"""
    tool.gives(0, f'derive --huk {secret} --scheme {scheme} --slot {slot:#x} '
               f'--transport {TRANSPORTS[transport]} --target {target} '
               f'--id {ident.hex()} --key-out key')
    key = key_of(host.read(secret), scheme, slot, transport, target, ident)
    assert host.read('key') == key
    assert tool.out.decode().strip() == check_value(key).hex()


def test_derive_as_openssl_does(tool, openssl):
    """HKDF and HMAC by somebody else's code"""
    info = b'U-Boot RPMB key 1' + bytes([1, 3, 2, 1, 0, len(NAME)]) + \
        NAME.encode()
    tool.gives(0, 'derive --huk huk --transport ufs --target 1 --slot 3 '
               f'--name "{NAME}" --key-out key')
    key = host.read('key')
    assert openssl('kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:'
                   f'{host.read("huk").hex()} -kdfopt hexinfo:{info.hex()} '
                   '-binary HKDF') == key
    mac = openssl(f'dgst -sha256 -mac hmac -macopt hexkey:{key.hex()} -binary',
                  b'RPMB key check value 1')
    assert tool.out.decode().strip() == mac[:8].hex()


def test_derive_ignores_what_firmware_updates_change(tool):
    """One key before and after it"""
    tool.gives(0, OF_CID)
    before = tool.out
    tool.gives(0, f'{DERIVE} --id {CID_FFU}')
    assert tool.out == before


def test_key_goes_to_a_private_new_file_only(tool):
    """For nobody else to read, over no file, and not where it is seen"""
    mask = os.umask(0)
    try:
        tool.gives(0, f'{OF_CID} --key-out key')
    finally:
        os.umask(mask)
    key = host.read('key')
    assert stat.S_IMODE(os.stat('key').st_mode) == 0o600 and len(key) == 32
    tool.says_none_of(key.hex())
    for place, says in (('key', 'File exists'), ('-', 'to a file only'),
                        ('/dev/stdout', 'File exists')):
        tool.gives(2, f'{OF_CID} --key-out {place}', says=says)
        tool.says_none_of(key.hex())
    assert host.read('key') == key


@pytest.mark.parametrize('secret, scheme, says', [
    (bytes(32), 'derived', 'blank, patterned or published'),
    (PUBLISHED, 'derived', 'published'), (PUBLISHED, 'optee', 'published'),
], ids=('blank', 'published', 'published_optee'))
def test_weak_secrets_are_refused(tool, secret, scheme, says):
    """Unique keys that anybody could guess"""
    host.write('weak', secret)
    tool.gives(1, f'derive --huk weak --transport emmc --id {CID} --scheme '
               f'{scheme}', says=says)


TEXTS = {
    'hex': HUK.hex(), 'hex_line': HUK.hex().upper() + '\n',
    'hex_of_windows': HUK.hex() + '\r\n',
}


@pytest.mark.parametrize('form', TEXTS)
def test_hex_of_a_secret_is_the_secret(tool, form):
    """A unique key, and a key to decode with"""
    tool.gives(0, f'{OF_CID} --key-out key')
    expected = tool.out
    host.write('text', TEXTS[form])
    tool.gives(0, f'{OF_CID} --huk text')
    assert tool.out == expected
    host.write('frames', bytes(512))
    host.write('key.txt', TEXTS[form].replace(HUK.hex(), host.read('key').hex()))
    tool.gives(0, 'decode --key key.txt frames')


@pytest.mark.parametrize('secret, says', [
    (HUK + b'\n', 'newline'), (bytes(range(1, 33)) + b'\n', 'newline'),
    (bytes(range(1, 17)) + b'\r\n', 'newline'), (b'some words\n' * 3, 'newline'),
    (HUK.hex()[:31].encode(), 'another number'),
    (HUK.hex()[:16].encode(), 'another number'),
    (HUK.hex().encode() * 2 + b'00', 'another number'),
    (HUK.hex(' ').encode(), 'nothing between'),
    (b'0x' + HUK.hex().encode(), 'nothing between'),
    (HUK.hex(':', 1).encode() + b'\n', 'nothing between'), (b'', '16 to 64'),
    (b'\n' * 32, 'nothing between'),
], ids=lambda value: repr(value)[:30])
def test_text_that_is_no_secret_is_refused(tool, secret, says):
    """Its hash would be a key, of no board"""
    host.write('text', secret)
    tool.gives(2, f'{OF_CID} --huk text --key-out key', says=says)
    assert not os.path.exists('key')


def test_derive_as_json(tool):
    """The check value, and what it is of"""
    assert tool.json(0, f'{OF_CID} --slot 0x10') == {
        'transport': 'emmc', 'target': 0, 'id': CID, 'slot': '0x10',
        'kcv': kcv_of(HUK, 'derived', 16, EMMC, 0, bytes.fromhex(CID))}


@table('command, says', [
    (DERIVE, '--id'), (f'{OF_CID}00', NO_KEY), (f'{OF_CID}0', NO_ID),
    (f'{DERIVE} --id xx', NO_ID), (f'{OF_CID} --name x', NO_ID),
    (f'{OF_CID} more', 'too many'), (f'{OF_CID} --slot 0x100', 'not a slot'),
    (f'{OF_CID} --slot -1', 'not a slot'),
    (f'{OF_CID} --slot 10', 'hex or decimal'),
    (f'{OF_CID} --target 4', 'not a target'),
    (f'{OF_CID} --scheme none', 'no such scheme'),
    (f'{OF_CID} --huk short', '16 to 64'), (f'{OF_CID} --huk long', '16 to 64'),
    (f'{OF_CID} --huk missing', 'No such file'),
    (f'derive --huk huk --transport nvme --id {CID}', 'no such transport'),
    (f'derive --huk huk --transport virtio --scheme optee --id {CID}', NO_KEY),
    (f'{OF_CID} --scheme optee --slot 1', "OP-TEE's keys"),
    (f'{OF_CID} --scheme optee-compat --slot 2', "OP-TEE's keys"),
])
def test_wrong_derive_usage(tool, command, says):
    """What is said of it"""
    host.write('short', host.read('huk')[:15])
    host.write('long', 3 * host.read('huk'))
    tool.gives(2, command, says=says)


@pytest.mark.parametrize('command', ('', 'manifest', 'token', 'derive',
                                     'verify-log', 'decode'))
def test_help_is_there(tool, command):
    """For the program, and for each of its commands"""
    tool.gives(0, f'{command} --help', says=('SYNOPSIS', 'EXIT STATUS',
                                             f'rpmb-tool {command}'.strip()))
    assert not tool.err


@table('command, says', [
    ('', '--help'), ('bogus', 'no such command'),
    ('decode --bogus', 'wrong option'), ('verify-log --slot 1', 'wrong option'),
])
def test_wrong_usage_is_explained(tool, command, says):
    """What is no command, and no option of one"""
    tool.gives(2, command, says=says)
