"""Checks of where values, targets and parameters of an indicator come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kaohe import terms
from kaohe.assess.check_context import Context
from kaohe.assess.inputs import needed_parameters, parameter_default, parameter_names
from kaohe.assess.pace import curve_parameter, elapsed_share
from kaohe.findings import Finding
from kaohe.model import Indicator, Location, Unit
from kaohe.rules.methods import required_numbers

MIX = "期次"
"""How parameters of 各期 begin: 期次Q1, 期次H1, 期次Q3, 期次全年."""


def declared_counts(context: Context) -> Iterable[Finding]:
    """S08 declared number of annual indicators is not the number listed (BH9)."""
    declared = int(context.scheme.settings["年度指标数"])
    listed = sum(row.frequency == terms.ANNUAL for row in context.counted)
    if declared and declared != listed:
        place = context.whole.setting_locations.get("年度指标数", Location(sheet="方案"))
        yield Finding("S08", place, {"what": "年度指标", "declared": declared, "listed": listed})


def known_methods(context: Context) -> Iterable[Finding]:
    """S03 a method that does not exist; whatever somebody is assessed by needs one."""
    refused = {str(finding.facts["method"]) for finding in context.methods.findings if finding.code == "S04"}
    for row in context.scheme.indicators:
        if not row.method and terms.NOBODY in row.applies_to:
            continue
        if row.method not in context.methods.methods and row.method not in refused:
            near = context.methods.near(row.method)
            yield Finding("S03", row.location, {"name": row.name, "method": row.method, "near": near})


def sources(context: Context) -> Iterable[Finding]:
    """Values that cannot come about: S40 引用, S42 考评, S43 测评, S45 各期; S41 a source nobody reads."""
    voted = {row.indicator for row in context.scheme.voters if row.kind == terms.VOTERS}
    mixed = {row.indicator for row in context.scheme.parameters if row.name.startswith(MIX)}
    for row in context.scheme.indicators:
        if row.value_source == terms.SOURCE_BORROWED:
            reason = _against_source(context, row)
            if reason:
                yield Finding("S40", row.location, {"name": row.name, "reason": reason})
        elif row.value_from:
            facts = {"name": row.name, "code": row.value_from, "source": row.value_source}
            yield Finding("S41", row.location, facts)
        if row.value_source == terms.SOURCE_ASSESSED and not row.assessor:
            yield Finding("S42", row.location, {"name": row.name})
        if row.value_source == terms.SOURCE_SURVEY and not voted & {row.code, terms.EVERYONE}:
            yield Finding("S43", row.location, {"name": row.name})
        if row.value_source == terms.SOURCE_PERIODS and not mixed & {row.code, terms.EVERYONE}:
            yield Finding("S45", row.location, {"name": row.name})


def _against_source(context: Context, row: Indicator) -> str:
    """Why an indicator cannot borrow the value it asks for; ''."""
    if not row.value_from:
        return "没有填“取值来源”"
    source = context.scheme.indicator_by_code.get(row.value_from)
    if source is None:
        return f"被引用的指标“{row.value_from}”不存在,或在 {context.period.end.isoformat()} 不在用"
    if _comes_round(context, row):
        return "取值来源绕回到它自己"
    assessed = set(context.takers(source))
    without = [unit for unit in context.takers(row) if unit not in assessed]
    if without:
        return f"被引用的指标《{source.name}》不适用于{context.whom(without) or '任何单位'}"
    return ""


def _comes_round(context: Context, row: Indicator) -> bool:
    """Whether an indicator's value is made, over other indicators, from itself."""
    seen: set[str] = set()
    waiting = list(_made_from(context, row))
    while waiting:
        code = waiting.pop()
        if code == row.code:
            return True
        if code not in seen and code in context.scheme.indicator_by_code:
            seen.add(code)
            waiting += _made_from(context, context.scheme.indicator_by_code[code])
    return False


def _made_from(context: Context, row: Indicator) -> Iterator[str]:
    if row.value_source == terms.SOURCE_BORROWED:
        yield row.value_from
    yield from (component.code for component in context.scheme.components.get(row.code, ()))


def targets_and_parameters(context: Context) -> Iterable[Finding]:
    """S07 a unit without the target its method needs; S12 a parameter without value or default."""
    for row in context.scheme.indicators:
        method = context.methods.methods.get(row.method)
        units = context.takers(row)
        if method is None or not context.scheme.measured(row, context.period) or not units:
            continue
        if any("目标值" in required_numbers(rule) for rule in (method.score, method.rate, method.met)):
            yield from _without_target(context, row, units)
        for name in parameter_names(method):
            given = [context.lookup.parameter(row.code, name, unit) is not None for unit in units]
            enough = all(given) if name in needed_parameters(method) else any(given)
            if parameter_default(method, name) is None and not enough:
                facts = {"name": row.name, "method": row.method, "parameter": name}
                yield Finding("S12", row.location, facts)
        if _share(context, row) is None:
            curve = curve_parameter(context.period.month)
            yield Finding("S12", row.location, {"name": row.name, "method": row.method, "parameter": curve})


def _share(context: Context, row: Indicator) -> float | None:
    return elapsed_share(row, context.period, lambda name: context.lookup.parameter(row.code, name))


def _without_target(context: Context, row: Indicator, units: tuple[Unit, ...]) -> Iterable[Finding]:
    """One finding when none of the units has a target, else one for each unit without."""
    found = [(unit, context.lookup.target(row.code, unit.code)) for unit in units]
    without = [(unit, target) for unit, target in found if target is None or target.value is None]
    if len(without) == len(units) > 1:
        shared = without[0][1]
        whom = context.whom(units) or "所有单位"
        yield Finding("S07", shared.location if shared else row.location, {"name": row.name, "unit": whom})
        return
    for unit, target in without:
        place = target.location if target else row.location
        yield Finding("S07", place, {"name": row.name, "unit": f"“{unit.name}”"})


def useful_parameters(context: Context) -> Iterable[Finding]:
    """S16 a parameter no method of its indicators uses: a misspelt name would be passed over silently."""
    curve = {curve_parameter(month) for month in range(1, 13)}
    for value in context.scheme.parameters:
        rows = [row for row in context.scheme.indicators if value.indicator in (row.code, terms.EVERYONE)]
        methods = [
            context.methods.methods[row.method] for row in rows if row.method in context.methods.methods
        ]
        known = {name for method in methods for name in parameter_names(method)}
        if value.name in curve and value.scope != terms.EVERYONE:
            reason = "序时曲线只能对所有单位设定,请填 *"
            yield Finding("S09", value.location, {"column": "对象", "typed": value.scope, "reason": reason})
        mixed = value.name.startswith(MIX) and any(r.value_source == terms.SOURCE_PERIODS for r in rows)
        if methods and not mixed and value.name not in known | curve:
            near = "、".join(sorted(known)) or "没有"
            yield Finding(
                "S16",
                value.location,
                {"indicator": value.indicator, "parameter": value.name, "near": near},
            )
