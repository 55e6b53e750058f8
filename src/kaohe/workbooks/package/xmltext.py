"""Text as XML writes it → text: the five named characters and characters by number."""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LAST = 0x10FFFF


def unescaped(text: str) -> str:
    """``&#21517;`` and ``&#x540D;`` are 名, as some programs write every Chinese character."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    number = int(match[2]) if match[2] else int(match[3], 16)
    return chr(number) if number <= _LAST else match[0]
