"""`kaohe publish`: one folder from one state of the master, whole or not at all (Y10)."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from kaohe.jobs import publish as job
from kaohe.jobs import publish_folder
from kaohe.jobs.common import JobError
from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.new import new
from kaohe.jobs.publish import CONTENTS, publish
from kaohe.jobs.publish_kinds import KINDS
from kaohe.jobs.publish_templates import HELP, TEMPLATES
from kaohe.workbooks.plan import Scalar
from tests.documents.demos import clock, master
from tests.documents.docx import drawn, parts_of, texts
from tests.support.command import kaohe
from tests.support.line import Desk

OPINIONS = """
    稿次|日期|来自|联系人|条款|意见|处理|理由|办理日期
    征求意见稿|2007-01-10|东区|甲|X1|权重偏高|未采纳|上级要求|2007-01-20
    """


def all_files(folder: Path) -> dict[str, bytes]:
    """Every file by its place."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of two units issued, one of them in and consolidated."""
    found = Desk.new(tmp_path_factory.mktemp("desk"))
    found.issue()
    found.fill("U1", "指标|完成值\nX1|100\nX2|80")
    found.consolidate()
    return found.folder


@pytest.fixture
def desk(consolidated: Path, tmp_path: Path) -> Desk:
    """A copy of it."""
    return Desk(Path(shutil.copytree(consolidated, tmp_path / "桌")))


def test_every_kind_from_one_state_and_the_master_stays_as_it_was(desk: Desk) -> None:
    before = desk.master.read_bytes()
    done = publish(desk.master, desk.folder / "文书", pdf=False, clock=clock)
    assert desk.master.read_bytes() == before
    assert done.folder == desk.folder / "文书" / "2007-H1-初步"
    assert dict(done.files) == {
        "通报": 1, "公示": 2, "反馈单": 2, "总览": 1, "任务书": 2, "催报": 1, "申诉表": 2, "征求意见表": 1,
    }  # fmt: skip
    found = all_files(done.folder)
    assert {
        "通报.docx",
        "公示.docx",
        "公示.xlsx",
        "反馈单/东区.xlsx",
        "任务书/西区.docx",
        "催报/001-西区.docx",
    } <= set(found)
    assert "西区" in "".join(texts(found["催报/001-西区.docx"]))
    listed = found.pop(CONTENTS).decode("utf-8-sig")
    assert hashlib.sha256(before).hexdigest() in listed
    for place, data in found.items():
        assert f"{hashlib.sha256(data).hexdigest()}  {place}" in listed


def test_same_master_and_clock_same_bytes(desk: Desk) -> None:
    first, again = (publish(desk.master, desk.folder / name, pdf=False, clock=clock) for name in ("甲", "乙"))
    assert all_files(first.folder) == all_files(again.folder)


def test_an_earlier_folder_stays_as_it_was(desk: Desk) -> None:
    out = desk.folder / "文书"
    names = [publish(desk.master, out, kinds=["总览"], pdf=False, clock=clock).folder.name for _ in range(3)]
    assert names == ["2007-H1-初步", "2007-H1-初步-2", "2007-H1-初步-3"]
    assert sorted(path.name for path in out.iterdir()) == sorted(names)


def test_before_any_result_there_are_tasks_and_forms(tmp_path: Path) -> None:
    """Y2: targets to sign, before anything is issued."""
    new("BH", tmp_path / "总表.xlsx")
    done = publish(tmp_path / "总表.xlsx", tmp_path / "文书", pdf=False, clock=clock)
    assert done.folder.name == "2007-未汇总"
    assert dict(done.files) == {"任务书": 9, "征求意见表": 1}
    assert any("还没有汇总" in note and "通报" in note for note in done.notes)
    with pytest.raises(JobError, match="还没有汇总"):
        publish(tmp_path / "总表.xlsx", tmp_path / "文书", kinds=["通报"], clock=clock)
    with pytest.raises(JobError, match="没有可出的文书"):
        publish(tmp_path / "总表.xlsx", tmp_path / "文书", kinds=["催报"], clock=clock)
    assert [path.name for path in (tmp_path / "文书").iterdir()] == ["2007-未汇总"]


def test_reminders_of_a_period_that_was_only_issued(tmp_path: Path) -> None:
    """Y5: who has not sent anything in is reminded before there is any result."""
    desk = Desk.new(tmp_path)
    desk.issue()
    done = publish(desk.master, tmp_path / "文书", pdf=False, clock=clock)
    assert dict(done.files) == {"任务书": 2, "催报": 2, "征求意见表": 1}
    assert done.folder.name == "2007-H1-未汇总"


def test_a_state_that_is_no_folder_name(tmp_path: Path) -> None:
    settings = "项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007\n审定程序|审核?审定、公布"
    desk = Desk.new(tmp_path, 方案=settings)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|90")
    desk.fill("U2", "指标|完成值\nX1|90\nX2|90")
    desk.consolidate()
    decide(desk.master, Asked("审核?审定", basis="纪要", person="书记", date="2007-08-01"))
    done = publish(desk.master, tmp_path / "文书", kinds=["通报"], pdf=False, clock=clock)
    assert done.folder.name == "2007-H1-审核_审定"


def test_opinions_on_a_draft(tmp_path: Path) -> None:
    """Y1"""
    desk = Desk.new(tmp_path, 征求意见=OPINIONS)
    done = publish(desk.master, tmp_path / "文书", kinds=["征求意见采纳情况表"], pdf=False, clock=clock)
    said = texts(all_files(done.folder)["征求意见采纳情况表.docx"])
    assert {"东区", "权重偏高", "未采纳", "上级要求"} <= set(said)


def test_only_the_last_step_makes_it_final(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|90")
    desk.fill("U2", "指标|完成值\nX1|90\nX2|90")
    desk.consolidate()
    steps = (
        ("领导小组审核", "2007-08-01"),
        ("常委会审定", "2007-08-02"),
        ("公示", "2007-08-03"),
        ("公布", "2007-08-20"),
    )
    for state, day in steps:
        decide(desk.master, Asked(state, basis="纪要", person="书记", date=day, number="〔2007〕第8期"))
        done = publish(desk.master, tmp_path / "文书", kinds=["通报"], pdf=False, clock=clock)
        data = all_files(done.folder)["通报.docx"]
        assert done.folder.name == f"2007-H1-{state}"
        assert done.final is (state == "公布")
        assert ("〔2007〕第8期" in texts(data)) is done.final
        shown = f"状态：{state}"
        header = texts(data, "word/header1.xml")[0]
        assert shown in header
        assert ("送审稿" in texts(data, "word/header1.xml")[0]) is not done.final


def test_results_that_changed_since_are_not_published(desk: Desk) -> None:
    """A register changed by hand after the last consolidation: 先汇总."""
    from tests.jobs.test_decide import typed

    row: dict[str, Scalar] = {
        "期次": "2007-H1",
        "单位代码": "U1",
        "项目": "总分",
        "调整为": 50,
        "依据": "纪要",
        "决定人": "书记",
        "日期": "2007-07-09",
    }
    typed(desk, "人工调整", row)
    with pytest.raises(JobError, match="汇总"):
        publish(desk.master, desk.folder / "文书", clock=clock)
    assert not (desk.folder / "文书").exists()


def test_a_word_in_the_setting_that_nobody_knows_stops_it(tmp_path: Path) -> None:
    settings = "项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007\n公示内容|得份"
    desk = Desk.new(tmp_path, 方案=settings)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|80")
    desk.consolidate()
    with pytest.raises(JobError, match="得份"):
        publish(desk.master, tmp_path / "文书", clock=clock)


@pytest.mark.parametrize("kind", ["通知", "通报 "])
def test_an_unknown_kind_is_named(desk: Desk, kind: str) -> None:
    with pytest.raises(JobError, match="没有名为"):
        publish(desk.master, desk.folder / "文书", kinds=[kind])


# --- whole or not at all ---------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 4, 9, 12])
def test_a_full_disk_leaves_nothing_behind(desk: Desk, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    out = desk.folder / "文书"
    count = iter(range(1, 1000))
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if next(count) == at:
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(JobError, match="没有写成"):
        publish(desk.master, out, pdf=False, clock=clock)
    assert list(out.iterdir()) == []


def test_an_interruption_leaves_nothing_behind(desk: Desk) -> None:
    out = desk.folder / "文书"

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "写申诉表":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(desk.master, out, pdf=False, clock=clock, progress=stop)
    assert list(out.iterdir()) == []


def test_what_a_killed_run_left_is_cleared_a_day_later(desk: Desk) -> None:
    out = desk.folder / "文书"
    old, fresh = out / f"{publish_folder.UNFINISHED}old", out / f"{publish_folder.UNFINISHED}fresh"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
        (folder / "通报.docx").write_bytes(b"half")
    os.utime(old, (time.time() - 2 * 24 * 3600,) * 2)
    publish(desk.master, out, kinds=["总览"], pdf=False, clock=clock)
    assert (old.exists(), fresh.exists()) == (False, True)


def test_a_folder_that_cannot_be_made_is_named(desk: Desk) -> None:
    (desk.folder / "文书").write_bytes(b"a file")
    with pytest.raises(JobError, match="文书"):
        publish(desk.master, desk.folder / "文书", clock=clock)


# --- templates -------------------------------------------------------------------------------------------


def test_the_office_uses_its_own_template_and_ours_for_the_rest(desk: Desk) -> None:
    own = desk.folder / "模板"
    own.mkdir()
    (own / "通报.docx").write_bytes(drawn("我们的通报：{{ 标题 }}", header="{{ 状态说明 }}"))
    done = publish(
        desk.master, desk.folder / "文书", kinds=["通报", "公示"], templates=own, pdf=False, clock=clock
    )
    found = all_files(done.folder)
    assert texts(found["通报.docx"])[0].startswith("我们的通报：关于2007年上半年")
    assert any(text.startswith("按照《小方案考核》") for text in texts(found["公示.docx"]))


def test_copies_to_edit_are_ours_and_nothing_is_overwritten(desk: Desk) -> None:
    own = desk.folder / "模板"
    assert kaohe("publish", desk.master, "--copy-templates", own).code == 0
    assert sorted(path.stem for path in own.glob("*.docx")) == sorted(TEMPLATES)
    told = (own / HELP).read_text(encoding="utf-8-sig")
    assert all(f"{kind}.docx" in told for kind in TEMPLATES)
    assert "{{ 行.名次 }}" in told
    (own / "通报.docx").write_bytes(drawn("改过的"))
    again = kaohe("publish", desk.master, "--copy-templates", own)
    assert (again.code, again.out.count("未覆盖")) == (1, len(TEMPLATES))
    done = publish(desk.master, desk.folder / "文书", templates=own, pdf=False, clock=clock)
    assert texts(all_files(done.folder)["通报.docx"]) == ["改过的"]


def test_a_broken_template_is_named_and_nothing_is_written(desk: Desk) -> None:
    own = desk.folder / "模板"
    own.mkdir()
    (own / "申诉表.docx").write_bytes(drawn("{{ 没有这一项 }}"))
    with pytest.raises(JobError, match=r"申诉表\.docx.*\{\{ 没有这一项 \}\}"):
        publish(desk.master, desk.folder / "文书", templates=own, pdf=False, clock=clock)
    assert list((desk.folder / "文书").iterdir()) == []


def test_a_folder_without_templates_is_a_mistake(desk: Desk) -> None:
    (desk.folder / "空").mkdir()
    for folder in ("空", "没有"):
        with pytest.raises(JobError, match="模板"):
            publish(desk.master, desk.folder / "文书", templates=desk.folder / folder, clock=clock)


# --- PDF -------------------------------------------------------------------------------------------------


def test_without_libreoffice_that_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "find_soffice", lambda: None)
    done = publish(desk.master, desk.folder / "文书", kinds=["通报"], pdf=True, clock=clock)
    assert done.pdfs == 0
    assert any("LibreOffice" in note and "另存为 PDF" in note for note in done.notes)


@pytest.mark.parametrize(
    ("script", "told"),
    [("exit 0", "没有写出"), ("echo could not be loaded; exit 0", "Writer"), ("sleep 60 & wait", "没有转完")],
)
@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for LibreOffice")
def test_a_libreoffice_that_fails_is_no_failure(
    desk: Desk, script: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = desk.folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setattr(job, "find_soffice", lambda: str(program))
    monkeypatch.setattr("kaohe.workbooks.pdf.SECONDS_TO_START", 1)
    monkeypatch.setattr("kaohe.workbooks.pdf.SECONDS_PER_FILE", 0)
    started = time.monotonic()
    done = publish(desk.master, desk.folder / "文书", kinds=["通报"], clock=clock)
    assert time.monotonic() - started < 30
    assert (done.pdfs, (done.folder / "通报.docx").is_file()) == (0, True)
    assert any("1 份没有转成 PDF" in note and told in note for note in done.notes)


@pytest.mark.soffice
def test_pdf_of_the_table_kinds_by_default_and_of_all_when_asked(desk: Desk) -> None:
    """The workbooks only: Writer is a part of LibreOffice of its own."""
    done = publish(desk.master, desk.folder / "文书", kinds=["总览", "反馈单"], clock=clock)
    assert sorted(path.name for path in done.folder.rglob("*.pdf")) == ["总览.pdf"]
    done = publish(desk.master, desk.folder / "文书", kinds=["总览", "反馈单"], pdf=True, clock=clock)
    made = sorted(done.folder.rglob("*.pdf"))
    assert [path.name for path in made] == ["东区.pdf", "西区.pdf", "总览.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in made)


@pytest.mark.soffice
def test_a_word_document_becomes_a_pdf_or_the_missing_part_is_named(desk: Desk) -> None:
    """Writer is a part of LibreOffice of its own."""
    done = publish(desk.master, desk.folder / "文书", kinds=["通报"], clock=clock)
    made = done.folder / "通报.pdf"
    assert made.is_file() or any("Writer" in note for note in done.notes)
    assert done.pdfs == int(made.is_file())


# --- the command -----------------------------------------------------------------------------------------


def test_the_command(desk: Desk) -> None:
    out = desk.folder / "文书"
    done = kaohe("publish", desk.master, "--out", out, "--only", "通报,总览", "--no-pdf")
    assert done.code == 0
    assert "通报 1 份、总览 1 份" in done.out
    assert "送审稿" in "".join(texts((out / "2007-H1-初步" / "通报.docx").read_bytes(), "word/header1.xml"))
    assert kaohe("publish", desk.master, "--out", out, "--only", "通知").code == 2


def test_the_help_names_every_kind() -> None:
    shown = "".join(kaohe("publish", "--help").out.split())
    assert [kind for kind in KINDS if kind not in shown] == []
    assert set(TEMPLATES) < set(KINDS)


@pytest.mark.full
@pytest.mark.parametrize("code", ["BH", "GN", "XN", "XT", "WX-D", "WX-Z", "WX-J"])
def test_every_demo_is_published(code: str, tmp_path: Path) -> None:
    done = publish(master(code), tmp_path / "文书", pdf=False, clock=clock)
    counts = dict(done.files)
    assert counts["反馈单"] == counts["申诉表"] <= counts["任务书"]
    assert {"通报", "公示", "总览", "征求意见表"} <= set(counts)
    assert any("送审稿" in note for note in done.notes)


# --- what was typed stays what was typed -----------------------------------------------------------------

ODD = "{{ 7*7 }}<w:p/>&amp;{% x %}"
FORMULA = "=HYPERLINK(1)&A1"


def test_a_name_is_text_in_every_document(tmp_path: Path) -> None:
    """Markup, tags, formulas and codes of page headers in names, settings and registers."""
    settings = f"项目|值\n方案代码|T\n方案名称|{ODD}\n考核机关|{FORMULA}\n考核年度|2007\n"
    settings += f"单位称谓|{FORMULA}\n数据声明|{ODD}"
    units = f"单位代码|单位名称|考核组\nU1|{ODD}|甲&P组\nU2|{FORMULA}|甲&P组"
    parts = "代码|名称|上级|满分|性质\nA|发展||60|计分\nB|民生||40|计分\nJ|加分||5|加分"
    bonus = (
        f"期次|单位代码|项目代码|分数|事由|依据|决定人|日期\n2007-H1|U1|J|1|{FORMULA}|{ODD}|书记|2007-06-01"
    )
    desk = Desk.new(tmp_path, 方案=settings, 单位=units, 部分=parts, 加减分=bonus)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|80")
    desk.consolidate()
    done = publish(desk.master, tmp_path / "文书", pdf=False, clock=clock)
    for place, data in all_files(done.folder).items():
        if place.endswith(".docx"):
            said = "\n".join(texts(data))
            assert "49" not in said, place
            assert "HYPERLINK" in said or "征求意见" in place or "催报" in place, place
            assert ODD in said, place
        elif place.endswith(".xlsx"):
            parts_found = parts_of(data)
            sheet = parts_found["xl/worksheets/sheet1.xml"]
            assert b"<f>" not in sheet, place
            assert b"hyperlink" not in sheet, place
            charts = [part for name, part in parts_found.items() if "/charts/" in name]
            assert all(b"HYPERLINK(1)&amp;A1</c:f>" not in part for part in charts)
            ET.fromstring(sheet)
