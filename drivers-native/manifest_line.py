#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""manifest_line.py - the manifest line of a native driver, from its ELF.

usage: manifest_line.py NAME ELF OBJCOPY DRIVERS_CONFIG

The driver's own words stand in the section dddk_manifest (DDDK_DRIVER in
dddk/driver.h), which is never loaded; NATIVE_X_... lines of drivers.config
change them.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(TOP / "dde-linux/build"))
import drivers_config  # noqa: E402
import settings  # noqa: E402

# What a driver may say of itself; the rest is the same for all, or granted.
WORD = re.compile(r"(class|match|stack_kib|dma_kib|priority)=[^ =]+")
NEEDED = {"class", "match"}
DEFAULTS = {"stack_kib": "4"}


def words_of(elf, objcopy):
    """The words in an ELF's section dddk_manifest, as {key: value}."""
    with tempfile.TemporaryDirectory() as folder:
        section = pathlib.Path(folder) / "words"
        subprocess.run([objcopy, "--dump-section", f"dddk_manifest={section}",
                        elf, pathlib.Path(folder) / "copy"], check=True)
        text = section.read_text(encoding="ascii")
    bad = [word for word in text.split() if not WORD.fullmatch(word)]
    words = dict(word.split("=", 1) for word in text.split() if word not in bad)
    if bad or not NEEDED <= words.keys():
        sys.exit(f"{elf}: DDDK_DRIVER(\"{text}\"): "
                 + (f"'{bad[0]}' is no word of a driver" if bad else
                    f"class= and match= are needed"))
    return {**DEFAULTS, **words}


def main():
    """Print the line."""
    name, elf, objcopy, config = sys.argv[1:]
    text = pathlib.Path(config).read_text(encoding="utf-8")
    entries, _ = drivers_config.parse(text, config)
    changes = next((e.settings for e in entries
                    if e.kind == "NATIVE" and e.name == name), {})
    words = " ".join(f"{key}={value}"
                     for key, value in words_of(elf, objcopy).items())
    print(f"native_{name} elf=native_{name}.elf kind=native start=device "
          + settings.manifest_words(words, changes))


if __name__ == "__main__":
    main()
