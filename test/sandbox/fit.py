# SPDX-License-Identifier: GPL-2.0-or-later
"""Signed FITs and control trees for sandbox, and a runner for tests of them

A test is a function named test_*, with a line that says what it is about. It
runs in a folder of its file below build/sandbox-fit. Everything is made by dtc,
mkimage and openssl; a test changes bytes where a signer would not.
"""

import os
import re
import subprocess
import sys
import traceback

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, 'scripts'))

import its  # noqa: E402

BUILD = os.path.abspath(os.environ.get('BUILD') or os.path.join(TOP, 'build'))
SANDBOX = os.path.abspath(os.environ.get('SANDBOX') or os.path.join(
    BUILD, 'sandbox'))
WORK = os.path.join(BUILD, 'sandbox-fit', os.path.splitext(
    os.path.basename(sys.argv[0]))[0])

BOOTED = 'sandbox: continuing, as we cannot run Linux'
REFUSED = 'rollback: REFUSED: '

POLICY = '''
	rpmb-rollback {
		compatible = "u-boot,rpmb-rollback";
		rpmb = "sandbox0";
		target = <0>;
		key-id = <0x100>;
	};
'''

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

# Property of the configuration, type of the image, where it is loaded to
IMAGES = {
    'kernel': ('kernel', 'kernel', 0x100000),
    'fdt-1': ('fdt', 'flat_dt', 0x300000),
    'ramdisk': ('ramdisk', 'ramdisk', 0x400000),
    'script': ('script', 'script', 0),
    'extra': ('loadables', 'kernel', 0x500000),
}


class Failed(Exception):
    """Something is not as it should be"""


def check(good, what):
    """Fail unless good"""
    if not good:
        raise Failed(what)


def run(*argv):
    """Run a program that must succeed. Return: what it printed"""
    done = subprocess.run(argv, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    check(not done.returncode, f'{" ".join(argv)}:\n{done.stdout}')
    return done.stdout


def tool(name):
    """Return: the path of a tool that came with U-Boot's build"""
    return os.path.join(SANDBOX, 'tools', name)


def keys():
    """Return: the folder with the signing keys"""
    return run(os.path.join(TOP, 'scripts', 'board-keys')).strip()


def write(name, content):
    """Write a file, text or bytes"""
    with open(name, 'wb') as file:
        file.write(content if isinstance(content, bytes) else
                   content.encode())


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


def make_fit(name, index, images=('kernel', 'fdt-1'), key='os'):
    """Have mkimage make a FIT, signed unless key is None. Return: its path"""
    if not isinstance(index, str):
        index = index_of(index)
    made = [its.image(image, image + '.bin', *IMAGES[image][1:], 'sandbox')
            for image in images]
    props = [(IMAGES[image][0], image) for image in images]
    write(name + '.its', its.source('rollback test', made, props,
                                    [key] if key else (), index))
    signing = ['-k', keys()] if key else []
    run(tool('mkimage'), '-f', name + '.its', *signing, name + '.itb')
    return name + '.itb'


def remake_fit(name, *changes):
    """Make a FIT again, with its source changed. Return: its path"""
    with open(name + '.its', encoding='ascii') as file:
        source = file.read()
    for old, new in changes:
        check(old in source, f"'{old}' is not in the source")
        source = source.replace(old, new)
    write(name + '.its', source)
    run(tool('mkimage'), '-f', name + '.its', '-k', keys(), name + '.itb')
    return name + '.itb'


def control_tree(policy=POLICY, required='conf', key='os'):
    """Return: the path of a control tree with a public key in it"""
    write('control.dts', CONTROL % policy)
    run('dtc', '-q', '-p', '8192', '-O', 'dtb', '-o', 'control.dtb',
        'control.dts')
    if key:
        make_fit('for-key', 0, key=key)
        run(tool('mkimage'), '-F', '-k', keys(), '-K', 'control.dtb', '-r',
            'for-key.itb')
        node = '/signature/key-' + key
        if required:
            run('fdtput', '-t', 's', 'control.dtb', node, 'required', required)
        else:
            run('fdtput', '-d', 'control.dtb', node, 'required')
    return 'control.dtb'


PREPARE = ['rpmb list', 'rpmb dev sandbox0:0', 'rpmb program-key -y 100']


def uboot(*commands, control='control.dtb', prepare=PREPARE, env=()):
    """Run commands in a fresh sandbox. Return: what they printed"""
    script = '; '.join([*prepare, 'echo BEGIN', *env, *commands, 'echo',
                        'echo THE-END'])
    done = subprocess.run(
        [os.path.join(SANDBOX, 'u-boot'), '-d', control, '-c', script],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=60, errors='replace', check=False)
    text = re.sub(r'.*?\nBEGIN\r?\n', '', done.stdout, count=1, flags=re.S)
    check('THE-END' in done.stdout, 'U-Boot came to a bad end:\n' +
          done.stdout)
    return text


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


def read(name):
    """Return: a file's bytes"""
    with open(name, 'rb') as file:
        return file.read()


def source_has(name, text):
    """Is this text in a source of the U-Boot that is tested?"""
    tree = os.environ.get('UBOOT') or os.path.join(BUILD, 'u-boot')
    return text in read(os.path.join(tree, name))


def lists_nodes():
    """Does this release believe the list of signed nodes in a FIT?"""
    return source_has('boot/image-fit-sig.c', b'noffset, "hashed-nodes"')


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


def main(names, prefix='fit'):
    """Run the tests that are named, or all"""
    os.makedirs(WORK, exist_ok=True)
    os.chdir(WORK)
    contents()
    wanted = sys.argv[1:]
    good = True
    for name, test in list(names.items()):
        if not name.startswith('test_') or wanted and name[5:] not in wanted:
            continue
        try:
            test()
            print(f'ok {prefix} {name[5:]}', flush=True)
        except Failed as failure:
            print(f'{failure}\nnot ok {prefix} {name[5:]}', flush=True)
            good = False
        except Exception:   # pylint: disable=broad-except
            traceback.print_exc(file=sys.stdout)
            print(f'not ok {prefix} {name[5:]}', flush=True)
            good = False
    sys.exit(0 if good else 1)
