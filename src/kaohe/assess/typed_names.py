"""Codes and names of a scheme as people type them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kaohe import terms
from kaohe.model import ReturnedRow, Scheme
from kaohe.tables import plain

_BRACKETS = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True)
class Names:
    """Codes and names of a scheme as people type them."""

    scheme: Scheme

    @cached_property
    def indicators(self) -> Mapping[str, str]:
        """Code, however it is spelled → code."""
        return _unique((code_key(row.code), row.code) for row in self.scheme.indicators)

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Code of a unit or person, however it is spelled → code."""
        return _unique((code_key(row.code), row.code) for row in self.scheme.units)

    def code(self, typed: str) -> str:
        """The indicator's code that was typed, exactly or however it is spelled; '' for none."""
        if typed in self.scheme.indicator_by_code:
            return typed
        return self.indicators.get(code_key(typed), "")

    def unit_code(self, typed: str) -> str:
        """The code of the unit or person that was typed; '' for none."""
        return typed if typed in self.scheme.unit_by_code else self.units.get(code_key(typed), "")

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Name → the one indicator of that name; also without what stands in brackets behind it."""
        rows = self.scheme.indicators
        whole = _unique((plain(row.name), row.code) for row in rows)
        bare = _unique((short(row.name), row.code) for row in rows)
        return {**bare, **whole}

    @cached_property
    def units_by_name(self) -> Mapping[str, str]:
        """Name of a unit; a person's name, also with the unit's behind it → code."""
        by_code = self.scheme.unit_by_code
        named = [(plain(row.name), row.code) for row in self.scheme.units]
        for row in self.scheme.units:
            if row.kind == terms.KIND_PERSON and row.belongs_to in by_code:
                named.append((plain(f"{row.name}({by_code[row.belongs_to].name})"), row.code))
        return _unique(named)

    @cached_property
    def _settled(self) -> dict[tuple[str, str, str, str], bool]:
        return {}

    def settled(self, row: ReturnedRow) -> bool:
        """Whether there is nothing to say of a row: all of it as issued. Rows of many forms are the same."""
        key = (row.indicator, row.name, row.unit_of_measure, row.unit)
        if key not in self._settled:
            self._settled[key] = self._as_issued(row)
        return self._settled[key]

    def _as_issued(self, row: ReturnedRow) -> bool:
        indicator = self.scheme.indicator_by_code.get(row.indicator)
        if indicator is None:
            return False
        if row.unit:
            unit = self.scheme.unit_by_code.get(row.unit)
            title, who = titled(row.name, self)
            named = unit is not None and self.units_by_name.get(plain(who), row.unit) == row.unit
            return named and plain(title) == plain(indicator.name)
        measured = row.unit_of_measure in ("", indicator.unit_of_measure)
        return measured and plain(row.name) == plain(indicator.name)

    def indicator(self, name: str) -> str:
        """The indicator of that name; '' when there is none or more than one."""
        return self.by_name.get(plain(name)) or self.by_name.get(short(name), "")


def code_key(code: str) -> str:
    """A code without differences of width, case, spaces and leading noughts."""
    text = plain(code).casefold()
    return text.lstrip("0") or text if text.isdecimal() else text


def short(name: str) -> str:
    """A name without what stands in brackets behind it."""
    return _BRACKETS.sub("", plain(name))


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Key → code, for keys that belong to one code only."""
    rows = sorted({(key, code) for key, code in pairs if key})
    count = Counter(key for key, _ in rows)
    return {key: code for key, code in rows if count[key] == 1}


def titled(name: str, names: Names) -> tuple[str, str]:
    """(indicator, unit) as a cell's name has them: 指标(单位), where either may hold brackets itself."""
    if not name.endswith(")"):
        return name, ""
    places = [at for at, sign in enumerate(name) if sign == "("]
    for at in places:
        if plain(name[at + 1 : -1]) in names.units_by_name:
            return name[:at], name[at + 1 : -1]
    return (name[: places[0]], name[places[0] + 1 : -1]) if places else (name, "")
