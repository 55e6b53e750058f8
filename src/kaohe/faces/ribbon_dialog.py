"""How a button talks to the person in front of the workbook: message boxes and the status bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from kaohe.findings import SEVERITY_TITLES, Finding
from kaohe.workbooks.open_book_desktop import show_status

Answer = Literal["yes", "no", "cancel"]
TITLE = "绩效考核"
SHOWN = 10
"""Findings listed in a message; the rest is counted."""
LONGEST = 1_000
"""Signs of a message: a message box of Excel cuts off what is beyond."""


class Trouble(str):
    """A closing message of work that was not, or not wholly, done."""

    __slots__ = ()


class Dialog(Protocol):
    """What buttons need; tests put a stand-in here."""

    def tell(self, text: str, trouble: bool = False) -> None:
        """Show a message."""

    def ask(self, text: str, cancel: bool = False) -> Answer:
        """Ask a question; ``cancel``: with a third button."""

    def status(self, text: str) -> None:
        """Show progress; '' clears it."""


@dataclass(frozen=True)
class ExcelDialog:
    """Message boxes and status bar of the program the book is open in."""

    book: Any

    def tell(self, text: str, trouble: bool = False) -> None:
        """A box with one button."""
        self.book.app.alert(clipped(text), TITLE, "ok", "critical" if trouble else "info")

    def ask(self, text: str, cancel: bool = False) -> Answer:
        """A box with 是 and 否 (and 取消); what cannot be asked counts as 取消."""
        buttons = "yes_no_cancel" if cancel else "yes_no"
        answer = self.book.app.alert(clipped(text), TITLE, buttons, "info")
        return answer if answer in ("yes", "no") else "cancel"

    def status(self, text: str) -> None:
        """The status bar, where there is one."""
        show_status(self.book, text)


def clipped(text: str) -> str:
    """As much as a message box shows."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def listed(findings: Sequence[Finding], places: bool = True) -> str:
    """How many findings there are, and the first ones with place and remedy, one a line."""
    lines = [_line(finding, places) for finding in findings[:SHOWN]]
    if len(findings) > SHOWN:
        lines.append(f"…… 另有 {len(findings) - SHOWN} 条。")
    return "\n".join(lines)


def _line(finding: Finding, with_book: bool) -> str:
    place = finding.place if with_book else finding.location.cell
    return (
        f"【{SEVERITY_TITLES[finding.severity]}】{place + ':' if place else ''}{finding.what}{finding.remedy}"
    )


def joined(paragraphs: Iterable[str]) -> str:
    """Paragraphs of a message, those that say something."""
    return "\n\n".join(filter(None, paragraphs))
