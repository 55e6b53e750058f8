"""不适用: what becomes of the weight of indicators that are not assessed."""

from __future__ import annotations

import pytest

from kaohe.assess.weights import effective_weights
from tests.support.schemes import small_scheme

ROWS = "指标代码|上级|指标名称|权重|计分方法\n" + "\n".join(
    f"X{n}|A|指标{n}|{weight}|目标完成率" for n, weight in enumerate((10, 10, 10, 5), start=1)
)
SCHEME = small_scheme(
    部分="代码|名称|上级|满分\nA|发展||35", 指标=ROWS, 目标="指标代码|单位代码|目标值\nX1|*|100"
)


@pytest.mark.parametrize(
    ("absent", "expected"),
    [
        ((), [10, 10, 10, 5]),
        (("X4",), [11.67, 11.67, 11.66]),
        (("X1",), [14, 14, 7]),
        (("X1", "X2", "X4"), [35]),
    ],
)
def test_what_is_left_shares_the_weight_to_the_last_hundredth(
    absent: tuple[str, ...], expected: list[float]
) -> None:
    found = effective_weights(SCHEME, SCHEME.indicators, absent)
    assert [found[row.code] for row in SCHEME.indicators if row.code not in absent] == expected
    assert not set(absent) & set(found)
