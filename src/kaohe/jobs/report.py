"""report.json: a consolidation for other programs. Its schema is docs/report.schema.json."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.claims import OWN
from kaohe.assess.outcomes import Outcome
from kaohe.assess.scoring import IndicatorResult
from kaohe.assess.standing import Standing, points_lost
from kaohe.findings import Finding
from kaohe.jobs.plans import rule_settings
from kaohe.version import __version__


def report(assessment: Assessment, beside: str = "") -> dict[str, Any]:
    """The whole result as plain data.

    ``scores`` holds the indicators that count in the period; ``components`` the parts of composite
    indicators, ``outside`` what was given for indicators outside the period. Shares and rates are ratios.
    ``beside``: the file beside the master that holds the result, where the master itself was open.
    """
    scores = assessment.scores
    results = scores.results.values()
    return {
        "program": f"kaohe {__version__}",
        "period": scores.period.code,
        "scheme": {
            "code": str(scores.scheme.settings["方案代码"]),
            "name": str(scores.scheme.settings["方案名称"]),
            "version": scores.scheme.version,
            "notice": str(scores.scheme.settings["数据声明"]),
        },
        "settings": rule_settings(scores.scheme),
        "standings": [_standing(standing) for standing in assessment.standings],
        "scores": _scores(assessment, (row for row in results if row.counted)),
        "components": _scores(assessment, (row for row in results if row.measured and row.component)),
        "outside": [
            row
            for row in _scores(assessment, (row for row in results if not row.measured))
            if row["actual"] is not None
        ],
        "outcomes": [_outcome(outcome) for outcome in assessment.outcomes.rows],
        "findings": [_finding(finding) for finding in assessment.findings],
        "inputs": [
            {
                "workbook": item.workbook,
                "sha256": item.sha256,
                "unit": item.unit,
                "department": item.department,
                "number": item.number,
                "received": item.received,
                "state": item.state,
            }
            for item in assessment.intake.inputs
        ],
        "beside": beside or None,
    }


def report_json(assessment: Assessment, beside: str = "") -> str:
    """The report as JSON text, Chinese left readable."""
    return json.dumps(report(assessment, beside), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "unit": standing.unit.code,
        "name": standing.unit.name,
        "kind": standing.unit.kind,
        "class": standing.unit.unit_class,
        "group": standing.unit.group,
        "total": standing.total,
        "rank": standing.rank,
        "tied": standing.tied,
        "grade": standing.grade or None,
        "first_grade": standing.first_grade or None,
        "place": standing.place,
        "state": standing.state,
        "parts": dict(standing.parts),
        "computed_total": standing.computed_total,
        "bonus": standing.bonus,
        "deduction": standing.deduction,
        "late": standing.late,
        "vetoes": [veto.event for veto in standing.vetoes],
        "notes": list(standing.notes),
        "measured_weight": standing.measured_weight,
        "measured_indicators": standing.measured_indicators,
        "scored_indicators": standing.scored_indicators,
        "on_schedule": standing.on_schedule,
        "behind": standing.behind,
        "lost": standing.lost,
        "rate": standing.rate,
    }


def _scores(assessment: Assessment, results: Iterable[IndicatorResult]) -> list[dict[str, Any]]:
    rows = list(results)
    scores = assessment.scores
    scale = 10**scores.places
    lost = [points_lost(row, scores.places) for row in rows]
    index = {unit.code: number for number, unit in enumerate(scores.units)}
    others = set(assessment.claims.hands.keys())
    found = []
    for standing in assessment.standings:
        unit = index[standing.unit.code]
        live = assessment.intake.live.get(standing.unit.code, {})
        for row, points in zip(rows, lost, strict=True):
            if not row.applies[unit]:
                continue
            scored = bool(row.scored[unit])
            record = live.get(row.indicator.code)
            found.append(
                {
                    "unit": standing.unit.code,
                    "indicator": row.indicator.code,
                    "name": row.indicator.name,
                    "weight": float(row.weight[unit]),
                    "target": _number(row.target[unit]),
                    "due": _number(row.due[unit]),
                    "actual": _actual(row, unit),
                    "typed": record.typed if record else "",
                    "status": record.status if record else "",
                    "mark": record.mark if record else "",
                    "reason": record.reason if record else "",
                    "measure": record.measure if record else "",
                    "method": row.indicator.method,
                    "rate": _number(row.rate[unit]),
                    "score": int(row.points[unit]) / scale if scored else None,
                    "computed": None if np.isnan(row.raw[unit]) else int(row.computed[unit]) / scale,
                    "decided": bool(row.decided[unit]),
                    "source": _source(assessment, standing.unit.code, row.indicator.code, others),
                    "lost": int(points[unit]) / scale if scored else None,
                    "state": str(row.state[unit]),
                }
            )
    return found


def _source(assessment: Assessment, unit: str, code: str, others: Collection[tuple[str, str]]) -> str:
    """Whose value counts: 自测, 核定, 测评 …; how it is made where nobody gives it."""
    if (unit, code) in others and (claims := assessment.claims.of(unit, code)):
        return claims[0].source
    source = assessment.scores.results[code].indicator.value_source
    return OWN if source == terms.SOURCE_ENTERED else source


def _actual(row: IndicatorResult, unit: int) -> float | str | None:
    answer = row.answers[unit]
    return answer if answer in ("是", "否") else _number(row.actual[unit])


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "rule": outcome.rule.code,
        "outcome": outcome.rule.outcome,
        "nature": outcome.nature,
        "proposal": outcome.proposal,
        "unit": outcome.unit.code,
        "name": outcome.unit.name,
        "scope": outcome.scope,
        "state": outcome.state,
        "basis": outcome.basis,
        "notes": list(outcome.notes),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.location
    return {
        "code": finding.code,
        "severity": finding.severity,
        "title": finding.title,
        "unit": place.unit,
        "indicator": place.indicator,
        "workbook": place.workbook,
        "sheet": place.sheet,
        "cell": place.cell,
        "message": finding.message,
    }
