# SPDX-License-Identifier: GPL-2.0-or-later
"""How traffic grows with the number of blocks and of rollback indexes, drawn

The picture has no background and grey text, so it is read on light and on dark.
"""

import contextlib
import io
import os
import re

import rig
from benchmarks import locations
from benchmarks.expected import GROWTH
from benchmarks.operations import KINDS
from benchmarks.report import row, same
from benchmarks.traced import TOP
from benchmarks.wire import board
from rig import BACK, OUT

PATH = os.path.join(TOP, 'doc', 'develop', 'rpmb', 'figures-growth.svg')
LICENCE = '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->'
MOST_WRITTEN = 256      # blocks; the stores begin behind them
GREY = '#808080'
COLOURS = {'emmc': '#d97706', 'ufs': '#2a9d8f', 'virtio': '#7c6ff0'}
MARKS = {'emmc': 'o', 'ufs': 's', 'virtio': '^'}
UNIT = {'read': 'blocks', 'write': 'blocks', 'raise': 'indexes',
        'look': 'indexes'}


def _counts(most):
    """Return: 1, 2, 4 and so on"""
    return [1 << n for n in range(most.bit_length()) if 1 << n <= most]


def measure(kind):
    """Return: blocks and bus commands, of reads and of writes"""
    with contextlib.redirect_stdout(io.StringIO()), board(kind) as b:
        b.run('rpmb list')
        b.run(f'rpmb dev {kind.name}')
        b.run('rpmb program-key -y 100')
        whole = int(re.search(r'blocks 0 to 0x(\w+)',
                              b.run('rpmb get-info'))[1], 16) + 1
        b.fill(0x5a, MOST_WRITTEN)
        # the first one is read back
        b.run(f'rpmb write-blocks 100 {OUT:x} 0 1')
        return {
            'read': [(n, b.sends(f'rpmb read-blocks 100 {BACK:x} 0 {n:x}'))
                     for n in _counts(whole)],
            'write': [(n, b.sends(f'rpmb write-blocks 100 {OUT:x} 0 {n:x}'))
                      for n in _counts(MOST_WRITTEN)]}


def _plot(axes, what, found, style='-', label='%s'):
    for name, curves in found.items():
        axes.plot([n for n, _ in curves[what]],
                  [sent.commands for _, sent in curves[what]], style,
                  color=COLOURS[name], marker=MARKS[name], markersize=4,
                  label=label % name)


def _finish(axes, title, what, **legend):
    axes.set_yscale('log', base=2)
    axes.yaxis.set_major_formatter('{x:g}')
    axes.set_title(title, color=GREY)
    axes.set_xlabel(what, color=GREY)
    axes.set_ylabel('bus commands', color=GREY)
    axes.tick_params(colors=GREY, which='both')
    axes.grid(color=GREY, alpha=0.25)
    for spine in axes.spines.values():
        spine.set_color(GREY)
    axes.patch.set_alpha(0)
    axes.legend(labelcolor=GREY, framealpha=0, edgecolor=GREY, **legend)


def _draw_blocks(axes, what, found):
    _plot(axes, what, found)
    axes.set_xscale('log', base=2)
    axes.xaxis.set_major_formatter('{x:g}')
    _finish(axes, f'{what} of n blocks', 'blocks')


def _draw_locations(axes, found):
    """The step is where another block begins, so there is no logarithm of n"""
    for what, style, label in (('raise', '-', '%s, raised'),
                               ('look', '--', '%s, looked at')):
        _plot(axes, what, found, style, label)
    axes.set_xticks([1, *range(4, 33, 4)])
    axes.set_ylim(0.75, 64)
    _finish(axes, 'n rollback indexes: raised by a manifest, looked at by a '
            'closed board', 'indexes', loc='upper center', ncol=2,
            bbox_to_anchor=(0.5, -0.16))


def draw(found):
    """Draw the curves of all transports"""
    # only who draws needs it
    import matplotlib   # pylint: disable=import-outside-toplevel
    matplotlib.use('svg')
    from matplotlib import pyplot   # pylint: disable=import-outside-toplevel
    matplotlib.rcParams['svg.hashsalt'] = 'rpmb'
    figure, panels = pyplot.subplot_mosaic(
        [['read', 'write'], ['locations', 'locations']], figsize=(9, 8),
        layout='constrained')
    for what in 'read', 'write':
        _draw_blocks(panels[what], what, found)
    _draw_locations(panels['locations'], found)
    figure.patch.set_alpha(0)
    text = io.StringIO()
    figure.savefig(text, metadata={'Date': None})
    first, *rest = [line.rstrip() + '\n' for line in
                    text.getvalue().splitlines()]
    with open(PATH, 'w', encoding='utf-8') as file:
        file.writelines([first, LICENCE + '\n', *rest])


def judge(everything):
    """Measure, print; if everything: also what takes long, and draw. Return:
    whether all is as expected"""
    found, good = {}, []
    with rig.at('bench', rig.IMAGE):
        for kind in KINDS:
            found[kind.__name__.lower()] = {
                **(measure(kind) if everything else {}), **locations.measure(kind)}
    print()
    for name, curves in found.items():
        for what, points in curves.items():
            row(f'{name}, {what}: {UNIT[what]}', *(n for n, _ in points))
            row('bus commands', *(sent.commands for _, sent in points))
    print()
    for name, curves in found.items():
        for what, points in curves.items():
            good.append(same(f'{name} {what}: bus commands by {UNIT[what]}',
                             [sent.commands for _, sent in points],
                             GROWTH[name][what]))
    if everything:
        draw(found)
    return good
