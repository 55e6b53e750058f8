"""Drafts of parts and indicators → the scheme's tables, and what somebody has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kaohe import terms
from kaohe.findings import Finding
from kaohe.jobs import paste_headings as role
from kaohe.jobs.paste_drafts import Draft, Drafts
from kaohe.jobs.paste_settings import PENDING, everybody_alike, pending_of, scheme_rows, sets_differ
from kaohe.jobs.paste_words import (
    Deduction,
    as_shares,
    cap_of,
    deduction_of,
    names_of_units,
    number_of,
    points_of,
    surveyed,
    with_measures,
)
from kaohe.model import Location
from kaohe.rules.methods import METHODS
from kaohe.sheets.scheme_tables import FIRST_ROW
from kaohe.tables import BY_KEY, Row, Scalar, Table, plain
from kaohe.values.typed import Typed, read_typed
from kaohe.workbooks.grid import column_letter

METHOD_NAMES = frozenset(method.name for method in METHODS)
DEDUCTIONS, DEDUCTIONS_EACH = "扣分制", "每次扣分"
"""The method that takes so many points for each occurrence, and its parameter."""
_FREQUENCIES = {
    "每月": "月度",
    "月": "月度",
    "每季": "季度",
    "季": "季度",
    "每季度": "季度",
    "半年度": "半年",
    "年": "年度",
    "全年": "年度",
}
_BONUS, _DEDUCTION, _VETO = ("加分", "奖励分"), ("扣分", "减分", "倒扣"), ("一票否决", "否决")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class Made:
    """The tables in the making."""

    workbook: str
    parts: dict[tuple[str, ...], dict[str, Scalar]] = field(default_factory=dict)
    indicators: list[dict[str, Scalar]] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    """Name → code."""
    targets: list[dict[str, Scalar]] = field(default_factory=list)
    parameters: list[dict[str, Scalar]] = field(default_factory=list)
    vetoes: list[dict[str, Scalar]] = field(default_factory=list)
    everybody: str = ""
    """The 责任单位 of the whole table that names nobody (各单位); it stands once, in 方案."""
    extra: dict[str, str] = field(default_factory=dict)
    """Title in the office's table → heading in ours."""
    findings: list[Finding] = field(default_factory=list)
    pending: dict[int, list[str]] = field(default_factory=dict)
    """Row of 指标 (from 0) → what is provisional in it."""

    def at(self, table: str, key: str, row: int) -> Location:
        """The cell of the new master in the ``row``-th row (from 0) of a table."""
        keys = [column.key for column in BY_KEY[table].columns]
        letter = column_letter(keys.index(key) + 1)
        return Location(self.workbook, BY_KEY[table].title, f"{letter}{FIRST_ROW + row}")

    def ask(self, code: str, key: str, at: int, facts: Mapping[str, object]) -> None:
        """A finding at a cell of the indicator in row ``at``; the master keeps it in its column 粘贴待办."""
        finding = Finding(code, self.at("indicator", key, at), facts)
        self.findings.append(finding)
        self.pending.setdefault(at, []).append(pending_of(finding))


def make_tables(drafts: Drafts, workbook: str) -> tuple[dict[str, Table], tuple[Finding, ...]]:
    """The scheme's tables as they will stand in the master ``workbook``, and findings by cell of it."""
    made = Made(workbook, everybody=everybody_alike(drafts))
    drafts = replace(drafts, indicators=list(with_measures(drafts.indicators)))
    share = as_shares([draft.text(role.WEIGHT) for draft in drafts.indicators])
    for draft in drafts.indicators:
        if any(word in "".join(draft.path) for word in _VETO) and not draft.text(role.WEIGHT):
            _veto(made, draft)
        else:
            _indicator(made, draft, drafts, share)
    differ = sets_differ(drafts, [str(row.get("applies_to", "")) for row in made.indicators])
    if differ:
        for part in made.parts.values():
            if part["kind"] == terms.PART_SCORED and "weight" in part:
                part["note"] = f"原表满分:{part.pop('weight'):g}"
    _uncapped(made)
    made.findings.append(Finding("S57", made.at("unit", "name", 0), {"count": len(made.units)}))
    for title, heading in made.extra.items():
        if title != "序号":
            made.findings.append(Finding("S54", Location(workbook, "指标", ""), {"title": heading}))
    return _tables(made, drafts, share, differ), tuple(made.findings)


def _uncapped(made: Made) -> None:
    """S58 parts outside 权重合计 without a 满分, which is their cap."""
    for at, part in enumerate(made.parts.values()):
        if part["kind"] != terms.PART_SCORED and "parent" not in part and "weight" not in part:
            facts = {"name": part["name"], "kind": part["kind"]}
            made.findings.append(Finding("S58", made.at("part", "weight", at), facts))


def _scored_weights(made: Made) -> list[Scalar]:
    """Weights of the indicators that count towards 权重合计."""
    scored = {part["code"] for part in made.parts.values() if part["kind"] == terms.PART_SCORED}
    return [row.get("weight") for row in made.indicators if row["parent"] in scored]


def _tables(made: Made, drafts: Drafts, share: bool, differ: bool) -> dict[str, Table]:
    units: list[dict[str, Scalar]] = [{"code": code, "name": name} for name, code in made.units.items()]
    indicators = [
        {**row, PENDING: "\n".join(made.pending[at])} if at in made.pending else row
        for at, row in enumerate(made.indicators)
    ]
    rows: dict[str, Sequence[dict[str, Scalar]]] = {
        "scheme": scheme_rows(drafts, share, differ, _scored_weights(made), made.findings),
        "part": list(made.parts.values()),
        "indicator": indicators,
        "unit": units,
        "target": made.targets,
        "parameter": made.parameters,
        "veto_event": made.vetoes,
    }
    extra = (*made.extra.values(), *([PENDING] if made.pending else []))
    return {
        key: Table(
            key,
            tuple(Row(number, values) for number, values in enumerate(given, start=FIRST_ROW)),
            extra=extra if key == "indicator" else (),
        )
        for key, given in rows.items()
        if given or BY_KEY[key].required
    }


def _part(made: Made, path: tuple[str, ...], drafts: Drafts, share: bool) -> str:
    """The code of a part; it and those above it are made when they are first met."""
    if not path:
        path = ("考核指标",)
    if path in made.parts:
        return str(made.parts[path]["code"])
    parent = _part(made, path[:-1], drafts, share) if len(path) > 1 else ""
    beside = sum(len(other) == len(path) and other[:-1] == path[:-1] for other in made.parts)
    code = f"{parent}-{beside + 1}" if parent else _letter(beside)
    kind = _kind(path)
    declared = drafts.part_weights.get(path, "")
    weight = number_of(declared, share)
    note = f"原表满分:{declared}" if declared and weight is None else None
    if weight is None and kind != terms.PART_SCORED:
        weight = cap_of(declared) or cap_of(path[-1])
    if weight is None:
        weight = points_of(path[-1])
    name = path[-1]
    values: dict[str, Scalar] = {"code": code, "name": name, "parent": parent or None, "weight": weight}
    values["note"] = note
    values["kind"] = kind
    made.parts[path] = {key: value for key, value in values.items() if value is not None}
    return code


def _kind(path: Iterable[str]) -> str:
    top = next(iter(path))
    if any(word in top for word in _BONUS):
        return terms.PART_BONUS
    return terms.PART_DEDUCTION if any(word in top for word in _DEDUCTION) else terms.PART_SCORED


def _letter(index: int) -> str:
    return _LETTERS[index] if index < len(_LETTERS) else f"P{index + 1}"


def _indicator(made: Made, draft: Draft, drafts: Drafts, share: bool) -> None:
    part = _part(made, draft.path, drafts, share)
    number = sum(row["parent"] == part for row in made.indicators) + 1
    code = f"{part}{number:02}" if "-" not in part else f"{part}-{number:02}"
    at = len(made.indicators)
    targets = _targets(made, draft, code, at)
    scored = made.parts[draft.path or ("考核指标",)]["kind"] == terms.PART_SCORED
    asked = scored and surveyed(draft)
    each = None if asked or targets or not scored else deduction_of(draft.text(role.CRITERIA))
    direction = terms.LOWER_BETTER if each and not draft.text(role.DIRECTION) else _direction(draft)
    method = _method(draft, direction, bool(targets), each, asked)
    by_count = each if method == DEDUCTIONS else None
    measure = draft.text(role.MEASURE) or next((unit for *_, unit in targets if unit), "")
    values: dict[str, Scalar] = {
        "code": code,
        "parent": part,
        "name": draft.name,
        "unit_of_measure": measure or (by_count.measure if by_count else ""),
        "direction": direction,
        "weight": _weight(made, draft, at, share, scored),
        "method": method,
        "frequency": _frequency(draft),
        "value_source": terms.SOURCE_SURVEY if asked else _source(draft, targets),
        "applies_to": _applies(made, draft),
        "assessor": draft.text(role.ASSESSOR),
        "lead_department": "\n".join(filter(None, (draft.text(role.LEAD), _named(draft)))),
        "monitor_department": draft.text(role.MONITOR),
        "definition": _definition(made, draft, direction, share),
        "clause": draft.text(role.CLAUSE),
        **_own(made, draft),
    }
    made.indicators.append({key: value for key, value in values.items() if value not in (None, "")})
    if method != draft.text(role.METHOD):
        made.ask("S52", "method", at, {"name": draft.name, "method": method})
    if asked:
        made.ask("S59", "value_source", at, {"name": draft.name})
    if by_count:
        made.parameters.append(_each_row(code, by_count))


def _each_row(code: str, each: Deduction) -> dict[str, Scalar]:
    """参数 每次扣分 of an indicator, with the words it was read from."""
    row: dict[str, Scalar] = {"indicator": code, "scope": terms.EVERYONE, "name": DEDUCTIONS_EACH}
    return row | {"value": each.points, "note": f"原表:{each.phrase}"}


def _named(draft: Draft) -> str:
    """责任单位 as typed where it names somebody; “各单位” is nobody's department."""
    typed = draft.text(role.UNITS)
    return typed if names_of_units(typed) else ""


def _own(made: Made, draft: Draft) -> dict[str, Scalar]:
    """The office's own columns, under headings that are not ours."""
    ours = {PENDING, *(plain(column.title) for column in BY_KEY["indicator"].columns)}
    found: dict[str, Scalar] = {}
    for title, text in draft.own.items():
        flat = "".join(title.split())
        heading = f"{flat}(原表)" if plain(flat) in ours else flat
        found[made.extra.setdefault(title, heading)] = text
    return found


def _weight(made: Made, draft: Draft, at: int, share: bool, scored: bool) -> float | None:
    text = draft.text(role.WEIGHT)
    weight = number_of(text, share)
    if weight is None and not scored:
        weight = cap_of(text)
    if weight is None and text:
        made.ask("S53", "weight", at, {"name": draft.name, "typed": text})
    return weight


def _targets(made: Made, draft: Draft, code: str, at: int) -> list[tuple[str, float, str]]:
    """Rows of 目标 of an indicator; returns (units, target, unit of measure) of those that are numbers."""
    found = []
    priors = {units: text for units, text, _ in draft.priors}
    for units, text, level in draft.targets or [(units, "", "") for units in priors]:
        value, measure = _quantity(text, draft.text(role.MEASURE))
        prior, _ = _quantity(priors.get(units, ""), draft.text(role.MEASURE))
        if value is None and text:
            made.ask("S55", "definition", at, {"name": draft.name, "typed": text})
        elif value is not None:
            found.append((units, value, measure))
        if value is None and prior is None:
            continue
        basis = f"原表:{text}" if text and str(read_typed(text).number) != text else ""
        for unit in _codes(made, units) or [terms.EVERYONE]:
            row: dict[str, Scalar] = {"indicator": code, "unit": unit, "value": value, "prior": prior}
            row |= {"level": level, "basis": basis}
            made.targets.append({key: cell for key, cell in row.items() if cell not in (None, "")})
    return found


def _quantity(text: str, measure: str) -> tuple[float | None, str]:
    """(number in its unit of measure, that unit); an approximate figure is none."""
    typed: Typed = read_typed(text, unit_of_measure=measure)
    if typed.number is None and measure:
        typed = read_typed(text)
    if typed.number is not None and typed.unit and not measure:
        typed = read_typed(text, unit_of_measure=typed.unit)
    if typed.number is None or typed.approximate:
        return None, ""
    return typed.number, typed.unit


def _direction(draft: Draft) -> str:
    declared = draft.text(role.DIRECTION)
    if declared in terms.DIRECTIONS:
        return declared
    falling = any(read_typed(text).relation in ("≤", "<") for _, text, _ in draft.targets)
    return terms.LOWER_BETTER if falling else terms.HIGHER_BETTER


def _method(draft: Draft, direction: str, has_target: bool, each: Deduction | None, asked: bool) -> str:
    """The method named, or one that suits until the office has chosen."""
    named = draft.text(role.METHOD)
    if named in METHOD_NAMES:
        return named
    if not has_target:
        return DEDUCTIONS if each else "比例计分" if asked else "评定分"
    return "目标完成率逆向" if direction == terms.LOWER_BETTER else "目标完成率"


def _source(draft: Draft, targets: Sequence[object]) -> str:
    """Without a target somebody gives a mark: the department, where one is named."""
    return terms.SOURCE_ASSESSED if not targets and draft.text(role.ASSESSOR) else terms.SOURCE_ENTERED


def _frequency(draft: Draft) -> str:
    typed = draft.text(role.FREQUENCY)
    return typed if typed in terms.FREQUENCY_MONTHS else _FREQUENCIES.get(typed, "")


def _definition(made: Made, draft: Draft, direction: str, share: bool) -> str:
    """口径, with everything of the row that has no column of its own."""
    lines = [draft.text(what) for what in (role.DEFINITION, role.CONTENT, role.CRITERIA)]
    method, frequency, kind = (draft.text(what) for what in (role.METHOD, role.FREQUENCY, role.DIRECTION))
    lines += [f"权重:{text}" for text in draft.texts.get(role.WEIGHT, []) if number_of(text, share) is None]
    lines += [f"计分方法:{method}"] if method not in METHOD_NAMES and method else []
    lines += [f"频次:{frequency}"] if frequency != _frequency(draft) else []
    lines += [f"指标性质:{kind}"] if kind and kind != direction else []
    lines += [
        f"目标{f'({units})' if units else ''}:{text}"
        for units, text, _ in draft.targets
        if _quantity(text, draft.text(role.MEASURE))[0] is None
    ]
    lines += [
        f"上年{f'({units})' if units else ''}:{text}"
        for units, text, _ in draft.priors
        if str(read_typed(text).number) != text
    ]
    whom = draft.text(role.UNITS)
    lines += [f"责任单位:{whom}"] if whom and not _named(draft) and whom != made.everybody else []
    return "\n".join(line for line in lines if line)


def _applies(made: Made, draft: Draft) -> str:
    """The codes of the units named; blank when it is everybody's."""
    typed = draft.text(role.UNITS)
    codes = _codes(made, typed)
    per_unit = [code for units, *_ in draft.targets for code in _codes(made, units)]
    return "、".join(dict.fromkeys([*codes, *per_unit]))


def _codes(made: Made, text: str) -> list[str]:
    """Codes of the units in a cell; units met for the first time get one. [] for everybody."""
    return [made.units.setdefault(name, f"U{len(made.units) + 1:02}") for name in names_of_units(text)]


def _veto(made: Made, draft: Draft) -> None:
    """A row below 一票否决 without weight is an event, not an indicator."""
    texts = [text for what in draft.texts for text in draft.texts[what]]
    own = [f"{title}:{text}" for title, text in draft.own.items()]
    note = "\n".join((" / ".join(draft.path), *texts, *own, *(text for _, text, _ in draft.targets)))
    code = f"V{len(made.vetoes) + 1}"
    made.vetoes.append({"code": code, "name": draft.name, "consequence": terms.VETO_BARS, "note": note})
