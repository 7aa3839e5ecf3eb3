# SPDX-License-Identifier: BSD-2-Clause
"""test_serial_errors.py - bytes that a UART has received with an error.

No option of QEMU makes a framing, parity or overrun error: its PL011 never
overruns (the sender is held back) and knows no wire. So the machine is stopped,
its UART's FIFO filled, the machine saved as if to migrate, the error bits set
beside the bytes in the saved FIFO, and a second QEMU goes on from there: the
driver reads what a real UART would show.
"""
import struct
import time

from harness import demand, twins
from qmp import Qmp, socket_options
from test_serial import line_number, uart_name

# ARM DDI 0183G, 3.3.1 and 3.3.3: error bits of DR, FIFO full in FR.
FRAMING, PARITY, OVERRUN = 0x100, 0x200, 0x800
FLAGS, FULL = 0x09000018, 0x40
TYPED = b"AbCdEfGhIjKlMnOp"    # as many as the FIFO takes
MARKS = {1: FRAMING, 3: FRAMING, 5: PARITY, 7: PARITY, 9: PARITY, 11: OVERRUN}
LIMIT_S = 30


def until(what, ready):
    """Wait for QEMU, not for the guest: that stands still."""
    end = time.monotonic() + LIMIT_S
    while not ready():
        demand(time.monotonic() < end, f"QEMU: {what} takes too long")
        time.sleep(0.02)


def fifo_is_full(qmp):
    """Look at the UART's flags; reading them changes nothing."""
    line = qmp.run("human-monitor-command",
                   **{"command-line": f"xp /1wx {FLAGS}"})
    return int(line.split(":")[1], 16) & FULL


def fifo_marked(saved):
    """The saved machine with errors in its FIFO: a ring, 32 bits a place."""
    def words(first, marks):
        ring = [byte | marks.get(place, 0) for place, byte in enumerate(TYPED)]
        return struct.pack(">16I", *ring[first:], *ring[:first])
    found = [first for first in range(16) if words(first, {}) in saved]
    demand(len(found) == 1, f"{len(found)} FIFOs in the saved machine")
    return saved.replace(words(found[0], {}), words(found[0], MARKS))


def machine_saved(qmp, path):
    """The stopped machine's whole state."""
    qmp.run("migrate", uri=f"exec:cat > {path}")
    until("saving", lambda: qmp.run("query-migrate").get("status")
          in ("completed", "failed"))
    return path.read_bytes()


@twins
def test_serial_errors(t):
    """Errors are counted by kind; bytes that had one are not taken as typed."""
    path, state = t.folder / "qmp", t.folder / "state"
    with t.guest(extra=socket_options(path)) as guest, Qmp(path) as qmp:
        guest.boot()
        number = line_number(guest, uart_name(t))
        guest.demand(f"serial stats {number}",
                     "lost: 0 overruns; errors: 0 framing, 0 parity;")
        qmp.run("stop")
        guest.send(TYPED.decode())
        until("filling the FIFO", lambda: fifo_is_full(qmp))
        state.write_bytes(fifo_marked(machine_saved(qmp, state)))
    good = "".join(chr(byte) for place, byte in enumerate(TYPED)
                   if MARKS.get(place, OVERRUN) == OVERRUN)
    incoming = ("-incoming", f"exec:cat {state}")
    path = t.folder / "again"
    with t.guest(extra=(*incoming, *socket_options(path))) as guest, \
            Qmp(path) as qmp:
        until("loading", lambda: qmp.run("query-status")["status"] == "paused")
        qmp.run("cont")
        guest.send("\r")
        guest.expect(f'no command "{good}"')
        guest.expect("^kaal> ")
        guest.demand(f"serial stats {number}",
                     "lost: 1 overruns; errors: 2 framing, 3 parity; 0 breaks$")
        guest.finish()
