"""Product sheets by their present names: an office may rename a sheet, formulas and links must follow."""

from __future__ import annotations

from collections.abc import Mapping

from kaohe.workbooks.package.refs import quote_sheet


class SheetNames:
    """Product key → quoted present name; a sheet that does not exist yet has its key as its name."""

    def __init__(self, present: Mapping[str, str]) -> None:
        self._present = dict(present)

    def __getitem__(self, key: str) -> str:
        return quote_sheet(self._present.get(key, key))
