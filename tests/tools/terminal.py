# SPDX-License-Identifier: BSD-2-Clause
"""terminal.py - a program that needs a terminal, driven by a script.

It runs on a pseudo terminal of a fixed size. A step waits for a text on the
screen, as a person would, and then types; what colours and frames the program
sends is left out of the comparison.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

CONTROL = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()][0-9A-B]|"
                     rb"\x1b[=>78]|[\x0e\x0f]")
ROWS, COLUMNS = 40, 120
STEP_S = 40.0    # for one step, also on a busy machine
QUIET_S = 0.5    # without output for so long, it waits for a key
RETYPE_S = 4.0   # a key without effect for so long was thrown away


class Terminal:
    """One program on its terminal; use `with`, which ends it."""

    def __init__(self, words, env):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(words[0], words, {**os.environ, **env, "TERM": "xterm"})
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)
        self.raw = b""

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)

    def read(self, seconds):
        """Take in what comes within the time; False at the program's end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # Linux's way to say that the other side is closed
            data = b""
        self.raw += data
        return bool(data)

    def screen(self):
        """Everything printed since the last step, as text."""
        return CONTROL.sub(b"", self.raw).decode("utf-8", "replace")

    def quiet(self):
        """Take in what comes until half a second brings nothing.

        Return: the end of the program was not yet seen.
        """
        while True:
            before = len(self.raw)
            if not self.read(QUIET_S):
                return False
            if len(self.raw) == before:
                return True

    def step(self, wanted, keys):
        """Wait for a text, then type. Return: was it seen in time?

        The keys are typed again while the screen stays as it is: programs of
        this kind throw away what comes in while they draw.
        """
        end = time.monotonic() + STEP_S
        while wanted not in self.screen():
            if time.monotonic() > end or not self.read(QUIET_S):
                return False
        while self.quiet() and time.monotonic() < end:
            before = len(self.raw)
            os.write(self.fd, keys)
            self.read(RETYPE_S)
            if len(self.raw) > before:
                self.raw = self.raw[before:]
                return True
        return False

    def leave(self, keys, question, answer):
        """Leave through a question: answer it where it stands on the screen,
        type keys where it does not, until the program ends.

        Return: the exit status, None if it did not come to an end.
        """
        end = time.monotonic() + STEP_S
        while self.quiet():
            if time.monotonic() > end:
                return None
            typed = answer if question in self.screen() else keys
            self.raw = b""
            os.write(self.fd, typed)
            self.read(RETYPE_S)
        status = os.waitpid(self.pid, 0)[1]
        self.pid = 0
        return os.waitstatus_to_exitcode(status)
