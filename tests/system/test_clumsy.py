# SPDX-License-Identifier: BSD-2-Clause
"""test_clumsy.py - commands typed wrong: each answer names what and what to do.

One table for each class: what is typed, and what must be in the answer. An
answer has one line, and no command may leave the shell waiting.
"""
from harness import demand
from test_input import KEYBOARD
from test_ip import Net, boot
from test_rng import rng

USAGE = "^usage: "
HUGE = "99999999999999999999"
NO_SUCH = "write it like {0}0 or 0; \"services\" shows what there is"


def type_all(guest, prefix, table):
    """Type each line; the answer must match and be one line."""
    frob = f'^no command "{prefix} frob": "help {prefix}"'
    if prefix == "rtc":              # a command itself
        frob = USAGE
    table += ((f"{prefix} frob", frob),)
    for line, answer in table:
        found = guest.demand(line, answer)
        demand("\n" not in found.string.strip(),
               f"`{line}` printed more than a line:\n{found.string}")


def naming(prefix, command):
    """Ways to miss the device of a command whose first word names it."""
    verb, _, rest = command.partition(" N")
    return tuple((f"{verb} {word}{rest}", answer) for word, answer in (
        ("7", f"^{prefix}7: no such service: \"services\""),
        ("-1", f'^no {prefix} "-1": {NO_SUCH.format(prefix)}'),
        (HUGE, f'^no {prefix} "{HUGE}": '),
        ("blk0", f'^no {prefix} "blk0": '),
    )) + ((verb, USAGE), (f"{verb} 0{rest} 1 2 3 4", USAGE))


def test_clumsy_serial(t):
    """Serial commands typed wrong."""
    with t.guest() as guest:
        guest.boot()
        for command in ("serial info N", "serial set N 9600",
                        "serial write N x", "serial break N"):
            type_all(guest, "serial", naming("serial", command))
        type_all(guest, "serial", (
            ("serial set 0", USAGE),
            ("serial set 0 fast", '^BAUD "fast" is not a number: write it'),
            ("serial set 0 0", "^BAUD is 0: it must be 1 to "),
            ("serial set 0 9600 8x1", "is written like 8n1"),
            ("serial break 0 0", "^MS is 0: it must be 1 to 1000"),
            ("serial break 0 1001", "^MS is 1001: it must be 1 to 1000"),
            ("serial read 0 0", "^BYTES is 0: it must be 1 to 4096"),
            ("serial sum 0 0", "^BYTES is 0: it must be 1 to "),
            ("serial read 0", "refused: another program has it"),
            ("serial info", "^usage: serial info N - settings"),
            ("serial list 0", "^usage: serial list - serial lines"),
            ("console sum -1", '^BYTES "-1" is not a number'),
        ))
        guest.finish()


def test_clumsy_stubs(t):
    """`dde stubs` of what is no Linux driver, or nothing at all."""
    with t.guest() as guest:
        guest.boot()
        type_all(guest, "dde", (
            ("dde stubs", USAGE),
            ("dde stubs a b", USAGE),
            ("dde stubs nobody", '^no process "nobody": "ps" lists pids'),
            ("dde stubs shell", '^shell .pid [0-9]+. is no Linux driver: "ps"'),
            ("dde stubs serial0", "^serial_amba_pl011: 0 functions of Linux"),
        ))
        # A line that another has: what was asked for, and why it is not done.
        for command in ("serial sum 0 9", "serial echo 0"):
            answer = guest.run(command)
            demand(answer.count("\n") == 2 and answer.endswith(
                "a read refused: another program has it\n"), answer)
        guest.finish()


def test_clumsy_gpio(t):
    """GPIO commands typed wrong."""
    with t.guest() as guest:
        guest.boot()
        for command in ("gpio get N 1", "gpio set N 1 1", "gpio watch N 1"):
            type_all(guest, "gpio", naming("gpio", command))
        type_all(guest, "gpio", (
            ("gpio get 0", USAGE),
            ("gpio get 0 x", '^LINE "x" is not a number'),
            ("gpio get 0 -1", '^LINE "-1" is not a number'),
            ("gpio get 0 8", "^gpio0: get failed: beyond the end"),
            ("gpio get 0 0x100000000", "^gpio0: get failed: "),
            ("gpio set 0 1 up", '^LEVEL "up" is not a number'),
            ("gpio set 0 1 2", "^LEVEL is 2: it must be 0 to 1"),
            ("gpio watch 0 1 0", "^SECONDS is 0: it must be 1 to 86400"),
        ))
        guest.finish()


def test_clumsy_input(t):
    """Input commands typed wrong."""
    with t.guest(extra=KEYBOARD) as guest:
        guest.boot()
        for command in ("input info N", "input watch N 1", "input led N 0 1"):
            type_all(guest, "input", naming("input", command))
        type_all(guest, "input", (
            ("input led 0 1", USAGE),
            ("input led 0 1 7", "^ON is 7: it must be 0 to 1"),
            ("input led 0 16 1", "^LED is 16: it must be 0 to 15"),
            ("input led 0 caps 1", '^LED "caps" is not a number'),
            ("input watch 0 0", "^SECONDS is 0: it must be 1 to 86400"),
        ))
        guest.finish()


def test_clumsy_rng_rtc(t):
    """Random number and clock commands typed wrong."""
    with t.guest(extra=rng()) as guest:
        guest.boot()
        type_all(guest, "rng", naming("rng", "rng read N 1") + (
            ("rng read 0", USAGE),
            ("rng read 0 0", "^BYTES is 0: it must be 1 to "),
            ("rng read 0 2G", "^BYTES is 2G: it must be 1 to "),
            ("rng read 0 1 raw", '^"raw": the only other form is hex'),
        ))
        type_all(guest, "rtc", (
            ("rtc set", USAGE),
            ("rtc set tomorrow noon", "is no date from 1970 to 9999: write"),
            ("rtc set 2026-02-30 01:02:03", "is no date"),
            ("rtc set 2026-02-03 01:02:03 7", "^rtc7: no such service"),
            ("rtc set 9999-02-03 01:02:03", "^rtc0 cannot count as far as 9999-"
             '02-03: "rtc" shows its last date$'),
            ("rtc alarm", USAGE),
            ("rtc alarm 0", "^SECONDS is 0: it must be 1 to 1000000"),
            ("rtc alarm -1", '^SECONDS "-1" is not a number'),
            ("rtc alarm 1 x", '^no rtc "x": write it like rtc0 or 0'),
            ("date now", USAGE),
        ))
        guest.finish()


def test_clumsy_net(t):
    """Network commands typed wrong."""
    with t.guest(extra=Net().extra) as guest:
        boot(guest)
        guest.demand("net info net0", "driver +linux virtio_net")
        type_all(guest, "net", (
            ("net info net7", '^no card "net7": "net list" shows numbers'),
            ("net info -1", '^no card "-1": "net list"'),
            ("net info 0 1", USAGE),
            ("net ping", USAGE),
            ("net ping 10.0.2.2 0", "^COUNT is 0: it must be 1 to 1000000"),
            ("net ping 10.0.2.2 many", '^COUNT "many" is not a number'),
            ("net ping 10.0.2.2 1 ip7", "^ip7: no such service"),
            ("net ping 10.0.2.2 1 net0", '^no ip "net0": write it like ip0'),
            ("net resolve", USAGE),
            ("net resolve ''", '^"" is not a host name or address$'),
            ("net stats 7", "^ip7: no such service"),
        ))
        guest.finish()
