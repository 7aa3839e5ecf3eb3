# SPDX-License-Identifier: BSD-2-Clause
"""documented.py - does every public function say what it does, and how it ends?

A public header's function has a comment in front of it, its own or that of the
group without blank lines in which it stands; read8, read16, read32 have one. That
of one which can fail (enum k_err) names its errors, or the function that does;
that of an int says what its numbers mean, or asks the question they answer.
"""
import re

import style

ROOMS = ("dddk/include", "glue/include")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FUNCTION = re.compile(r"^(?:static inline |__attribute__\(\(\w+\)\)\s)*"
                      r"([\w ]+?[ *]+)(?:__attribute__\S+ )?"
                      r"([a-z]\w+)\s*\(", re.S)
ENDS = re.compile(r"\bReturns?\b|\bK_ERR_|\bK_OK\b|"
                  r"[Aa]s (?:of )?(?:dddk|glue)_\w+")
ANSWER = re.compile(r"\?\s|\b-?[01]\b")    # of an int: a question, or numbers
LIBRARY = re.compile(r"(?:mem|str)\w+$")    # the C library's own names


def items(text):
    """What stands at the top level of a header: (line, kind, text)."""
    at = 0
    while at < len(text):
        line = text.count("\n", 0, at) + 1
        if text.startswith("/*", at):
            end = text.index("*/", at) + 2
            yield line, "comment", text[at:end]
        elif text[at] == "#":
            end = re.compile(r"(?:\\\n|[^\n])*").match(text, at).end()
            yield line, "directive", text[at:end]
        elif text[at] == "\n":
            end = at + 1
            if text.startswith("\n", end):
                yield line, "blank", ""
        elif text[at].isspace():
            end = at + 1
        else:
            end = declaration_end(text, at)
            yield line, "declaration", text[at:end]
        at = end


def declaration_end(text, at):
    """Behind the `;` or `}` that closes what begins here."""
    depth = 0
    while at < len(text):
        if text.startswith("/*", at):
            at = text.index("*/", at) + 1
        elif text[at] in "({":
            depth += 1
        elif text[at] in ")}":
            depth -= 1
            if depth == 0 and text[at] == "}" and \
                    not re.match(r"[\w ]*(?:__attribute__[^;]*)?;",
                                 text[at + 1:]):
                return at + 1
        elif text[at] == ";" and depth == 0:
            return at + 1
        at += 1
    return at


def function_of(declaration):
    """(type, name) of a function; None for anything else."""
    plain = COMMENT.sub("", declaration).replace("\n", " ")
    found = FUNCTION.match(plain)
    if not found or LIBRARY.match(found[2]) or \
            re.match(r"(typedef|struct \w+ \{|enum \w+ \{)", plain):
        return None
    return " ".join(found[1].split()), found[2]


def judge(kind, name, comment):
    """What is wrong with a function's comment; None if nothing is."""
    if not comment:
        return f"{name}: no comment in front of it"
    if kind == "enum k_err" and not ENDS.search(comment):
        return f"{name}: its comment names no error: Return, K_ERR_..."
    if kind == "int" and not (ENDS.search(comment) or ANSWER.search(comment)):
        return f"{name}: its comment does not say what is returned"
    return None


def judge_header(text):
    """(line, complaint) of each function that is not documented."""
    comment, behind, family = None, None, None
    for line, kind, item in items(text):
        if kind == "comment":
            comment, family = item, None
        elif kind == "blank" or (kind == "directive" and behind != "comment"):
            comment = None
        function = function_of(item) if kind == "declaration" else None
        if function:
            own = re.sub(r"\d+$", "", function[1])
            wrong = judge(*function, comment)
            if wrong and own != family:
                yield line, wrong
            family = own
        behind = kind


def findings():
    """The complaints about all public headers."""
    for room in ROOMS:
        for path in sorted((style.TOP / room).rglob("*.h")):
            for line, wrong in judge_header(path.read_text()):
                yield f"{path.relative_to(style.TOP)}:{line}: {wrong}"
