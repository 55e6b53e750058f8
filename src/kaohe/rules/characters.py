"""Typed characters to formula characters: Chinese input methods produce （），％；“” and full-width digits.

Outside quoted text every full-width form becomes the half-width one that Excel knows; inside quotes nothing
is touched. Positions in the typed text are kept, because messages must point to what the person sees.
"""

from __future__ import annotations

from dataclasses import dataclass

from kaohe.rules.errors import FormulaError

_SPACES = "\u3000\u00a0\n\r\t"
_OTHERS = {
    "×": "*",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "<>",
    "−": "-",
    "–": "-",
    "、": ",",
    "“": '"',
    "”": '"',
    "„": '"',
    "＂": '"',
}
HALF_WIDTH = (
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(_SPACES, " ") | _OTHERS
)
_CLOSING = {'"': '"＂', "“": '”"', "”": '”"“', "„": '“”"', "＂": '"＂'}

_CELL = "不能引用单元格,请写指标名称(如 完成值)"
_REFUSED = {
    "[": "不能引用其他工作簿或表格的列,请写指标名称(如 完成值)",
    "]": "不能引用其他工作簿或表格的列,请写指标名称(如 完成值)",
    "!": "不能引用其他工作表,请写指标名称(如 完成值)",
    "'": "这里不能用单引号;文字请用双引号括起来",
    "$": _CELL,
    ":": _CELL,
    "#": "不能直接写错误值,请删去",
    "&": "不能连接文字,请只写计算和比较",
    "@": "不能用“@”,请删去",
    "\\": "不认识这个符号,请删去",
}
_BREAKS = set(" +-*/^=<>(){},;%&\"'")


@dataclass(frozen=True, slots=True)
class Normalised:
    """The half-width text; ``origin[i]`` is the index in the typed text of its i-th character."""

    text: str
    origin: tuple[int, ...]

    def position(self, index: int) -> int:
        """Position, counted from 1, in the typed text."""
        if index < len(self.origin):
            return self.origin[index] + 1
        return self.origin[-1] + 2 if self.origin else 1


def half_width(word: str) -> str:
    """A word with its full-width characters made half-width (Chinese characters stay)."""
    return "".join(HALF_WIDTH.get(char, char) for char in word)


def normalise(typed: str) -> Normalised:
    """The formula in half-width characters; raises FormulaError for what no formula may contain."""
    pieces: list[str] = []
    origin: list[int] = []
    index = 0
    while index < len(typed):
        piece = HALF_WIDTH.get(typed[index], typed[index])
        end = index + 1
        if piece == '"':
            end = _end_of_quote(typed, index)
            piece = '"' + _inside_quote(typed, index, end) + '"'
        elif piece in _REFUSED:
            start, stop = _word_around(typed, index)
            raise FormulaError(typed[start:stop], start + 1, _REFUSED[piece])
        pieces.append(piece)
        # A quoted text may change its length by doubled quotes; its first character is what counts.
        origin.extend([index] * len(piece))
        index = end
    return Normalised("".join(pieces), tuple(origin))


def _end_of_quote(typed: str, start: int) -> int:
    """Index behind the closing quote; a doubled straight quote belongs to the text."""
    closing = _CLOSING[typed[start]]
    index = start + 1
    while index < len(typed):
        if typed[index] in closing:
            if typed[index] == '"' and typed[index + 1 : index + 2] == '"':
                index += 2
                continue
            return index + 1
        index += 1
    raise FormulaError(typed[start : start + 8], start + 1, "引号没有配对,请补上后面的引号")


def _inside_quote(typed: str, start: int, end: int) -> str:
    return typed[start + 1 : end - 1].replace('""', '"').replace('"', '""')


def _word_around(typed: str, index: int) -> tuple[int, int]:
    """The run of characters around an index that a reader sees as one word."""
    start = stop = index
    while start > 0 and HALF_WIDTH.get(typed[start - 1], typed[start - 1]) not in _BREAKS:
        start -= 1
    while stop < len(typed) and (stop == index or HALF_WIDTH.get(typed[stop], typed[stop]) not in _BREAKS):
        stop += 1
    return start, stop
