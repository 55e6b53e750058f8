"""A small scheme drawn as tables: two groups and units without one, methods of every kind, ties on purpose.

丙乡 and 乙乡 hand in the same figures; 戊乡 leaves one out and 辛镇 writes 约12, so both stay provisional.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.jobs.issue import issue
from kaohe.jobs.new import new
from kaohe.sheets.form_layout import COLUMNS, FORM_TITLE
from kaohe.sheets.form_read import find_form
from kaohe.workbooks.package import fill, write_new
from kaohe.workbooks.plan import Scalar
from kaohe.workbooks.read import read_book

PERIOD = "2026-H1"
_ACTUAL = next(index for index, (key, *_) in enumerate(COLUMNS, start=1) if key == "actual")

PARTS = """
代码,名称
P,经济
Q,民生
R,环境
"""
INDICATORS = """
指标代码,上级,指标名称,计量单位,指标性质,权重,计分方法,频次,序时,取值,责任部门
I01,P,税收,万元,正向,10,序时进度,月度,曲线,填报,财政
I02,P,固定资产投资,亿元,正向,10,功效系数组内,月度,无,填报,发改
I03,P,能耗,吨标准煤,逆向,5,功效系数组内逆向,月度,无,填报,发改
I04,P,招商,个,正向,8,名次赋分,月度,无,填报,商务
I05,P,增速,%,正向,7,功效系数,月度,无,填报,统计
I06,Q,建立台账,,正向,5,是否,月度,无,填报,民政
I07,Q,通报批评,次,逆向,5,扣分制,月度,无,填报,纪委
I08,Q,培训,人次,正向,10,分档计分,月度,按月,填报,人社
I09,Q,物价涨幅,%,适度,6,区间适度,月度,无,填报,统计
I10,Q,危房改造,户,正向,8,逐步扣分,月度,无,填报,住建
I11,Q,游客,万人,正向,8,持平得八成,月度,无,填报,文旅
I12,R,环境评定,分,正向,3,评定分,月度,无,填报,环保
I13,R,环境指数,,正向,5,目标完成率,月度,无,合成,环保
I131,I13,水质,%,正向,60,目标完成率,月度,无,填报,环保
I132,I13,空气,%,正向,40,目标完成率逆向,月度,无,填报,环保
I14,R,绿化,亩,正向,5,总量增幅,月度,无,填报,林业
I15,R,垃圾分类,%,正向,5,标杆值比率,月度,无,填报,住建
"""
UNITS = """
单位代码,单位名称,考核组,下发方式
U1,甲乡,一类,整表
U2,乙乡,一类,整表
U3,丙乡,一类,整表
U4,丁乡,一类,整表
U5,戊乡,一类,整表
U6,己镇,二类 A*,整表
U7,庚镇,二类 A*,整表
U8,辛镇,二类 A*,整表
U9,壬街道,,整表
U0,癸街道,,整表
"""
TARGETS = """
指标代码,单位代码,目标值,上年值
I01,*,1200,
I01,U6,900,
I08,*,300,
I10,*,96,
I10,U7,0.7,
I11,*,,7.3
I13,*,90,
I131,*,80,
I132,*,35,
I14,*,110,95
"""
PARAMETERS = """
指标代码,对象,参数,值
I01,*,序时6月,0.45
I01,U2,容差,0.05
I01,U3,容差,0.05
I01,二类 A*,容差,0.1
I05,一类,满意值,9
I05,一类,不允许值,4
I05,二类 A*,满意值,7.5
I05,二类 A*,不允许值,3
I05,*,满意值,8
I05,*,不允许值,2
I07,*,每次扣分,0.333
I09,*,下限,1.5
I09,*,上限,3
I09,*,宽度,1.7
I10,一类,步长,0.07
I10,U4,零头,2
I14,*,增幅目标,12
I15,*,对标值,87
I15,U1,对标值,93.5
"""
METHODS = """
名称,得分,完成率,达标,参数,填写类型
名次赋分,"权重*MAX(0.1,1-(组名次-1)*0.05-IF(组单位数>4,0.001,0))",完成值/组平均值,完成值>=组平均值,,数值
"""
VALUES = """
指标,U1,U2,U3,U4,U5,U6,U7,U8,U9,U0
I01,556,519,519,480.5,540,372,366,405,540,1
I02,10.13,8.7,8.7,3.31,9.9,4.44,4.44,4.44,0,7.7
I03,0.61,0.7,0.7,0.93,0.55,0.6,0.71,0.8,1,1.5
I04,7,5,5,5,9,3,1,2,0,0
I05,8.35,7.1,7.1,2.9,6.66,7.6,3.1,5,2,8
I06,是,否,否,√,是,是,否,是,1,0
I07,0,1,1,-7,2,0,3,20,0,1
I08,150.4,126,126,88,150,149.9,120,91,150,0
I09,2.2,3.4,3.4,6,1.5,1.49,3,4.7,0,-1
I10,96,91.2,91.2,80,,95.99,0.66,96,40,96
I11,8.1,7.3,7.3,5.55,9,7.31,11.9,8,7,0
I12,3,2.25,2.25,0,1,2.85,2.999,1.5,3,0
I131,81,77.7,77.7,60,80,79.99,80,约12,81,81
I132,33,36,36,50,35,35,34.99,40,35,71
I14,111,104,104,90,110,107.3,110,100,95,120
I15,91.3,86.99,86.99,50,87,87.01,44.4,88,87,0
"""
"""What the units hand in; a blank is left out."""


def settings(places: Sequence[int], ties: str, by: str) -> str:
    """方案 with these places of 得分, 部分 and 总分."""
    of_score, of_part, of_total = places
    rows = [
        ("项目", "值"),
        ("方案代码", "XX"),
        ("方案名称", "某县乡镇考核"),
        ("考核年度", 2026),
        ("得分小数位", of_score),
        ("部分小数位", of_part),
        ("总分小数位", of_total),
        ("排名依据", by),
        ("并列名次", ties),
        ("落后须说明", "否"),
    ]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def make_master(folder: Path, settings_table: str, **tables: str) -> Path:
    """A master of the scheme; ``tables`` replaces tables by their titles."""
    drawn = {
        "方案": settings_table,
        "部分": PARTS,
        "指标": INDICATORS,
        "单位": UNITS,
        "目标": TARGETS,
        "参数": PARAMETERS,
        "计分方法": METHODS,
        **tables,
    }
    (folder / "方案表").mkdir(parents=True)
    for title, text in drawn.items():
        (folder / "方案表" / f"{title}.csv").write_text(text.strip() + "\n", encoding="utf-8-sig")
    new(str(folder / "方案表"), folder / "总表.xlsx")
    return folder / "总表.xlsx"


def values(table: str = VALUES) -> dict[str, dict[str, str]]:
    """Unit → indicator → typed text."""
    rows = list(csv.DictReader(io.StringIO(table.strip())))
    units = [name for name in rows[0] if name != "指标"]
    return {unit: {row["指标"]: row[unit] for row in rows if row[unit]} for unit in units}


def consolidated(master: Path, typed: Mapping[str, Mapping[str, str]]) -> Consolidation:
    """Forms issued, filled in without a spreadsheet program, and consolidated into ``master``."""
    inbox = master.parent / "回收"
    inbox.mkdir()
    for path in issue(master, PERIOD, master.parent / "下发").written:
        write_new(inbox / path.name, _filled(path.read_bytes(), path.name, typed))
    return consolidate(master, inbox, period_code=PERIOD)


def _filled(data: bytes, name: str, typed: Mapping[str, Mapping[str, str]]) -> bytes:
    book = read_book(data, name)
    form = find_form(book)
    assert form is not None
    unit = next(str(row[1]) for row in book.sheets["_kaohe"].rows if row[0] == "单位代码")
    at = form.columns["code"]
    cells: dict[tuple[int, int], Scalar] = {
        (number, _ACTUAL): _as_typed(typed[unit][str(row[at])])
        for number, row in enumerate(form.grid.rows, start=1)
        if at < len(row) and str(row[at]) in typed[unit]
    }
    return fill(data, FORM_TITLE, cells)


def _as_typed(text: str) -> Scalar:
    try:
        return float(text)
    except ValueError:
        return text
