"""The methods a scheme can use: the built-in ones and the rows of 计分方法, compiled once."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kaohe import settings as s
from kaohe import terms
from kaohe.findings import Finding
from kaohe.model import MethodRow, Scheme
from kaohe.rules.method import Accepts
from kaohe.rules.methods import (
    METHODS,
    OWN_VALUE,
    CompiledMethod,
    Method,
    Parameter,
    check_method,
    compile_method,
)
from kaohe.values.rounding import round_half_away

BUILT_IN: Mapping[str, Method] = {method.name: method for method in METHODS}
_ACCEPTS: Mapping[str, Accepts] = {
    terms.ACCEPTS_NUMBER: "number",
    terms.ACCEPTS_YES_NO: "yes_no",
    terms.ACCEPTS_GRADE: "grade",
}
ACCEPTS_WORD: Mapping[Accepts, str] = {accepts: word for word, accepts in _ACCEPTS.items()}
"""What a method accepts → 填写类型 as it stands in 计分方法."""
Settings = Mapping[str, str | float]


def _chosen(**numbers: float) -> Callable[[str | float], float | None]:
    return lambda choice: numbers.get(str(choice))


_NUMBERS: Mapping[str, Callable[[str | float], float | None]] = {
    "超额封顶": lambda choice: s.OVER_CAPS.get(str(choice)),
    "序时容差": lambda percent: float(round_half_away(float(percent) / 100, 12)),
    "逆向完成率": lambda choice: {s.LOWER_DIFFERENCE: 0.0, s.LOWER_RATIO: 1.0}.get(str(choice)),
    "正向目标为0": _chosen(**{s.ZERO_TARGET_ERROR: 0.0, s.ZERO_TARGET_MET: 1.0}),
    "组内相同": _chosen(**{s.ALL_EQUAL_FULL: 1.0, s.ALL_EQUAL_BASE: 0.0}),
    "上年值非正": _chosen(**{s.PRIOR_ERROR: 0.0, s.PRIOR_LEVEL_ONLY: 1.0}),
}
"""Setting of 方案 → the number it stands for as a parameter of a method."""


def setting_number(name: str, settings: Settings) -> float | None:
    """The number a setting gives the parameters that follow it; None for any other name."""
    read = _NUMBERS.get(name)
    return None if read is None else read(settings.get(name, s.DEFAULTS[name]))


@dataclass(frozen=True, slots=True)
class MethodBook:
    """Compiled methods by name, and findings about the ones that were refused."""

    methods: Mapping[str, CompiledMethod]
    findings: tuple[Finding, ...]

    def near(self, name: str) -> str:
        """Names close to one that does not exist, for the remedy of a finding."""
        close = difflib.get_close_matches(name, self.methods, n=3, cutoff=0.3)
        return "、".join(close or list(self.methods)[:3])


def method_book(scheme: Scheme) -> MethodBook:
    """Built-in methods under the scheme's settings, replaced and extended by the scheme's own rows."""
    followed = tuple(sorted((name, scheme.settings.get(name, s.DEFAULTS[name])) for name in _NUMBERS))
    return _book(scheme.methods, followed)


@functools.lru_cache(maxsize=8)
def _book(rows: tuple[MethodRow, ...], followed: tuple[tuple[str, str | float], ...]) -> MethodBook:
    """Checked and compiled once for the same rows: a run asks for its book in several places."""
    settings = dict(followed)
    compiled = {
        name: replace(method, method=with_defaults(method.method, settings))
        for name, method in _built_in().items()
    }
    findings: list[Finding] = []
    for row in rows:
        method = as_method(row)
        refused = check_method(method)
        findings += [
            Finding("S04", row.location, {"method": row.name, "column": column, "reason": str(error)})
            for column, error in refused
        ]
        findings += _rewritten(row, method)
        if not refused:
            compiled[row.name] = compile_method(method)
    return MethodBook(MappingProxyType(compiled), tuple(findings))


@functools.cache
def _built_in() -> Mapping[str, CompiledMethod]:
    """Compiled once in a process: every job asks for them several times."""
    return {name: compile_method(method) for name, method in BUILT_IN.items()}


def with_defaults(method: Method, settings: Settings) -> Method:
    """The method with the defaults that its parameters take from the settings of 方案."""
    return replace(
        method,
        parameters=tuple(
            replace(parameter, default=setting_number(parameter.setting, settings))
            if parameter.setting
            else parameter
            for parameter in method.parameters
        ),
    )


def _rewritten(row: MethodRow, method: Method) -> Iterable[Finding]:
    built_in = BUILT_IN.get(row.name)
    if built_in and _formulas(built_in) != _formulas(method):
        yield Finding("S18", row.location, {"method": row.name})


def _formulas(method: Method) -> tuple[str, ...]:
    return method.score, method.rate, method.met, method.measure


def same_as_built_in(row: MethodRow, settings: Settings = s.DEFAULTS) -> bool:
    """Whether a row of 计分方法 comes to one of the built-in methods under these settings."""
    built_in = BUILT_IN.get(row.name)
    if built_in is None:
        return False
    method = as_method(row)
    defaults = tuple((p.name, p.default) for p in with_defaults(built_in, settings).parameters)
    same = (_formulas(method), method.accepts) == (_formulas(built_in), built_in.accepts)
    return same and row.parameters == defaults


def as_method(row: MethodRow) -> Method:
    """A row of 计分方法 as a rule method."""
    return Method(
        name=row.name,
        score=row.score,
        rate=row.rate,
        met=row.met,
        parameters=tuple(Parameter(name, default, "") for name, default in row.parameters),
        accepts=_ACCEPTS.get(row.accepts, "number"),
        number=0,
        source=row.source,
        note=row.note,
        measure=row.measure or OWN_VALUE,
    )
