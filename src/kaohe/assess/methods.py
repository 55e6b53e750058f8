"""The methods a scheme can use: the built-in ones and the rows of 计分方法, compiled once."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kaohe import terms
from kaohe.findings import Finding
from kaohe.model import MethodRow, Scheme
from kaohe.rules.methods import METHODS, CompiledMethod, Method, Parameter, check_method, compile_method

BUILT_IN: Mapping[str, Method] = {method.name: method for method in METHODS}
_ACCEPTS = {terms.ACCEPTS_NUMBER: "number", terms.ACCEPTS_YES_NO: "yes_no"}


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
    """Built-in methods, replaced and extended by the scheme's own rows."""
    return _book(scheme.methods)


@functools.lru_cache(maxsize=8)
def _book(rows: tuple[MethodRow, ...]) -> MethodBook:
    """Checked and compiled once for the same rows: a run asks for its book in several places."""
    compiled = dict(_built_in())
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
    return MethodBook(compiled, tuple(findings))


@functools.cache
def _built_in() -> Mapping[str, CompiledMethod]:
    """Compiled once in a process: every job asks for them several times."""
    return {name: compile_method(method) for name, method in BUILT_IN.items()}


def _rewritten(row: MethodRow, method: Method) -> Iterable[Finding]:
    built_in = BUILT_IN.get(row.name)
    if built_in and (built_in.score, built_in.rate, built_in.met) != (method.score, method.rate, method.met):
        yield Finding("S18", row.location, {"method": row.name})


def same_as_built_in(row: MethodRow) -> bool:
    """Whether a row of 计分方法 is one of the built-in methods as the product writes it there."""
    built_in = BUILT_IN.get(row.name)
    if built_in is None:
        return False
    method = as_method(row)
    defaults = tuple((p.name, p.default) for p in built_in.parameters)
    formulas = (method.score, method.rate, method.met, method.accepts)
    return row.parameters == defaults and formulas == (
        built_in.score,
        built_in.rate,
        built_in.met,
        built_in.accepts,
    )


def as_method(row: MethodRow) -> Method:
    """A row of 计分方法 as a rule method."""
    return Method(
        name=row.name,
        score=row.score,
        rate=row.rate,
        met=row.met,
        parameters=tuple(Parameter(name, default, "") for name, default in row.parameters),
        accepts="yes_no" if _ACCEPTS.get(row.accepts) == "yes_no" else "number",
        number=0,
        source=row.source,
        note=row.note,
    )
