# SPDX-License-Identifier: GPL-2.0-or-later
"""The QEMU board with TF-A and OP-TEE, and U-Boot in the normal world

OP-TEE's log is a file, since it has the second serial port. Its shared memory is
at 0x42000000, so nothing of ours is put there.
"""

import os
import re
import subprocess

import pytest

import host
import keys
import rig
from console import READY, Console
from devices import CID
from rig import check

HUK = rig.HUK[:16]
LOG = 'optee.log'
KEY = '201'             # OP-TEE's own, as it is built by default
OTHER_KEY = '200'       # with CFG_CORE_HUK_SUBKEY_COMPAT=n
OUT, BACK = 0x44000000, 0x45000000
MEMORY = '1024'         # TF-A puts U-Boot behind the first 512 MiB
LACKING = 3             # exit status of get-optee: a source is not to be had


def firmware(writes_key=False):
    """Build it. Return: its path. Skips where a source is not to be had"""
    done = subprocess.run(
        [host.script('get-optee'), rig.image()], check=False, text=True,
        stdout=subprocess.PIPE, env={**os.environ, 'HUK': HUK.hex(),
                                     'WRITE_KEY': 'y' if writes_key else 'n'})
    if done.returncode == LACKING:
        why = os.path.join(rig.TOP, 'build', 'optee-writes-key' if writes_key
                           else 'optee', 'why')
        pytest.skip(host.read(why).decode().strip())
    check(not done.returncode, 'the firmware cannot be built')
    return done.stdout.strip()


def optee_key():
    """Return: the key that OP-TEE derives for QEMU's eMMC, as it is by default"""
    cid = bytes(0 if i in keys.CID_MASKED else byte
                for i, byte in enumerate(CID))
    return keys.hmac_sha256(HUK, cid)


def control_tree(policy=''):
    """Make a tree for the machine with a secure world. Return: its name"""
    source = os.path.join(rig.TOP, 'board/emulation/common/rpmb-qemu.dtso')
    overlay = host.read(source).decode().replace(
        '&{/} {', '&{/} {' + policy, 1)
    host.write('overlay.dts', overlay)
    host.write('firmware', 'firmware')
    host.run(host.script('machine'), '-bios', 'firmware', '-machine',
             'secure=on,dtb-randomness=off,dumpdtb=qemu.dtb',
             env={**os.environ, 'MEMORY': MEMORY})
    host.run('dtc', '-q', '-O', 'dtb', '-o', 'overlay.dtbo', 'overlay.dts')
    host.run('fdtoverlay', '-i', 'qemu.dtb', '-o', 'secure.dtb',
             'overlay.dtbo')
    return 'secure.dtb'


class Board(rig.Board):
    """A board with OP-TEE"""

    def __init__(self, bios, device, closed=False, policy='', timeout=120):
        # pylint: disable=super-init-not-called
        self.device, self.own = device, True
        host.write(rig.HUK_FILE, HUK)
        if os.path.exists(LOG):
            os.unlink(LOG)
        args = [*device.args, '-serial', 'stdio', '-serial', f'file:{LOG}']
        if closed:
            args += ['-fw_cfg', 'name=opt/rpmb/closed,string=1']
        try:
            self.console = Console(
                [host.script('machine'), '-machine', 'secure=on', *args, '-bios',
                 bios, '-device', 'virtio-rng-device', '-dtb',
                 control_tree(policy), '-fw_cfg',
                 f'name=opt/rpmb/huk,file={rig.HUK_FILE}'],
                timeout=timeout, ready=READY, env={'MEMORY': MEMORY})
        except BaseException:
            device.close()
            raise

    def restart(self):
        """Reset the board, which OP-TEE does not survive; the device does"""
        self.console.start('reset', READY)

    def log(self):
        """Return: what OP-TEE has said so far"""
        return host.read(LOG).decode(errors='replace')

    def provision(self, name='mmc0', key=KEY):
        """Choose the device, program the key"""
        self.run('rpmb list')
        self.run(f'rpmb dev {name}')
        self.run(f'rpmb program-key -y {key}')

    def store(self, name, value):
        """OP-TEE's trusted application stores a value"""
        self.run(f'optee_rpmb write_pvalue {name} {value}',
                 says=f'Wrote {len(value) + 1} bytes')

    def stored(self, name, value):
        """It has this value"""
        self.run(f'optee_rpmb read_pvalue {name} {len(value) + 1}',
                 says=f'value = {value}$')

    def block(self, number, key=KEY):
        """Read a block, authenticated. Return: its first 16 bytes"""
        self.run(f'rpmb read-blocks {key} {BACK:x} {number:x} 1')
        text = self.run(f'md.b {BACK:x} 10')
        return bytes.fromhex(re.search(r': ((?:[0-9a-f]{2} ){16})', text)[1])
