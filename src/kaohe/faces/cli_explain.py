"""`kaohe explain` on the command line: the way to a score, line by line, or as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from kaohe.assess.explain import Explanation, Step
from kaohe.faces.console import out
from kaohe.jobs.explain import Explained
from kaohe.model import Location


def explain_score(
    master: Annotated[Path, typer.Argument(metavar="总表.xlsx", help="汇总过的总表")],
    unit: Annotated[str, typer.Argument(metavar="单位", help="单位(或人员)的代码或名称")],
    indicator: Annotated[
        str, typer.Argument(metavar="指标", help="指标的代码或名称;不写则说明总分和全部指标")
    ] = "",
    period: Annotated[
        str | None, typer.Option("--period", "-p", metavar="期次", help="不写则为最近汇总的一期")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """说明得分是怎么来的:谁填的、在哪个单元格、目标、公式和代入的数、取舍、人工调整。"""
    from kaohe.jobs.explain import explain

    found = explain(master, unit, indicator, period_code=period)
    if as_json:
        typer.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2, allow_nan=False))
        return
    console = out()
    if found.total:
        standing = found.total.standing
        title = f"{standing.unit.name} {found.period.title} 总分 {standing.total:g} 分"
        console.print(_table(title, found.total.steps))
    for each in found.indicators:
        console.print(_table(headline(each), each.steps))


def headline(found: Explanation) -> str:
    """One line about an indicator: what it came to."""
    score = "没有得分" if found.score is None else f"{found.score:.{found.places}f} 分"
    return f"{found.indicator.code}《{found.indicator.name}》 {score} / {found.weight:g} 分  {found.state}"


def _table(title: str, steps: tuple[Step, ...]) -> Table:
    table = Table(title=Text(title), title_justify="left", show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", style="dim")
    for step in steps:
        table.add_row(step.label, Text(step.text), Text(place_of(step.place)))
    return table


def place_of(place: Location) -> str:
    """``滨湖区.xlsx《自测表》G12``; '' when a step stands nowhere."""
    sheet = f"《{place.sheet}》" if place.sheet else ""
    return f"{place.workbook}{sheet}{place.cell}" if place.cell else ""


def as_data(found: Explained) -> dict[str, Any]:
    """The explanation as plain data; numbers as in the master."""
    total = found.total
    return {
        "period": found.period.code,
        "total": None
        if total is None
        else {
            "unit": total.unit.code,
            "name": total.unit.name,
            "total": total.standing.total,
            "rank": total.standing.rank,
            "grade": total.standing.grade or None,
            "steps": [_step(step) for step in total.steps],
        },
        "indicators": [
            {
                "unit": each.unit.code,
                "indicator": each.indicator.code,
                "name": each.indicator.name,
                "score": each.score,
                "weight": each.weight,
                "state": each.state,
                "formula": each.formula,
                "raw": each.raw,
                "computed": each.computed,
                "steps": [_step(step) for step in each.steps],
            }
            for each in found.indicators
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {"label": step.label, "text": step.text, "number": step.number, "place": place_of(step.place)}
