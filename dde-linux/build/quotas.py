#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""quotas.py - memory that a driver's process gets: what was measured, and more.

quotas.txt holds the peaks of the drivers that `make quotas` has run under load
(tests/system/quotas.py). The margin is for what that load did not do: an eighth
and some pages of the arena, the stack four times, at least 8 KiB.
"""
import os

ARENA_SPARE_KIB = 16
STACK_LEAST_KIB = 8
STEP_KIB = 4


def read(path=None):
    """{driver: (arena KiB, stack KiB)} of quotas.txt."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(path or os.path.join(here, "quotas.txt"),
              encoding="utf-8") as file:
        rows = [line.split("#")[0].split() for line in file]
    return {row[0]: (int(row[1]), int(row[2])) for row in rows if row}


def rounded(kib):
    """Up to whole pages."""
    return -(-kib // STEP_KIB) * STEP_KIB


def words_for(name, words, measured):
    """The class's manifest words with this driver's quotas, if there are any.

    A peak of 0 was not measured: then the class's word stays.
    """
    result = dict(word.split("=", 1) for word in words.split())
    arena, stack = measured.get(name, (0, 0))
    if arena:
        result["dma_kib"] = rounded(arena + arena // 8 + ARENA_SPARE_KIB)
    if stack:
        result["stack_kib"] = max(STACK_LEAST_KIB, rounded(4 * stack))
    return " ".join(f"{key}={value}" for key, value in result.items())
