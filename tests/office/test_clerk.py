"""A clerk fills in issued forms in LibreOffice: what is locked, what shows, what is handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.inputs import Answer
from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.demo_clerks import entries
from kaohe.jobs.issue import issue
from kaohe.jobs.master import open_master
from kaohe.model import Indicator
from kaohe.periods import parse_period
from kaohe.sheets.form_layout import FORM_TITLE, LAST
from kaohe.workbooks.grid import column_letter
from tests.office.conftest import Example
from tests.office.desk import Desk
from tests.office.engine import Engine
from tests.office.forms import OpenForm, different

pytestmark = pytest.mark.soffice

WHOLE, PART = "江阴市", "滨湖区-环境保护局"
TYPED_COLUMNS = ("actual", "status", "mark", "evidence", "reason", "measure")
NOTICED = {"V07", "V11", "V12", "V13"}
"""Findings about a value that had to be converted, a self-score, a weight or a target that differs."""


def issued(example: Example, name: str, period: str) -> Path:
    """The form of that unit (and department) for that period."""
    if period != "2007-H1":
        issue(example.master, period, example.issued)
    return example.issued / f"{name}-自测完成情况表-{period}.xlsx"


def engine_of(example: Example, form: OpenForm, name: str, period: str) -> Engine:
    """The engine, asked about the unit of that form."""
    scheme = open_master(example.master).scheme
    unit = next(row.code for row in scheme.units if row.name == name.partition("-")[0])
    return Engine(scheme, parse_period(period), unit, form.codes)


def entered(engine: Engine) -> Iterator[tuple[Indicator, float]]:
    """The measured indicators a clerk types, with the unit's target."""
    scheme = engine.scheme.at(engine.period.end)
    for code in engine.codes:
        row = scheme.indicator_by_code[code]
        if scheme.measured(row, engine.period) and not row.composite:
            targets = {t.unit: t.value for t in scheme.targets if t.indicator == code}
            target = targets.get(engine.unit, targets.get("*"))
            assert target is not None
            yield row, target


def story(row: Indicator, target: float) -> list[tuple[str, Answer, str]]:
    """(typed, as the engine takes it, the state that must show) for one indicator, in turn."""
    good, bad = (f"{target * factor:.6g}" for factor in _FACTORS[row.direction])
    component = row.parent[1:].isdigit()
    on, behind = (
        (terms.COMPONENT_MET, terms.COMPONENT_BEHIND) if component else (terms.ON_SCHEDULE, terms.BEHIND)
    )
    return [
        (bad, float(bad), behind),
        (good, float(good), on),
        ("约80", None, terms.NOT_READ),
        ("", terms.BLANK, terms.BLANK),
        (bad, float(bad), behind),
    ]


_FACTORS = {
    terms.HIGHER_BETTER: (1.05, 0.31),
    terms.LOWER_BETTER: (0.9, 1.37),
    terms.CONTROL_CAP: (0.9, 1.37),
}
"""Of the annual target: what is on schedule for sure, and what is behind."""


@pytest.mark.parametrize(
    ("name", "period"),
    [
        pytest.param(WHOLE, "2007-H1", marks=pytest.mark.full),
        (PART, "2007-H1"),
        pytest.param(WHOLE, "2007-07", marks=pytest.mark.full),
        (PART, "2007-07"),
    ],
)
def test_every_row_follows_what_is_typed(desk: Desk, example: Example, name: str, period: str) -> None:
    """未填 → 未达序时 → 已达序时 → 待识别 → 未填: score, rate, state, counts and total as the engine says."""
    with desk.open(issued(example, name, period)) as book:
        form = OpenForm.of(book)
        engine = engine_of(example, form, name, period)
        answers: dict[str, Answer] = {}
        assert different(form.shows(), engine.shows(answers)) == []
        for row, target in entered(engine):
            for typed, answer, state in story(row, target):
                form.type(row.code, typed)
                answers[row.code] = answer
                shows = form.shows()
                assert shows.lines[row.code].state == state
                assert different(shows, engine.shows(answers)) == [], (row.code, typed)
        assert book.errors() == []


def test_a_figure_for_an_indicator_outside_the_period_changes_nothing(desk: Desk, example: Example) -> None:
    """BH2, BH9: nine annual indicators may show an interim figure without being scored."""
    with desk.open(issued(example, WHOLE, "2007-H1")) as book:
        form = OpenForm.of(book)
        before = form.shows()
        outside = [code for code, line in before.lines.items() if line.state == terms.OUTSIDE_PERIOD]
        for code in outside:
            form.type(code, "12.5")
        assert len(outside) == 9
        assert form.shows() == before


def test_only_yellow_cells_can_be_typed_into(desk: Desk, example: Example) -> None:
    with desk.open(issued(example, WHOLE, "2007-H1")) as book:
        form = OpenForm.of(book)
        composite = {"D01"}
        yellow = {
            form.cell(key, code)
            for code in form.codes
            for key in TYPED_COLUMNS
            if not (code in composite and key in ("actual", "status"))
        }
        last = max(form.rows.values()) + 4
        area = f"A1:{column_letter(LAST)}{last}"
        signatures = set(book.ask("unlocked", sheet=FORM_TITLE, area=area)) - yellow
        assert yellow <= set(book.ask("unlocked", sheet=FORM_TITLE, area=area))
        assert {int(cell.lstrip("ABCDEFGHIJKLMNOPQRS")) for cell in signatures} == {last - 1, last}
        assert all(row["protected"] for row in book.sheets().values())
        before = book.formulas(FORM_TITLE, area)
        locked = [f"{column_letter(c)}{r}" for r in (3, 5, 8) for c in range(1, LAST + 1)]
        book.type(FORM_TITLE, {cell: "7" for cell in locked if cell not in yellow})
        assert book.formulas(FORM_TITLE, area) == before
        book.type(FORM_TITLE, {cell: "7" for cell in locked if cell in yellow})
        assert book.read(FORM_TITLE, form.cell("reason", "A01")).rows == [[7.0]]


def test_drop_downs_and_messages(desk: Desk, example: Example) -> None:
    with desk.open(issued(example, WHOLE, "2007-H1")) as book:
        form = OpenForm.of(book)

        def choice(key: str, code: str) -> dict[str, object]:
            found: dict[str, object] = book.ask("choice", sheet=FORM_TITLE, address=form.cell(key, code))
            return found

        for code in form.codes:
            status, mark = choice("status", code), choice("mark", code)
            assert (status["kind"], status["words"], status["refuses"]) == (
                "LIST",
                list(terms.FIGURE_STATUSES),
                True,
            )
            assert (mark["kind"], mark["words"], mark["refuses"]) == ("LIST", list(terms.MARKS), True)
            if code != "D01":
                assert choice("actual", code)["title"] == "完成值"
                assert "百分点" in str(choice("actual", code)["message"])


def fill_in(desk: Desk, example: Example, names: Sequence[str], inbox: Path) -> None:
    """Issued forms typed full from the example's entries, and saved by LibreOffice into the inbox."""
    typed = entries("BH", parse_period("2007-H1"))
    units = {unit.name: unit.code for unit in example.assessment.scores.units}
    for name in names:
        unit = units[name.partition("-")[0]]
        with desk.open(example.issued / name) as book:
            form = OpenForm.of(book)
            texts = {
                form.cell(key, code): text
                for code in form.codes
                for key, text in typed.get((unit, code), {}).items()
            }
            book.type(FORM_TITLE, texts)
            book.save(inbox / name)


def seen(assessment: Assessment) -> list[tuple[str, str, str]]:
    """Findings by code, unit and indicator."""
    return sorted((f.code, f.location.unit, f.location.indicator) for f in assessment.findings)


@pytest.mark.parametrize(
    "chosen", ["*环境保护局*", "*建设局*", pytest.param("*.xlsx", marks=pytest.mark.full, id="all")]
)
def test_forms_filled_in_and_saved_by_libreoffice_give_the_same_standings(
    desk: Desk, example: Example, chosen: str
) -> None:
    """In place of the example's own returns: standings, scores and findings are the example's, to the digit.

    No finding says that a self-score, a weight or a target differs, or that a value had to be converted.
    """
    names = sorted(path.name for path in example.issued.glob(chosen))
    for name in names:
        (example.inbox / name).unlink()
    fill_in(desk, example, names, example.inbox)
    done = consolidate(example.unconsolidated, example.inbox, period_code="2007-H1").assessment
    assert names
    assert done.standings == example.assessment.standings
    assert seen(done) == seen(example.assessment)
    assert not NOTICED & {finding.code for finding in done.findings}


TYPING: Mapping[str, tuple[str, float | None, str]] = {
    # typed: (state on the form, value scored, findings)
    "96.5": (terms.ON_SCHEDULE, 96.5, ""),
    "95": (terms.BEHIND, 95.0, ""),
    "\uff19\uff16\uff0e\uff15": (terms.ON_SCHEDULE, 96.5, ""),
    "'96.5": (terms.NOT_READ, 96.5, ""),
    "'\uff19\uff16\uff0e\uff15": (terms.NOT_READ, 96.5, "V07"),
    "约96": (terms.NOT_READ, None, "V03"),
    "正在统计": (terms.NOT_READ, None, "V02"),
    "无": (terms.NOT_READ, None, "V19"),
    "96.5个百分点": (terms.NOT_READ, 96.5, "V07"),
    "96.5%": (terms.BEHIND, 96.5, ""),
    "0.965": (terms.BEHIND, None, "V21"),
    "=48+48.5": (terms.ON_SCHEDULE, 96.5, ""),
    "=1/0": (terms.NOT_READ, None, "V05"),
    '=""': (terms.BLANK, None, "V01"),
    "": (terms.BLANK, None, "V01"),
    "2007-6-30": (terms.ON_SCHEDULE, None, "V02"),
}
"""What a clerk may type for 食品检测合格率 (B01, %, target 96); full-width digits, too; an apostrophe makes
a number a text."""


OFTEN = ("96.5%", "'96.5", "约96", "=1/0", "")


@pytest.mark.parametrize(
    "typed", [typed if typed in OFTEN else pytest.param(typed, marks=pytest.mark.full) for typed in TYPING]
)
def test_what_is_typed_is_what_is_consolidated(
    desk: Desk, example: Example, tmp_path: Path, typed: str
) -> None:
    state, value, expected = TYPING[typed]
    path = issued(example, "滨湖区-卫生局", "2007-H1")
    with desk.open(path) as book:
        form = OpenForm.of(book)
        form.type("B01", typed)
        assert form.shows().lines["B01"].state == state
        book.save(tmp_path / "收" / path.name)
    done = consolidate(example.unconsolidated, tmp_path / "收", period_code="2007-H1", dry_run=True)
    row, at = done.assessment.scores.results["B01"], 4
    assert done.assessment.scores.units[at].name == "滨湖区"
    assert (float(row.actual[at]) if row.scored[at] else None) == value
    codes = {f.code for f in done.assessment.findings if f.location[3:] == ("U05", "B01")}
    assert codes - {"V09", "V10"} == set(expected.split())
