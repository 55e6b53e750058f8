"""What result sheets have to know of the workbook they stand in: names of sheets, a choice, what was decided.

An office may rename a sheet, formulas and links must follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaohe.model import Decided
from kaohe.workbooks.package.refs import quote_sheet


class SheetNames:
    """Product key → quoted present name; a sheet that does not exist yet has its key as its name.

    ``chosen``: the unit somebody chose on 图表 (name or code, as typed). ``decided``: the rows of 定稿登记.
    """

    def __init__(self, present: Mapping[str, str], chosen: str = "", decided: Sequence[Decided] = ()) -> None:
        self._present = dict(present)
        self.chosen = chosen
        self.decided = tuple(decided)

    def __getitem__(self, key: str) -> str:
        return quote_sheet(self._present.get(key, key))
