# SPDX-License-Identifier: BSD-2-Clause
"""qmp.py - QEMU's machine protocol: keys, link state, power button from outside.

Give the machine `extra=socket_options(path)`, then use Qmp(path) while the
guest runs. Each command waits for its answer, within a time limit.
"""
import json
import socket
import time

LIMIT_S = 20


def socket_options(path):
    """QEMU options for a control socket."""
    return ("-qmp", f"unix:{path},server=on,wait=off")


class Qmp:
    """A connection to a running QEMU."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(LIMIT_S)
        until = time.monotonic() + LIMIT_S
        while True:
            try:
                self.socket.connect(str(path))
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)     # QEMU has not made the socket yet
        self.file = self.socket.makefile("rw")
        self.file.readline()         # the greeting
        self.run("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.file.close()
        self.socket.close()

    def run(self, command, **arguments):
        """Execute one command; return what it answers. Events are skipped."""
        self.file.write(json.dumps({"execute": command,
                                    "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            line = self.file.readline()
            if not line:
                raise OSError(f"QEMU ended during {command}")
            answer = json.loads(line)
            if "error" in answer:
                raise OSError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def keys(self, *events):
        """Press (True) and release keys: ("a", True), ("a", False), ..."""
        self.run("input-send-event", events=[
            {"type": "key", "data": {"down": down, "key": {
                "type": "qcode", "data": name}}} for name, down in events])

    def point(self, x, y):
        """Put a tablet's pen somewhere; 0..32767 each way."""
        self.run("input-send-event", events=[
            {"type": "abs", "data": {"axis": axis, "value": value}}
            for axis, value in (("x", x), ("y", y))])
