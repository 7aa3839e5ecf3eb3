# SPDX-License-Identifier: BSD-2-Clause
"""run.py - proves the kernel's contracts, and that its mutants break them.

usage: run.py --build DIR [--only DRIVER]

1. cvc4 decides the axioms of the headers as bit vectors (bits.smt2).
2. EVA runs eva.c: no alarm.
3. WP proves the contracts of each driver with cvc4.
4. Each mutant of mutants.txt, in a copy of its file, must leave a goal
   unproved in the function it concerns. Logs: DIR/prove. The last line is
   `N goals proved, M mutants refuted, K missed`.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
DRIVERS = {
    "cap": "cap_make cap_tag cap_is cap_aux cap_addr cap_set_aux cap_asid "
           "map_info frame_bits cnode_radix untyped_bits untyped_is_device "
           "untyped_fill untyped_watermark untyped_cleared cap_mask_rights "
           "set_guard cap_set_data cap_derive cap_same_object "
           "cap_starts_generation",
    "region": "cap_memory_bits covers",
    "cdt": "cte_original cte_is_empty cdt_is_ancestor clear_slot",
    "untyped": "round_up object_bits type_fits_device check_space "
               "objects_end_inside",
    "space": "cnode_guard_size cnode_guard guard_matches zombie_capacity "
             "cap_is_long",
}
INCLUDES = ["-I.", "-Ikernel/include", "-Ikernel",
            "-Ikernel/arch/aarch64/include", "-Itests/prove",
            "-DKAAL_DEBUG=1"]
# WP's filters drop hypotheses that a proof by fields needs.
WP = ["-wp", "-wp-rte", "-wp-prover", "cvc4", "-wp-par", "1",
      "-wp-no-filter", "-wp-no-filter-init"]
LIMIT_S = 300


def frama_c(args, log, first=()):
    """Run Frama-C; `first` goes before our include folders. The output."""
    cpp = " ".join([*first, *INCLUDES])
    done = subprocess.run(
        ["frama-c", "-c11", "-machdep", "gcc_x86_64", "-kernel-warn-key",
         "asm:clobber=inactive", f"-cpp-extra-args={cpp}", *args],
        cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False, timeout=LIMIT_S,
        env={**os.environ, "WHY3CONFIG": str(log.parent / "why3.conf")})
    log.write_text(done.stdout)
    return done.stdout


def prove(name, functions, log, timeout_s, first=()):
    """WP on these functions: (proved, all, names of goals left)."""
    text = frama_c([*WP, "-wp-timeout", str(timeout_s), "-wp-fct",
                    ",".join(functions), f"tests/prove/{name}.c"], log, first)
    found = re.search(r"Proved goals:\s+(\d+) / (\d+)", text)
    if not found:
        raise RuntimeError(f"no proof at all, see {log}:\n{text[-600:]}")
    left = re.findall(r"Goal typed_(\S+) : (?!Valid)", text)
    return int(found[1]), int(found[2]), left


def check_axioms(out):
    """Every axiom is in bits.smt2, and cvc4 finds no value against any."""
    smt = (HERE / "bits.smt2").read_text()
    text = "".join((HERE / name).read_text()
                   for name in ("bits.h", "powers.h", "region.h"))
    names = set(re.findall(r"axiom (\w+):", text))
    stated = {word.rstrip(":") for line in re.findall(r"^; (.*)$", smt, re.M)
              for word in line.split()}
    done = subprocess.run(["cvc4", "--incremental", "--lang", "smt2",
                           str(HERE / "bits.smt2")], stdout=subprocess.PIPE,
                          text=True, check=False, timeout=LIMIT_S)
    (out / "bits.log").write_text(done.stdout)
    answers = done.stdout.split()
    good = names <= stated and set(answers) == {"unsat"} and \
        len(answers) == smt.count("(check-sat)")
    print(f"{'ok  ' if good else 'FAIL'} axioms: {len(names)} stated, "
          f"{answers.count('unsat')} of {smt.count('(check-sat)')} "
          "blocks decided", *sorted(names - stated))
    return good


def check_eva(out):
    """EVA raises no alarm on its driver."""
    text = frama_c(["-eva", "-eva-precision", "6", "-eva-split-return",
                    "auto", "tests/prove/eva.c"], out / "eva.log")
    good = "0 alarms generated" in text
    reached = re.search(r"(\d+) statements reached \(out of (\d+)\)", text)
    print(f"{'ok  ' if good else 'FAIL'} EVA: "
          f"{'no alarm' if good else 'alarms, see eva.log'} in "
          + (f"{reached[1]} of {reached[2]} statements" if reached else "?"))
    return good


def mutants_read():
    """Yield (name, file, driver, function, old, new) from mutants.txt."""
    text = re.sub(r"^#.*\n", "", (HERE / "mutants.txt").read_text(), flags=re.M)
    for block in text.strip().split("\n\n"):
        name, where, change = block.split("\n", 2)
        old, new = re.fullmatch(r"- (.*)\n\+ (.*)", change, re.S).groups()
        yield (name, *where.split(), old, new)


def mutant_try(number, mutant, out):
    """Change a copy of the file; True if the proof then fails, or why not."""
    name, path, driver, function, old, new = mutant
    text = (TOP / "kernel" / path).read_text()
    if text.count(old) != 1:
        return name, f"its text stands {text.count(old)} times in {path}"
    top = out / f"mutant-{number}"
    copy = top / "kernel" / path
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text.replace(old, new))
    proved, goals, left = prove(driver, [function], out / f"{top.name}.log",
                                5, (f"-I{top}", f"-I{top}/kernel"))
    if proved == goals:
        return name, "every goal is still proved"
    print(f"ok   mutant: {name}: refuted by {left[0]}", flush=True)
    return name, None


def main():
    """Prove all, then refute all mutants, two runs at a time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--only", choices=DRIVERS)
    args = parser.parse_args()
    out = args.build.resolve() / "prove"
    out.mkdir(parents=True, exist_ok=True)
    subprocess.run(["why3", "config", "detect", "-C",
                    str(out / "why3.conf")], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    good = check_axioms(out) and check_eva(out)
    names = [args.only] if args.only else list(DRIVERS)
    mutants = [m for m in mutants_read() if m[2] in names]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        proofs = list(pool.map(
            lambda n: prove(n, DRIVERS[n].split(), out / f"{n}.log", 20),
            names))
        for name, (proved, goals, left) in zip(names, proofs):
            print(f"{'ok  ' if proved == goals else 'FAIL'} {name}: {proved} "
                  f"of {goals} goals", *left, flush=True)
        tried = list(pool.map(lambda m: mutant_try(*m, out),
                              enumerate(mutants)))
    missed = [(name, why) for name, why in tried if why]
    for name, why in missed:
        print(f"FAIL mutant: {name}: {why}")
    print(f"{sum(p[0] for p in proofs)} goals proved, "
          f"{len(mutants) - len(missed)} mutants refuted, "
          f"{len(missed)} missed")
    return 0 if good and not missed and all(p[0] == p[1] for p in proofs) \
        else 1


if __name__ == "__main__":
    sys.exit(main())
