# SPDX-License-Identifier: BSD-2-Clause
"""hostfwd_test.py - the ports that make run chooses: wanted, or the next."""
import pathlib
import re
import socket
import subprocess
import sys
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "mk/hostfwd.py"


def choose():
    """Run the script: ({(kind, guest port): host port}, what it said)."""
    done = subprocess.run([sys.executable, str(SCRIPT)], check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    found = re.findall(r"hostfwd=(\w+):127\.0\.0\.1:(\d+)-:(\d+)", done.stdout)
    return {(k, int(g)): int(h) for k, h, g in found}, done.stderr


class HostForward(unittest.TestCase):
    """Ports of this host for the guest's services."""

    def test_one_port_for_both_echoes(self):
        """TCP and UDP echo share a number; each service is there once."""
        ports, said = choose()
        self.assertEqual(sorted(ports), [("tcp", 7), ("tcp", 9), ("tcp", 19),
                                         ("udp", 7)])
        self.assertEqual(ports["tcp", 7], ports["udp", 7])
        self.assertIn(f"echo tcp+udp {ports['tcp', 7]}", said)

    def test_a_port_in_use_is_left_out(self):
        """Where somebody listens, another port is taken, and this is said."""
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            before, _ = choose()
            with socket.socket(socket.AF_INET, kind) as other:
                other.bind(("127.0.0.1", before["udp", 7]))
                if kind == socket.SOCK_STREAM:
                    other.listen()
                after, said = choose()
            self.assertGreater(after["udp", 7], before["udp", 7])
            self.assertIn("is in use", said)


if __name__ == "__main__":
    unittest.main()
