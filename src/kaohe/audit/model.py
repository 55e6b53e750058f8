"""What an audit finds: cells that disagree, and for each engine what it looked at and what it could not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ANEW, FORMULAS, OFFICE, RETURNS, CONTENT, DECISION = (
    "重新计分",
    "formulas",
    "LibreOffice",
    "回收文件",
    "内容校验",
    "审定",
)
"""The engines, by the names an office reads."""
ENGINES: Mapping[str, str] = {
    "anew": ANEW,
    "formulas": FORMULAS,
    "libreoffice": OFFICE,
    "returns": RETURNS,
    "content": CONTENT,
    "decision": DECISION,
}
"""Engine by the word of ``--engine``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell (or one row, or one file) that disagrees.

    ``cell`` is '' where it is about a whole sheet or file, whose name is then in ``sheet``. ``what`` says
    what stands there; ``published`` and ``recomputed`` are shown as text, '' for a blank.
    """

    sheet: str
    cell: str
    what: str
    published: str
    recomputed: str
    engine: str
    follows: bool = False
    """Whether the cell has its right formula, so that its value follows from other cells."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one engine did. ``compared``: cells, rows or files it looked at.

    ``left_out``: reason → how many it could not judge. ``trouble``: why it did not run to its end; '' when it
    did. ``notes`` are what a reader should know and nothing that disagrees.
    """

    engine: str
    compared: int = 0
    differences: tuple[Difference, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    trouble: str = ""
    absent: bool = False
    """Not asked for, or not installed: no fault of the master."""
    notes: tuple[str, ...] = ()
