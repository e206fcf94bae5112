# SPDX-License-Identifier: GPL-2.0-or-later
"""How traffic grows with the number of blocks, measured and drawn

The picture has no background and grey text, so it is read on light and on dark.
"""

import contextlib
import io
import os
import re

import rig
from benchmarks.operations import KINDS
from benchmarks.report import row
from benchmarks.traced import TOP
from benchmarks.wire import board
from rig import BACK, OUT

PATH = os.path.join(TOP, 'doc', 'develop', 'rpmb', 'figures-growth.svg')
LICENCE = '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->'
MOST_WRITTEN = 256      # blocks; the stores begin behind them
GREY = '#808080'
COLOURS = {'emmc': '#d97706', 'ufs': '#2a9d8f', 'virtio': '#7c6ff0'}
MARKS = {'emmc': 'o', 'ufs': 's', 'virtio': '^'}


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


def _draw_axes(axes, what, found):
    for name, curves in found.items():
        axes.plot([n for n, _ in curves[what]],
                  [sent.commands for _, sent in curves[what]],
                  color=COLOURS[name], marker=MARKS[name], markersize=4,
                  label=name)
    axes.set_xscale('log', base=2)
    axes.set_yscale('log', base=2)
    axes.set_title(f'{what} of n blocks', color=GREY)
    axes.set_xlabel('blocks', color=GREY)
    axes.set_ylabel('bus commands', color=GREY)
    axes.tick_params(colors=GREY, which='both')
    axes.grid(color=GREY, alpha=0.25)
    for spine in axes.spines.values():
        spine.set_color(GREY)
    axes.patch.set_alpha(0)
    axes.legend(labelcolor=GREY, framealpha=0, edgecolor=GREY)


def draw(found):
    """Draw the curves of all transports"""
    # only who draws needs it
    import matplotlib   # pylint: disable=import-outside-toplevel
    matplotlib.use('svg')
    from matplotlib import pyplot   # pylint: disable=import-outside-toplevel
    matplotlib.rcParams['svg.hashsalt'] = 'rpmb'
    figure, both = pyplot.subplots(1, 2, figsize=(9, 4), layout='constrained')
    for axes, what in zip(both, ('read', 'write')):
        _draw_axes(axes, what, found)
    figure.patch.set_alpha(0)
    text = io.StringIO()
    figure.savefig(text, metadata={'Date': None})
    first, *rest = [line.rstrip() + '\n' for line in
                    text.getvalue().splitlines()]
    with open(PATH, 'w', encoding='utf-8') as file:
        file.writelines([first, LICENCE + '\n', *rest])


def judge():
    """Measure, print, draw"""
    found = {}
    with rig.at('bench', rig.IMAGE):
        for kind in KINDS:
            found[kind.__name__.lower()] = measure(kind)
    print()
    for name, curves in found.items():
        for what, points in curves.items():
            row(f'{name}, {what}: blocks', *(n for n, _ in points))
            row('bus commands', *(sent.commands for _, sent in points))
    print()
    draw(found)
