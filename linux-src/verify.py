#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""verify.py - prove that the Linux files in use are Debian's, byte for byte.

Three links of one chain, each checked here:
 1. which files were used: the dependency output of the compiler, both Kbuild's
    (.NAME.o.cmd) and that of our own files which include Linux headers (.d);
 2. used file = file in the tarball: the tar stream is read once and every
    extracted file compared; used ones must all occur in it;
 3. tarball = the package's: the package manager's own MD5 list.
Exit status 1, with the file's name, if any link breaks. What was proved goes to
a list, one used file a line, as `sha256sum -c` reads it.
"""
import argparse
import hashlib
import os
import re
import subprocess
import sys
import tarfile

CHUNK = 1 << 20
DPKG_INFO = "/var/lib/dpkg/info"


def words_of(path):
    """File names in a make-style dependency file."""
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    text = re.sub(r"\$\(wildcard [^)]*\)", " ", text)
    return text.replace("\\\n", " ").replace("\\", " ").split()


def module_parts(out):
    """Objects that the modules of the present configuration are made of."""
    parts = set()
    order = os.path.join(out, "modules.order")
    if not os.path.exists(order):
        return parts
    for module in words_of(order):
        parts |= {module, module[:-2] + ".mod.o"}
        parts |= set(words_of(os.path.join(out, module[:-2] + ".mod")))
    return parts


def is_left_over(path, out, parts):
    """Was this .cmd written for a module of an earlier configuration?"""
    folder, name = os.path.split(path)
    if not name.endswith(".o.cmd") or not path.startswith(out + os.sep):
        return False
    made = os.path.relpath(os.path.join(folder, name[1:-len(".cmd")]), out)
    return made not in parts and "-DMODULE" in words_of(path)


def dependency_files(build):
    """Every .cmd of Kbuild and every .d of ours, but for what is left over."""
    out = os.path.join(build, "linux", "out")
    parts = module_parts(out)
    for path in dependency_candidates(build):
        if not is_left_over(path, out, parts):
            yield path


def dependency_candidates(build):
    """Every .cmd and .d below the build folder; of reports nothing is run."""
    for folder, subdirs, names in os.walk(build):
        if os.path.abspath(folder) == os.path.abspath(build):
            subdirs[:] = [d for d in subdirs
                          if d not in ("archive", "dde-report")]
        if os.path.basename(folder) == "linux":
            subdirs[:] = [d for d in subdirs if d not in ("src", "tampered")]
        for name in names:
            if name.endswith((".cmd", ".d")):
                yield os.path.join(folder, name)


def used_files(build, roots):
    """Linux files that were compiled or included, relative to their tree."""
    starts = {}
    for root in roots:
        for form in (os.path.realpath, os.path.abspath, os.path.normpath):
            starts[form(root) + os.sep] = root
    used = set()
    for path in dependency_files(build):
        for word in words_of(path):
            name = relative_name(word.rstrip(":;)"), starts)
            if name and not name.startswith("arch/kaal/"):
                used.add(name)
    return used


def relative_name(word, starts):
    """A word's name in the Linux tree it lies in, or None."""
    for start, root in starts.items():
        if word.startswith(start):
            name = os.path.normpath(word[len(start):])
            if os.path.isfile(os.path.join(root, name)):
                return name
    return None


def same_bytes(data, path):
    """Does the file hold exactly these bytes?"""
    with open(path, "rb") as file:
        return file.read() == data


def compare(tarball, roots, overlay, used):
    """Stream the tarball: ({identical name: SHA-256}, names that differ).

    Only used files get a digest; it costs time and is for the list.
    """
    same, differ = {}, []
    with subprocess.Popen(["xz", "-T0", "-dc", tarball],
                          stdout=subprocess.PIPE) as unpack:
        with tarfile.open(fileobj=unpack.stdout, mode="r|") as tar:
            for member in tar:
                name = member.name.split("/", 1)[-1]
                paths = find_copies(roots, overlay, name)
                if not member.isfile() or not paths:
                    continue
                data = tar.extractfile(member).read()
                if all(same_bytes(data, path) for path in paths):
                    same[name] = hashlib.sha256(data).hexdigest() \
                        if name in used else ""
                else:
                    differ.append(name)
    if unpack.returncode:
        sys.exit(f"{tarball}: xz cannot unpack it")
    return same, differ


def find_copies(roots, overlay, name):
    """Where copies of a tarball member are; an overlay's hides the rest."""
    if overlay and os.path.isfile(os.path.join(overlay, name)):
        return [os.path.join(overlay, name)]
    paths = (os.path.join(root, name) for root in roots)
    return [p for p in paths if os.path.isfile(p) and not os.path.islink(p)]


def recorded_md5(package, tarball):
    """The MD5 that the package manager recorded for the tarball."""
    path = os.path.join(DPKG_INFO, package + ".md5sums")
    if not os.path.exists(path):
        sys.exit(f"{path} is missing: is the package {package} installed?")
    with open(path, encoding="utf-8") as file:
        for line in file:
            md5, name = line.split(None, 1)
            if os.path.basename(name.strip()) == os.path.basename(tarball):
                return md5
    sys.exit(f"{path} does not list {os.path.basename(tarball)}")


def check_tarball(package, tarball):
    """Compare the tarball's MD5 with the recorded one; return it."""
    md5 = hashlib.md5()
    with open(tarball, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            md5.update(chunk)
    recorded = recorded_md5(package, tarball)
    if md5.hexdigest() != recorded:
        sys.exit(f"tarball differs from package {package}: {tarball} has "
                 f"MD5 {md5.hexdigest()}, the package manager says {recorded}")
    return recorded


def strangers(roots, known):
    """Files in the trees that no tarball has (the port's link excepted)."""
    for root in roots:
        for folder, subdirs, names in os.walk(root):
            subdirs[:] = [d for d in subdirs
                          if not os.path.islink(os.path.join(folder, d))]
            for name in names:
                path = os.path.join(folder, name)
                relative = os.path.relpath(path, root)
                if (relative not in known and not os.path.islink(path)
                        and name != ".stamp"):
                    yield relative


def list_write(path, names, digests):
    """Write the used files that were found identical."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{digests[name]}  {name}\n" for name in names)


def report(args, used, same, differ):
    """Print what was found; return the exit status."""
    foreign = sorted(strangers(args.src, set(same) | set(differ)))
    for name in sorted(differ):
        print(f"differs: {name}", file=sys.stderr)
    for name in foreign:
        print(f"not in the tarball: {name}", file=sys.stderr)
    proved = sorted(used & set(same))
    if args.list:
        list_write(args.list, proved, same)
    count = {ext: sum(n.endswith(ext) for n in used)
             for ext in (".c", ".h", ".S")}
    print(f"used: {len(used)} Linux files ({count['.c']} .c, {count['.h']} "
          f".h, {count['.S']} .S), {len(proved)} identical"
          + (f"; each is in {args.list}" if args.list else ""))
    print(f"extracted: {len(same) + len(differ)} files, "
          f"{len(same)} identical")
    if not used:
        print(f"verify-linux: FAILED, no file in {' '.join(args.src)} was used"
              f" in {args.build}: was the folder moved? make B={args.build} "
              "clean", file=sys.stderr)
        return 1
    bad = len(differ) + len(foreign)
    if bad or len(proved) < len(used):
        print(f"verify-linux: FAILED, {bad} files are not the package's",
              file=sys.stderr)
        return 1
    print("verify-linux: every file is the package's, byte for byte")
    return 0


def main():
    """Walk the chain from the package to the files in use."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("--package", "--tarball", "--build"):
        parser.add_argument(option, required=True)
    parser.add_argument("--src", action="append", required=True,
                        help="tree of extracted files; may be repeated")
    parser.add_argument("--overlay", help="tree whose files count first")
    parser.add_argument("--list", help="file for the names of those in use")
    args = parser.parse_args()
    md5 = check_tarball(args.package, args.tarball)
    print(f"tarball: {args.tarball}, MD5 {md5} as recorded by dpkg")
    used = used_files(args.build, args.src)
    same, differ = compare(args.tarball, args.src, args.overlay, used)
    sys.exit(report(args, used, same, differ))


if __name__ == "__main__":
    main()
