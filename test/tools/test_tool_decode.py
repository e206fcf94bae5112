# SPDX-License-Identifier: GPL-2.0-or-later
"""rpmb-tool decode: frames made by Python, and the keys that are not shown"""

import pytest

import host
from frames import LAYOUT, sign
from tool import CID, KEY, table

SUITE = 'tools'

OF_HUK = f'--huk huk --transport emmc --id {CID}'


def frame(kind, data=b'', counter=0, addr=0, count=0, result=0, nonce=b'',
          mac=b''):
    """Return: a frame"""
    return LAYOUT.pack(b'', mac, data, nonce, counter, addr, count, result,
                       kind)


def signed(*frames):
    """Return: the frames of a message that ends with a MAC over all of them"""
    return b''.join(frames[:-1]) + sign(frames[-1], KEY, frames[:-1])


def blocks(kind, *values, **fields):
    """Return: frames with a block of data each"""
    return [frame(kind, data=bytes([value]) * 256, **fields)
            for value in values]


GOOD = b''.join((
    frame(2, nonce=b'n' * 16), signed(frame(0x200, counter=7, nonce=b'n' * 16)),
    signed(*blocks(3, 1, 2, 3, counter=7, addr=0x20, count=3)), frame(5),
    signed(frame(0x300, counter=8, addr=0x20, result=0x80)),
    signed(*blocks(0x400, 1, 2)), frame(0x200, result=7),
    signed(frame(0x400, count=2, mac=b'leftover'), frame(0x400, count=2))))


@pytest.fixture(autouse=True)
def files(tool):
    """The frames, and the key of their MACs"""
    host.write('good', GOOD)
    host.write('key', KEY)
    return tool


def test_decode_frames(tool):
    """What is in them"""
    tool.gives(0, 'decode good', says=(
        'frame 0: read counter, request (0x0002)',
        'frame 1: read counter, reply (0x0200)', 'counter:  0x00000007',
        'address:  0x0020', 'blocks:   3', '0x0080, clean, counter expired',
        '6e6e6e6e6e6e6e6e', 'no key programmed', 'shown with --data'))
    tool.says_none_of('MAC')
    tool.gives(0, 'decode --data good', says='0303030303030303')


def test_decode_verifies(tool):
    """The MAC of each message, by its key or by what that is derived from"""
    tool.gives(0, 'decode --key key good', says=(
        'MAC of 3 frames: right', 'MAC of 2 frames: right',
        'MAC of 1 frame: right', 'not signed'))
    tool.says_none_of('WRONG')
    by_key = tool.out
    tool.gives(0, f'decode {OF_HUK} good')
    assert tool.out == by_key


def test_decode_finds_a_wrong_mac(tool):
    """The second of three blocks written, and another board's key"""
    data = bytearray(GOOD)
    data[512 * 3 + 300] ^= 1
    host.write('bad', bytes(data))
    tool.gives(1, 'decode --key key bad',
               says=('MAC of 3 frames: WRONG', 'MAC of 2 frames: right'))
    host.write('other', 'another secret of 32 bytes, same')
    tool.gives(1, f'decode {OF_HUK.replace("huk huk", "huk other")} good',
               says='WRONG')
    tool.says_none_of('right')


def lines(data):
    """Yield: address and bytes of each line of a dump"""
    for at in range(0, len(data), 16):
        yield at, data[at:at + 16]


def printable(data):
    """Return: bytes as a dump shows them"""
    return ''.join(chr(b) if 32 <= b < 127 else '.' for b in data)


def pairs(data):
    """Return: bytes in hex, two and two"""
    return ' '.join(data[i:i + 2].hex() for i in range(0, len(data), 2))


def test_decode_as_json(tool):
    """Messages, their frames and MACs; no key"""
    shown = tool.json(0, 'decode --key key --data good')
    assert [len(it['frames']) for it in shown] == [1, 1, 3, 1, 1, 2, 1, 2]
    assert [it.get('mac_right') for it in shown] == [
        None, True, True, None, True, True, None, True]
    first = shown[2]['frames'][0]
    assert (first['type'], first['counter'], first['address'], first['blocks'],
            first['data']) == ('0x3', '0x7', '0x20', 3, '01' * 256)
    assert shown[4]['frames'][0]['counter_expired']
    host.write('bad', GOOD[:512] + GOOD[512:1000] + b'x' + GOOD[1001:1024])
    assert tool.json(1, 'decode --key key bad')[1]['mac_right'] is False
    host.write('program', frame(1, mac=KEY))
    assert 'mac' not in tool.json(0, 'decode program')[0]['frames'][0]
    tool.says_none_of(KEY.hex()[:16])


TEXTS = {
    'plain': GOOD.hex(),
    'md': ''.join(f'{at:06x}: {data.hex(" ")}\n' for at, data in lines(GOOD)),
    'xxd': ''.join(f'{at:08x}: {pairs(data)}  {printable(data)}\n'
                   for at, data in lines(GOOD)),
}


@pytest.mark.parametrize('form', TEXTS)
def test_decode_hex_text(tool, form):
    """What U-Boot's md and xxd print says the same"""
    tool.gives(0, 'decode --key key --data good')
    binary = tool.out
    host.write('text', TEXTS[form])
    tool.gives(0, 'decode --key key --data text')
    assert tool.out == binary


def test_decode_standard_input(tool):
    """Frames that are piped in"""
    tool.gives(0, 'decode --key key --data good')
    binary = tool.out
    tool.gives(0, 'decode --key key --data -', given=GOOD)
    assert tool.out == binary


@pytest.mark.parametrize('name, kind', (('program', 1), ('flipped', 0x41)))
def test_decode_shows_no_key(tool, name, kind):
    """A frame that programs one, and one that looks nearly like it"""
    host.write(name, frame(kind, mac=KEY))
    tool.gives(0, f'decode --data {name}', says='there, not shown')
    tool.says_none_of(KEY.hex()[:16])
    tool.gives(0, f'decode --key key {name}')
    tool.says_none_of(KEY.hex()[32:48])


@table('args, says', [
    ('--key huk --huk huk good', '--key'), ('good good', 'too many'),
    ('--huk huk good', '--id'), ('--key huk16 good', '32 bytes'),
    ('missing', 'No such file'), ('batch.txt', 'not hex bytes'), ('part', '513 bytes'),
    ('empty', '0 bytes'),
])
def test_wrong_decode_usage(tool, args, says):
    """What is said of it"""
    host.write('part', GOOD[:513])
    host.write('empty', b'')
    tool.gives(2, f'decode {args}', says=says)
