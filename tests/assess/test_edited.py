"""W13: 填报数据 that no longer says what the returned file says."""

from __future__ import annotations

import pytest

from kaohe.model import Record
from tests.assess.return_cases import SCHEME
from tests.assess.value_cases import CLEAN
from tests.support.returns import assess_forms, form

CODES = ("W13",)
FORMS = [form("U1", CLEAN, scheme=SCHEME), form("U2", CLEAN, scheme=SCHEME)]


def known() -> tuple[Record, ...]:
    """The records of a first run."""
    return assess_forms(SCHEME, FORMS).intake.records


def edited(records: tuple[Record, ...], **change: object) -> tuple[Record, ...]:
    """The first record with a cell typed over."""
    return (records[0]._replace(**change), *records[1:])  # type: ignore[arg-type]


def test_nothing_edited() -> None:
    assert [f.code for f in assess_forms(SCHEME, FORMS, known=known()).findings] == []


@pytest.mark.parametrize("change", [{"value": 99.0}, {"typed": "99"}], ids=str)
def test_a_cell_typed_over(change: dict[str, object]) -> None:
    found = assess_forms(SCHEME, FORMS, known=edited(known(), **change)).findings
    assert [(f.code, f.location.cell, f.location.unit) for f in found if f.code == "W13"] == [
        ("W13", "K7", "U1")
    ]


def test_a_row_deleted() -> None:
    found = assess_forms(SCHEME, FORMS, known=known()[1:]).findings
    assert {"W13", "V14"} <= {f.code for f in found}
