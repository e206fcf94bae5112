# SPDX-License-Identifier: GPL-2.0-or-later
"""rpmb-tool, built with sanitizers, and what its tests give it"""

import os
import re
import subprocess

import pytest

import host
import tool as the_tool


@pytest.fixture(scope='session')
def program():
    """The path of rpmb-tool"""
    place = os.path.join(host.BUILD, 'tools-test')
    host.make('-C', os.path.join(host.TOP, 'tools'), f'O={place}',
              'SANITIZE=1')
    return os.path.join(place, 'rpmb-tool')


@pytest.fixture
def tool(work, program):  # pylint: disable=unused-argument,redefined-outer-name
    """rpmb-tool in a new folder, with unique keys and a batch of devices"""
    host.write('huk', the_tool.HUK)
    host.write('huk16', the_tool.HUK[:16])
    host.write('batch.txt', the_tool.BATCH)
    return the_tool.Tool(program)


@pytest.fixture(scope='session')
def mkimage():
    """A function that has mkimage make a FIT, and says where it is"""
    program = os.environ.get('MKIMAGE') or os.path.join(
        host.BUILD, 'sandbox', 'tools', 'mkimage')

    def make(its, *args):
        fit = os.path.basename(its).replace('.its', '.itb')
        host.run(program, '-f', its, *args, fit)
        return fit
    return make


@pytest.fixture
def fdt():
    """A function that says what fdtget reads, as words"""
    def read(*args):
        return host.run('fdtget', *args).split()
    return read


@pytest.fixture
def openssl():
    """A function that runs openssl and returns its bytes"""
    def run(command, data=b''):
        return subprocess.run(['openssl', *command.split()], input=data,
                              stdout=subprocess.PIPE, check=True).stdout
    return run


@pytest.fixture
def manifest(tool):  # pylint: disable=redefined-outer-name
    """m.dtb, the manifest of the batch, and m.its for mkimage"""
    tool.gives(0, 'manifest --from batch.txt --out m.dtb --its m.its')
    return 'm.dtb'


@pytest.fixture
def other_source():
    """A function that writes the source of a FIT with a line changed"""
    def change(name, *changes):
        text = host.read('m.its').decode()
        for old, new in changes:
            changed = re.sub(old, new, text, flags=re.MULTILINE)
            assert changed != text, f'there is no {old}'
            text = changed
        return host.write(name, text)
    return change


@pytest.fixture
def key_pair():
    """A function that makes a key to sign with, in keys"""
    def new(name):
        os.makedirs('keys', exist_ok=True)
        host.run('openssl', 'req', '-batch', '-new', '-x509', '-newkey',
                 'rsa:2048', '-nodes', '-keyout', f'keys/{name}.key', '-out',
                 f'keys/{name}.crt', '-subj', f'/CN={name}')
    return new
