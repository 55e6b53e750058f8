"""S60: a target typed as a share of one where the indicator counts in percentage points."""

from __future__ import annotations

import pytest

from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.load import load_scheme
from tests.support.returns import H1
from tests.support.schemes import draw

HEAD = "指标代码|上级|指标名称|计量单位|权重|计分方法|序时"


def told(unit_of_measure: str, *targets: str) -> list[tuple[str, dict[str, object]]]:
    """S60 of a scheme with one indicator and these targets (unit|target|prior)."""
    tables = draw(
        单位="单位代码|单位名称|考核组\nU1|东区|甲组\nU2|西区|甲组",
        部分="代码|名称\nA|发展",
        指标=f"{HEAD}\nX1|A|达标率|{unit_of_measure}|100|目标完成率|无",
        目标="\n".join(("指标代码|单位代码|目标值|上年值", *(f"X1|{row}" for row in targets))),
    )
    scheme, _ = load_scheme(tables)
    found = [finding for finding in check_scheme(scheme, H1) if finding.code == "S60"]
    return [(finding.location.cell, dict(finding.facts)) for finding in found]


@pytest.mark.parametrize(
    ("targets", "cells"),
    [
        (("*|0.9|88.5",), ["C2"]),
        (("U1|0.9|", "U2|90|"), ["C2"]),
        (("U1|90|", "U2|0.925|"), ["C3"]),
        (("*|0.9|",), []),
        (("*|0.9|0.8",), []),
        (("U1|0.9|0.8", "U2|90|89"), []),
        (("*|0|88",), []),
        (("*|-0.9|88",), ["C2"]),
        (("*|1|20",), ["C2"]),
        (("*|1|19.9",), []),
    ],
)
def test_a_small_target_beside_large_ones(targets: tuple[str, ...], cells: list[str]) -> None:
    assert [cell for cell, _ in told("%", *targets)] == cells


def test_other_units_of_measure_are_left_alone() -> None:
    assert told("亿元", "*|0.9|88.5") == []


def test_the_message_names_both_numbers() -> None:
    ((_, facts),) = told("%", "*|0.925|91")
    assert (facts["value"], facts["points"]) == ("0.925", "92.5")
