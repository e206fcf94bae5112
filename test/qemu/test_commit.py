# SPDX-License-Identifier: GPL-2.0-or-later
"""A closed board that is not locked raises its index

By CONFIG_RPMB_ROLLBACK_COMMIT_CMD of configs/qemu_arm64_rpmb_commit_defconfig,
before its first script, whose environment anybody may have written. What boots
is typed, as any script would have it.
"""

from android import SUCCESSFUL, TRIAL, UNBOOTABLE, misc
from console import READY
from devices import DERIVED, REVOKED, Emmc
from fixtures import BOTH_MODELS, folder, on_each
from rig import check
from slots import (ADDRESS_A, ADDRESS_B, LESS_WANTED, OLD, RUNNING,
                   Board as Locked, release, slots)

SUITE = 'commit'
place = folder(SUITE, *BOTH_MODELS, board='qemu_arm64_rpmb_commit')

FAILED = 'CONFIG_RPMB_ROLLBACK_COMMIT_CMD failed'
# Slot _b was chosen at the last start, and works; _a is about to be overwritten
WORKS = misc(UNBOOTABLE, SUCCESSFUL, chosen='_b')
HOSTILE = {'verify': 'n', 'autostart': 'yes', 'loadaddr': '48000000',
           'fdtcontroladdr': '48000000', 'slot': 'b', 'bootcmd': 'reset'}


class Board(Locked):
    """A board at its prompt, which has committed before it, or not"""

    def boots(self, address, version):
        """A release boots from where the slot was read to"""
        said = self.console.start(f'bootm {address:x}',
                                  RUNNING + b'|' + READY)
        print(said + self.console.matched, flush=True)
        check(f'release {version} is running' in self.console.matched,
              f'release {version} does not run')
        self.holds_none()

    def is_too_old(self, address):
        """What is there is refused for its index"""
        self.refused(f'bootm {address:x}', says=OLD)

    def has_no_key(self):
        """Scripts of a closed board can commit nothing"""
        self.run(f'rpmb dev {self.device.name}')
        self.refused(f'rpmb write-counter {DERIVED}', says=REVOKED)
        self.refused(f'rpmb rollback commit {ADDRESS_B:x}', says=REVOKED)


def provisioned(kind):
    """A device with its key and an index"""
    with Board(kind, closed=False, used=False) as b:
        b.run(f'rpmb dev {b.device.name}')
        b.run(f'rpmb program-key -y {DERIVED}')
        b.run('rpmb rollback advance 100 1')


@on_each
def test_life(kind):
    """Trial, success, commit; and the old release is refused"""
    provisioned(kind)
    old, new = release(1), release(2)
    with Board(kind, slots(old, new, misc(LESS_WANTED, TRIAL))) as b:
        b.committed(1)
        b.wrote(0)
        b.boots(ADDRESS_B, 2)
    with Board(kind, slots(old, new, misc(TRIAL, UNBOOTABLE))) as b:
        b.committed(None)
        b.said('nothing to commit')
        b.boots(ADDRESS_A, 1)
    with Board(kind, slots(old, new, WORKS)) as b:
        b.committed(2)
        b.wrote(1)
        b.has_no_key()
        b.is_too_old(ADDRESS_A)
        b.boots(ADDRESS_B, 2)
    with Board(kind, slots(old, new, misc(SUCCESSFUL, UNBOOTABLE))) as b:
        b.committed(None)
        b.said(OLD + ': its index is 0x1, the device holds 0x2')
        b.said(FAILED)
        b.is_too_old(ADDRESS_A)
        b.boots(ADDRESS_B, 2)


def test_open():
    """An open board does the same, and keeps its keys"""
    provisioned(Emmc)
    with Board(Emmc, slots(release(1), release(2), WORKS),
               closed=False) as b:
        b.committed(2)
        b.run(f'rpmb dev {b.device.name}')
        b.run(f'rpmb write-counter {DERIVED}')
        b.is_too_old(ADDRESS_A)


def test_hostile():
    """What the environment says changes nothing, and comes back afterwards"""
    provisioned(Emmc)
    forged = release(2).replace(b'release 2 is', b'release 3 is')
    for disk, index in ((forged, None), (release(2), 2)):
        with Board(Emmc, slots(release(1), disk, WORKS),
                   variables=HOSTILE) as b:
            b.committed(index)
            for name in HOSTILE:
                b.not_said(f'\n{name}=')
            b.said('Environment size: ')
            b.run('printenv verify', says='^verify=n$')
            b.refused(f'bootm {ADDRESS_A:x}', says='rollback: REFUSED')


def test_no_disk():
    """Without slots nothing is committed, and the board goes on"""
    provisioned(Emmc)
    with Board(Emmc, {'misc': bytes(4096)}) as b:
        b.committed(None)
        b.said(FAILED)
        check('=> ' in b.console.matched, 'there is no prompt')
