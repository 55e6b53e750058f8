"""`kaohe explain` on the command line: the way to a score, line by line, or as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from kaohe.assess.explain import Step
from kaohe.faces.console import out
from kaohe.jobs.explain import Explained
from kaohe.sheets.explain_sheet import place_of, sections


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
    for section in sections(found.period, found.total, found.indicators):
        console.print(_table(section.headline, section.steps))


def _table(title: str, steps: tuple[Step, ...]) -> Table:
    table = Table(title=Text(title), title_justify="left", show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", style="dim")
    for step in steps:
        table.add_row(step.label, Text(step.text), Text(place_of(step.place)))
    return table


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
