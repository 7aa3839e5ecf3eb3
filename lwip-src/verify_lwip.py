#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""verify_lwip.py - prove that the lwIP files in use are Debian's.

The chain of linux-src/verify.py, with another first link: the archive has the
size and SHA-256 that the mirror's signed list of sources says (record.txt,
which apt has checked when it fetched the archive). Then: every extracted file
equals its copy in the archive, and every file that the compiler has read
(.d files below $(B)/lwip/obj) is one of them. Status 1 and a name if not.
"""
import argparse
import hashlib
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]
                       / "linux-src"))
import verify  # noqa: E402


def recorded(record, name):
    """The SHA-256 that the list of sources has for a file."""
    section = ""
    for line in record.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            section = line
        elif section == "Checksums-Sha256:" and line.split()[2] == name:
            return line.split()[0]
    sys.exit(f"{record} has no SHA-256 of {name}")


def used_files(build, src):
    """Files of lwIP that the compiler read, relative to `src`."""
    used = set()
    start = os.path.realpath(src) + os.sep
    for path in pathlib.Path(build).rglob("*.d"):
        if path.is_dir():
            continue
        for word in verify.words_of(path):
            name = os.path.realpath(word.rstrip(":"))
            if name.startswith(start):
                used.add("src/" + name[len(start):])
    return used


def main():
    """Walk the chain from the signed list to the files in use."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("--build", "--archive", "--record", "--src"):
        parser.add_argument(option, required=True, type=pathlib.Path)
    parser.add_argument("--overlay", help="tree whose files count first")
    args = parser.parse_args()
    digest = hashlib.sha256(args.archive.read_bytes()).hexdigest()
    if digest != recorded(args.record, args.archive.name):
        sys.exit(f"differs from Debian's signed list: {args.archive}")
    used = used_files(args.build, args.src)
    tree = args.src.parent
    same, differ = verify.compare(str(args.archive), [str(tree)],
                                  args.overlay, used)
    foreign = {f"src/{name}" for name in verify.strangers([str(args.src)], ())}
    foreign -= set(same) | set(differ)
    for name in sorted(set(differ) | foreign):
        print(f"not the package's: {name}", file=sys.stderr)
    print(f"verify-lwip: {args.archive.name}, {len(used)} files in use, "
          f"{len(used & set(same))} identical")
    sys.exit(1 if differ or foreign or not used <= set(same) or not used
             else 0)


if __name__ == "__main__":
    main()
