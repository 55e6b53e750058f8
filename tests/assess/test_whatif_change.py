"""A trial's scheme: what is wanted is there, what stands beside it gives way, what cannot be is told."""

from __future__ import annotations

import pytest

from kaohe.assess.whatif_change import Trial, Wanted, tried
from kaohe.assess.whatif_reweigh import CannotTryError
from kaohe.model import Indicator, Part, Scheme, Target, Unit
from kaohe.periods import parse_period
from kaohe.settings import DEFAULTS

PERIOD = parse_period("2007-H1")
UNITS = (Unit("U1", "单位1", "甲", "一组"), Unit("U2", "单位2", "乙", "一组"))
PARTS = (
    Part("A", "部分甲", weight=60.0),
    Part("B", "部分乙", weight=40.0),
    Part("P", "加分", weight=8.0, kind="加分"),
)


def row(code: str, parent: str, weight: float, *applies: str, method: str = "目标完成率") -> Indicator:
    return Indicator(code, f"指标{code}", parent, weight=weight, method=method, applies_to=applies)


ROWS = (
    row("A1", "A", 30), row("A2", "A", 20), row("A3", "A", 10, "甲"), row("A4", "A", 10, "乙"),
    row("B1", "B", 25), row("B2", "B", 15, method="评定分"), row("P1", "P", 3),
)  # fmt: skip


def scheme(rows: tuple[Indicator, ...] = ROWS, **more: str) -> Scheme:
    return Scheme({**DEFAULTS, "考核年度": 2007.0, **more}, PARTS, rows, UNITS)


def trial(**wanted: dict[str, object]) -> Trial:
    empty: dict[str, dict[str, object]] = {"weights": {}, "methods": {}, "settings": {}, "caps": {}}
    return tried(scheme(), PERIOD, Wanted(**{**empty, **wanted}), {"B2"})  # type: ignore[arg-type]


def weights(found: Trial) -> dict[str, float]:
    return {row.code: row.weight for row in found.scheme.indicators}


def test_siblings_give_way_in_proportion_stand_ins_together() -> None:
    found = trial(weights={"A1": 36.0})
    assert weights(found) == {"A1": 36, "A2": 16, "A3": 8, "A4": 8, "B1": 25, "B2": 15, "P1": 3}
    assert [(c.name, c.before, c.after, c.asked) for c in found.changes][:2] == [
        ("A1《指标A1》", "30", "36", True),
        ("A2《指标A2》", "20", "16", False),
    ]
    assert found.scheme.settings["权重合计"] == 100
    assert [part.weight for part in found.scheme.parts] == [60, 40, 8]


def test_a_part_grows_and_the_others_give_way_marks_stay() -> None:
    found = trial(weights={"A": 66.0})
    assert weights(found) == {"A1": 33, "A2": 22, "A3": 11, "A4": 11, "B1": 19, "B2": 15, "P1": 3}
    assert ("A《部分甲》", "60", "66") in [(c.name, c.before, c.after) for c in found.changes]
    assert [part.weight for part in found.scheme.parts] == [None, None, 8]
    assert found.scheme.settings["权重合计"] == 100


def test_where_nobody_is_left_to_give_way_the_sum_changes_and_is_not_checked() -> None:
    found = trial(weights={"B1": 30.0, "B2": 20.0})
    assert weights(found)["B1"] + weights(found)["B2"] == 50
    assert found.scheme.settings["权重合计"] == 0
    assert ("权重合计", "100", "不检查") in [(c.name, c.before, c.after) for c in found.changes]


def test_one_of_the_stand_ins_alone_changes_its_units_only() -> None:
    found = trial(weights={"A3": 12.0})
    assert weights(found) == {"A1": 30, "A2": 20, "A3": 12, "A4": 10, "B1": 25, "B2": 15, "P1": 3}
    assert found.scheme.settings["权重合计"] == 0


def test_thirds_keep_the_sum_to_the_last_millionth() -> None:
    rows = (row("A1", "A", 40), row("A2", "A", 10), row("A3", "A", 10), row("B1", "B", 40))
    found = tried(scheme(rows), PERIOD, Wanted({"A1": 45.3}, {}, {}, {}), ())
    assert sum(int(weights(found)[code] * 1e6 + 0.5) for code in ("A1", "A2", "A3")) == 60_000_000


def test_a_weight_tilted_by_the_province_is_wanted_as_it_counts() -> None:
    """XT3: the trial's weight is the one that counts, and is not multiplied again."""
    whole = Scheme(
        {**DEFAULTS, "考核年度": 2007.0, "省级权重倍数": 2.0, "权重合计": 0.0},
        (),
        (row("X", "", 10), row("Y", "", 20)),
        UNITS,
        (Target("X", "*", 5.0, level="省"),),
    )
    found = tried(whole, PERIOD, Wanted({"X": 24.0}, {}, {}, {}), ())
    assert {r.code: r.weight for r in found.scheme.at(PERIOD.end).indicators} == {"X": 24, "Y": 16}


def test_methods_settings_and_caps() -> None:
    found = trial(
        methods={"A1": "达标得满分"},
        settings={"总分小数位": "1", "并列名次": "1\uff0c2\uff0c2\uff0c3"},
        caps={"P": 5.0, "P1": 2.0},
    )
    by_code = {r.code: r for r in found.scheme.indicators}
    assert (by_code["A1"].method, by_code["P1"].weight) == ("达标得满分", 2.0)
    assert (found.scheme.settings["总分小数位"], found.scheme.settings["并列名次"]) == (1.0, "1,2,2,3")
    assert {part.code: part.weight for part in found.scheme.parts}["P"] == 5.0
    assert [c.what for c in found.changes] == ["设置", "设置", "计分方法", "上限", "上限"]


def test_what_changes_nothing_is_no_change() -> None:
    found = trial(
        weights={"A1": 30.0}, methods={"A1": "目标完成率"}, settings={"总分小数位": "2"}, caps={"P": 8.0}
    )
    assert found.changes == ()
    assert found.scheme == scheme()


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"settings": {"没有的": "1"}}, "没有“没有的”这个设置"),
        ({"settings": {"方案名称": "甲"}}, "不影响得分和名次"),
        ({"settings": {"总分小数位": "9"}}, "0 到 4 的整数"),
        ({"settings": {"总分小数位": "多"}}, "0 到 4 的整数"),
        ({"settings": {"并列名次": "随便"}}, "1,2,2,4"),
        ({"methods": {"A1": "目标完成律"}}, "目标完成率"),
        ({"caps": {"A": 3.0}}, "--weight A=3"),
        ({"weights": {"P": 3.0}}, "--cap P=3"),
        ({"weights": {"A1": 70.0}}, "没有余地可让"),
        ({"weights": {"A3": 5.0, "A4": 6.0}}, "互相替代"),
    ],
)
def test_what_cannot_be_tried_is_told(wanted: dict[str, dict[str, object]], told: str) -> None:
    with pytest.raises(CannotTryError, match=told):
        trial(**wanted)
