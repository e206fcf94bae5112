# SPDX-License-Identifier: GPL-2.0-or-later
"""Android Verified Boot with its state in an RPMB

Slots lie on QEMU's eMMC, signed with the key that U-Boot trusts. The RPMB is
the same eMMC's, or that of our UFS or virtio device.
"""

import shutil

import policy
import rig
from android import (SUCCESSFUL, TRIAL, UNBOOTABLE, VERIFICATION_DISABLED,
                     chain_to, misc, persistent, vbmeta, write_disk)
from avb_slots import KEY, SYSTEM, USER, USER_SIZE, forged, slot
from devices import Emmc
from fixtures import BOTH_MODELS, folder, on_each
from rig import check

SUITE = 'avb'
place = folder(SUITE, *BOTH_MODELS)

KEYID = '100'

OLD = 'Rollback index is less than its stored value'
GOOD = 'Verification passed successfully'
WARNING = 'WARNING: NO ROLLBACK PROTECTION'


def tree(kind, node=True, rpmb=None, **props):
    """Return: the path of a control FDT with the policy's node"""
    path = 'policy.dtb'
    shutil.copy(rig.control_tree(), path)
    if node:
        policy.add(path, rpmb or kind.name, **{'slots': 1, **props})
    return path


SLOTS = {**slot('_a', 5, 2), **slot('_b', 6, 3), **slot('_c', 4, 9),
         **slot('_d', 9, 1), **forged(slot('_e', 1, 1), 'vbmeta_e'),
         **forged(slot('_f', 9, 9), 'boot_f'), **slot('_g', 0, 0)}


class Board(rig.Board):
    """A board with an RPMB, and slots on its eMMC"""

    def __init__(self, kind, disk=None, closed=False, used=False, args=(),
                 **node):
        dev = kind(used)
        args = [*dev.args, *args]
        if not issubclass(kind, Emmc):
            args += Emmc(used).args
        if disk or not used:
            write_disk('emmc.img', USER, USER_SIZE, disk or SLOTS)
        if closed:
            args += ['-fw_cfg', 'name=opt/rpmb/closed,string=1']
        super().__init__(dev, args + ['-dtb', tree(kind, **node)])

    def __enter__(self):
        self.run('mmc list')
        self.run('avb init 0')
        return self

    def program(self):
        """Give the RPMB its key"""
        self.run(f'rpmb dev {self.device.name}')
        self.run(f'rpmb program-key -y {KEYID}')

    def boots(self, suffix, says=GOOD):
        """A slot is verified"""
        return self.run(f'avb verify {suffix}', says=says)

    def old(self, suffix):
        """A slot is refused for its index"""
        self.refused(f'avb verify {suffix}', says=OLD)

    def has(self, location, index):
        """The index of a location"""
        self.run(f'avb read_rb {location:x}',
                 says=f'^Rollback index: {index:x}$')


def provisioned(kind, index=5, system=2):
    """A board that was used before: it has its key, and these indexes"""
    with Board(kind) as b:
        b.program()
        b.run(f'avb write_rb 0 {index:x}')
        b.run(f'avb write_rb {SYSTEM:x} {system:x}')


@on_each
def test_life(kind):
    """No key, blank, an index, a higher one; what is older is refused"""
    with Board(kind) as b:
        text = b.boots('_a')
        check(WARNING in text, 'it is loud without a key')
        b.program()
        b.run('avb is_unlocked', says='^Unlocked = 0$')
        b.run('avb write_rb 0 5')
        b.has(0, 5)
        b.boots('_a')
        b.run('printenv avb_bootargs', says='verifiedbootstate=green')
        b.boots('_b')
        b.old('_c')
        b.run(f'avb write_rb {SYSTEM:x} 2')
        b.boots('_a')
        b.old('_d')
        # never down, and nothing but a number
        b.refused('avb write_rb 0 4', says='it never goes down')
        b.refused('avb write_rb 0 ffffffffffffffff', says='is no index')
        b.refused('avb write_rb 20 1', says='Failed to write rollback index')
        b.refused('avb read_rb 20', says='Failed to read rollback index')
        b.has(0, 5)
        # what is signed is what counts
        b.refused('avb verify _e', says="Digest didn't match|signature")
        b.refused('avb verify _f', says="Digest didn't match|signature")


@on_each
def test_closed(kind):
    """On a closed board: what was read before the keys went, and no writes"""
    provisioned(kind)
    with Board(kind, closed=True, used=True) as b:
        b.boots('_a')
        b.boots('_b')
        b.old('_c')
        b.old('_d')
        b.has(0, 5)
        b.has(SYSTEM, 2)
        b.run('avb is_unlocked', says='^Unlocked = 0$')
        for command in ('avb write_rb 0 6', 'avb unlock', 'avb lock',
                        'avb commit _b', 'avb write_pvalue a b'):
            b.refused(command, says='^avb: REFUSED: .* (stored|changed)')
        b.refused('avb read_rb 1', says='no rollback index has ever')
        b.has(0, 5)


def test_closed_blank():
    """A closed board whose index was never stored boots nothing"""
    with Board(Emmc) as b:
        b.program()
    with Board(Emmc, closed=True, used=True) as b:
        b.run('avb is_unlocked', says='^Unlocked = 0$')
        b.refused('avb verify _a', says='I/O error')
        b.refused('avb verify _b', says='REFUSED: no rollback index has ever')


def test_closed_no_key():
    """A closed board whose RPMB has no key boots nothing"""
    with Board(Emmc, closed=True) as b:
        b.refused('avb verify _a', says="Can't determine device lock state")
        b.refused('avb read_rb 0', says='says that it has no key')


def test_other_key():
    """An RPMB with another key: nothing is booted, on an open board either"""
    class Other(Emmc):
        """An eMMC that was exchanged"""
        key = bytes(range(32))

    provisioned(Emmc)
    for is_closed in False, True:
        with Board(Other, closed=is_closed, used=True) as b:
            b.refused('avb verify _b',
                      says='the answer is not signed with our key')
            b.refused('avb read_rb 0',
                      says='the answer is not signed with our key')
            b.refused('avb is_unlocked', says='determine device lock state')


def test_gone():
    """The control FDT names an RPMB that is not there"""
    with Board(Emmc, rpmb='mmc9') as b:
        b.refused('avb verify _a', says='the RPMB is not there')
        b.refused('avb read_rb 0', says='the RPMB is not there')


def test_no_node():
    """Without a node there is nothing to fall back to"""
    with Board(Emmc, node=False) as b:
        b.refused('avb verify _a', says='the node "u-boot,rpmb-rollback"')
        b.refused('avb read_rb 0', says='control FDT names no RPMB')


def test_values():
    """Persistent values, at the prompt and after a reset"""
    with Board(Emmc) as b:
        b.program()
        b.refused('avb read_pvalue name 20', says='Failed to read persistent')
        b.run('avb write_pvalue name value', says='^Wrote 6 bytes$')
        b.run('avb read_pvalue name 20', says='^Read 6 bytes, value = value$')
        b.refused('avb read_pvalue name 5', says='err = 7$')
        b.refused('avb read_pvalue other 20', says='err = 5$')
        b.refused(f"avb write_pvalue {'n' * 44} value", says='err = 5$')
    with Board(Emmc, closed=True, used=True) as b:
        b.run('avb read_pvalue name 20', says='^Read 6 bytes, value = value$')


def test_lock():
    """The lock state, what it changes and what it does not"""
    with Board(Emmc) as b:
        b.program()
        b.run('avb write_rb 0 5')
        b.run('avb is_unlocked', says='^Unlocked = 0$')
        b.run('avb unlock')
        b.run('avb is_unlocked', says='^Unlocked = 1$')
        b.boots('_a')
        b.run('printenv avb_bootargs', says='verifiedbootstate=orange')
        b.old('_c')
        for changed in '_e', '_f':
            b.refused(f'avb verify {changed}', says="Digest didn't match")
    with Board(Emmc, closed=True, used=True) as b:
        b.run('avb is_unlocked', says='^Unlocked = 1$')
    with Board(Emmc, used=True) as b:
        b.run('avb lock')
        b.run('avb is_unlocked', says='^Unlocked = 0$')


def test_digest():
    """A partition whose digest is stored when a locked device first sees it"""
    first = slot('', 5, 2, digest=persistent)
    other = {**first, 'boot': b'other' * 60}
    with Board(Emmc, disk=first) as b:
        b.program()
        for location in 0, SYSTEM:
            b.run(f'avb write_rb {location} 1')
        b.refused('avb read_pvalue avb.persistent_digest.boot 8',
                  says='err = 5$')
    with Board(Emmc, closed=True, used=True) as b:
        b.refused('avb verify', says='a persistent value is not stored')
    with Board(Emmc, used=True) as b:
        b.boots('')
        b.refused('avb read_pvalue avb.persistent_digest.boot 8',
                  says='err = 7$')
        b.boots('')
    with Board(Emmc, closed=True, used=True) as b:
        b.boots('')
    for is_closed in False, True:
        with Board(Emmc, disk=other, closed=is_closed, used=True) as b:
            b.refused('avb verify', says="Digest didn't match")


def test_commit():
    """Indexes come from what is verified, and are the lowest of the slots"""
    with Board(Emmc) as b:
        b.program()
        b.run('avb commit _a _b', says='committed')
        b.has(0, 5)
        b.has(SYSTEM, 2)
        b.boots('_a')
        b.run('avb commit _b', says='committed')
        b.has(0, 6)
        b.has(SYSTEM, 3)
        b.old('_a')
        # not what is old, changed or not there; nor the others beside it
        for slots in '_a', '_b _a', '_f', '_b _f', '_z', '_e':
            b.refused(f'avb commit {slots}', says='is not committed')
        b.has(0, 6)
        b.has(SYSTEM, 3)


def test_whole():
    """All that vbmeta describes, and what it is chained to, not boot alone"""
    good = {**slot('_a', 5, 2), **slot('_b', 6, 3)}
    with Board(Emmc, disk=good) as b:
        b.program()
        b.boots('_b')
        b.run('avb commit _a', says='committed')
    for name in 'boot', 'vendor_boot', 'init_boot':
        with Board(Emmc, disk=forged(good, name + '_b'), used=True) as b:
            b.boots('_a')
            b.refused('avb verify _b', says="Digest didn't match|signature")
            for slots in '_b', '_a _b':
                b.refused(f'avb commit {slots}', says="slot '_b' is not "
                          f'committed: {name}: ')
            b.has(0, 5)
            b.has(SYSTEM, 2)
    gone = {name: data for name, data in good.items()
            if name != 'vendor_boot_b'}
    with Board(Emmc, disk=gone, used=True) as b:
        b.refused('avb verify _b', says="'_b' is not to be booted: vendor_boot")
        b.refused('avb commit _b', says='not committed: vendor_boot: ')
        b.has(0, 5)


def test_not_described():
    """A vbmeta that describes no boot, or that switches verification off"""
    bare = {**slot('_b', 6, 3), 'vbmeta_b': vbmeta(
        KEY, 6, chain_to('vbmeta_system', SYSTEM, KEY))}
    with Board(Emmc, disk=bare) as b:
        b.program()
        b.refused('avb commit _b', says="describes no partition 'boot'")
        b.refused('avb verify _b', says="describes no partition 'boot'")
    off = slot('_b', 6, 3, flags=VERIFICATION_DISABLED)
    with Board(Emmc, disk=off, used=True) as b:
        b.run('rpmb list')
        b.refused('avb commit _b', says='switches verification off')
        b.refused('avb verify _b', says='switches verification off')


def test_commit_zero():
    """An index of 0 is stored where vbmeta has it, and nowhere else"""
    with Board(Emmc) as b:
        b.program()
        b.run('avb commit _g _b', says='committed')
    with Board(Emmc, closed=True, used=True) as b:
        b.has(0, 0)
        b.refused(f'avb read_rb {SYSTEM}', says='no rollback index has ever')


def test_commit_both():
    """Where two slots must be able to boot, one of them raises nothing"""
    with Board(Emmc, slots=2) as b:
        b.program()
        for slots in '', '_b', '_b _b':
            b.refused(f'avb commit {slots}', says='2 must be able to boot')
        b.run('avb read_rb 0', says='has ever been stored')
        b.run('avb commit _a _b', says='committed')
        b.has(0, 5)


def ab_disk(a, b, *more):
    """Return: slots 5 and 6, and metadata of theirs"""
    return {**slot('_a', 5, 2), **slot('_b', 6, 3), 'misc': misc(a, b, *more)}


def test_commit_ab():
    """An update's way: on trial it raises nothing, until the OS is content"""
    with Board(Emmc, disk=ab_disk(SUCCESSFUL, TRIAL)) as b:
        b.program()
        b.run('avb commit_ab misc', says='committed')
        b.has(0, 5)
        b.has(SYSTEM, 2)
    with Board(Emmc, disk=ab_disk(UNBOOTABLE, TRIAL), used=True) as b:
        b.run('bcb ab_select slot mmc 0#misc', says='Booting slot: b')
        text = b.run('avb commit_ab', says='nothing to commit')
        check('committed' not in text, 'it says what it did')
        b.has(0, 5)
        b.has(SYSTEM, 2)
    with Board(Emmc, disk=ab_disk(UNBOOTABLE, SUCCESSFUL), used=True) as b:
        b.run('bcb ab_dump mmc 0#misc', says=r'^CRC: .*\(Valid\)')
        b.run('bcb ab_select slot mmc 0#misc', says='Booting slot: b')
        b.run('avb commit_ab', says='committed')
        b.has(0, 6)
        b.has(SYSTEM, 3)
        b.old('_a')
        b.boots('_b')


def test_commit_ab_refused():
    """No metadata, or a slot that can boot and cannot be verified"""
    with Board(Emmc) as b:
        b.program()
        b.refused('avb commit_ab', says='metadata cannot be read')
    disk = ab_disk(SUCCESSFUL, TRIAL)
    for disk, why in (
            ({**disk, 'misc': bytes(4096)}, 'damaged, or were never written'),
            ({**disk, 'misc': misc(SUCCESSFUL, version=2)}, 'a later version'),
            (forged(disk, 'boot_b'), "slot '_b' is not committed"),
            (ab_disk(SUCCESSFUL, TRIAL, TRIAL), "slot '_c' is not committed")):
        with Board(Emmc, disk=disk, used=True) as b:
            b.run('rpmb list')  # nobody has looked for devices yet
            b.refused('avb commit_ab misc', says=why)
            b.has(0, 0)
    with Board(Emmc, disk=ab_disk(SUCCESSFUL, UNBOOTABLE), slots=2,
               used=True) as b:
        b.run('rpmb list')
        b.refused('avb commit_ab', says='2 must be able to boot')
