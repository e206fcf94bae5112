# SPDX-License-Identifier: GPL-2.0-or-later
"""Factory provisioning, end to end

Manifests are signed by mkimage, devices are QEMU's own eMMC, and our UFS and
virtio devices. What a device was told is counted by the device. Keys and check
values are computed apart from lib/rpmb.
"""

import re
import shutil
import time

import its
import keys
import rig
from console import ConsoleError
from devices import CID, Emmc, Ufs, Virtio, loader
from fixtures import BOTH_MODELS, folder, on_each, on_models
from forging import forge
from host import keys as keys_dir, run
from rig import check
from signing import device, manifest, sign

SUITE = 'provision'
place = folder(SUITE, *BOTH_MODELS)

MANIFEST, SECOND = 0x48000000, 0x49000000
LOC = 0x100
POWER_CUT = 3

KINDS = {Emmc: 'emmc', Ufs: 'ufs', Virtio: 'virtio'}


class Board(rig.Board):
    """A board with a device, and manifests in its memory"""

    ENDS = 0, POWER_CUT

    def __init__(self, kind, *manifests, closed=False, used=False, args=(),
                 dtb=None):
        dev = kind(used)
        args = [*dev.args, *args]
        for path, address in zip(manifests, (MANIFEST, SECOND)):
            args += loader(path, address)
        if closed:
            args += ['-fw_cfg', 'name=opt/rpmb/closed,string=1']
        if dtb:
            args += ['-dtb', dtb]
        super().__init__(dev, args)

    def provision(self, ok=True, steps=None, address=MANIFEST, dry_run=False):
        """Carry out a manifest. Return: the lines, each a dict"""
        sent = self.device.sent_key()
        text = self.run(f"rpmb provision {'-n ' if dry_run else ''}"
                        f'{address:x}', ok=ok)
        lines = [dict(word.split('=', 1) for word in line.split()[1:])
                 for line in text.splitlines()
                 if line.startswith('rpmb-provision: ')]
        said = [f"{line['step']} {line['result']}" for line in lines]
        if steps is not None:
            check(said == steps, f'it said {said}')
        self.run('printenv rpmb_provision',
                 says='^rpmb_provision=' + lines[-1]['result'] + '$')
        if dry_run or any('refused' in line for line in said):
            check(self.device.sent_key() == sent, 'a key was sent')
        return lines


BLANK = ['verify ok', 'board ok', 'match ok', 'key ok', 'blank ok']
PROGRAMMED = BLANK + ['program ok', 'prove ok', 'record ok', 'done ok',
                      'done ok']
NOOP = ['verify ok', 'board ok', 'match ok', 'key ok', 'blank noop',
        'program noop', 'prove ok', 'record noop', 'done noop', 'done noop']


def any_manifest(kind, name='any', index=7, **more):
    """Return: a manifest for whatever device of a kind there is"""
    return manifest(name, device(1, KINDS[kind], indexes=[(LOC, index)],
                                 **more))


@on_each
def test_life(kind):
    """Blank board, dry run, provision, and then there is nothing to do"""
    with Board(kind, sign(any_manifest(kind))) as b:
        b.provision(steps=BLANK + ['done dry-run'], dry_run=True)
        lines = b.provision(steps=PROGRAMMED)
        done = lines[-2]
        check(done['dev'] == b.device.name.split(':')[0], 'the device')
        check(done['target'] == '0', 'the target')
        check(done['kcv'] == keys.check_value(kind.key).hex(),
              'the check value that we computed')
        check(done['counter'] == '0x00000001', 'one write')
        check(done['key'] == '0x100' and done['batch'] == 'test-1',
              'key id and batch')
        for name, value in ('kcv', done['kcv']), ('counter', '1'), \
                           ('dev', done['dev']), ('step', 'done'):
            b.run(f'printenv rpmb_provision_{name}',
                  says=f'^rpmb_provision_{name}={value}$')
        b.provision(steps=NOOP)
        b.run(f'rpmb dev {b.device.name}')
        check(b.counter('100') == 1, 'nothing was written the second time')


@on_each
def test_wrong(kind):
    """A device that is not meant, a key that is another: left alone"""
    kcv = keys.check_value(kind.key)
    dev_id = {Emmc: CID}.get(
        kind, b'somebody else')
    other = bytearray(dev_id)
    other[3] ^= 1
    away = sign(manifest('away', device(1, KINDS[kind], dev_id=bytes(other),
                                        kcv=kcv)))
    with Board(kind, away) as b:
        b.provision(ok=False, steps=['verify ok', 'board ok',
                                     'match refused-not-found'])
        b.run(f'rpmb dev {b.device.name}')
        b.refused('rpmb write-counter none', says='no key')

    own_id = bytes.fromhex(re.search(r' id=([0-9a-f]+) ', dry_line(kind))[1])
    good = manifest('good', device(1, KINDS[kind], dev_id=own_id, kcv=kcv))
    bad = manifest('bad', device(1, KINDS[kind], dev_id=own_id,
                                 kcv=kcv[::-1]))
    with Board(kind, sign(bad), sign(good)) as b:
        lines = b.provision(ok=False, steps=BLANK[:3] +
                            ['key refused-check-value'])
        check(lines[-1]['kcv'] == kcv.hex(), 'it says what it would have made')
        b.provision(address=SECOND)
        b.run('printenv rpmb_provision', says='=ok$')


def dry_line(kind):
    """Return: what a dry run says of a device that matches"""
    with Board(kind, sign(any_manifest(kind))) as b:
        text = b.run(f'rpmb provision -n {MANIFEST:x}')
    return re.search(r'^.*step=match.*$', text, re.MULTILINE)[0]


@on_each
def test_other_key(kind):
    """A device with another key is reported as such and left alone"""
    with Board(kind, sign(any_manifest(kind))) as b:
        b.run(f'rpmb dev {b.device.name}')
        b.add_key(1, 0xa1)
        b.run('rpmb program-key -y 1')
        b.provision(ok=False, steps=BLANK[:4] + ['blank refused-other-key'])
        check(b.counter(1) == 0, 'nothing was written')


@on_each
def test_closed(kind):
    """A closed board with a blank device: nothing is sent"""
    with Board(kind, sign(any_manifest(kind)), closed=True) as b:
        for dry_run in False, True:
            b.provision(ok=False, dry_run=dry_run,
                        steps=['verify ok', 'board refused-closed'])
        b.run(f'rpmb dev {b.device.name}')
        b.refused('rpmb write-counter none', says='no key')


@on_each
def test_resume(kind):
    """Half of it, a reset, the rest; then lower indexes change nothing"""
    half = sign(manifest('half', device(1, KINDS[kind])))
    rest = sign(any_manifest(kind, 'rest'))
    with Board(kind, half, rest) as b:
        b.provision(steps=BLANK + ['program ok', 'prove ok', 'record noop',
                                   'done ok', 'done ok'])
        b.console.start('reset', rb'\n=> \Z')
        b.provision(address=SECOND, steps=NOOP[:7] + [
            'record ok', 'done ok', 'done ok'])
        b.console.start('reset', rb'\n=> \Z')
        b.provision(address=SECOND, steps=NOOP)


def cut_board(kind, fit, fault):
    """Provision while power is cut. Return: what was said until then"""
    with Board(kind, fit) as b:
        b.device.tell('fault ' + fault)
        try:
            return b.run(f'rpmb provision {MANIFEST:x}; true')
        except ConsoleError as err:
            # QEMU does not survive that its device goes away
            print(err)
            return str(err)


# QEMU's eMMC has no faults to arm: sandbox shows these
@on_models
def test_cut(kind):
    """Power is cut at a step; the same manifest again finishes"""
    faults = {Ufs: ('cut-before:0:any:{}', 'cut-after:0:any:{}'),
              Virtio: ('drop-request:any:{}:1000',
                       'commit-then-drop:any:{}:1000')}[kind]
    fit = sign(any_manifest(kind))
    for fault in faults:
        for step in range(100):
            print(f'cut: {fault.format(step)}')
            text = cut_board(kind, fit, fault.format(step))
            with Board(kind, fit, used=True) as b:
                b.run(f'rpmb provision {MANIFEST:x}',
                      says='dev=- .*step=done result=(ok|noop)')
                b.provision(steps=NOOP)
            if re.search('dev=- .*step=done result=ok', text):
                break
        check(step > 5, 'there were steps to cut')


@on_models
def test_failure(kind):
    """A failure that the device reports is judged after a power cycle only"""
    fit = sign(any_manifest(kind))
    with Board(kind, fit) as b:
        region = '0:' if kind is Ufs else ''
        b.device.tell(f'fault refuse:{region}key')
        b.run(f'rpmb provision {MANIFEST:x}', ok=False,
              says='step=program result=failed-power-cycle')
        b.provision(ok=False, steps=BLANK[:4] + ['blank refused-power-cycle'])
    with Board(kind, fit, used=True) as b:
        b.provision(steps=PROGRAMMED)


def with_key_of(tree, name, required):
    """Return: a copy of a control FDT in which a key is for another purpose"""
    shutil.copy(tree, name)
    node = 'key-factory'
    if required:
        run('fdtput', '-t', 's', name, f'/signature/{node}', 'required',
            required)
    else:
        run('fdtput', '-r', name, f'/signature/{node}')
    return name


def test_signature_os_key():
    """A key that signs what boots cannot authorise a burn"""
    os_tree = rig.control_tree().replace('board.dtb', 'board-os.dtb')
    fit = sign(any_manifest(Virtio), key='os')
    for dtb in None, os_tree:
        with Board(Virtio, fit, dtb=dtb) as b:
            b.provision(ok=False, steps=['verify refused-signature'])


def test_signature_factory_key_boots_nothing():
    """What the factory key signs cannot boot, whatever it says it is"""
    os_tree = rig.control_tree().replace('board.dtb', 'board-os.dtb')
    shutil.copy(rig.payload() + '.bin', 'os.bin')
    kernel = sign('os.bin', key='factory', kind='kernel', prop='kernel')
    with Board(Virtio, kernel, sign(any_manifest(Virtio)),
               dtb=os_tree) as b:
        b.refused(f'bootm {MANIFEST:x}', says='Failed to verify required')
        b.refused(f'rpmb provision {MANIFEST:x}', says='refused-no-manifest')
        for conf in '', '#conf':
            b.refused(f'bootm {SECOND:x}{conf}', says='Failed to verify required')
        b.refused(f'bootm {SECOND:x}:content', says='No Linux AArch64 Kernel')
        b.run(f'rpmb provision -n {SECOND:x}')
    # ... and it is the key: the same, signed for an OS, boots
    good = sign('os.bin', key='os', name='good', kind='kernel', prop='kernel')
    with Board(Virtio, good, dtb=os_tree) as b:
        b.console.start(f'bootm {MANIFEST:x} - ${{fdtcontroladdr}}',
                        rb'\npayload: running')


def test_signature_manifest_boots_nothing():
    """A manifest does not boot where nothing at all must be signed"""
    with Board(Virtio, sign(any_manifest(Virtio))) as b:
        b.refused(f'bootm {MANIFEST:x}', says="subimage node type 'kernel'")
        b.refused(f'bootm {MANIFEST:x}:content', says='No Linux AArch64 Kernel')


def test_signature_none():
    """Without a signature, without the purpose, or no FIT at all: refused"""
    data = any_manifest(Virtio)
    with Board(Virtio, sign(data, key=None)) as b:
        b.provision(ok=False, steps=['verify refused-signature'])
    with Board(Virtio, sign(data, prop='kernel', name='prop'), data) as b:
        b.provision(ok=False, steps=['verify refused-no-manifest'])
        b.provision(ok=False, steps=['verify refused-no-manifest'],
                    address=SECOND)
        b.provision(ok=False, steps=['verify refused-no-manifest'],
                    address=SECOND + 0x10000)
        b.refused('rpmb provision 0', says='no RAM')
        b.refused('rpmb provision', says='Usage:')
    with Board(Virtio, sign(data, kind='kernel', name='type'),
               sign(data, algo='crc32', name='hash')) as b:
        b.provision(ok=False, steps=['verify refused-no-manifest'])
        b.provision(ok=False, steps=['verify refused-signature'],
                    address=SECOND)


def test_signature_not_armed():
    """Without a key for manifests in the control FDT there is no burning"""
    fit = sign(any_manifest(Virtio))
    for required in None, 'conf', 'image':
        tree = with_key_of(rig.control_tree(), 'disarmed.dtb', required)
        with Board(Virtio, fit, dtb=tree) as b:
            b.provision(ok=False, steps=['verify refused-not-armed'])


def test_signature_two_keys():
    """Two keys for manifests: both must have signed, whatever an OS needs"""
    tree = shutil.copy(rig.control_tree(), 'two.dtb')
    run(rig.tool('fdt_add_pubkey'), '-a', 'sha256,rsa2048', '-k', keys_dir(),
        '-n', 'firmware', '-r', 'rpmb-manifest', tree)
    data = any_manifest(Virtio)
    any_of = shutil.copy(tree, 'two-any.dtb')
    run('fdtput', '-t', 's', any_of, '/signature', 'required-mode', 'any')
    for key in 'factory', 'firmware', 'os', 'factory os', 'service os', None:
        fit = sign(data, key=key, name='two')
        for dtb in tree, any_of:
            with Board(Virtio, fit, dtb=dtb) as b:
                b.provision(ok=False, steps=['verify refused-signature'])
    for key in 'factory firmware', 'firmware factory':
        with Board(Virtio, sign(data, key=key, name='two'), dtb=tree) as b:
            b.provision(steps=PROGRAMMED)


def tampered(fit, name, *changes):
    """Return: a copy of a FIT with properties set: (node, prop, hex bytes)"""
    shutil.copy(fit, name)
    for node, prop, value in changes:
        run('fdtput', '-t', 'bx', name, node, prop, *value.split())
    return name


def spaced(data):
    """Return: bytes as fdtput wants them"""
    return ' '.join(f'{byte:x}' for byte in data)


def test_signature_tampered():
    """Data, hash and configuration are what was signed, or refused"""
    fit = sign(any_manifest(Virtio))
    with open(any_manifest(Virtio, 'evil', index=9), 'rb') as file:
        evil = file.read()
    evil_hash = run('sh', '-c', 'sha256sum evil.dtb').split()[0]
    data = ('/images/content', 'data', spaced(evil))
    hashed = ('/images/content/hash-1', 'value',
              spaced(bytes.fromhex(evil_hash)))
    index = ('/configurations/conf', 'description', spaced(b'x\0'))
    for n, changes in enumerate([(data,), (data, hashed), (index,)]):
        with Board(Virtio, tampered(fit, f'tampered-{n}.itb', *changes)) as b:
            b.refused(f'rpmb provision {MANIFEST:x}',
                      says='step=verify result=refused-signature')
            b.run(f'rpmb dev {b.device.name}')
            b.refused('rpmb write-counter none', says='no key')


def test_signature_covers():
    """The signed list of nodes must name what is used: CVE-2026-46728"""
    fit = sign(any_manifest(Virtio))
    with open(any_manifest(Virtio, 'evil', index=9), 'rb') as file:
        evil = file.read()
    # an image beside the signed one, and a configuration beside the signed
    # one that names it and carries its signature
    value = run('fdtget', '-t', 'bx', fit,
                '/configurations/conf/signature-1', 'value')
    nodes = run('fdtget', '-t', 'bx', fit,
                '/configurations/conf/signature-1', 'hashed-nodes')
    strings = run('fdtget', '-t', 'bx', fit,
                  '/configurations/conf/signature-1', 'hashed-strings')
    shutil.copy(fit, 'beside.itb')
    sha = run('sh', '-c', 'sha256sum evil.dtb').split()[0]
    for path, prop, what in (
            ('/images/evil', 'data', spaced(evil)),
            ('/images/evil', 'type', spaced(b'rpmb-manifest\0')),
            ('/images/evil', 'compression', spaced(b'none\0')),
            ('/images/evil/hash-1', 'algo', spaced(b'sha256\0')),
            ('/images/evil/hash-1', 'value', spaced(bytes.fromhex(sha))),
            ('/configurations/a/conf', 'rpmb-manifest', spaced(b'evil\0')),
            ('/configurations/a/conf/signature-1', 'algo',
             spaced(b'sha256,rsa2048\0')),
            ('/configurations/a/conf/signature-1', 'key-name-hint',
             spaced(b'factory\0')),
            ('/configurations/a/conf/signature-1', 'value', value),
            ('/configurations/a/conf/signature-1', 'hashed-nodes', nodes),
            ('/configurations/a/conf/signature-1', 'hashed-strings', strings),
    ):
        run('fdtput', '-p', '-t', 'bx', 'beside.itb', path, prop,
            *what.split())
    for default in 'a', 'a/conf':
        run('fdtput', '-t', 's', 'beside.itb', '/configurations', 'default',
            default)
        with Board(Virtio, 'beside.itb') as b:
            b.refused(f'rpmb provision {MANIFEST:x}',
                      says='step=verify result=refused-')


def test_signature_forged():
    """A signature whose nodes were moved away holds nothing else"""
    with open(sign(any_manifest(Virtio)), 'rb') as file:
        signed = file.read()
    with open(any_manifest(Virtio, 'evil', index=9), 'rb') as file:
        evil = file.read()
    with open('forged.itb', 'wb') as file:
        file.write(forge(signed, evil, 'rpmb-manifest'))
    with Board(Virtio, 'forged.itb') as b:
        b.provision(ok=False, steps=['verify refused-no-manifest'])


def test_signature_list():
    """The list of signed nodes is just what it must be: none less, none more"""
    fit = sign(any_manifest(Virtio))
    sig = '/configurations/conf/signature-1'
    nodes = run('fdtget', '-t', 's', fit, sig, 'hashed-nodes').split()
    for n, other in enumerate([nodes[1:], nodes[:-1], nodes + ['/images'],
                               nodes + [nodes[0]]]):
        path = shutil.copy(fit, f'list-{n}.itb')
        run('fdtput', '-t', 's', path, sig, 'hashed-nodes', *other)
        with Board(Virtio, path) as b:
            b.provision(ok=False, steps=['verify refused-signature'])


def test_signature_below_image():
    """Nothing but its hashes is below the image: what else is there is unsigned"""
    data = any_manifest(Virtio)
    sign(data, name='below')
    with open('below.its', encoding='ascii') as file:
        source = file.read()
    changed = source.replace('hash-1 {', 'else { value = <1>; }; hash-1 {')
    for text in changed, source:
        path = its.build('below', text, rig.tool('mkimage'), keys_dir())
        with Board(Virtio, path) as b:
            if text is source:
                b.provision(steps=PROGRAMMED)
            else:
                b.provision(ok=False, steps=['verify refused-signature'])


def test_closed_mmc_command():
    """Upstream's own command sends no key on a closed board's bus either"""
    for closed in True, False:
        with Board(Emmc, closed=closed) as b:
            b.put_key(rig.KEY)
            sent = b.device.sent_key()
            b.run('rpmb list')
            b.run('mmc dev 0')
            b.console.start(f'mmc rpmb key {rig.KEY:x}', rb'<y/N>')
            # it throws away what was typed before it asks
            time.sleep(0.5)
            text, _ = b.console.run('y')
            print(text)
            check(('board is closed' in text) == closed, 'what it says')
            check((b.device.sent_key() > sent) != closed, 'what was sent')


def test_signature_two_data():
    """Data inside and outside: what is verified must be what is used"""
    fit = sign(any_manifest(Virtio))
    good = run('fdtget', '-t', 'bx', fit, '/images/content', 'data')
    with open(any_manifest(Virtio, 'evil', index=9), 'rb') as file:
        evil = file.read()
    size = len(good.split())
    path = tampered(fit, 'two.itb', ('/images/content', 'data', spaced(evil)))
    # the good data behind the tree, where data-position says they are
    at = 0x4000
    run('fdtput', '-t', 'x', path, '/images/content', 'data-position',
        f'{at:x}')
    run('fdtput', '-t', 'x', path, '/images/content', 'data-size',
        f'{size:x}')
    with open(path, 'r+b') as file:
        file.seek(at)
        file.write(bytes(int(byte, 16) for byte in good.split()))
    with Board(Virtio, path) as b:
        b.provision(ok=False, steps=['verify refused-no-manifest'])
