# SPDX-License-Identifier: GPL-2.0-or-later
"""rpmb-tool --verify: who signed it, and what the signature covers"""

import os

import pytest

import host

SUITE = 'tools'

MAKE = 'manifest --from batch.txt --out m.dtb --its m.its --key-name '


@pytest.fixture(scope='module', name='keys')
def some_keys(tmp_path_factory):
    """A folder with keys of each kind, and their certificates"""
    place = str(tmp_path_factory.mktemp('keys'))
    for name, kind in (('good', 'rsa:2048'), ('other', 'rsa:2048'),
                       ('large', 'rsa:4096'), ('curve', 'ec')):
        args = ['-pkeyopt', 'ec_paramgen_curve:P-256'] if kind == 'ec' else []
        host.run('openssl', 'req', '-batch', '-new', '-x509', '-newkey', kind,
                 *args, '-nodes', '-keyout', f'{place}/{name}.key', '-out',
                 f'{place}/{name}.crt', '-subj', f'/CN={name}')
    host.run('openssl', 'x509', '-in', f'{place}/good.crt', '-pubkey', '-noout',
             '-out', f'{place}/good.pub')
    # for mkimage, which reads a key of curves without a certificate
    os.link(f'{place}/curve.key', f'{place}/curve.pem')
    return place


@pytest.fixture(name='sign')
def signer(tool, mkimage, other_source, keys):
    """A function that has a manifest signed, its source changed before"""
    def run(name, *changes, args=''):
        tool.gives(0, MAKE + name + args)
        source = other_source('f.its', *changes) if changes else 'm.its'
        return mkimage(source, '-k', keys)
    return run


@pytest.mark.parametrize('name, args', [
    ('good', ''), ('large', ' --algo sha256,rsa4096'),
    ('good', ' --algo sha512,rsa2048'), ('curve', ' --algo sha256,ecdsa256')])
def test_good_signature(tool, sign, keys, name, args):
    """Of each algorithm that mkimage has"""
    fit = sign(name, args=args)
    tool.gives(0, f'manifest --show {fit}', says=('; --verify', f"'{name}'"))
    tool.gives(0, f'manifest --show {fit} --verify {keys}/{name}.crt',
               says=('verified (', '2026-11-A'))
    tool.gives(1, f'manifest --show {fit} --verify {keys}/other.crt',
               says='not verified')
    assert not tool.out


def test_padding_and_public_key(tool, sign, keys):
    """PSS, and a key without a certificate"""
    fit = sign('good', ('(key-name-hint)', r'padding = "pss"; \1'))
    tool.gives(0, f'manifest --show {fit} --verify {keys}/good.pub',
               says='verified (')
    assert tool.json(0, f'manifest --show {fit} --verify {keys}/good.pub')[
        'signature'] == {'state': 'verified', 'algo': 'sha256,rsa2048',
                         'key_name': 'good'}


def test_unsigned_is_said(tool, sign, keys, manifest, mkimage):
    """Bare, made without a key, or made with the name of a key that is not there"""
    fit = sign('missing')
    for path in manifest, fit, mkimage('m.its'):
        tool.gives(0, f'manifest --show {path}', says='unsigned')
        tool.gives(1, f'manifest --show {path} --verify {keys}/good.crt',
                   says='not verified')
        assert not tool.out


@pytest.mark.parametrize('node, what', [
    ('/images/manifest', 'data'), ('/images/manifest/hash-1', 'value'),
    ('/configurations/manifest/signature-1', 'value'),
    ('/images/manifest', 'description'), ('/', 'description')])
def test_changed_is_not_verified(tool, sign, keys, node, what):
    """A bit of the data, of a hash, of the signature, of what else is signed"""
    fit = sign('good')
    old = bytes.fromhex(''.join(f'{int(byte, 16):02x}' for byte in host.run(
        'fdtget', '-tbx', fit, node, what).split()))
    data = host.read(fit)
    at = data.index(old)
    host.write(fit, data[:at + 8] + bytes([data[at + 8] ^ 1]) + data[at + 9:])
    tool.gives(1, f'manifest --show {fit} --verify {keys}/good.crt',
               says='not verified')
    assert not tool.out


@pytest.mark.parametrize('change, says', [
    ([('algo = "sha256";', 'algo = "sha1";')], 'no SHA-256'),
    ([('hash-1 {', 'other {\n}; hash-1 {')], 'besides hashes'),
], ids=('weak', 'other_node'))
def test_what_boards_refuse_is_not_verified(tool, sign, keys, change, says):
    """Though the signature is right"""
    fit = sign('good', *change)
    tool.gives(1, f'manifest --show {fit} --verify {keys}/good.crt', says=says)


def test_more_is_covered(tool, sign, keys):
    """Or less: boards take just what belongs to the data"""
    fit = sign('good')
    where = '/configurations/manifest/signature-1', 'hashed-nodes'
    nodes = host.run('fdtget', '-ts', fit, *where).split()
    for wrong in nodes[:-1], nodes + ['/images'], []:
        host.run('fdtput', '-ts', fit, *where, *wrong)
        tool.gives(1, f'manifest --show {fit} --verify {keys}/good.crt',
                   says='does not cover just')


def test_weak_signature(tool, sign, keys):
    """By SHA-1"""
    fit = sign('good', args=' --algo sha1,rsa2048')
    tool.gives(1, f'manifest --show {fit} --verify {keys}/good.crt',
               says='its signature has no SHA-256')


def test_no_certificate(tool, sign, keys):
    """Another file, a private key, none"""
    fit = sign('good')
    for path, says in (('batch.txt', 'no certificate'), ('gone', 'No such file'),
                       (f'{keys}/good.key', 'no certificate')):
        tool.gives(2, f'manifest --show {fit} --verify {path}', says=says)


def test_token_and_log(tool, mkimage, keys, sign):
    """The same for a token, and for the manifest that logs are compared with"""
    tool.gives(0, 'token --transport virtio --name v --counter 1 --rma --out '
               't.dtb --its t.its --key-name good')
    fit = mkimage('t.its', '-k', keys)
    tool.gives(0, f'token --show {fit} --verify {keys}/good.crt',
               says='verified (')
    tool.gives(1, f'token --show {fit} --verify {keys}/other.crt',
               says='not verified')
    fit = sign('good')
    host.write('empty', b'')
    tool.gives(1, f'verify-log --manifest {fit} --verify {keys}/other.crt empty',
               says='not verified')
    tool.gives(1, f'verify-log --manifest {fit} --verify {keys}/good.crt empty',
               says='no line of provisioning')
    tool.gives(2, f'verify-log --verify {keys}/good.crt empty', says='goes with')
