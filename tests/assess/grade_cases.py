"""Findings about grades, vetoes, outcomes and supervision: a drawn fault, what it must report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kaohe.assess.load import load_scheme
from kaohe.assess.load_ledger import load_ledger
from kaohe.assess.veto_checks import check_grading, check_supervisions, check_vetoes
from kaohe.findings import Finding
from tests.support.schemes import draw

UNITS = "单位代码|单位名称|类别|考核组\nU1|东区|A类|甲组\nU2|西区|A类|甲组"
GRADES = "等次|对象|最低分|比例|名额\n优秀|*|90|0.15|\n良好|*|80||\n合格|*|||"
EVENTS = "代码|事项|后果|降档\nV1|安全事故|降等次并列末位|"
RULES = "代码|结果|性质|范围|条件|指标|数量|年数|等次|受否决限制\n"
VETOES = "期次|单位代码|事项代码|日期|依据|决定人\n"
SUPERVISION = "编号|单位代码|问题|提出日期|期限|状态|销号日期\n"


class GradeCase(NamedTuple):
    """``tables`` in place of the clean ones, and the (code, cell) to be found."""

    why: str
    tables: Mapping[str, str | None]
    found: tuple[tuple[str, str], ...]


CLEAN: dict[str, str] = {
    "单位": UNITS,
    "等次": GRADES,
    "否决事项": EVENTS,
    "结果规则": RULES + "R1|先进|表彰||总分前列||3|||是",
    "否决": VETOES + "2007-H1|U1|V1|2007-05-01|通报|考核办",
    "督办": SUPERVISION + "1|U1|进度滞后|2007-03-01|2007-06-01|已销号|2007-05-20",
}


def case(why: str, table: str, text: str, *found: tuple[str, str]) -> GradeCase:
    return GradeCase(why, {table: text}, found)


def rule(why: str, row: str, *codes: str) -> GradeCase:
    return case(why, "结果规则", RULES + row, *((code, "A2") for code in codes))


def supervised(why: str, row: str) -> GradeCase:
    return case(why, "督办", SUPERVISION + row, ("G26", "A2"))


CASES: tuple[GradeCase, ...] = (
    case("last with a least", "等次", GRADES.replace("合格|*|", "合格|*|60"), ("G10", "A4")),
    case("shares above 1", "等次", GRADES.replace("|80||", "|80|0.9|"), ("G11", "A2")),
    case("leasts go up", "等次", GRADES.replace("|80|", "|95|"), ("G12", "A3")),
    case("nobody's scope", "等次", GRADES + "\n都|丙组|||", ("G13", "A5")),
    case("a name twice", "等次", GRADES.replace("良好", "优秀"), ("G14", "A3")),
    case("nothing to lower", "等次", "等次|对象|最低分|比例|名额", ("G15", "A2")),
    case("lowered by none", "否决事项", EVENTS.replace("降等次并列末位|", "降等次|0"), ("G15", "A2")),
    case("raised by one", "否决事项", EVENTS.replace("降等次并列末位|", "降等次|-1"), ("G15", "A2")),
    case("raised by one, and last", "否决事项", EVENTS.replace("末位|", "末位|-1"), ("G15", "A2")),
    case("lowered by a half", "否决事项", EVENTS.replace("末位|", "末位|1.5"), ("G15", "A2")),
    GradeCase(
        "bars from nothing",
        {
            "否决事项": EVENTS.replace("降等次并列末位", "取消评优"),
            "结果规则": RULES + "R1|先进|表彰||总分前列||3|||",
        },
        (("G16", "A2"),),
    ),
    GradeCase("no events at all", {"否决事项": None}, (("G17", "C2"),)),
    case("another year's day", "否决", CLEAN["否决"].replace("2007-05-01", "2006-05-01"), ("G18", "C2")),
    case("what period", "否决", CLEAN["否决"].replace("2007-H1", "去年"), ("G19", "C2")),
    rule("about a post", "R1|主要负责人免职|通报表扬||总分末位||1|||", "G20"),
    rule("nobody's scope", "R1|先进|表彰|丙组|总分前列||3|||", "G21"),
    rule("no indicator", "R1|单项第一|表彰||指标第一||1|||", "G21"),
    rule("unknown indicator", "R1|单项第一|表彰||指标第一|Z9|1|||", "G21"),
    rule("one year running", "R1|约谈|约谈||连续末位||1|1||", "G21"),
    rule("which grade", "R1|优秀单位|表彰||等次||1|||", "G21"),
    rule("unknown grade", "R1|优秀单位|表彰||等次||1||特优|", "G21"),
    supervised("closed when", "1|U1|问题|2007-03-01|2007-06-01|已销号|"),
    supervised("open and closed", "1|U1|问题|2007-03-01|2007-06-01|办理中|2007-05-01"),
    supervised("due before raised", "1|U1|问题|2007-03-01|2007-02-01|办理中|"),
    supervised("closed before raised", "1|U1|问题|2007-03-01|2007-06-01|已销号|2007-02-01"),
    supervised("without a deadline", "1|U1|问题|2007-03-01||办理中|"),
    GradeCase(
        "the same number twice",
        {"督办": CLEAN["督办"] + "\n1|U2|另一个|2007-03-01|2007-06-01|办理中|"},
        (("G26", "A3"),),
    ),
)


def findings_of(tables: Mapping[str, str | None]) -> tuple[Finding, ...]:
    """What is found in the drawn tables, in the place of the clean ones."""
    drawn = draw(**{**CLEAN, **tables})
    scheme, read = load_scheme(drawn)
    ledger = load_ledger(drawn)
    found: Iterable[Finding] = (
        *read,
        *check_grading(scheme),
        *check_vetoes(scheme, ledger.vetoes, 2007),
        *check_supervisions(ledger.supervisions),
    )
    return tuple(found)


CODES = frozenset(f"G{number:02}" for number in range(1, 29))
"""Codes with cases here or in test_bonuses, test_grading, test_history and test_outcomes."""
