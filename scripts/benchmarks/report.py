# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables and verdicts of the bench"""


def row(what, *values):
    """Print a line of a table"""
    print(f'{what:<48}' + ''.join(f'{value:>14}' for value in values))


def verdict(what, value, most):
    """Print whether a figure is kept. Return: whether it is"""
    good = value <= most
    print(f"{'ok' if good else 'not ok'} bench {what}: {value}, at most {most}")
    return good


def below(what, value, limit):
    """As verdict(): a figure that must be less than this"""
    good = value < limit
    print(f"{'ok' if good else 'not ok'} bench {what}: {value}, below {limit}")
    return good


def same(what, value, expected):
    """As verdict(): a count that must be what it was"""
    good = value == expected
    print(f"{'ok' if good else 'not ok'} bench {what}: {value}"
          + (f', expected {expected}' if not good else ''))
    return good
