# SPDX-License-Identifier: BSD-2-Clause
"""strict.py - a manifest whose Linux drivers run in strict mode.

usage: strict.py < manifest.txt > strict.txt

The system tests boot this one: the first call of a missing function, or the
first broken rule of DMA (dde-linux/emul/dde_dma.h), ends the driver.
"""
import re
import sys

WORD = "dde.strict"


def line_strict(line):
    """A Linux driver gets the word, and memory for the checker's copies."""
    if line.startswith("#") or " kind=dde " not in line or WORD in line:
        return line
    line = re.sub(r" dma_kib=(\d+)", lambda kib: f" dma_kib={2 * int(kib[1])}",
                  line.rstrip())
    args = re.search(r" args=\S+", line)
    return line.replace(args[0], f"{args[0]},{WORD}") + "\n" if args else \
        f"{line} args={WORD}\n"


def strict(text):
    """The whole manifest."""
    return "".join(map(line_strict, text.splitlines(keepends=True)))


if __name__ == "__main__":
    sys.stdout.write(strict(sys.stdin.read()))
