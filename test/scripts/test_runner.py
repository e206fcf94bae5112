# SPDX-License-Identifier: GPL-2.0-or-later
"""The runner of the suites hides no failure, however a suite or a stream ends"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

import console
import host

SUITE = 'runner'


class Runner:
    """A runner with suites that are made up"""

    def __init__(self):
        self.log = ''
        self.suites = {'good': 'echo ok good 1; echo ok good 2',
                       'other': 'echo ok other'}
        self.last = {}
        os.makedirs('scripts')
        os.makedirs('test')
        for name in 'test', 'common.sh':
            shutil.copy(host.script(name), 'scripts')

    def start(self, *names, **env):
        """Start it. Return: its process"""
        lines = [f'{name}\t{command}' for name, commands in self.suites.items()
                 for command in commands.split('\n')]
        lines += ['--'] + [f'{name}\t{command}'
                           for name, command in self.last.items()]
        host.write('test/suites', '\n'.join(lines) + '\n')
        return subprocess.Popen(
            ['scripts/test', *names], text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={**os.environ, 'STREAMS': '2', **env})

    def gives(self, status, last, *names, says=(), **env):
        """It ends like this, with this in the last line; lines that it says"""
        with self.start(*names, **env) as process:
            self.log = process.communicate(timeout=60)[0]
        host.show(self.log)
        assert process.returncode == status
        lines = self.log.splitlines()
        assert lines[-1] == last
        for line in [says] if isinstance(says, str) else says:
            assert line in lines

    def says(self, pattern):
        """It has said this"""
        assert re.search(pattern, self.log, re.MULTILINE)


@pytest.fixture
def runner(work):   # pylint: disable=unused-argument
    """A runner and its suites, in a folder of their own"""
    return Runner()


def test_counts_tests(runner):
    """Of all suites"""
    runner.gives(0, '3 passed, 0 failed', says='ok good 2')


def test_runs_what_is_named(runner):
    """And nothing else; what it does not know is an error"""
    runner.gives(0, '1 passed, 0 failed', 'other')
    assert 'good' not in runner.log
    runner.gives(1, 'test: no such suite among: other nonsense', 'other',
                 'nonsense')


def test_runs_all_lines_of_a_suite(runner):
    """One after the other, also behind one that failed"""
    runner.suites['good'] = 'echo ok good 1; exit 3\necho ok good 2'
    runner.gives(1, '3 passed, 1 failed')
    runner.says(r'^not ok good \(exit status 3')


def test_line_without_a_test_is_a_failure(runner):
    """Other lines of the suite do not make up for it"""
    runner.suites['good'] = 'echo ok good 1\ntrue'
    runner.gives(1, '2 passed, 1 failed')
    runner.says(r'^not ok good \(exit status 0, 0 tests ran\): true$')


def test_failed_test_is_shown(runner):
    """And what was said before it"""
    runner.suites['bad'] = 'echo ok bad 1; echo why; echo not ok bad 2'
    runner.gives(1, '4 passed, 1 failed', says='not ok bad 2')
    runner.says(r'\| why$')


def test_status_without_failed_test_is_a_failure(runner):
    """Whatever went wrong, nobody saw a test fail"""
    runner.suites['bad'] = 'echo ok bad 1; exit 3'
    runner.gives(1, '4 passed, 1 failed')
    runner.says(r'^not ok bad \(exit status 3')


def test_skipped_tests_are_counted_and_shown(runner):
    """A suite may consist of nothing else"""
    runner.suites['less'] = 'echo ok less 1; echo skip less 2: no tree'
    runner.gives(0, '4 passed, 0 failed, 1 skipped',
                 says='skip less 2: no tree')
    runner.suites['less'] = 'echo skip less 1; echo skip less 2'
    runner.gives(0, '3 passed, 0 failed, 2 skipped')


@pytest.mark.parametrize('end', ('exit 3', 'echo not ok less 2'))
def test_skipping_hides_no_failure(runner, end):
    """Neither a failed test nor a status"""
    runner.suites['less'] = f'echo skip less 1; {end}'
    runner.gives(1, '3 passed, 1 failed, 1 skipped')


def test_no_test_is_a_failure(runner):
    """Nothing went wrong, and nothing was tried"""
    runner.suites['none'] = 'echo nothing'
    runner.gives(1, '3 passed, 1 failed')
    runner.says('^not ok none .*0 tests')


def test_killed_stream_is_a_failure(runner):
    """Of the suite that it ran, and of those that nobody ran then"""
    runner.suites = {'good': runner.suites['good'],
                     'kills': 'echo ok kills; kill -KILL $PPID',
                     'other': runner.suites['other']}
    runner.gives(1, '3 passed, 1 failed')
    runner.says('^not ok kills did not')
    runner.gives(1, '2 passed, 2 failed', STREAMS='1')
    runner.says('^not ok other did not')


def test_suites_run_side_by_side(runner):
    """Each waits for the other: in one stream they would not end"""
    os.mkfifo('fifo')
    runner.suites = {'good': 'echo met >fifo; echo ok good',
                     'other': 'read -r line <fifo; echo ok other'}
    runner.gives(0, '2 passed, 0 failed')


def test_last_ones_come_when_all_have_ended(runner):
    """They look at what the others left"""
    runner.suites['good'] = 'sleep 1; echo ok good; touch ended'
    runner.last['warnings'] = '[ -f ended ] && echo ok warnings'
    runner.gives(0, '3 passed, 0 failed')


def test_what_a_suite_says_stays_together(runner):
    """Also when two of them have much to say at the same time"""
    for name in runner.suites:
        runner.suites[name] = ('for i in 1 2 3 4 5 6 7 8 9; do '
                               f'echo ok {name} $i; sleep 0.1; done')
    runner.gives(0, '18 passed, 0 failed')
    order = [line.split()[1] for line in runner.log.splitlines()
             if line.startswith('ok ')]
    assert len([1 for one, two in zip(order, order[1:]) if one != two]) == 1


def alive(pid):
    """Does it run? Nobody may have waited yet for one that has ended"""
    try:
        return bool(re.search(rb'^State:\s*[RSDTt] ',
                              host.read(f'/proc/{pid}/status'), re.MULTILINE))
    except FileNotFoundError:
        return False


def until(condition):
    """Wait for something that is about to happen"""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_stopped_runner_leaves_nothing_running(runner):
    """Whatever a suite has started ends as well"""
    runner.suites['long'] = 'sleep 300 & echo $! >pid; wait'
    with runner.start() as process:
        until(lambda: os.path.exists('pid') and host.read('pid').strip())
        pid = int(host.read('pid'))
        assert alive(pid)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode
    until(lambda: not alive(pid))


def test_pytest_reports_each_test(runner):
    """What passes, fails, is skipped, breaks off at its start or its end"""
    os.makedirs('test/some')
    shutil.copy(os.path.join(host.TOP, 'test', 'conftest.py'), 'test')
    shutil.copy(os.path.join(host.TOP, 'pytest.ini'), '.')
    host.write('test/some/test_it.py', '''
import pytest
SUITE = 'some'
def test_good(): pass
@pytest.mark.parametrize('what', ('word', 'two words'))
def test_one(what): pass
def test_bad(): assert 1 == 2, 'the reason'
def test_less(): pytest.skip('no tree')
@pytest.fixture
def no_start(): raise OSError('no start')
def test_no_start(no_start): pass
@pytest.fixture
def no_end():
    yield
    raise OSError('no end')
def test_no_end(no_end): pass
''')
    runner.suites = {'it': 'pytest test/some/test_it.py'}
    runner.gives(1, '3 passed, 3 failed, 1 skipped', says=(
        'ok some good', 'ok some one_word', 'ok some one: two words',
        'not ok some bad', 'skip some less: no tree', 'not ok some no_start',
        'not ok some no_end'))
    runner.says('the reason')


@pytest.mark.parametrize('text', ('import nothing_of_this_name\n', ''),
                         ids=('unreadable', 'empty'))
def test_pytest_without_a_test_is_a_failure(runner, text):
    """A module that cannot be read, or has none"""
    os.makedirs('test/some')
    shutil.copy(os.path.join(host.TOP, 'test', 'conftest.py'), 'test')
    shutil.copy(os.path.join(host.TOP, 'pytest.ini'), '.')
    host.write('test/some/test_it.py', text)
    runner.suites['it'] = 'pytest test/some/test_it.py'
    runner.gives(1, '3 passed, 1 failed')
    runner.says('^not ok it \\(exit status' if not text else
                '^not ok .* cannot be collected$')


def is_alive(pid):
    """Return: does this process run?"""
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8') as file:
            return file.read().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


PROMPT = r"""printf '=> '; while read -r -d $'\r' line; do
    case $line in echo*) answer=status:0;; *) answer=done;; esac
    printf '%s\n%s\n=> ' "$line" $answer; done"""


def is_stopped(pid, within):
    """Return: is this process stopped, within so many seconds?"""
    until = time.monotonic() + within
    while time.monotonic() < until:
        with open(f'/proc/{pid}/stat', encoding='utf-8') as file:
            if file.read().rpartition(')')[2].split()[0] == 'T':
                return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize('rests, within', ((True, 10), (False, 0.2)))
def test_machine_at_its_prompt_is_stopped(rests, within):
    """It takes no processor, and answers what is typed; it ends as it should"""
    with console.Console(['bash', '-c', PROMPT], rests=rests) as board:
        assert is_stopped(board.proc.pid, within) == rests
        assert board.run('do it') == ('done\n', 0)
        assert is_stopped(board.proc.pid, within) == rests
    assert board.proc.returncode == -signal.SIGTERM


# The only process that there is: what is stopped is what would take a processor
BUSY = r"""printf '=> '; read -r -d $'\r' line; until=$((${EPOCHREALTIME/./} + 1500000))
    while [ ${EPOCHREALTIME/./} -lt $until ]; do :; done; printf 'late\n=> '
    read -r -d $'\r' line; printf 'status:0\n=> '; read -r line"""


@pytest.mark.parametrize('dozes', (False, True))
def test_machine_that_waits_can_doze(dozes):
    """It takes little of a processor, its clock goes on, and what it says is heard"""
    with console.Console(['bash', '-c', BUSY], rests=True) as board:
        if dozes:
            board.doze()
        begun = time.monotonic()
        board.run('wait')
        assert time.monotonic() - begun < 3
        with open(f'/proc/{board.proc.pid}/stat', encoding='utf-8') as file:
            times = file.read().rpartition(')')[2].split()[11:13]
    took = sum(map(int, times)) / os.sysconf('SC_CLK_TCK')
    assert (took < 0.6) == dozes


@pytest.mark.parametrize('dozes', (False, True))
def test_machine_that_never_stops_talking_is_given_up(dozes):
    """Its time is up though there is always something to read"""
    with console.Console(['bash', '-c', "printf '=> '; read -r -d $'\\r' line;"
                          'while :; do echo; done'],
                         rests=True, timeout=2) as board:
        if dozes:
            board.doze()
        begun = time.monotonic()
        with pytest.raises(console.ConsoleError, match='no answer within 2 s'):
            board.run('talk')
        assert time.monotonic() - begun < 4


def test_machine_that_is_not_to_be_stopped_does_not_doze():
    """It says so"""
    with console.Console(['bash', '-c', PROMPT]) as board:
        with pytest.raises(console.ConsoleError, match='not to be stopped'):
            board.doze()


@pytest.mark.parametrize('sig', (signal.SIGTERM, signal.SIGKILL))
def test_machines_end_with_tests(work, sig):    # pylint: disable=unused-argument
    """Whoever drives a console is killed: what he has started does not stay"""
    with subprocess.Popen(
            [sys.executable, '-B', '-c', 'import signal, console\n'
             'b = console.Console(["sh", "-c", "echo $$; printf \'=> \'; "\n'
             '                     "exec sleep 1000"])\n'
             'print(b.banner.strip(), flush=True)\n'
             'signal.pause()'], text=True, stdout=subprocess.PIPE,
            env={**os.environ,
                 'PYTHONPATH': os.path.join(host.TOP, 'scripts')}) as driver:
        pid = int(driver.stdout.readline())
        assert is_alive(pid)
        driver.send_signal(sig)
    until = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(pid)
