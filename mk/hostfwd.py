#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""hostfwd.py - QEMU's user network for make run, with ports of this host.

usage: hostfwd.py
Prints the value of -netdev, with the guest's services on 127.0.0.1 at these
ports, or at others where one is in use; tells people on stderr which.
"""
import socket
import sys

# What, kinds of socket, port of the guest, port of the host if it is free.
SERVICES = (("echo", ("tcp", "udp"), 7, 7007),
            ("discard", ("tcp",), 9, 7009),
            ("source", ("tcp",), 19, 7019))
KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def is_free(port, kinds):
    """Can QEMU bind this port for each of the kinds?"""
    for kind in kinds:
        with socket.socket(socket.AF_INET, KINDS[kind]) as probe:
            # As QEMU does: a connection that lingers is in nobody's way.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def choose(wanted, kinds):
    """The wanted port, or the next one that is free."""
    for port in range(wanted, 65536):
        if is_free(port, kinds):
            return port
    sys.exit(f"hostfwd: no free port from {wanted} on")


def main():
    """Choose the ports and print them."""
    value = ["user", "id=net0"]
    said = []
    for name, kinds, guest, wanted in SERVICES:
        port = choose(wanted, kinds)
        value += [f"hostfwd={kind}:127.0.0.1:{port}-:{guest}"
                  for kind in kinds]
        said.append(f"{name} {'+'.join(kinds)} {port}"
                    + (f" ({wanted} is in use)" if port != wanted else ""))
    print("the guest's network services on 127.0.0.1: " + ", ".join(said),
          file=sys.stderr)
    print(",".join(value))


if __name__ == "__main__":
    main()
