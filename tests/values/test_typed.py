"""Typed values: every row of cases.csv is read as a person reads it, and nothing makes the reader fail."""

from __future__ import annotations

import csv
import datetime as dt
import math
import timeit
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.values.typed import KINDS, Typed, attained, read_typed
from kaohe.values.units import FAMILIES

CASES = list(csv.DictReader(Path(__file__).with_name("cases.csv").open(encoding="utf-8", newline="")))


def label(row: dict[str, str]) -> str:
    return f"{row['typed'][:20]!r} ({row['measure']})"


@pytest.mark.parametrize("row", CASES, ids=label)
def test_case(row: dict[str, str]) -> None:
    seen = read_typed(row["typed"], unit_of_measure=row["measure"])
    assert seen.kind == row["kind"]
    assert seen.number == (float(row["number"]) if row["number"] else None)
    assert seen.relation == row["relation"]
    assert seen.unit == row["unit"]
    assert seen.approximate == (row["approximate"] == "yes")
    assert seen.decimals == (int(row["decimals"]) if row["decimals"] else None)
    assert seen.status == row["status"]
    assert seen.text == row["typed"]
    assert bool(seen.reason) == (seen.kind != "number")


def test_the_case_table_is_wide() -> None:
    assert len(CASES) >= 150
    assert {row["kind"] for row in CASES} == set(KINDS)


def test_every_row_of_the_shared_table_is_a_case() -> None:
    shared = Path(__file__).resolve().parents[3] / "shared" / "typed-values.csv"
    if not shared.exists():
        pytest.skip("没有 shared/typed-values.csv")
    with shared.open(encoding="utf-8-sig", newline="") as file:
        typed = {row["typed"] for row in csv.DictReader(file)}
    assert typed <= {row["typed"] for row in CASES}


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0.125, 12.5),
        (0.285, 28.5),
        (1, 100.0),
        (0.0900000762939453, 9.0),
        (0.07, 7.0),
        (-0.016, -1.6),
        (0.0, 0.0),
    ],
)
def test_a_number_under_a_percent_format_is_in_percentage_points(value: float, number: float) -> None:
    assert read_typed(value, percent_format=True).number == number
    assert read_typed(value, percent_format=True, unit_of_measure="%").number == number


def test_a_percent_format_gives_ten_per_point_for_per_mille() -> None:
    assert read_typed(0.0085, percent_format=True, unit_of_measure="‰").number == 8.5


def test_text_is_not_affected_by_a_percent_format() -> None:
    assert read_typed("12.5", percent_format=True, unit_of_measure="%").number == 12.5


def test_float_noise_is_understood_and_said() -> None:
    seen = read_typed(0.0900000762939453, percent_format=True)
    assert (seen.number, seen.text) == (9.0, "0.0900000762939453")
    assert "9.00000762939453" in seen.note


@pytest.mark.parametrize("value", [1 / 3, 162.6, 0.925, 99.99999, 1234.5678901234, 2 / 3 * 100, 1e-9])
def test_an_honest_number_is_left_alone(value: float) -> None:
    assert read_typed(value) == Typed(value, source=value)


@pytest.mark.parametrize(("value", "text"), [(92.0, "92"), (92.16, "92.16"), (7, "7"), (1e22, "1e+22")])
def test_a_number_cell_shows_its_shortest_spelling(value: float, text: str) -> None:
    assert read_typed(value).text == text
    assert read_typed(value).decimals is None


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "blank"),
        (True, "yes"),
        (False, "no"),
        (math.nan, "error"),
        (math.inf, "error"),
        (10**400, "unreadable"),
        (dt.date(2007, 6, 30), "date"),
        (dt.datetime(2007, 6, 30, 1), "date"),
        (dt.time(8), "date"),
        (dt.timedelta(1), "date"),
    ],
)
def test_other_values(value: object, kind: str) -> None:
    seen = read_typed(value)  # type: ignore[arg-type]
    assert (seen.kind, seen.number) == (kind, None)
    assert seen.reason


def test_a_date_that_was_meant_as_a_fraction_is_named() -> None:
    assert "3/5" in read_typed(dt.date(2007, 3, 5)).reason


def test_a_range_keeps_both_ends_in_the_unit_of_measure() -> None:
    assert read_typed("3-5万元", unit_of_measure="元").bounds == (30000.0, 50000.0)
    assert read_typed("90%~80%", unit_of_measure="%").bounds == (80.0, 90.0)


def test_what_was_restated_is_said() -> None:
    assert read_typed("1,746万", unit_of_measure="亿元").note == "按 0.1746亿元 理解"
    assert read_typed("92.16%", unit_of_measure="%").note == ""


def test_contradicting_units_are_named() -> None:
    reason = read_typed("0.5亿元", unit_of_measure="户").reason
    assert "元" in reason
    assert "户" in reason


@pytest.mark.parametrize(
    ("typed", "exact"),
    [("3", True), ("=3", True), ("约3", False), ("≥3", False), ("3余", False), ("无", False)],
)
def test_exact(typed: str, exact: bool) -> None:
    assert read_typed(typed).exact is exact


@pytest.mark.parametrize(("word", "result"), [("完成", True), ("未达标", False), ("十分满意", None)])
def test_attained(word: str, result: bool | None) -> None:
    assert attained(word) is result


# -- properties ---------------------------------------------------------------------------------------------

_ALPHABET = st.sampled_from(
    list("0123456789.,，%‰+-—~/ 　\t\n一二三十百千万亿点两元个人约近余多以上下内≥≤<>（）()年月日分之又½²①")
)
_UNITS = st.sampled_from(
    ["", "%", "‰", "万元", "亿元", "元", "个", "户", "公里", "亩", "元/人", "标准分", "万", "℃"]
)


@given(st.one_of(st.text(max_size=60), st.text(_ALPHABET, max_size=24)), _UNITS, st.booleans())
def test_any_text_is_read_or_refused_never_raised(text: str, unit: str, percent: bool) -> None:
    seen = read_typed(text, unit_of_measure=unit, percent_format=percent)
    assert seen.kind in KINDS
    assert (seen.number is not None) == (seen.kind == "number")
    assert bool(seen.reason) == (seen.kind != "number")
    assert seen.text == text
    if seen.number is not None:
        assert math.isfinite(seen.number)


@given(st.text(max_size=30))
def test_any_unit_of_measure_is_accepted(unit: str) -> None:
    assert read_typed("3", unit_of_measure=unit).number == 3
    assert read_typed("约3万", unit_of_measure=unit).kind in ("number", "unreadable")


@given(st.text(st.characters(exclude_categories=["Nd", "No", "Nl"]), max_size=30))
def test_a_text_without_any_numeral_gives_zero_only_for_words_that_say_so(text: str) -> None:
    seen = read_typed(text)
    if seen.number == 0 and not any(ch in "零〇" for ch in text):
        assert any(word in text for word in ("无", "未", "没有"))


_NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
_FULL_WIDTH = str.maketrans("0123456789.,%+-", "０１２３４５６７８９．，％＋－")


@given(
    _NUMBERS,
    st.sampled_from(["", " ", "　", "\t", "\n"]),
    st.sampled_from(["", "。", ";", " ", "\u200b"]),
    st.booleans(),
    st.booleans(),
)
def test_a_number_survives_the_noise_around_it(
    number: object, front: str, back: str, wide: bool, grouped: bool
) -> None:
    text = f"{number:,.2f}" if grouped else f"{number:.2f}"
    shown = text.translate(_FULL_WIDTH) if wide else text
    seen = read_typed(front + shown + back)
    assert seen.number == float(text.replace(",", ""))
    assert seen.decimals == 2


@given(_NUMBERS, st.sampled_from(sorted(unit for unit in FAMILIES["yuan"] if unit.isalpha())))
def test_ten_thousand_is_one_wan(number: object, unit: str) -> None:
    whole = read_typed(f"{number}万{unit}", unit_of_measure="元").number
    part = read_typed(f"{number}{unit}", unit_of_measure="万元").number
    assert whole is not None
    assert part is not None
    assert whole == pytest.approx(part * 10**8, rel=1e-12)


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_any_float_is_a_number_close_to_itself(value: float, percent: bool) -> None:
    seen = read_typed(value, percent_format=percent)
    expected = value * 100 if percent else value
    if abs(expected) > 1.7e308:
        assert seen.number is None or math.isfinite(seen.number)
    else:
        assert seen.number == pytest.approx(expected, rel=2e-6)


def test_a_plain_number_is_quick() -> None:
    """Under a microsecond on an ordinary machine; the bound leaves room for a busy one."""
    assert min(timeit.repeat(lambda: read_typed(162.6), number=20_000, repeat=5)) / 20_000 < 5e-6


@pytest.mark.parametrize("kept", ["2007-03-05", "2007-03-05 00:00:00", " 2007-03-31 00:00:00 "])
def test_a_date_cell_kept_as_text_says_what_may_have_happened(kept: str) -> None:
    day = dt.date.fromisoformat(kept.strip()[:10])
    typed = read_typed(kept)
    assert (typed.kind, typed.number, typed.reason) == ("date", None, read_typed(day).reason)
    assert f"{day.month}/{day.day}" in typed.reason


@pytest.mark.parametrize("odd", ["2007-02-30", "2007-13-01", "0000-01-01"])
def test_what_only_looks_like_a_date_is_no_number(odd: str) -> None:
    assert read_typed(odd).number is None


@pytest.mark.parametrize(("value", "shown"), [(True, "TRUE"), (False, "FALSE")])
def test_a_truth_value_is_shown_as_a_spreadsheet_does(value: bool, shown: str) -> None:
    assert (read_typed(value).text, read_typed(shown).kind) == (shown, read_typed(value).kind)
