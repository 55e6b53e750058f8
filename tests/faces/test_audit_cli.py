"""`kaohe audit` on the command line: exit codes, what is shown, JSON that obeys its schema, a workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from kaohe.faces import cli_audit
from kaohe.jobs import audit_report
from kaohe.workbooks.package import NotWritable
from tests.house.checkout import ROOT
from tests.jobs.audited import example, with_cells
from tests.support.command import Done, kaohe

ENGINES = ("--engine", "anew", "--engine", "content", "--engine", "decision")


def audit(master: Path, *more: object) -> Done:
    """The quick engines."""
    return kaohe("audit", master, *ENGINES, *more)


@pytest.fixture
def tampered(tmp_path: Path) -> Path:
    """BH with sixty changed values and one changed formula."""
    one = example("BH")
    detail = one.sheets["得分明细"]
    places = [place for place in sorted(detail.values) if place[1] == 11 and place[0] > 4][:60]
    changes: list[Any] = [("得分明细", f"K{row}", -1.0, None) for row, _ in places]
    return one.copy(tmp_path, *changes, ("排名", "E5", 68.94, "68.94+0"))


def checked(path: Path) -> dict[str, Any]:
    """The JSON, held against the schema in docs."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs" / "audit.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)
    return found


def test_0_when_everything_agrees(tmp_path: Path) -> None:
    one = example("BH")
    done = audit(one.master, "--json", tmp_path / "a.json", "--engine", "returns", "--inbox", one.inbox)
    assert (done.code, done.err.strip()) == (0, "")
    assert "核对相符。" in done.out
    assert "重新计分:核对" in done.out
    found = checked(tmp_path / "a.json")
    assert (found["clean"], found["differences"]) == (True, [])
    assert [row["engine"] for row in found["engines"]] == ["anew", "returns", "content", "decision"]


def test_1_with_the_first_forty_shown_and_the_rest_counted(tampered: Path) -> None:
    done = audit(tampered)
    assert done.code == 1
    assert "另有 21 处,加 --json 或 --out 可全部另存" in done.out
    assert "不符 61 处。" in done.out
    assert "得分明细" in done.out
    assert done.out.count("│ K") == cli_audit.SHOWN - 1
    assert "=68.94+0" in done.out


def test_everything_stands_in_the_json_and_in_the_workbook(tampered: Path, tmp_path: Path) -> None:
    done = audit(tampered, "--json", tmp_path / "a.json", "--out", tmp_path / "核对.xlsx")
    assert done.code == 1
    assert "见另存的结果" in done.out
    found = checked(tmp_path / "a.json")
    assert len(found["differences"]) == 61
    book = openpyxl.load_workbook(tmp_path / "核对.xlsx")
    rows = list(book["核对结果"].iter_rows(min_row=4, values_only=True))
    listed = [
        (one["sheet"], one["cell"], one["published"], one["recomputed"]) for one in found["differences"]
    ]
    assert [(row[2], row[3], row[5], row[6]) for row in rows] == listed
    looked_at = list(book["核对范围"].iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in looked_at] == [row["name"] for row in found["engines"]]


def test_the_same_master_gives_the_same_bytes(tampered: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        audit(tampered, "--json", tmp_path / f"{number}.json", "--out", tmp_path / f"{number}.xlsx")
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()


def test_an_old_audit_is_replaced_and_nothing_else_is(tampered: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    assert audit(tampered, "--json", target).code == 1
    assert audit(tampered, "--json", target).code == 1
    target.write_text("{}", encoding="utf-8")
    done = audit(tampered, "--json", target)
    assert done.code == 2
    assert "没有覆盖" in done.err
    before = tampered.read_bytes()
    assert audit(tampered, "--json", tampered).code == 2
    assert audit(tampered, "--out", tampered).code == 2
    assert audit(tampered, "--out", tmp_path / "a.csv").code == 2
    assert audit(tampered, "--out", tmp_path / "没有" / "a.xlsx").code == 2
    assert tampered.read_bytes() == before


def test_2_for_wrong_use(tmp_path: Path) -> None:
    for arguments, told in (
        ((tmp_path / "没有.xlsx",), "找不到总表"),
        ((example("BH").master, "--engine", "excel"), "没有“excel”这种核对"),
        ((example("BH").master, "--engine", "returns"), "--inbox"),
        ((example("BH").master, "--inbox", tmp_path / "无"), "不存在"),
        ((), "总表"),
    ):
        done = kaohe("audit", *arguments)
        assert done.code == 2, done.text
        assert told in done.text


def test_the_office_sees_why_a_report_was_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotWritable("磁盘只读。", "请换一个文件夹。")

    monkeypatch.setattr(audit_report, "write_new", refuse)
    done = audit(example("BH").master, "--json", tmp_path / "a.json")
    assert done.code == 1
    assert "没有写成:磁盘只读。" in done.out


def test_the_audit_leaves_the_master_as_it_is(tampered: Path) -> None:
    before = (tampered.read_bytes(), tampered.stat().st_mtime_ns, sorted(tampered.parent.iterdir()))
    audit(tampered)
    assert (tampered.read_bytes(), tampered.stat().st_mtime_ns, sorted(tampered.parent.iterdir())) == before


def test_text_that_looks_like_markup_is_shown_as_it_is(tmp_path: Path) -> None:
    data = with_cells(example("BH").data, [("得分明细", "B5", "[bold]=cmd|' /C calc'!A0[/bold]", None)])
    path = tmp_path / "总表.xlsx"
    path.write_bytes(data)
    done = audit(path, "--out", tmp_path / "a.xlsx")
    assert "[bold]=cmd|" in done.out
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["核对结果"]["F4"]
    assert (cell.data_type, cell.value) == ("s", "[bold]=cmd|' /C calc'!A0[/bold]")
