"""All hostile files in one inbox: each has its findings, the good ones count, and no text comes alive."""

from __future__ import annotations

import html
import os
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from kaohe.findings import Finding
from kaohe.jobs.check import check
from kaohe.jobs.consolidate import Consolidation
from tests.hostile import inbox
from tests.hostile.case import Case, FormCase
from tests.hostile.forms import identity
from tests.hostile.in_forms import DDE, FORMS
from tests.hostile.measure import cost
from tests.support.command import kaohe
from tests.support.line import Desk

pytestmark = pytest.mark.full

SECONDS = 60.0
MOST_IN_A_CELL = 32_767
NO_PERIOD = "期次写成 ../../etc"
LONG = ("完成值是一百万字的文字", "完成值是一百万位数字")
LIVE = re.compile(r"cmd|WEBSERVICE|HYPERLINK|192\.0\.2\.1|\[1\]|SUM\(1\+1")


class Ran(NamedTuple):
    """A consolidation over everything."""

    desk: Desk
    cases: Mapping[str, Case | FormCase]
    done: Consolidation
    seconds: float


def run(folder: Path, jobs: int) -> Ran:
    """Put everything into an inbox and consolidate it."""
    desk = inbox.desk_of(folder)
    cases = inbox.put_everything(desk)
    runs: list[Consolidation] = []
    spent = cost(lambda: runs.append(desk.consolidate(jobs=jobs)))
    return Ran(desk, cases, runs[0], spent.seconds)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Everything consolidated in one process."""
    return run(tmp_path_factory.mktemp("全部"), 1)


def by_file(findings: Iterable[Finding]) -> dict[str, set[str]]:
    """Codes by file."""
    found: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        found[finding.location.workbook].add(finding.code)
    return found


def good_ones(done: Consolidation) -> dict[str, tuple[int | None, float | None]]:
    """Rank and total of the units whose forms are as they should be."""
    return {s.unit.code: (s.rank, s.total) for s in done.assessment.standings if s.unit.code in inbox.GOOD}


def test_each_file_has_its_findings(ran: Ran) -> None:
    found = by_file(ran.done.assessment.findings)
    wrong = {case.what: found[name] for name, case in ran.cases.items() if found[name] != set(case.codes)}
    assert wrong == {}


def test_every_finding_says_something(ran: Ran) -> None:
    for finding in ran.done.assessment.findings:
        assert len(finding.message) > 8
        assert "Traceback" not in finding.message
        assert "{" not in finding.message.replace(DDE, "")


def test_all_others_are_consolidated(ran: Ran) -> None:
    assert good_ones(ran.done) == {"U1": (1, 100.0), "U2": (1, 100.0)}
    assert ran.seconds < SECONDS


@pytest.mark.full
def test_several_processes_come_to_the_same(ran: Ran, tmp_path: Path) -> None:
    other = run(tmp_path, 2).done.assessment
    assert [f.message for f in other.findings] == [f.message for f in ran.done.assessment.findings]
    assert other.standings == ran.done.assessment.standings


def sheets(master: Path) -> Iterable[bytes]:
    """The XML of the master's sheets, each proven well-formed."""
    with zipfile.ZipFile(master) as archive:
        for name in archive.namelist():
            xml = archive.read(name)
            if name.endswith((".xml", ".rels")):
                etree.fromstring(xml, etree.XMLParser(resolve_entities=False, huge_tree=True))
            if name.startswith("xl/worksheets/sheet"):
                yield xml


def formulas_in(xml: bytes) -> list[str]:
    """Whatever their prefix and however they are written."""
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, huge_tree=True))
    return ["".join(node.itertext()) for node in root.iter("{*}f")]


def test_no_text_becomes_a_formula_of_the_master(ran: Ran) -> None:
    texts: list[str] = []
    for xml in sheets(ran.desk.master):
        assert [text for text in formulas_in(xml) if LIVE.search(text)] == []
        texts += (html.unescape(text.decode()) for text in re.findall(rb"<t\b[^>]*>([^<]*)</t>", xml))
    assert DDE in texts
    assert any("HYPERLINK" in text for text in texts)
    assert max(map(len, texts)) <= MOST_IN_A_CELL


def test_nothing_else_of_the_files_comes_into_the_master(ran: Ran) -> None:
    with zipfile.ZipFile(ran.desk.master) as archive:
        names = " ".join(archive.namelist()).lower()
        links = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
    assert not [
        part for part in ("vba", "externallink", "activex", "embeddings", "connections") if part in names
    ]
    assert b"192.0.2.1" not in links


def altered(done: Consolidation) -> set[str]:
    """Files whose entries the master is said to hold otherwise."""
    return {f.location.workbook for f in done.assessment.findings if f.code == "W13"}


def test_a_second_run_comes_to_the_same(ran: Ran) -> None:
    again = ran.desk.consolidate()
    found, before = by_file(again.assessment.findings), by_file(ran.done.assessment.findings)
    assert {name: codes - {"W13"} for name, codes in found.items()} == dict(before)
    assert {ran.cases[name].what for name in altered(again)} <= set(LONG)
    assert good_ones(again) == good_ones(ran.done)


def test_a_text_longer_than_a_cell_is_not_told_as_altered(ran: Ran) -> None:
    assert altered(ran.desk.consolidate()) == set()


def test_check_says_the_same_of_the_files(ran: Ran) -> None:
    """W01, W02 and what is wrong with values do not depend on which command reads."""
    odd = ran.desk.inbox / inbox.form_name(ran.desk, [form.what for form in FORMS].index(NO_PERIOD))
    aside = ran.desk.folder / odd.name
    os.replace(odd, aside)
    try:
        found = by_file(check([ran.desk.inbox], master_path=ran.desk.master).findings)
    finally:
        os.replace(aside, odd)
    wrong = {
        case.what: found[name]
        for name, case in ran.cases.items()
        if case.what not in (NO_PERIOD, *LONG) and found[name] != set(case.codes)
    }
    assert wrong == {}


def test_check_without_a_master(ran: Ran) -> None:
    checked = check([ran.desk.inbox])
    unread = {finding.location.workbook for finding in checked.findings if finding.code == "W01"}
    assert unread == {name for name, case in ran.cases.items() if "W01" in case.codes}


def test_a_period_that_is_none_does_not_stop_check(ran: Ran) -> None:
    assert check([ran.desk.inbox], master_path=ran.desk.master).findings


def test_the_command_line_shows_no_traceback(ran: Ran) -> None:
    done = kaohe("consolidate", ran.desk.master, "--inbox", ran.desk.inbox, "--dry-run")
    assert "Traceback" not in done.text
    assert "\x1b[31mx" not in done.text
    assert done.code == 1


NAMES = (
    "=1+1.xlsx",
    "@SUM(1).xlsx",
    "[red]x[red].xlsx",
    "a'b#c%20d&e.xlsx",
    "很长的名字" * 14 + ".xlsx",
    *(
        ()
        if sys.platform == "win32"
        else (
            "=cmd|' C calc'!A0.xlsx",
            "换\n行.xlsx",
            "转义\x1b[31m.xlsx",
            '引号"<t>&amp;.xlsx',
            "\u202exslx.exe.xlsx",
        )
    ),
)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_made_to_hurt(name: str, tmp_path: Path) -> None:
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|95")
    desk.fill("U2", "指标|完成值\nX1|100\nX2|95", name=name)
    (desk.inbox / "坏").mkdir()
    (desk.inbox / "坏" / name).write_bytes(b"x")
    done = desk.consolidate()
    assert good_ones(done) == {"U1": (1, 100.0), "U2": (1, 100.0)}
    assert "W01" in {finding.code for finding in done.assessment.findings}
    formulas = [text for xml in sheets(desk.master) for text in formulas_in(xml)]
    assert not [text for text in formulas if "cmd" in text or "1+1" in text]
    assert "Traceback" not in kaohe("check", desk.inbox).text


@pytest.mark.skipif(sys.platform != "linux", reason="只有 Linux 上的文件名可以不是文字")
def test_a_name_in_gbk_does_not_stop_the_run(tmp_path: Path) -> None:
    """What unpacking a Chinese zip on a server leaves behind."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|95")
    form = desk.fill("U2", "指标|完成值\nX1|100\nX2|95")
    os.replace(form, desk.inbox / os.fsdecode("西区.xlsx".encode("gbk")))
    assert good_ones(desk.consolidate()) == {"U1": (1, 100.0), "U2": (1, 100.0)}


@pytest.mark.skipif(sys.platform == "win32", reason="命名管道和设备文件只在 Linux、macOS 上有")
def test_a_pipe_in_the_inbox_does_not_hang_the_run(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|95")
    desk.fill("U2", "指标|完成值\nX1|100\nX2|95")
    os.mkfifo(desk.inbox / "管道.xlsx")
    (desk.inbox / "设备.xlsx").symlink_to("/dev/zero")
    done = desk.consolidate()
    assert good_ones(done) == {"U1": (1, 100.0), "U2": (1, 100.0)}
    found = by_file(done.assessment.findings)
    assert found["管道.xlsx"] == found["设备.xlsx"] == {"W01"}


def test_a_period_of_nonsense_in_the_only_form(tmp_path: Path) -> None:
    """With the period named, nothing in a file decides it."""
    desk = Desk.new(tmp_path)
    desk.issue()
    form = desk.form("U1")
    (desk.inbox / form.name).write_bytes(identity(期次="=1+1")(form.read_bytes()))
    done = desk.consolidate("2007-H1")
    assert by_file(done.assessment.findings)[form.name] == {"W05"}
