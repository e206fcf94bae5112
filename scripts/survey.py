#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""survey.py TREE [-n PART/PARTS] [-o FILE] INTENT... - fragments over all defconfigs

For every defconfig of a staged U-Boot tree that is not ours: what becomes of an
intent (stack, rollback, locked, avb, provision, spl) that is added to it? It is granted,
refused with a reason, or dropped and nobody says so; there must be none of the
last. Refusals are counted by the option that stands in the way. No compiler is
needed but the host's: Kconfig is all that runs, by kconfiglib.
"""

import argparse
import collections
import os
import re
import subprocess
import sys
import tempfile

INTENTS = {
    'stack': (['rpmb.config'], 'RPMB'),
    'bringup': (['rpmb.config', 'rpmb_bringup.config'], 'RPMB_SELFTEST'),
    'rollback': (['rpmb.config', 'rpmb_rollback.config'], 'RPMB_ROLLBACK_FIT'),
    'provision': (['rpmb.config', 'rpmb_provision.config'],
                  'RPMB_PROVISION'),
    'avb': (['rpmb.config', 'rpmb_avb.config'], 'RPMB_ROLLBACK_AVB'),
    'locked': (['rpmb.config', 'rpmb_locked.config'], 'RPMB_ROLLBACK_LOCKED'),
    'spl': (['rpmb.config', 'rpmb_spl.config'], 'SPL_RPMB_ROLLBACK_FIT'),
}


def arguments():
    """What was asked for on the command line"""
    parser = argparse.ArgumentParser(description=__doc__.split('\n', 1)[0])
    parser.add_argument('tree')
    parser.add_argument('-n', metavar='PART/PARTS', default='1/1')
    parser.add_argument('-o', metavar='FILE', help='a line for each result')
    parser.add_argument('intent', nargs='+', choices=INTENTS)
    return parser.parse_args()


def environment(tree):
    """What scripts/kconfig wants of its environment"""
    os.environ.update(srctree=tree, CC='gcc', LD='ld', KCONFIG_OBJDIR='',
                      UBOOTVERSION='0', KERNELVERSION='0')
    for path in ('tools/buildman', 'scripts/kconfig'):
        sys.path.insert(0, os.path.join(tree, path))


def flat(tree, defconfig):
    """A defconfig as the build sees it: included files are in it"""
    text = subprocess.run(
        ['cpp', '-nostdinc', '-P', '-I', tree, '-undef', '-x',
         'assembler-with-cpp', os.path.join(tree, 'configs', defconfig)],
        check=True, capture_output=True, text=True).stdout
    return re.sub(r'(?m)^\s*# CONFIG_', '# CONFIG_', text)


class Survey:
    """All results, and the Kconfig tree, which is read once"""

    def __init__(self, tree, out):
        import rpmb_check  # pylint: disable=C0415,E0401
        self.check = rpmb_check
        self.tree = tree
        self.out = out
        handle, self.temp = tempfile.mkstemp(prefix='rpmb-survey-')
        os.close(handle)
        self.reasons = rpmb_check.Reasons(os.devnull)
        self.counts = collections.Counter()
        self.obstacles = collections.Counter()

    def configure(self, text, fragments):
        """A configuration of a defconfig and one fragment after the other"""
        kconf = self.reasons.kconf
        with open(self.temp, 'w', encoding='utf-8') as file:
            file.write(text)
        kconf.load_config(self.temp)
        for name in fragments:
            kconf.write_config(self.temp, save_old=False)
            kconf.load_config(self.temp)
            kconf.load_config(os.path.join(self.tree, 'configs', name),
                              replace=False)
        kconf.write_config(self.temp, save_old=False)
        return dict(self.check.assignments(self.temp))

    def judge(self, config, target):
        """'granted', 'refused' or 'dropped', and the obstacles"""
        denied = list(self.check.refused(config))
        if denied:
            name, value, _ = denied[-1 if target == denied[-1][0] else 0]
            return 'refused', self.reasons.explain(name, value)
        if any(self.check.stranded(config)):
            return 'refused', 'it reaches no device with an RPMB'
        if target == 'RPMB_ROLLBACK_LOCKED' and config.get(target) == 'y':
            opened = list(self.check.openings(config))
            if opened:
                name = opened[0][0]
                return 'refused', self.reasons.explain(name, 'n')
        granted = config.get(target) == 'y'
        return ('granted' if granted else 'dropped'), ''

    def one(self, defconfig, intent):
        """Try an intent on a board"""
        fragments, target = INTENTS[intent]
        config = self.configure(flat(self.tree, defconfig), fragments)
        verdict, why = self.judge(config, target)
        self.counts[intent, verdict] += 1
        if why:
            self.obstacles[intent, why] += 1
        print(intent, defconfig, verdict, why, sep='\t', file=self.out,
              flush=True)

    def totals(self):
        """What it comes to"""
        for (intent, verdict), count in sorted(self.counts.items()):
            print(f'{intent}: {count} {verdict}')
        for (intent, why), count in self.obstacles.most_common():
            print(f'  {count:5} {intent}: {why}')
        dropped = sum(count for (_, verdict), count in self.counts.items()
                      if verdict == 'dropped')
        print(f'{"not ok" if dropped else "ok"} survey: {dropped} dropped')
        return dropped


def main():
    """Go over all defconfigs, or a part of them"""
    args = arguments()
    tree = os.path.abspath(args.tree)
    environment(tree)
    part, parts = map(int, args.n.split('/'))
    names = sorted(name for name in os.listdir(os.path.join(tree, 'configs'))
                   if name.endswith('_defconfig') and 'rpmb' not in name)
    with open(args.o or os.devnull, 'w', encoding='utf-8') as out:
        survey = Survey(tree, out)
        for name in names[part - 1::parts]:
            for intent in args.intent:
                survey.one(name, intent)
    os.unlink(survey.temp)
    return 1 if survey.totals() else 0


if __name__ == '__main__':
    sys.exit(main())
