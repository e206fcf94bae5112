# SPDX-License-Identifier: GPL-2.0-or-later
"""Drive a U-Boot console that hangs on a process's standard input and output"""

import os
import re
import select
import signal
import subprocess
import time

PROMPT = b'=> '
# A process that dozes is stopped for so many seconds, then runs for so many. A device
# that is late on purpose is late by half a second, so it must not sleep longer
ASLEEP = 0.2
AWAKE = 0.03
READY = rb'(^|\n)' + PROMPT + rb'\Z'


class ConsoleError(Exception):
    """The console went silent or away"""


class Console:
    """A U-Boot prompt

    A command's exit status comes from a line that U-Boot prints after it, in
    a form that the echo of what we typed cannot have.

    rests: stop the process while nobody waits for it. A prompt asks for input in
    a loop, which takes an emulator a whole processor
    """

    def __init__(self, argv, env=None, timeout=60, ready=READY, rests=False):
        self.timeout = timeout
        self.rests = rests
        self.dozes = False
        self.received = b''
        self.matched = ''
        # An emulator whose console has gone runs on, and takes a processor: it
        # ends with us also if we are killed
        self.proc = subprocess.Popen(
            ['setpriv', '--pdeathsig', 'KILL', *argv],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={**os.environ, **(env or {})},
            start_new_session=True)
        try:
            self.banner = self._answer(re.compile(ready))
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        """End the process and all that it started"""
        if self.proc.poll() is None:
            os.killpg(self.proc.pid, signal.SIGTERM)
            os.killpg(self.proc.pid, signal.SIGCONT)
        try:
            self.proc.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.proc.pid, signal.SIGKILL)
            self.proc.wait()
        self.proc.stdin.close()
        self.proc.stdout.close()

    def _hears(self, fd, deadline):
        """Wait until something is printed. Return: whether it was, and in time"""
        while (left := deadline - time.monotonic()) > 0:
            if select.select([fd], [], [], AWAKE if self.dozes else left)[0]:
                return True
            if self.dozes:
                self._signal(signal.SIGSTOP)
                time.sleep(ASLEEP)
                self._signal(signal.SIGCONT)
        return False

    def _fill(self, deadline):
        fd = self.proc.stdout.fileno()
        if not self._hears(fd, deadline):
            raise ConsoleError(f'no answer within {self.timeout} s after:\n'
                               + self.received.decode(errors='replace'))
        data = os.read(fd, 4096)
        if not data:
            raise ConsoleError('the console went away after:\n'
                               + self.received.decode(errors='replace'))
        self.received += data.replace(b'\r', b'').replace(b'\0', b'')

    def _until(self, pattern):
        deadline = time.monotonic() + self.timeout
        while not (match := pattern.search(self.received)):
            self._fill(deadline)
        self.matched = match[0].decode(errors='replace')
        before = self.received[:match.start()]
        self.received = self.received[match.end():]
        return before.decode(errors='replace')

    def _signal(self, number):
        """Stop the process, or have it go on"""
        if self.rests and self.proc.poll() is None:
            os.kill(self.proc.pid, number)

    def _type(self, text):
        """Type something: the process has to run for it"""
        self._signal(signal.SIGCONT)
        self.proc.stdin.write(text)
        self.proc.stdin.flush()

    def rest(self):
        """Stop the process until something is typed"""
        if not self.rests:
            raise ConsoleError('this process is not to be stopped')
        self._signal(signal.SIGSTOP)

    def doze(self):
        """From now on stop the process most of the time, also while a command runs

        For commands that wait for a device: a driver asks for an answer in a loop,
        which takes an emulator a whole processor. Its clock goes on.
        """
        if not self.rests:
            raise ConsoleError('this process is not to be stopped')
        self.dozes = True

    def _answer(self, pattern):
        """Wait for the end of an answer. Return: what was printed before that"""
        text = self._until(pattern)
        self._signal(signal.SIGSTOP)
        return text

    def silent(self, typed, seconds):
        """Type something that nobody must answer

        Return: what was said all the same
        """
        self._type(typed)
        time.sleep(seconds)
        while select.select([self.proc.stdout], [], [], 0)[0]:
            data = os.read(self.proc.stdout.fileno(), 4096)
            if not data:
                raise ConsoleError('the console went away')
            self.received += data
        said, self.received = self.received, b''
        return said.decode(errors='replace')

    def send(self, command):
        """Type a command, and do not wait for what comes of it"""
        self._type(command.encode() + b'\r')

    def start(self, command, pattern):
        """Type a command that does not come back to the prompt

        It goes on, whatever it does after that: the process is not stopped.

        pattern: what it prints in the end, as bytes
        Return: what it printed before that
        """
        self.send(command)
        return self._until(re.compile(pattern))

    def interrupt(self):
        """Press Ctrl-C. Return: what is printed until the prompt is back"""
        self._type(b'\x03')
        return self._answer(re.compile(rb'(?<=\n)' + PROMPT + rb'\Z'))

    def run(self, command):
        """Run a command

        Return: what it printed, and its exit status
        """
        self.send(command)
        text = self._until(re.compile(rb'(?<=\n)' + PROMPT + rb'\Z'))
        self._type(b'echo status:$?\r')
        answer = self._answer(re.compile(rb'(?<=\n)' + PROMPT + rb'\Z'))
        status = re.search(r'^status:(\d+)$', answer, re.MULTILINE)
        if not status:
            raise ConsoleError(f'no exit status in:\n{answer}')
        # The first line is the echo of what was typed
        return text.partition('\n')[2], int(status.group(1))
