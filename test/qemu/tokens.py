# SPDX-License-Identifier: GPL-2.0-or-later
"""Service tokens, and boards that come with one

Tokens are written as device tree source: neither tools/ nor lib/rpmb has a hand
in them.
"""

import re
import shutil

import policy
import rig
from devices import Emmc, Ufs, Virtio, loader
from rig import check
from signing import dtb, hexbytes, sign

TOKEN, SECOND = 0x48000000, 0x49000000
LOC, HIGH, LOW = 0x100, 9, 5
KINDS = {Emmc: 'emmc', Ufs: 'ufs', Virtio: 'virtio'}
OPEN = '^rpmb service: THIS BOARD IS OPEN until its next reset'


def tree(kind, name='policy.dtb', base=None):
    """Return: the path of a control FDT with the rollback policy on"""
    shutil.copy(base or rig.control_tree(), name)
    policy.add(name, kind.name)
    return name


class Board(rig.Board):
    """A board with a device, a policy, and a token that comes with it"""

    def __init__(self, kind, token=None, closed=True, used=True, memory=(),
                 control=None):
        dev = kind(used)
        args = [*dev.args, '-dtb', control or tree(kind)]
        for path, address in zip(memory, (TOKEN, SECOND)):
            args += loader(path, address)
        if token:
            args += ['-fw_cfg', f'name=opt/rpmb/token,file={token}']
        if closed:
            args += ['-fw_cfg', 'name=opt/rpmb/closed,string=1']
        super().__init__(dev, args)
        self.said = self.console.banner
        print(self.said, flush=True)

    def reset(self):
        """Reset it: what is said then is what there is to judge"""
        self.said = self.console.start('reset', rb'\n=> \Z')
        print(self.said, flush=True)

    def says(self, what):
        """Did it say this while it started?"""
        check(re.search(what, self.said, re.MULTILINE),
              f"it did not say '{what}'")

    def count(self):
        """Return: the write counter, which a closed board shows unverified"""
        text = self.run('rpmb write-counter none')
        return int(re.search(r'0x([0-9a-f]{8})', text)[1], 16)

    def id(self):
        """Return: the identifier of the device"""
        text = re.search(r'^id: +(.*)$', self.run('rpmb get-info'),
                         re.MULTILINE)[1]
        if re.fullmatch('[0-9a-f]{32}', text):
            return bytes.fromhex(text)
        return text.encode()

    def holds(self, index):
        """Is this the index, to the policy?"""
        self.run(f'rpmb rollback check {LOC:x} {index:x}')
        self.refused(f'rpmb rollback check {LOC:x} {index - 1:x}',
                     says='the image is older')


def token(name, kind, dev_id, counter, action):
    """Return: the path of a token, not signed yet"""
    return dtb(name, 'compatible = "u-boot,rpmb-token"; version = <1>;\n'
               f'transport = "{KINDS[kind]}"; target = <0>;\n'
               f'id = {hexbytes(dev_id)}; write-counter = <{counter:#x}>;\n'
               + action)


RESET = f'reset-index = <{LOC:#x} 0 {LOW}>;'
RMA = 'rma;'


def sign_token(path, **how):
    """Return: the path of a signed token"""
    return sign(path, **{'key': 'service', 'purpose': 'rpmb-token', **how})


def prepare(kind):
    """A device with index HIGH. Return: its identifier and write counter"""
    with Board(kind, closed=False, used=False) as b:
        b.run(f'rpmb dev {kind.name}')
        dev_id = b.id()
        b.run('rpmb program-key -y 100')
        b.run(f'rpmb rollback advance {LOC:x} {HIGH:x}')
    with Board(kind) as b:
        b.run(f'rpmb dev {kind.name}')
        check('rpmb service' not in b.said, 'a token that is not there')
        b.holds(HIGH)
        return dev_id, b.count()
