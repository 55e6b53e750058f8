"""Who follows whom into the next year: 单位沿革 applied to every table that names a unit (Y12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kaohe import terms
from kaohe.assess.history import MERGED, RENAMED, SPLIT
from kaohe.assess.load_cells import listed, read_date
from kaohe.tables import Row, Scalar, Table

Values = Mapping[str, Scalar]
Rows = tuple[Values, ...]

_LISTS = (("indicator", "applies_to"), ("outcome", "scope"), ("crosscheck", "scope"))
"""Columns that hold several codes, as 顿号-separated lists (a class or a group may stand there, too)."""
_LEFT_OUT = "从《单位》去掉"
_DEPTH = (RENAMED, MERGED, SPLIT)
"""What weighs more when several things happened to a unit in one year."""


@dataclass(frozen=True)
class Moves:
    """Old code → its codes in the new year, and how; a code that is not in it stays."""

    onwards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    how: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """New code → its name, where 单位沿革 gives one."""

    def of(self, code: str) -> tuple[str, ...]:
        """The codes that follow; the code itself when nothing happened to it."""
        return self.onwards.get(code, (code,))

    def sources(self, code: str) -> tuple[str, ...]:
        """The old codes a new one follows, itself among them only when it went on."""
        before = tuple(old for old, new in self.onwards.items() if code in new and old != code)
        stays = code not in self.onwards or code in self.onwards[code]
        return (*((code,) if stays else ()), *before)


def moves_of(table: Table | None, year: int, units: Iterable[str]) -> tuple[Moves, tuple[str, ...]]:
    """What 单位沿革 says happened after the first day of ``year``, up to the first of the next one.

    ``units``: the codes that were assessed in the year. What happened to a code that is not among them, or
    led to a unit that is already there beside it, was carried out before. Steps follow each other by date.
    Also returns notes about rows that cannot be followed.
    """
    onwards: dict[str, tuple[str, ...]] = {code: (code,) for code in units}
    how: dict[str, str] = {}
    names: dict[str, str] = {}
    steps, notes = _steps(table, year)
    for (_, old, kind), rows in steps.items():
        new = tuple(dict.fromkeys(row.text("new") for row in rows))
        now = {code for after in onwards.values() for code in after}
        if kind == SPLIT:
            new = tuple(code for code in new if code == old or code not in now)
        elif kind == RENAMED and (len(new) > 1 or (new[0] != old and new[0] in now)):
            where = "、".join(str(row.number) for row in rows)
            notes.append(f"《单位沿革》第 {where} 行:{old} 更名为{'、'.join(new)},与《单位》不符,没有采用。")
            continue
        mine = [code for code, after in onwards.items() if old in after]
        if not mine or not new or (new == (old,) and kind != RENAMED):
            continue
        for code in mine:
            after = [each for at in onwards[code] for each in (new if at == old else (at,))]
            onwards[code] = tuple(dict.fromkeys(after))
            how[code] = max(kind, how.get(code, kind), key=_DEPTH.index)
        names |= {row.text("new"): row.text("new_name") for row in rows if row.text("new_name")}
    return Moves({code: onwards[code] for code in how}, how, names), tuple(notes)


def _steps(table: Table | None, year: int) -> tuple[dict[tuple[dt.date, str, str], list[Row]], list[str]]:
    """Rows of the year in the order of their days, those that tell one step together; and notes."""
    found: dict[tuple[dt.date, str, str], list[Row]] = {}
    notes: list[str] = []
    first, last = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    for row in table.rows if table else ():
        day = read_date(row.text("date"))
        if day is None:
            notes.append(f"《单位沿革》第 {row.number} 行的日期“{row.text('date')}”看不懂,没有采用。")
        elif first < day <= last:
            old, new, kind = row.text("old"), row.text("new"), row.text("how")
            if old and new and kind in terms.SUCCESSIONS:
                found.setdefault((day, old, kind), []).append(row)
            else:
                notes.append(f"《单位沿革》第 {row.number} 行不全(原代码、现代码、方式),没有采用。")
    return dict(sorted(found.items(), key=lambda item: item[0][0])), notes


def moved_units(rows: Sequence[Row], moves: Moves) -> tuple[Rows, tuple[str, ...]]:
    """《单位》 of the new year: renamed units in their place, a merged or split one where the first stood."""
    there = {row.text("code") for row in rows}
    gone = {old for old, new in moves.onwards.items() if old not in new}
    found: list[Values] = []
    notes: list[str] = []
    placed: set[str] = set()
    for row in rows:
        code = row.text("code")
        if code not in moves.onwards:
            found.append(row.values)
            continue
        for new in moves.of(code):
            if new in placed or (new in there and new != code):
                continue
            placed.add(new)
            name = moves.names.get(new) or (row.text("name") if moves.how[code] == RENAMED else "")
            if new == code and not moves.names.get(new):
                name = row.text("name")
            if not name:
                notes.append(f"{moves.how[code]}后的单位 {new} 没有写名称(《单位沿革》“现单位名称”),请补上。")
            found.append({**row.values, "code": new, "name": name or new})
        if code in gone:
            notes.append(
                f"{row.text('name')}({code}){moves.how[code]}为{'、'.join(moves.of(code))},{_LEFT_OUT}。"
            )
    return tuple(found), tuple(notes)


def with_codes_moved(tables: Mapping[str, Table], moves: Moves) -> tuple[dict[str, Rows], tuple[str, ...]]:
    """Rows of the tables that name units elsewhere, with today's codes; only tables that change."""
    if not moves.onwards:
        return {}, ()
    changed: dict[str, Rows] = {}
    notes: list[str] = []
    for key, column in _LISTS:
        if key in tables:
            rows = tuple(_relisted(row, column, moves) for row in tables[key].rows)
            changed |= _if_changed(key, tables[key], rows)
    if "person" in tables:
        people = tuple(_single(row, "belongs_to", moves, notes, "《人员》") for row in tables["person"].rows)
        changed |= _if_changed("person", tables["person"], people)
    if "parameter" in tables:
        changed |= _if_changed(
            "parameter", tables["parameter"], _parameters(tables["parameter"], moves, notes)
        )
    return changed, tuple(notes)


def moved_code(row: Row, column: str, moves: Moves, notes: list[str], where: str) -> Values:
    """The row with the code that follows; of a split unit the first one, which is noted."""
    return _single(row, column, moves, notes, where)


def _single(row: Row, column: str, moves: Moves, notes: list[str], where: str) -> Values:
    code = row.text(column)
    new = moves.of(code)
    if new == (code,):
        return row.values
    if len(new) > 1:
        notes.append(f"{where}第 {row.number} 行的 {code} 已拆分为{'、'.join(new)},暂归 {new[0]},请核对。")
    return {**row.values, column: new[0]}


def _relisted(row: Row, column: str, moves: Moves) -> Values:
    tokens = listed(row.text(column))
    new = tuple(dict.fromkeys(code for token in tokens for code in moves.of(token)))
    return row.values if new == tuple(tokens) else {**row.values, column: "、".join(new)}


def _parameters(table: Table, moves: Moves, notes: list[str]) -> Rows:
    """参数 of a merged unit: of two rows the first counts, and it is noted where they differ."""
    found: list[Values] = []
    seen: dict[tuple[str, str, str], Scalar] = {}
    for row in table.rows:
        scope = row.text("scope")
        for new in moves.of(scope):
            key = (row.text("indicator"), new, row.text("name"))
            value = row.values.get("value")
            if (scope in moves.onwards or key in seen) and key in seen and not row.text("valid_from"):
                if seen[key] != value:
                    notes.append(f"《参数》{key[0]} {key[2]}:合并前各单位的值不同,取第一个,请核对 {new}。")
                continue
            seen.setdefault(key, value)
            found.append(row.values if new == scope else {**row.values, "scope": new})
    return tuple(found)


def _if_changed(key: str, table: Table, rows: Rows) -> dict[str, Rows]:
    return {} if rows == tuple(row.values for row in table.rows) else {key: rows}


def told_of(moves: Moves) -> tuple[str, ...]:
    """One line for each unit something happened to."""
    words = {RENAMED: "更名为", MERGED: "并入", SPLIT: "拆分为"}
    return tuple(f"{old} {words[moves.how[old]]} {'、'.join(new)}" for old, new in moves.onwards.items())


def both(first: Table | None, extra: Table | None) -> Table | None:
    """The rows of 单位沿革 and those of a file beside it, as one table; rows that stand in both only once."""
    if first is None or extra is None:
        return first or extra
    known = {_key(row) for row in first.rows}
    return replace(first, rows=(*first.rows, *(row for row in extra.rows if _key(row) not in known)))


def _key(row: Row) -> tuple[str, str, str]:
    return row.text("old"), row.text("new"), row.text("how")
