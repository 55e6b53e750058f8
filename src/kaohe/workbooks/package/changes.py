"""Where references into a sheet that was written lead now: with its columns first, with its rows then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kaohe.workbooks.package.colmap import ColumnMap
from kaohe.workbooks.package.refs import parse_target
from kaohe.workbooks.package.stretch import Stretch
from kaohe.workbooks.plan import SheetPlan

_BETWEEN = re.compile(r",(?=(?:[^']*'[^']*')*[^']*\Z)")
"""A comma that is not part of a quoted sheet's name."""


@dataclass(frozen=True, slots=True)
class Change:
    """A sheet that stood in the workbook and was written again: ``part``, name, and how its table went.

    ``moved``: where its columns went, None when they stayed; ``stretch`` counts from after that.
    """

    part: str
    sheet: str
    plan: SheetPlan
    stretch: Stretch
    moved: ColumnMap | None = None

    def reference(self, text: str, single: bool = True) -> str | None:
        """``$B$5:$B$13`` as it has to read now; None when its columns are gone.

        ``single``: whether one cell may stand for a table of one row, and become a range with it.
        """
        found = self.moved.reference(text) if self.moved else text
        if found is None or not (single or ":" in found):
            return found
        now = self.stretch.text(found)
        return now if single or ":" in now else f"{now}:{now}"


class Changes:
    """All sheets that were written again."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.all = tuple(changes)
        self._by_sheet = {change.sheet.lower(): change for change in changes}

    def of(self, sheet: str) -> Change | None:
        """The change of the sheet of that name; case does not matter."""
        return self._by_sheet.get(sheet.lower())

    def spoken_of(self, content: bytes) -> bool:
        """Whether the name of one of the sheets may stand in a part, as text or in characters by number."""
        return b"&#" in content or any(
            change.sheet.replace("&", "&amp;").replace("'", "''").encode() in content
            or change.sheet.replace("&", "&amp;").encode() in content
            for change in self.all
        )

    def target(self, text: str, single: bool = True) -> str:
        """A reference into one sheet (or several, ``(a,b)``) as it reads now; others stay.

        ``single`` as in :meth:`Change.reference`. What reads columns that are gone stays, too.
        """
        if text.startswith("(") and text.endswith(")"):
            return "(" + ",".join(self.target(part, single) for part in _BETWEEN.split(text[1:-1])) + ")"
        place = parse_target(text)
        change = self.of(place[0]) if place else None
        if place is None or change is None:
            return text
        now = change.reference(place[1], single)
        return text if now is None else text.removesuffix(place[1]) + now

    def formula(self, text: str) -> str:
        """A formula with its references into the sheets as they read now; one cell stays one cell."""
        if not any(change.sheet.lower() in text.replace("''", "'").lower() for change in self.all):
            return text
        from openpyxl.formula import Tokenizer  # costs 0.3 s, so only where a formula names one of the sheets
        from openpyxl.formula.tokenizer import TokenizerError

        try:
            tokens = Tokenizer(f"={text}").items
        except TokenizerError:
            return text
        return "".join(
            self.target(str(token.value), single=False) if token.subtype == "RANGE" else str(token.value)
            for token in tokens
        )
