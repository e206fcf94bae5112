# SPDX-License-Identifier: GPL-2.0-or-later
"""FITs with one configuration: their sources, and how mkimage makes them"""

import os
import subprocess

FIT = '''/dts-v1/;
/ {
	description = "%(name)s";
	#address-cells = <1>;
	images {%(images)s
	};
	configurations {
		default = "conf";
		conf {
			%(props)s
			%(lines)s%(signatures)s
		};
	};
};
'''

IMAGE = '''
		%(name)s {
			data = /incbin/("%(data)s");
			type = "%(kind)s";
			arch = "%(arch)s";
			os = "%(system)s";
			compression = "none";%(place)s
			hash-1 { algo = "%(algo)s"; };
		};'''

PLACE = '''
			load = <%(load)#x>;
			entry = <%(load)#x>;'''

SIGNATURE = '''
			signature-%(number)d {
				algo = "sha256,rsa2048";
				key-name-hint = "%(key)s";
				sign-images = %(images)s;
			};'''


def image(name, data, kind, load=None, arch='arm64', system='linux',
          algo='sha256'):
    """Return: an image, of a type and from a file; algo is its hash's"""
    place = '' if load is None else PLACE % {'load': load}
    return IMAGE % {'name': name, 'data': data, 'kind': kind, 'arch': arch,
                    'system': system, 'place': place, 'algo': algo}


def source(name, images, props, keys=(), lines=''):
    """Return: the source of a FIT

    images: from image(); props: pairs of the configuration's properties and
    the images that they name; keys: which sign all of these; lines: what else
    the configuration has
    """
    signed = ', '.join(f'"{prop}"' for prop, _ in props)
    return FIT % {
        'name': name,
        'images': ''.join(images),
        'props': ' '.join(f'{prop} = "{image}";' for prop, image in props),
        'lines': lines,
        'signatures': ''.join(
            SIGNATURE % {'number': number, 'key': key, 'images': signed}
            for number, key in enumerate(keys, 1))}


def build(name, text, mkimage, keys=None, where='.'):
    """Have mkimage make a FIT. Return: its path

    name: of the FIT, without suffix; its source stays beside it
    text: what source() returned, or that with changes
    keys: folder with the keys it is signed with, None if it is not
    where: folder of the files that it is made of
    """
    with open(os.path.join(where, name + '.its'), 'w',
              encoding='ascii') as file:
        file.write(text)
    run = subprocess.run(
        [mkimage, '-f', name + '.its', *(['-k', keys] if keys else []),
         name + '.itb'], cwd=where, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False)
    if run.returncode:
        raise OSError(f'mkimage fails on {name}.its:\n{run.stdout}')
    return os.path.normpath(os.path.join(where, name + '.itb'))
