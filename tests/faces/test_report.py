"""report.json: it keeps to docs/report.schema.json, whatever was handed in, and says what the sheets say."""

from __future__ import annotations

import copy
import functools
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kaohe import terms
from kaohe.assess import returns
from kaohe.findings import SEVERITIES
from kaohe.jobs.report import report, report_json
from kaohe.model import Return
from tests.assess import return_cases, value_cases
from tests.house.checkout import ROOT
from tests.support import bh, example
from tests.support.returns import assess_forms, form
from tests.support.schemes import small_scheme

Report = dict[str, Any]

PROMISED = {
    "standings": "unit name group total rank grade measured_weight measured_indicators on_schedule behind",
    "scores": "unit indicator weight target actual method score lost state",
    "findings": "code severity unit workbook sheet cell message",
    "inputs": "workbook sha256 unit state",
}
"""The keys that every version of the report carries."""


@functools.cache
def schema() -> Draft202012Validator:
    content = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def faults(found: Report) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in schema().iter_errors(found)]


@functools.cache
def of_example() -> Report:
    """The example's report, through its JSON text."""
    return dict(json.loads(report_json(example.made().result.assessment)))


def test_the_example_keeps_to_the_schema() -> None:
    assert faults(of_example()) == []


@pytest.mark.parametrize("case", value_cases.CASES, ids=lambda case: case.why)
def test_so_does_every_fault_in_a_form(case: value_cases.ValueCase) -> None:
    scheme = small_scheme(**case.scheme)
    found = report(assess_forms(scheme, [_digest(form("U1", case.rows, scheme=scheme))]))
    assert faults(json.loads(json.dumps(found, allow_nan=False))) == []


@pytest.mark.parametrize("case", return_cases.CASES, ids=lambda case: case.why)
def test_so_does_every_fault_in_what_came(case: return_cases.ReturnCase) -> None:
    sent = [_digest(returned) for returned in case.returns()]
    found = report(assess_forms(return_cases.SCHEME, sent, register=case.register()))
    assert faults(found) == []


def _digest(returned: Return) -> Return:
    return returned._replace(sha256=returned.sha256.encode().hex()[:64].ljust(64, "0"))


def test_the_promised_keys_are_there() -> None:
    found = of_example()
    assert {"period", "scheme", *PROMISED} <= set(found)
    for name, keys in PROMISED.items():
        assert found[name], name
        assert all(set(keys.split()) <= set(row) for row in found[name])


def test_the_schema_is_strict() -> None:
    """Every object lists its keys, all of them required; the words are those of the program."""
    content = schema().schema
    assert isinstance(content, dict)
    objects = [content, *(d for d in content["$defs"].values() if d.get("type") == "object")]
    for thing in objects:
        assert thing["additionalProperties"] is False
        assert set(thing["required"]) == set(thing["properties"])
    defs = content["$defs"]
    assert defs["finding"]["properties"]["severity"]["enum"] == list(SEVERITIES)
    assert defs["score"]["properties"]["state"]["enum"] == list(terms.STATES)
    assert defs["standing"]["properties"]["state"]["enum"] == [
        terms.VALID,
        terms.PROVISIONAL,
        terms.OUTSIDE_PERIOD,
    ]
    states = [returns.CONSOLIDATED, returns.KNOWN, returns.DUPLICATE, returns.REFUSED, returns.UNREADABLE]
    assert defs["input"]["properties"]["state"]["enum"] == states


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("extra",), 1),
        (("period",), "2007-H2"),
        (("standings", 0, "rank"), 0),
        (("standings", 0, "rank"), None),
        (("standings", 0, "state"), "暂定"),
        (("standings", 0, "total"), "68.94"),
        (("scores", 0, "state"), "达标"),
        (("scores", 0, "state"), "未填"),
        (("scores", 0, "actual"), "约3万"),
        (("scores", 0, "weight"), -1),
        (("findings", 0, "severity"), "WARNING"),
        (("findings", 0, "cell"), "R1C1x"),
        (("inputs", 0, "sha256"), "abc"),
        (("inputs", 0, "state"), "好"),
    ],
)
def test_the_schema_refuses(path: tuple[str | int, ...], value: object) -> None:
    found: Any = copy.deepcopy(of_example())
    place = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert faults(found)


@pytest.mark.parametrize("name", ["standings", "scores", "findings", "inputs"])
def test_the_schema_misses_a_key(name: str) -> None:
    short = {key: value[:1] if isinstance(value, list) else value for key, value in of_example().items()}
    assert faults(short) == []
    for key in short[name][0]:
        found = copy.deepcopy(short)
        del found[name][0][key]
        assert faults(found), key


def test_bh_stands_in_the_report() -> None:
    """BH2, BH3, BH4 ▣."""
    (row,) = [row for row in of_example()["standings"] if row["unit"] == bh.BINHU]
    published = ("total", "lost", "rank", "measured_indicators", "measured_weight", "on_schedule", "behind")
    assert [row[key] for key in published] == [67.6, 1.4, 3, 29, 69.0, 23, 6]
    assert row["name"] == "滨湖区"


def test_the_report_adds_up() -> None:
    found = of_example()
    for row in found["standings"]:
        mine = [score for score in found["scores"] if score["unit"] == row["unit"]]
        assert len(mine) == row["measured_indicators"]
        assert sum(int(f"{score['score'] * 100:.0f}") for score in mine) == int(f"{row['total'] * 100:.0f}")
        assert sum(score["weight"] for score in mine) == row["measured_weight"]


def test_bh2_and_bh8_what_is_not_scored_is_shown() -> None:
    """COD's interim figure and the population's stand under ``outside``, with their status."""
    outside = {row["indicator"]: row for row in of_example()["outside"] if row["unit"] == bh.BINHU}
    assert (outside["D07"]["actual"], outside["D07"]["status"], outside["D07"]["score"]) == (
        85.0,
        "预计",
        None,
    )
    marks = {row["indicator"]: row["mark"] for row in of_example()["scores"] if row["unit"] == bh.BINHU}
    assert (marks["B03"], marks["B05"]) == ("有不确定性", "未达标")


def test_bh6_components_stand_by_themselves() -> None:
    parts = [row for row in of_example()["components"] if row["unit"] == bh.BINHU]
    assert [(row["indicator"], row["score"]) for row in parts] == [
        ("D011", 0.0),
        ("D012", 32.2),
        ("D013", 23.4),
    ]


def test_bh10_the_figure_as_typed() -> None:
    typed = {row["indicator"]: row["typed"] for row in of_example()["scores"] if row["unit"] == bh.BINHU}
    assert (typed["B01"], typed["D02"], typed["A01"]) == ("92.16", "25", "162.6")


def test_the_file_is_utf8_and_chinese_can_be_read_in_it(tmp_path: Path) -> None:
    text = report_json(example.made().result.assessment)
    assert "滨湖区" in text
    assert text.endswith("}\n")
