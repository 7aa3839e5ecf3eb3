# SPDX-License-Identifier: BSD-2-Clause
"""run.py - searches the IPC model to the end, and every mutant to its error.

usage: run.py --build DIR [--show MUTANT]

The model must hold for 3 and for 4 threads; each mutant of mutants.txt must be
refuted with 3. Every inline of ipc.pml must have the name of a function (or
macro) of the kernel, so that a renamed function takes its model along. Counts
go to DIR/results/model. --show prints the steps that refute one mutant.
"""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
KERNEL = HERE.parents[1] / "kernel"
# Inlines of ours: the boot of the model and its choices, and two entries of
# the kernel that share one function there (`receive`, `finalise` on slots).
OWN = re.compile(r"\w+_step$|boot$|receive_notification$")
LIMIT_S = 600                    # 20 s alone; a loaded host takes five times that
SEARCH = re.compile(r"errors: (\d+).*?(\d+) states, stored", re.S)


def mutants_read():
    """Yield (name, inline, lines out, lines in) from mutants.txt."""
    text = re.sub(r"^#.*\n", "", (HERE / "mutants.txt").read_text(), flags=re.M)
    for block in text.strip().split("\n\n"):
        name, where, *changes = block.split("\n")
        yield (name, where.removeprefix("in "),
               [c[2:] for c in changes if c[0] == "-"],
               [c[2:] for c in changes if c[0] == "+"])


def mutate(model, inline, out, into):
    """The model with the lines of one inline replaced; they must exist."""
    start = model.index(f"inline {inline}(")
    end = model.index("\n}\n", start)
    lines = model[start:end].split("\n")
    stripped = [line.strip() for line in lines]
    at = stripped.index(out[0])
    assert stripped[at:at + len(out)] == out, f"{inline}: no such lines"
    lines[at:at + len(out)] = into
    return model[:start] + "\n".join(lines) + model[end:]


def pan_build(folder, model, threads):
    """Let Spin make a verifier for this model, and compile it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ipc.pml").write_text(model)
    (folder / "check.pml").write_text((HERE / "check.pml").read_text())
    subprocess.run(["spin", f"-DN={threads}", "-a", "ipc.pml"], cwd=folder,
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["gcc", "-O2" if threads > 3 else "-O0", "-w", "-DSAFETY",
                    "-DNOREDUCE", "-o", "pan", "pan.c"], cwd=folder,
                   check=True)


def search(folder, depth):
    """Run the verifier; return (errors, states), or raise if it is cut."""
    done = subprocess.run(["./pan", f"-m{depth}"], cwd=folder,
                          stdout=subprocess.PIPE, text=True, check=False,
                          timeout=LIMIT_S)
    found = SEARCH.search(done.stdout)
    if not found or "search depth too small" in done.stdout:
        raise RuntimeError(f"{folder}: the search ended early:\n"
                           + done.stdout[:500])
    return int(found[1]), int(found[2])


def check_holds(build, model, threads, depth):
    """The model itself, searched completely: (good, report)."""
    folder = build / "model" / f"whole-{threads}"
    begin = time.monotonic()
    pan_build(folder, model, threads)
    errors, states = search(folder, depth)
    return not errors, (f"{threads} threads: {states} states, "
                        f"{errors} errors, {time.monotonic() - begin:.0f} s")


def check_mutant(build, model, number, mutant):
    """One mutant: (good, report); good means that Spin found an error."""
    name, inline, out, into = mutant
    folder = build / "model" / f"mutant-{number}"
    pan_build(folder, mutate(model, inline, out, into), 3)
    errors, states = search(folder, 1000000)
    return errors > 0, f"mutant: {name}: {'refuted' if errors else 'MISSED'}" \
        f" after {states} states"


def check_names(model):
    """Every inline has the name of something in the kernel."""
    code = "".join(p.read_text() for p in KERNEL.rglob("*.[ch]"))
    names = [n for n in re.findall(r"^inline (\w+)", model, re.M)
             if not OWN.match(n)]
    missing = [n for n in names if not re.search(rf"\b{n}\(", code)]
    return not missing, (f"{len(names)} inlines follow functions of the "
                         "kernel" + "".join(f"; {n} is not there any more"
                                            for n in missing))


def show(build, wanted):
    """Print the steps to the error of the mutant with this name."""
    for number, mutant in enumerate(mutants_read()):
        if mutant[0] == wanted:
            folder = build / "model" / f"mutant-{number}"
            subprocess.run(["spin", "-DN=3", "-p", "-g", "-k",
                            "ipc.pml.trail", "ipc.pml"], cwd=folder,
                           check=False)


def main():
    """Run all searches, two at a time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--show")
    args = parser.parse_args()
    build = args.build.resolve()
    if args.show:
        return show(build, args.show)
    model = (HERE / "ipc.pml").read_text()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(check_holds, build, model, 4, 16000000),
                pool.submit(check_names, model),
                pool.submit(check_holds, build, model, 3, 1000000)]
        jobs += [pool.submit(check_mutant, build, model, number, mutant)
                 for number, mutant in enumerate(mutants_read())]
        results = [job.result() for job in jobs]
    for good, report in results:
        print(f"{'ok  ' if good else 'FAIL'} {report}")
    passed = sum(good for good, _ in results)
    failed = len(results) - passed
    print(f"model: {passed} passed, {failed} failed")
    (build / "results").mkdir(parents=True, exist_ok=True)
    (build / "results/model").write_text(f"{passed} {failed}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
