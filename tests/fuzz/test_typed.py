"""Anything a cell can hold, typed into a form: it is read, judged, written as text, and nothing else."""

from __future__ import annotations

import datetime as dt
import re
import string
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from kaohe.jobs.consolidate import assess_returns
from kaohe.jobs.master import Master, open_master
from kaohe.periods import parse_period
from kaohe.sheets.form_read import read_return
from kaohe.workbooks.plan import Scalar
from tests.hostile.forms import typed
from tests.support.line import Desk

UNITS = 30
FEW, MANY = 60, 1_500
BATCHES_FEW, BATCHES_MANY = 2, 30
WRITTEN = (Phase.explicit, Phase.generate)  # each try writes a master: too slow to look for a smaller one
_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
_LIKE_NUMBERS = st.text(
    "0123456789.,,。%%‰+-−/:~~eE万亿千百十约以上下左右近余≥≤<> 　一二三四五六七八九零〇半个分点", max_size=40
)
_LIKE_FORMULAS = st.builds(
    "{}{}".format, st.sampled_from("=+-@\t"), st.text(string.printable[:95], min_size=1, max_size=30)
)
_TEXTS = st.one_of(
    st.text(_CHARACTERS, max_size=60),
    _LIKE_NUMBERS,
    _LIKE_FORMULAS,
    st.sampled_from(
        ["无", "零", "完成", "#N/A", "#REF!", "TRUE", "2007-06-30", "6月30日", "_x0041_", "１２．５％"]
    ),
)
_VALUES: st.SearchStrategy[Scalar] = st.one_of(
    _TEXTS,
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(1 - 10**15, 10**15 - 1),
    st.booleans(),
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)).map(str),
)


class Open:
    """A master that was opened once, and the form of its first unit."""

    def __init__(self, folder: Path) -> None:
        rows = "\n".join(f"U{n}|{n}区|甲组" for n in range(1, UNITS + 1))
        self.desk = Desk.new(folder, 单位=f"单位代码|单位名称|考核组\n{rows}")
        self.desk.issue()
        self.master: Master = open_master(self.desk.master)
        self.form = self.desk.form("U1").read_bytes()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Open:
    return Open(tmp_path_factory.mktemp("考核"))


def judged(office: Open, value: Scalar, reason: str, measure: str) -> None:
    """Type it in, read it, assess it."""
    data = typed(完成值=value, 原因=reason or None, 措施=measure or None)(office.form)
    returned = read_return(data, "表.xlsx", "2007-07-05 09:00:00")
    assert returned.problem == ""
    found = assess_returns(office.master, parse_period("2007-H1"), [returned])
    for finding in found.findings:
        assert len(finding.message) > 8
    (mine,) = [standing for standing in found.standings if standing.unit.code == "U1"]
    assert 0 <= mine.total <= 100
    codes = {finding.code for finding in found.findings if finding.location.workbook == "表.xlsx"}
    if isinstance(value, str) and not re.search(r"[0-9一二三四五六七八九十百千万亿零〇半无]", value):
        assert codes & {"V01", "V02", "V03", "V05", "V19"}, "text without a number is no value"


_ANYTHING = given(_VALUES, _TEXTS, _TEXTS)


@settings(max_examples=FEW, suppress_health_check=[HealthCheck.too_slow])
@_ANYTHING
def test_anything_typed_is_judged(office: Open, value: Scalar, reason: str, measure: str) -> None:
    judged(office, value, reason, measure)


@pytest.mark.full
@settings(max_examples=MANY, suppress_health_check=[HealthCheck.too_slow])
@_ANYTHING
def test_very_much_typed_is_judged(office: Open, value: Scalar, reason: str, measure: str) -> None:
    judged(office, value, reason, measure)


def formulas(desk: Desk) -> list[str]:
    """All formulas of the master's sheets."""
    found: list[str] = []
    with zipfile.ZipFile(desk.master) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                tree = etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False))
                found += tree.xpath("//*[local-name()='f']/text()")
    return found


def stays_text(office: Open, reasons: list[str]) -> None:
    """A form each with one of these reasons, then with a harmless one: the master's formulas are the same."""
    desk, found = office.desk, []
    for batch in (reasons, ["停产"] * len(reasons)):
        for number, reason in enumerate(batch, 1):
            form = desk.form(f"U{number}")
            changed = typed(完成值=90.0, 原因=reason)(form.read_bytes())
            (desk.inbox / form.name).write_bytes(changed)
        assert desk.consolidate("2007-H1").backup is not None
        found.append(formulas(desk))
    assert found[0] == found[1]


@settings(max_examples=BATCHES_FEW, phases=WRITTEN, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_LIKE_FORMULAS, min_size=UNITS, max_size=UNITS))
def test_no_text_comes_alive(office: Open, reasons: list[str]) -> None:
    stays_text(office, reasons)


@pytest.mark.full
@settings(max_examples=BATCHES_MANY, phases=WRITTEN, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_TEXTS, min_size=UNITS, max_size=UNITS))
def test_no_text_of_any_kind_comes_alive(office: Open, reasons: list[str]) -> None:
    stays_text(office, reasons)
