"""What the formulas of a filled-in form come to: the results a spreadsheet program would have saved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kaohe import terms
from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.sheets.form_layout import COLUMNS, COUNT_CELLS, TOTAL_CELL, TOTAL_WORD
from kaohe.sheets.form_model import self_scored
from kaohe.sheets.form_read import FoundForm
from kaohe.sheets.formulas import shown_state, uses_group
from kaohe.workbooks.plan import Scalar

_AT = {key: index + 1 for index, (key, *_) in enumerate(COLUMNS)}
Results = dict[tuple[int, int], Scalar]


def form_results(form: FoundForm, scores: Scores, unit: str) -> Results:
    """(row, column) → result of every live cell of the form, for a unit that has been scored."""
    index = next(number for number, row in enumerate(scores.units) if row.code == unit)
    rows = _indicator_rows(form, scores)
    found: Results = {}
    for number, result in rows.items():
        found |= {(number, _AT[key]): value for key, value in _live(scores, result, index).items()}
    counted = [result for result in rows.values() if result.counted and _here(scores, result)]
    total = sum(int(result.points[index]) for result in counted) / 10**scores.places
    states = [found[number, _AT["state"]] for number in rows if (number, _AT["state"]) in found]
    found |= {place: states.count(word) for word, place in COUNT_CELLS.items()}
    totals = {(number, _AT["score"]): total for number in _total_rows(form)}
    return found | {TOTAL_CELL: total} | totals


def _total_rows(form: FoundForm) -> list[int]:
    name = _AT["name"] - 1
    return [
        number
        for number, row in enumerate(form.grid.rows, start=1)
        if number > form.header + 1 and name < len(row) and row[name] == TOTAL_WORD
    ]


def _indicator_rows(form: FoundForm, scores: Scores) -> Mapping[int, IndicatorResult]:
    at = form.columns["code"]
    found = {}
    for number, row in enumerate(form.grid.rows, start=1):
        code = str(row[at]) if at < len(row) and row[at] is not None else ""
        if number > form.header + 1 and code in scores.results and scores.results[code].measured:
            found[number] = scores.results[code]
    return found


def _here(scores: Scores, result: IndicatorResult) -> bool:
    """Whether the form itself comes to the score."""
    return self_scored(scores.scheme, scores.methods.methods, result.indicator)


def _live(scores: Scores, result: IndicatorResult, index: int) -> dict[str, Scalar]:
    indicator = result.indicator
    if result.method is None or uses_group(result.method) or not (indicator.entered or indicator.composite):
        return {}
    if not _here(scores, result):
        return {"rate": "", "score": "", "state": terms.WAITING, "actual": ""}
    scored = bool(result.scored[index])
    found: dict[str, Scalar] = {
        "rate": "" if np.isnan(result.rate[index]) else float(result.rate[index]),
        "score": int(result.points[index]) / 10**scores.places if scored else "",
        "state": shown_state(result, index),
    }
    if result.indicator.composite:
        found["actual"] = "" if np.isnan(result.actual[index]) else float(result.actual[index])
    return found
