"""From scores to standings: ties, groups, rank by rate, provisional units, rounding between stages."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from kaohe import terms
from kaohe.assess.scoring import Scores, score
from kaohe.assess.standing import Standing, standings
from kaohe.model import Scheme
from tests.support.returns import H1
from tests.support.schemes import small_scheme

MARKS = "指标代码|上级|指标名称|权重|计分方法|序时\nX1|A|评分|60|评定分|无\nX2|B|评分|40|评定分|无"
"""Marks given by assessors: a unit's total is what the test says."""


def marked(units: str, **settings: str) -> Scheme:
    """A scheme of given marks; ``units``: code:group, separated by blanks."""
    rows = [f"{unit.split(':')[0]}|单位{unit.split(':')[0]}|{unit.split(':')[1]}" for unit in units.split()]
    chosen = [f"{name}|{value}" for name, value in settings.items()]
    return small_scheme(
        指标=MARKS,
        单位="\n".join(("单位代码|单位名称|考核组", *rows)),
        方案="\n".join(("项目|值", "方案代码|T", "考核年度|2007", *chosen)),
    )


def ranked(
    scheme: Scheme, totals: dict[str, float], provisional: Collection[str] = ()
) -> dict[str, Standing]:
    """Standings by unit when X1 gives these points and X2 none."""
    values = {"X1": dict(totals), "X2": dict.fromkeys(totals, 0.0)}
    found = standings(score(scheme, H1, values), provisional)
    return {standing.unit.code: standing for standing in found}


def ranks(found: dict[str, Standing]) -> dict[str, int | None]:
    return {code: standing.rank for code, standing in found.items()}


@pytest.mark.parametrize(
    ("rule", "totals", "expected"),
    [
        ("1,2,2,4", [50, 40, 40, 30], [1, 2, 2, 4]),
        ("1,2,2,3", [50, 40, 40, 30], [1, 2, 2, 3]),
        ("1,2,2,4", [40, 40, 40, 40], [1, 1, 1, 1]),
        ("1,2,2,3", [40, 40, 40, 40], [1, 1, 1, 1]),
        ("1,2,2,4", [40, 50, 50, 60], [4, 2, 2, 1]),
        ("1,2,2,3", [40, 50, 50, 60], [3, 2, 2, 1]),
        ("1,2,2,4", [0, 0, 60, 59.99], [3, 3, 1, 2]),
        ("1,2,2,4", [33.335, 33.34, 33.3349, 1], [1, 1, 3, 4]),
    ],
)
def test_ties(rule: str, totals: list[float], expected: list[int]) -> None:
    """The rounded total decides: 33.335 and 33.34 are equal, 33.3349 is not."""
    found = ranked(marked("U1:甲 U2:甲 U3:甲 U4:甲", 并列名次=rule), dict(zip(_FOUR, totals, strict=True)))
    assert [found[code].rank for code in _FOUR] == expected
    assert [found[code].tied for code in _FOUR] == [expected.count(rank) > 1 for rank in expected]


_FOUR = ("U1", "U2", "U3", "U4")


def test_ranks_are_within_the_group() -> None:
    scheme = marked("U1:甲 U2:乙 U3:甲 U4:乙 U5:甲")
    found = ranked(scheme, {"U1": 10, "U2": 50, "U3": 30, "U4": 20, "U5": 30})
    assert ranks(found) == {"U3": 1, "U5": 1, "U1": 3, "U2": 1, "U4": 2}


def test_the_order_is_group_rank_then_code() -> None:
    """Groups as they first stand in 单位; inside a tie by code; without a rank last."""
    scheme = marked("U4:乙 U1:甲 U3:甲 U2:甲 U5:乙")
    found = ranked(scheme, {"U1": 30, "U2": 30, "U3": 60, "U4": 10, "U5": 10}, {"U3"})
    assert list(found) == ["U4", "U5", "U1", "U2", "U3"]


def test_a_provisional_unit_has_a_total_no_rank_and_takes_none_from_others() -> None:
    scheme = marked("U1:甲 U2:甲 U3:甲 U4:甲")
    found = ranked(scheme, {"U1": 60, "U2": 50, "U3": 50, "U4": 40}, {"U1", "U2"})
    assert ranks(found) == {"U3": 1, "U4": 2, "U1": None, "U2": None}
    assert (found["U1"].total, found["U1"].state, found["U1"].tied) == (60, terms.PROVISIONAL, False)
    assert (found["U3"].state, found["U3"].tied) == (terms.VALID, False)


def test_a_group_all_provisional_has_no_ranks() -> None:
    found = ranked(marked("U1:甲 U2:甲 U3:乙"), {"U1": 1, "U2": 2, "U3": 3}, {"U1", "U2"})
    assert ranks(found) == {"U1": None, "U2": None, "U3": 1}


def test_rank_by_rate_gives_the_rate_in_percent() -> None:
    found = ranked(marked("U1:甲 U2:甲 U3:甲", 排名依据="得分率"), {"U1": 60, "U2": 33.33, "U3": 33.334})
    assert ranks(found) == {"U1": 1, "U2": 2, "U3": 2}
    assert [found[code].rate for code in ("U1", "U2")] == [60.0, 33.33]


@pytest.mark.parametrize(
    ("places", "marks", "part", "total"),
    [
        ("2 1 0", (33.346, 33.344), (33.4, 33.3), 67.0),
        ("2 1 0", (33.344, 33.344), (33.3, 33.3), 67.0),
        ("2 2 0", (33.25, 33.24), (33.25, 33.24), 66.0),
        ("2 2 0", (33.25, 33.25), (33.25, 33.25), 67.0),
        ("2 1 0", (0.449, 0.0), (0.5, 0.0), 1.0),
        ("0 2 2", (0.5, 0.49), (1.0, 0.0), 1.0),
        ("4 2 1", (0.12345, 0.0), (0.12, 0.0), 0.1),
        ("2 4 3", (1.005, 2.675), (1.01, 2.68), 3.69),
        ("2 2 2", (0.285, 0.0), (0.29, 0.0), 0.29),
    ],
)
def test_rounding_once_at_each_stage(
    places: str, marks: tuple[float, float], part: tuple[float, float], total: float
) -> None:
    """Indicator, part, total: each rounds what the stage before it shows, half away from zero.

    0.449 shows 0.45, its part 0.5, its total 1; that is what the office declared, cell by cell.
    """
    names = ("得分小数位", "部分小数位", "总分小数位")
    scheme = marked("U1:甲", **dict(zip(names, places.split(), strict=True)))
    values = {"X1": {"U1": marks[0]}, "X2": {"U1": marks[1]}}
    (found,) = standings(score(scheme, H1, values), ())
    assert (tuple(found.parts.values()), found.total) == (part, total)


def test_sums_are_exact_where_plain_sums_are_not() -> None:
    """29 times 0.1 as doubles is 2.9000000000000012, as points 2.90."""
    rows = [f"Y{n}|A|评分|10|评定分|无" for n in range(29)]
    scheme = small_scheme(
        指标="\n".join(("指标代码|上级|指标名称|权重|计分方法|序时", *rows)),
        部分="代码|名称|上级|满分\nA|全部||",
        单位="单位代码|单位名称\nU1|东区",
    )
    marks = {f"Y{n}": {"U1": 0.1} for n in range(29)}
    plain = sum(mark["U1"] for mark in marks.values())
    (found,) = standings(score(scheme, H1, marks), ())
    assert plain != 2.9
    assert found.total == 2.9


def test_a_unit_that_filled_in_nothing_has_zero_and_loses_nothing() -> None:
    """Nothing scored: the office sees V01 or W08, not 100 points lost."""
    (found,) = standings(score(marked("U1:甲"), H1, {}), {"U1"})
    assert (found.total, found.lost, found.scored_indicators, found.measured_indicators) == (0, 0, 0, 2)
    assert (found.on_schedule, found.behind, found.rank) == (0, 0, None)


def scores() -> Scores:
    return score(marked("U1:甲 U2:甲 U3:乙"), H1, {})
