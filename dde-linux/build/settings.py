#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""settings.py - lines of drivers.config that say how a listed driver runs.

  DDE_X_STACK_KIB=n  DDE_X_DMA_KIB=n   instead of its quota
  DDE_X_ABSENT=wait|end  without a device: clients wait, or are told at once
  DDE_X_DEVICE="/a /b"   drive these nodes of the device tree and no others
  DDE_X_SHARE=y          take turns with a driver of the same devices
  DDE_X_STALL_MS=n       its device may take so long to answer; 1000 without
So for a native driver, NATIVE_X_...
For Linux's drivers also
  DDE_X_ARGS="a=1 b=2"   module parameters
  DDE_X_STRICT=y         stop at the first missing function or broken rule of DMA
  DDE_X_DEVICE_ID=name   by this name of the driver's platform ids

A symbol of Linux may end in such a word too, so a line is a setting only if
the file names the driver before it. Each becomes words of the manifest line
(docs/manifest.md). Read next: drivers_config.py, link_driver.py
"""
import re

LINE = re.compile(r"^((?:DDE|NATIVE)_[A-Z0-9_]+)_"
                  r"(STACK_KIB|DMA_KIB|STALL_MS|ARGS|STRICT|ABSENT|"
                  r"SHARE|DEVICE|DEVICE_ID)=(.*)$")
LINUX_ONLY = ("ARGS", "STRICT", "DEVICE_ID")
# Numbers, and the most that the broker takes (broker/policy.c).
NUMBER_MAX = {"STACK_KIB": 252, "DMA_KIB": 64 * 1024, "STALL_MS": 3600 * 1000}
CHOICES = {"STRICT": ("y", "n"), "SHARE": ("y", "n"), "ABSENT": ("wait", "end")}
ARGS_MAX = 200  # of the 256 bytes in the env page
# A path or an alias (Devicetree Specification 0.4, 2.2.1 and 3.3).
NODE = re.compile(r"(/[A-Za-z0-9,._+-]+(@[A-Za-z0-9,._+-]+)?)+|[a-z0-9-]+")
NODE_MAX = 127  # of the env page
# PLATFORM_NAME_SIZE of Linux, with its final 0.
DEVICE_ID = re.compile(r"[A-Za-z0-9,._+-]{1,19}")


def split(text):
    """(DDE_X, key, value) of a line that looks like a setting, or None."""
    match = LINE.match(text)
    return match.groups() if match else None


def check_args(value):
    """Why a value of ARGS cannot be, or None."""
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return "write the module parameters in quotes: \"depth=64 loud=y\""
    inside = value[1:-1]
    if re.search(r'["#]|[^ -~]', inside):
        return ("a module parameter here is printable ASCII without quotes "
                "and without #")
    if len(inside) > ARGS_MAX:
        return f"at most {ARGS_MAX} characters of module parameters"
    return None


def check_device(value):
    """Why a value of DEVICE cannot be, or None."""
    nodes = value[1:-1].split()
    if len(value) < 3 or value[0] != '"' or value[-1] != '"' or not nodes:
        return ("write nodes of the device tree in quotes, by path or alias: "
                "\"/pl031@9010000\"")
    for node in nodes:
        if not NODE.fullmatch(node) or len(node) > NODE_MAX:
            return f"'{node}' is neither a path in a device tree nor an alias"
        if nodes.count(node) > 1:
            return f"'{node}' stands there twice"
    return None


def check_device_id(value):
    """Why a value of DEVICE_ID cannot be, or None."""
    return None if DEVICE_ID.fullmatch(value) else \
        "must be a name of at most 19 characters, without quotes"


CHECKS = {"ARGS": check_args, "DEVICE": check_device,
          "DEVICE_ID": check_device_id}


def check(name, key, value):
    """Why a value is not possible for this setting of a driver, or None."""
    if key in LINUX_ONLY and name.startswith("NATIVE_"):
        return "only a driver of Linux has this setting"
    if key in NUMBER_MAX:
        if re.fullmatch(r"[0-9]{1,9}", value) and \
                1 <= int(value) <= NUMBER_MAX[key]:
            return None
        return f"must be a number from 1 to {NUMBER_MAX[key]}"
    if key in CHOICES:
        return None if value in CHOICES[key] else \
            f"must be {' or '.join(CHOICES[key])}"
    return CHECKS[key](value)


def parameters(settings):
    """The words of ARGS."""
    return settings.get("ARGS", '""')[1:-1].split()


def manifest_words(words, settings):
    """Words of a class's manifest line, with the settings put in.

    In args= a comma separates words, and a doubled one stands for itself.
    """
    result = dict(word.split("=", 1) for word in words.split())
    for key in NUMBER_MAX:
        if key in settings:
            result[key.lower()] = settings[key]
    if "ABSENT" in settings:
        result["absent"] = settings["ABSENT"]
    if settings.get("SHARE") == "y":
        result["share"] = "1"
    if "DEVICE" in settings:
        result["device"] = ":".join(settings["DEVICE"][1:-1].split())
    args = [word.replace(",", ",,") for word in parameters(settings)]
    if settings.get("STRICT") == "y":
        args.append("dde.strict")
        if "DMA_KIB" not in settings:  # room for copies: emul .../swiotlb.c
            result["dma_kib"] = str(2 * int(result["dma_kib"]))
    if "DEVICE_ID" in settings:
        args.append("dde.id=" + settings["DEVICE_ID"].replace(",", ",,"))
    if args:
        result["args"] = ",".join(args)
    return " ".join(f"{key}={value}" for key, value in result.items())
