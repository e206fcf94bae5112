# SPDX-License-Identifier: GPL-2.0-or-later
"""A board whose RAM is searched for keys while it is stopped

Keys come into RAM by QEMU's loader, as what is typed stays in the console's
history. memsearch.py says what is searched for.
"""

import re
import socket

import rig
from devices import DERIVED, REVOKED, loader
from memsearch import Search, secrets_of
from qmp import Monitor
from rig import BACK, HUK, OUT, check

QMP = 'qmp.sock'
RUNNING = rb'\npayload: running'
NO_KEYS = REVOKED + '|the board is closed'
# Two keys wait in memory: one that is just a key, and the device's own
KEYS_FILE = 'keys'
OWN = rig.KEY
SAME = rig.KEY + 0x20
OWN_KEY = bytes.fromhex('5bc0e3977a14f2680d91b64e2fa8d53c'
                        'c6710f8ae259349dbb40e71d68f3052e')
GO, ELF, FIT = 0x48000000, 0x4a000000, 0x4c000000


class Board(rig.Board):
    """A board with one device, payloads, and a view into its RAM"""

    RESTS = False   # it answers its monitor at any time

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
        check(not re.search(r'^ *0x[12]\b', self.run('rpmb key list'),
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
