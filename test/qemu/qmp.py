# SPDX-License-Identifier: GPL-2.0-or-later
"""Talk to a QEMU over QMP"""

import json


class QmpError(OSError):
    """QEMU refused a command"""


class Monitor:
    """QEMU's end of a socket that is connected to it"""

    def __init__(self, sock):
        self.file = sock.makefile('rw')
        self.events = []
        self._receive()     # the greeting
        self.execute('qmp_capabilities')

    def _receive(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError('QEMU went away')
        return json.loads(line)

    def execute(self, command, **arguments):
        """Execute a command. Return: what it returned"""
        self.file.write(json.dumps({'execute': command,
                                    'arguments': arguments}) + '\n')
        self.file.flush()
        while True:
            answer = self._receive()
            if 'error' in answer:
                raise QmpError(f"{command}: {answer['error']['desc']}")
            if 'return' in answer:
                return answer['return']
            self.events.append(answer['event'])

    def wait_for(self, event):
        """Wait until an event has happened"""
        while event not in self.events:
            self.events.append(self._receive().get('event'))

    def close(self):
        """Hang up"""
        self.file.close()
