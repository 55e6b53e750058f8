"""`kaohe diff` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from kaohe.faces.cli_common import DONE, FINDINGS
from kaohe.faces.console import out, progress_bar

if TYPE_CHECKING:
    from kaohe.jobs.diff import Diff

SHOWN = 40
Before = Annotated[Path, typer.Argument(metavar="总表A.xlsx", help="先前的总表,或“备份”里的一份")]
After = Annotated[Path, typer.Argument(metavar="总表B.xlsx", help="后来的总表")]
Period = Annotated[
    str | None, typer.Option("--period", "-p", metavar="期次", help="不写则各为最近汇总的一期")
]
Scheme = Annotated[bool, typer.Option("--scheme", help="只比方案,得出修改对照表(条款、原为、改为)")]
Sheet = Annotated[Path | None, typer.Option("--out", "-o", metavar="变化.xlsx", help="另写一份可打印的表")]
Json = Annotated[Path | None, typer.Option("--json", metavar="变化.json", help="另写一份机器可读的结果")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="覆盖已存在的变化表")]


def compare_masters(
    before: Before,
    after: After,
    period: Period = None,
    scheme: Scheme = False,
    sheet: Sheet = None,
    json_file: Json = None,
    overwrite: Overwrite = False,
) -> None:
    """对比:两份总表(或备份、两年)之间,谁的得分、名次变了,因为什么。退出码:0 没有不同;1 有不同;2 用法不对。"""
    from kaohe.jobs.diff import diff
    from kaohe.jobs.diff_report import KIND, diff_report, sheets_of, sides_words
    from kaohe.jobs.trial_files import expect_json_place, expect_sheet_place, write_json, write_sheets

    if sheet:
        expect_sheet_place(sheet, [before, after], overwrite)
    if json_file:
        expect_json_place(json_file, [before, after], KIND)
    with progress_bar() as progress:
        found = diff(before, after, period_code=period, scheme_only=scheme, progress=progress)
    console = out()
    old, new = sides_words(found)
    console.print(f"之前:{old}\n之后:{new}", markup=False)
    for note in found.notes:
        console.print(f"注意:{note}", style="yellow", markup=False)
    _show(found)
    if sheet:
        write_sheets(sheet, sheets_of(found, scheme), overwrite)
        console.print(f"变化表:{sheet}", markup=False)
    if json_file:
        write_json(json_file, diff_report(found))
        console.print(f"结果已另存:{json_file}", markup=False)
    if not found.any:
        console.print("没有不同。", markup=False)
    raise typer.Exit(FINDINGS if found.any else DONE)


def _show(found: Diff) -> None:
    from kaohe.sheets.diff_words import difference_words

    console = out()
    if found.state_changed:
        words = f"审定状态:{found.before.state or '没有结果'} 改为 {found.after.state or '没有结果'}"
        console.print(words, markup=False)
    for row in found.differences[:SHOWN]:
        console.print(f"{row.title} {difference_words(row)}", markup=False)
    _rest(len(found.differences), "处改动")
    if found.attribution.units:
        console.print(_units(found))
        _rest(len(found.attribution.units), "个单位")
    for score in found.attribution.scores[:SHOWN]:
        console.print(
            _score(found, score.unit.name, score.indicator, score.before, score.after), markup=False
        )
    _rest(len(found.attribution.scores), "项得分")


def _rest(count: int, what: str) -> None:
    if count > SHOWN:
        out().print(f"以上只显示前 {SHOWN} {what},共 {count};加 --out 或 --json 可得全部。", markup=False)


def _score(found: Diff, unit: str, code: str, before: float | None, after: float | None) -> str:
    row = found.after.scheme.indicator_by_code.get(code) or found.before.scheme.indicator_by_code.get(code)
    name = f"{code}《{row.name}》" if row else code
    old, new = ("无" if value is None else f"{value:g}" for value in (before, after))
    return f"得分 {unit} {name}:{old} 改为 {new}"


def _units(found: Diff) -> Table:
    from kaohe.sheets.diff_words import kinds_words, order_words, rank_words

    table = Table()
    for title in ("考核组", "单位", "名次", "得分", "等次", "原因"):
        table.add_column(title, overflow="fold" if title == "原因" else "ellipsis")
    for row in found.attribution.units[:SHOWN]:
        before, after = row.before, row.after
        table.add_row(
            row.unit.group,
            row.unit.name,
            f"{_said(rank_words(before))}→{_said(rank_words(after))}",
            f"{_said(before.total if before else None)}→{_said(after.total if after else None)}",
            _grades(before.grade if before else "", after.grade if after else ""),
            kinds_words(row.causes) or order_words((*row.ranked, *row.graded)),
        )
    return table


def _grades(before: str, after: str) -> str:
    return after if before == after else f"{before or '无'}→{after or '无'}"


def _said(value: float | str | None) -> str:
    if value is None:
        return "无"
    return value if isinstance(value, str) else f"{value:g}"
