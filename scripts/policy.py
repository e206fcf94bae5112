# SPDX-License-Identifier: GPL-2.0-or-later
"""The node of a control FDT that says which RPMB the boot policy asks"""

import subprocess

PATH = '/rpmb-rollback'

SOURCE = '''
	rpmb-rollback {
		compatible = "u-boot,rpmb-rollback";
		rpmb = "%(rpmb)s";
		target = <%(target)d>;
		key-id = <%(keyid)#x>;
	};
'''


def source(rpmb, target=0, keyid=0x100):
    """Return: the node as source; rpmb is the device's name, without target"""
    return SOURCE % {'rpmb': rpmb, 'target': target, 'keyid': keyid}


def add(tree, rpmb, target=None, keyid=0x100, **more):
    """Put the node into a tree that is made already

    target: what the name says behind a colon, if it is not given
    more: other properties, strings or numbers; and strings in place of ours
    """
    name, _, region = rpmb.partition(':')
    if target is None:
        target = int(region or '0')
    props = {'compatible': 'u-boot,rpmb-rollback', 'rpmb': name,
             'target': target, 'key-id': keyid, **more}
    for prop, value in props.items():
        kind = 's' if isinstance(value, str) else 'u'
        subprocess.run(['fdtput', '-p', '-t', kind, tree, PATH, prop,
                        str(value)], check=True)
