#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""linux_flags.py - the compiler flags Kbuild uses, as a gcc response file.

Files of ours that include Linux headers must be compiled exactly as Linux's own
are, or structures differ. So the flags are read from the command that Kbuild
recorded for a Linux file (its .cmd file), made absolute and freed of what
belongs to that file alone. Use: gcc @FILE -c ours.c -o ours.o
"""
import os
import shlex
import sys

USAGE = "usage: linux_flags.py KBUILD_OUT_DIR OBJECT  (e.g. lib/ctype.o)"


def read_command(out_dir, obj):
    """Return the words of the recorded command that made OBJECT."""
    cmd = os.path.join(out_dir, os.path.dirname(obj),
                       "." + os.path.basename(obj) + ".cmd")
    with open(cmd, encoding="utf-8") as file:
        for line in file:
            if line.startswith("savedcmd_"):
                return shlex.split(line.split(":=", 1)[1].split(";")[0])
    sys.exit(f"{cmd}: holds no savedcmd line; remove {obj} and build it again")


def absolute(out_dir, word):
    """Make the path in an -I word absolute: Kbuild's are relative to out."""
    if not word.startswith("-I"):
        return word
    return "-I" + os.path.normpath(os.path.join(out_dir, word[2:]))


def keep_flags(out_dir, words):
    """Drop compiler, dependency output, per-file names and file arguments."""
    flags = []
    skip_next = False
    for word in words[1:]:
        if skip_next:
            skip_next = False
        elif word == "-o":
            skip_next = True
        elif word == "-c" or word.startswith(("-Wp,-M", "-DKBUILD_",
                                              "-D__KBUILD_")):
            continue
        elif word.endswith((".c", ".S")) and not word.startswith("-"):
            continue
        else:
            flags.append(absolute(out_dir, word))
    return flags


def main():
    """Print the flags, one quoted word a line."""
    if len(sys.argv) != 3:
        sys.exit(USAGE)
    out_dir = os.path.abspath(sys.argv[1])
    for flag in keep_flags(out_dir, read_command(out_dir, sys.argv[2])):
        print(shlex.quote(flag))


if __name__ == "__main__":
    main()
