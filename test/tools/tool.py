# SPDX-License-Identifier: GPL-2.0-or-later
"""rpmb-tool as tests run it, and the keys once more, by Python"""

import hashlib
import json
import re
import shlex
import subprocess

import pytest

from keys import CID_MASKED, EMMC, LABEL, UFS, check_value, hkdf, hmac_sha256

CID = 'd60103303147423000123456789a62d5'
CID_FFU = 'd60103303147423000ff3456789a6277'    # after a firmware update
NAME = '0ADA-0310-UFS MODEL-003000310000-0100-2541-R1'
HUK = b'a secret of 32 bytes for a test!'
SCHEMES = {'derived': 1, 'fuse': 2, 'test': 3}


def key_of(secret, scheme, slot, transport, target, ident):
    """Return: the key of a device"""
    if transport == UFS and scheme.startswith('optee'):
        ident = hashlib.blake2b(ident, digest_size=16).digest()
    if transport == EMMC or scheme.startswith('optee'):
        ident = bytes(0 if i in CID_MASKED else byte
                      for i, byte in enumerate(ident))
    if scheme == 'optee':
        return hmac_sha256(secret, bytes(4) + ident)
    if scheme == 'optee-compat':
        return hmac_sha256(secret, ident)
    return hkdf(secret, LABEL + bytes([SCHEMES[scheme], slot, transport,
                                       target]) +
                len(ident).to_bytes(2, 'big') + ident)


def kcv_of(*args):
    """Return: the check value of such a key, in hex"""
    return check_value(key_of(*args)).hex()


KEY = key_of(HUK, 'derived', 0, EMMC, 0, bytes.fromhex(CID))
KCV = check_value(KEY).hex()

BATCH = f'''# the first ones
device transport=emmc target=0 key=0x100 id={CID} kcv={KCV} index=0x100:5 index=1:0xffffffff0
device transport=ufs target=1 key=0x200 name="{NAME}" kcv=0011223344556677
batch 2026-11-A
device transport=virtio key=3 any # any of them
'''


def table(columns, rows):
    """A test for each row, called after its column line, args or command"""
    names = columns.split(', ')
    column = next(i for i, name in enumerate(names)
                  if name in ('line', 'args', 'command'))
    return pytest.mark.parametrize(
        columns, rows, ids=[row[column].strip().replace(CID, 'CID') for row in rows])


class Tool:
    """rpmb-tool, and what it wrote last"""

    def __init__(self, program):
        self.program = program
        self.out = self.err = b''

    @property
    def said(self):
        """All that it wrote last, as text"""
        return (self.out + self.err).decode(errors='replace')

    def gives(self, status, command, *more, says=(), given=b''):
        """It ends with this status, says this, and is not cut down

        command: its arguments, as typed; more: some that are not split
        """
        done = subprocess.run(
            [self.program, *shlex.split(command), *more], input=given,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.out, self.err = done.stdout, done.stderr
        print(f'$ rpmb-tool {command}\n{self.said}')
        assert not re.search('Sanitizer|runtime error', self.said)
        assert done.returncode == status
        for word in [says] if isinstance(says, str) else says:
            assert word in self.said

    def json(self, status, command):
        """It ends with this status. Return: the JSON that it prints"""
        self.gives(status, command + ' --json')
        return json.loads(self.out)

    def says_none_of(self, *words):
        """It did not say any of these"""
        for word in words:
            assert word not in self.said
