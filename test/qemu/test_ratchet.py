# SPDX-License-Identifier: GPL-2.0-or-later
"""No key is left, and none leaves a closed board

Every scenario is played on QEMU's own eMMC, on UFS and on virtio. The guest is
stopped and all its RAM searched for keys and for what is as good as a key:
memsearch.py says what that is. Keys come into RAM by QEMU's loader, as what
is typed stays in the console's history.
"""

import time

from devices import DERIVED, Emmc
from fixtures import BOTH_MODELS, folder, on_each, on_models
from memsearch import secrets_of
from rig import OUT, check
from watched import ELF, FIT, GO, OWN, OWN_KEY, RUNNING, Board

SUITE = 'ratchet'
place = folder(SUITE, *BOTH_MODELS)

PAUSE_AT_RESET = '-action', 'reboot=shutdown,shutdown=pause'


@on_each
def test_after_use(kind):
    """A derived key and the unique key are in RAM only while they are used"""
    with Board(kind) as b:
        b.run(f'mw.b {OWN:x} 0 40')
        b.use_derived(afterwards=b.holds_none)


@on_models
def test_unanswered(kind):
    """A key that was sent and not taken is left in no buffer at a hand-over"""
    for trouble in kind.troubles:
        with Board(kind) as b:
            b.run(f'mw.b {OWN:x} 0 40')
            b.run(f'rpmb dev {b.device.name}')
            b.device.tell(trouble)
            b.refused(f'rpmb program-key -y {DERIVED}',
                      says='did not answer|reports a failure')
            check(b.device.sent(), 'no key was sent')
            b.console.start(f'go {GO:x}', RUNNING)
            b.holds_none()


@on_models
def test_in_flight(kind):
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


@on_each
def test_go(kind):
    """Nothing is left when a program is started"""
    with Board(kind) as b:
        b.use_all()
        b.console.start(f'go {GO:x}', RUNNING)
        b.holds_none()


@on_each
def test_bootm(kind):
    """Nothing is left when an OS is started"""
    with Board(kind) as b:
        b.use_all()
        b.console.start(f'bootm {FIT:x}', RUNNING)
        b.holds_none()


@on_each
def test_bootelf(kind):
    """Nothing is left when an ELF program is started"""
    with Board(kind) as b:
        b.use_all()
        b.run('setenv autostart yes')
        b.console.start(f'bootelf {ELF:x}', RUNNING)
        b.holds_none()


@on_each
def test_bootefi(kind):
    """Nothing is left after an EFI program, and nothing comes back"""
    with Board(kind) as b:
        b.use_all()
        b.run('bootefi hello', says='Hello, world')
        b.holds_none()
        b.is_revoked()
        b.holds_none()


@on_each
def test_reset(kind):
    """Nothing is left when the board is reset"""
    with Board(kind, *PAUSE_AT_RESET) as b:
        b.use_all()
        b.console.start('reset', rb'resetting')
        b.monitor.wait_for('SHUTDOWN')
        b.holds_none(go_on=False)


@on_each
def test_closed(kind):
    """Nothing is there at the first prompt of a closed board, nor later"""
    with Board(kind) as b:
        b.use_derived()
    with Board(kind, closed=True, used=True) as b:
        b.holds_none()
        b.run(f'rpmb dev {b.device.name}')
        b.is_revoked(count=0 if kind is Emmc else 1)
        b.holds_none()


@on_each
def test_wire(kind):
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


@on_each
def test_search(kind):
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
