#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""test_ratchet.py [NAME...] - no key is left, and none leaves a closed board

Every scenario is played on QEMU's own eMMC, on UFS and on virtio. The guest is
stopped and all its RAM searched for keys and for what is as good as a key:
memsearch.py says what that is. Keys come into RAM by QEMU's loader, as what
is typed stays in the console's history. The environment is that of rig.py.
"""

import os
import re
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True

import keys  # noqa: E402
import rig  # noqa: E402
from memsearch import Search, secrets_of  # noqa: E402
from qmp import Monitor  # noqa: E402
from rig import BACK, HUK, OUT, check  # noqa: E402

MODEL = os.path.join(rig.BUILD, 'model')
VIRTIO_PROGRAM = os.path.join(MODEL, 'rpmb-vhost-user')
UFS_PROGRAM = os.path.join(MODEL, 'rpmb-vfio-user')
QMP = 'qmp.sock'
TRACE = 'trace'

DERIVED = '100'
RUNNING = rb'\npayload: running'
REVOKED = r'error -128\b|revoked'
NO_KEYS = REVOKED + '|the board is closed'

# Two keys wait in memory: one that is just a key, and the device's own
KEYS_FILE = 'keys'
OWN = rig.KEY
SAME = rig.KEY + 0x20
OWN_KEY = bytes.fromhex('5bc0e3977a14f2680d91b64e2fa8d53c'
                        'c6710f8ae259349dbb40e71d68f3052e')

GO, ELF, FIT = 0x48000000, 0x4a000000, 0x4c000000

PAUSE_AT_RESET = '-action', 'reboot=shutdown,shutdown=pause'


class Emmc:
    """QEMU's own eMMC; its key and counter are gone with the process"""

    name = 'mmc0'
    key = keys.derived(HUK, 0, keys.EMMC, 0, bytes.fromhex(
        'aa015851454d55212101deadbeef2900'))

    def __init__(self, used=False):
        if not used and os.path.exists('emmc.img'):
            os.unlink('emmc.img')
        subprocess.run(['truncate', '-s', '20M', 'emmc.img'], check=True)
        emmc = ('emmc,drive=emmc,boot-partition-size=1048576,'
                'rpmb-partition-size=2097152')
        self.args = ['-device', 'sdhci-pci', '-drive',
                     'file=emmc.img,if=none,format=raw,id=emmc',
                     '-d', 'trace:sdcard_normal_command', '-D', TRACE]
        if used:
            emmc += f',auth-key={self.key.hex()}'
        self.args += ['-device', emmc]

    def sent(self):
        """Return: how many messages came in that may hold a key"""
        with open(TRACE, encoding='utf-8', errors='replace') as file:
            return len(re.findall(r'\bCMD0*25\b', file.read()))

    def sent_key(self):
        """Return: how many reliable writes came in: key frames and data"""
        with open(TRACE, encoding='utf-8', errors='replace') as file:
            return len(re.findall(r'\bCMD23 arg 0x8', file.read()))

    def close(self):
        """End with QEMU. Return: our exit status"""
        return 0


class Model(rig.Device):
    """One of our devices, whose state outlives it"""

    def __init__(self, program, socket_, used):
        if not used and os.path.exists('state'):
            os.unlink('state')
        super().__init__(program, socket_, '--state', 'state')

    def sent(self):
        """Return: how many requests came in that hold a key"""
        return sum(count for name, count in self.stats().items()
                   if name.split('.')[-1] == 'key')

    sent_key = sent


class Ufs(Model):
    """The UFS device"""

    name = 'ufs0:0'
    # it says that it has no key, and nothing any more
    troubles = 'fault hang:0:any:1:100', 'fault refuse:0:key'
    key = keys.derived(HUK, 0, keys.UFS, 0, (
        '0ADA-0310-UFS MODEL-00300031003200330034003500360037'
        '00380039004100420000-0102-0626-R0').encode())
    args = ['-device', '{"driver":"vfio-user-pci","socket":'
            '{"type":"unix","path":"ufs.sock"}}']

    def __init__(self, used=False):
        for name in os.listdir():
            if name.startswith('state.') and not used:
                os.unlink(name)
        super().__init__(UFS_PROGRAM, 'ufs.sock', used)


class Virtio(Model):
    """The virtio RPMB"""

    name = 'virtio0'
    troubles = 'hostile hang:key', 'fault refuse:key'
    key = keys.derived(HUK, 0, keys.VIRTIO, 0, b'qemu-arm/virtio_mmio@a000000')
    args = ['-global', 'virtio-mmio.force-legacy=false',
            '-chardev', 'socket,id=c,path=virtio.sock', '-device',
            'vhost-user-test-device,virtio-id=28,num_vqs=1,vq_size=64,'
            'config_size=3,chardev=c,bus=virtio-mmio-bus.0']

    def __init__(self, used=False):
        super().__init__(VIRTIO_PROGRAM, 'virtio.sock', used)


def loader(path, address):
    """Return: arguments that have a file in memory"""
    return ['-device', f'loader,file={path},addr={address:#x},force-raw=on']


class Board(rig.Board):
    """A board with one device, payloads, and a view into its RAM"""

    def __init__(self, kind, *args, closed=False, used=False, **how):
        device = kind(used)
        args = [*device.args, *args, '-qmp',
                f'unix:{QMP},server=on,wait=off',
                *loader(rig.payload() + '.bin', GO),
                *loader(rig.payload() + '.elf', ELF),
                *loader(rig.payload() + '.itb', FIT)]
        if closed:
            args += ['-fw_cfg', 'name=opt/rpmb/closed,string=1']
        else:
            with open(KEYS_FILE, 'wb') as file:
                file.write(OWN_KEY + device.key)
            args += loader(KEYS_FILE, OWN)
        self.search = Search(secrets_of(
            {'own key': OWN_KEY, 'derived key': device.key}, HUK))
        super().__init__(device, args, **how)
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(30)
        sock.connect(QMP)
        self.monitor = Monitor(sock)
        sock.close()    # the monitor has a hold on it

    def __exit__(self, *args):
        self.monitor.close()
        super().__exit__(*args)

    def found(self):
        """Stop the guest. Return: secrets that are in its RAM"""
        self.monitor.execute('stop')
        finds = self.search.in_ram(self.console.proc.pid)
        for find in finds:
            print(find)
        return finds

    def holds(self, *names):
        """Are these in RAM, in some form?"""
        text = '\n'.join(map(str, self.found()))
        for name in names:
            check(f'of {name}' in text, f'no {name} is in RAM')
        self.monitor.execute('cont')

    def holds_none(self, go_on=True):
        """Nothing of any key is in RAM"""
        finds = self.found()
        check(not finds, f'{len(finds)} places in RAM hold secrets')
        print('no secret in RAM')
        if go_on:
            self.monitor.execute('cont')

    def use_derived(self, afterwards=lambda: None):
        """Give the device its derived key, and do all that a key is for"""
        self.run(f'rpmb dev {self.device.name}')
        self.run(f'rpmb program-key -y {DERIVED}')
        afterwards()
        self.write(2, 0x42, keyid=DERIVED)
        afterwards()
        self.reads_back(2, 0x42, keyid=DERIVED)
        afterwards()
        check(self.counter(DERIVED) == 1, 'it counts')
        afterwards()

    def use_ram_keys(self):
        """Use a key that is wrong here, and what should be the derived key"""
        self.run(f'rpmb key add 1 {OWN:x}')
        self.refused('rpmb write-counter 1', says='not signed')
        self.run(f'rpmb key add 2 {SAME:x}')
        check(self.counter(2) == 1, 'the device has the key that we computed')
        self.reads_back(2, 0x42, keyid=2)

    def use_all(self):
        """All kinds of keys, some of which are in RAM then"""
        self.use_derived()
        self.use_ram_keys()
        self.holds('own key', 'derived key')

    def is_revoked(self, count=1):
        """No key can be used, nor a new one brought in; looking goes on"""
        check(not re.search(r'^ *[12]\b', self.run('rpmb key list'),
                            re.MULTILINE), 'RAM slots still hold keys')
        self.run(f'mw.q {OWN:x} 1122334455667788 8')
        for keyid in '1', '2', DERIVED:
            self.refused(f'rpmb write-counter {keyid}', says=REVOKED)
            self.refused(f'rpmb read-blocks {keyid} {BACK:x} 2 1',
                         says=REVOKED)
        sent = self.device.sent()
        for keyid in '2', DERIVED:
            for command in (f'program-key -y {keyid}', f'selftest {keyid}',
                            f'write-blocks {keyid} {OUT:x} 2 1'):
                self.refused(f'rpmb {command}', says=NO_KEYS)
        self.refused(f'rpmb key add 1 {OWN:x}', says=NO_KEYS)
        check(self.device.sent() == sent, 'something was sent')
        self.run('rpmb write-counter none', says=f'0x{count:08x}')


def after_use(kind):
    """A derived key and the unique key are in RAM only while they are used"""
    with Board(kind) as b:
        b.run(f'mw.b {OWN:x} 0 40')
        b.use_derived(afterwards=b.holds_none)


def unanswered(kind):
    """A key that was sent and not taken is left in no buffer at a hand-over"""
    for trouble in kind.troubles:
        with Board(kind) as b:
            b.run(f'mw.b {OWN:x} 0 40')
            b.run(f'rpmb dev {b.device.name}')
            b.device.tell(trouble)
            b.refused(f'rpmb program-key -y {DERIVED}', says='did not answer|reports a failure')
            check(b.device.sent(), 'no key was sent')
            b.console.start(f'go {GO:x}', RUNNING)
            b.holds_none()


def in_flight(kind):
    """While a key is on its way, what it was derived from is gone already"""
    with Board(kind) as b:
        b.run(f'mw.b {OWN:x} 0 40')
        b.run(f'rpmb dev {b.device.name}')
        b.device.tell(kind.troubles[0])
        b.console.start(f'rpmb program-key -y {DERIVED}', rb'\n')
        until = time.monotonic() + 4
        while not b.device.sent():
            check(time.monotonic() < until, 'no key was sent')
            time.sleep(0.01)
        names = {find.name for find in b.found()}
        check('derived key' in names, 'the key is not there while it is used')
        names = {name for name in names if 'derived key' not in name}
        check(not names, f"{', '.join(names)} is in RAM")


def go(kind):
    """Nothing is left when a program is started"""
    with Board(kind) as b:
        b.use_all()
        b.console.start(f'go {GO:x}', RUNNING)
        b.holds_none()


def bootm(kind):
    """Nothing is left when an OS is started"""
    with Board(kind) as b:
        b.use_all()
        b.console.start(f'bootm {FIT:x}', RUNNING)
        b.holds_none()


def bootelf(kind):
    """Nothing is left when an ELF program is started"""
    with Board(kind) as b:
        b.use_all()
        b.run('setenv autostart yes')
        b.console.start(f'bootelf {ELF:x}', RUNNING)
        b.holds_none()


def bootefi(kind):
    """Nothing is left after an EFI program, and nothing comes back"""
    with Board(kind) as b:
        b.use_all()
        b.run('bootefi hello', says='Hello, world')
        b.holds_none()
        b.is_revoked()
        b.holds_none()


def reset(kind):
    """Nothing is left when the board is reset"""
    with Board(kind, *PAUSE_AT_RESET) as b:
        b.use_all()
        b.console.start('reset', rb'resetting')
        b.monitor.wait_for('SHUTDOWN')
        b.holds_none(go_on=False)


def closed(kind):
    """Nothing is there at the first prompt of a closed board, nor later"""
    with Board(kind) as b:
        b.use_derived()
    with Board(kind, closed=True, used=True) as b:
        b.holds_none()
        b.run(f'rpmb dev {b.device.name}')
        b.is_revoked(count=0 if kind is Emmc else 1)
        b.holds_none()


def wire(kind):
    """A blank chip on a closed board is told no key"""
    with Board(kind) as b:
        b.run(f'rpmb dev {b.device.name}')
        sent = b.device.sent()
        b.run(f'rpmb program-key -y {DERIVED}')
        check(b.device.sent() > sent, 'an open board sends it')
    with Board(kind, closed=True) as b:
        b.run(f'rpmb dev {b.device.name}')
        sent = b.device.sent()
        for command in (f'program-key -y {DERIVED}', f'selftest {DERIVED}',
                        f'write-blocks {DERIVED} {OUT:x} 0 1',
                        f'key add 1 {OWN:x}', 'program-key -y 1'):
            b.refused(f'rpmb {command}', says='the board is closed')
        for command in f'provision {FIT:x}', f'provision -n {FIT:x}':
            b.refused(f'rpmb {command}', says='refused-no-manifest')
        b.refused('rpmb rollback advance 100 1', says='names no RPMB')
        check(b.device.sent() == sent, 'something was sent')
        b.refused('rpmb write-counter none', says='no key')
        b.holds_none()


def search(kind):
    """The search finds what is planted, and only that"""
    wanted = secrets_of({'own key': OWN_KEY})
    planted = {0x46000000: ('own key', '64 bit words', 'q', 8),
               0x46001003: ('own key ^ opad', 'as it is', 'b', 1),
               0x46ffffff: ('own key ^ ipad: state', '32 bit words', 'l', 4)}
    with Board(kind) as b:
        b.run(f'mw.b {OWN:x} 0 40')
        b.holds_none()
        for address, (name, _, letter, step) in planted.items():
            for i in range(0, 16, step):
                word = wanted[name][i:i + step].hex()
                b.run(f'mw.{letter} {address + i:x} {word}')
        finds = {(f.address, f.name, f.order, f.size) for f in b.found()}
        check(finds == {(address, name, order, 16) for address,
                        (name, order, *_) in planted.items()},
              'it found something else')


in_flight.NEEDS = unanswered.NEEDS = 'troubles'
rig.each(globals(), (Emmc, Ufs, Virtio), search, after_use, go, bootm, bootelf,
         bootefi, reset, closed, wire, in_flight, unanswered)

if __name__ == '__main__':
    rig.main('ratchet', globals(), VIRTIO_PROGRAM,
             os.path.basename(UFS_PROGRAM))
