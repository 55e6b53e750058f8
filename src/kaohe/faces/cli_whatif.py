"""`kaohe whatif` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from kaohe.faces.cli_common import DONE, Master
from kaohe.faces.console import out, progress_bar
from kaohe.jobs.common import JobError

if TYPE_CHECKING:
    from kaohe.assess.whatif import Neighbours
    from kaohe.jobs.whatif import WhatIf
    from kaohe.workbooks.plan import SheetPlan

SHOWN = 40
Texts = list[str] | None


Weights = Annotated[
    Texts,
    typer.Option("--weight", metavar="指标=数", help="换权重(指标或计分部分),可重复;同级其余按比例让"),
]
Methods = Annotated[Texts, typer.Option("--method", metavar="指标=方法", help="换计分方法,可重复")]
Settings = Annotated[
    Texts, typer.Option("--set", metavar="设置=值", help="换《方案》的设置,如 总分小数位=1,可重复")
]
Caps = Annotated[
    Texts, typer.Option("--cap", metavar="部分=数", help="换加分、扣分部分(或其中项目)的上限,可重复")
]
Draws = Annotated[int, typer.Option("--draws", metavar="次数", help="权重随机变几次;0 不试")]
Spread = Annotated[str, typer.Option("--spread", metavar="10%", help="每个权重最多变多少")]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="整数", help="随机数的种子")]
Period = Annotated[str | None, typer.Option("--period", "-p", metavar="期次", help="不写则为最近汇总的一期")]
Units = Annotated[Texts, typer.Option("--unit", "-u", metavar="单位", help="只列出这个单位,可重复")]
Sheet = Annotated[Path | None, typer.Option("--out", "-o", metavar="试算.xlsx", help="另写一份可打印的表")]
Json = Annotated[Path | None, typer.Option("--json", metavar="试算.json", help="另写一份机器可读的结果")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="覆盖已存在的试算表")]


def try_rules(
    master: Master,
    weight: Weights = None,
    method: Methods = None,
    setting: Settings = None,
    cap: Caps = None,
    draws: Draws = 5000,
    spread: Spread = "10%",
    seed: Seed = 1,
    period: Period = None,
    unit: Units = None,
    sheet: Sheet = None,
    json_file: Json = None,
    overwrite: Overwrite = False,
) -> None:
    """试算:换权重、方法、小数位、上限看谁的名次会变,哪些名次站得住;不改总表。"""
    from kaohe.jobs.trial_files import expect_json_place, expect_sheet_place, write_json, write_sheets
    from kaohe.jobs.whatif import Asked, whatif
    from kaohe.jobs.whatif_report import KIND, whatif_report

    if sheet:
        expect_sheet_place(sheet, [master], overwrite)
    if json_file:
        expect_json_place(json_file, [master], KIND)
    asked = Asked(weight or (), method or (), setting or (), cap or ())
    with progress_bar() as progress:
        found = whatif(
            master,
            asked,
            draws=draws,
            spread=_ratio(spread),
            seed=seed,
            period_code=period,
            units=unit or (),
            progress=progress,
        )
    _show(found)
    console = out()
    if sheet:
        write_sheets(sheet, _sheets(found), overwrite)
        console.print(f"试算表:{sheet}", markup=False)
    if json_file:
        write_json(json_file, whatif_report(found))
        console.print(f"结果已另存:{json_file}", markup=False)
    console.print("试算,总表没有改动。", markup=False)
    raise typer.Exit(DONE)


def _sheets(found: WhatIf) -> tuple[SheetPlan, ...]:
    from kaohe.sheets.whatif_sheet import whatif_sheets

    return whatif_sheets(
        found.before,
        found.after,
        found.trial.changes,
        found.moves,
        found.firmness,
        found.notes,
        found.units,
    )


def _ratio(text: str) -> float:
    """10% and 0.1 are the same; 10 is taken for 10%."""
    from kaohe.values.rounding import round_half_away

    typed = text.strip().replace("\uff05", "%")
    try:
        number = float(typed.removesuffix("%"))
    except ValueError:
        raise JobError(f"--spread 应写成 10% 这样的百分数,不能是“{text}”。") from None
    percent = typed.endswith("%") or number >= 1
    return float(round_half_away(number / 100, 12)) if percent else number


def _show(found: WhatIf) -> None:
    from kaohe.sheets.whatif_sheet import change_words, draws_words

    console = out()
    console.print(f"{found.period.title} 试算", style="bold", markup=False)
    for change in found.trial.changes:
        console.print(f"  {change.what} {change_words(change)}", markup=False)
    for note in found.notes:
        console.print(f"  注意:{note}", style="yellow", markup=False)
    if found.firmness.draws is not None:
        console.print(f"  {draws_words(found.firmness.draws)}", markup=False)
    console.print(_table(found))
    moved = [move for move in found.moves if move.moved]
    if found.trial.changes:
        console.print(f"名次或等次变动的 {len(moved)} 个,共 {len(found.moves)} 个。", markup=False)
    holds = found.firmness.holds.values()
    if found.firmness.draws is not None:
        firm = sum(hold.kept == 1 for hold in holds)
        console.print(f"名次始终不变的 {firm} 个,有名次的共 {len(holds)} 个。", markup=False)
    rounded = [pair for pair in found.firmness.neighbours if pair.rounding]
    for pair in rounded[:SHOWN]:
        console.print(_rounded_words(pair), markup=False)
    if rounded:
        told = "以上是舍入造成的,不必处理;要看按舍入前的数排名会怎样,可加 --set 排名取数=舍入前。"
        console.print(told, markup=False)


def _rounded_words(pair: Neighbours) -> str:
    """Two neighbours whose order only rounding made, as a sentence."""
    from kaohe.assess.whatif import EQUALLED

    ahead, behind = pair.ahead.unit.name, pair.behind.unit.name
    gap = f"{abs(pair.exact_gap):.4g}"
    if pair.exact_gap == 0:
        return f"{ahead} 排在 {behind} 前只因舍入:舍入前两家相同。"
    if pair.rounding == EQUALLED:
        higher = ahead if pair.exact_gap > 0 else behind
        return f"{ahead} 与 {behind} 并列只因舍入:舍入前 {higher} 高 {gap}。"
    return f"{ahead} 排在 {behind} 前只因舍入:舍入前 {ahead} 反而低 {gap}。"


def _table(found: WhatIf) -> Table:
    from kaohe.sheets.whatif_sheet import band, moved_words

    table = Table()
    changed, drawn = bool(found.trial.changes), found.firmness.draws is not None
    titles = ["考核组", "名次", "单位", "得分", "等次"]
    titles += ["原名次", "变动"] if changed else []
    titles += ["名次不变", "最好–最差", "九成在"] if drawn else []
    for title in (*titles, "进一名还差"):
        table.add_column(title, justify="left" if title in ("单位", "考核组") else "right")
    rows = [move for move in found.moves if found.shows(move.unit) and move.after is not None]
    # What changed is what is talked about: it stands first, each in the order of the results.
    rows.sort(key=lambda move: changed and not move.moved)
    for move in rows[:SHOWN]:
        after, code = move.after, move.unit.code
        assert after is not None
        cells = [move.unit.group, _text(after.rank), move.unit.name, f"{after.total:g}", after.grade]
        if changed:
            cells += [_text(move.before.rank if move.before else None), moved_words(move)]
        hold, need = found.firmness.holds.get(code), found.firmness.needs.get(code)
        if drawn:
            cells += [f"{hold.kept:.1%}", f"{hold.best}–{hold.worst}", band(hold)] if hold else ["", "", ""]
        table.add_row(*cells, f"{need.points:g}" if need else "")
    if len(rows) > SHOWN:
        table.caption = f"只显示前 {SHOWN} 个,共 {len(rows)} 个;加 --out 或 --json 可得全部"
    return table


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
