# SPDX-License-Identifier: GPL-2.0-or-later
"""A device of ours behind a board in QEMU, and a runner for the tests of both

A test is a function named test_*, with a line that says what it is about. It
runs in a directory of its kind of device, where sockets and states lie: the
address of a socket has room for 107 bytes only, so it is relative. In the
environment:

  IMAGE  what to boot (default: build/qemu_arm64_rpmb/u-boot.bin)
  DTB    its control tree (default: what scripts/board-tree makes)
  BUILD  where to build the device and keep its files (default: build)
"""

import contextlib
import fcntl
import functools
import os
import re
import shutil
import subprocess
import sys
import time
import traceback

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, 'scripts'))

from console import READY, Console, ConsoleError  # noqa: E402

START = os.getcwd()
BUILD = os.path.abspath(os.environ.get('BUILD') or os.path.join(TOP, 'build'))
IMAGE = os.path.abspath(os.environ.get('IMAGE') or os.path.join(
    TOP, 'build', 'qemu_arm64_rpmb', 'u-boot.bin'))

# The board's unique key, in place of the random one that scripts/board makes
HUK = bytes.fromhex('d69f4cbb0372a1e85d08e3f6149ac72b'
                    '7be15a30c94f8d62a7d11c85fe36409b')
HUK_FILE = 'huk'

KEY = 0x41000000
OUT = 0x42000000
BACK = 0x43000000

MACHINE = ['-machine', 'virt,memory-backend=mem', '-object',
           'memory-backend-memfd,id=mem,size=512M,share=on', '-m', '512M',
           '-cpu', 'cortex-a57', '-display', 'none', '-monitor', 'none',
           '-nic', 'none', '-serial', 'stdio', '-bios', IMAGE,
           '-device', 'virtio-rng-device']


class Failed(Exception):
    """Something is not as it should be"""


def check(good, what):
    """Fail unless good"""
    if not good:
        raise Failed(what)


@functools.lru_cache
def control_tree():
    """Return: the path of the control tree, which is made where it lacks"""
    if os.environ.get('DTB'):
        return os.path.join(START, os.environ['DTB'])
    return subprocess.run([os.path.join(TOP, 'scripts', 'board-tree')],
                          env={**os.environ, 'IMAGE': IMAGE}, check=True,
                          stdout=subprocess.PIPE, text=True).stdout.strip()


def tool(name):
    """Return: the path of a tool of U-Boot's, beside the image or our own"""
    for image in IMAGE, os.path.join(TOP, 'build', 'qemu_arm64_rpmb', 'x'):
        path = os.path.join(os.path.dirname(image), 'tools', name)
        if os.path.exists(path):
            return path
    raise Failed(f"{name} is not there; 'make image' builds it")


@contextlib.contextmanager
def alone():
    """While this is made nobody else makes it: suites run side by side"""
    with open(os.path.join(BUILD, '.making'), 'w', encoding='ascii') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make(makefile, place, *args):
    """Run make on one of our makefiles"""
    with alone():
        subprocess.run(['make', '-s', '-C', TOP, '-f', makefile,
                        f'O={place}', *args], check=True)


@functools.lru_cache
def payload():
    """Return: the path of the payload to hand over to, without its suffix"""
    place = os.path.join(BUILD, 'payload')
    make('test/qemu/Makefile.payload', place, f'MKIMAGE={tool("mkimage")}')
    return os.path.join(place, 'payload')


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

    def __init__(self, device, args, own=True, timeout=60, huk=HUK,
                 ready=READY):
        self.device = device
        self.own = own
        try:
            with open(HUK_FILE, 'wb') as file:
                file.write(huk)
            self.console = Console(
                [os.path.join(TOP, 'scripts', 'qemu'), *MACHINE, '-dtb',
                 control_tree(), '-fw_cfg',
                 f'name=opt/rpmb/huk,file={HUK_FILE}', *args],
                timeout=timeout, ready=ready)
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


def _prepare(kind, program, *make_args):
    """Build the device, and go to a new directory for its files"""
    if program:
        make('test/model/Makefile.host', os.path.dirname(program),
             os.path.basename(program), *make_args)
    place = os.path.join(BUILD, 'test', kind)
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    os.chdir(place)


def _run(kind, name, test):
    """Run one test. Return: whether it passed"""
    print(f'\n---- {name}: {test.__doc__.splitlines()[0]}', flush=True)
    start = time.monotonic()
    try:
        test()
    except (Failed, ConsoleError, OSError, subprocess.SubprocessError):
        traceback.print_exc(file=sys.stdout)
        print(f'not ok {kind} {name}', flush=True)
        return False
    print(f'({time.monotonic() - start:.1f} s)\nok {kind} {name}', flush=True)
    return True


def each(names, kinds, *scenarios):
    """Make a test of every scenario on every device, in a module's globals()

    scenarios: functions that take a kind of device; where it has an attribute
    NEEDS, only with kinds that have an attribute of this name
    """
    for kind in kinds:
        for scenario in scenarios:
            needs = getattr(scenario, 'NEEDS', None)
            if needs and not hasattr(kind, needs):
                continue

            def test(kind=kind, scenario=scenario):
                scenario(kind)
            test.__doc__ = f'{scenario.__doc__}: {kind.__name__}'
            names[f'test_{scenario.__name__}_{kind.__name__.lower()}'] = test


def main(kind, names, program=None, *make_args):
    """Run the tests that are named, or all

    kind: of device; names: a module's globals(); program: the device, which
    make builds with make_args; None where it is QEMU's own
    """
    wanted = sys.argv[1:]
    tests = {name[5:]: test for name, test in list(names.items())
             if name.startswith('test_')}
    unknown = [name for name in wanted if name not in tests]
    if unknown:
        sys.exit(f"no such test: {' '.join(unknown)}; "
                 f"there are {' '.join(tests)}")
    if not os.path.exists(IMAGE):
        sys.exit(f"{IMAGE} is not there; 'make image' builds it")
    _prepare(kind, program, *make_args)
    good = [_run(kind, name, test) for name, test in tests.items()
            if not wanted or name in wanted]
    sys.exit(0 if all(good) else 1)
