# SPDX-License-Identifier: BSD-2-Clause
"""figures.py - budgets and peers from their files, and the judgement of figures.

A figure fails if it is above its budget, or above the ceiling that a document
explains (budgets.txt), or was not measured at all. The document has to be there,
with that heading.
"""
import collections
import fnmatch
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
Budget = collections.namedtuple("Budget", "limit ceiling where")


def lines_of(name):
    """The words of each line of a file of figures."""
    for line in (HERE / name).read_text().splitlines():
        if line and line[0] != "#":
            yield line.split()


def budgets():
    """{key: Budget}; without an explanation the ceiling is the budget."""
    found = {}
    for key, limit, *more in lines_of("budgets.txt"):
        ceiling, where = more or (limit, "")
        found[key] = Budget(int(limit), int(ceiling), where)
    return found


def peers():
    """[(key with *, figure, who, source)] in the order of the file."""
    found, source = [], ""
    for first, *more in lines_of("peers.txt"):
        if first == "from":
            source = " ".join(more)
        else:
            found.append((first, int(more[0]), " ".join(more[1:]), source))
    return found


def peer(key):
    """(figure, who) beside a key, or (None, "")."""
    return next(((figure, who) for pattern, figure, who, _ in peers()
                 if fnmatch.fnmatchcase(key, pattern)), (None, ""))


def explained(where):
    """Is there a document with that heading (`path#slug`)?"""
    path, _, slug = where.partition("#")
    if not (TOP / path).is_file():
        return False
    heads = re.findall(r"^#+ (.*)$", (TOP / path).read_text(), re.M)
    return slug in [re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-")
                    for head in heads]


def verdict(key, value, bar):
    """What is to be said of one figure: (is it bad?, words)."""
    if value is None:
        return True, "was not measured"
    if value <= bar.limit:
        return False, "met; its ceiling can go" if bar.where else "met"
    if not bar.where:
        return True, f"is over its budget of {bar.limit}"
    if value > bar.ceiling:
        return True, (f"is over its budget of {bar.limit} and over the "
                      f"{bar.ceiling} that {bar.where} explains")
    if not explained(bar.where):
        return True, (f"is over its budget of {bar.limit}; {bar.where}, which "
                      "should explain it, is not there")
    return False, f"over, explained: {bar.where}"


def judge(found, domain=None):
    """Complaints about figures; about missing ones if `domain` says which.

    domain: function of a key, true if the caller should have measured it.
    """
    complaints = []
    for key, bar in budgets().items():
        value = found.get(key)
        if value is None and not (domain and domain(key)):
            continue
        bad, words = verdict(key, value, bar)
        if bad:
            shown = "" if value is None else f" is {value}:"
            complaints.append(f"{key}{shown} it {words}")
    return complaints


def show(found, notes):
    """A table: figures beside a peer's and the budget, and what is met."""
    bars = budgets()
    print(f"\n{'':40} {'KaaL':>10} {'budget':>10} {'peer':>11}")
    for key, value in found.items():
        bar = bars.get(key)
        if not bar:
            continue
        figure, who = peer(key)
        _, words = verdict(key, value, bar)
        print(f"{key:40} {value:10} {bar.limit:10} {figure or '-':>11} "
              f"{who:6} {words}  {notes.get(key, '')}".rstrip())


def report(tool, complaints):
    """Print what is wrong. Return: the exit status."""
    for line in complaints:
        print(f"{tool}: {line}")
    return 1 if complaints else 0
