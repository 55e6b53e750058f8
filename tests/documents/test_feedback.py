"""反馈单: the unit's own figures, the group's mean, and what reaching a target would bring (Y10)."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping

import numpy as np
import openpyxl
import pytest

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.inputs import Answer
from kaohe.assess.scoring import score
from kaohe.documents.feedback import Feedbacks
from kaohe.documents.feedback_book import SHOWN, feedback_book
from kaohe.documents.gains import aims, gains
from kaohe.documents.results import assessed
from kaohe.model import Decided
from tests.documents.demos import DEMOS, DRAFT, MOMENT, results
from tests.documents.docx import parts_of

MANY = 40


@pytest.mark.parametrize("code", DEMOS)
def test_lost_points_and_means_are_those_of_the_result(code: str) -> None:
    assessment = results(code)
    told = Feedbacks(assessment, DRAFT)
    for standing in assessed(assessment):
        found = told.of(standing)
        assert sum(line.lost for line in found.losses) == pytest.approx(standing.lost)
        assert [line.lost for line in found.losses] == sorted(
            (line.lost for line in found.losses), reverse=True
        )
        assert sum(part.score for part in found.parts) == pytest.approx(sum(standing.parts.values()))
        peers = [row for row in assessed(assessment) if row.unit.group == standing.unit.group]
        if all(row.state == terms.VALID for row in peers):
            mean = sum(row.total for row in peers) / len(peers)
            assert float(dict(found.cards)["组平均分"]) == pytest.approx(mean, abs=0.0051)


def given_values(assessment: Assessment) -> Mapping[str, dict[str, Answer]]:
    """Every value as it was understood, by indicator and unit."""
    units = assessment.scores.units
    return {
        code: {
            unit.code: answer
            for unit, answer in zip(units, row.answers, strict=True)
            if answer != terms.BLANK
        }
        for code, row in assessment.scores.results.items()
        if not row.indicator.composite and row.indicator.value_source != terms.SOURCE_BORROWED
    }


@pytest.mark.parametrize("code", DEMOS)
def test_an_estimate_is_what_the_whole_reckoning_gives_with_that_one_figure(code: str) -> None:
    """Every estimate of an indicator that is typed in, against a complete new scoring."""
    assessment = results(code)
    scores = assessment.scores
    values = given_values(assessment)
    checked = 0
    for indicator, found in gains(scores).items():
        row = scores.results[indicator]
        if row.indicator.composite or indicator not in values:
            continue
        for at in np.flatnonzero(~np.isnan(found)).tolist()[: max(1, MANY // 10)]:
            unit = scores.units[at].code
            yes = row.method is not None and row.method.method.accepts == "yes_no"
            reached: Answer = terms.YES if yes else float(aims(scores, row)[at])
            moved = {**values, indicator: {**values[indicator], unit: reached}}
            again = score(scores.scheme, scores.period, moved, assessment.decisions).results[indicator]
            assert (int(again.points[at]) - int(row.points[at])) / 10**scores.places == pytest.approx(
                found[at]
            )
            checked += 1
            if checked >= MANY:
                return
    assert checked or code in ("GN", "XN", "XT"), "this demo has nothing to gain by a target"


def test_what_is_deducted_for_each_case_has_zero_for_its_target() -> None:
    """WX-J D02 日常督察发现问题: 2 found cost a point, none of them would give it back."""
    assessment = results("WX-J")
    feedbacks = Feedbacks(assessment, DRAFT)
    name = assessment.scores.scheme.indicator_by_code["D02"].name
    told = [feedbacks.of(standing) for standing in assessed(assessment)]
    lines = [(sheet, line) for sheet in told for line in sheet.losses if line.name == name]
    assert lines
    for sheet, line in lines:
        assert (line.target, line.gain) == (0.0, line.lost)
        assert line.name in sheet.suggestion
    book = openpyxl.load_workbook(io.BytesIO(feedback_book(lines[0][0], MOMENT)))
    (row,) = (row for row in book.worksheets[0].iter_rows(values_only=True) if row[1] == name)
    assert row[3] == 0


@pytest.mark.parametrize(("code", "indicator"), [("WX-D", "A401"), ("WX-J", "M03"), ("WX-J", "P01")])
def test_zero_is_no_target_of_a_comparison_a_mark_or_what_has_one(code: str, indicator: str) -> None:
    """PM2.5 of nothing is the best of its group, and still nobody's target."""
    scores = results(code).scores
    row = scores.results[indicator]
    assert np.array_equal(aims(scores, row), row.due, equal_nan=True)


def test_nothing_is_promised_where_there_is_no_target_or_a_decision() -> None:
    assessment = results("WX-J")
    scores = assessment.scores
    found = gains(scores)
    for code, row in scores.results.items():
        if code in found:
            assert not np.any(~np.isnan(found[code]) & (row.met | row.decided | ~row.scored | ~row.applies))
            assert np.all(np.isnan(found[code]) | (found[code] > 0))


def test_a_composite_gains_by_its_components() -> None:
    """BH6: the environment index is made of 断面水质 and others."""
    scores = results("BH").scores
    heads = [code for code in scores.scheme.components if scores.results[code].counted]
    found = gains(scores)
    assert heads
    for code in heads:
        known = ~np.isnan(found[code])
        row = scores.results[code]
        full = np.asarray(row.weight * 10**scores.places)
        assert np.all(found[code][known] * 10**scores.places + row.points[known] <= full[known] + 1e-6)


def test_the_last_rank_is_that_of_the_period_before_then_of_last_year() -> None:
    assessment = results("WX-D")
    standing = assessed(assessment)[0]
    assert dict(Feedbacks(assessment, DRAFT).of(standing).cards)["上期名次"].endswith("（2015）")
    row = Decided(
        "2016-07-20", "2016-H1", "公布", "2016-07-20", "纪要", standing.unit.code, standing.unit.name, "", "",
        90.0, 6, 7, "", "", "v", "hash",
    )  # fmt: skip
    later = row._replace(period="2017-H1", rank=1)
    told = Feedbacks(assessment, DRAFT, [row, later]).of(standing)
    assert dict(told.cards)["上期名次"] == "6 / 7（2016-H1）"


def test_deductions_and_vetoes_are_told_to_the_unit_itself() -> None:
    """WXJ6, WXJ5"""
    assessment = results("WX-J")
    told = Feedbacks(assessment, DRAFT)
    deducted = [row for row in assessed(assessment) if row.deduction]
    assert deducted
    for row in deducted:
        own = [points for kind, _, points in told.of(row).beside if kind == terms.PART_DEDUCTION]
        assert sum(own) == pytest.approx(-row.deduction)
    vetoed = [row for row in assessed(assessment) if row.vetoes]
    assert vetoed
    for row in vetoed:
        assert any("一票否决" in note for note in told.of(row).notes)


def test_nobody_else_is_named_in_a_units_sheet() -> None:
    assessment = results("WX-J")
    rows = assessed(assessment)
    told = Feedbacks(assessment, DRAFT)
    text = "".join(
        part.decode("utf-8", errors="ignore")
        for part in parts_of(feedback_book(told.of(rows[0]), MOMENT)).values()
    )
    assert rows[0].unit.name in text
    assert [row.unit.name for row in rows[1:] if row.unit.name in text] == []


def test_the_sheet_has_a_native_chart_and_its_texts_are_texts() -> None:
    assessment = results("BH")
    whole = Feedbacks(assessment, DRAFT).of(assessed(assessment)[-1])
    odd = "=cmd|' /C calc'!A0"
    found = dataclasses.replace(whole, unit=odd, losses=(dataclasses.replace(whole.losses[0], name=odd),))
    data = feedback_book(found, MOMENT)
    assert data == feedback_book(found, MOMENT)
    (sheet,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    (chart,) = sheet._charts
    assert len(chart.series) == 2
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.paperSize) == (True, 9)
    assert [cell.data_type for row in sheet for cell in row if cell.value == odd] == ["s"]
    assert b"<f>" not in parts_of(data)["xl/worksheets/sheet1.xml"]


def test_many_losses_stand_in_a_sum() -> None:
    assessment = results("WX-Z")
    standing = max(assessed(assessment), key=lambda row: row.lost)
    found = Feedbacks(assessment, DRAFT).of(standing)
    assert len(found.losses) > SHOWN
    rest = sum(line.lost for line in found.losses[SHOWN:])
    text = "".join(
        part.decode("utf-8", errors="ignore") for part in parts_of(feedback_book(found, MOMENT)).values()
    )
    assert f"其余{len(found.losses) - SHOWN}项共失{rest:g}分。" in text
