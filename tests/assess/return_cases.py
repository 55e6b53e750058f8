"""Cases of findings about whole files: what was issued, what came, and exactly what must be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kaohe.model import IssueRecord, Return, Scheme
from tests.assess.value_cases import CLEAN
from tests.support.returns import at_hour, form, number_of, registered
from tests.support.schemes import small_scheme

SCHEME = small_scheme()
OTHER = small_scheme(目标="指标代码|单位代码|目标值|上年值\nX1|*|99|\nX2|*|90|")
"""The scheme before the office changed a target."""
DEPARTMENTS = (("U1", "发改局"), ("U1", "民政局"), ("U2", ""))


@dataclass(frozen=True)
class ReturnCase:
    """``found``: (code, workbook, unit) of everything that must be reported."""

    why: str
    found: tuple[tuple[str, str, str], ...]
    returns: Callable[[], list[Return]]
    issued: tuple[tuple[str, str], ...] = (("U1", ""), ("U2", ""))
    extra: Callable[[], Mapping[str, IssueRecord]] = dict

    def register(self) -> Mapping[str, IssueRecord]:
        """下发登记 of the case."""
        return {**registered(SCHEME, self.issued), **self.extra()}


def clean(*units: str, scheme: Scheme = SCHEME) -> list[Return]:
    """Good forms of these units."""
    return [form(unit, CLEAN, scheme=scheme) for unit in units]


def odd(workbook: str, unit: str = "U1", **identity: str) -> list[Return]:
    """Both units' good forms, and one more file whose identity differs from U1's."""
    more = form(unit, CLEAN, scheme=SCHEME, workbook=workbook)
    return [*clean("U1", "U2"), more._replace(identity=more.identity._replace(**identity))]


def unread(problem: str, **facts: str) -> list[Return]:
    """Both units' good forms, and a file that is a problem."""
    bad = Return("坏.xlsx", "sha of 坏", at_hour(9), problem=problem, facts=tuple(facts.items()))
    return [*clean("U1", "U2"), bad]


def twice() -> list[Return]:
    """U1's form and, later, a copy of it under another name."""
    first = form("U1", CLEAN, scheme=SCHEME, received=at_hour(9), sha256="same")
    copy = form("U1", CLEAN, scheme=SCHEME, received=at_hour(10), sha256="same", workbook="U1 副本.xlsx")
    return [first, copy, *clean("U2")]


def changed_later() -> list[Return]:
    """U1's form, and later another one under the same number."""
    rows = CLEAN.replace("X1|100", "X1|101")
    assert rows != CLEAN
    later = form("U1", rows, scheme=SCHEME, received=at_hour(12), sha256="new", workbook="U1 更正.xlsx")
    return [form("U1", CLEAN, scheme=SCHEME, received=at_hour(9), sha256="old"), later, *clean("U2")]


def saved_again() -> list[Return]:
    """U1's form and, later, other bytes with the same filled in."""
    later = form("U1", CLEAN, scheme=SCHEME, received=at_hour(12), sha256="new", workbook="U1 修改2.xlsx")
    return [form("U1", CLEAN, scheme=SCHEME, received=at_hour(9), sha256="old"), later, *clean("U2")]


def came_back() -> list[Return]:
    """U1's form and, later, the 退回单 made of it, mended."""
    first, later, other = changed_later()
    return [first, later._replace(workbook="退回-U1.xlsx"), other]


def parts(first: str, second: str, scheme: Scheme = SCHEME) -> list[Return]:
    """U1 in two departments' parts."""
    return [
        form("U1", first, scheme=scheme, department="发改局"),
        form("U1", second, scheme=scheme, department="民政局"),
        *clean("U2"),
    ]


def issued_to_nobody() -> Mapping[str, IssueRecord]:
    """A row of 下发登记 whose unit the office has struck from 单位."""
    row = registered(SCHEME, [("U9", "")])[number_of("U9")]
    return {row.number: row}


def issued_before(*forms: tuple[str, str]) -> Callable[[], Mapping[str, IssueRecord]]:
    """Rows of 下发登记 for forms of the scheme as it was."""
    return lambda: registered(OTHER, forms)


def issued_earlier() -> Mapping[str, IssueRecord]:
    """What 民政局 was issued the quarter before."""
    row = registered(SCHEME, [("U1", "民政局")])[number_of("U1", "民政局")]
    return {"N-Q1": row._replace(number="N-Q1", period="2007-Q1", workbook="U1民政局 2007-Q1.xlsx")}


def of_last_quarter(workbook: str, *others: Return) -> list[Return]:
    """民政局's form of the quarter before, and 发改局's of this half-year, under U1."""
    first, second, other = parts("指标|完成值\nX1|100", "指标|完成值\nX2|95")
    identity = second.identity._replace(number="N-Q1", period="2007-Q1")
    return [first, second._replace(identity=identity, workbook=workbook), other, *others]


CASES = (
    ReturnCase(
        "a file nothing can read",
        (("W01", "坏.xlsx", ""),),
        lambda: unread("W01", reason="文件已损坏", remedy="请重发"),
    ),
    ReturnCase("a workbook that is no form", (("W02", "坏.xlsx", ""),), lambda: unread("W02")),
    ReturnCase("a number nobody issued", (("W03", "别处.xlsx", ""),), lambda: odd("别处.xlsx", number="N-X")),
    ReturnCase(
        "another unit's number", (("W04", "串.xlsx", ""),), lambda: odd("串.xlsx", number=number_of("U2"))
    ),
    ReturnCase("another period", (("W15", "上期.xlsx", ""),), lambda: odd("上期.xlsx", period="2007-Q1")),
    ReturnCase(
        "an older version of the scheme",
        (("W06", "U1.xlsx", "U1"),),
        lambda: [*clean("U1", scheme=OTHER), *clean("U2")],
        extra=issued_before(("U1", "")),
    ),
    ReturnCase(
        "nothing but another period",
        (("W05", "上期.xlsx", ""), ("W08", "", "U1")),
        lambda: odd("上期.xlsx", period="2007-Q1")[1:],
    ),
    ReturnCase(
        "another unit written over the name on the form",
        (("W04", "U1.xlsx", ""), ("W08", "", "U1")),
        lambda: [form("U1", CLEAN, scheme=SCHEME)._replace(shown_unit="西区"), *clean("U2")],
    ),
    ReturnCase(
        "two units' names on the face",
        (("W04", "U1.xlsx", ""), ("W08", "", "U1")),
        lambda: [form("U1", CLEAN, scheme=SCHEME)._replace(shown_unit="东区西区"), *clean("U2")],
    ),
    ReturnCase(
        "a file named after another unit",
        (("W12", "西区.xlsx", "U1"),),
        lambda: [form("U1", CLEAN, scheme=SCHEME, workbook="西区.xlsx"), *clean("U2")],
    ),
    ReturnCase("two different files of one form", (("W14", "U1.xlsx", "U1"),), changed_later),
    ReturnCase("the same filled in, saved again", (("W07", "U1.xlsx", "U1"),), saved_again),
    ReturnCase("a 退回单 that came back", (("W07", "U1.xlsx", "U1"),), came_back),
    ReturnCase("the same form twice", (("W07", "U1.xlsx", "U1"),), twice),
    ReturnCase("a unit that sent nothing", (("W08", "", "U2"),), lambda: clean("U1")),
    ReturnCase("nobody sent anything", (("W08", "", "U1"), ("W08", "", "U2")), list),
    ReturnCase(
        "a department that sent nothing",
        (("W08", "", "U1"),),
        lambda: [form("U1", "指标|完成值\nX1|100", scheme=SCHEME, department="发改局"), *clean("U2")],
        DEPARTMENTS,
    ),
    ReturnCase(
        "two departments that disagree, both asked by the scheme as it was",
        (("W06", "U1发改局.xlsx", "U1"), ("W06", "U1民政局.xlsx", "U1"), ("W09", "U1民政局.xlsx", "U1")),
        lambda: parts("指标|完成值\nX1|100", "指标|完成值\nX1|99\nX2|95", OTHER),
        DEPARTMENTS,
        issued_before(*DEPARTMENTS[:2]),
    ),
    ReturnCase(
        "a department that fills in another's indicator too",
        (("V46", "U1民政局.xlsx", "U1"),),
        lambda: parts("指标|完成值\nX1|100", "指标|完成值\nX1|100\nX2|95"),
        DEPARTMENTS,
    ),
    ReturnCase(
        "a department that fills in another's indicator, which is missing",
        (("V46", "U1民政局.xlsx", "U1"), ("W08", "", "U1")),
        lambda: parts("指标|完成值", "指标|完成值\nX1|100\nX2|95")[1:],
        DEPARTMENTS,
    ),
    ReturnCase(
        "a department's part that says it is another department's",
        (("W04", "U1发改局.xlsx", ""), ("W08", "", "U1")),
        lambda: [
            row._replace(identity=row.identity._replace(number=number_of("U1", "民政局")))
            if row.identity.department == "发改局"
            else row
            for row in parts("指标|完成值\nX1|100", "指标|完成值\nX2|95")
        ],
        DEPARTMENTS,
    ),
    ReturnCase(
        "a unit's form that says it is a department's 考评打分表",
        (("W04", "U1.xlsx", ""), ("W08", "", "U1")),
        lambda: odd("U1.xlsx", unit="U1", purpose="考评打分表")[1:],
    ),
    ReturnCase(
        "a form without a single row",
        (("W08", "", "U1"), ("W19", "U1.xlsx", "")),
        lambda: [form("U1", "指标|完成值", scheme=SCHEME), *clean("U2")],
    ),
    ReturnCase(
        "a form of unknown codes only",
        (("W08", "", "U1"), ("W19", "U1.xlsx", "")),
        lambda: [form("U1", "指标|完成值\nY1|1\nY2|2", scheme=SCHEME), *clean("U2")],
    ),
    ReturnCase(
        "last quarter's part where this one's is missing",
        (("W05", "民政.xlsx", ""), ("W08", "", "U1")),
        lambda: of_last_quarter("民政.xlsx"),
        DEPARTMENTS,
        issued_earlier,
    ),
    ReturnCase(
        "last quarter's part under this one's name",
        (("W05", "U1民政局.xlsx", ""), ("W08", "", "U1"), ("W12", "U1民政局.xlsx", "U1")),
        lambda: of_last_quarter("U1民政局.xlsx"),
        DEPARTMENTS,
        issued_earlier,
    ),
    ReturnCase(
        "last quarter's part beside this one's",
        (("W15", "民政.xlsx", ""),),
        lambda: of_last_quarter(
            "民政.xlsx", form("U1", "指标|完成值\nX2|95", scheme=SCHEME, department="民政局")
        ),
        DEPARTMENTS,
        issued_earlier,
    ),
    ReturnCase(
        "a part named after another department's, beside itself",
        (("W07", "U1发改局.xlsx", "U1"), ("W08", "", "U1"), ("W12", "U1发改局.xlsx", "U1")),
        lambda: [
            parts("指标|完成值", "指标|完成值\nX2|95")[1]._replace(workbook="U1发改局.xlsx", sha256="same"),
            parts("指标|完成值", "指标|完成值\nX2|95")[1]._replace(sha256="same"),
            *clean("U2"),
        ],
        DEPARTMENTS,
    ),
    ReturnCase(
        "a part named after another department's",
        (("W08", "", "U1"), ("W12", "U1发改局.xlsx", "U1")),
        lambda: [
            parts("指标|完成值", "指标|完成值\nX2|95")[1]._replace(workbook="U1发改局.xlsx"),
            *clean("U2"),
        ],
        DEPARTMENTS,
    ),
    ReturnCase(
        "a unit struck from the list",
        (("W11", "U9.xlsx", ""),),
        lambda: [*clean("U1", "U2"), form("U9", CLEAN, scheme=SCHEME)],
        extra=issued_to_nobody,
    ),
    ReturnCase(
        "a unit struck from the list, with its name on the face of its form",
        (("W11", "U9.xlsx", ""),),
        lambda: [*clean("U1", "U2"), form("U9", CLEAN, scheme=SCHEME)._replace(shown_unit="北区")],
        extra=issued_to_nobody,
    ),
)

CLEAN_CASES = (
    ReturnCase(
        "the unit's name on the face with more words",
        (),
        lambda: [form("U1", CLEAN, scheme=SCHEME)._replace(shown_unit="东区 人民政府"), *clean("U2")],
    ),
    ReturnCase("one form a unit", (), lambda: clean("U1", "U2")),
    ReturnCase(
        "all departments", (), lambda: parts("指标|完成值\nX1|100", "指标|完成值\nX2|95"), DEPARTMENTS
    ),
    ReturnCase(
        "a department that leaves another's indicator blank",
        (),
        lambda: parts("指标|完成值\nX1|100", "指标|完成值\nX1|\nX2|95"),
        DEPARTMENTS,
    ),
)
