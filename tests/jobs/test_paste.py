"""`kaohe new --from`: an office's own wide table becomes a master, and nothing that stands in it is lost."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.jobs.common import JobError
from kaohe.jobs.issue import issue
from kaohe.jobs.master import open_master
from kaohe.jobs.new import new
from kaohe.jobs.paste import Pasted, paste, read_wide_table
from kaohe.jobs.paste_drafts import Reader
from kaohe.jobs.paste_headings import SYNONYMS, find_header, role_of
from kaohe.jobs.paste_settings import PENDING
from kaohe.jobs.paste_sheet import Sheet, make_sheet, read_sheets, text_of
from kaohe.jobs.paste_tables import make_tables
from kaohe.tables import Scalar
from kaohe.values.typed import read_typed
from kaohe.workbooks.grid import address
from kaohe.workbooks.merged import Merged
from kaohe.workbooks.package import AlreadyThere
from tests.support.line import START
from tests.support.schemes import lines

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "messy"
Rows = Sequence[Sequence[object]]

CLASSIC: Rows = (
    ("某区2016年度综合考核指标体系",),
    ("序号", "一级指标", "二级指标", "指标名称", "权重(分)", "目标值", "评分标准", "责任单位", "备注"),
    (
        1,
        "经济发展(60分)",
        "总量",
        "地区生产总值",
        35,
        "增长8%以上",
        "每低1个百分点扣2分",
        "发改局、统计局",
        None,
    ),
    (2, None, None, "财政收入", 15, "26.25亿元", "完成得满分", "财政局(牵头)", "含上划"),
    (3, None, "质量", "万元GDP能耗", 10, "不超过0.5", None, None, None),
    (4, "社会民生", "安全", "安全事故起数", 40, "≤3起", "一起扣5分", "各镇、街道", None),
    ("合计", None, None, None, 100, None, None, None, None),
    ("注:本表由考核办解释。",),
)
"""Merged first and second levels, targets in words, several units in a cell, a total and a footnote."""
CLASSIC_MERGES = ("A1:I1", "B3:B5", "C3:C4", "D1:D1")

CONTENT: Rows = (
    ("考核项目", "分值", "考核内容", "分值", "考评标准", "被考核单位", "考核部门"),
    ("党的建设", 40, "理论学习", 20, "缺一次扣1分", "各单位", "组织部"),
    (None, None, "党风廉政", 20, "发现问题每件扣2分", "各单位", "纪委"),
    ("业务工作", 60, "年度重点任务完成情况", 60, "按完成率计分", "各单位", "督查室"),
    ("加分项", 8, "受省级以上表彰", 8, "每项2分", "各单位", "考核办"),
    ("一票否决", None, "重大安全事故", None, "发生即否决", None, None),
)
"""Marks instead of targets, weights of the parts beside those of the items, a bonus, a veto."""

TWO_ROWS: Rows = (
    ("指标", "计量单位", "2016年目标", None, "上年实绩", "权重", "数据来源", "领导批示"),
    (None, None, "省级", "市级", None, None, None, None),
    ("固定资产投资", "亿元", 39.9, 42, 30.4, 0.6, "统计局", "重点关注"),
    ("城镇登记失业率", "%", "≤4", "≤3.8", 3.9, 0.4, "人社局", None),
)
TWO_ROWS_MERGES = ("A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2", "G1:G2", "H1:H2")

MATRIX: Rows = (
    ("序号", "考核指标", "单位", "权重", "目标值", None, None),
    (None, None, None, None, "东区", "西区", "北区"),
    (1, "新增就业", "人", 50, 1200, 900, 800),
    (2, "绿化率", "%", 50, 35, 38, "不考核"),
)
MATRIX_MERGES = ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:G1")

BANDS: Rows = (
    ("编号", "指标名称", "满分", "年度目标", "责任科室", "完成时限"),
    ("一、职能工作(70分)", None, None, None, None, None),
    ("1", "审批提速", 40, "3天以内", "审批科", "12月底"),
    ("2", "重点调研", 30, 4, "研究室", "11月底"),
    ("二、机关建设(30分)", None, None, None, None, None),
    ("3", "文明创建", 30, "达标", "办公室", None),
)
BAND_MERGES = ("A2:F2", "A5:F5")

TARGETS_BY_ROW: Rows = (
    ("项目", "单位", "分公司", "上年", "计划数", "权重"),
    ("电话门号", "门", "北分", 100, 120, 60),
    (None, None, "中分", 80, 90, None),
    (None, None, "南分", 70, 75, None),
    ("宽带端口", "埠", "北分", 10, 12, 40),
    (None, None, "中分", 8, 9, None),
)
ROW_MERGES = ("A2:A4", "B2:B4", "F2:F4", "A5:A6", "B5:B6", "F5:F6")

SHAPES = {
    "classic": (CLASSIC, CLASSIC_MERGES),
    "content": (CONTENT, ("A2:A3", "B2:B3")),
    "two rows": (TWO_ROWS, TWO_ROWS_MERGES),
    "matrix": (MATRIX, MATRIX_MERGES),
    "bands": (BANDS, BAND_MERGES),
    "targets by row": (TARGETS_BY_ROW, ROW_MERGES),
}


def workbook(path: Path, rows: Rows, merges: Sequence[str] = (), **others: Rows) -> Path:
    """An .xlsx with the table on its first sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "办法"
    for row in rows:
        sheet.append(list(row))
    for area in merges:
        sheet.merge_cells(area)
    for name, table in others.items():
        other = book.create_sheet(name)
        for row in table:
            other.append(list(row))
    book.save(path)
    return path


def comma_separated(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([["" if value is None else value for value in row] for row in rows])
    return path


def table(pasted: Pasted, key: str) -> list[Mapping[str, Scalar]]:
    return [row.values for row in pasted.tables[key].rows]


def column(pasted: Pasted, key: str, *names: str) -> list[tuple[Scalar, ...]]:
    return [tuple(row.get(name) for name in names) for row in table(pasted, key)]


def pasted_shape(folder: Path, shape: str) -> Pasted:
    rows, merges = SHAPES[shape]
    return read_wide_table(workbook(folder / "办法.xlsx", rows, merges), "总表.xlsx")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_nothing_is_lost(shape: str, kind: str, tmp_path: Path) -> None:
    """Every cell is told where it went, and what it says stands in some cell of the master."""
    rows, merges = SHAPES[shape]
    source = (
        workbook(tmp_path / "办法.xlsx", rows, merges)
        if kind == "xlsx"
        else comma_separated(tmp_path / "办法.csv", rows)
    )
    pasted = read_wide_table(source, "总表.xlsx")
    (sheet,) = read_sheets(source)
    assert set(pasted.placed) == {address(*place) for place in sheet.cells}
    assert lost(sheet, pasted) == {}


TITLES = lines(
    """
    序号|一级指标|二级指标|类别|考核内容|评分标准|责任单位|责任部门|考核部门|目标值|上年值
    单位|频次|指标性质|计分方法|口径|备注|分值|数据来源|2016年目标|省级目标|满分|
    """
)
WORDS = lines(
    """
    产值|10|10分|≥95%|约80|各单位|发改局、财政局|合计|小计|注:见附件|正向|一、经济(40分)|一票否决
    加分项|每季度|目标完成率|3天以内|0.5|(二)民生|-5|视情况|12.50亿元|||
    """
)
CELLS = st.sampled_from([word for line in WORDS for word in line])


@given(
    titles=st.lists(st.sampled_from([title for line in TITLES for title in line]), min_size=1, max_size=7),
    body=st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=8),
    merges=st.lists(st.tuples(*[st.integers(0, 8)] * 4), max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_whatever_the_table(
    titles: list[str], body: list[list[str]], merges: list[tuple[int, int, int, int]]
) -> None:
    """Any headings, any words, merged cells anywhere below them."""
    heads = [*titles, "指标名称", "权重"]
    areas = [Merged(2 + t, 1 + c, 2 + t + down % 3, 1 + c + right % 3) for t, c, down, right in merges]
    below = [[value or None for value in row[: len(heads)]] for row in body]
    sheet = make_sheet("a.xlsx", "表", [heads, *below], areas)
    header = find_header(sheet)
    assert header is not None
    drafts = Reader(sheet, header).read()
    tables, findings = make_tables(drafts, "总表.xlsx")
    placed = {address(*place): where for place, where in drafts.placed.items()}
    pasted = Pasted("表", tables, placed, findings)
    assert set(placed) == {address(*place) for place in sheet.cells}
    assert lost(sheet, pasted) == {}
    codes = [row["code"] for row in table(pasted, "indicator")]
    assert len(set(codes)) == len(codes)


def lost(sheet: Sheet, pasted: Pasted) -> dict[str, str]:
    """Cells below the headings whose text stands nowhere in the tables (a number as the same number)."""
    texts: list[str] = []
    numbers: set[float] = set()
    for made in pasted.tables.values():
        for row in made.rows:
            texts += [value for value in row.values.values() if isinstance(value, str)]
            numbers |= {value for value in row.values.values() if isinstance(value, float)}
    everything = "\n".join(texts)
    found = {}
    for place, value in sheet.cells.items():
        where = pasted.placed[address(*place)]
        number = read_typed(value).number
        same = {abs(number), abs(number) * 100, number} if number is not None else set()
        if where != "表头" and not (same & numbers or text_of(value) in everything):
            words = text_of(value).replace("、", " ").split()
            if not all(word in everything for word in words):
                found[address(*place)] = text_of(value)
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_the_master_opens_and_says_what_to_look_at(shape: str, tmp_path: Path) -> None:
    rows, merges = SHAPES[shape]
    source = workbook(tmp_path / "办法.xlsx", rows, merges)
    done = paste(source, tmp_path / "总表.xlsx", clock=lambda: START)
    master = open_master(tmp_path / "总表.xlsx")
    assert [row.name for row in master.scheme.indicators] == [row["name"] for row in table(done, "indicator")]
    assert [f.what for f in done.findings if f.code in ("S01", "S14", "S46")] == []
    for finding in done.findings:
        assert "{" not in finding.message
        if finding.code in ("S52", "S53", "S55"):
            assert finding.location.workbook == "总表.xlsx"
            assert finding.location.cell


def test_the_classic_table(tmp_path: Path) -> None:
    pasted = pasted_shape(tmp_path, "classic")
    assert column(pasted, "part", "code", "name", "parent", "weight") == [
        ("A", "经济发展(60分)", None, None),
        ("A-1", "总量", "A", None),
        ("A-2", "质量", "A", None),
        ("B", "社会民生", None, None),
        ("B-1", "安全", "B", None),
    ]
    assert column(pasted, "indicator", "code", "name", "weight", "method", "direction") == [
        ("A-1-01", "地区生产总值", 35, "目标完成率", "正向"),
        ("A-1-02", "财政收入", 15, "目标完成率", "正向"),
        ("A-2-01", "万元GDP能耗", 10, "目标完成率逆向", "逆向"),
        ("B-1-01", "安全事故起数", 40, "目标完成率逆向", "逆向"),
    ]
    assert column(pasted, "unit", "code", "name") == [("U01", "发改局"), ("U02", "统计局"), ("U03", "财政局")]
    assert column(pasted, "indicator", "applies_to") == [("U01、U02",), ("U03",), (None,), (None,)]
    assert column(pasted, "target", "indicator", "unit", "value") == [
        ("A-1-01", "U01", 8),
        ("A-1-01", "U02", 8),
        ("A-1-02", "U03", 26.25),
        ("A-2-01", "*", 0.5),
        ("B-1-01", "*", 3),
    ]
    assert column(pasted, "indicator", "unit_of_measure") == [("%",), ("亿元",), (None,), ("起",)]
    assert pasted.tables["indicator"].extra == ("序号", "备注", PENDING)
    assert [f.facts["count"] for f in pasted.findings if f.code == "S57"] == [3]
    settings = {row["name"]: (row.get("value"), row.get("note")) for row in table(pasted, "scheme")}
    assert settings["方案名称"][0] == "某区2016年度综合考核指标体系"
    assert settings["考核年度"][0] == 2016
    assert settings["权重合计"] == (0, "各单位的指标不同,权重合计不作要求;原表合计:100")
    assert settings["排名依据"][0] == "得分率"
    assert "注:本表由考核办解释。" in str(settings["方案名称"][1])


def test_marks_parts_a_bonus_and_a_veto(tmp_path: Path) -> None:
    pasted = pasted_shape(tmp_path, "content")
    assert column(pasted, "part", "code", "name", "weight", "kind") == [
        ("A", "党的建设", 40, "计分"),
        ("B", "业务工作", 60, "计分"),
        ("C", "加分项", 8, "加分"),
    ]
    assert column(pasted, "indicator", "name", "weight", "method", "value_source", "assessor") == [
        ("理论学习", 20, "评定分", "考评", "组织部"),
        ("党风廉政", 20, "扣分制", "考评", "纪委"),
        ("年度重点任务完成情况", 60, "评定分", "考评", "督查室"),
        ("受省级以上表彰", 8, "评定分", "考评", "考核办"),
    ]
    assert table(pasted, "indicator")[0]["definition"] == "考评标准:缺一次扣1分"
    assert column(pasted, "veto_event", "code", "name") == [("V1", "重大安全事故")]
    assert "发生即否决" in str(table(pasted, "veto_event")[0]["note"])


def test_headings_of_two_rows_and_shares_of_one(tmp_path: Path) -> None:
    pasted = pasted_shape(tmp_path, "two rows")
    assert column(pasted, "indicator", "name", "weight", "direction", "monitor_department") == [
        ("固定资产投资", 60, "正向", "统计局"),
        ("城镇登记失业率", 40, "逆向", "人社局"),
    ]
    assert column(pasted, "target", "indicator", "value", "prior", "level") == [
        ("A01", 39.9, 30.4, "省"),
        ("A01", 42, 30.4, "市"),
        ("A02", 4, 3.9, "省"),
        ("A02", 3.8, 3.9, "市"),
    ]
    assert column(pasted, "indicator", "领导批示") == [("重点关注",), (None,)]
    assert [f.facts["title"] for f in pasted.findings if f.code == "S54"] == ["领导批示"]


def test_a_column_of_targets_for_each_unit(tmp_path: Path) -> None:
    pasted = pasted_shape(tmp_path, "matrix")
    assert column(pasted, "unit", "name") == [("东区",), ("西区",), ("北区",)]
    assert column(pasted, "indicator", "name", "unit_of_measure") == [("新增就业", "人"), ("绿化率", "%")]
    assert column(pasted, "target", "indicator", "unit", "value") == [
        ("A01", "U01", 1200),
        ("A01", "U02", 900),
        ("A01", "U03", 800),
        ("A02", "U01", 35),
        ("A02", "U02", 38),
    ]
    (said,) = [finding for finding in pasted.findings if finding.code == "S55"]
    assert "不考核" in said.what
    assert "北区" in str(table(pasted, "indicator")[1]["definition"])


def test_lines_that_head_what_follows(tmp_path: Path) -> None:
    pasted = pasted_shape(tmp_path, "bands")
    assert column(pasted, "part", "name", "weight", "note") == [
        ("一、职能工作(70分)", None, "原表满分:70"),
        ("二、机关建设(30分)", None, "原表满分:30"),
    ]
    assert column(pasted, "indicator", "code", "name", "weight", "applies_to") == [
        ("A01", "审批提速", 40, "U01"),
        ("A02", "重点调研", 30, "U02"),
        ("B01", "文明创建", 30, "U03"),
    ]
    assert column(pasted, "indicator", "完成时限") == [("12月底",), ("11月底",), (None,)]


def test_a_row_of_targets_for_each_unit(tmp_path: Path) -> None:
    pasted = pasted_shape(tmp_path, "targets by row")
    assert column(pasted, "indicator", "name", "weight", "applies_to") == [
        ("电话门号", 60, "U01、U02、U03"),
        ("宽带端口", 40, "U01、U02"),
    ]
    assert column(pasted, "target", "indicator", "unit", "value", "prior") == [
        ("A01", "U01", 120, 100),
        ("A01", "U02", 90, 80),
        ("A01", "U03", 75, 70),
        ("A02", "U01", 12, 10),
        ("A02", "U02", 9, 8),
    ]


def test_a_pasted_scheme_can_be_issued(tmp_path: Path) -> None:
    source = workbook(tmp_path / "办法.xlsx", *SHAPES["targets by row"])
    paste(source, tmp_path / "总表.xlsx", clock=lambda: START)
    done = issue(tmp_path / "总表.xlsx", "2007-H1", tmp_path / "下发", units=("U01",))
    assert len(done.written) == 1


def test_other_sheets_are_told_and_can_be_asked_for(tmp_path: Path) -> None:
    source = workbook(tmp_path / "办法.xlsx", CLASSIC, CLASSIC_MERGES, 另一张=CONTENT, 空=())
    pasted = read_wide_table(source, "总表.xlsx")
    assert (pasted.sheet, [f.facts["sheet"] for f in pasted.findings if f.code == "S56"]) == (
        "办法",
        ["另一张"],
    )
    assert read_wide_table(source, "总表.xlsx", "另一张").sheet == "另一张"
    with pytest.raises(JobError, match="没有工作表“没有”"):
        read_wide_table(source, "总表.xlsx", "没有")


@pytest.mark.parametrize(
    ("rows", "says"),
    [((), "没有看懂表头"), ((("甲", "乙"), (1, 2)), "没有看懂表头"), ((("指标名称", "权重"),), "没有指标")],
)
def test_a_table_nobody_understands(rows: Rows, says: str, tmp_path: Path) -> None:
    with pytest.raises(JobError, match=says):
        paste(workbook(tmp_path / "a.xlsx", rows), tmp_path / "总表.xlsx")
    assert not (tmp_path / "总表.xlsx").exists()


def drawn(folder: Path, text: str) -> Pasted:
    """A table drawn between bars, pasted."""
    rows = [[cell or None for cell in line] for line in lines(text)]
    return read_wide_table(workbook(folder / "办法.xlsx", rows), "总表.xlsx")


def scheme_setting(pasted: Pasted, name: str) -> tuple[Scalar, Scalar]:
    return next((row.get("value"), row.get("note")) for row in table(pasted, "scheme") if row["name"] == name)


@pytest.mark.parametrize("words", ["最高5分", "上限5分", "不超过5分", "最多加5分", "5分封顶", "5分"])
def test_the_cap_of_a_bonus_stands_in_its_heading(words: str, tmp_path: Path) -> None:
    pasted = drawn(
        tmp_path,
        f"一级指标|指标名称|分值\n目标任务(60分)|产值|60\n作风|民评|40\n加分({words})|表彰|最高3分",
    )
    assert column(pasted, "part", "weight", "kind") == [(60, "计分"), (None, "计分"), (5, "加分")]
    assert column(pasted, "indicator", "weight") == [(60,), (40,), (3,)]
    assert [f.code for f in pasted.findings if f.code in ("S53", "S58")] == []
    assert scheme_setting(pasted, "权重合计")[0] == 100


def test_a_bonus_without_a_cap_is_asked_about(tmp_path: Path) -> None:
    pasted = drawn(tmp_path, "一级指标|指标名称|分值\n目标任务|产值|100\n加分项|表彰|3\n扣分项|通报|2")
    found = [(f.location.cell, f.facts["name"]) for f in pasted.findings if f.code == "S58"]
    assert found == [("D5", "加分项"), ("D6", "扣分项")]


@pytest.mark.parametrize(
    "whom",
    [("各单位",) * 3, ("全部",) * 3, ("", "", ""), ("甲局、乙局", "乙局,甲局", ""), ("各单位", "", "")],
)
def test_units_with_the_same_indicators_are_ranked_by_points(
    whom: tuple[str, str, str], tmp_path: Path
) -> None:
    rows = "\n".join(f"{name}|40|{unit}" for name, unit in zip(("产值", "税收", "民评"), whom, strict=True))
    pasted = drawn(tmp_path, f"指标名称|分值|责任单位\n{rows}")
    assert scheme_setting(pasted, "权重合计")[0] == 120
    assert scheme_setting(pasted, "排名依据")[0] == "得分"
    shown = {str(row.get("lead_department")) for row in table(pasted, "indicator")}
    assert not shown & {"各单位", "全部"}
    words = " ".join(str(row.get("note")) for row in table(pasted, "scheme"))
    assert whom[0] in words or "甲局" in whom[0]


def test_everybody_beside_a_named_unit_is_not_the_same_set(tmp_path: Path) -> None:
    pasted = drawn(tmp_path, "指标名称|分值|责任单位\n产值|60|各单位\n税收|40|财政局")
    assert scheme_setting(pasted, "排名依据")[0] == "得分率"
    assert column(pasted, "indicator", "lead_department", "definition") == [
        (None, "责任单位:各单位"),
        ("财政局", None),
    ]


def test_a_stated_total_that_is_wrong_is_kept_for_the_check(tmp_path: Path) -> None:
    wrong = drawn(tmp_path, "指标名称|分值\n产值|60\n税收|30\n合计|100")
    assert scheme_setting(wrong, "权重合计") == (100, "原表合计:100")
    with_bonus = drawn(tmp_path, "类别|指标名称|分值\n目标|产值|100\n加分(最高5分)|表彰|5\n合计||105")
    assert scheme_setting(with_bonus, "权重合计") == (100, "原表合计:105")


def test_a_unit_of_measure_behind_a_name(tmp_path: Path) -> None:
    names = ["产值(万元)", "登记率(%)", "创建(村)", "规划(一期)", "增加值(亿元)", "增加值(%)"]
    pasted = drawn(tmp_path, "指标名称|分值\n" + "\n".join(f"{name}|10" for name in names))
    assert column(pasted, "indicator", "name", "unit_of_measure") == [
        ("产值", "万元"),
        ("登记率", "%"),
        ("创建(村)", None),
        ("规划(一期)", None),
        ("增加值(亿元)", "亿元"),
        ("增加值(%)", "%"),
    ]


def test_surveys_and_deductions_are_read_from_the_standard(tmp_path: Path) -> None:
    text = """
    指标名称|分值|评分标准|数据来源
    群众评价|30|按得分折算|第三方测评
    会风|10|每次扣2分,扣完为止|办公室
    信访|10|每起扣1分,每次通报扣2分|信访局
    产值|50|每低1个百分点扣2分|统计局
    """
    source = workbook(tmp_path / "办法.xlsx", [[cell or None for cell in line] for line in lines(text)])
    done = paste(source, tmp_path / "总表.xlsx", clock=lambda: START)
    assert column(done, "indicator", "method", "value_source", "direction") == [
        ("比例计分", "测评", "正向"),
        ("扣分制", "填报", "逆向"),
        ("评定分", "填报", "正向"),
        ("评定分", "填报", "正向"),
    ]
    assert column(done, "parameter", "indicator", "scope", "name", "value") == [("A02", "*", "每次扣分", 2)]
    assert {f.code for f in done.findings} >= {"S59"}
    scheme = open_master(tmp_path / "总表.xlsx").scheme
    assert [(row.indicator, row.name) for row in scheme.parameters] == [("A02", "每次扣分")]


def test_what_is_provisional_stays_in_the_master(tmp_path: Path) -> None:
    """The findings are gone with the window; 指标 and 方案 keep them until the office has done its part."""
    source = workbook(
        tmp_path / "办法.xlsx",
        [("指标名称", "权重", "目标值"), ("产值", "视情况", "力争翻番"), ("税收", 50, 8)],
    )
    paste(source, tmp_path / "总表.xlsx", clock=lambda: START)
    book = openpyxl.load_workbook(tmp_path / "总表.xlsx")
    shown = [str(cell.value) for row in book["指标"].iter_rows() for cell in row if cell.value]
    assert PENDING in shown
    assert "目标待补:原表为“力争翻番”\n权重待填:原表为“视情况”\n计分方法待定:暂按“评定分”" in shown
    notes = " ".join(str(cell.value) for row in book["方案"].iter_rows() for cell in row if cell.value)
    assert "待办:计分方法暂定 2 项;权重待填 1 项;目标待补 1 处;《单位》由原表责任单位得出" in notes


def test_a_weight_nobody_understands(tmp_path: Path) -> None:
    pasted = read_wide_table(
        workbook(tmp_path / "a.xlsx", (("指标名称", "权重"), ("产值", "视情况"), ("税收", "10分"))),
        "总表.xlsx",
    )
    assert [(f.code, f.location.cell) for f in pasted.findings if f.code == "S53"] == [("S53", "F4")]
    assert column(pasted, "indicator", "weight") == [(None,), (10,)]


def test_an_existing_master_is_not_overwritten(tmp_path: Path) -> None:
    new(None, tmp_path / "总表.xlsx")
    before = (tmp_path / "总表.xlsx").read_bytes()
    with pytest.raises(AlreadyThere):
        paste(workbook(tmp_path / "a.xlsx", *SHAPES["classic"]), tmp_path / "总表.xlsx")
    assert (tmp_path / "总表.xlsx").read_bytes() == before


def test_every_synonym_has_one_meaning() -> None:
    words = [(word, role) for role, pattern in SYNONYMS for word in pattern.split("|") if "\\" not in word]
    assert len({word for word, _ in words}) == len(words)
    plain_words = [(word, role) for word, role in words if not set(word) & set("[].*")]
    assert [(word, role_of(word)) for word, _ in plain_words] == plain_words


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real workbooks is not there")
def test_a_real_plan_of_several_units_keeps_every_cell() -> None:
    source = CORPUS / "12843-1.xlsx"
    pasted = read_wide_table(source, "总表.xlsx")
    sheet = next(sheet for sheet in read_sheets(source) if sheet.name == pasted.sheet)
    assert set(pasted.placed) == {address(*place) for place in sheet.cells}
    assert lost(sheet, pasted) == {}


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real workbooks is not there")
def test_a_profit_and_loss_account_is_no_scheme_and_that_is_said() -> None:
    with pytest.raises(JobError, match="没有看懂表头"):
        read_wide_table(CORPUS / "44235.xls", "总表.xlsx")
