# SPDX-License-Identifier: BSD-2-Clause
"""pattern.py - the bytes that `blk fill` writes, made on the host.

The same function as glue/pattern.h: a 64-bit mix of seed and place.
"""
import struct

MASK = (1 << 64) - 1
WORDS = 64                       # 8-byte words in a sector


def word(seed, place):
    """The 64-bit value of one place."""
    z = (seed + (place + 1) * 0x9e3779b97f4a7c15) & MASK
    z = ((z ^ z >> 30) * 0xbf58476d1ce4e5b9) & MASK
    z = ((z ^ z >> 27) * 0x94d049bb133111eb) & MASK
    return z ^ z >> 31


def sectors(seed, first, count):
    """The bytes of `count` sectors from sector `first` on."""
    places = range(first * WORDS, (first + count) * WORDS)
    return struct.pack(f"<{len(places)}Q", *(word(seed, p) for p in places))
