# SPDX-License-Identifier: GPL-2.0-or-later
"""hooks.py ACTION - what U-Boot's test/py asks of a board, done with QEMU

flash starts a QEMU with brand-new devices; it outlives the test run's console
connections, so that QEMU's eMMC keeps its key and counter, which it holds in
memory, over resets. A reset is QMP's system_reset. The tests attach to the
console first and reset then.

RPMB_TEST_DIR is where the sockets and images lie (default: build/pytest-qemu).
"""

import os
import select
import shutil
import socket
import subprocess
import sys
import time
import tty

sys.dont_write_bytecode = True

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.append(os.path.join(TOP, 'scripts'))

import policy  # noqa: E402
from qmp import Monitor, QmpError  # noqa: E402

DIR = os.environ.get('RPMB_TEST_DIR') or os.path.join(TOP, 'build',
                                                      'pytest-qemu')
CONSOLE = 'console.sock'
QMP = 'qmp.sock'


def connect(name, patience=10):
    """Connect to a socket of QEMU's, which may be just starting

    The address is relative: that of a socket has room for 107 bytes only.
    """
    os.chdir(DIR)
    until = time.monotonic() + patience
    while True:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(name)
            return sock
        except OSError:
            sock.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def qmp(*commands, patience=10):
    """Have QEMU execute QMP commands, return what the last one returned"""
    answer = None
    with connect(QMP, patience) as sock:
        monitor = Monitor(sock)
        for command in commands:
            try:
                answer = monitor.execute(command)
            except QmpError as err:
                sys.exit(str(err))
        monitor.close()
    return answer


def make_tree():
    """A control FDT with a rollback policy. Return: its path

    Device and target are those of env__rpmb; the key is what the tests put
    into slot 1.
    """
    tree = os.path.join(DIR, 'board.dtb')
    made = subprocess.run([os.path.join(TOP, 'scripts', 'board-tree')],
                          check=True, text=True, stdout=subprocess.PIPE)
    shutil.copy(made.stdout.strip(), tree)
    policy.add(tree, 'ufs0:1', keyid=1)
    return tree


def flash():
    """A new QEMU with new devices"""
    release()
    shutil.rmtree(DIR, ignore_errors=True)
    os.makedirs(DIR)
    env = {**os.environ, 'DTB': make_tree()}
    with open(os.path.join(DIR, 'qemu.log'), 'wb') as log:
        subprocess.Popen(
            [os.path.join(TOP, 'scripts', 'board'), DIR, '-S',
             '-serial', f'unix:{CONSOLE},server=on,wait=off',
             '-qmp', f'unix:{QMP},server=on,wait=off'],
            cwd=DIR, env=env, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log)
    try:
        qmp('query-status')
    except OSError:
        with open(os.path.join(DIR, 'qemu.log'), encoding='utf-8') as log:
            sys.exit('QEMU did not start:\n' + log.read())


def wait_for_console(patience=10):
    """Wait until somebody listens: what is said before that is lost"""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        for dev in qmp('query-chardev'):
            if (dev['label'] == 'serial0' and
                    not dev['filename'].startswith('disconnected')):
                return
        time.sleep(0.1)


def reset():
    """Reset the board, and let it run"""
    qmp('stop')
    wait_for_console()
    qmp('system_reset', 'cont')


def release():
    """End QEMU if there is one"""
    try:
        qmp('quit', patience=0)
    except OSError:
        pass


def console():
    """Pass bytes between our caller and the console until one hangs up"""
    # U-Boot echoes what it gets; a terminal must not do it too
    if os.isatty(0):
        tty.setraw(0)
    with connect(CONSOLE) as sock:
        while True:
            for ready in select.select([0, sock], [], [])[0]:
                data = os.read(0 if ready == 0 else sock.fileno(), 4096)
                if not data:
                    return
                if ready == 0:
                    sock.sendall(data)
                else:
                    os.write(1, data)


if __name__ == '__main__':
    {'console': console, 'flash': flash, 'release': release,
     'reset': reset}[sys.argv[1]]()
