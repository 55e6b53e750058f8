"""Product sheets by their present names: an office may rename a sheet, formulas and links must follow."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BARE = re.compile(r"[^\W\d]\w*")


def quoted(name: str) -> str:
    """A sheet name as it stands in a formula or link."""
    return name if _BARE.fullmatch(name) else "'" + name.replace("'", "''") + "'"


class SheetNames:
    """Product key → quoted present name; a sheet that does not exist yet has its key as its name."""

    def __init__(self, present: Mapping[str, str]) -> None:
        self._present = dict(present)

    def __getitem__(self, key: str) -> str:
        return quoted(self._present.get(key, key))
