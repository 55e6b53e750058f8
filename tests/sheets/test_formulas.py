"""Every formula in every part we write: functions of Excel 2010, rounded sums, and text that stays text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from kaohe.rules.signatures import ARITY
from tests.support import example
from tests.support.line import Desk

EXCEL_2010 = frozenset(
    re.findall(
        r"\w+",
        """
        ABS AND AVERAGE CHOOSE COUNT COUNTIF COUNTIFS FREQUENCY IF IFERROR INDEX INT ISBLANK ISERROR ISNUMBER
        ISTEXT LARGE LEFT LEN
        N
        LOOKUP MATCH MAX MEDIAN MIN MOD NA NOT OR POWER ROUND ROUNDDOWN ROUNDUP ROW ROWS SIGN SQRT STDEVP
        SUM SUMIFS SUMPRODUCT TEXT
        """,
    )
)
"""The functions we emit; all of them were in Excel 2007 already."""
NEWER = ("_xlfn", "_xlws", "_xlpm", "_xludf")
ALL_METHODS = (
    "目标完成率",
    "目标完成率逆向",
    "目标完成率逆向比值",
    "负目标完成率",
    "比例计分",
    "达标得满分",
    "达标得满分逆向",
    "控制性",
    "分档计分",
    "序时进度",
    "序时进度逆向",
    "序时进度逆向按序时",
    "功效系数组内",
    "功效系数组内逆向",
    "极差法",
    "极差法逆向",
    "标准分",
    "标准分逆向",
    "排名赋分",
    "达标进位",
    "达标进位逆向",
    "增幅功效组内",
    "降幅完成率",
    "逐步扣分",
    "扣分制",
    "是否",
    "评定分",
    "自定",
)


def parts(book: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(book) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, archive.read(name).decode("utf-8")


def formulas(book: Path) -> Iterator[tuple[str, str]]:
    """(part, formula) of cells, conditional formats, drop-downs and defined names."""
    for name, text in parts(book):
        tree = etree.fromstring(text.encode())
        for node in tree.iter():
            if etree.QName(node).localname in ("f", "formula", "formula1", "formula2", "definedName"):
                yield name, node.text or ""


def plain(formula: str) -> str:
    """A formula without its texts and sheet names."""
    return re.sub(r"'[^']*'!", "", re.sub(r'"[^"]*"', '""', formula))


def functions(formula: str) -> set[str]:
    return set(re.findall(r"([A-Za-z_][\w.]*)\(", plain(formula)))


def unrounded_sums(formula: str) -> list[str]:
    """Sums of scores that are not the whole argument of a ROUND."""
    text = plain(formula)
    return [
        text
        for match in re.finditer(r"\bSUM(?:IFS)?\(", text)
        if not text[: match.start()].endswith("ROUND(")
    ]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A master with every kind of method, dense ranks by rate, and names that look like formulas."""
    weights = [f"X{n}|A|=1+{n}|个|正向|5|{method}|无" for n, method in enumerate(ALL_METHODS)]
    desk = Desk.new(
        tmp_path_factory.mktemp("all"),
        方案="项目|值\n方案代码|=T\n方案名称|=SUM(A1)\n考核年度|2007\n并列名次|1,2,2,3\n排名依据|得分率\n"
        f"权重合计|{5 * len(ALL_METHODS)}",
        部分=f"代码|名称|上级|满分\nA|=A1+1||{5 * len(ALL_METHODS)}",
        指标="\n".join(("指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|序时", *weights)),
        单位="单位代码|单位名称|考核组\nU1|=1+1|甲组\nU2|+西区|甲组\nU3|@南区|乙组",
        目标="指标代码|单位代码|目标值|上年值\n"
        + "\n".join(f"X{n}|*|90|80" for n in range(len(ALL_METHODS))),
        参数="指标代码|对象|参数|值\n*|*|步长|0.03\n*|*|每步分|1\n*|*|每次扣分|1",
        计分方法="名称|得分|完成率|达标\n自定|权重*LOOKUP(完成值/目标值,{0,0.6,0.8,1},{0,0.5,0.8,1})|完成值/目标值|完成值>=目标值",
    )
    issued = desk.issue()
    assert [finding.message for finding in issued.findings] == []
    rows = "\n".join(f"X{n}|4|'=1+1|=SUM(A1:A9)" for n in range(len(ALL_METHODS)))
    for unit in ("U1", "U2", "U3"):
        desk.fill(
            unit,
            "指标|完成值|原因|措施\n"
            + rows.replace(f"X{ALL_METHODS.index('是否')}|4|", f"X{ALL_METHODS.index('是否')}|是|"),
        )
    desk.consolidate()
    return desk


def written(everything: Desk) -> list[Path]:
    """The example's master and forms, and the master and forms with everything in them."""
    made = example.made().folder
    forms = [made / example.ISSUED / "新区-自测完成情况表-2007-H1.xlsx"]
    forms += [made / example.ISSUED / "滨湖区-环境保护局-自测完成情况表-2007-H1.xlsx"]
    return [made / example.MASTER, *forms, everything.master, everything.form("U1"), everything.form("U3")]


def test_the_eye_sees() -> None:
    assert functions('IF(A1="MAXIFS(",ROUND(SUM(B1),2),IFS(A1,2))') == {"IF", "ROUND", "SUM", "IFS"}
    assert unrounded_sums('ROUND(SUM(A1:A2),2)+IF(A1="SUM(",1,0)') == []
    assert len(unrounded_sums("SUM(A1:A2)")) == 1
    assert len(unrounded_sums("ROUND(1+SUM(A1:A2),2)")) == 1
    assert unrounded_sums("ROUND(SUMIFS(A:A,B:B,1),2)") == []


def test_functions_of_excel_2010_only(everything: Desk) -> None:
    for book in written(everything):
        seen: set[str] = set()
        for part, formula in formulas(book):
            assert functions(formula) <= EXCEL_2010, (book.name, part, formula)
            seen |= functions(formula)
        assert {"IF", "ROUND", "ISNUMBER"} <= seen


def test_no_part_speaks_a_newer_dialect(everything: Desk) -> None:
    """No _xlfn, no array formulas, no dynamic-array metadata, in any part."""
    for book in written(everything):
        for name, text in parts(book):
            assert not [word for word in NEWER if word in text], (book.name, name)
            assert 't="array"' not in text
            assert not re.search(r'<c [^>]*\bcm="', text)
            assert "metadata" not in name


def test_every_sum_is_rounded(everything: Desk) -> None:
    for book in written(everything):
        for part, formula in formulas(book):
            assert unrounded_sums(formula) == [], (book.name, part, formula)


def test_what_the_language_allows_is_what_may_be_emitted() -> None:
    """A function of the rule language that Excel 2010 lacks must be rewritten before it is emitted."""
    assert set(ARITY) - EXCEL_2010 == {"IFS"}


def texts(book: Path) -> Iterator[tuple[str, str, str]]:
    """(part, type, text) of every cell that shows a text beginning with a formula's sign."""
    for name, text in parts(book):
        if "worksheets/sheet" not in name:
            continue
        space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
        for cell in etree.fromstring(text.encode()).iterfind(".//m:c", space):
            shown = "".join(cell.itertext(f"{{{space['m']}}}t"))
            if shown.startswith(("=", "+", "@")):
                assert cell.find("m:f", space) is None, (name, shown)
                yield name, cell.get("t") or "", shown


@pytest.mark.parametrize("which", ["master", "form"])
def test_text_that_begins_with_a_sign_stays_text(which: str, everything: Desk) -> None:
    """A unit called =1+1, a reason =SUM(A1:A9): shown as typed, computed by nobody."""
    book = everything.master if which == "master" else everything.form("U1")
    found = list(texts(book))
    assert {kind for _, kind, _ in found} == {"inlineStr"}
    shown = {text for _, _, text in found}
    assert {"=1+1", "=1+0"} <= shown
    if which == "master":
        assert {"+西区", "@南区", "=SUM(A1:A9)", "=A1+1"} <= shown


def test_no_formula_was_made_of_a_text(everything: Desk) -> None:
    for part, formula in formulas(everything.master):
        assert formula not in ("1+1", "SUM(A1:A9)", "SUM(A1)", "A1+1", "T"), part
