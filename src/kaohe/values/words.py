"""Words that clerks write where a number is expected, and what each of them means.

Every table maps the spelling after normalisation (full-width folded, spaces and closing punctuation gone).
"""

from __future__ import annotations

import re

NOT_APPLICABLE = frozenset(
    {"/", "//", "\\", "-", "--", "---", "—", "——", "———", "–", "_", "__", "*", "×××", "N/A", "NA", "n/a"}
    | {
        "不适用",
        "不涉及",
        "无此项",
        "无此项工作",
        "无此指标",
        "无该项",
        "不考核",
        "本单位不涉及",
        "缺项",
        "不参评",
    }
)
NONE = frozenset({"无", "没有", "无。", "均无", "全无", "暂无此类"})
# Words that say by themselves that something was counted and did not occur.
ZERO = frozenset(
    {
        "零",
        "〇",
        "无一例",
        "无一起",
        "无一人",
        "无一件",
        "无一次",
        "一例没有",
        "没有一例",
        "没有一起",
        "零发生",
    }
    | {
        "未发生",
        "没有发生",
        "无发生",
        "零事故",
        "无事故",
        "未发生事故",
        "零投诉",
        "无投诉",
        "零案件",
        "无案件",
    }
    | {"零上访", "零报告", "零例", "零起", "零次", "零件", "零人", "零个"}
)
PENDING = frozenset(
    {
        "暂无",
        "暂无数据",
        "暂无统计",
        "暂无统计数据",
        "待统计",
        "未统计",
        "尚未统计",
        "统计中",
        "待定",
        "待核",
        "待核实",
    }
    | {
        "年底统计",
        "年终统计",
        "年度统计",
        "待出",
        "未出",
        "未公布",
        "尚未公布",
        "数据未出",
        "待填",
        "待报",
        "待补",
    }
    | {
        "后补",
        "稍后补报",
        "待加大监测",
        "无数据",
        "没有数据",
        "无统计",
        "无统计数据",
        "未知",
        "不详",
        "?",
        "??",
    }
    | {"TBD", "待确认", "待上级反馈", "待市局反馈", "尚未开展统计"}
)
YES = frozenset(
    {"是", "√", "✓", "✔", "对", "有", "Y", "y", "YES", "Yes", "yes", "TRUE", "True", "true", "☑", "v"}
)
NO = frozenset(
    {"否", "×", "✗", "✘", "x", "X", "错", "N", "n", "NO", "No", "no", "FALSE", "False", "false", "☒", "╳"}
)
# Qualitative results; whether they attain the target is said by ATTAINED.
ATTAINED: dict[str, bool] = {
    **dict.fromkeys(
        (
            "完成",
            "已完成",
            "全部完成",
            "全面完成",
            "圆满完成",
            "按时完成",
            "按期完成",
            "超额完成",
            "基本完成任务",
        ),
        True,
    ),
    **dict.fromkeys(
        (
            "达成",
            "达成预期指标",
            "达成预期目标",
            "达到预期",
            "达到预期目标",
            "达标",
            "已达标",
            "合格",
            "符合",
            "符合要求",
        ),
        True,
    ),
    **dict.fromkeys(
        ("实现", "已实现", "落实", "已落实", "到位", "优秀", "优", "已达序时", "通过", "已通过"), True
    ),
    **dict.fromkeys(
        (
            "未完成",
            "没有完成",
            "没完成",
            "未达成",
            "未达成预期指标",
            "未达标",
            "不达标",
            "不合格",
            "未达到",
            "未实现",
        ),
        False,
    ),
    **dict.fromkeys(
        ("未落实", "不符合", "未通过", "未开展", "未达序时", "未达到预期", "未达到预期目标", "未启动"), False
    ),
}
_MEASURE = "(?:例|起|人|件|次|个|宗|户|家|项)"
_ONE = f"一{_MEASURE}"
HINT = re.compile(
    r"\d+字(?:以内|左右|之内)"
    r"|请(?:在此|在这里|于此)?(?:填写|填报|填入|输入|录入|说明|选择|注明|勾选|简要)"
    r"|在此(?:填写|填报|输入|说明)|(?:此处|此栏|本栏)(?:填|由|不填|无需|输入)|(?:点击|单击|双击)(?:此处|这里|输入|选择)"
    r"|填(?:写|报)(?:说明|要求|示例|提示)|下拉(?:选择|菜单)|从下拉|^示例[::]|^例[::如]|^如[::]|^提示[::]"
    r"|待填写|填写完成值|填数字|请填|^(?:如|例|示例|样例|例如|比如|举例)[::]?[+-]?[0-9]"
)
# Marks that hold a place in a template: XX, ××.×, ____万元.
PLACEHOLDER = re.compile(
    r"(?:[Xx]{2,}|×{2}|×{4,}|_{3,}|…{1,2}|\.{3,})(?:\.[Xx×_]+)?(?:[%‰]|[\u4e00-\u9fff]{1,4})?"
)
_NONE_OCCURRED = re.compile(
    rf"(?:无|没有|未发生|未出现){_ONE}|{_ONE}(?:也|都)?(?:没有|未发生|未出现)|未发生任何事故|零{_MEASURE}"
)
_ERROR_TEXT = re.compile(
    r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|GETTING_DATA|[A-Z_/0]{2,12}[!?]?)"
)


def kind_of_word(word: str) -> str:
    """The kind of a whole cell text that is one of these words; '' when it is none of them."""
    for kind, words in _TABLES:
        if word in words:
            return kind
    if _NONE_OCCURRED.fullmatch(word):
        return "zero"
    return "error" if _ERROR_TEXT.fullmatch(word) else ""


def attained(word: str) -> bool | None:
    """Whether a qualitative result says that the target was reached; None when the word does not tell."""
    return ATTAINED.get(word)


_TABLES = (
    ("not_applicable", NOT_APPLICABLE),
    ("none", NONE),
    ("zero", ZERO),
    ("pending", PENDING),
    ("yes", YES),
    ("no", NO),
    ("word", ATTAINED),
)

REASONS: dict[str, str] = {
    "blank": "没有填写",
    "not_applicable": "表示不适用,没有数值",
    "none": "表示没有;只有统计次数的指标才可按 0 理解",
    "pending": "表示尚无数据",
    "yes": "表示“是”,不是数",
    "no": "表示“否”,不是数",
    "word": "是文字,不是数",
    "error": "是公式错误值",
    "hint": "是模板的提示语,没有填写内容",
    "date": "是日期或时间,不是数",
    "range": "是区间,不是一个确定的数",
}
