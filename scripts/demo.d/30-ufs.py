# SPDX-License-Identifier: GPL-2.0-or-later
"""a UFS RPMB with two regions, each an RPMB of its own

QEMU's own UFS has none. A process of ours behind vfio-user plays host
controller and device: test/model.
"""

from story import (BACK, KEY, OUT, data_story, key_story, load_key,
                   refusal_story, story_key)


def region_story(t):
    """The second region knows nothing of the first"""
    t.step('Region 1 is another RPMB: no key yet, though region 0 has one')
    t.run('rpmb dev ufs0:1')
    t.refused('rpmb write-counter none', says='no .*key')

    t.step("Region 0's key is refused here: what one signs, the other "
           'would take')
    t.refused('rpmb program-key -y 1', says='another target')
    t.refused('rpmb write-counter none', says='no .*key')

    t.step('It gets a key of its own')
    load_key(t, 3, story_key('ufs0:1'))
    t.run('rpmb program-key -y 3')
    t.run('rpmb write-counter 3', says='0x0*0$')

    t.step("Region 0's key opens nothing here")
    t.refused('rpmb write-counter 1', says='not signed')
    t.refused(f'rpmb read-blocks 1 {BACK:x} 0 1', says='not signed')

    t.step('Sixteen blocks, written and read in one message each')
    t.run(f'mw.l {OUT:x} 36313631 400')
    t.run(f'rpmb write-blocks 3 {OUT:x} 0 10')
    t.run('rpmb write-counter 3', says='0x0*1$')
    t.run(f'rpmb read-blocks 3 {BACK:x} 0 10')
    t.run(f'cmp.b {OUT:x} {BACK:x} 1000', says='were the same')

    t.step("Region 0's blocks are as they were")
    t.run('rpmb dev ufs0:0')
    t.run(f'rpmb read-blocks 1 {BACK:x} 0 1')
    t.run(f'md.b {BACK:x} 4', says='42 4d 50 52')


def disk_story(t):
    """The disk behind the same controller is left alone"""
    t.step('The disk behind the same controller works as before')
    t.run('scsi scan', says='Hard Disk')
    t.run(f'mw.l {KEY:x} 6b736964 400')
    t.run(f'scsi write {KEY:x} 0 1', says='1 blocks')
    t.run('rpmb write-counter 1')
    t.run(f'scsi read {BACK:x} 0 1', says='1 blocks')
    t.run(f'cmp.b {KEY:x} {BACK:x} 1000', says='were the same')


def tell(t):
    """Tell it all"""
    t.board('ufs')
    key_story(t, 'ufs0:0', 'ufs')
    data_story(t, 1, 'Both blocks went in one message, which counts once')
    refusal_story(t, 1)
    region_story(t)
    disk_story(t)
