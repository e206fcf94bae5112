# SPDX-License-Identifier: GPL-2.0-or-later
"""a factory line: keys burnt by signed manifests, and none that is wrong

The manifests are made by rpmb-tool and signed by mkimage with a throwaway key
whose public half stands in the board's control FDT. No key is typed, shown or
stored anywhere: each board derives its own.
"""

import os
import shutil
import subprocess

MANIFEST, UNSIGNED, WRONG = 0x48000000, 0x49000000, 0x4a000000

# The eMMC of QEMU, and one that is another by a digit of its serial number
CID = 'aa015851454d55212101deadbeef2900'
STRANGER = 'aa015851454d55212101deadbeee2900'


class Station:
    """What stands beside the line: the signing key, a tool, a unique key"""

    def __init__(self, t):
        self.t = t
        self.place = t.place('station')
        shutil.rmtree(self.place, ignore_errors=True)
        os.makedirs(self.place)
        self.huk = os.path.join(self.place, 'huk')
        with open(self.huk, 'wb') as file:
            file.write(os.urandom(32))

    def path(self, name):
        """Return: path of a file of the station"""
        return os.path.join(self.place, name)

    def show(self, *argv):
        """Run a program of the station's, and show what it says"""
        shown = ' '.join(os.path.basename(word) if '/' in word else
                         f"'{word}'" if ' ' in word else word for word in argv)
        print(f'$ {shown}', flush=True)
        text = subprocess.run(argv, cwd=self.place, check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        print(text.rstrip(), flush=True)
        return text.strip()

    def manifest(self, name, *devices):
        """Make a manifest, and what mkimage signs"""
        words = [word for device in devices for word in ('-d', device)]
        self.show(self.t.tool('rpmb-tool'), 'manifest', '-b', 'demo-1', *words,
                  '-o', self.path(name + '.dtb'), '--key-name', 'factory',
                  '--its', self.path(name + '.its'))

    def image(self, name, signed=True):
        """Make the FIT, signed or not. Return: its path"""
        keys = ['-k', self.t.keys()] if signed else []
        subprocess.run([self.t.tool('mkimage'), '-f', name + '.its', *keys,
                        name + '.itb'], cwd=self.place, check=True,
                       stdout=subprocess.DEVNULL)
        return self.path(name + '.itb')


def load(path, address):
    """Return: arguments with which a file is in the board's memory"""
    return ['-device', f'loader,file={path},addr={address:#x},force-raw=on']


def begin(t):
    """The station's part. Return: it, and what the boards find in memory"""
    t.step('The station makes the same key as the board, and shows neither')
    s = Station(t)
    kcv = s.show(t.tool('rpmb-tool'), 'derive', '--huk', s.huk,
                 '--transport', 'emmc', '--id', CID)

    t.step('A manifest: the eMMC by its id, whatever UFS and virtio there is')
    any_words = 'key=0x100 any index=0x100:1'
    s.manifest('good', f'transport=emmc key=0x100 id={CID} kcv={kcv} '
               'index=0x100:1', f'transport=ufs target=0 {any_words}',
               f'transport=virtio {any_words}')
    s.manifest('wrong', f'transport=emmc key=0x100 id={STRANGER} kcv={kcv}')
    shutil.copy(s.path('good.its'), s.path('unsigned.its'))
    args = [*load(s.image('good'), MANIFEST),
            *load(s.image('unsigned', signed=False), UNSIGNED),
            *load(s.image('wrong'), WRONG)]
    return s, kcv, args


def refusals(t):
    """What must not be burnt"""
    t.step('A manifest that nobody signed is refused')
    t.refused(f'rpmb provision {UNSIGNED:x}', says='refused-signature')

    t.step('One for another device is refused, although it is signed')
    t.refused(f'rpmb provision {WRONG:x}', says='refused-not-found')

    t.step('A manifest is no operating system')
    t.refused(f'bootm {MANIFEST:x}:manifest', says="can't get kernel image")


def tell(t):
    """Tell it all"""
    s, kcv, args = begin(t)

    t.step('A closed board burns nothing, and no frame carries a key')
    t.board('emmc ufs virtio', huk=s.huk,
            args=[*args, '-fw_cfg', 'name=opt/rpmb/closed,string=1'])
    t.refused(f'rpmb provision {MANIFEST:x}', says='refused-closed')
    t.refused('rpmb provision', says='Usage')

    t.step('A blank board on the line: a dry run first')
    t.board('emmc ufs virtio', huk=s.huk, args=args)
    t.run('rpmb list', says='mmc0:0 .*no key')
    t.run(f'rpmb provision -n {MANIFEST:x}', says=f'step=key result=ok kcv={kcv}')
    t.run('rpmb list', says='mmc0:0 .*no key')
    refusals(t)

    t.step('Provision; power fails at the second device')
    t.board('emmc ufs virtio', huk=s.huk, args=args,
            env={'UFS_ARGS': '--fault cut-after:0:key'})
    t.dies(f'rpmb provision {MANIFEST:x}', says='dev=mmc0 .*step=done result=ok')

    t.step("Power is back: the same manifest again. QEMU's eMMC has forgotten "
           'key and counter, but not its blocks: the key is programmed anew, the '
           'index is there. The UFS device had stored its key: recognised, not '
           'guessed')
    t.board('emmc ufs virtio', huk=s.huk, args=args, fresh=False)
    text = t.run(f'rpmb provision {MANIFEST:x}',
                 says='dev=ufs0 .*step=blank result=noop')
    with open(s.path('line.log'), 'w', encoding='utf-8') as file:
        file.write(text)

    t.step('Once more, after a reset: there is nothing to do')
    t.run_reset()
    t.run(f'rpmb provision {MANIFEST:x}', says='dev=- .*step=done result=noop')
    t.run('printenv rpmb_provision', says='=noop')
    t.run('rpmb dev ufs0:0')
    t.run('rpmb write-counter 100', says='0x0*1$')

    t.step('The station checks the log against manifest and unique key')
    s.show(t.tool('rpmb-tool'), 'verify-log', '--huk', s.huk, '--manifest',
           s.path('good.itb'), s.path('line.log'))
