"""Small random schemes and everything that may be typed into them, for the tests against the reference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.returns import Intake
from kaohe.findings import ERROR
from kaohe.model import (
    Adjustment,
    Appeal,
    Bonus,
    Grade,
    Indicator,
    IssueRecord,
    Ledger,
    ParameterValue,
    Part,
    Period,
    Record,
    Scheme,
    Target,
    Unit,
    Verdict,
    Veto,
    VetoEvent,
)
from kaohe.periods import parse_period
from kaohe.settings import BY_NAME, DEFAULTS
from tests.assess.reference_rules import Case, Key

PERIOD = parse_period("2007-H1")
DEADLINE = dt.date(2007, 7, 10)
CHOSEN = (
    "排名依据", "排名取数", "并列名次", "比较范围", "逆向完成率", "正向目标为0", "超额封顶", "组内相同",
    "不适用指标", "近似值计分", "等次依据", "等次名额", "名额边缘",
)  # fmt: skip
"""Settings drawn from their choices."""
HIGHER = ("目标完成率", "达标得满分", "比例计分", "序时进度", "排名赋分", "功效系数组内", "极差法", "评定分")
LOWER = ("目标完成率逆向", "控制性", "扣分制", "排名赋分")
NUMBERS = ("0", "3", "45", "80", "80", "90", "95.5", "100", "100", "120", "-5")
ODD = ("", "约80", "无", "很多")
SPLITS: Mapping[str, tuple[tuple[float, ...], ...]] = {
    "合成": ((100.0,), (50.0, 50.0), (30.0, 30.0, 40.0)),
    "择优": ((100.0, 100.0),),
}


EVENTS = (VetoEvent("V1", "事故", "降等次并列末位"), VetoEvent("V2", "违规", "降等次", 1.0))


@dataclass
class Draw:
    """What hypothesis gives, under short names."""

    draw: Any

    def one(self, choices: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def some(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def seldom(self, of: int = 4) -> bool:
        return self.some(1, of) == of


def settings_of(d: Draw, tops: Sequence[str]) -> dict[str, str | float]:
    chosen: dict[str, str | float] = {**DEFAULTS, "权重合计": 0.0, "考核年度": 2007.0}
    for name in CHOSEN:
        chosen[name] = d.one(BY_NAME[name].choices) if d.seldom(2) else DEFAULTS[name]
    for stage in ("得分", "部分", "总分"):
        chosen[f"{stage}小数位"] = float(d.some(0, 4)) if d.seldom(2) else 2.0
    chosen["并列再比"] = "、".join(tops[: d.some(0, len(tops))]) if d.seldom() else ""
    chosen["省级权重倍数"] = d.one((1.0, 1.0, 1.5))
    chosen["序时容差"] = d.one((0.0, 0.0, 5.0))
    chosen["迟报每天扣分"] = d.one((0.0, 0.1, 0.125))
    chosen["迟报扣分上限"] = d.one((0.0, 0.5))
    chosen["否决降档"] = d.one((1.0, 2.0))
    return chosen


def parts_of(d: Draw) -> list[Part]:
    """One to three scored parts, nested to depth 3, and now and then 加分 and 扣分."""
    found = []
    for top in "ABC"[: d.some(1, 3)]:
        found.append(Part(top, f"部分{top}"))
        if d.seldom(2):
            found.append(Part(f"{top}1", f"部分{top}1", top))
            found += [Part(f"{top}1x", f"部分{top}1x", f"{top}1")] if d.seldom(2) else []
    for code, kind in (("P", "加分"), ("M", "扣分")):
        if d.seldom(2):
            found.append(Part(code, kind, "", d.one((None, 2.0, 5.0, 1.235)), kind))
            found += [Part(f"{code}1", f"{kind}一", code, d.one((None, 1.5)), kind)] if d.seldom() else []
    return found


def units_of(d: Draw) -> list[Unit]:
    """One to twelve units in one to three groups, and now and then two persons in a group of their own."""
    groups = "甲乙丙"[: d.some(1, 3)]
    found = [
        Unit(f"U{n}", f"单位{n}", d.one(("一类", "二类")), f"{d.one(groups)}组")
        for n in range(1, d.some(1, 12) + 1)
    ]  # fmt: skip
    if d.seldom():
        found += [Unit(f"Q{n}", f"人{n}", "", "干部", kind="个人", belongs_to="U1") for n in (1, 2)]
    return found


def indicators_of(d: Draw, parts: Sequence[Part], units: Sequence[Unit]) -> list[Indicator]:
    words = [(), (), (), ("单位", "个人"), (units[0].group,), (units[0].code,), ("一类",)]
    everybody = tuple(dict.fromkeys(unit.kind for unit in units))
    homes = [*(part.code for part in parts), *([""] if d.seldom() else [])]
    found = [indicator(d, "X1", "A", everybody, "填报")]
    for number in range(2, d.some(1, 8) + 1):
        code, home, applies = f"X{number}", d.one(homes), d.one(words)
        source = d.one(("填报", "填报", "填报", "考评", "合成", "择优", "引用"))
        row = indicator(d, code, home, applies, source)
        if source == "引用":
            lenders = [r for r in found if r.value_source in ("填报", "考评") and r.applies_to == applies]
            lenders = [r for r in lenders if r.frequency != "年度"]
            row = (
                replace(row, value_from=d.one(lenders).code) if lenders else replace(row, value_source="填报")
            )
        found.append(row)
        for at, share in enumerate(d.one(SPLITS.get(source, ((),))), start=1):
            below = indicator(d, f"{code}-{at}", code, applies, d.one(("填报", "填报", "考评")))
            found.append(replace(below, weight=share, frequency=row.frequency))
    return found


def indicator(d: Draw, code: str, home: str, applies: tuple[str, ...], source: str) -> Indicator:
    """One row; what is rated in points of 100 is made from others."""
    direction = d.one(("正向", "正向", "逆向"))
    return Indicator(
        code=code,
        name=f"指标{code}",
        parent=home,
        direction=direction,
        weight=d.one((5.0, 10.0, 12.5, 33.3, 20.0, 0.0)) if code != "X1" else 30.0,
        method=d.one(HIGHER if direction == "正向" else LOWER),
        frequency=d.one(("月度", "月度", "月度", "季度", "年度")) if code != "X1" else "月度",
        pace=d.one(("按月", "无")),
        value_source=source,
        applies_to=applies,
        assessor="统计局" if source == "考评" else "",
    )


def targets_of(d: Draw, rows: Sequence[Indicator], units: Sequence[Unit]) -> list[Target]:
    """A target for everybody, of one level or two, and now and then a unit's own."""
    found = []
    zero = d.seldom(8)
    for row in rows:
        levels = d.one((("",), ("",), ("市",), ("省", "市")))
        for level in levels:
            value = d.one((100.0, 90.0, 60.0, *((0.0, -50.0) if zero else ())))
            found.append(Target(row.code, "*", value, 80.0, level))
            if d.seldom():
                found.append(Target(row.code, d.one(units).code, d.one((95.0, 120.0)), None, level))
    return found


def parameters_of(d: Draw, rows: Sequence[Indicator], units: Sequence[Unit]) -> list[ParameterValue]:
    found = []
    names = {"目标完成率": ("封顶", 1.1), "排名赋分": ("级差", 0.1), "扣分制": ("每次扣分", 0.5)}
    for row in rows:
        if row.method in names and d.seldom(3):
            name, value = names[row.method]
            found.append(ParameterValue(row.code, d.one(("*", units[0].group, units[0].code)), name, value))
    return found


def grades_of(d: Draw, units: Sequence[Unit]) -> list[Grade]:
    scopes = d.one((("*",), ("*",), (units[0].group, "*"), ()))
    found = []
    for scope in scopes:
        share, least = d.one((None, 0.15, 0.3, 0.5)), d.one((None, 40.0))
        found.append(Grade("优秀", scope, least, share, d.one((None, None, 2.0)) if share else None))
        if d.seldom(2):
            found.append(Grade("良好", scope, d.one((None, 20.0)) if least else None, d.one((None, 0.25))))
        found.append(Grade("合格", scope))
    return found


def typed_values(d: Draw, rows: Sequence[Indicator], units: Sequence[Unit], odd: int) -> dict[Key, str]:
    """One value each; one in ``odd`` is blank or a word."""
    return {
        (unit.code, row.code): d.one(ODD) if d.seldom(odd) else d.one(NUMBERS)
        for unit in units
        for row in rows
        if row.applies(unit)
    }


def ledger_of(d: Draw, scheme: Scheme, most: int) -> Ledger:
    """Decisions, verdicts, bonuses and vetoes about anybody and anything, some of another period."""
    when = PERIOD.code
    units = [unit.code for unit in scheme.units]
    codes = [row.code for row in scheme.indicators]
    items = [p.code for p in scheme.parts if p.kind != "计分"]
    items += [r.code for r in scheme.indicators if scheme.kind_of(r) != "计分" and not scheme.is_component(r)]

    def period() -> str:
        return "2007-Q1" if d.seldom(8) else when

    verdicts = [
        Verdict(period(), d.one(units), d.one(codes), d.one(NUMBERS), d.one(("省", "市", "")))
        for _ in range(d.some(0, most))
    ]
    adjustments = [adjustment(d, period(), d.one(units), d.one(codes)) for _ in range(d.some(0, most))]
    appeals = [
        Appeal(period(), d.one(units), d.one(codes), state=d.one(("变更", "变更", "维持")),
               item=d.one(("完成值", "得分")), value=d.one(("100", "7")))
        for _ in range(d.some(0, most // 2))
    ]  # fmt: skip
    bonuses = [
        Bonus(period(), d.one(units), d.one(items), d.one((0.5, 1.0, 1.255, 3.0, -0.5)))
        for _ in range(d.some(0, most) if items else 0)
    ]
    events = [event.code for event in scheme.veto_events]
    vetoes = [Veto(when, d.one(units), d.one(events)) for _ in range(d.some(0, 2) if events else 0)]
    return Ledger(
        verdicts=tuple(verdicts),
        adjustments=tuple(adjustments),
        bonuses=tuple(bonuses),
        vetoes=tuple(vetoes),
        appeals=tuple(appeals),
    )


def adjustment(d: Draw, period: str, unit: str, code: str) -> Adjustment:
    """One row of 人工调整, all seven kinds."""
    item = d.one(("完成值", "得分", "总分", "等次", "不适用", "不适用", "按0分", "延期"))
    values = {
        "完成值": "97",
        "得分": d.one(("4", "6.255")),
        "总分": "88.8",
        "等次": "合格",
        "延期": "2007-08-01",
    }
    whole = item in ("总分", "等次") or (item in ("按0分", "延期") and d.seldom(2))
    return Adjustment(period, unit, "" if whole else code, item, values.get(item, ""), "会议纪要")


@st.composite
def cases(draw: Any, most: int = 3, odd: int = 12) -> Case:
    """A scheme and what was typed: at most ``most`` rows per register, one odd value in ``odd``."""
    d = Draw(draw)
    parts, units = parts_of(d), units_of(d)
    rows = indicators_of(d, parts, units)
    grades = grades_of(d, units)
    scheme = Scheme(
        settings=settings_of(d, [p.code for p in parts if not p.parent and p.kind == "计分"]),
        parts=tuple(parts),
        indicators=tuple(rows),
        units=tuple(units),
        targets=tuple(targets_of(d, rows, units)),
        parameters=tuple(parameters_of(d, rows, units)),
        grades=tuple(grades),
        veto_events=EVENTS if grades else (),
    )  # fmt: skip
    filled = [row for row in rows if row.value_source == "填报"]
    assessed = [row for row in rows if row.value_source == "考评"]
    own = typed_values(d, filled, units, odd)
    late = {unit.code: d.some(1, 9) for unit in units if d.seldom()}
    return Case(scheme, PERIOD, own, typed_values(d, assessed, units, odd), ledger_of(d, scheme, most), late)


def records_of(given: Mapping[Key, str], case: Case, source: str = "") -> dict[str, dict[str, Record]]:
    """The typed values as rows of 填报数据."""
    live: dict[str, dict[str, Record]] = {}
    for (unit, code), text in given.items():
        received = DEADLINE + dt.timedelta(days=case.late.get(unit, 0))
        try:
            value = float(text)
        except ValueError:
            value = None
        live.setdefault(unit, {})[code] = Record(
            case.period.code, unit, code, "统计局" if source else "", "", f"N-{unit}", text, value,
            reason="有", measure="有", workbook=f"{unit}.xlsx", received=f"{received} 09:00:00",
            source=source,
        )  # fmt: skip
    return live


def run(case: Case, earlier: Iterable[Record] = ()) -> Assessment:
    """The product's own assessment of the case; ``earlier``: further rows of 填报数据."""
    live = records_of(case.own, case)
    assessed = records_of(case.assessed, case, "考评")
    rows = [record for held in (live, assessed) for of in held.values() for record in of.values()]
    register = {
        f"N-{unit}": IssueRecord(
            f"N-{unit}", case.period.code, unit, "", "", f"{unit}.xlsx", "2007-07-01", f"{DEADLINE}"
        )
        for unit in live
    }  # fmt: skip
    intake = Intake((*rows, *earlier), live, (), (), assessed)
    return assess(case.scheme, case.period, intake, register, (), case.ledger)


def faulty(scheme: Scheme, period: Period) -> bool:
    """Whether the checks of the scheme find an error: then nobody's result counts."""
    return any(finding.severity == ERROR for finding in check_scheme(scheme, period))
