# SPDX-License-Identifier: GPL-2.0-or-later
"""What is signed for one purpose, in sandbox: each way it can be wrong

test/qemu/test_provision.py and test_token.py have more, on boards.
"""

import shutil

import its
from fit import changed, control_tree, load, tool, uboot, unit_test
from host import check, keys, read, run, write
from sandbox_fixtures import folder

SUITE = 'signed'
place = folder('test_signed')

PURPOSE = 'rpmb-manifest'
CONF = '/configurations/conf'
SIGNATURE = CONF + '/signature-1'
MANIFEST = '''/dts-v1/;
/ {
	compatible = "u-boot,rpmb-manifest";
	version = <1>;
	batch = "test";
	device-1 { transport = "sandbox"; target = <0>; key-id = <0x100>; any; };
};
'''


TOKEN = '''/dts-v1/;
/ {
	compatible = "u-boot,rpmb-token";
	version = <1>;
	transport = "sandbox";
	target = <0>;
	id = "sandbox-rpmb0";
	write-counter = <0>;
	reset-index = <0x100 0 5>;
};
'''


def sign(name, key='factory', algo='sha256', kind=PURPOSE, prop=PURPOSE,
         changes=(), data='manifest.dtb'):
    """Return: the path of a FIT with a manifest in it"""
    write('manifest.dts', MANIFEST)
    run('dtc', '-q', '-O', 'dtb', '-o', 'manifest.dtb', 'manifest.dts')
    text = its.source(PURPOSE, (its.image('content', data, kind, 0,
                                          'sandbox', algo=algo),),
                      ((prop, 'content'),), (key,) if key else ())
    return its.build(name, changed(text, changes), tool('mkimage'),
                     keys() if key else None)


def put(fit, name, node, prop, *words):
    """Return: a copy of a FIT in which a property is another, or gone"""
    shutil.copy(fit, name)
    run('fdtput', *(('-t', 's', name, node, prop, *words) if words else
                    ('-d', name, node, prop)))
    return name


def provision(fit):
    """Return: what is said of a manifest; nothing is programmed"""
    return uboot(load(fit), 'rpmb provision -n 1000000', prepare=['rpmb list'])


def bad():
    """Yield: FIT, and why it is refused"""
    good = sign('good')
    yield sign('unsigned', key=None), 'it is not signed with the keys for this'
    yield sign('other', key='os'), 'it is not signed with the keys for this'
    yield sign('weak', algo='crc32'), 'no SHA-256 or better'
    yield sign('kind', kind='kernel'), 'its image is of another type'
    yield sign('prop', prop='kernel'), 'configuration is not for this purpose'
    yield put(good, 'gone.itb', CONF, PURPOSE, 'gone'), 'it lacks the image'
    yield put(good, 'no-type.itb', '/images/content', 'type'), \
        'its image is of another type'
    yield put(good, 'no-conf.itb', '/configurations', 'default', 'none'), \
        'it has no default configuration'
    nodes = run('fdtget', '-t', 's', good, SIGNATURE, 'hashed-nodes').split()
    for number, other in enumerate((nodes[1:], nodes[:-1], nodes + ['/images'],
                                    [*nodes[:-1], nodes[0]], nodes * 3)):
        yield put(good, f'list-{number}.itb', SIGNATURE, 'hashed-nodes',
                  *other), 'verify result=refused-signature'
    yield sign('below', changes=[(
        'hash-1 {', 'else { value = <1>; }; hash-1 {')]), 'not cover just'
    yield sign('hashes', changes=[(
        'hash-1 {', 'hash-2 { algo = "sha1"; }; hash-1 {')]), None
    write('data.itb', read(good).replace(b'test', b'best'))
    yield 'data.itb', 'the data are not those that were signed'
    shutil.copy('unsigned.itb', 'outside.itb')
    run(tool('mkimage'), '-E', '-F', 'outside.itb')
    yield 'outside.itb', 'its data are outside'
    write('none.itb', b'no FIT at all'.ljust(4096))
    yield 'none.itb', 'refused-no-manifest'


def test_manifest():
    """A manifest that is in order, and others"""
    control_tree(required=PURPOSE, key='factory')
    text = provision(sign('good'))
    check('step=done result=dry-run' in text, text)
    for fit, why in bad():
        text = provision(fit)
        check(('step=done result=dry-run' if why is None else why) in text,
              f'{fit}: not "{why}":\n{text}')
        check((why is None) == ('step=done' in text), text)


def test_keys():
    """Keys of the control FDT: none, for something else, two"""
    fit = sign('good')
    for required, key in (('conf', 'factory'), ('image', 'factory'),
                          (None, 'factory'), (PURPOSE, None)):
        control_tree(required=required, key=key)
        text = provision(fit)
        check('the control FDT has no key for this purpose' in text, text)
    # one with two strings is for neither, and one of two does not suffice
    control_tree(required=PURPOSE, key='factory')
    run(tool('fdt_add_pubkey'), '-a', 'sha256,rsa2048', '-k', keys(), '-n',
        'os', '-r', PURPOSE, 'control.dtb')
    text = provision(fit)
    check('it is not signed with the keys for this' in text, text)


def test_key_room():
    """A key that is larger than any, and data that are gone"""
    fit = sign('good')
    control_tree(required=PURPOSE, key='factory')
    text = provision(put(fit, 'no-data.itb', '/images/content', 'data'))
    check('the data are not those that were signed' in text, text)
    write('huge.dts', run('dtc', '-q', '-I', 'dtb', '-O', 'dts', 'control.dtb').replace(
        f'required = "{PURPOSE}";', f'required = "{PURPOSE}"; junk = "' +
        'x' * 9000 + '";'))
    run('dtc', '-q', '-O', 'dtb', '-o', 'control.dtb', 'huge.dts')
    text = provision(fit)
    check('there is no memory for the keys' in text, text)


def test_token():
    """A token that is signed, and is none: it is told from one that is not"""
    control_tree(required='rpmb-token', key='service')
    fit = sign('token', key='service', kind='rpmb-token', prop='rpmb-token')
    text = uboot(load(fit), 'rpmb service 1000000')
    check('refused: it is signed, but cannot be understood' in text, text)
    text = uboot(load(sign('other', kind='rpmb-token', prop='rpmb-token')),
                 'rpmb service 1000000')
    check('refused: it is not signed with the keys for this' in text, text)


def test_token_memory():
    """However early memory runs out: a token does nothing, or what it says"""
    control_tree(required='rpmb-token', key='service')
    write('token.dts', TOKEN)
    run('dtc', '-q', '-O', 'dtb', '-o', 'token.dtb', 'token.dts')
    # dtc ends a string, an identifier has no end
    run('fdtput', '-t', 'bx', 'token.dtb', '/', 'id',
        *(f'{byte:02x}' for byte in b'sandbox-rpmb0'))
    sign('token', key='service', kind='rpmb-token', prop='rpmb-token',
         data='token.dtb')
    unit_test('dm_test_rpmb_files_token_norun')
