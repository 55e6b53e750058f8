"""What can be wrong: with a formula (when it is read) and with a value (when it is computed)."""

from __future__ import annotations

from enum import IntEnum


class FormulaError(ValueError):
    """A formula that is refused: which token, where (counted from 1 in the typed text), why, how to mend."""

    def __init__(self, token: str, position: int, reason: str) -> None:
        self.token = token
        self.position = position
        self.reason = reason
        super().__init__(str(self))

    def __str__(self) -> str:
        shown = f"“{self.token}”" if self.token else "处"
        return f"公式第{self.position}个字符{shown}:{self.reason}"

    def __reduce__(self) -> tuple[type[FormulaError], tuple[str, int, str]]:
        return type(self), (self.token, self.position, self.reason)


class Error(IntEnum):
    """Error values by their number in Excel's ERROR.TYPE."""

    NULL = 1
    DIV0 = 2
    VALUE = 3
    REF = 4
    NAME = 5
    NUM = 6
    NA = 7


ERROR_TEXTS = {
    Error.NULL: "#NULL!",
    Error.DIV0: "#DIV/0!",
    Error.VALUE: "#VALUE!",
    Error.REF: "#REF!",
    Error.NAME: "#NAME?",
    Error.NUM: "#NUM!",
    Error.NA: "#N/A",
}


class ErrorValue(str):
    """An error in a column of values, such as ``#DIV/0!``; unlike a word that happens to look so."""

    __slots__ = ()

    @property
    def error(self) -> Error:
        return next((error for error, text in ERROR_TEXTS.items() if text == self), Error.VALUE)


def error_value(error: Error) -> ErrorValue:
    return ErrorValue(ERROR_TEXTS[error])
