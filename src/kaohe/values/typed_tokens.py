"""The small words around a number: relations, approximations, status, lead-ins — tables, not code."""

from __future__ import annotations

from typing import NamedTuple


class Token(NamedTuple):
    """What a small word says about the number beside it."""

    relation: str = ""
    approximate: bool = False
    status: str = ""


_NEUTRAL = Token()
_ABOUT = Token("≈", approximate=True)
_OVER_SOME = Token("≥", approximate=True)

PREFIXES: dict[str, Token] = {
    **dict.fromkeys(
        ("≥", ">=", "≧", "⩾", "=>", "不少于", "不低于", "不小于", "不得少于", "不得低于"), Token("≥")
    ),
    **dict.fromkeys(("至少", "最少", "最低", "大于等于", "大于或等于", "高于等于", "达到或超过"), Token("≥")),
    **dict.fromkeys(
        (
            *("≤", "<=", "≦", "⩽", "=<", "不超过", "未超过", "不得超过", "不超"),
            *("不高于", "未高于", "不多于", "不大于"),
        ),
        Token("≤"),
    ),
    **dict.fromkeys(
        ("不得高于", "至多", "最多", "最高", "小于等于", "小于或等于", "控制在", "不突破"), Token("≤")
    ),
    **dict.fromkeys((">", "大于", "高于", "多于", "超过", "超", "超出", "突破", "逾"), Token(">")),
    **dict.fromkeys(("<", "小于", "低于", "少于", "不足", "不到", "未达"), Token("<")),
    **dict.fromkeys(("=", "等于"), Token("=")),
    **dict.fromkeys(
        ("约", "大约", "约为", "大概", "大致", "近", "将近", "接近", "近乎", "≈", "~", "左右", "上下"), _ABOUT
    ),
    **dict.fromkeys(("估计", "估计约", "粗略", "差不多", "约合", "几近"), _ABOUT),
    **dict.fromkeys(
        ("预计", "预计为", "预计完成", "预计达到", "预计达", "暂估", "预估", "预测"), Token(status="预计")
    ),
    **dict.fromkeys(("预计可完成", "预计可达", "预计可达到", "预计将达", "预计将达到"), Token(status="预计")),
    **dict.fromkeys(("初步", "初步统计", "初步核算", "初步数", "快报数", "快报"), Token(status="初步")),
    **dict.fromkeys(("核定", "核定为", "核定数", "经核定"), Token(status="核定")),
    **dict.fromkeys(
        ("完成", "已完成", "完成了", "达", "达到", "达成", "实现", "累计", "累计完成", "共", "共计"), _NEUTRAL
    ),
    **dict.fromkeys(
        ("合计", "总计", "计", "为", "是", "有", "新增", "增长", "同比增长", "增加", "上升", "提高"), _NEUTRAL
    ),
    **dict.fromkeys(("增", "同比增", "同比提高", "同比上升", "环比增长", "↑"), _NEUTRAL),
    **dict.fromkeys(("较上年增长", "比上年增长", "较上年提高", "比上年提高", "较去年增长"), _NEUTRAL),
    **dict.fromkeys(
        ("全年", "全年完成", "实际", "实际完成", "实绩", ":", "全部", "人民币", "共完成", "争取", "第"),
        _NEUTRAL,
    ),
}
SUFFIXES: dict[str, Token] = {
    **dict.fromkeys(("以上", "及以上", "(含)以上", "(含以上)", "之上", "或以上"), Token("≥")),
    **dict.fromkeys(("以下", "及以下", "以内", "之内", "之下", "内", "或以下"), Token("≤")),
    **dict.fromkeys(("左右", "上下", "许", "前后", "不等"), _ABOUT),
    **dict.fromkeys(("余", "多", "有余", "来"), _OVER_SOME),
    **dict.fromkeys(("完成", "已完成", "(完成)", "(已完成)", "(全部完成)", "(达标)", "(已达标)"), _NEUTRAL),
    **dict.fromkeys(("(预计)", "(预计数)", "(预估)", "(暂估)", "(估计)"), Token(status="预计")),
    **dict.fromkeys(("(初步)", "(初步数)", "(快报)", "(快报数)", "(初步统计)"), Token(status="初步")),
    **dict.fromkeys(("(核定)", "(核定数)", "(已核定)"), Token(status="核定")),
}
# Between the number and its unit: 300余人, 3万多元, 20来个.
INFIXES: dict[str, Token] = dict.fromkeys(("余", "多", "来"), _OVER_SOME)

# A figure that fell: whether it is negative depends on the indicator, so a person has to say.
FALLING = (
    *("同比下降", "下降", "减少", "降低", "回落", "下滑", "负增长", "压减", "同比减少", "降", "↓", "同比降"),
    *("环比下降", "较上年下降", "比上年下降", "较去年下降", "较上年减少", "比上年减少"),
)
# Leading signs by which people write minus and plus.
MINUS = frozenset("-−–‐‑‒﹣负")
PLUS = frozenset("+")
