"""`kaohe explain`: units and indicators by what people call them, what cannot be explained, JSON, pipes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kaohe.jobs.demo import demo
from kaohe.jobs.explain import explain
from kaohe.jobs.new import new
from kaohe.sheets.explain_sheet import place_of, sections
from kaohe.workbooks.package import fill
from tests.support import example
from tests.support.command import Done, kaohe


@pytest.fixture(scope="module")
def master() -> Path:
    """The example BH; nobody writes into it."""
    return example.made().folder / "总表.xlsx"


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example WX-J: groups, surveys, bonuses, grades."""
    return demo("WX-J", tmp_path_factory.mktemp("explain") / "演示").folder / "总表.xlsx"


def refused(done: Done, message: str) -> None:
    """Wrong use, told in Chinese, and nothing on standard output."""
    assert (done.code, done.out) == (2, ""), done.text
    assert message in done.err.replace("\n", "")


@pytest.mark.parametrize("name", ["U05", "u05", "滨湖区", "滨湖", " 滨 湖 区 "])
def test_a_unit_by_code_name_or_part_of_its_name(master: Path, name: str) -> None:
    assert (
        kaohe("explain", master, name, "C06").out == kaohe("explain", master, unit_code("滨湖区"), "C06").out
    )


def unit_code(name: str) -> str:
    """The code of a unit of the example."""
    made = example.made().result.assessment.scores.units
    return next(unit.code for unit in made if unit.name == name)


@pytest.mark.parametrize("name", ["C06", "c06", "经济适用住房开工", "适用住房"])
def test_an_indicator_by_code_name_or_part_of_its_name(master: Path, name: str) -> None:
    done = kaohe("explain", master, "江阴市", name)
    assert done.code == 0
    assert done.out.startswith("C06《经济适用住房开工》 1.00 分 / 1 分  已达序时\n")


def test_an_unknown_unit_with_names_that_are_near(master: Path) -> None:
    refused(kaohe("explain", master, "滨湖县"), "《单位》《人员》中没有“滨湖县”。是不是滨湖区?")
    refused(kaohe("explain", master, "天河"), "《单位》《人员》中没有“天河”。请用代码或名称。")
    refused(kaohe("explain", master, ""), "《单位》《人员》中没有“”。请用代码或名称。")


def test_an_unknown_indicator_with_names_that_are_near(master: Path) -> None:
    refused(kaohe("explain", master, "江阴市", "经济适用房开工"), "是不是经济适用住房开工?")
    refused(kaohe("explain", master, "江阴市", "C6"), "《指标》中没有“C6”。是不是C06")


def test_a_word_that_several_names_hold(master: Path) -> None:
    refused(kaohe("explain", master, "市"), "“市”在《单位》《人员》中不止一个:U01 江阴市、")
    done = kaohe("explain", master, "江阴市", "率")
    refused(done, "“率”在《指标》中不止一个:")
    assert "请用代码。" in done.err


def test_an_indicator_that_does_not_apply_to_the_unit(master: Path, tmp_path: Path) -> None:
    changed = tmp_path / "总表.xlsx"
    changed.write_bytes(applies_to("U02", "C06", master))
    refused(kaohe("explain", changed, "U01", "C06"), "《经济适用住房开工》不考核江阴市(见《指标》的“适用”)。")
    assert kaohe("explain", changed, "U02", "C06").code == 0


def applies_to(unit: str, indicator: str, master: Path) -> bytes:
    """The master, an indicator kept for one unit."""
    import openpyxl

    rows = list(openpyxl.load_workbook(master)["指标"].iter_rows(values_only=True))
    column = next(row for row in rows if "适用" in row).index("适用") + 1
    line = next(number for number, row in enumerate(rows, 1) if row[0] == indicator)
    return fill(master.read_bytes(), "指标", {(line, column): unit})


def test_a_period_that_was_not_consolidated(master: Path) -> None:
    refused(
        kaohe("explain", master, "江阴市", "-p", "2008-H1"),
        "期次 2008-H1 没有汇总过,没有可解释的得分。汇总过的期次:2007-H1。",
    )
    refused(kaohe("explain", master, "江阴市", "-p", "去年"), "期次“去年”看不懂")
    told = kaohe("explain", master, "江阴市", "C06", "-p", "2007-H1")
    assert told.out == kaohe("explain", master, "江阴市", "C06").out


def test_a_master_that_was_never_consolidated(tmp_path: Path) -> None:
    new("BH", tmp_path / "总表.xlsx")
    done = kaohe("explain", tmp_path / "总表.xlsx", "江阴市")
    refused(done, "总表还没有汇总过,没有可解释的得分。请先汇总")
    refused(kaohe("explain", tmp_path / "总表.xlsx", "江阴市", "-p", "2007-H1"), "总表还没有汇总过")


def test_a_file_that_is_not_there_or_no_master(tmp_path: Path) -> None:
    refused(kaohe("explain", tmp_path / "没有.xlsx", "江阴市"), "找不到总表")
    refused(kaohe("explain", example.form_of("江阴市"), "江阴市"), "不是考核总表")


STEP = {"label": str, "text": str, "number": (float, int, type(None)), "place": str}
INDICATOR = {
    "unit": str,
    "indicator": str,
    "name": str,
    "score": (float, type(None)),
    "weight": float,
    "state": str,
    "formula": str,
    "raw": (float, type(None)),
    "computed": (float, type(None)),
    "steps": list,
}
TOTAL = {
    "unit": str,
    "name": str,
    "total": float,
    "rank": (int, type(None)),
    "grade": (str, type(None)),
    "steps": list,
}


def conforms(found: dict[str, Any], schema: dict[str, Any]) -> None:
    """Exactly these keys in this order, with values of these types; the steps alike."""
    assert list(found) == list(schema)
    for key, kind in schema.items():
        assert isinstance(found[key], kind), (key, found[key])
    for step in found.get("steps", ()):
        conforms(step, STEP)


def test_json_of_a_unit(master: Path, other: Path) -> None:
    for path, unit, period in ((master, "江阴市", "2007-H1"), (other, "教育", "2016")):
        told = json.loads(kaohe("explain", path, unit, "--json").out)
        assert list(told) == ["period", "total", "indicators"]
        assert told["period"] == period
        conforms(told["total"], TOTAL)
        assert len(told["indicators"]) > 5
        for each in told["indicators"]:
            conforms(each, INDICATOR)


def test_json_of_an_indicator(master: Path) -> None:
    told = json.loads(kaohe("explain", master, "江阴市", "C06", "--json").out)
    assert told["total"] is None
    [found] = told["indicators"]
    conforms(found, INDICATOR)
    assert {key: value for key, value in found.items() if key not in ("formula", "steps")} == {
        "unit": "U01",
        "indicator": "C06",
        "name": "经济适用住房开工",
        "score": 1.0,
        "weight": 1.0,
        "state": "已达序时",
        "raw": 1.0,
        "computed": 1.0,
    }
    assert found["steps"][0] == {
        "label": "完成值",
        "text": "1555套,单位自报(2007-07-07 15:00:00)",
        "number": 1555.0,
        "place": "江阴市-自测完成情况表-2007-H1.xlsx《自测表》K37",
    }


def signs(text: str) -> Counter[str]:
    """How often each sign occurs, blanks apart."""
    return Counter(re.sub(r"\s", "", text))


@pytest.mark.parametrize("columns", ["40", "200"])
@pytest.mark.parametrize("unit", ["江阴市", "教育"])
def test_nothing_is_cut_off_in_a_pipe(master: Path, other: Path, unit: str, columns: str) -> None:
    """However narrow: every sign of every step is there, on more lines."""
    path = master if unit == "江阴市" else other
    done = subprocess.run(
        [sys.executable, "-m", "kaohe.faces.cli", "explain", str(path), unit],
        env=os.environ | {"COLUMNS": columns, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = explain(path, unit)
    parts = sections(found.period, found.total, found.indicators)
    whole = "".join(
        part.headline + "".join(step.label + step.text + place_of(step.place) for step in part.steps)
        for part in parts
    )
    assert signs(done.stdout) == signs(whole)
    assert "…" not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_formula_that_is_in_the_way_of_markup_is_shown_as_it_is(master: Path) -> None:
    """Square brackets and slashes are no colours."""
    done = kaohe("explain", master, "江阴市", "C06")
    assert "1*MAX(0,MIN(1,MAX(1,1555/(2880*0.5)))) = 1" in done.out
    widths = {
        sum(2 if unicodedata.east_asian_width(s) in "WF" else 1 for s in line)
        for line in done.out.splitlines()
    }
    assert max(widths) <= 120


def test_a_reader_that_stops_early_is_no_error(master: Path) -> None:
    reading = subprocess.Popen(
        [sys.executable, "-m", "kaohe.faces.cli", "explain", str(master), "江阴市"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert reading.stdout is not None
    assert reading.stderr is not None
    reading.stdout.readline()
    reading.stdout.close()
    said = reading.stderr.read().decode()
    reading.wait()
    assert "Traceback" not in said
    assert "内部错误" not in said
