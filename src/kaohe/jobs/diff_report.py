"""A comparison as plain data for other programs, and as sheets. The schema is docs/diff.schema.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kaohe.assess.differences import Difference, Names
from kaohe.assess.differences_replay import Cause, ScoreChange, UnitChange
from kaohe.assess.standing import Standing
from kaohe.jobs.diff import Diff, Side
from kaohe.sheets.diff_sheet import Head, diff_sheets, scheme_sheet
from kaohe.sheets.explain_sheet import place_of
from kaohe.version import __version__
from kaohe.workbooks.plan import SheetPlan

KIND = "变化"


def names_of(found: Diff) -> Names:
    """Names of both sides' units and indicators."""
    return Names.of(found.before.book.scheme, found.after.book.scheme)


def sheets_of(found: Diff, scheme_only: bool) -> tuple[SheetPlan, ...]:
    """The sheets of a comparison; of the scheme alone only 修改对照表."""
    settings = found.after.scheme.settings
    notice = str(settings["数据声明"])
    notes = (notice, *found.notes) if notice else found.notes
    head = Head(str(settings["方案名称"]), *sides_words(found), notes)
    if scheme_only:
        return (scheme_sheet(head, found.differences),)
    return (
        *diff_sheets(head, found.attribution, found.differences, names_of(found)),
        scheme_sheet(head, found.differences),
    )


def sides_words(found: Diff) -> tuple[str, str]:
    """Which state of which file; files of one name with the folders they stand in."""
    alike = found.before.path.name == found.after.path.name
    return _side_words(found.before, alike), _side_words(found.after, alike)


def _side_words(side: Side, with_folder: bool) -> str:
    """总表.xlsx 2016年全年 初步 方案版本 05103eb9d8."""
    title = side.period.title if side.period else "没有期次"
    folder = f"{side.path.resolve().parent.name}/" if with_folder else ""
    words = [folder + side.path.name, title, side.state or "没有结果", f"方案版本 {side.scheme.version}"]
    return " ".join(words)


def diff_report(found: Diff) -> dict[str, Any]:
    """Everything that differs. Scores in points (分); None where there is nothing."""
    at = {row: number for number, row in enumerate(found.differences)}
    names = names_of(found)
    return {
        "program": f"kaohe {__version__}",
        "kind": KIND,
        "before": _side(found.before),
        "after": _side(found.after),
        "notes": list(found.notes),
        "replayed": found.replayed,
        "differences": [_difference(row) for row in found.differences],
        "units": [_unit(row, at) for row in found.attribution.units],
        "scores": [_score(row, at, names) for row in found.attribution.scores],
    }


def _side(side: Side) -> dict[str, Any]:
    settings = side.scheme.settings
    return {
        "workbook": side.path.name,
        "sha256": side.book.sha256,
        "period": side.period.code if side.period else None,
        "state": side.state or None,
        "scheme": str(settings["方案代码"]),
        "name": str(settings["方案名称"]),
        "version": side.scheme.version,
        "notice": str(settings["数据声明"]),
    }


def _difference(row: Difference) -> dict[str, Any]:
    return {
        "table": row.title,
        "kind": row.kind,
        "row": row.name,
        "field": row.field or None,
        "before": row.before or None,
        "after": row.after or None,
        "place_before": place_of(row.place_before) or None,
        "place_after": place_of(row.place_after) or None,
        "unit": row.unit or None,
        "indicator": row.indicator or None,
        "period": row.period or None,
        "clause": row.clause or None,
        "file": row.file or None,
        "of_scheme": row.of_scheme,
    }


def _unit(row: UnitChange, at: Mapping[Difference, int]) -> dict[str, Any]:
    return {
        "unit": row.unit.code,
        "name": row.unit.name,
        "group": row.unit.group,
        "before": _standing(row.before),
        "after": _standing(row.after),
        "causes": [_cause(cause, at) for cause in row.causes],
        "rank_causes": [_cause(cause, at) for cause in row.ranked],
        "grade_causes": [_cause(cause, at) for cause in row.graded],
    }


def _score(row: ScoreChange, at: Mapping[Difference, int], names: Names) -> dict[str, Any]:
    known = names.indicators.get(row.indicator)
    return {
        "unit": row.unit.code,
        "indicator": row.indicator,
        "name": known.name if known else "",
        "before": row.before,
        "after": row.after,
        "causes": [_cause(cause, at) for cause in row.causes],
    }


def _standing(row: Standing | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "total": row.total,
        "rate": row.rate,
        "rank": row.rank,
        "grade": row.grade or None,
        "state": row.state,
    }


def _cause(cause: Cause, at: Mapping[Difference, int]) -> dict[str, Any]:
    """``differences``: places in the list of all differences, from 0."""
    return {
        "kind": cause.kind,
        "before": cause.before,
        "after": cause.after,
        "others": cause.others,
        "differences": [at[row] for row in cause.differences],
    }
