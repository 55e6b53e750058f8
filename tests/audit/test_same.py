"""When two programs mean the same value: fifteen digits, blanks, kinds."""

from __future__ import annotations

import pytest

from kaohe.audit.same import same_value, shown
from kaohe.rules.column import Plain
from kaohe.rules.errors import ErrorValue


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (0.1 + 0.2, 0.3, True),
        (1.203048780487805, 1.20304878048781, True),  # as LibreOffice writes it
        (88.64864864864865, 88.6486486486487, True),
        (67.6, 67.60000000001, False),
        (67.6, 67.61, False),
        (1, 1.0, True),
        (0.0, 1e-12, False),
        (None, "", True),
        (None, 0.0, False),
        ("", 0.0, False),
        (True, 1.0, False),
        (True, True, True),
        ("1", 1.0, False),
        ("甲\r\n乙", "甲\n乙", True),
        (ErrorValue("#N/A"), "#N/A", False),
        (ErrorValue("#N/A"), ErrorValue("#N/A"), True),
        (ErrorValue("#N/A"), ErrorValue("#VALUE!"), False),
    ],
)
def test_same(one: Plain, other: Plain, same: bool) -> None:
    assert same_value(one, other) is same
    assert same_value(other, one) is same


def test_shown() -> None:
    values: list[Plain] = [None, True, 0.1 + 0.2, 3.0, "约"]
    assert [shown(value) for value in values] == ["", "TRUE", "0.3", "3", "约"]
