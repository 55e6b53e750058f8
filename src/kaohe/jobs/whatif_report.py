"""A trial as plain data for other programs. Its schema is docs/whatif.schema.json."""

from __future__ import annotations

import math
from typing import Any

from kaohe.assess.standing import Standing
from kaohe.assess.whatif import Draws, Hold, Move, Need, Neighbours
from kaohe.jobs.whatif import WhatIf
from kaohe.version import __version__

KIND = "试算"


def whatif_report(found: WhatIf) -> dict[str, Any]:
    """Everything a trial came to. Shares are ratios, scores points (分); None where there is nothing."""
    scheme = found.after.scores.scheme
    shown = [move for move in found.moves if found.shows(move.unit)]
    return {
        "program": f"kaohe {__version__}",
        "kind": KIND,
        "period": found.period.code,
        "scheme": {
            "code": str(scheme.settings["方案代码"]),
            "name": str(scheme.settings["方案名称"]),
            "version": found.before.scores.scheme.version,
            "notice": str(scheme.settings["数据声明"]),
        },
        "changes": [
            {"what": c.what, "name": c.name, "before": c.before, "after": c.after, "asked": c.asked}
            for c in found.trial.changes
        ],
        "notes": list(found.notes),
        "draws": _draws(found.firmness.draws),
        "units": [
            _unit(move, found.firmness.holds.get(move.unit.code), found.firmness.needs.get(move.unit.code))
            for move in shown
        ],
        "neighbours": [
            _pair(pair)
            for pair in found.firmness.neighbours
            if found.shows(pair.ahead.unit) or found.shows(pair.behind.unit)
        ],
    }


def _draws(draws: Draws | None) -> dict[str, Any] | None:
    if draws is None:
        return None
    return {
        "count": draws.count,
        "spread": draws.spread,
        "seed": draws.seed,
        "drawn": list(draws.drawn),
        "held": list(draws.held),
    }


def _unit(move: Move, hold: Hold | None, need: Need | None) -> dict[str, Any]:
    return {
        "unit": move.unit.code,
        "name": move.unit.name,
        "group": move.unit.group,
        "moved": move.moved,
        "before": _standing(move.before),
        "after": _standing(move.after),
        "firmness": None
        if hold is None
        else {
            "best": hold.best,
            "worst": hold.worst,
            "low": hold.low,
            "high": hold.high,
            "kept": hold.kept,
            "ranked": hold.ranked,
        },
        "need": None
        if need is None
        else {
            "above": need.above.code,
            "points": need.points,
            "where": [{"indicator": code, "name": name, "lost": lost} for code, name, lost in need.where],
        },
    }


def _standing(row: Standing | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "total": row.total,
        "exact": row.exact,
        "rate": row.rate,
        "rank": row.rank,
        "grade": row.grade or None,
        "state": row.state,
    }


def _pair(pair: Neighbours) -> dict[str, Any]:
    return {
        "group": pair.ahead.unit.group,
        "ahead": pair.ahead.unit.code,
        "behind": pair.behind.unit.code,
        "gap": pair.gap,
        "exact_gap": pair.exact_gap,
        "turned": None if math.isnan(pair.turned) else pair.turned,
        "tied": None if math.isnan(pair.tied) else pair.tied,
        "rounding": pair.rounding or None,
    }
