# SPDX-License-Identifier: GPL-2.0-or-later
"""rpmb-tool verify-log: what a line's logs are worth"""

import re

import pytest

import host
from keys import EMMC, hmac_sha256
from tool import CID, HUK, KCV, kcv_of, table

SUITE = 'tools'

OTHER = '00112233445566778899aabbccddeeff'


def line(dev, target, step, result, kcv='-', counter='-', ident='-', key='-'):
    """Return: a line of a log"""
    return (f'rpmb-provision: dev={dev} target={target} step={step} '
            f'result={result} kcv={kcv} counter={counter} id={ident} '
            f'key={key} batch=2026-11-A\n')


def of_all(step, result):
    """Return: a line about all devices"""
    return line('-', '-', step, result)


DONE = line('mmc0', 0, 'done', 'ok', KCV, '0x00000001', CID, '0x100')
MATCH = line('mmc0', 0, 'match', 'ok', ident=CID, key='0x100')
VERIFIED = of_all('verify', 'ok')
END = of_all('done', 'ok')
NO_SIGNATURE = of_all('verify', 'refused-signature')

# One run: a board whose eMMC gets its key
LINES = ['U-Boot 2025.01\n', '[1.2] ' + VERIFIED, MATCH, DONE, END, '=> \n']
GOOD = ''.join(LINES)
DRY = ''.join(LINES[:3] + [END.replace('=ok', '=dry-run'), LINES[5]])


def refused(why):
    """Return: the log of a board that is refused"""
    return VERIFIED + MATCH + line('mmc0', 0, 'blank', why, ident=CID,
                                   key='0x100')


@pytest.fixture
def verify(tool):
    """A function that has a log verified"""
    def run(status, log, args='', says=()):
        host.write('some.log', log)
        tool.gives(status, f'verify-log {args} some.log', says=says)
    return run


def test_good_logs_are_right(tool, manifest):
    """From files and from standard input, by a terminal that adds CR"""
    host.write('good.log', GOOD)
    host.write('cr.log', GOOD.replace('\n', '\r\n'))
    tool.gives(0, 'verify-log good.log cr.log',
               says='8 lines: 8 good, 0 bad; devices: 1 done, 0 not')
    tool.gives(0, f'verify-log --huk huk --manifest {manifest} good.log')
    for args in '', '-':
        tool.gives(0, f'verify-log {args}', given=GOOD.encode(),
                   says='1 done, 0 not')


@pytest.mark.parametrize('status, count, log', [
    (1, '0 done, 1 not', refused('refused-other-key')),
    (1, '0 done, 1 not', VERIFIED + line(
        'virtio0', 0, 'program', 'failed-power-cycle', KCV, '-', '76', '0x3')),
    (1, '0 done, 1 not\nrpmb-tool: no device was provisioned\n'
     'rpmb-tool: 1 run ended without naming a device', NO_SIGNATURE),
    (1, '0 done, 1 not', VERIFIED + line(
        'device-2', 1, 'match', 'refused-not-found', key='0x200')),
    (1, '1 done, 1 not', (GOOD + refused('refused-no-answer').replace(
        CID, OTHER))),
    # what comes last counts, of each device
    (0, '1 done, 0 not', refused('refused-no-answer') + GOOD),
    (1, '0 done, 1 not', GOOD + refused('refused-other-key')),
    # a run that named none cannot have been made good
    (1, '1 done, 1 not', NO_SIGNATURE + GOOD),
], ids=('other_key', 'power_cycle', 'signature', 'not_found', 'other_board',
        'then_good', 'good_before', 'no_device_then_good'))
def test_failed_boards_fail(verify, status, count, log):
    """They are counted as not done"""
    verify(status, log, says='devices: ' + count)


@pytest.mark.parametrize('status, log', [
    (1, ''.join(LINES[:4])), (1, ''.join(LINES[:3])), (1, ''.join(LINES[:2])),
    (0, ''.join(LINES[:3]) + GOOD),
], ids=('before_the_end', 'before_done', 'before_match', 'then_good'))
def test_logs_cut_off_fail(verify, status, log):
    """Unless another run was whole"""
    verify(status, log, says='devices: 1 done, 0 not' if not status else
           ('0 done, 1 not', 'cut off'))


def test_end_of_another_board_is_not_ones_own(tool):
    """A log that was cut off, and another one's last line"""
    host.write('cut.log', ''.join(LINES[:4]))
    host.write('end.log', END)
    tool.gives(1, 'verify-log cut.log end.log', says='cut off')


def test_log_as_json(tool):
    """The verdict, and each device"""
    host.write('some.log', GOOD)
    assert tool.json(0, 'verify-log --expect 1 some.log') == {
        'good': True, 'lines': 4, 'bad_lines': 0, 'done': 1, 'not_done': 0,
        'cut_off': 0, 'expected': 1, 'devices': [
            {'transport': 'emmc', 'target': 0, 'id': CID, 'kcv': KCV,
             'done': True}]}
    host.write('some.log', refused('refused-other-key'))
    shown = tool.json(1, 'verify-log some.log')
    assert not shown['good'] and shown['not_done'] == 1
    assert [it['done'] for it in shown['devices']] == [False]


def test_dry_runs_do_nothing(verify):
    """They make nothing done, and nothing undone"""
    verify(1, DRY, says=('devices: 0 done, 1 not', 'no device was'))
    verify(0, GOOD + DRY, says='devices: 1 done, 0 not')


@pytest.mark.parametrize('status, expect, logs, says', [
    (0, 1, 'a.log a.log a.log', '1 done, 0 not'),
    (1, 3, 'a.log a.log a.log', 'not the 3 devices expected'),
    (0, 2, 'a.log b.log', '2 done, 0 not'),
    (1, 1, 'a.log b.log', 'not the 1 device expected'),
    # a virtual device's identifier is its place: boards differ in their keys
    (0, 2, 'v.log w.log', '2 done, 0 not'),
    *((2, bad, 'a.log', 'not a number of devices') for bad in (0, -1, 'x', "''")),
])
def test_boards_are_counted_once(tool, status, expect, logs, says):
    """However many logs each of them has"""
    host.write('a.log', GOOD)
    host.write('b.log', GOOD.replace('=' + CID, '=0011' + CID[4:]))
    virtual = GOOD.replace('mmc0', 'virtio0').replace('=' + CID, '=76')
    host.write('v.log', virtual)
    host.write('w.log', virtual.replace(KCV, '0f1e2d3c4b5a6978'))
    tool.gives(status, f'verify-log --expect {expect} {logs}', says=says)


def test_boards_of_a_whole_line(tool):
    """Each is found among all the others, after an update of its firmware as well"""
    cids = [hmac_sha256(b'CID', bytes([n]))[:16].hex() for n in range(250)]
    updated = [cid[:18] + 'ff' + cid[20:30] + 'ff' for cid in cids]
    host.write('a.log', ''.join(GOOD.replace(CID, cid) for cid in cids))
    # a run that names many, and is cut off
    host.write('b.log', VERIFIED + ''.join(
        MATCH.replace(CID, cid) for cid in reversed(updated[:200])))
    tool.gives(0, 'verify-log --expect 250 a.log')
    tool.gives(0, 'verify-log --expect 250 b.log a.log')
    tool.gives(1, 'verify-log a.log b.log', says='devices: 50 done, 200 not')


# Field that is complained of, line, and what is changed into what
WRONG = [(word, 4, old, new) for word, old, new in (
    ('dev', 'dev=mmc0', 'dev=nvme0'), ('dev', 'dev=mmc0', 'dev=mmc'),
    ('target', ' target=0', ''), ('target', 'target=0', 'target=4'),
    ('target', 'target=0 step=done', 'step=done target=0'),
    ('step', 'step=done', 'step=finish'), ('step', 'step=done', 'step=-'),
    ('result', 'result=ok', 'result=OK'),
    ('result', 'result=ok', 'result=refused-'),
    ('result', 'result=ok', 'result=refused-a--b'),
    ('kcv', 'kcv=.', 'kcv='), ('kcv', 'kcv=.', 'kcv=A'),
    ('counter', '0x00000001', '0x1'), ('id', 'id=d', 'id='),
    ('key', 'key=0x100', 'key=256'), ('key', 'key=0x100', 'key=0x0'),
    ('key', 'key=0x100', 'key=0x10000'), ('batch', 'batch=2026', 'batch='),
    ('line', '$', ' more=1'), ('batch', '  *batch=.*', ''),
    ('target', ' target', '  target'), ('kcv', 'kcv=[0-9a-f]*', 'kcv=-'),
    ('counter', 'counter=0x00000001', 'counter=-'), ('id', 'id=d6', 'id='),
    ('target', 'target=0', 'target=-'))]
WRONG += [('key', 3, 'key=0x100', 'key=-'),
          ('target', 2, 'target=-', 'target=0')]


def changed(number, *changes):
    """Return: the good log with a line changed"""
    lines = list(LINES)
    for old, new in changes:
        before = lines[number - 1]
        lines[number - 1] = re.sub(old, new, before.rstrip('\n')) + '\n'
        assert lines[number - 1] != before
    return ''.join(lines)


@pytest.mark.parametrize('word, number, old, new', WRONG)
def test_wrong_lines_are_found(verify, word, number, old, new):
    """A line of the good log changed: found with this word, of this line"""
    verify(1, changed(number, (old, new)),
           says=(f'some.log:{number}: {word}', '1 bad'))


OTHER_KCV = ('kcv=.', 'kcv=0'), ('kcv=00', 'kcv=10')
BY_HUK, BY_MANIFEST = '--huk huk', '--manifest m.dtb'


@pytest.mark.parametrize('args, word, changes', [
    (BY_HUK, 'kcv', OTHER_KCV), (BY_MANIFEST, 'kcv', OTHER_KCV),
    (BY_MANIFEST, 'key', [('key=0x100', 'key=0x101')]),
    (BY_HUK, 'kcv', [('key=0x100', 'key=0x101')]),
    (BY_HUK, 'key', [('key=0x100', 'key=0x1')]),
    (BY_MANIFEST, 'id', [('id=d6', 'id=d7')]),
    (BY_HUK, 'kcv', [('id=d6', 'id=d7')]),
    (BY_MANIFEST, 'batch', [('2026-11-A', '2026-11-B')]),
], ids=lambda value: value if isinstance(value, str) else value[0][1])
def test_lines_against_manifest_and_unique_key(verify, manifest, args, word,
                                               changes):
    """A line that may be right, and not for this batch or this board"""
    assert manifest in BY_MANIFEST
    log = LINES[3]
    for old, new in changes:
        log = re.sub(old, new, log, count=1)
    verify(1, ''.join(LINES[:3] + [log] + LINES[4:]), args,
           says=(f'some.log:4: {word}', '1 bad'))


@table('status, args, says', [
    (1, '--huk other good.log', 'of another key'), (1, 'batch.txt', 'no line'),
    (2, 'missing', 'No such file'),
    (2, '--huk missing good.log', 'No such file'),
    (1, '--manifest batch.txt good.log', 'no manifest'),
    (2, '--huk - good.log', '--huk'), (2, 'huk m.dtb', 'm.dtb: not a text'),
])
def test_logs_that_cannot_be_judged(tool, manifest, status, args, says):
    """Another board's unique key, and what is no log"""
    assert manifest == 'm.dtb'
    host.write('good.log', GOOD)
    host.write('other', 'another secret of 32 bytes, same')
    tool.gives(status, f'verify-log {args}', says=says)


@pytest.mark.parametrize('slot, scheme', enumerate(('optee', 'optee-compat')))
def test_optee_lines(verify, slot, scheme):
    """The keys that OP-TEE would use"""
    value = kcv_of(HUK, scheme, 0, EMMC, 0, bytes.fromhex(CID))
    log = GOOD.replace(KCV, value).replace('key=0x100', f'key=0x20{slot}')
    verify(0, log, '--huk huk --scheme optee')
    verify(1, log, BY_HUK, says='of another key')
    verify(1, log.replace(f'key=0x20{slot}', 'key=0x202'),
           '--huk huk --scheme optee', says='key: a slot')
