"""Fold the many ways to write one text: full-width forms, blanks, quotes, odd points.

Nothing here changes a number: what NFKC would silently turn into other digits (``10²`` → 102, ``①`` → 1) is
left for the caller to refuse.
"""

from __future__ import annotations

import re
import unicodedata

_SQUARES = str.maketrans({"²": "2", "³": "3"})
_AFTER_METRE = re.compile(r"(?<=[m米])[²³]")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[^\S\r\n]+(?=[0-9])")
_LINE_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])\s*[\r\n]\s*(?=[0-9])")
_BLANKS = re.compile(r"[^\S \n]+|(?<![0-9])[ \n]+|[ \n]+(?![0-9])")
_FRACTION_AFTER_DIGIT = re.compile(r"(?<=[0-9])(?=[¼½¾⅐-⅞↉])")
_WAVES = str.maketrans("〜∼〰", "~~~")
_CIRCLE = re.compile(r"(?<=[一二三四五六七八九十百千万亿])[○◯]|[○◯](?=[一二三四五六七八九十百千万亿])")
_QUOTES = "'\"‘’“”`´"
_CLOSING = "。;；,，、!！"
_POINT = re.compile(r"(?<=[0-9])[。·•](?=[0-9])")
_SPOKEN_POINT = re.compile(r"(?<=[0-9])点(?=[0-9])")
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-4])点[0-5][0-9]分?")
CIRCLED = "含有上标、带圈或其他特殊数字"


def fold(text: str) -> str:
    """The text in one spelling: half-width, one blank between digits and no other, no quotes, no stop."""
    text = _AFTER_METRE.sub(lambda match: match[0].translate(_SQUARES), text)
    text = _FRACTION_AFTER_DIGIT.sub("又", text)
    text = "".join([ch for ch in unicodedata.normalize("NFKC", text) if not _unseen(ch)])
    text = _CIRCLE.sub("〇", text.translate(_WAVES).replace("⁄", "/").replace("∕", "/"))
    text = _LINE_BETWEEN_DIGITS.sub("\n", text.strip())
    text = _BLANKS.sub("", _BETWEEN_DIGITS.sub(" ", text))
    return text.strip(_QUOTES).rstrip(_CLOSING).strip(_QUOTES)


def _unseen(ch: str) -> bool:
    """Signs that show nothing: joiners and marks of direction, control characters other than blanks."""
    kind = unicodedata.category(ch)
    return kind == "Cf" or (kind == "Cc" and not ch.isspace())


def has_odd_digits(text: str) -> bool:
    """Superscripts, circled digits and the like: numbers that are neither digits nor fractions."""
    rest = _AFTER_METRE.sub("", text)
    return any(
        unicodedata.category(ch) == "No" and "VULGAR FRACTION" not in unicodedata.name(ch, "") for ch in rest
    )


def mend_point(text: str) -> str:
    """``12。5``, ``12·5`` and ``92点5`` → a point; ``8点30`` may be a time and stays."""
    text = _POINT.sub(".", text)
    return text if _CLOCK.fullmatch(text) else _SPOKEN_POINT.sub(".", text)
