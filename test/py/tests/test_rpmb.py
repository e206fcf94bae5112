# SPDX-License-Identifier: GPL-2.0-or-later
"""
Test of the 'rpmb' command

Runs on sandbox, on QEMU and on real boards. What may be done to a board is
said in its board environment file (boardenv_*); nothing one-way is done, and
nothing is written, unless that file allows it:

env__rpmb = {
    # Devices and targets to test, as 'rpmb dev' takes them
    'devices': ['mmc0:0', 'ufs0:1'],

    # ONE-WAY, in the life of the device: program a test key (or that of
    # 'keys') into each of the devices, another one into each: see
    # key_of(). For emulated devices, and for boards that are to be test
    # boards for ever.
    'program_key': False,

    # The keys that the devices hold, 64 hex digits each. Without them, and
    # without 'program_key', only what needs no key is tested.
    'keys': {
        'mmc0:0': '9d3f61c8a2740be51be84c07d6932af16072dfb91ec5384af49a05236b8ed71c',
        'ufs0:1': '3be07152c49d86fa0d61a8f49275ce3b58b3e72c0f944d16a17f28c0d5360e8b',
    },

    # First of four blocks that may be written; they are restored. Default:
    # 0x10 with 'program_key', otherwise nothing is written.
    'block': 0x10,

    # The device that the control FDT's node "u-boot,rpmb-rollback" names, if
    # its key-id is 1. ONE-WAY: its rollback index 11b is raised. Default: none.
    'rollback': 'ufs0:1',
}

Without env__rpmb sandbox tests its own device, other boards list what they
have. The board must be open (see board_rpmb_is_open()) for all but listing.
"""

import hashlib
import re
import time

import pytest

pytestmark = [
    pytest.mark.buildconfigspec('cmd_rpmb'),
    pytest.mark.buildconfigspec('cmd_memory'),
    pytest.mark.buildconfigspec('hush_parser'),
]

KEYID = 1
OTHER_KEYID = 2
COUNT = 4
BLOCK_SIZE = 0x100

SANDBOX_ENV = {
    'devices': ['sandbox0:0', 'sandbox0:1'],
    'program_key': True,
}


def key_of(dev):
    """Return the test key of a device: no two of them may have one"""
    return hashlib.sha256(f'rpmb test key of {dev}'.encode()).hexdigest()


OTHER_KEY = key_of('no device')


class Rpmb:
    """The command, on one board"""

    def __init__(self, con):
        self.con = con
        env = con.config.env.get('env__rpmb')
        if env is None:
            env = SANDBOX_ENV if con.config.board_type == 'sandbox' else {}
        self.devices = env.get('devices', [])
        self.may_program = env.get('program_key', False)
        self.keys = env.get('keys', {})
        self.block = env.get('block', 0x10 if self.may_program else None)
        self.rollback = env.get('rollback')
        self.ram = self.find_ram()

    def find_ram(self):
        """Return where there is room for a few blocks"""
        try:
            import u_boot_utils as util
        except ImportError:
            import utils as util
        return util.find_ram_base(self.con)

    def run(self, cmd):
        """Run a command, return its output and whether it succeeded"""
        out = self.con.run_command(f'{cmd}; echo rc=$?')
        match = re.search(r'rc=(\d+)\s*$', out)
        assert match, out
        return out[:match.start()], match.group(1) == '0'

    def ok(self, cmd, says=''):
        """Run a command that must succeed; it says a regular expression"""
        out, good = self.run(cmd)
        assert good, out
        assert re.search(says, out), out
        return out

    def fails(self, cmd, says):
        """Run a command that must fail, and say why"""
        out, good = self.run(cmd)
        assert not good, out
        assert re.search(says, out), out
        return out

    def put_key(self, key):
        """Put a key into memory"""
        data = bytes.fromhex(key)
        for at in range(0, len(data), 8):
            self.con.run_command('; '.join(
                f'mw.b {self.ram + at + i:x} {data[at + i]:02x}'
                for i in range(8)))

    def add_key(self, keyid, key):
        """Put a key into a slot"""
        self.put_key(key)
        return self.ok(f'rpmb key add {keyid} {self.ram:x}', 'added')

    def fill(self, addr, seed):
        """Fill the memory for the test blocks, each with another value"""
        self.con.run_command('; '.join(
            f'mw.b {addr + i * BLOCK_SIZE:x} {(seed + i) & 0xff:x} 100'
            for i in range(COUNT)))

    def same(self, a, b):
        """Assert that the memory for the test blocks is the same"""
        self.ok(f'cmp.b {a:x} {b:x} {COUNT * BLOCK_SIZE:x}', 'were the same')

    def counter(self, keyid=KEYID):
        """Return the write counter, as the environment has it"""
        self.ok(f'rpmb write-counter {keyid}', 'write counter: 0x')
        return int(self.con.run_command('echo $rpmb_counter'), 16)

    def key(self, dev):
        """Return the key of a device, None if it is not known"""
        return self.keys.get(dev, key_of(dev) if self.may_program else None)

    def each(self):
        """Make one device after the other the current one"""
        if not self.devices:
            pytest.skip('no devices in env__rpmb')
        for dev in self.devices:
            self.ok(f'rpmb dev {dev}', f'{dev}.* is the current RPMB')
            yield dev

    def each_with_key(self):
        """The same, of those with a known key

        It is in its slot and another one in the next.
        """
        known = [dev for dev in self.devices if self.key(dev)]
        if not known:
            pytest.skip('no keys in env__rpmb')
        self.add_key(OTHER_KEYID, OTHER_KEY)
        for dev in self.each():
            if dev in known:
                self.add_key(KEYID, self.key(dev))
                yield dev


@pytest.fixture
def rpmb(request):
    """The command on the board; the console's fixture has had two names"""
    try:
        con = request.getfixturevalue('ubman')
    except pytest.FixtureLookupError:
        con = request.getfixturevalue('u_boot_console')
    return Rpmb(con)


def test_rpmb_not_chosen(rpmb):
    """Of several devices, or targets, none is current without a choice"""
    rpmb.con.restart_uboot()
    out, good = rpmb.run('rpmb list')
    lines = re.findall(r'(?m)^[0-9a-f]+:[0-9a-f]+  (\w+):', out)
    if len(set(lines)) > 1:
        rpmb.fails('rpmb get-info', "choose a device with 'rpmb dev'")
    elif len(lines) > 1:
        rpmb.fails('rpmb get-info', f'{lines[0]} has .* targets, choose one')
    elif good:
        rpmb.ok('rpmb get-info', f'device: {lines[0]} ')


def test_rpmb_list(rpmb):
    """Each device is listed, with a state of its key"""
    out, good = rpmb.run('rpmb list')
    if not rpmb.devices and not good:
        assert 'there is no device with an RPMB' in out
        return
    assert good, out
    for dev in rpmb.devices:
        name = dev if ':' in dev else dev + ':'
        line = next(l for l in out.splitlines() if f'  {name}' in l)
        assert re.search(r' [KM]iB  .*key.*  id \w+', line)


def test_rpmb_dev(rpmb):
    """A device is current once it was chosen, by name or by index"""
    for dev in rpmb.each():
        out = rpmb.ok('rpmb dev', f'{dev}.* is the current RPMB')
        line = next(l for l in rpmb.ok('rpmb list').splitlines()
                    if f'  {dev}' in l)
        rpmb.ok(f'rpmb dev {line.split()[0]}', re.escape(out.strip()))
        rpmb.fails('rpmb dev 99', "there is no device '99'")
        rpmb.fails('rpmb dev nosuch0', "there is no device 'nosuch0'")
        rpmb.fails('rpmb dev 0:4', "target '4' is not a hex number up to 0x3")
        rpmb.ok('rpmb dev', re.escape(out.strip()))


def test_rpmb_get_info(rpmb):
    """The facts of a device"""
    for dev in rpmb.each():
        out = rpmb.ok('rpmb get-info')
        assert re.search(r'device: ' + dev.split(':')[0] + r' \(\w+\)', out)
        assert re.search(r'size: .* blocks 0 to 0x[0-9a-f]+', out)
        assert re.search(r'write: .* per message', out)
        assert re.search(r'id: +\S+', out)
        assert re.search(r'board: +(open|closed)', out)


def test_rpmb_usage(rpmb):
    """Wrong usage prints what it should be, and no verb is guessed"""
    for cmd in ('', 'key', 'program-key', 'write-counter', 'write-blocks 1',
                'read-blocks 1 0 0', 'dump'):
        rpmb.fails(f'rpmb {cmd}', 'Usage:')
    for cmd in ('nosuch', 'prog -y 1'):
        rpmb.fails(f'rpmb {cmd}', 'there is no verb')


def test_rpmb_key(rpmb):
    """A key moves from memory into a slot; bad ones do not"""
    rpmb.add_key(KEYID, OTHER_KEY)
    rpmb.ok('rpmb key list', r'(?m)^0x1  ram')
    rpmb.ok(f'md.b {rpmb.ram:x} 20', r'( 00){16}')
    rpmb.fails(f'rpmb key add 3 {rpmb.ram:x}', 'blank, patterned or published')
    for pattern in (bytes(range(32)), b'AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH'):
        rpmb.put_key(pattern.hex())
        rpmb.fails(f'rpmb key add 3 {rpmb.ram:x}', 'blank, patterned or published')
        rpmb.ok(f'md.b {rpmb.ram:x} 20', r'( 00){16}')
    assert not re.search(r'(?m)^0x3 ', rpmb.ok('rpmb key list'))
    rpmb.fails(f'rpmb key add 0 {rpmb.ram:x}', 'key id 0x0 is no RAM slot')
    rpmb.fails(f'rpmb key add 3 {rpmb.ram:x} 1f', 'a key has 0x20 bytes, not 0x1f')
    rpmb.fails('rpmb key add 3 fffffffffffffff0',
               'there is no RAM|not a hex number')


def test_rpmb_program_key_asks(rpmb):
    """Programming is not done before the question has been answered"""
    rpmb.add_key(OTHER_KEYID, OTHER_KEY)
    for dev in rpmb.each():
        con = rpmb.con
        # nobody is asked about a device that could not be programmed
        if 'no key (hint)' not in rpmb.ok('rpmb get-info'):
            continue
        con.run_command(f'rpmb program-key {OTHER_KEYID}',
                        wait_for_prompt=False)
        con.wait_for('ONCE')
        con.wait_for('<y/N>')
        # What is typed before the question is thrown away
        time.sleep(0.2)
        out = con.run_command('n\r', wait_for_echo=False, send_nl=False)
        assert 'not programmed; device untouched' in out, dev


def test_rpmb_program_key(rpmb):
    """A key is programmed once; that it is there is proven"""
    if not rpmb.may_program:
        pytest.skip('program_key is not set in env__rpmb')
    before = None
    for dev in rpmb.each_with_key():
        if 'no key (hint)' in rpmb.ok('rpmb get-info'):
            rpmb.fails(f'rpmb write-counter {KEYID}', 'no key is programmed')
            if before:
                rpmb.add_key(OTHER_KEYID, rpmb.key(before))
                rpmb.fails(f'rpmb program-key -y {OTHER_KEYID}',
                           '(?s)another target answers to this key.*untouched')
                rpmb.add_key(OTHER_KEYID, OTHER_KEY)
            rpmb.ok(f'rpmb program-key -y {KEYID}',
                    f'key 0x{KEYID} programmed into {dev}')
        rpmb.ok('rpmb get-info', r'key programmed \(unverified\)')
        rpmb.fails(f'rpmb program-key -y {KEYID}', 'already holds this key')
        rpmb.fails(f'rpmb program-key -y {OTHER_KEYID}',
                   '(?s)holds another key.*untouched')
        rpmb.counter()
        before = dev


def test_rpmb_write_counter(rpmb):
    """The counter, verified and not"""
    for _ in rpmb.each_with_key():
        count = rpmb.counter()
        rpmb.ok('rpmb write-counter none',
                f'write counter: {count:#010x} UNVERIFIED')
        rpmb.fails(f'rpmb write-counter {OTHER_KEYID}',
                   '(?s)not signed with this key.*untouched')
        assert rpmb.con.run_command('echo "<$rpmb_counter>"') == '<>'


def test_rpmb_blocks(rpmb):
    """What is written is read back, verified and not; the counter rises"""
    if rpmb.block is None:
        pytest.skip('no block in env__rpmb')
    blk = rpmb.block
    saved, data, back = (rpmb.ram + i * 0x1000 for i in range(1, 4))
    for _ in rpmb.each_with_key():
        rpmb.ok(f'rpmb read-blocks {KEYID} {saved:x} {blk:x} {COUNT:x}')
        before = rpmb.counter()
        rpmb.fill(data, 0x40 + before)
        rpmb.ok(f'rpmb write-blocks {KEYID} {data:x} {blk:x} {COUNT:x}',
                '0x4 blocks written and proven')
        assert before < rpmb.counter() <= before + COUNT
        rpmb.fill(back, 0)
        rpmb.ok(f'rpmb read-blocks {KEYID} {back:x} {blk:x} {COUNT:x}')
        rpmb.same(data, back)
        rpmb.fill(back, 0)
        rpmb.ok(f'rpmb read-blocks none {back:x} {blk:x} {COUNT:x}',
                'UNVERIFIED')
        rpmb.same(data, back)
        # With another key nothing is written, and nothing handed out
        rpmb.fails(f'rpmb write-blocks {OTHER_KEYID} {saved:x} {blk:x} 1',
                   '(?s)not signed with this key.*untouched')
        rpmb.fails(f'rpmb read-blocks {OTHER_KEYID} {back:x} {blk:x} 1',
                   'not signed with this key')
        rpmb.ok(f'md.b {back:x} 10', '( 00){16}')
        rpmb.ok(f'rpmb write-blocks {KEYID} {saved:x} {blk:x} {COUNT:x}')
        rpmb.ok(f'rpmb read-blocks {KEYID} {back:x} {blk:x} {COUNT:x}')
        rpmb.same(saved, back)


def test_rpmb_bad_input(rpmb):
    """A clear message, an exit status, a device that was not touched"""
    ram = rpmb.ram
    for _ in rpmb.each_with_key():
        info = rpmb.ok('rpmb get-info')
        last = int(re.search(r'blocks 0 to 0x([0-9a-f]+)', info).group(1), 16)
        before = rpmb.counter()
        for verb in ('read-blocks', 'write-blocks'):
            for args, says in (
                    (f'{KEYID} {ram:x} 0 0', 'block count is 0'),
                    (f'{KEYID} {ram:x} {last + 1:x} 1', 'past the end'),
                    (f'{KEYID} {ram:x} {last:x} 2', 'past the end'),
                    (f'{KEYID} {ram:x} 0 ffffffff', 'past the end'),
                    (f'{KEYID} {ram:x} 0 1g', 'not a hex number'),
                    (f'{KEYID} {ram:x} -1 1', 'not a hex number'),
                    (f'{KEYID} {ram + 1:x} 0 1', 'not a multiple of 0x4'),
                    (f'{KEYID} fffffffffffffff0 0 1',
                     'there is no RAM|not a hex number'),
                    (f'3 {ram:x} 0 1', 'key slot is empty'),
                    (f'77 {ram:x} 0 1', 'no such key id'),
                    (f'1x {ram:x} 0 1', 'not a hex number')):
                out = rpmb.fails(f'rpmb {verb} {args}', says)
                assert 'untouched' in out, out
        rpmb.fails(f'rpmb write-blocks none {ram:x} 0 1', "'none' will not do")
        assert rpmb.counter() == before


def test_rpmb_selftest(rpmb):
    """The self test passes with the right key and with no other"""
    if rpmb.block is None:
        pytest.skip('no block in env__rpmb')
    if rpmb.con.config.buildconfig.get('config_rpmb_selftest') != 'y':
        pytest.skip('no self test in this build')
    for _ in rpmb.each_with_key():
        out = rpmb.ok(f'rpmb selftest {KEYID}', ' 0 failed')
        assert 'FAIL' not in out
        rpmb.fails(f'rpmb selftest {OTHER_KEYID}', 'FAIL')


@pytest.mark.buildconfigspec('cmd_rpmb_rollback')
def test_rpmb_rollback(rpmb):
    """An index goes up, and never down"""
    if not rpmb.rollback or not rpmb.key(rpmb.rollback):
        pytest.skip('no rollback device in env__rpmb')
    loc = '11b'
    rpmb.add_key(KEYID, rpmb.key(rpmb.rollback))
    if rpmb.run(f'rpmb rollback get {loc}')[1]:
        index = int(rpmb.con.run_command('echo $rpmb_index'), 16) + 1
    else:
        index = 1
    rpmb.ok(f'rpmb rollback advance {loc} {index:x}')
    rpmb.ok(f'rpmb rollback get {loc}', f': {index:#x}\\s')
    rpmb.ok(f'rpmb rollback advance {loc} {index:x}')
    rpmb.ok(f'rpmb rollback check {loc} {index + 1:x}', 'may be booted')
    rpmb.fails(f'rpmb rollback check {loc} {index - 1:x}', 'REFUSED')
    rpmb.fails(f'rpmb rollback advance {loc} {index - 1:x}', 'error -33')
    rpmb.ok(f'rpmb rollback get {loc}', f': {index:#x}\\s')
    rpmb.fails('rpmb rollback get 11c', '.')
    rpmb.fails(f'rpmb rollback advance {loc} ffffffffffffffff', 'hex number')
