# SPDX-License-Identifier: GPL-2.0-or-later
"""Signed FITs and control FDTs for sandbox, what it boots and what it refuses

Everything is made by dtc, mkimage and openssl, in a folder that a module of tests
has for itself below build/sandbox-fit; a test changes bytes where a signer would
not. In the environment, beside what host.py says:

  SANDBOX  folder of U-Boot's build (default: build/sandbox, or what the tests
           are about)
"""

import contextlib
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path += [os.path.join(TOP, 'scripts'), os.path.join(TOP, 'test')]

import host  # noqa: E402
import its  # noqa: E402
import policy as node  # noqa: E402
from host import check, keys, read, run, write  # noqa: E402

# What is run now: that of the module whose tests run
SANDBOXES = [os.path.abspath(os.environ.get('SANDBOX') or os.path.join(
    TOP, 'build', 'sandbox'))]

BOOTED = 'sandbox: continuing, as we cannot run Linux'
REFUSED = 'rollback: REFUSED: '

POLICY = node.source('sandbox0')

CONTROL = '''/dts-v1/;
/ {
	model = "rollback test";
	compatible = "sandbox";
	#address-cells = <1>;
	#size-cells = <1>;
	binman { };
	reset { compatible = "sandbox,reset"; };
	rng { compatible = "sandbox,sandbox-rng"; };
	cpus {
		timebase-frequency = <1>;
		cpu { compatible = "sandbox,cpu_sandbox"; };
	};
	rpmb-sandbox { compatible = "sandbox,rpmb"; };
	rpmb-keys {
		compatible = "u-boot,rpmb-keys";
		#address-cells = <1>;
		#size-cells = <0>;
		key-provider@1 {
			compatible = "u-boot,rpmb-key-derived";
			reg = <1>;
		};
	};
%s
};
'''

# What starts something, and is no bootm: how it is called in its refusal
STARTERS = {
    'go 1000000': "'go' starts what no signature covers",
    'booti 1000000': "'booti' starts what no signature covers",
    'bootz 1000000': "'bootz' starts what no signature covers",
    'bootelf 1000000': "'bootelf' starts what no signature covers",
    'bootvx 1000000': "'bootvx' starts what no signature covers",
    'bootefi hello': "'StartImage' starts what no signature covers",
    'cpu release 0 1000000': "'cpu release' starts what no signature covers",
    'rproc start 0': "'rproc start' starts what no signature covers",
}

# Property of the configuration, type of the image, where it is loaded to
IMAGES = {
    'kernel': ('kernel', 'kernel', 0x100000),
    'fdt-1': ('fdt', 'flat_dt', 0x300000),
    'ramdisk': ('ramdisk', 'ramdisk', 0x400000),
    'script': ('script', 'script', 0),
    'extra': ('loadables', 'kernel', 0x500000),
}


def sandbox():
    """Return: the folder of the U-Boot that is run"""
    return SANDBOXES[-1]


def tool(name):
    """Return: the path of a tool that came with U-Boot's build"""
    return os.path.join(sandbox(), 'tools', name)


def build(name, *fragments):
    """Build another sandbox. Return: its folder"""
    subprocess.run([host.script('build'), name, 'rpmb_sandbox_defconfig',
                    *fragments], check=True)
    return os.path.join(TOP, 'build', name)


@contextlib.contextmanager
def at(name, folder=None):
    """Be where the files of a module are, with this U-Boot to run"""
    place = os.path.join(host.BUILD, 'sandbox-fit', name +
                         os.environ.get('PYTEST_XDIST_WORKER', ''))
    os.makedirs(place, exist_ok=True)
    before = os.getcwd()
    os.chdir(place)
    SANDBOXES.append(folder or sandbox())
    try:
        contents()
        yield
    finally:
        SANDBOXES.pop()
        os.chdir(before)


def contents():
    """The images' data"""
    write('kernel.bin', b'a kernel' * 64)
    write('ramdisk.bin', b'a ramdisk' * 64)
    write('extra.bin', b'more' * 64)
    write('script.bin', 'echo the script runs\n')
    write('fdt.dts', '/dts-v1/; / { compatible = "sandbox"; chosen { }; };')
    run('dtc', '-q', '-p', '4096', '-O', 'dtb', '-o', 'fdt-1.bin', 'fdt.dts')


def index_of(value, location=None, cells=1):
    """Return: an index of a configuration, as source"""
    if value is None:
        return ''
    number = f'{value >> 32:#x} {value & 0xffffffff:#x}' if cells == 2 else \
        f'{value:#x}'
    where = '' if location is None else \
        f'rollback-location = <{location:#x}>;'
    return f'rollback-index = <{number}>; {where}'


def build_fit(name, source, signed=True):
    """Have mkimage make a FIT of a source. Return: its path"""
    return its.build(name, source, tool('mkimage'),
                     keys() if signed else None)


def make_fit(name, index, images=('kernel', 'fdt-1'), key='os'):
    """Have mkimage make a FIT, signed unless key is None. Return: its path"""
    if not isinstance(index, str):
        index = index_of(index)
    made = [its.image(image, image + '.bin', *IMAGES[image][1:], 'sandbox')
            for image in images]
    props = [(IMAGES[image][0], image) for image in images]
    return build_fit(name, its.source('rollback test', made, props,
                                      [key] if key else (), index), bool(key))


def changed(source, changes):
    """Return: a source with (old, new) changes, each of which must be one"""
    for old, new in changes:
        check(old in source, f"'{old}' is not in the source")
        source = source.replace(old, new)
    return source


def remake_fit(name, *changes):
    """Make a FIT again, with its source changed. Return: its path"""
    return build_fit(name, changed(read(name + '.its').decode(), changes))


def control_tree(policy=POLICY, required='conf', key='os'):
    """Return: the path of a control FDT with a public key in it"""
    write('control.dts', CONTROL % policy)
    run('dtc', '-q', '-p', '8192', '-O', 'dtb', '-o', 'control.dtb',
        'control.dts')
    if key:
        make_fit('for-key', 0, key=key)
        run(tool('mkimage'), '-F', '-k', keys(), '-K', 'control.dtb', '-r',
            'for-key.itb')
        path = '/signature/key-' + key
        if required:
            run('fdtput', '-t', 's', 'control.dtb', path, 'required', required)
        else:
            run('fdtput', '-d', 'control.dtb', path, 'required')
    return 'control.dtb'


PREPARE = ['rpmb list', 'rpmb dev sandbox0:0', 'rpmb program-key -y 100']


def uboot(*commands, control='control.dtb', prepare=PREPARE, env=()):
    """Run commands in a fresh sandbox. Return: what they printed"""
    script = '; '.join([*prepare, 'echo BEGIN', *env, *commands, 'echo',
                        'echo THE-END'])
    done = subprocess.run(
        [os.path.join(sandbox(), 'u-boot'), '-d', control, '-c', script],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=60, errors='replace', check=False)
    text = re.sub(r'.*?\nBEGIN\r?\n', '', done.stdout, count=1, flags=re.S)
    check('THE-END' in done.stdout, 'U-Boot came to a bad end:\n' +
          done.stdout)
    return text


def unit_test(name):
    """Run a test of test/dm that works on files of ours, and on its own control FDT"""
    program = os.path.join(sandbox(), 'u-boot')
    words = run('sh', '-c', f'. "$0" && forced {program}', host.script('common.sh'))
    done = subprocess.run([program, '-T', '-c', f'{words.strip()} {name}'],
                          text=True, stdout=subprocess.PIPE, timeout=60,
                          stderr=subprocess.STDOUT, errors='replace', check=False)
    check(f'Test: {name.removeprefix("dm_test_")}: ' in
          done.stdout.replace('dm_test_', '') and
          re.search(r'[Ff]ailures: 0\r?$', done.stdout, re.M), done.stdout)


def load(fit, addr=0x1000000):
    """Return: the command that loads a file"""
    return f'host load hostfs - {addr:x} {fit}'


def boots(fit, stored=None, what='1000000', **how):
    """Load and boot, the device holds index stored. Return: the output"""
    set_up = [f'rpmb rollback advance 100 {stored:x}'] if stored is not None \
        else []
    return uboot(*set_up, load(fit), f'bootm {what}', **how)


def check_boots(*args, **how):
    """It must boot. Return: the output"""
    text = boots(*args, **how)
    check(BOOTED in text and REFUSED not in text, f'it does not boot:\n{text}')
    return text


def source_has(name, text):
    """Is this text in a source of the U-Boot that is tested?"""
    return text in read(os.path.join(host.UBOOT, name))


def lists_nodes():
    """Does this release believe the list of signed nodes in a FIT?"""
    return source_has('boot/image-fit-sig.c', b'noffset, "hashed-nodes"')


def not_covered():
    """Return: what bootm says of a list of signed nodes that lacks an image. Later
    releases make the list themselves"""
    return 'Signature does not cover all of the configuration' \
        if lists_nodes() else 'Bad Data Hash'


def unpacks_overlays():
    """Does this release unpack overlays? Others use them as they are"""
    return not source_has('boot/image-fit.c', b'load_op != FIT_LOAD_IGNORED &&')


def check_refused(why, *args, **how):
    """It must be refused, for this reason. Return: the output

    why: several where bootm of one release refuses it before the policy does
    """
    reasons = [why] if isinstance(why, str) else why
    text = boots(*args, **how)
    check(BOOTED not in text, f'it boots:\n{text}')
    check(any(reason in text for reason in reasons),
          f'not refused by "{why}":\n{text}')
    return text


def old_image(kind, data, name):
    """Have mkimage make an image in the old format. Return: its path"""
    run(tool('mkimage'), '-A', 'sandbox', '-O', 'linux', '-T', kind, '-C',
        'none', '-a', '100000', '-e', '100000', '-d', data, name)
    return name
