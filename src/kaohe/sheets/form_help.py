"""填报说明: one page a clerk can read before filling the form in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kaohe import terms
from kaohe.model import Period, Scheme
from kaohe.sheets.row_height import height
from kaohe.workbooks.plan import Cell, CellLike, Layout, SheetPlan

_STEPS = (
    ("1", "打开", "用 Excel 或 WPS 打开本工作簿;提示“受保护的视图”时点“启用编辑”。不需要安装任何插件。"),
    (
        "2",
        "填写",
        "在《自测表》中填写黄色单元格。完成值只填数字;“约3万”“≥95%”这样的写法会显示“待识别”,请改为准确数。",
    ),
    ("3", "核对", "看“状态”一栏:全部不再是“未填”“待识别”即可。表头显示自评得分,以考核办汇总结果为准。"),
    (
        "4",
        "说明",
        "未达序时的指标,请在“原因”“措施”栏写清楚;数据不是最终数的,在“数据状态”中选“预计”或“初步”。",
    ),
    ("5", "签字", "打印(A4横向),由填报人、审核人、负责人签字并加盖公章。"),
    ("6", "报送", "保存后将本工作簿(不要改名、不要另存为其他格式)连同签字扫描件在截止日期前报送考核办。"),
)
_STATES = (
    (terms.BLANK, "还没有填写完成值"),
    (terms.NOT_READ, "填写的不是数字,汇总时会退回"),
    (terms.ON_SCHEDULE, "完成值达到了本期应达到的进度(或标准)"),
    (terms.BEHIND, "没有达到,须填写原因和措施"),
    (terms.COMPONENT_MET, "合成指标下面的分项达到了标准;分项不单独计入总分和达标个数"),
    (terms.COMPONENT_BEHIND, "分项没有达到标准;得分已反映在合成指标里"),
    (terms.NOT_SCORABLE, "目标值等缺失,请联系考核办"),
    (terms.OUTSIDE_PERIOD, "年度等指标,本期不计分;有预计数可以填写"),
    (terms.WAITING, "由下面的分项自动得出,分项填完后显示"),
    (terms.NOT_ENTERED, "完成值由考评部门、测评或其他期次产生,不用填;可以写完成情况"),
)
_WORDS = (
    ("权重", "该指标的满分(分)"),
    ("序时", "本期应完成全年目标的比例;100% 表示不按时间分摊"),
    ("序时目标", "年度目标 × 序时"),
    ("完成率", "按计分方法计算,逆向指标越低完成率越高"),
    ("数据状态", "预计:估计数;初步:统计未最后核实;核定:最终数"),
    ("完成情况", "做了什么、有什么佐证;写不成数字的内容写在这里"),
    ("标记", "未达标;有不确定性;待加大监测(尚无统计)"),
)
_WIDTHS = (6.0, 16.0, 104.0)


def help_sheet(scheme: Scheme, period: Period) -> SheetPlan:
    """The instructions of a unit's form as a sheet of its own."""
    return instructions(
        scheme,
        period,
        (
            ("怎样填报", _STEPS),
            ("状态是什么意思", (("", *row) for row in _STATES)),
            ("各栏是什么意思", (("", *row) for row in _WORDS)),
        ),
    )


def instructions(
    scheme: Scheme, period: Period, sections: Iterable[tuple[str, Iterable[tuple[str, str, str]]]]
) -> SheetPlan:
    """A sheet of (title, lines) sections; a line is a number, a word and what it means."""
    rows: list[list[CellLike]] = [
        [Cell("填报说明", "title"), Cell(None, "title"), Cell(None, "title")],
        [
            Cell(f"{scheme.settings['方案名称']} {period.title}", "subtitle"),
            Cell(None, "subtitle"),
            Cell(None, "subtitle"),
        ],
    ]
    for title, lines in sections:
        rows += _section(title, lines)
    return SheetPlan(
        key="填报说明",
        title="填报说明",
        rows=rows,
        roles=("text_center", "text", "text_wrap"),
        widths=_WIDTHS,
        heights=((1, 30),),
        fitted=tuple(_heights(rows)),
        layout=Layout(tab_color="A6A6A6", merges=("A1:C1", "A2:C2"), protect=True, landscape=True),
    )


def _heights(rows: Sequence[Sequence[CellLike]]) -> Iterable[tuple[int, float]]:
    """Heights of the rows below the title."""
    for number, row in enumerate(rows[1:], start=2):
        yield number, height(zip(row[2:], _WIDTHS[2:], strict=True))


def _section(title: str, rows: Iterable[tuple[str, str, str]]) -> list[list[CellLike]]:
    head: list[CellLike] = [Cell(None, "header"), Cell(title, "header"), Cell("说明", "header")]
    lines: list[list[CellLike]] = [[Cell(n or None, "text_center"), word, text] for n, word, text in rows]
    return [head, *lines]
