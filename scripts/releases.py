# SPDX-License-Identifier: GPL-2.0-or-later
"""What a vendor of an operating system makes: releases, signed FITs"""

import os
import shutil

import its
import policy

ADDRESS = {1: 0x48000000, 2: 0x49000000, 3: 0x4a000000}


class Releases:
    """What a vendor makes: releases, and a control FDT"""

    def __init__(self, t, resets=True):
        self.t = t
        self.resets = resets
        self.place = t.place('vendor')
        shutil.rmtree(self.place, ignore_errors=True)
        self.args = []
        for version, address in ADDRESS.items():
            path = self.release(version)
            self.args += ['-device', f'loader,file={path},addr={address:#x},'
                          'force-raw=on']
        self.huk = os.path.join(self.place, 'huk')
        with open(self.huk, 'wb') as file:
            file.write(os.urandom(32))

    def release(self, version):
        """Make a release and sign it. Return: its path"""
        return self.sign(version,
                         f"'-DSAYS=\"release {version} is running\"'"
                         + ' -DRESETS' * self.resets)

    def sign(self, version, flags, size=0):
        """Make a payload with these flags, of at least so many bytes, and sign
        it. Return: its path"""
        place = os.path.join(self.place, str(version))
        os.makedirs(place)
        mkimage = self.t.tool('mkimage')
        self.t.make('test/qemu/Makefile.payload', f'O={place}',
                    f'MKIMAGE={mkimage}', 'FLAGS=' + flags)
        payload = os.path.join(place, 'payload.bin')
        os.truncate(payload, max(size, os.path.getsize(payload)))
        return its.build('os', its.source(
            f'release {version}',
            (its.image('os', 'payload.bin', 'kernel', 0x44000000),
             its.image('tree', 'payload.dtb', 'flat_dt')),
            (('kernel', 'os'), ('fdt', 'tree')), ('os',),
            'compatible = "linux,dummy-virt"; '
            f'rollback-index = <0 {version}>;'),
            mkimage, self.t.keys(), place)

    def tree(self, name):
        """Make a control FDT with a policy. Return: its path"""
        path = os.path.join(self.place, name + '.dtb')
        shutil.copy(self.t.control_tree('board-os.dtb'), path)
        policy.add(path, name)
        return path
