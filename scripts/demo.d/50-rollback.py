# SPDX-License-Identifier: GPL-2.0-or-later
"""an operating system that cannot be rolled back

Three releases of the smallest operating system there is: it says its version
and resets the board. Each is a FIT, signed with a throwaway key whose public
half is required by the board's control tree, which also names the RPMB that
holds the rollback index.
"""

import os
import re
import shutil
import subprocess

ADDRESS = {1: 0x48000000, 2: 0x49000000, 3: 0x4a000000}
LOC = '100'

ITS = '''/dts-v1/;
/ {
	description = "release %(version)d";
	#address-cells = <1>;
	images {
		os {
			description = "release %(version)d";
			data = /incbin/("payload.bin");
			type = "kernel";
			arch = "arm64";
			os = "linux";
			compression = "none";
			load = <0x44000000>;
			entry = <0x44000000>;
			hash-1 { algo = "sha256"; };
		};
		tree {
			description = "a tree for it";
			data = /incbin/("payload.dtb");
			type = "flat_dt";
			arch = "arm64";
			compression = "none";
			hash-1 { algo = "sha256"; };
		};
	};
	configurations {
		default = "release";
		release {
			kernel = "os";
			fdt = "tree";
			compatible = "linux,dummy-virt";
			rollback-index = <0 %(version)d>;
			signature-1 {
				algo = "sha256,rsa2048";
				key-name-hint = "os";
				sign-images = "kernel", "fdt";
			};
		};
	};
};
'''


class Releases:
    """What a vendor makes: releases, and a control tree"""

    def __init__(self, t):
        self.t = t
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
        place = os.path.join(self.place, str(version))
        os.makedirs(place)
        mkimage = self.t.tool('mkimage')
        self.t.make('test/qemu/Makefile.payload', f'O={place}',
                    f'MKIMAGE={mkimage}',
                    f"FLAGS='-DSAYS=\"release {version} is running\"' -DRESETS")
        with open(os.path.join(place, 'os.its'), 'w', encoding='ascii') as its:
            its.write(ITS % {'version': version})
        subprocess.run([mkimage, '-f', 'os.its', '-k', self.t.keys(),
                        'os.itb'], cwd=place, check=True,
                       stdout=subprocess.DEVNULL)
        return os.path.join(place, 'os.itb')

    def tree(self, name):
        """Make a control tree with a policy. Return: its path"""
        path = os.path.join(self.place, name + '.dtb')
        shutil.copy(self.t.control_tree('board-os.dtb'), path)
        node = '/rpmb-rollback'
        for words in (['-p', '-t', 's', path, node, 'compatible',
                       'u-boot,rpmb-rollback'],
                      ['-t', 's', path, node, 'rpmb', name],
                      ['-t', 'x', path, node, 'target', '0'],
                      ['-t', 'x', path, node, 'key-id', '100']):
            subprocess.run(['fdtput', *words], check=True)
        return path


def boots(t, version):
    """It boots, and comes back with a reset"""
    t.starts(f'bootm {ADDRESS[version]:x}',
             rf'release {version} is running[\s\S]*\n=> \Z')


def refused(t, version, says):
    """It does not boot"""
    t.refused(f'bootm {ADDRESS[version]:x}', says=says)


def life(t, device, name, vendor):
    """What all devices show"""
    t.step(f'{name}: a new board has a key, but no index yet: it is open, so '
           'it boots and says so')
    t.board(device, huk=vendor.huk, args=vendor.args,
            env={'DTB': vendor.tree(name)})
    t.run(f'rpmb dev {name}:0')
    t.run('rpmb program-key -y 100')
    boots(t, 2)

    t.step('Release 2 has proved itself: its index is committed')
    t.run(f'rpmb rollback commit {ADDRESS[2]:x}')
    t.run(f'rpmb rollback get {LOC}', says=r'\b0*2\b')

    t.step('Release 1 is as well signed as it ever was, and refused')
    refused(t, 1, says='REFUSED')

    t.step('Release 2 boots, and so does release 3')
    boots(t, 2)
    boots(t, 3)

    t.step('No release is committed that would lock another one out')
    t.refused(f'rpmb rollback advance {LOC} 1')
    t.run(f'rpmb rollback get {LOC}', says=r'\b0*2\b')


def attacks(t, device, name, vendor, faults):
    """What our models can play: the bus is an attacker, power fails"""
    env = {'DTB': vendor.tree(name)}
    option = {'ufs': 'UFS_ARGS', 'virtio': 'VIRTIO_ARGS'}[device]
    closed = ['-fw_cfg', 'name=opt/rpmb/closed,string=1']

    t.step(f'{name}: power fails while the index is raised to 3')
    t.board(device, huk=vendor.huk, args=vendor.args, fresh=False,
            env={**env, option: f'--fault {faults["cut"]}'})
    t.tries(f'rpmb rollback commit {ADDRESS[3]:x}')
    t.board(device, huk=vendor.huk, args=vendor.args, fresh=False, env=env)
    text = t.run(f'rpmb rollback get {LOC}')
    t.check(re.search(r'\b0*[23]\b', text), 'it is 2 or 3, never lower')
    refused(t, 1, says='REFUSED')

    t.step('The bus forges the answer: refused, not taken for index 0')
    t.board(device, huk=vendor.huk, args=vendor.args, fresh=False,
            env={**env, option: f'--fault {faults["forge"]}'})
    refused(t, 3, says='REFUSED')

    t.step('A closed board decides the same way, and its keys are gone by now')
    t.board(device, huk=vendor.huk, args=[*vendor.args, *closed], fresh=False,
            env=env)
    refused(t, 1, says='REFUSED')
    t.run('rpmb key list', says='no keys until the next reset')
    boots(t, 3)

    t.step('A closed board with another, blank device boots nothing')
    t.board(device, huk=vendor.huk, args=[*vendor.args, *closed], env=env)
    refused(t, 3, says='REFUSED')


def tell(t):
    """Tell it all"""
    vendor = Releases(t)
    life(t, 'emmc', 'mmc0', vendor)
    t.step("QEMU's eMMC forgets its key with its power: closed, it boots nothing")
    t.board('emmc', huk=vendor.huk, fresh=False, env={'DTB': vendor.tree('mmc0')},
            args=[*vendor.args, '-fw_cfg', 'name=opt/rpmb/closed,string=1'])
    refused(t, 3, says='REFUSED')

    life(t, 'ufs', 'ufs0', vendor)
    attacks(t, 'ufs', 'ufs0', vendor,
            {'cut': 'cut-after:0:write', 'forge': 'bad-mac:0:read:0:9'})
    life(t, 'virtio', 'virtio0', vendor)
    attacks(t, 'virtio', 'virtio0', vendor,
            {'cut': 'drop-request:write:0:9', 'forge': 'bad-nonce:read:0:9'})
