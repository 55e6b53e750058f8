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
    later = form("U1", CLEAN, scheme=SCHEME, received=at_hour(12), sha256="new", workbook="U1 更正.xlsx")
    return [form("U1", CLEAN, scheme=SCHEME, received=at_hour(9), sha256="old"), later, *clean("U2")]


def parts(first: str, second: str) -> list[Return]:
    """U1 in two departments' parts."""
    return [
        form("U1", first, scheme=SCHEME, department="发改局"),
        form("U1", second, scheme=SCHEME, department="民政局"),
        *clean("U2"),
    ]


def issued_to_nobody() -> Mapping[str, IssueRecord]:
    """A row of 下发登记 whose unit the office has struck from 单位."""
    row = registered(SCHEME, [("U9", "")])[number_of("U9")]
    return {row.number: row}


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
        "a file named after another unit",
        (("W12", "西区.xlsx", "U1"),),
        lambda: [form("U1", CLEAN, scheme=SCHEME, workbook="西区.xlsx"), *clean("U2")],
    ),
    ReturnCase("two different files of one form", (("W14", "U1.xlsx", "U1"),), changed_later),
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
        "two departments that disagree",
        (("W09", "U1民政局.xlsx", "U1"),),
        lambda: parts("指标|完成值\nX1|100", "指标|完成值\nX1|99\nX2|95"),
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
    ReturnCase("one form a unit", (), lambda: clean("U1", "U2")),
    ReturnCase(
        "all departments", (), lambda: parts("指标|完成值\nX1|100", "指标|完成值\nX2|95"), DEPARTMENTS
    ),
    ReturnCase(
        "two departments that agree",
        (),
        lambda: parts("指标|完成值\nX1|100", "指标|完成值\nX1|100\nX2|95"),
        DEPARTMENTS,
    ),
)
