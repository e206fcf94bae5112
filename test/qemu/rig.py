# SPDX-License-Identifier: GPL-2.0-or-later
"""A board in QEMU, and a device of ours behind it

A module of tests has a folder of its own below build/test, where sockets and
states lie: the address of a socket has room for 107 bytes only, so it is
relative. In the environment, beside what host.py says:

  IMAGE  what to boot (default: build/qemu_arm64_rpmb/u-boot.bin, or what the
         tests are about)
  DTB    its control FDT (default: what scripts/board-tree makes)
"""

import contextlib
import functools
import os
import re
import shutil
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path += [os.path.join(TOP, 'scripts'), os.path.join(TOP, 'test')]

import host  # noqa: E402
from console import READY, Console  # noqa: E402
from host import BUILD, Failed, check  # noqa: E402

START = os.getcwd()
USUAL = os.path.join(TOP, 'build', 'qemu_arm64_rpmb', 'u-boot.bin')
IMAGE = os.path.abspath(os.environ.get('IMAGE') or USUAL)

# What is booted now: that of the module whose tests run
BOOTED = [IMAGE]

# The board's unique key, in place of the random one that scripts/board makes
HUK = bytes.fromhex('d69f4cbb0372a1e85d08e3f6149ac72b'
                    '7be15a30c94f8d62a7d11c85fe36409b')
HUK_FILE = 'huk'

KEY = 0x41000000
OUT = 0x42000000
BACK = 0x43000000


def image():
    """Return: the path of what is booted"""
    return BOOTED[-1]


@functools.lru_cache
def control_tree():
    """Return: the path of the control FDT, which is made where it lacks"""
    if os.environ.get('DTB'):
        return os.path.join(START, os.environ['DTB'])
    return subprocess.run([host.script('board-tree')],
                          env={**os.environ, 'IMAGE': image()}, check=True,
                          stdout=subprocess.PIPE, text=True).stdout.strip()


def tool(name):
    """Return: the path of a tool of U-Boot's, beside the image or our own"""
    for path in image(), USUAL:
        path = os.path.join(os.path.dirname(path), 'tools', name)
        if os.path.exists(path):
            return path
    raise Failed(f"{name} is not there; 'make image' builds it")


@functools.lru_cache
def payload():
    """Return: the path of the payload to hand over to, without its suffix"""
    place = os.path.join(BUILD, 'payload')
    host.make('-C', TOP, '-f', 'test/qemu/Makefile.payload', f'O={place}',
              f'MKIMAGE={tool("mkimage")}')
    return os.path.join(place, 'payload')


def model(name, *args):
    """Build a device of ours, with more arguments for make. Return: its path"""
    place = os.path.join(BUILD, 'model-sanitized' if args else 'model')
    host.make('-C', TOP, '-f', 'test/model/Makefile.host', f'O={place}', name,
              *args)
    return os.path.join(place, name)


def build(name):
    """Build another U-Boot for the board. Return: the path of its image"""
    subprocess.run([host.script('build'), name], check=True)
    return os.path.join(TOP, 'build', name, 'u-boot.bin')


@contextlib.contextmanager
def at(suite, booted):
    """Be in a new folder for the files of a suite, with this to boot"""
    check(os.path.exists(booted),
          f"{booted} is not there; 'make image' builds it")
    place = os.path.join(BUILD, 'test', suite +
                         os.environ.get('PYTEST_XDIST_WORKER', ''))
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    os.chdir(place)
    BOOTED.append(booted)
    try:
        yield place
    finally:
        BOOTED.pop()
        os.chdir(START)


class Device:
    """A device, a process of ours"""

    def __init__(self, program, socket, *args):
        if os.path.exists(socket):
            os.unlink(socket)
        self.proc = subprocess.Popen(
            [program, '--socket', socket, '--control', *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        until = time.monotonic() + 10
        while not os.path.exists(socket):
            check(self.proc.poll() is None and time.monotonic() < until,
                  'the device does not start')
            time.sleep(0.01)

    def tell(self, line):
        """Send a command. Return: what comes before its 'ok'"""
        self.proc.stdin.write(line + '\n')
        self.proc.stdin.flush()
        text = ''
        while (answer := self.proc.stdout.readline()) not in ('ok\n', ''):
            check(answer != 'error\n', f"the device does not know '{line}'")
            text += answer
        return text

    def stats(self):
        """Return: what the device has counted; regions' with their number"""
        counts, prefix = {}, ''
        for word in self.tell('stats').split():
            if word.endswith(':'):
                prefix = '' if word == 'stats:' else word[:-1] + '.'
            else:
                name, _, value = word.partition('=')
                counts[prefix + name] = int(value)
        return counts

    def close(self):
        """End it. Return: its exit status"""
        if self.proc.poll() is None:
            self.proc.terminate()
        status = self.proc.wait(10)
        self.proc.stdin.close()
        self.proc.stdout.close()
        return status


class Board:
    """QEMU, and the device behind it, which ends with it if it is its own"""

    ENDS = (0,)     # the exit statuses that its device may have
    RESTS = True    # nobody asks for anything of it while no command runs

    def __init__(self, device, args, own=True, timeout=60, huk=HUK,
                 ready=READY, booted=None):
        self.device = device
        self.own = own
        try:
            with open(HUK_FILE, 'wb') as file:
                file.write(huk)
            self.console = Console(
                [host.script('machine'), '-serial', 'stdio', '-bios',
                 booted or image(), '-device', 'virtio-rng-device', '-dtb',
                 control_tree(), '-fw_cfg',
                 f'name=opt/rpmb/huk,file={HUK_FILE}', *args],
                timeout=timeout, ready=ready, rests=self.RESTS)
        except BaseException:
            if own:
                device.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, *unused):
        self.console.close()
        if self.own:
            status = self.device.close()
            check(kind or status in self.ENDS,
                  f'the device ended with {status}')

    def run(self, command, ok=True, says=None):
        """Run a command and judge it. Return: what it printed"""
        text, status = self.console.run(command)
        print(f'=> {command}\n{text.rstrip()}', flush=True)
        check(status == 0 if ok else status != 0,
              f"'{command}' returned {status}")
        check(not says or re.search(says, text, re.MULTILINE),
              f"'{command}' did not say '{says}'")
        return text

    def refused(self, command, says):
        """Run a command that must fail, and for this reason"""
        text = self.run(command, ok=False, says=says)
        check('Usage:' in says or '\nUsage:' not in text,
              f"'{command}' was not understood")
        return text

    def add_key(self, keyid, byte):
        """Put a key of our own into a slot"""
        self.run(f'mw.b {KEY:x} {byte:x} 1f')
        self.run(f'mw.b {KEY + 0x1f:x} {keyid:x} 1')
        self.run(f'rpmb key add {keyid} {KEY:x}')

    def put_key(self, address):
        """Put a key that is no pattern into memory"""
        for i, word in enumerate(('9d3f61c8a2740be5', '1be84c07d6932af1',
                                  '6072dfb91ec5384a', 'f49a05236b8ed71c')):
            self.run(f'mw.q {address + 8 * i:x} {word}')

    def fill(self, byte, blocks=1):
        """Fill the memory that is written from"""
        self.run(f'mw.b {OUT:x} {byte:x} {blocks * 0x100:x}')

    def write(self, block, byte, blocks=1, keyid=1):
        """Write blocks that hold this byte"""
        self.fill(byte, blocks)
        self.run(f'rpmb write-blocks {keyid} {OUT:x} {block:x} {blocks:x}')

    def reads_back(self, block, byte, blocks=1, keyid=1):
        """Do the blocks hold this byte, and are they signed with this key?"""
        self.fill(byte, blocks)
        self.run(f'mw.b {BACK:x} {~byte & 0xff:x} {blocks * 0x100:x}')
        self.run(f'rpmb read-blocks {keyid} {BACK:x} {block:x} {blocks:x}')
        self.run(f'cmp.b {OUT:x} {BACK:x} {blocks * 0x100:x}',
                 says='were the same')

    def counter(self, keyid=1):
        """Return: the authenticated write counter"""
        text = self.run(f'rpmb write-counter {keyid}')
        return int(re.search(r'0x([0-9a-f]{8})', text)[1], 16)

    def selftest(self, keyid=1):
        """All of it passes"""
        text = self.run(f'rpmb selftest {keyid}', says=r'\b0 failed')
        check('FAIL' not in text, 'a step failed')

    def spent(self, command, ok=True, says=None):
        """Run a command. Return: what the device counted meanwhile"""
        before = self.device.stats()
        self.run(command, ok, says)
        after = self.device.stats()
        return {name: after[name] - before[name] for name in after}
