"""Built-in methods whose 完成值 is a word: 是 or 否, and the 档次 of a target."""

from __future__ import annotations

from kaohe.rules.method import GRADES, YES, Method, Parameter

_IS_YES = "OR(" + ",".join(f'完成值="{word}"' for word in YES) + ",完成值=1)"
_EXCELLENT, _GOOD, _PASSED, _FAILED = GRADES
_GRADE_SHARE = (
    f'IF(完成值="{_EXCELLENT}",优秀系数,IF(完成值="{_GOOD}",良好系数,'
    f'IF(完成值="{_PASSED}",合格系数,不合格系数)))'
)

WORDED = (
    Method(
        name="是否",
        score=f"IF({_IS_YES},权重,0)",
        rate=f"IF({_IS_YES},1,0)",
        met=_IS_YES,
        accepts="yes_no",
        number=28,
        source="通用",
        note="是、√、1 得满分,否、×、0 得0分,其他写法不计分并提示。",
    ),
    Method(
        name="档次计分",
        score=f"权重*{_GRADE_SHARE}",
        rate=_GRADE_SHARE,
        met=f'完成值<>"{_FAILED}"',
        parameters=(
            Parameter("优秀系数", 1.0, "优秀得权重的多少"),
            Parameter("良好系数", 0.85, "良好得权重的多少"),
            Parameter("合格系数", 0.7, "合格得权重的多少"),
            Parameter("不合格系数", 0.0, "不合格得权重的多少"),
        ),
        accepts="grade",
        number=30,
        source="XT6",
        note="完成值填 优秀、良好、合格、不合格;各档得权重的多少由参数规定(默认数为推定)。"
        "合格及以上为达标,完成率为该档的系数。",
    ),
)
