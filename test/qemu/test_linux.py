# SPDX-License-Identifier: GPL-2.0-or-later
"""U-Boot, Linux, U-Boot again, in one QEMU process

QEMU's eMMC keeps its key and counter as long as its process lives: what U-Boot
programs and writes, mmc-utils must be able to read and to continue, and the
other way round. On the same machine Linux' ufshcd-pci is the referee of our UFS
device, and its SG of what our driver wrote there. One boot of Linux serves all
tests; each does once what it needs, in this order:

  U-Boot  programs keys, writes to both RPMBs and to the UFS disk
  Linux   Debian's kernel with mmc-utils and sg3-utils (scripts/get-linux)
  U-Boot  after a reset that Linux asks for

mmc-utils' write-key is never used: since April 2025 it programs zeroes.
"""

import os
import re

import pytest

import frames
import host
import rig
from console import READY
from devices import UFS_ARGS, UFS_PROGRAM, UFS_SOCKET, emmc_args, new_emmc
from fixtures import folder
from rig import BACK, OUT, check

SUITE = 'linux'
place = folder(SUITE, 'rpmb-vfio-user')

LINUX = os.path.join(rig.TOP, 'build', 'linux')

IMAGE_AT = 0x48000000
INITRAMFS_AT = 0x50000000

EMMC_KEY = bytes([0xa1] * 31 + [1])
UFS_KEY = bytes([0xb2] * 31 + [2])
MMC = '/dev/mmcblk0rpmb'
DISK = '/dev/sda'
RPMB_LUN = 0xc144


MACHINES = []


@pytest.fixture(scope='module', autouse=True)
def debian(place):   # pylint: disable=unused-argument,redefined-outer-name
    """Debian's Linux is there before the first test, no QEMU after the last"""
    host.run(host.script('get-linux'))
    yield
    while MACHINES:
        MACHINES.pop().__exit__(True)


def once(work):
    """Do it at the first call; what went wrong then is wrong for all"""
    done = []

    def wrapper():
        if not done:
            try:
                done.append((work(), None))
            except Exception as error:      # pylint: disable=broad-except
                done.append((None, error))
        if done[0][1]:
            raise rig.Failed(f'{work.__name__}: {done[0][1]}')
        return done[0][0]
    return wrapper


def octal(data):
    """Return: bytes as printf takes them"""
    return ''.join(f'\\{byte:03o}' for byte in data)


class Machine(rig.Board):
    """The board with an eMMC and a UFS device, and Linux in its memory"""

    def __init__(self):
        new_emmc()
        loads = [word for name, address in (('Image', IMAGE_AT),
                                            ('initramfs', INITRAMFS_AT))
                 for word in ('-device', f'loader,file={LINUX}/{name},'
                              f'addr={address:#x},force-raw=on')]
        super().__init__(rig.Device(UFS_PROGRAM, UFS_SOCKET),
                         [*emmc_args(), *UFS_ARGS, *loads], timeout=240)

    def put(self, name, data):
        """In Linux: write a file"""
        zeroes = len(data) - len(data.lstrip(b'\0'))
        data = data[zeroes:]
        self.run(f'head -c {zeroes} /dev/zero >{name}')
        for i in range(0, len(data), 128):
            self.run(f"printf '{octal(data[i:i + 128])}' >>{name}")

    def get(self, name):
        """In Linux: read a file"""
        return bytes.fromhex(self.run(
            f"hexdump -v -e '32/1 \"%02x\" \"\\n\"' {name}"))

    def holds(self, name, byte, size):
        """In Linux: does a file consist of this byte only?"""
        self.run(f"head -c {size} /dev/zero | tr '\\0' '\\{byte:03o}' | "
                 f'cmp - {name}')

    def fill_file(self, name, byte, size):
        """In Linux: make such a file"""
        self.run(f"head -c {size} /dev/zero | tr '\\0' '\\{byte:03o}' "
                 f'>{name}')


@once
def first_uboot():
    """Program both keys, write to both RPMBs and to the disk"""
    board = Machine()
    MACHINES.append(board)
    board.add_key(1, EMMC_KEY[0])
    board.add_key(2, UFS_KEY[0])
    board.run('rpmb dev mmc0')
    board.run('rpmb program-key -y 1')
    board.write(4, 0x51, 2)
    board.run('rpmb dev ufs0:0')
    board.run('rpmb program-key -y 2')
    board.write(5, 0x61, keyid=2)
    board.run('scsi scan', says='UFS MODEL')
    board.fill(0x77, 16)
    board.run(f'scsi write {OUT:x} 4 1')
    return board


@once
def linux():
    """Boot it, and keep what it said of the devices"""
    board = first_uboot()
    size = os.path.getsize(f'{LINUX}/initramfs')
    board.run('setenv bootargs console=ttyAMA0 quiet panic=-1')
    board.console.start(f'booti {IMAGE_AT:x} {INITRAMFS_AT:x}:{size:x} '
                        '${fdtcontroladdr}', READY)
    board.run('cat /proc/version', says='^Linux version.*[Dd]ebian')
    board.put('key', EMMC_KEY)
    board.run('until [ -b /dev/sda ]; do sleep 1; done')
    return board


def mmc_counter(board):
    """Return: the write counter, as mmc-utils reads it"""
    text = board.run(f'mmc rpmb read-counter {MMC}')
    return int(re.search(r'0x([0-9a-f]+)', text)[1], 16)


@once
def mmc_utils():
    """Read what U-Boot wrote, write more. Return: the counters"""
    board = linux()
    before = mmc_counter(board)
    board.run(f'mmc rpmb read-block {MMC} 4 2 got key')
    board.holds('got', 0x51, 512)
    board.fill_file('data', 0x52, 256)
    board.run(f'mmc rpmb write-block {MMC} 6 data key')
    return before, mmc_counter(board)


@once
def rpmb_sg():
    """Return: the SG device of the RPMB's unit, its unit attention taken"""
    board = linux()
    text = board.run('ls -d /sys/class/scsi_device/*'
                     f':{RPMB_LUN}/device/scsi_generic/*')
    sg = '/dev/' + text.strip().rpartition('/')[2]
    board.refused(f'sg_raw {sg} 00 00 00 00 00 00', says='Unit Attention')
    return sg


def exchange(board, region, *requests):
    """Send frames to the RPMB's logical unit by SG. Return: the reply"""
    sg = rpmb_sg()
    cdb = f'ec {region:02x} 01 00 00 00 00 02 00 00 00'
    for frame in requests:
        board.put('request', frame)
        board.run(f'sg_raw -s 512 -i request {sg} b5 {cdb}')
    board.run(f'sg_raw -r 512 -o reply {sg} a2 {cdb}')
    return board.get('reply')


def ask(board, kind, region=0, **fields):
    """Ask with a fresh nonce. Return: the reply, its nonce checked"""
    nonce = os.urandom(16)
    reply = exchange(board, region, frames.request(kind, nonce, **fields))
    got = frames.parse(reply)
    check(got.kind == kind << 8 and got.nonce == nonce,
          'this is an answer to something else')
    return got, frames.is_signed(reply, UFS_KEY)


def ask_signed(board, kind, **fields):
    """Ask. Return: the reply, its signature and result checked"""
    got, signed = ask(board, kind, **fields)
    check(signed and got.result == 0, f'signed: {signed}, '
          f'result {got.result}')
    return got


@once
def ufs_rpmb():
    """Read what U-Boot wrote, write more. Return: the counter before that"""
    board = linux()
    counter = ask_signed(board, frames.COUNTER).counter
    got = ask_signed(board, frames.READ, address=5, count=1)
    check(got.data == bytes([0x61]) * 256, 'U-Boot wrote something else')
    reply = exchange(board, 0, frames.request(
        frames.WRITE, data=bytes([0x62]) * 256, counter=counter, address=6,
        count=1, key=UFS_KEY), frames.request(frames.RESULT))
    got = frames.parse(reply)
    check(frames.is_signed(reply, UFS_KEY) and
          (got.kind, got.result, got.counter) ==
          (frames.WRITE << 8, 0, counter + 1), f'not written: {got.result}')
    return counter


@once
def ufs_disk():
    """Read what U-Boot wrote, write more"""
    board = linux()
    board.run(f'dd if={DISK} of=got bs=4096 skip=4 count=1')
    board.holds('got', 0x77, 4096)
    board.fill_file('data', 0x78, 3 * 4096)
    board.run(f'dd if=data of={DISK} bs=4096 seek=5 conv=fsync')


def complaints(board):
    """Return: what Linux' drivers have warned of, UFS or SCSI"""
    text = board.run('dmesg -r')
    return [line for line in text.splitlines()
            if re.match(r'<[0-4]>.*(ufs|scsi|\bsd\b|\bsg\b|\bsd[a-z]\b)', line)]


@once
def sleep():
    """Leave the UFS device alone until it sleeps, then read from it"""
    board = linux()
    ufs_disk()
    status = '/sys/bus/pci/drivers/ufshcd/0000*/power/runtime_status'
    board.run('for unit in /sys/class/scsi_device/*/device/power; do '
              'echo auto >$unit/control; '
              'echo 200 >$unit/autosuspend_delay_ms; done')
    board.run(f'for i in $(seq 60); do grep -q suspended {status} && break; '
              'sleep 1; done')
    board.run(f'cat {status}', says='^suspended')
    check(board.device.stats()['hibernations'] > 0, 'the link did not sleep')
    board.run('echo 3 >/proc/sys/vm/drop_caches')
    board.run(f'dd if={DISK} of=got bs=4096 skip=5 count=3')
    board.holds('got', 0x78, 3 * 4096)


@once
def second_uboot():
    """Reset, once all is done in Linux"""
    board = linux()
    for work in mmc_utils, ufs_rpmb, sleep:
        work()
    board.console.start('reboot -f', READY)
    board.add_key(1, EMMC_KEY[0])
    board.add_key(2, UFS_KEY[0])
    return board


def test_tree():
    """Debian's kernel starts from the board's own control FDT"""
    board = linux()
    board.run('ls /proc/device-tree', says='rpmb|psci')
    text = board.run('dmesg')
    check('Unable to handle' not in text and 'Oops' not in text,
          'the kernel stumbled')


def test_emmc():
    """mmc-utils reads what U-Boot wrote, with the key U-Boot programmed"""
    before, after = mmc_utils()
    check((before, after) == (2, 3), f'counters {before} and {after}, not 2, 3')


def test_emmc_wrong_key():
    """mmc-utils and the eMMC are no easier to please than we are"""
    board = linux()
    mmc_utils()
    board.put('wrong', UFS_KEY)
    board.refused(f'mmc rpmb read-block {MMC} 4 1 nothing wrong',
                  says='MAC')
    board.refused(f'mmc rpmb write-block {MMC} 4 data wrong',
                  says='retcode 0x0002')
    check(mmc_counter(board) == 3, 'a forgery was counted')


def test_ufs_disk():
    """Linux reads U-Boot's block from the UFS disk, and writes its own"""
    ufs_disk()


def test_ufs_rpmb():
    """By SG: counter and data signed and fresh, and a write"""
    check(ufs_rpmb() == 1, 'U-Boot wrote once')


def test_ufs_no_key():
    """By SG: the other region has no key, and says so"""
    got, signed = ask(linux(), frames.COUNTER, region=1)
    check(got.result == frames.NO_KEY and not signed, 'it has a key')


def test_ufs_sleep():
    """Idle, the device sleeps and the link hibernates; both wake up"""
    sleep()


def test_ufs_quiet():
    """Linux' UFS and SCSI drivers complain of nothing, all that time"""
    board = linux()
    ufs_disk()
    sleep()
    found = complaints(board)
    check(not found, f'Linux complains: {found}')
    board.run('dmesg', says=r'ufs_device_wlun.*Attached scsi generic')


def test_back_emmc():
    """U-Boot reads signed what mmc-utils wrote, and goes on from its counter"""
    board = second_uboot()
    board.run('rpmb dev mmc0')
    check(board.counter() == 3, 'the counter is another')
    board.reads_back(4, 0x51, 2)
    board.reads_back(6, 0x52)
    board.write(7, 0x53)
    check(board.counter() == 4, 'the counter does not go on')


def test_back_ufs():
    """U-Boot reads signed what Linux wrote by SG, and its block on the disk"""
    board = second_uboot()
    board.run('rpmb dev ufs0:0')
    check(board.counter(2) == 2, 'the counter is another')
    board.reads_back(5, 0x61, keyid=2)
    board.reads_back(6, 0x62, keyid=2)
    board.write(7, 0x63, keyid=2)
    board.run('scsi scan', says='UFS MODEL')
    board.fill(0x78, 16)
    board.run(f'scsi read {BACK:x} 5 1')
    board.run(f'cmp.b {OUT:x} {BACK:x} 1000', says='were the same')
