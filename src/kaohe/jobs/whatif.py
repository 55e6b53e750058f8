"""`kaohe whatif`: other weights, methods, settings, caps tried on a period, and how firm the ranks are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from kaohe.assess.assessment import Assessment
from kaohe.assess.whatif import Firmness, Move, firmness, moves
from kaohe.assess.whatif_change import Trial, Wanted, tried
from kaohe.assess.whatif_ranks import bound_by_hand, ranks_under
from kaohe.assess.whatif_reweigh import CannotTryError
from kaohe.findings import ERROR
from kaohe.jobs.common import JobError, Progress, silent, without_collector
from kaohe.jobs.consolidate import assess_returns
from kaohe.jobs.decide_lock import way_of
from kaohe.jobs.master import Master
from kaohe.jobs.settled import reckoned, refuse_not_shown, settled_period
from kaohe.jobs.store import Store, as_store
from kaohe.jobs.words import the_one
from kaohe.model import Indicator, Part, Period, Scheme, Unit

DRAWS, SPREAD, SEED = 5000, 0.1, 1
MOST_DRAWS = 100_000
_PAIR = re.compile(r"[=\uff1d]")
_ANOTHER = "Y01"
"""The finding that keeps a unit provisional as 排名 shows it."""
Value = TypeVar("Value")


@dataclass(frozen=True)
class Asked:
    """What is to be tried, as typed: 指标=数, 指标=方法, 设置=值, 部分=数."""

    weights: Sequence[str] = ()
    methods: Sequence[str] = ()
    settings: Sequence[str] = ()
    caps: Sequence[str] = ()


NOTHING = Asked()


@dataclass(frozen=True)
class WhatIf:
    """A trial beside what is: ``units`` are those asked for, all when empty."""

    before: Assessment
    after: Assessment
    trial: Trial
    moves: tuple[Move, ...]
    firmness: Firmness
    notes: tuple[str, ...] = ()
    units: frozenset[str] = field(default_factory=frozenset)

    @property
    def period(self) -> Period:
        """The period that was tried."""
        return self.after.scores.period

    def shows(self, unit: Unit) -> bool:
        """Whether the unit is among those asked for."""
        return not self.units or unit.code in self.units


@without_collector()
def whatif(
    master: Path | Store,
    asked: Asked = NOTHING,
    *,
    draws: int = DRAWS,
    spread: float = SPREAD,
    seed: int = SEED,
    period_code: str | None = None,
    units: Sequence[str] = (),
    progress: Progress = silent,
) -> WhatIf:
    """Try what is ``asked`` on a consolidated period; the master is only read.

    Then ``draws`` sets of weights, each weight within ± ``spread`` (a ratio), tell which ranks of the trial
    hold. Without ``period_code`` the period consolidated last. Raises JobError for wrong use.
    """
    if not 0 <= draws <= MOST_DRAWS or not 0 < spread <= 0.9:
        raise JobError(f"--draws 应为 0 到 {MOST_DRAWS},--spread 应大于 0、不超过 90%。")
    book = as_store(master).read()
    period = settled_period(book, period_code)
    lock = way_of(book, period)[1]
    before, book = reckoned(book, period, lock)
    notes = []
    try:
        refuse_not_shown(book, before, lock)
    except JobError as error:
        notes.append(f"试算以总表现有的内容为准。{error}")
    scheme = before.scores.scheme
    wanted = _wanted(scheme, asked)
    progress("试算", 0, 2)
    trial = _tried(book.scheme, period, wanted, before)
    after = before if wanted.nothing else _assessed(book, trial.scheme, before)
    progress("试算", 1, 2)
    _expect_same(after)
    found = firmness(after, draws, spread, seed)
    progress("试算", 2, 2)
    notes += [*_notes(before, after, wanted), *_about_draws(after, found, draws)]
    shown = frozenset(the_one(before.scores.units, word, "《单位》《人员》").code for word in units)
    return WhatIf(before, after, trial, moves(before, after), found, tuple(notes), shown)


def _tried(whole: Scheme, period: Period, wanted: Wanted, before: Assessment) -> Trial:
    held: Collection[str] = bound_by_hand(before, SPREAD) if wanted.weights else ()
    try:
        return tried(whole, period, wanted, held)
    except CannotTryError as error:
        raise JobError(str(error)) from None


def _assessed(book: Master, scheme: Scheme, before: Assessment) -> Assessment:
    """The period anew under the trial's scheme; who is kept provisional stays so."""
    kept = [finding for finding in before.findings if finding.code == _ANOTHER]
    return assess_returns(replace(book, scheme=scheme), before.scores.period, (), kept)


def _expect_same(assessment: Assessment) -> None:
    """The fast way and the engine must agree on the weights as they are before any are drawn."""
    ranks = ranks_under(assessment, {}, 1)[0].tolist()
    known = {row.unit.code: row.rank or 0 for row in assessment.standings}
    if ranks != [known[unit.code] for unit in assessment.scores.units]:
        raise JobError("试算的名次与汇总的算法对不上,没有给出结果。请把总表和所用的参数发给维护人员。")


def _wanted(scheme: Scheme, asked: Asked) -> Wanted:
    nodes: tuple[Part | Indicator, ...] = (*scheme.parts, *scheme.indicators)

    def code(word: str) -> str:
        return the_one(nodes, word, "《部分》《指标》").code

    def indicator(word: str) -> str:
        return the_one(scheme.indicators, word, "《指标》").code

    return Wanted(
        weights=_pairs("--weight", asked.weights, code, _number),
        methods=_pairs("--method", asked.methods, indicator, str.strip),
        settings=_pairs("--set", asked.settings, str.strip, str.strip),
        caps=_pairs("--cap", asked.caps, code, _number),
    )


def _pairs(
    option: str, texts: Sequence[str], name: Callable[[str], str], value: Callable[[str], Value]
) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    for text in texts:
        left, *right = _PAIR.split(text, maxsplit=1)
        if not right or not left.strip():
            raise JobError(f"{option} 应写成 名称=值,不能是“{text}”。")
        key = name(left.strip())
        if key in found:
            raise JobError(f"{option} 写了两次“{left.strip()}”,请只写一次。")
        found[key] = value(right[0])
    return found


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1e6:
        raise JobError(f"“{text.strip()}”应为不小于 0 的数。")
    return number


def _notes(before: Assessment, after: Assessment, wanted: Wanted) -> list[str]:
    """What a reader of the trial has to know."""
    found = []
    waiting = sum(row.rank is None for row in before.standings)
    if waiting:
        found.append(f"总表有 {waiting} 个单位的结果暂定或本期不考核,没有名次,不在试算之列。")
    known = {finding.message for finding in before.findings}
    new = [f for f in after.findings if f.severity == ERROR and f.message not in known]
    if new:
        more = f"等 {len(new)} 项" if len(new) > 1 else ""
        found.append(f"按试算的方案会有错误,有关单位没有名次:{new[0].message}{more}")
    found += _other_sums(before, after) if wanted.weights else ()
    bound = bound_by_hand(before, SPREAD) & wanted.weights.keys()
    if bound:
        names = _named(before, bound)
        found.append(f"{names}由人按满分打分,试算没有改动已打的分;权重真要改,须重新打分。")
    return found


def _other_sums(before: Assessment, after: Assessment) -> list[str]:
    """Whose full marks as a whole are other than before: nothing beside what was named could give way."""
    known = {row.unit.code: row.measured_weight for row in before.standings}
    other = [row for row in after.standings if row.measured_weight != known[row.unit.code]]
    if not other:
        return []
    first = other[0]
    told = f"{first.unit.name}由 {known[first.unit.code]:g} 分变为 {first.measured_weight:g} 分"
    return [
        f"写明的权重没有同级的指标可让,{len(other)} 个单位的权重合计变了(如{told}):总分不能与原来直接相比。"
        "要合计不变,请把要减的权重也用 --weight 写明。"
    ]


def _about_draws(after: Assessment, found: Firmness, draws: int) -> list[str]:
    if draws and found.draws is None:
        return ["没有可以互相调整的权重(每个上级下面只有一个,或由人打分),名次是否稳固没有试。"]
    held = found.draws.held if found.draws else ()
    if not held:
        return []
    return [f"{_named(after, frozenset(held))}由人按满分打分,得分不随权重变,试权重时不动。"]


def _named(assessment: Assessment, codes: frozenset[str]) -> str:
    rows = assessment.scores.results
    return "、".join(f"{code}《{rows[code].indicator.name}》" for code in rows if code in codes)
