# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests need of the host: where things are, programs, one maker at a time

In the environment:

  BUILD  where tests build things and keep their files (default: build)
  UBOOT  the U-Boot tree (default: build/u-boot)
"""

import contextlib
import fcntl
import os
import re
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.abspath(os.environ.get('BUILD') or os.path.join(TOP, 'build'))
UBOOT = os.path.abspath(os.environ.get('UBOOT') or os.path.join(
    TOP, 'build', 'u-boot'))


class Failed(AssertionError):
    """Something is not as it should be"""


def check(good, what):
    """Fail unless good"""
    __tracebackhide__ = True    # pylint: disable=unused-variable
    if not good:
        raise Failed(what)


def run(*argv, **how):
    """Run a program that must succeed. Return: what it printed"""
    done = subprocess.run(argv, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **how)
    check(not done.returncode, f'{" ".join(argv)}:\n{done.stdout}')
    return done.stdout


def show(text):
    """Print what a program said, whose verdicts are not ours"""
    print(re.sub('^', '| ', text, flags=re.MULTILINE))


def script(name):
    """Return: the path of a script of ours"""
    return os.path.join(TOP, 'scripts', name)


@contextlib.contextmanager
def alone():
    """While this is made nobody else makes it: suites run side by side"""
    os.makedirs(BUILD, exist_ok=True)
    with open(os.path.join(BUILD, '.making'), 'w', encoding='ascii') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make(*args):
    """Run make"""
    with alone():
        run('make', '-s', *args)


def keys():
    """Return: the folder with the signing keys"""
    return run(script('board-keys')).strip()


def read(name):
    """Return: a file's bytes"""
    with open(name, 'rb') as file:
        return file.read()


def write(name, content):
    """Write a file, text or bytes. Return: its name"""
    with open(name, 'wb') as file:
        file.write(content if isinstance(content, bytes) else
                   content.encode())
    return name
