"""KH_EXPLAIN: the same lines as the command line; which files it opens, and how often."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kaohe.faces import functions, functions_explain
from kaohe.jobs.demo import demo
from kaohe.jobs.explain import assessed
from tests.faces_functions.desktop import MISSING, Reference, call, import_desktop
from tests.faces_functions.test_xlwings import NO_FILES
from tests.support import example
from tests.support.command import kaohe

Rows = list[list[Any]]


@pytest.fixture(scope="module")
def masters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Masters of two bundled systems: one group with schedules; groups, surveys, bonuses, grades."""
    other = demo("WX-J", tmp_path_factory.mktemp("explain") / "演示").folder
    return {"BH": example.made().folder / "总表.xlsx", "WX-J": other / "总表.xlsx"}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    functions_explain._kept.clear()
    yield
    functions_explain._kept.clear()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read."""
    seen: list[Path] = []

    def counted(store: Any, period: str | None = None) -> Any:
        seen.append(store.path)
        return assessed(store, period)

    monkeypatch.setattr(functions_explain, "assessed", counted)
    return seen


def steps(rows: Rows) -> Rows:
    """Rows that are steps, not headlines."""
    return [row for row in rows if not (row[0] in ("得分", "总分") and row[3] == "" and is_head(row))]


def is_head(row: list[Any]) -> bool:
    """Whether the row opens a section."""
    return "《" in row[1] or " 总分 " in row[1]


def said(*arguments: object) -> Any:
    """What the command line says, as data."""
    done = kaohe("explain", *arguments, "--json")
    assert done.code == 0, done.text
    return json.loads(done.out)


def in_cells(parts: list[dict[str, Any]]) -> Rows:
    """Steps of the command line as cells."""
    return [
        [step["label"], step["text"], "" if step["number"] is None else step["number"], step["place"]]
        for part in parts
        for step in part["steps"]
    ]


@pytest.mark.parametrize("code", ["BH", "WX-J"])
def test_every_unit_line_by_line_as_the_command_says(masters: dict[str, Path], code: str) -> None:
    for unit in assessed(masters[code]).scores.units[:: 1 if code == "BH" else 17]:
        rows = functions.KH_EXPLAIN(str(masters[code]), unit.code)
        told = said(masters[code], unit.code)
        heads = [row for row in rows if row not in steps(rows)]
        assert steps(rows) == in_cells([told["total"], *told["indicators"]])
        assert [head[2] for head in heads] == [
            told["total"]["total"],
            *("" if row["score"] is None else row["score"] for row in told["indicators"]),
        ]
        assert all(
            row["indicator"] in head[1] for row, head in zip(told["indicators"], heads[1:], strict=True)
        )


def test_one_indicator_by_name_as_the_command_says(masters: dict[str, Path]) -> None:
    master = masters["BH"]
    rows = functions.KH_EXPLAIN(str(master), "滨湖", "经济适用住房", "2007-H1")
    assert rows[1:] == in_cells(said(master, "滨湖", "经济适用住房", "-p", "2007-H1")["indicators"])
    assert rows[0][0] == "得分"
    assert all(len(row) == 4 for row in rows)


def test_blocks_of_several_lines_fill_the_sheet_through_xlwings(masters: dict[str, Path]) -> None:
    with import_desktop() as desktop:
        path = Reference([[f"{masters['BH'].parent}{os.sep}[总表.xlsx]排名"]])
        found = call(desktop, "KH_EXPLAIN", path, Reference([["江阴市"]]), "C06", MISSING)
    assert found == functions.KH_EXPLAIN(str(masters["BH"]), "U01", "C06")
    assert len(found) > 8


def test_the_file_is_read_once_until_it_is_saved_again(
    masters: dict[str, Path], reads: list[Path], tmp_path: Path
) -> None:
    master = Path(shutil.copy(masters["BH"], tmp_path / "总表.xlsx"))
    for unit in ("U01", "U02", "U03"):
        functions.KH_EXPLAIN(str(master), unit, "C06")
    assert reads == [master]
    moment = master.stat().st_mtime_ns
    os.utime(master, ns=(moment + 10**9, moment + 10**9))
    functions.KH_EXPLAIN(str(master), "U01", "C06")
    assert reads == [master, master]


def test_a_file_that_is_no_master_is_not_read_again_for_every_cell(reads: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_text("不是工作簿", encoding="utf-8")
    first, second = (functions.KH_EXPLAIN(str(path), unit) for unit in ("U01", "U02"))
    assert first == second
    assert first.startswith("#“x.xlsx”不是可用的总表")
    assert reads == [path]


def test_few_files_are_kept(masters: dict[str, Path], reads: list[Path], tmp_path: Path) -> None:
    paths = [Path(shutil.copy(masters["BH"], tmp_path / f"{n}.xlsx")) for n in range(4)]
    for path in paths:
        functions.KH_EXPLAIN(str(path), "U01", "C06")
    assert len(functions_explain._kept) == functions_explain.KEPT
    functions.KH_EXPLAIN(str(paths[0]), "U01", "C06")
    assert reads == [*paths, paths[0]]


ELSEWHERE = (
    r"\\server\share\总表.xlsx",
    r"//server/share/总表.xlsx",
    r"\/server/share/总表.xlsx",
    r"  \\server\share\[总表.xlsx]排名",
    r"\\?\UNC\server\share\总表.xlsx",
    r"\\.\pipe\总表.xlsx",
    "http://server/总表.xlsx",
    "https://contoso.sharepoint.com/sites/[总表.xlsx]排名",
    "file:///C:/总表.xlsx",
    r"C:\考核\说明.txt:总表.xlsx",
    "/tmp/a\0.xlsx",
)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_servers_and_addresses_are_not_even_asked_for(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(self: Path, *_: object, **__: object) -> Any:
        raise AssertionError(f"asked for {self}")

    for name in ("stat", "is_file", "exists", "resolve", "open", "read_bytes"):
        monkeypatch.setattr(Path, name, asked)
    assert functions.KH_EXPLAIN(path, "U01").startswith("#出于安全,")


def test_other_files_and_names(tmp_path: Path) -> None:
    form = example.form_of("江阴市")
    folder = tmp_path / "文件夹.xlsx"
    folder.mkdir()
    cases = {
        "": "#总表是空的",
        "总表.xlsx": "#总表应写完整路径",
        "[总表.xlsx]排名": "#总表应",
        str(tmp_path / "说明.txt"): "#总表应是 .xlsx 或 .xlsm 文件,现为“说明.txt”",
        str(tmp_path / "没有.xlsx"): "#找不到总表“",
        str(folder): "#找不到总表“",
        str(form): f"#“{form.name}”不是考核总表",
    }
    for path, message in cases.items():
        assert functions.KH_EXPLAIN(path, "U01").startswith(message), path


def test_what_cannot_be_explained_is_said_in_the_cell(masters: dict[str, Path]) -> None:
    master = str(masters["BH"])
    assert functions.KH_EXPLAIN(master, None) == "#单位是空的"
    assert functions.KH_EXPLAIN(master, "滨湖县") == "#《单位》《人员》中没有“滨湖县”。是不是滨湖区?"
    assert "不止一个" in functions.KH_EXPLAIN(master, "市")
    assert "期次 2008-H1 没有汇总过" in functions.KH_EXPLAIN(master, "U01", None, "2008-H1")
    assert functions.KH_EXPLAIN(master, [["U01"], ["U02"]]) == "#单位应是一个值,不是区域"
    assert functions.KH_EXPLAIN("#N/A", "U01") == "#总表是错误值N/A"


def test_on_a_server_no_file_is_opened(masters: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLWINGS_ON_SERVER", "true")
    assert functions.KH_EXPLAIN(str(masters["BH"]), "U01") == NO_FILES


def test_the_file_is_as_it_was(masters: dict[str, Path]) -> None:
    before = masters["BH"].read_bytes(), masters["BH"].stat().st_mtime_ns
    functions.KH_EXPLAIN(str(masters["BH"]), "U01")
    assert (masters["BH"].read_bytes(), masters["BH"].stat().st_mtime_ns) == before
