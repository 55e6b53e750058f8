"""An example as it stands in the documentation, ``KH_RANK({90;85},,"1,2,2,3")``, as a function and values."""

from __future__ import annotations

import re

TOKEN = re.compile(r'"(?:[^"]|"")*"|[^,;{}"]+|[,;{}]')


def read_call(text: str) -> tuple[str, list[object]]:
    """The function's name and its arguments; one that is left out between commas, or at the end, is None."""
    name, _, inside = text.partition("(")
    return name.strip(), _arguments(inside.rsplit(")", 1)[0])


def _arguments(text: str) -> list[object]:
    """Arguments at the top level, separated by commas outside braces and quotes."""
    found: list[list[str]] = [[]]
    depth = 0
    for token in TOKEN.findall(text):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if token == "," and not depth:
            found.append([])
        else:
            found[-1].append(token)
    return [read_value("".join(tokens)) for tokens in found] if text else []


def read_value(text: str) -> object:
    """A number, a text, an array constant as rows, TRUE/FALSE; None for nothing."""
    text = text.strip()
    if text.startswith("{"):
        return [[read_value(cell) for cell in _cells(row)] for row in _rows(text[1:-1])]
    if text.startswith('"'):
        return text[1:-1].replace('""', '"')
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    return float(text) if text else None


def _rows(text: str) -> list[str]:
    return _split(text, ";")


def _cells(text: str) -> list[str]:
    return _split(text, ",")


def _split(text: str, sign: str) -> list[str]:
    found = [""]
    for token in TOKEN.findall(text):
        if token == sign:
            found.append("")
        else:
            found[-1] += token
    return found
