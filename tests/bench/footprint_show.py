# SPDX-License-Identifier: BSD-2-Clause
"""footprint_show.py - the figures of footprint.py as names, tables and a picture.

Linux itself has a line beside each pair of twins for what can be known of it
(peers.txt); `-` is not known, or does not exist there.
"""
import bars
import figures
import footprint_static

WHO = {"dde": "Linux here", "native": "native", "linux": "Linux itself"}
TABLES = {
    "RAM, KiB (stack used: bytes)": (
        "ram_kib", "private_kib", "shared_kib", "image_kib", "stack_kib",
        "stack_used", "tables_kib", "objects_kib", "meta_kib", "info_kib",
        "heap_kib", "dma_kib", "caps", "caps_kept"),
    "program, bytes; start, one operation: instructions": (
        "text", "rodata", "data", "bss", "functions", "never_run", "dead", "start",
        "op_instructions", "op_switches"),
    "lines of code": ("loc", "loc_driver", "loc_ours", "loc_linux"),
}


def flat(rows):
    """All figures of drivers by their full names."""
    found = {}
    for kind, drivers in rows.items():
        for key, row in drivers.items():
            name = f"footprint.{kind}.{key}."
            found.update({name + word: value for word, value in row.items()
                          if word != "origin"})
            for origin, parts in row["origin"].items():
                owner = f"{name}from.{origin.replace(' ', '_')}"
                found[owner] = sum(parts.values())
                found.update({f"{owner}.{section}": count
                              for section, count in parts.items()})
    return found


def keys(rows):
    """Drivers of which there is a row, in the order of the first kind."""
    return list(dict.fromkeys(key for kind in rows.values() for key in kind))


def table(title, columns, rows, found):
    """One table: each driver's twins, and Linux itself."""
    print(f"\n{title:30}" + "".join(f"{name.removesuffix('_kib'):>16}"
                                    for name in columns))
    for key in keys(rows):
        for kind, who in WHO.items():
            names = [f"footprint.{kind}.{key}.{name}" for name in columns]
            values = [found.get(name, figures.peer(name)[0])
                      for name in names]
            if any(value is not None for value in values):
                print(f"{key:17}{who:13}" + "".join(
                    f"{'-' if value is None else value:>16}"
                    for value in values))


def origins(rows):
    """Whose the bytes are, section by section."""
    names = footprint_static.ORIGINS
    for section in footprint_static.SECTIONS:
        print(f"\n{'.' + section + ', bytes of':30}"
              + "".join(f"{name:>16}" for name in names))
        for key in keys(rows):
            for kind in rows:
                if key in rows[kind]:
                    row = rows[kind][key]["origin"]
                    print(f"{key:17}{WHO[kind]:13}" + "".join(
                        f"{row[name][section]:16}" for name in names))


def peers():
    """What others publish, with its source."""
    print("\npeers, and where their figures come from")
    for key, value, who, source in figures.peers():
        if key.startswith("footprint.") and ".linux." not in key:
            print(f"{key:44} {value:8}  {who}; {source}")


def tables(rows, found):
    """All for people."""
    for title, columns in TABLES.items():
        table(title, columns, rows, found)
    origins(rows)
    peers()
    print("\nthe whole system, KiB: `make run` (system), two disks and a card "
          "(default), three Linux drivers alone (three)")
    for key, value in found.items():
        if key.startswith(("footprint.system.", "footprint.default.",
                           "footprint.three.")):
            print(f"{key:44} {value:8}")
    figures.show(found, {})


def draw(rows):
    """The bar chart: one bar a driver, its bytes by origin."""
    labels, values = [], []
    for key in keys(rows):
        for kind in rows:
            row = rows[kind].get(key)
            if not row:
                continue
            labels.append(f"{key} {'Linux' if kind == 'dde' else 'native'}")
            parts = [sum(row["origin"][origin].values()) / 1024
                     for origin in footprint_static.ORIGINS]
            parts.append(max(row["ram_kib"] - sum(parts), 0))
            values.append(parts)
    return bars.chart("RAM of a driver's process, KiB, without its DMA arena",
                      labels, footprint_static.ORIGINS +
                      ("stack, tables, objects",), values)
