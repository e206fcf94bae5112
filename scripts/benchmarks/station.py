# SPDX-License-Identifier: GPL-2.0-or-later
"""What rpmb-tool takes at a station: a batch of 1,000 boards

Seconds are printed, and not judged: they are of the machine that they were measured
on. What is judged is that each program does what it is measured for.
"""

import os
import re
import resource
import shutil
import subprocess
import time

import host
import keys
from benchmarks.report import row, same
from benchmarks.traced import TOP
from frames import COUNTER, READ, RESULT, WRITE, LAYOUT, request, sign

PLACE = os.path.join(TOP, 'build', 'bench.station')
PAGE = os.path.join(TOP, 'doc', 'develop', 'rpmb', 'figures-station.inc')
TOOLS = os.path.join(TOP, 'build', 'tools')
TOOL = os.path.join(TOOLS, 'rpmb-tool')

TIMES = 3               # each is measured so often, and the best is taken
BOARDS = 1000
MANY = 32               # devices, the most that a manifest has
MORE = 10               # times as many, in a log that shows how it grows
HUK = b'a secret of 32 bytes for a bench'
BATCH = '2026-11-A'
SESSIONS = 1000         # of 10 frames each, 4 of them with a MAC
DATA = bytes(range(256))

# What a board says, without a device and with one
STEPS = ('verify', 'ok', False), ('board', 'ok', False), ('match', 'ok', True), \
    ('key', 'ok', True), ('blank', 'ok', True), ('program', 'ok', True), \
    ('prove', 'ok', True), ('record', 'noop', True), ('done', 'ok', True), \
    ('done', 'ok', False)
LINES = BOARDS * len(STEPS)
BAD = 6                 # lines of a board that have its check value

HEAD = '''.. SPDX-License-Identifier: GPL-2.0-or-later
.. Written by scripts/bench --all

.. csv-table:: Seconds on one core of: %s
   :header: work, processes, wall, processor
   :widths: 52 16 16 16

'''


def _cids(boards):
    """Return: the identifier of each board's eMMC"""
    return [keys.hmac_sha256(b'CID', str(i).encode())[:16] for i in range(boards)]


def _check_values(cids):
    """Return: what Python makes of the unique key, per board, in hex"""
    return [keys.check_value(keys.derived(HUK, 0, keys.EMMC, 0, cid)).hex()
            for cid in cids]


def _device(cid, kcv):
    return (f'device transport=emmc target=0 key=0x100 id={cid.hex()} '
            f'kcv={kcv}\n')


def _line(step, result, cid=None, kcv=None):
    """Return: a line of a board's log"""
    has_key = cid and step != 'match'
    has_counter = cid and step in ('prove', 'record', 'done')
    return (f'rpmb-provision: dev={"mmc0" if cid else "-"} '
            f'target={"0" if cid else "-"} step={step} result={result} '
            f'kcv={kcv if has_key else "-"} '
            f'counter={"0x00000000" if has_counter else "-"} '
            f'id={cid.hex() if cid else "-"} key={"0x100" if cid else "-"} '
            f'batch={BATCH}\n')


def _log(cids, kcvs):
    """Return: what all boards say"""
    return ''.join(_line(step, result, *(pair if named else ()))
                   for pair in zip(cids, kcvs)
                   for step, result, named in STEPS)


def _reply(kind, nonce=b'', **fields):
    """Return: a frame of a reply, not signed yet"""
    field = {'data': b'', 'counter': 0, 'address': 0, 'count': 0, **fields}
    return LAYOUT.pack(b'', b'', field['data'], nonce, field['counter'],
                       field['address'], field['count'], 0, kind << 8)


def _session(number, key):
    """Return: frames of a counter, of a write, and of a read of 4 blocks"""
    nonce = number.to_bytes(16, 'big')
    blocks = [_reply(READ, nonce, data=DATA, count=4)] * 4
    return b''.join((
        request(COUNTER, nonce), sign(_reply(COUNTER, nonce, counter=number), key),
        request(WRITE, data=DATA, counter=number, count=1, key=key),
        request(RESULT), sign(_reply(WRITE, counter=number + 1), key),
        request(READ, nonce, count=4), *blocks[1:],
        sign(blocks[0], key, blocks[1:])))


def prepare():
    """Have the tool, and what it is given. Return: check values of all boards"""
    host.make('-C', os.path.join(TOP, 'tools'), f'O={TOOLS}')
    shutil.rmtree(PLACE, ignore_errors=True)
    for name in 'one', 'many':
        os.makedirs(os.path.join(PLACE, name))
    more = _cids(MORE * BOARDS)
    all_kcvs = _check_values(more)
    cids, kcvs = more[:BOARDS], all_kcvs[:BOARDS]
    devices = list(map(_device, cids, kcvs))
    key = keys.derived(HUK, 0, keys.EMMC, 0, cids[0])
    for name, content in (
            ('huk', HUK), ('key', key), ('devices', ''.join(devices)),
            ('ids', ''.join(cid.hex() + '\n' for cid in cids)),
            ('any', f'batch {BATCH}\ndevice transport=emmc key=0x100 any\n'),
            ('log', _log(cids, kcvs)), ('long.log', _log(more, all_kcvs)),
            ('wrong.log', _log(cids, [*kcvs[:-1], kcvs[0]])),
            ('trace', b''.join(_session(i, key) for i in range(SESSIONS)))):
        host.write(os.path.join(PLACE, name), content)
    for first in range(0, BOARDS, MANY):
        host.write(os.path.join(PLACE, 'many', f'{first:03}'),
                   f'batch {BATCH}\n' + ''.join(devices[first:first + MANY]))
    run('$tool manifest --from any -o any.dtb')
    return kcvs


# What a station's script runs, with rpmb-tool as $tool
ONE_BY_ONE = '''while read -r line; do n=$((n + 1))
$tool manifest -b %s -d "${line#device }" -o one/$n || exit 2
done <devices''' % BATCH
BY_MANY = '''for text in many/???; do
$tool manifest --from $text -o $text.dtb || exit 2
done'''
DERIVE = '''while read -r id; do
$tool derive --huk huk --transport emmc --id $id || exit 2
done <ids'''
VERIFY = '$tool verify-log --manifest any.dtb '

WORK = (
    (f'{BOARDS:,} manifests of a device', BOARDS, ONE_BY_ONE),
    (f'{BOARDS:,} devices, {MANY} in a manifest', -(-BOARDS // MANY), BY_MANY),
    (f'{BOARDS:,} check values derived', BOARDS, DERIVE),
    (f'log of {LINES:,} lines, with a manifest', 1, VERIFY + 'log'),
    (f'log of {LINES:,} lines, each key derived', 1, VERIFY + '--huk huk log'),
    (f'log of {MORE * LINES:,} lines, with a manifest', 1, VERIFY + 'long.log'),
    (f'{10 * SESSIONS:,} frames decoded, each MAC checked', 1,
     '$tool decode --key key trace'),
)


def _spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(script):
    """Run it. Return: exit status, all that it printed, seconds of the wall's clock
    and of a processor"""
    wall, spent = time.monotonic(), _spent()
    done = subprocess.run(['sh', '-c', script], check=False, text=True, cwd=PLACE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, 'tool': TOOL})
    return (done.returncode, done.stdout, time.monotonic() - wall,
            _spent() - spent)


def measure(times):
    """Return: exit status, what was printed, and the least seconds, of each"""
    found = []
    for _, _, script in WORK:
        runs = [run(script) for _ in range(times)]
        done = {it[:2] for it in runs}
        status, said = done.pop() if len(done) == 1 else ('runs differ', '')
        found.append((status, said, min(it[2] for it in runs),
                      min(it[3] for it in runs)))
    return found


def write(table):
    """Write the page's table"""
    with open('/proc/cpuinfo', encoding='ascii', errors='replace') as file:
        model = re.search(r'^(?:model name|CPU part|uarch)\s*: (.*)', file.read(),
                          re.MULTILINE)
    with open(PAGE, 'w', encoding='ascii') as file:
        file.write(HEAD % (model[1] if model else 'a processor without a name'))
        for what, count, wall, spent in table:
            file.write(f'   "{what}", "{count:,}", {wall:.2f}, {spent:.2f}\n')


def _shown(names):
    """Return: the devices of manifests, as the tool shows them"""
    said = run(f'for file in {" ".join(names)}; do '
               '$tool manifest --show $file 2>/dev/null || exit 2; done')[1]
    return re.sub('^batch .*\n', '', said, flags=re.MULTILINE)


def _last(text):
    """Return: the last line of it"""
    return text.strip().split('\n')[-1]


def _summary(times, bad, failed):
    """Return: the tool's summary of a log"""
    return (f'{times * LINES} lines: {times * LINES - bad} good, {bad} bad; '
            f'devices: {times * BOARDS - failed} done, {failed} not')


def _verdicts(found, kcvs):
    """Return: what was looked at, what was found, and what must be"""
    said = [text for _, text, _, _ in found]
    devices = host.read(os.path.join(PLACE, 'devices')).decode()
    many = sorted(os.listdir(os.path.join(PLACE, 'many')))
    yield 'exit statuses', [it[0] for it in found], [0] * len(WORK)
    yield 'manifests of a device', _shown(
        f'one/{n + 1}' for n in range(BOARDS)) == devices, True
    yield f'manifests of {MANY} devices', _shown(
        f'many/{name}' for name in many if name.endswith('.dtb')) == devices, True
    yield 'check values', said[2].split() == kcvs, True
    yield 'log with a manifest', _last(said[3]), _summary(1, 0, 0)
    yield 'log with keys derived', _last(said[4]), _summary(1, 0, 0)
    yield f'log of {MORE * BOARDS:,} boards', _last(said[5]), _summary(
        MORE, 0, 0)
    yield 'log of a board with another key', _last(run(
        VERIFY + '--huk huk wrong.log 2>/dev/null')[1]), _summary(1, BAD, 1)
    yield 'frames', len(re.findall('^frame ', said[6], re.M)), 10 * SESSIONS
    yield 'MACs', [len(re.findall(f'^  MAC of .*: {word}$', said[6], re.M))
                   for word in ('right', 'WRONG')], [4 * SESSIONS, 0]


def judge(times):
    """Measure so often, print. Return: whether all was done, and the table"""
    kcvs = prepare()
    found = measure(times)
    table = [(what, count, wall, spent) for (what, count, _), (_, _, wall, spent)
             in zip(WORK, found)]
    print()
    row('rpmb-tool, seconds (not judged)', 'processes', 'wall', 'processor')
    for what, count, wall, spent in table:
        row(what, count, f'{wall:.2f}', f'{spent:.2f}')
    print()
    return [same(f'rpmb-tool, {what}', value, expected)
            for what, value, expected in _verdicts(found, kcvs)], table
