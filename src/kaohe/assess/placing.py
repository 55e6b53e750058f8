"""Rows whose code or identity was lost find their place by name and by the number on the form's face.

Done between reading and taking in: ``placed`` knows the master, the reader does not. A name counts only
where it stands for one indicator (or unit) and no other row of the same form has that code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from kaohe import terms
from kaohe.assess.entries import quoted, typed_text
from kaohe.assess.few import few
from kaohe.assess.remembered import of_measure
from kaohe.assess.returns import CONSOLIDATED, KNOWN, InputState
from kaohe.assess.typed_names import Names, short, titled
from kaohe.findings import Finding
from kaohe.model import IssueRecord, Location, Return, ReturnedRow, Scheme
from kaohe.tables import plain

_ROW = re.compile(r"\D+")
_WRITTEN = {"status": "数据状态", "mark": "标记", "reason": "原因", "measure": "措施"}
"""Columns in which a clerk writes besides the value, by their headings."""


def placed(
    returns: Sequence[Return], scheme: Scheme, register: Mapping[str, IssueRecord]
) -> tuple[list[Return], list[Finding]]:
    """The returns with every row placed that can be, and W18, V42–V45, V47 about what was.

    ``scheme``: the rows in force at the period's end; ``register``: 下发登记 by issue number.
    """
    names = Names(scheme)
    found: list[Finding] = []
    fresh = []
    for returned in identified(returns, register):
        issued = register.get(returned.identity.number)
        if not returned.problem and issued is not None:
            if returned.facts:
                found.append(_by_number(returned, issued, scheme))
            rows, told = _placed(returned, names, issued)
            fresh.append(returned._replace(rows=rows, facts=()))
            found += told
        else:
            fresh.append(returned)
    return fresh, found


def identified(returns: Iterable[Return], register: Mapping[str, IssueRecord]) -> list[Return]:
    """Forms without their hidden identity (W17) have that of the number on their face, when it is registered.

    Their ``facts`` stay, by which ``placed`` knows them and says so (W18). ``register``: 下发登记.
    """
    return [_identified(returned, register.get(returned.identity.number)) for returned in returns]


def of_taken(found: Iterable[Finding], inputs: Iterable[InputState]) -> list[Finding]:
    """Those of the findings that are about files whose rows count."""
    taken = {row.workbook for row in inputs if row.state in (CONSOLIDATED, KNOWN)}
    return [finding for finding in found if finding.location.workbook in taken]


def _identified(returned: Return, issued: IssueRecord | None) -> Return:
    if returned.problem != "W17" or issued is None:
        return returned
    if (returned.identity.purpose == terms.PURPOSE_ASSESSOR) != (not issued.unit):
        return returned
    identity = returned.identity._replace(
        version=issued.version, unit=issued.unit, department=issued.department, period=issued.period
    )
    return returned._replace(problem="", identity=identity)


def _by_number(returned: Return, issued: IssueRecord, scheme: Scheme) -> Finding:
    unit = scheme.unit_by_code.get(issued.unit)
    who = issued.department if not issued.unit else unit.name if unit else issued.unit
    place = Location(returned.workbook, returned.sheet, unit=issued.unit)
    return Finding("W18", place, {"number": issued.number, "unit": who})


def _placed(
    returned: Return, names: Names, issued: IssueRecord
) -> tuple[tuple[ReturnedRow, ...], list[Finding]]:
    place = Location(returned.workbook, returned.sheet, unit=issued.unit)
    gone = _columns_gone(returned.rows, place)
    if all(map(names.settled, returned.rows)):
        return returned.rows, gone
    if returned.identity.purpose == terms.PURPOSE_ASSESSOR:
        rows, found = _cells_placed(returned.rows, names, place)
    else:
        rows, found = _rows_placed(returned.rows, names, place)
        if returned.identity.version == names.scheme.version:
            rows, odd = _other_units_of_measure(rows, names.scheme, place)
            found += odd
    return tuple(rows), [*gone, *found]


def _columns_gone(rows: Sequence[ReturnedRow], place: Location) -> list[Finding]:
    """V47: columns a clerk writes in that the form does not have any more."""
    there = {key for key, _ in rows[0].columns} if rows else set()
    gone = [title for key, title in _WRITTEN.items() if key not in there]
    return [Finding("V47", place, {"column": "”“".join(gone)})] if there and gone else []


def _rows_placed(
    rows: Sequence[ReturnedRow], names: Names, place: Location
) -> tuple[list[ReturnedRow], list[Finding]]:
    """The rows of a unit's form by their codes, else by their names."""
    codes = _codes(rows, names)
    there = set(codes)
    wanted = Counter(names.indicator(row.name) for row, code in zip(rows, codes, strict=True) if not code)
    kept, found = [], []
    homeless: list[Finding] = []
    for row, code in zip(rows, codes, strict=True):
        by_name = names.indicator(row.name)
        at = place._replace(cell=row.cell)
        if code:
            kept.append(row._replace(indicator=code))
            if by_name and _contradicts(row.name, code, by_name, names) and _filled(row):
                kept[-1] = _alone(kept[-1])._replace(other_name=row.name)
                facts = {"code": code, "name": names.scheme.indicator_by_code[code].name, "shown": row.name}
                found.append(Finding("V44", at._replace(indicator=code), facts))
        elif by_name and by_name not in there and wanted[by_name] == 1:
            kept.append(row._replace(indicator=by_name))
            found.append(_by_name(row, by_name, at, names))
        elif names.code(row.indicator):
            kept.append(row._replace(indicator=names.code(row.indicator)))
        elif row.indicator and row.indicator != row.name:
            kept.append(row)  # a code the scheme does not have: V15
        elif _filled(row):
            why = _homeless(row.name, by_name, there, names)
            facts = {"row": _ROW.sub("", row.cell), "typed": quoted(typed_text(row)), "why": why}
            homeless.append(Finding("V42", at, facts))
    return kept, [*found, *few(homeless, "row", "{said} 起共 {count}")]


def _homeless(name: str, by_name: str, there: Collection[str], names: Names) -> str:
    """Why a name does not tell whose a value is."""
    if not name:
        return "也没有名称"
    if by_name:
        return f"名称“{quoted(name)}”" + ("的指标另有一行" if by_name in there else "出现在几行")
    alike = [row.code for row in names.scheme.indicators if short(row.name) == short(name)]
    return f"名称“{quoted(name)}”" + (f"有几个指标({'、'.join(alike)})" if alike else "对不上任何指标")


def _codes(rows: Sequence[ReturnedRow], names: Names) -> list[str]:
    """The code that each row is read by; '' for one that has none, or one mistyped into another row's.

    Where a code stands twice, once beside its own name and once beside that of an indicator which has no row
    otherwise, the second is mistyped.
    """
    codes = [names.code(row.indicator) for row in rows]
    there = Counter(codes)
    rightful = {
        code for row, code in zip(rows, codes, strict=True) if code and names.indicator(row.name) == code
    }

    def mistyped(row: ReturnedRow, code: str) -> bool:
        by_name = names.indicator(row.name)
        return bool(
            there[code] > 1
            and code in rightful
            and by_name
            and by_name not in there
            and _contradicts(row.name, code, by_name, names)
        )

    return ["" if code and mistyped(row, code) else code for row, code in zip(rows, codes, strict=True)]


def _alone(row: ReturnedRow) -> ReturnedRow:
    """A row whose code has another's name without what is compared: nobody knows whose that is."""
    return row._replace(unit_of_measure="", shown_weight=None, shown_target=None, shown_score=None)


def _contradicts(shown: str, code: str, by_name: str, names: Names) -> bool:
    """Whether a name is another indicator's and not its own too (names need not be unique)."""
    own = names.scheme.indicator_by_code[code].name
    return by_name != code and plain(shown) != plain(own) and short(shown) != short(own)


def _by_name(row: ReturnedRow, code: str, at: Location, names: Names) -> Finding:
    typed = row.indicator if row.indicator != row.name else ""
    why = _why(typed) if not names.code(row.indicator) else f"“{typed}”与另一行重复"
    facts = {"why": why, "code": code, "name": names.scheme.indicator_by_code[code].name}
    return Finding("V43", at._replace(indicator=code), facts)


def _why(typed: str) -> str:
    return f"“{quoted(typed)}”不在方案中" if typed else "空着"


def _filled(row: ReturnedRow) -> bool:
    return bool(typed_text(row).strip())


def _other_units_of_measure(
    rows: Iterable[ReturnedRow], scheme: Scheme, place: Location
) -> tuple[list[ReturnedRow], list[Finding]]:
    """V45 rows whose unit of measure is another than was issued, where a value stands."""
    kept, found = [], []
    for row in rows:
        kept.append(row)
        indicator = scheme.indicator_by_code.get(row.indicator)
        if indicator is None or not (indicator.entered and row.unit_of_measure and _filled(row)):
            continue
        if plain(row.unit_of_measure) != plain(indicator.unit_of_measure):
            kept[-1] = row._replace(other_measure=row.unit_of_measure)
            at = place._replace(cell=row.cell, indicator=row.indicator)
            found.append(of_measure(at, indicator, row.unit_of_measure, typed_text(row)))
    return kept, found


def _cells_placed(
    rows: Sequence[ReturnedRow], names: Names, place: Location
) -> tuple[list[ReturnedRow], list[Finding]]:
    """The cells of a 考评打分表: units and indicators by their codes, else by their names.

    What is said about a unit is said at the first of its cells, and so for an indicator.
    """
    kept, found = [], []
    told: set[tuple[str, str]] = set()
    for row in rows:
        title, who = titled(row.name, names)
        indicator = names.code(row.indicator)
        unit = names.unit_code(row.unit)
        named, whom = names.indicator(title), names.units_by_name.get(plain(who), "")
        kept.append(
            row._replace(indicator=indicator or named or row.indicator, unit=unit or whom or row.unit)
        )
        at = place._replace(cell=row.cell, unit=kept[-1].unit, indicator=kept[-1].indicator)
        for key, code, by_name, typed in (
            (("指标", row.indicator), indicator, named, row.indicator),
            (("单位", row.unit), unit, whom, row.unit),
        ):
            if key in told or not by_name or by_name == code:
                continue
            shown = title if key[0] == "指标" else who
            finding = _about(key[0], code, by_name, typed, shown, names)
            if finding is not None:
                told.add(key)
                found.append(Finding(finding[0], at, finding[1]))
                if finding[0] == "V44":
                    kept[-1] = kept[-1]._replace(other_name=shown)
    return kept, found


def _about(
    what: str, code: str, by_name: str, typed: str, shown: str, names: Names
) -> tuple[str, dict[str, object]] | None:
    """V43 a code found by its name, V44 a code that has another's name beside it."""
    scheme = names.scheme
    called = scheme.indicator_by_code if what == "指标" else scheme.unit_by_code
    if not code:
        why = _why("" if plain(typed) == plain(shown) else typed)
        return "V43", {"why": why, "code": by_name, "name": called[by_name].name}
    own = called[code].name
    if plain(own) == plain(shown) or (what == "指标" and short(own) == short(shown)):
        return None
    return "V44", {"code": code, "name": own, "shown": shown}
