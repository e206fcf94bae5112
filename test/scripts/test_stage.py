# SPDX-License-Identifier: GPL-2.0-or-later
"""stage.sh keeps its promises, on a tree that has only what hooks touch"""

import glob
import hashlib
import os
import re
import shutil
import subprocess

import pytest

import host

SUITE = 'stage'

HOOKED = 'include/dm/uclass-id.h'
RATCHET = 'boot/bootm_os.c'
SPL = 'board/emulation/common/Makefile'     # no other hook builds on this one
OVERLAY = ('arch', 'board', 'cmd', 'configs', 'drivers', 'include', 'lib',
           'patches', 'scripts', 'test')
HOOK = '''{why}

diff --git a/{file} b/{file}
--- a/{file}
+++ b/{file}
@@ -1 +1,2 @@
 # {word}
+# hook on {word}
'''


def edit(path, old, new):
    """Change a file where a pattern is, which must be there"""
    text = host.read(path).decode()
    changed = re.sub(old, new, text, flags=re.MULTILINE)
    assert changed != text, f'{old} is not in {path}'
    host.write(path, changed)


class Stage:
    """An overlay of its own, and a tree to lay it on"""

    def __init__(self):
        self.said = ''
        os.mkdir('an overlay')
        for name in OVERLAY:
            if os.path.isdir(os.path.join(host.TOP, name)):
                shutil.copytree(os.path.join(host.TOP, name),
                                os.path.join('an overlay', name), symlinks=True)
        self.bare_tree()

    @staticmethod
    def bare_tree():
        """A U-Boot tree without the overlay: the files that its hooks touch"""
        hooks = sorted(glob.glob(os.path.join(
            host.UBOOT, '.rpmb-overlay', 'hooks', '*.patch')))
        assert hooks
        touched = {name for hook in hooks for name in re.findall(
            r'^\+\+\+ b/([^\t\n]*)', host.read(hook).decode(), re.MULTILINE)}
        # what says that a hook is not needed is there as well
        facts = {match[1] for hook in glob.glob(
            os.path.join(host.TOP, 'patches', '**', '*.patch'), recursive=True)
                 if (match := re.search(r'^Not-where: (.*?): ',
                                        host.read(hook).decode(), re.MULTILINE))}
        for name in {'Makefile'} | touched | facts:
            path = os.path.join('a tree', name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            shutil.copy(os.path.join(host.UBOOT, name), path)
        for hook in reversed(hooks):
            host.run('patch', '-d', 'a tree', '-p1', '-R', '-s',
                     '--no-backup-if-mismatch', '-i', hook)

    def run(self):
        """Stage. Return: the exit status"""
        done = subprocess.run(['an overlay/scripts/stage.sh', 'a tree'], text=True,
                              stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.STDOUT)
        self.said = done.stdout
        print(self.said)
        return done.returncode

    def stages(self):
        """It must succeed"""
        assert self.run() == 0

    def refuses(self, why):
        """It must be refused with this in the message, the tree not touched"""
        before = self.state()
        assert self.run() != 0
        assert re.search(why, self.said)
        assert self.state() == before

    @staticmethod
    def state(own=True):
        """Return: contents and time of each file, with our own notes or not"""
        return {path: (hashlib.sha256(host.read(path)).digest(),
                       os.stat(path).st_mtime_ns)
                for path in glob.glob('a tree/**', recursive=True,
                                      include_hidden=True)
                if os.path.isfile(path) and (own or '.rpmb-overlay' not in path)}


@pytest.fixture
def stage(work):    # pylint: disable=unused-argument
    """An overlay and a tree, in a folder of their own"""
    return Stage()


def new_hook(name, word, why='For a test', file='Makefile'):
    """A hook of a test's own, on a word"""
    path = os.path.join('an overlay', 'patches', name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    host.write(path, HOOK.format(why=why, word=word, file=file))


def two_variants():
    """A hook that is another one in each of two releases"""
    new_hook('1.0/9000-test.patch', 'old')
    new_hook('2.0/9000-test.patch', 'new')


def append(path, text):
    """Write behind the end of a file, which may be new"""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'a', encoding='utf-8') as file:
        file.write(text)


def has(path, pattern):
    """Return: how often a file of the tree has this"""
    return len(re.findall(pattern, host.read(os.path.join('a tree', path))
                          .decode(), re.MULTILINE))


def same(name):
    """Is this file the same in overlay and tree?"""
    return host.read(f'an overlay/{name}') == host.read(f'a tree/{name}')


def test_lays_overlay_and_hooks(stage):
    """Files and hooks are there, and nothing of patch's"""
    stage.stages()
    assert same('include/rpmb.h') and has(HOOKED, 'UCLASS_RPMB')
    assert not [path for path in stage.state()
                if path.endswith(('.orig', '.rej'))]


def test_second_run_writes_nothing(stage):
    """Nothing is built again for it"""
    stage.stages()
    before = stage.state(own=False)
    stage.stages()
    assert stage.state(own=False) == before


def test_writes_only_what_changed(stage):
    """One file of the overlay, one file of the tree"""
    stage.stages()
    before = stage.state(own=False)
    append('an overlay/include/rpmb.h', '/* changed */\n')
    stage.stages()
    after = stage.state(own=False)
    assert [path for path, is_now in after.items()
            if before.get(path) != is_now] == ['a tree/include/rpmb.h']
    assert after.keys() == before.keys() and same('include/rpmb.h')


def test_removes_what_was_dropped(stage):
    """A file that the overlay has no more"""
    stage.stages()
    os.unlink('an overlay/include/rpmb/mac.h')
    stage.stages()
    assert not os.path.exists('a tree/include/rpmb/mac.h')
    assert os.path.exists('a tree/include/rpmb.h')


def test_follows_a_changed_hook(stage):
    """In the place of what it was"""
    stage.stages()
    hook, = glob.glob('an overlay/patches/0001-*.patch')
    edit(hook, r'Replay Protected Memory Block \*', r'\g<0> changed *')
    stage.stages()
    assert has(HOOKED, 'UCLASS_RPMB,') == has(HOOKED, 'UCLASS_RPMB_KEY,') == 1
    assert has(HOOKED, 'UCLASS_RPMB,.* changed')


def test_takes_off_a_dropped_hook(stage):
    """And leaves the others"""
    stage.stages()
    assert has(SPL, 'rpmb-qemu-spl.o')
    os.unlink('an overlay/patches/0019-qemu-spl.patch')
    stage.stages()
    assert not has(SPL, 'rpmb-qemu-spl.o') and has(HOOKED, 'UCLASS_RPMB,')


def test_refuses_a_hook_that_does_not_apply(stage):
    """The hunk is shown"""
    edit(f'a tree/{HOOKED}', 'UCLASS_RNG,', 'UCLASS_OTHER,')
    stage.refuses('UCLASS_RPMB')


def test_refuses_when_only_the_second_does_not_apply(stage):
    """The first is taken off again"""
    edit(f'a tree/{RATCHET}', r'board_preboot_os\(\);', 'other();')
    stage.refuses('0002-.* does not apply')
    assert not has(HOOKED, 'UCLASS_RPMB')


def test_refuses_a_broken_tree_that_was_staged(stage):
    """The hooks of before stay as they are"""
    stage.stages()
    edit(f'a tree/{HOOKED}', 'UCLASS_RNG,', 'UCLASS_OTHER,')
    stage.refuses('UCLASS_RPMB')


def test_refuses_to_overwrite_a_file_of_uboot(stage):
    """One of our name that we have not put there"""
    append('a tree/cmd/rpmb.c', 'theirs\n')
    stage.refuses('cmd/rpmb.c')


def test_refuses_what_is_no_uboot_tree(stage):
    """Without a Makefile"""
    os.unlink('a tree/Makefile')
    stage.refuses('not a U-Boot')


def test_takes_the_hook_that_applies(stage):
    """Of two variants, once"""
    two_variants()
    append('a tree/Makefile', '# new\n')
    for _ in range(2):
        stage.stages()
        assert has('Makefile', '^# hook on new') == 1
        assert has('Makefile', '^# hook on') == 1


def test_changes_with_the_tree(stage):
    """Which is of the other release now"""
    two_variants()
    append('a tree/Makefile', '# old\n')
    stage.stages()
    assert has('Makefile', '^# hook on old')
    edit('a tree/Makefile', '^# old\n# hook on old$', '# new')
    stage.stages()
    assert has('Makefile', '^# hook on new')


def test_refuses_when_no_variant_applies(stage):
    """A tree of a third release"""
    two_variants()
    stage.refuses('9000-test.patch does not apply')


FIXED = 'Not-where: cmd/fixed.c: it is [fixed]'


def test_leaves_out_what_the_tree_has(stage):
    """A fix that is in the release already, and it says so"""
    new_hook('9000-test.patch', 'old', FIXED)
    append('a tree/Makefile', '# old\n')
    append('a tree/cmd/fixed.c', '/* it is [fixed] */\n')
    stage.stages()
    assert '9000-test.patch is not needed, cmd/fixed.c has' in stage.said
    assert not has('Makefile', '^# hook on')


def test_leaves_lines_that_the_tree_has_by_itself(stage):
    """They are the release's, though they look like those of a hook"""
    new_hook('9000-test.patch', 'old', FIXED)
    append('a tree/Makefile', '# old\n# hook on old\n')
    append('a tree/cmd/fixed.c', '/* it is [fixed] */\n')
    for _ in range(2):
        stage.stages()
        assert has('Makefile', '^# hook on old') == 1


def test_takes_off_a_hook_as_a_whole(stage):
    """A tree that has some of its lines by itself, and no others, keeps them"""
    new_hook('9000-test.patch', 'old', FIXED)
    append('an overlay/patches/9000-test.patch', HOOK.format(
        why='', word='other', file='common/other').lstrip())
    append('a tree/Makefile', '# old\n# hook on old\n')
    append('a tree/common/other', '# other\n')
    stage.refuses('9000-test.patch does not apply')


def test_finds_hooks_that_nobody_remembers(stage):
    """A tree that somebody staged, and lost our notes of"""
    stage.stages()
    shutil.rmtree('a tree/.rpmb-overlay')
    stage.stages()
    assert has(HOOKED, 'UCLASS_RPMB,') == 1


def test_failure_is_no_reason_to_leave_out(stage):
    """Only that the tree has it is one"""
    new_hook('9000-test.patch', 'old', FIXED)
    stage.refuses('9000-test.patch does not apply')
    append('a tree/Makefile', '# old\n')
    stage.stages()
    assert has('Makefile', '^# hook on old')


def test_follows_a_file_that_moved(stage):
    """Its old place is as good as its new one"""
    new, old = 'common/Makefile.new', 'common/Makefile.old'
    new_hook('9000-test.patch', 'old', file=new)
    append('an overlay/patches/moved', f'{new} {old}\n')
    append(f'a tree/{old}', '# old\n')
    stage.stages()
    assert has(old, '^# hook on')
    os.rename(f'a tree/{old}', f'a tree/{new}')
    edit(f'a tree/{new}', '^# hook on.*\n', '')
    stage.stages()
    assert has(new, '^# hook on')
