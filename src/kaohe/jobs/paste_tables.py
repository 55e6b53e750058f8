"""Drafts of parts and indicators → the scheme's tables, and what somebody has to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kaohe import terms
from kaohe.findings import Finding
from kaohe.jobs import paste_headings as role
from kaohe.jobs.paste_drafts import Draft, Drafts
from kaohe.model import Location
from kaohe.rules.methods import METHODS
from kaohe.settings import RANK_BY_RATE
from kaohe.sheets.scheme_tables import FIRST_ROW
from kaohe.tables import BY_KEY, Row, Scalar, Table, plain
from kaohe.values.rounding import round_half_away
from kaohe.values.typed import Typed, read_typed
from kaohe.workbooks.grid import column_letter

METHOD_NAMES = frozenset(method.name for method in METHODS)
_SEPARATORS = re.compile(r"[、,\uff0c;\uff1b/\n\s]+")
_REMARK = re.compile(r"[(\uff08][^)\uff09]*[)\uff09]")
_EVERYBODY = re.compile(
    r"^(各|全市|全县|全区|全体|所有|相关|有关).*(单位|部门|区|县|市|局|委|办|镇|街道|乡|地|级)$"
)
_KIND_OF_UNIT = re.compile(r"^(镇|街道|乡|乡镇|县|市|区|县区|部门|单位|园区|开发区|科室)$")
_POINTS = re.compile(r"(?:[(\uff08]|共|满分|计)\s*(\d+(?:\.\d+)?)\s*分")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
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
    vetoes: list[dict[str, Scalar]] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    """Title in the office's table → heading in ours."""
    findings: list[Finding] = field(default_factory=list)

    def at(self, table: str, key: str, row: int) -> Location:
        """The cell of the new master in the ``row``-th row (from 0) of a table."""
        keys = [column.key for column in BY_KEY[table].columns]
        letter = column_letter(keys.index(key) + 1)
        return Location(self.workbook, BY_KEY[table].title, f"{letter}{FIRST_ROW + row}")


def make_tables(drafts: Drafts, workbook: str) -> tuple[dict[str, Table], tuple[Finding, ...]]:
    """The scheme's tables as they will stand in the master ``workbook``, and findings by cell of it."""
    made = Made(workbook)
    share = _as_shares([draft.text(role.WEIGHT) for draft in drafts.indicators])
    for draft in drafts.indicators:
        if any(word in "".join(draft.path) for word in _VETO) and not draft.text(role.WEIGHT):
            _veto(made, draft)
        else:
            _indicator(made, draft, drafts, share)
    if _differ(made):
        for part in made.parts.values():
            if part["kind"] == terms.PART_SCORED and "weight" in part:
                part["note"] = f"原表满分:{part.pop('weight'):g}"
    made.findings.append(Finding("S57", made.at("unit", "name", 0), {"count": len(made.units)}))
    for title, heading in made.extra.items():
        if title != "序号":
            made.findings.append(Finding("S54", Location(workbook, "指标", ""), {"title": heading}))
    return _tables(made, drafts, share), tuple(made.findings)


def _differ(made: Made) -> bool:
    """Whether units are assessed by different indicators: totals and parts then differ, too."""
    return len({row.get("applies_to") for row in made.indicators}) > 1


def _tables(made: Made, drafts: Drafts, share: bool) -> dict[str, Table]:
    units: list[dict[str, Scalar]] = [{"code": code, "name": name} for name, code in made.units.items()]
    rows: dict[str, Sequence[dict[str, Scalar]]] = {
        "scheme": _settings(made, drafts, share),
        "part": list(made.parts.values()),
        "indicator": made.indicators,
        "unit": units,
        "target": made.targets,
        "veto_event": made.vetoes,
    }
    extra = tuple(made.extra.values())
    return {
        key: Table(
            key,
            tuple(Row(number, values) for number, values in enumerate(given, start=FIRST_ROW)),
            extra=extra if key == "indicator" else (),
        )
        for key, given in rows.items()
        if given or BY_KEY[key].required
    }


def _settings(made: Made, drafts: Drafts, share: bool) -> list[dict[str, Scalar]]:
    """The scheme's name, year and total, and every remark of the table."""
    year = _YEAR.search(" ".join((drafts.title, *drafts.notes)))
    total = _number(drafts.total, share)
    found: list[dict[str, Scalar]] = [
        {"name": "方案名称", "value": drafts.title or None, "note": "\n".join(drafts.notes) or None},
        {"name": "考核年度", "value": float(year[1]) if year else None},
    ]
    if _differ(made):
        why = "各单位的指标不同,权重合计不作要求" + (f";原表合计:{drafts.total}" if drafts.total else "")
        found.append({"name": "权重合计", "value": 0.0, "note": why})
        found.append({"name": "排名依据", "value": RANK_BY_RATE, "note": "各单位的指标不同,按得分率排名"})
    elif total is not None:
        found.append({"name": "权重合计", "value": total, "note": f"原表合计:{drafts.total}"})
    return [{key: value for key, value in row.items() if value is not None} for row in found]


def _part(made: Made, path: tuple[str, ...], drafts: Drafts, share: bool) -> str:
    """The code of a part; it and those above it are made when they are first met."""
    if not path:
        path = ("考核指标",)
    if path in made.parts:
        return str(made.parts[path]["code"])
    parent = _part(made, path[:-1], drafts, share) if len(path) > 1 else ""
    beside = sum(len(other) == len(path) and other[:-1] == path[:-1] for other in made.parts)
    code = f"{parent}-{beside + 1}" if parent else _letter(beside)
    points = _POINTS.search(path[-1])
    declared = drafts.part_weights.get(path, "")
    weight = _number(declared, share)
    note = f"原表满分:{declared}" if declared and weight is None else None
    if weight is None and points:
        weight = float(points[1])
    name = path[-1]
    values: dict[str, Scalar] = {"code": code, "name": name, "parent": parent or None, "weight": weight}
    values["note"] = note
    values["kind"] = _kind(path)
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
    measure = draft.text(role.MEASURE) or next((unit for *_, unit in targets if unit), "")
    direction = _direction(draft)
    method = _method(draft, direction, bool(targets))
    values: dict[str, Scalar] = {
        "code": code,
        "parent": part,
        "name": draft.name,
        "unit_of_measure": measure,
        "direction": direction,
        "weight": _weight(made, draft, at, share),
        "method": method,
        "frequency": _frequency(draft),
        "value_source": _source(draft, targets),
        "applies_to": _applies(made, draft),
        "assessor": draft.text(role.ASSESSOR),
        "lead_department": "\n".join(filter(None, (draft.text(role.LEAD), draft.text(role.UNITS)))),
        "monitor_department": draft.text(role.MONITOR),
        "definition": _definition(draft, direction, share),
        "clause": draft.text(role.CLAUSE),
        **_own(made, draft),
    }
    made.indicators.append({key: value for key, value in values.items() if value not in (None, "")})
    if method != draft.text(role.METHOD):
        place = made.at("indicator", "method", at)
        made.findings.append(Finding("S52", place, {"name": draft.name, "method": method}))


def _own(made: Made, draft: Draft) -> dict[str, Scalar]:
    """The office's own columns, under headings that are not ours."""
    ours = {plain(column.title) for column in BY_KEY["indicator"].columns}
    found: dict[str, Scalar] = {}
    for title, text in draft.own.items():
        flat = "".join(title.split())
        heading = f"{flat}(原表)" if plain(flat) in ours else flat
        found[made.extra.setdefault(title, heading)] = text
    return found


def _weight(made: Made, draft: Draft, at: int, share: bool) -> float | None:
    text = draft.text(role.WEIGHT)
    weight = _number(text, share)
    if weight is None and text:
        place = made.at("indicator", "weight", at)
        made.findings.append(Finding("S53", place, {"name": draft.name, "typed": text}))
    return weight


def _number(text: str, share: bool) -> float | None:
    """10, 10分, 10% → 10; 0.1 → 10 where the weights are shares of 1."""
    typed = read_typed(text)
    if typed.number is None or typed.unit not in ("", "分", "%"):
        return None
    factor = 100 if share and typed.unit == "" else 1
    return float(round_half_away(abs(typed.number) * factor, 6))


def _as_shares(texts: Iterable[str]) -> bool:
    """Whether the weights are shares that add up to 1."""
    numbers = [
        typed.number for text in texts if (typed := read_typed(text)).number is not None and not typed.unit
    ]
    return bool(numbers) and float(round_half_away(sum(n for n in numbers if n is not None), 6)) == 1.0


def _targets(made: Made, draft: Draft, code: str, at: int) -> list[tuple[str, float, str]]:
    """Rows of 目标 of an indicator; returns (units, target, unit of measure) of those that are numbers."""
    found = []
    priors = {units: text for units, text, _ in draft.priors}
    for units, text, level in draft.targets or [(units, "", "") for units in priors]:
        value, measure = _quantity(text, draft.text(role.MEASURE))
        prior, _ = _quantity(priors.get(units, ""), draft.text(role.MEASURE))
        if value is None and text:
            place = made.at("indicator", "definition", at)
            made.findings.append(Finding("S55", place, {"name": draft.name, "typed": text}))
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


def _method(draft: Draft, direction: str, has_target: bool) -> str:
    """The method named, or one that suits until the office has chosen."""
    named = draft.text(role.METHOD)
    if named in METHOD_NAMES:
        return named
    if not has_target:
        return "评定分"
    return "目标完成率逆向" if direction == terms.LOWER_BETTER else "目标完成率"


def _source(draft: Draft, targets: Sequence[object]) -> str:
    """Without a target somebody gives a mark: the department, where one is named."""
    return terms.SOURCE_ASSESSED if not targets and draft.text(role.ASSESSOR) else terms.SOURCE_ENTERED


def _frequency(draft: Draft) -> str:
    typed = draft.text(role.FREQUENCY)
    return typed if typed in terms.FREQUENCY_MONTHS else _FREQUENCIES.get(typed, "")


def _definition(draft: Draft, direction: str, share: bool) -> str:
    """口径, with everything of the row that has no column of its own."""
    lines = [draft.text(what) for what in (role.DEFINITION, role.CONTENT, role.CRITERIA)]
    method, frequency, kind = (draft.text(what) for what in (role.METHOD, role.FREQUENCY, role.DIRECTION))
    lines += [f"权重:{text}" for text in draft.texts.get(role.WEIGHT, []) if _number(text, share) is None]
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
    return "\n".join(line for line in lines if line)


def _applies(made: Made, draft: Draft) -> str:
    """The codes of the units named; blank when it is everybody's."""
    typed = draft.text(role.UNITS)
    codes = _codes(made, typed)
    per_unit = [code for units, *_ in draft.targets for code in _codes(made, units)]
    return "、".join(dict.fromkeys([*codes, *per_unit]))


def _codes(made: Made, text: str) -> list[str]:
    """Codes of the units in a cell; units met for the first time get one. [] for everybody."""
    found = []
    names = [_REMARK.sub("", word).strip("。.;:\uff1b\uff1a ") for word in _SEPARATORS.split(text)]
    everybody = any(map(_EVERYBODY.match, names))
    for name in names:
        if not name or _EVERYBODY.match(name) or (everybody and _KIND_OF_UNIT.match(name)):
            continue
        found.append(made.units.setdefault(name, f"U{len(made.units) + 1:02}"))
    return found


def _veto(made: Made, draft: Draft) -> None:
    """A row below 一票否决 without weight is an event, not an indicator."""
    texts = [text for what in draft.texts for text in draft.texts[what]]
    own = [f"{title}:{text}" for title, text in draft.own.items()]
    note = "\n".join((" / ".join(draft.path), *texts, *own, *(text for _, text, _ in draft.targets)))
    code = f"V{len(made.vetoes) + 1}"
    made.vetoes.append({"code": code, "name": draft.name, "consequence": terms.VETO_BARS, "note": note})
