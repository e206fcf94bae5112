#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stop the build where a configuration is not what was asked for

Kconfig drops what it cannot grant and says nothing. configs/rpmb*.config and the
defconfigs of the stack leave a note of their own in the configuration,
CONFIG_RPMB_WANT_..., that depends on nothing. For each note all lines of that
file are compared with what came out, and what stood in the way is named. A board's
own fragment names itself, in CONFIG_RPMB_WANT_FRAGMENT, and is compared as well.

A board's defconfig is read before the fragments: what it asks of the stack is gone
then, since there was no stack yet. That is refused as well, see lost().

A configuration that is locked (CONFIG_RPMB_ROLLBACK_LOCKED) may besides have
nothing that could start something or hold an environment but what rpmb_locked.txt
says is harmless: what a later release adds is refused until somebody has looked
at it.

With --commands what was linked is looked at, too: nm's output comes in, and each
command must be in rpmb_locked_commands.txt. Not every command has an option.

A stack that reaches no device is refused as well. Where nothing drives a source of
random numbers the build goes on, since a board may have a driver of its own, but
it says so: without one there is no authenticated read.

The build runs this each time that the configuration changed. It needs the
environment that scripts/kconfig has, and reads the Kconfig files only if there
is something to explain.
"""

import os
import re
import sys

TREE = os.environ.get('srctree', '.')

# Note in the configuration, and the file that left it; a later file wins
FRAGMENTS = [
    ('RPMB_WANT_STACK', 'rpmb.config'),
    ('RPMB_WANT_BRINGUP', 'rpmb_bringup.config'),
    ('RPMB_WANT_ROLLBACK', 'rpmb_rollback.config'),
    ('RPMB_WANT_PROVISION', 'rpmb_provision.config'),
    ('RPMB_WANT_AVB', 'rpmb_avb.config'),
    ('RPMB_WANT_LOCKED', 'rpmb_locked.config'),
    ('RPMB_WANT_SPL', 'rpmb_spl.config'),
]

# One thing under the names that it has in different releases: one is enough
RENAMED = [
    {'MBEDTLS_LIB_CRYPTO_ALT', 'MBEDTLS_LIB_HASHING_ALT'},
]

# What may start something or hold an environment. The list has others by name.
STARTERS = re.compile(r'(CMD|BOOTMETH|ENV_IS|UPDATE)_|(SPL_|TPL_|VPL_)OS_BOOT$')

# What reaches an RPMB, in each phase that has the stack
TRANSPORTS = {
    'RPMB': ('RPMB_EMMC', 'RPMB_UFS', 'RPMB_VIRTIO', 'RPMB_SANDBOX'),
    'SPL_RPMB': ('SPL_RPMB_EMMC',),
}

# Drivers for random numbers that are not in drivers/rng, in U-Boot and in SPL
SOURCES = {
    'RPMB': ('VIRTIO_RNG', 'FSL_CAAM_RNG', 'FSL_DCP_RNG', 'TURRIS_OMNIA_MCU'),
    'SPL_RPMB': ('SPL_FSL_CAAM_RNG',),
}

# What those in drivers/rng need in SPL besides (patches/0017)
SPL_NEEDS = {'TPM_RNG': 'SPL_TPM', 'RNG_OPTEE': 'SPL_TEE'}

# A command in the linker's list of them
COMMAND = re.compile(r'\b_u_boot_list_2_cmd_2_(\w+)')

# Options of the stack; upstream has others with these letters
OURS = re.compile(r'(SPL_)?(CMD_|UT_)?RPMB(_(?!WANT_|CHECK_)\w+)?$')

# What says for which board a defconfig is
BOARD = re.compile(r'(ARCH|TARGET)_\w+$|'
                   r'(DEFAULT_DEVICE_TREE|SYS_(BOARD|SOC|CONFIG_NAME))$')

SET = re.compile(r'CONFIG_(\w+)=(.*)')
NOT_SET = re.compile(r'\s*# CONFIG_(\w+) is not set')
INCLUDE = re.compile(r'#include <(configs/\w*rpmb\w*\.?\w*)>')
ANY_INCLUDE = re.compile(r'#include <(configs/[\w.-]+)>')


def read_lines(path):
    """Lines of a file, without line ends"""
    try:
        with open(path, encoding='utf-8') as file:
            return file.read().splitlines()
    except OSError as error:
        sys.exit(f'rpmb: {error}: the configuration cannot be checked')


def assignments(path, include=INCLUDE):
    """(name, value) of each line; what is "not set" has the value 'n'"""
    for line in read_lines(path):
        if match := SET.match(line):
            yield match.group(1), match.group(2)
        elif match := NOT_SET.match(line):
            yield match.group(1), 'n'
        elif match := include.match(line):
            yield from assignments(os.path.join(TREE, match.group(1)), include)


def requests(config):
    """What was asked for: {name: (value, file)}, in the order of asking"""
    named = [config.get(f'RPMB_WANT_{note}', '""').strip('"')
             for note in ('DEFCONFIG', 'FRAGMENT')]
    files = named[:1] + [file for note, file in FRAGMENTS
                         if config.get(note) == 'y'] + named[1:]
    asked = {}
    for file in filter(None, files):
        for name, value in assignments(os.path.join(TREE, 'configs', file)):
            asked.pop(name, None)
            asked[name] = (value, file)
    return asked


def same_number(one, other):
    """Are these two spellings of a number?"""
    try:
        return int(one, 0) == int(other, 0)
    except ValueError:
        return False


def granted(config, name, value):
    """Is an option as it was asked for, under any of its names?"""
    if value == 'n':
        return config.get(name, 'n') == 'n'
    names = {name}.union(*(names for names in RENAMED if name in names))
    if name in config:
        names = {name}
    got = [config[other] for other in names if other in config]
    return value in got or any(same_number(value, it) for it in got)


def defconfigs():
    """Names of a tree's defconfigs, but for those of the stack, which are checked by
    their name; nothing if none of them asks for anything of the stack"""
    folder = os.path.join(TREE, 'configs')
    names, ours = [], False
    for name in sorted(it for it in os.listdir(folder) if it.endswith('_defconfig')):
        lines = [line for line in read_lines(os.path.join(folder, name))
                 if 'RPMB' in line]
        if not any('CONFIG_RPMB_WANT_DEFCONFIG' in line for line in lines):
            names.append(name)
            ours |= any(OURS.match(match[1]) for line in lines
                        if (match := SET.match(line)))
    return names if ours else []


def of_the_board(config):
    """{defconfig: {name: value}} of those for the board that a configuration is for"""
    found = {}
    for name in defconfigs():
        lines = dict(assignments(os.path.join(TREE, 'configs', name), ANY_INCLUDE))
        board = {it: lines[it] for it in lines if BOARD.match(it)}
        if board and all(config.get(it, 'n') == board[it] for it in board):
            found[name] = lines
    return found


def lost(config):
    """(option, value, defconfig) of what the board's defconfig asks of the stack, and
    nobody was there yet to grant. Where a board has several defconfigs nobody knows
    which one was taken: then only what all of them ask for"""
    if config.get('RPMB_WANT_DEFCONFIG', '""') != '""':
        return
    files = of_the_board(config)
    asked = requests(config)
    for name in sorted(set().union(*files.values())):
        values = {lines.get(name) for lines in files.values()}
        value = values.pop()
        if OURS.match(name) and not values and value != 'n' and \
                name not in asked and not granted(config, name, value):
            yield name, value, next(iter(files))


class Reasons:
    """Why Kconfig did not grant something"""

    def __init__(self, config):
        sys.path.insert(0, os.path.join(TREE, 'tools', 'buildman'))
        os.environ.setdefault('KCONFIG_OBJDIR', '')
        import kconfiglib  # pylint: disable=C0415,E0401
        self.lib = kconfiglib
        self.kconf = kconfiglib.Kconfig(os.path.join(TREE, 'Kconfig'),
                                        warn=False)
        self.kconf.load_config(config)

    def is_true(self, expr):
        """Value of an expression"""
        return self.lib.expr_value(expr) > 0

    def unmet(self, expr):
        """The least parts of an expression that keep it from being true"""
        if self.is_true(expr):
            return []
        if isinstance(expr, tuple) and expr[0] == self.lib.AND:
            return self.unmet(expr[1]) + self.unmet(expr[2])
        if isinstance(expr, tuple) and expr[0] == self.lib.OR:
            return min(self.unmet(expr[1]), self.unmet(expr[2]),
                       key=self.distance)
        return [expr]

    def distance(self, parts):
        """How far off a condition is: what this release lacks is farthest,
        and then what is another board"""
        symbols = [it for it in parts if isinstance(it, self.lib.Symbol)]
        return (any(not it.nodes for it in symbols),
                any(it.choice for it in symbols), len(parts))

    def met(self, expr):
        """The parts of an OR that are true"""
        if isinstance(expr, tuple) and expr[0] == self.lib.OR:
            return self.met(expr[1]) + self.met(expr[2])
        return [expr] if self.is_true(expr) else []

    def first_symbol(self, expr):
        """The symbol that stands first, the one that selects"""
        while isinstance(expr, tuple):
            expr = expr[1]
        return expr

    def causes(self, expr, seen):
        """What a condition that is not met comes down to"""
        if isinstance(expr, self.lib.Symbol):
            return self.why_off(expr, seen)
        if isinstance(expr, tuple) and expr[0] == self.lib.NOT and \
                isinstance(expr[1], self.lib.Symbol):
            return self.why_on(expr[1], seen)
        if isinstance(expr, self.lib.Choice):
            return [it for part in self.unmet(expr.direct_dep)
                    for it in self.causes(part, seen)]
        return ['not ' + self.lib.expr_str(expr)]

    def why_off(self, sym, seen):
        """What keeps a symbol from being on, each cause once"""
        if sym in seen:
            return []
        seen.add(sym)
        unmet = self.unmet(sym.direct_dep)
        if not sym.nodes:
            return [f'{sym.name} is no option of this release']
        if unmet:
            return [it for expr in unmet for it in self.causes(expr, seen)]
        if sym.choice and sym.choice.selection:
            return [f'{sym.choice.selection.name} was chosen instead of '
                    f'{sym.name}']
        if sym.visibility:
            return [f'{sym.name} is off']
        return [f'nothing selects {sym.name}']

    def why_on(self, sym, seen):
        """What keeps a symbol on: itself, or who selects it"""
        if sym in seen:
            return []
        seen.add(sym)
        above = [it for expr in self.met(sym.rev_dep)
                 for it in self.why_on(self.first_symbol(expr), seen)]
        return [f'{it}, which selects {sym.name}' for it in above] or \
            [f'{sym.name} is on']

    def explain(self, name, value):
        """One line on why an option is not as it was asked for"""
        sym = self.kconf.syms.get(name)
        if sym is None or not sym.nodes:
            return f'{name} is no option of this release'
        if value == 'n':
            return '; '.join(self.why_on(sym, set()))
        if value == 'y' or self.unmet(sym.direct_dep):
            return '; '.join(self.why_off(sym, set()))
        return f'it is {sym.str_value}'


def refused(config):
    """(option, what was asked, file) of what was not granted"""
    for name, (value, file) in requests(config).items():
        if not granted(config, name, value):
            yield name, value, file


def stranded(config):
    """(option, what could be a transport) of each phase that has none"""
    for phase, transports in TRANSPORTS.items():
        if config.get(phase) == 'y' and \
                not any(config.get(name) == 'y' for name in transports):
            yield phase, transports


def sources(phase):
    """Options that drive a source of random numbers in a phase"""
    lines = read_lines(os.path.join(TREE, 'drivers', 'rng', 'Makefile'))
    names = {name for line in lines for name in
             re.findall(r'CONFIG_(\w*RNG\w*)\)', line)} - {'DM_RNG'}
    return names | set(SOURCES[phase])


def drives(config, phase, name):
    """Is this option on, and is it there in this phase?"""
    need = SPL_NEEDS.get(name, '') if phase == 'SPL_RPMB' else ''
    return config.get(name) == 'y' and (not need or config.get(need) == 'y')


def blind(config):
    """Phases that have the stack and no source of random numbers"""
    return [phase for phase in TRANSPORTS if config.get(phase) == 'y' and
            not any(drives(config, phase, name) for name in sources(phase))]


def locked_list(file='rpmb_locked.txt'):
    """({harmless}, {harmful: reason})"""
    harmless, harmful = set(), {}
    here = os.path.dirname(os.path.abspath(__file__))
    for line in read_lines(os.path.join(here, file)):
        name, _, reason = line.partition(' ')
        if line.startswith('!'):
            harmful[name[1:]] = reason.strip()
        elif line and not line.startswith('#'):
            harmless.add(name)
    return harmless, harmful


def openings(config):
    """(option, why not) of what a locked configuration must not have"""
    harmless, harmful = locked_list()
    for name in sorted(name for name, value in config.items() if value == 'y'):
        if name in harmful:
            yield name, harmful[name]
        elif STARTERS.match(name) and name not in harmless:
            yield name, 'nobody has looked at what it can start or load'


def commands(lines):
    """Names of the commands that nm lists"""
    return {match[1] for line in lines if (match := COMMAND.search(line))}


def bad_commands(names):
    """(command, why not) of what a locked U-Boot must not have"""
    harmless, harmful = locked_list('rpmb_locked_commands.txt')
    for name in sorted(names - harmless):
        yield name, harmful.get(name, 'nobody has looked at what it can start '
                                'or load')


def report_commands(config, lines):
    """Print which commands must not be there; how many there are"""
    names = commands(lines)
    if not names and config.get('CMDLINE') == 'y':
        print('rpmb: no commands are seen in what was linked', file=sys.stderr)
        return 1
    wrong = list(bad_commands(names))
    for name, why in wrong:
        print(f"rpmb: command '{name}': not in a locked configuration, {why}\n"
              '  switch off what brings it, or name it in '
              'scripts/kconfig/rpmb_locked_commands.txt', file=sys.stderr)
    return len(wrong)


def advise(config):
    """Print what the board may have to do something about"""
    for phase in blind(config):
        print(f'rpmb: note: CONFIG_{phase} = y, and no driver of a source of '
              'random numbers that U-Boot knows is on: without one nothing is '
              'read that could be believed, and with a rollback policy nothing '
              'boots. Drivers are in drivers/rng; see doc/develop/rpmb/porting.rst',
              file=sys.stderr)


def report(config, path):
    """Print all that is wrong; how many things that is"""
    early = list(lost(config))
    denied = list(refused(config)) + early
    names = {name for name, _, _ in denied}
    alone = list(stranded(config))
    opened = []
    if config.get('RPMB_ROLLBACK_LOCKED') == 'y':
        opened = [it for it in openings(config) if it[0] not in names]
    if not denied and not opened and not alone:
        return 0
    reasons = Reasons(path)
    for name, value, file in denied:
        wanted = 'is not set' if value == 'n' else f'= {value}'
        print(f'rpmb: CONFIG_{name} {wanted}: asked for by configs/{file}, '
              f'not granted\n  in the way: {reasons.explain(name, value)}',
              file=sys.stderr)
    if early:
        print('rpmb: a defconfig is read before the fragments, without which there '
              'are no such options:\n  put them into a fragment of the board\'s own, '
              'which is named after ours and sets\n  CONFIG_RPMB_WANT_FRAGMENT to its '
              'own name; see doc/develop/rpmb/porting.rst', file=sys.stderr)
    for phase, transports in alone:
        why = '; '.join(f'{name}: {reasons.explain(name, "y")}'
                        for name in transports if 'SANDBOX' not in name)
        print(f'rpmb: CONFIG_{phase} = y, and it reaches no device that could '
              f'have an RPMB\n  in the way: {why}', file=sys.stderr)
    for name, why in opened:
        print(f'rpmb: CONFIG_{name} = y: not in a locked configuration, '
              f'{why}\n  in the way: {reasons.explain(name, "n")}', file=sys.stderr)
    return len(denied) + len(alone) + len(opened)


def main():
    """Check the configuration that is named, or what was linked with it"""
    path = sys.argv[-1]
    config = dict(assignments(path))
    if '--commands' in sys.argv[1:-1]:
        return 1 if report_commands(config, sys.stdin) else 0
    wrong = report(config, path)
    advise(config)
    if wrong:
        print(f'rpmb: {wrong} options are not as they were asked for; nothing '
              'is built. Change the board\'s configuration or add the '
              'fragment that is named;\n'
              'CONFIG_RPMB_WANT_... off gives up what was asked for, and this '
              'check.', file=sys.stderr)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
