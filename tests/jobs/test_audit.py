"""One changed score, input, formula or register row is found, at its address; what is whole audits clean."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaohe.audit.cells import Place, SheetCells, read_sheets
from kaohe.audit.live_formulas import COMPUTED
from kaohe.audit.model import ANEW, CONTENT, FORMULAS, OFFICE, RETURNS
from kaohe.jobs import audit as job
from kaohe.jobs.audit import audit
from kaohe.jobs.common import JobError
from kaohe.jobs.demo import demo_periods
from kaohe.jobs.master import open_master
from kaohe.jobs.new import new
from kaohe.sheets.heading import FIRST_ROW
from kaohe.sheets.registers import FIRST_ROW as FIRST_RECORD
from kaohe.sheets.registers import RECORDS
from kaohe.workbooks.grid import column_letter
from tests.jobs.audited import Change, Example, cells_of, checked, example, found_by, without_row
from tests.package.books import parts, rebuilt

DETAIL, RANKING = "得分明细", "排名"
QUICK = ("anew", "content")
SEEDS = (1, *(pytest.param(seed, marks=pytest.mark.full) for seed in (2, 3)))
LATER = [code if code == "BH" else pytest.param(code, marks=pytest.mark.full) for code in demo_periods()]
"""All systems; by default only the first is looked at."""
_AT = {field: column_letter(at) for at, (field, *_) in enumerate(RECORDS.columns, start=1)}


@pytest.fixture(scope="module", params=["BH", pytest.param("WX-J", marks=pytest.mark.full)])
def whole(request: pytest.FixtureRequest) -> Example:
    """An example whose master is as the runs left it."""
    return example(request.param)


def formulas_with_numbers(sheet: SheetCells) -> Iterator[Place]:
    """Live formulas below the headings that come to a number."""
    return (
        place
        for place in sheet.formulas
        if place[0] >= FIRST_ROW and isinstance(sheet.values.get(place), float)
    )


@pytest.mark.parametrize("code", LATER)
def test_every_example_audits_clean(code: str) -> None:
    """With its returned files; LibreOffice has its own test."""
    one = example(code)
    found = checked(one.master, "anew", "formulas", "returns", "content", "decision", inbox=one.inbox)
    assert found.differences == ()
    assert found.clean
    by_name = {timed.opinion.engine: timed.opinion for timed in found.engines}
    assert by_name[ANEW].compared > 5_000
    assert by_name[FORMULAS].compared > 1_000
    assert set(by_name[FORMULAS].left_out) <= {COMPUTED}
    assert sum(by_name[FORMULAS].left_out.values()) < 50
    assert by_name[RETURNS].compared > 2_000
    assert by_name[CONTENT].compared > 20
    assert (found.notes, [note for one in by_name.values() for note in one.notes]) == ((), [])


@pytest.mark.soffice
@pytest.mark.full
@pytest.mark.parametrize("code", demo_periods())
def test_every_example_audits_clean_in_libreoffice(code: str) -> None:
    found = checked(example(code).master, "libreoffice")
    assert found.differences == ()
    assert found.engines[0].opinion.compared > 1_000


@pytest.mark.parametrize("seed", SEEDS)
def test_a_changed_score_is_found_where_it_stands(whole: Example, tmp_path: Path, seed: int) -> None:
    """Numbers behind formulas, ten at a time: each at its address, by two engines."""
    chance = random.Random(seed)
    changes: list[Change] = []
    wanted: set[tuple[str, str]] = set()
    for sheet, count in ((DETAIL, 7), (RANKING, 3)):
        numbers = set(formulas_with_numbers(whole.sheets[sheet]))
        places = whole.pick(sheet, chance, numbers.__contains__, count)
        for place in places:
            ((_, cell),) = cells_of(sheet, [place])
            value = whole.sheets[sheet].values[place]
            assert isinstance(value, float)
            changes.append((sheet, cell, value + chance.choice((0.01, -0.01, 1, 30)), None))
            wanted.add((sheet, cell))
    found = checked(whole.copy(tmp_path, *changes), "anew", "formulas")
    assert found_by(ANEW, found.differences) == wanted
    assert wanted <= found_by(FORMULAS, found.differences)


def test_both_values_are_told(whole: Example, tmp_path: Path) -> None:
    place = next(formulas_with_numbers(whole.sheets[RANKING]))
    ((sheet, cell),) = cells_of(RANKING, [place])
    right = whole.sheets[RANKING].values[place]
    found = checked(whole.copy(tmp_path, (sheet, cell, 987.65, None)), "anew")
    (one,) = found.differences
    assert (one.sheet, one.cell, one.published, one.recomputed) == (sheet, cell, "987.65", f"{right:.15g}")
    unit = whole.sheets[RANKING].values[place[0], 3]
    assert str(unit) in one.what
    assert not found.clean


@pytest.mark.soffice
@pytest.mark.full
def test_libreoffice_finds_a_changed_score_and_all_that_follows(whole: Example, tmp_path: Path) -> None:
    chance = random.Random(7)
    places = whole.pick(DETAIL, chance, set(formulas_with_numbers(whole.sheets[DETAIL])).__contains__, 5)
    changes = [(sheet, cell, 987.65, None) for sheet, cell in cells_of(DETAIL, places)]
    found = checked(whole.copy(tmp_path, *changes), "libreoffice")
    assert found_by(OFFICE, found.differences) == cells_of(DETAIL, places)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_changed_plain_cell_is_found(whole: Example, tmp_path: Path, seed: int) -> None:
    """Names, targets, values entered: what no formula guards."""
    chance = random.Random(seed)
    plain = [
        p for p in whole.sheets[DETAIL].values if p not in whole.sheets[DETAIL].formulas and p[0] >= FIRST_ROW
    ]
    places = whole.pick(DETAIL, chance, set(plain).__contains__, 8)
    changes: list[Change] = [(sheet, cell, "改", None) for sheet, cell in cells_of(DETAIL, places)]
    found = checked(whole.copy(tmp_path, *changes), "anew")
    assert found_by(ANEW, found.differences) == cells_of(DETAIL, places)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_changed_formula_is_found(whole: Example, tmp_path: Path, seed: int) -> None:
    """Also where it comes to the same value, so that only its text gives it away."""
    chance = random.Random(seed)
    sheet = whole.sheets[DETAIL]
    places = whole.pick(DETAIL, chance, set(formulas_with_numbers(sheet)).__contains__, 8)
    changes: list[Change] = []
    for place in places:
        ((_, cell),) = cells_of(DETAIL, [place])
        new = chance.choice((f"{sheet.formulas[place]}*1", f"{sheet.values[place]!r}+0", ""))
        changes.append((DETAIL, cell, sheet.values[place], new))
    found = checked(whole.copy(tmp_path, *changes), "anew", "formulas")
    assert found_by(ANEW, found.differences) == cells_of(DETAIL, places)
    assert found_by(FORMULAS, found.differences) == set()
    told = {one.cell: one for one in found.differences}
    for _, cell, _, written in changes:
        assert told[cell].what.endswith("的公式")
        assert told[cell].recomputed.startswith("=")
        assert told[cell].published.startswith("没有公式" if written == "" else "=")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_changed_input_is_found(whole: Example, tmp_path: Path, seed: int) -> None:
    """A number of 填报数据: the row by 内容校验, the cell by the file it came from."""
    chance = random.Random(seed)
    book = open_master(whole.master)
    numbers = [at for at, row in enumerate(book.records) if row.value]
    at = chance.choice(numbers)
    record = book.records[at]
    cell = f"{_AT['value']}{FIRST_RECORD + at}"
    assert record.value is not None
    changed = whole.copy(tmp_path, (RECORDS.key, cell, record.value * 0.5, None))
    found = checked(changed, *QUICK, "returns", inbox=whole.inbox)
    assert (RECORDS.key, f"A{FIRST_RECORD + at}") in found_by(CONTENT, found.differences)
    assert found_by(RETURNS, found.differences) == {(RECORDS.key, cell)}


def test_the_score_an_input_leads_to_is_told(tmp_path: Path) -> None:
    one = example("BH")
    book = open_master(one.master)
    at = next(n for n, row in enumerate(book.records) if row.indicator == "A01" and row.unit == "U05")
    typed, value = f"{_AT['typed']}{FIRST_RECORD + at}", f"{_AT['value']}{FIRST_RECORD + at}"
    changes: tuple[Change, ...] = ((RECORDS.key, typed, "1", None), (RECORDS.key, value, 1.0, None))
    found = checked(one.copy(tmp_path, *changes), "anew")
    told = [row.what for row in found.differences if row.sheet == DETAIL]
    assert any("滨湖区" in what and "A01" in what and "完成值" in what for what in told)
    assert any("滨湖区" in what and "A01" in what and "得分" in what for what in told)
    assert {row.sheet for row in found.differences} >= {DETAIL, RANKING}


def test_a_lost_input_is_found(whole: Example, tmp_path: Path) -> None:
    book = open_master(whole.master)
    at = random.Random(5).randrange(len(book.records) - 1)
    path = tmp_path / "总表.xlsx"
    path.write_bytes(without_row(whole.data, RECORDS.key, FIRST_RECORD + at))
    found = checked(path, *QUICK, "returns", inbox=whole.inbox)
    assert (RECORDS.key, f"A{FIRST_RECORD + at}") in found_by(CONTENT, found.differences)
    lost = [one for one in found.differences if one.engine == RETURNS]
    record = book.records[at]
    assert [f"{record.unit} {record.indicator}" in one.what for one in lost] == [True]


TABLES = ("单位", "指标", "目标", "部分", "下发登记", "收件登记", "方案版本", "运行记录", "填报数据")


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_register_row_is_found_though_it_moves_no_score(
    whole: Example, tmp_path: Path, table: str
) -> None:
    """A telephone number, a clause, a remark, a file name: the table and the row are named."""
    chance = random.Random(table)
    sheet = read_sheets(whole.data, [table])[table]
    head = max(row for row, _ in sheet.values if row <= 3)
    last = max(row for row, _ in sheet.values)
    # the row of the last run vouches for the others; nobody vouches for it
    rows = range(head + 1, last + (table != "运行记录"))
    texts = [p for p, v in sheet.values.items() if p[0] in rows and isinstance(v, str) and p[1] > 1]
    place = chance.choice(sorted(texts))
    ((_, cell),) = cells_of(table, [place])
    found = checked(whole.copy(tmp_path, (table, cell, f"{sheet.values[place]}改", None)), "content")
    assert found_by(CONTENT, found.differences) & {(table, f"A{place[0]}"), (table, f"U{place[0]}")}
    assert not found.clean


def test_a_changed_row_of_the_office_is_found(tmp_path: Path) -> None:
    """加减分 of WX-J: points, which move a score, and the reason, which does not."""
    one = example("WX-J")
    book = open_master(one.master)
    table = book.tables["bonus"]
    assert table.letters is not None
    row = random.Random(3).choice([row for row in table.rows if row.values.get("points")])
    points = f"{table.letters['points']}{row.number}"
    found = checked(one.copy(tmp_path, ("加减分", points, 0.35, None)), *QUICK)
    assert found_by(CONTENT, found.differences) == {("加减分", f"A{row.number}")}
    assert any(name == "加减分汇总" for name, _ in found_by(ANEW, found.differences))
    reason = f"{table.letters['reason']}{row.number}"
    found = checked(one.copy(tmp_path, ("加减分", reason, "另一个原因", None)), "content")
    assert found_by(CONTENT, found.differences) == {("加减分", f"A{row.number}")}


def test_an_altered_or_missing_file_is_told(tmp_path: Path) -> None:
    one = example("BH")
    folder = tmp_path / "收到"
    folder.mkdir()
    files = sorted(one.inbox.glob("*.xlsx"))
    for path in files[2:]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / files[0].name).write_bytes(files[0].read_bytes() + b" ")
    (folder / "另一份.xlsx").write_bytes(files[2].read_bytes())
    found = checked(one.master, "returns", inbox=folder)
    told = {one.what.removeprefix("回收文件 "): one for one in found.differences}
    assert set(told) == {files[0].name, files[1].name}
    assert "同名文件" in told[files[0].name].recomputed
    assert "没有这个文件" in told[files[1].name].recomputed
    book = open_master(one.master)
    for name, difference in told.items():
        row = next(at for at, r in enumerate(book.records, start=FIRST_RECORD) if r.workbook == name)
        assert (difference.sheet, difference.cell) == (RECORDS.key, f"{_AT['sha256']}{row}")
    assert any("没有登记" in note for timed in found.engines for note in timed.opinion.notes)


def test_a_sheet_that_is_gone_is_told(tmp_path: Path) -> None:
    """Renamed: still found by its hidden name. Its name taken away: not there any more."""
    one = example("BH")
    found = parts(one.data)
    text = found["xl/workbook.xml"].decode()
    path = tmp_path / "总表.xlsx"
    path.write_bytes(
        rebuilt(
            {
                **found,
                "xl/workbook.xml": text.replace('name="催报"', 'name="催办"')
                .replace("催报!", "催办!")
                .encode(),
            }
        )
    )
    assert checked(path, "anew").differences == ()
    gone = text.replace('name="_kaohe.失分分析"', 'name="x"').replace('name="失分分析"', 'name="甲"')
    path.write_bytes(rebuilt({**found, "xl/workbook.xml": gone.encode()}))
    (lost,) = checked(path, "anew").differences
    assert (lost.sheet, lost.cell, lost.published) == ("失分分析", "", "没有")


def test_a_sheet_left_over_from_another_scheme_is_said_not_to_be_looked_at(tmp_path: Path) -> None:
    one = example("BH")
    found = parts(one.data)
    text = found["xl/workbook.xml"].decode()
    name = (
        text[text.index('<definedName name="_kaohe.催报"') :].partition("</definedName>")[0]
        + "</definedName>"
    )
    more = text.replace(name, name + name.replace("_kaohe.催报", "_kaohe.组参数"))
    path = tmp_path / "总表.xlsx"
    path.write_bytes(rebuilt({**found, "xl/workbook.xml": more.encode()}))
    result = checked(path, "anew")
    assert result.clean
    assert result.notes == ("《催报》不是这次汇总写的,没有核对。",)


def test_a_master_that_is_written_meanwhile_is_not_audited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = example("BH").copy(tmp_path)
    monkeypatch.setattr(job, "read_bytes", lambda *_: b"half of it")
    with pytest.raises(JobError, match="在读取时被改动了"):
        audit(path, engines=["anew"])


def test_wrong_use_is_refused(tmp_path: Path) -> None:
    one = example("BH")
    fresh = tmp_path / "新.xlsx"
    new("BH", fresh)
    for arguments, told in (
        ({"master": fresh}, "还没有汇总过"),
        ({"master": tmp_path / "没有.xlsx"}, "找不到"),
        ({"master": one.master, "engines": ["excel"]}, "没有“excel”这种核对"),
        ({"master": one.master, "engines": ["returns"]}, "--inbox"),
        ({"master": one.master, "inbox": tmp_path / "无"}, "不存在"),
    ):
        with pytest.raises(JobError, match=told):
            audit(**arguments)
