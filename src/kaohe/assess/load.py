"""Tables of the scheme → Scheme, and a finding for every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kaohe import settings
from kaohe.assess.load_cells import cell_findings, number
from kaohe.assess.load_grading import grading_rows
from kaohe.assess.load_rows import build_scheme
from kaohe.assess.references import reference_findings
from kaohe.findings import Finding
from kaohe.model import Location, Scheme
from kaohe.tables import SPECS, Row, Table, TableSpec


def load_scheme(tables: Mapping[str, Table]) -> tuple[Scheme, tuple[Finding, ...]]:
    """All versions of all rows, and what is wrong with single cells and tables.

    Never raises for bad data: a cell that cannot be read keeps the column's default and is a finding.
    """
    values, places, setting_findings = _settings(tables.get("scheme", Table("scheme")))
    scheme = replace(build_scheme(tables, values), setting_locations=places, **grading_rows(tables))
    findings = [*_missing_tables(tables), *setting_findings]
    findings += [f for spec in SPECS if spec.key in tables for f in cell_findings(spec, tables[spec.key])]
    findings += reference_findings(tables)
    return scheme, tuple(findings)


def _missing_tables(tables: Mapping[str, Table]) -> Iterable[Finding]:
    for spec in SPECS:
        table = tables.get(spec.key)
        if table is None:
            if spec.required:
                yield Finding("S11", Location(sheet=spec.title), {"what": f"《{spec.title}》"})
            continue
        for title in table.missing:
            where = Location(table.workbook, table.sheet)
            code = "S11" if _scored(spec, title) else "S61"
            yield Finding(code, where, {"what": f"《{spec.title}》的“{title}”列"})


def _scored(spec: TableSpec, title: str) -> bool:
    """Whether a result may depend on the column."""
    return spec.scored and all(column.scored for column in spec.columns if column.title == title)


def _settings(
    table: Table,
) -> tuple[dict[str, str | float], dict[str, Location], Sequence[Finding]]:
    values = {setting.name: _default(setting) for setting in settings.SETTINGS}
    places: dict[str, Location] = {}
    findings: list[Finding] = []
    for row in table.rows:
        name = row.text("name")
        known = settings.BY_NAME.get(name)
        if known is None:
            findings.append(Finding("S15", table.locate(row, "name"), {"name": name}))
            continue
        if name in places:
            facts = {"what": "设置", "code": name, "other": places[name].cell}
            findings.append(Finding("S02", table.locate(row, "name"), facts))
        places[name] = table.locate(row, "value")
        value, reason = _setting_value(known, row)
        if reason:
            facts = {"column": name, "typed": row.text("value"), "reason": reason}
            findings.append(Finding("S09", places[name], facts))
        else:
            values[name] = value
    return values, places, findings


def _default(setting: settings.Setting) -> str | float:
    """The default as a cell would give it: writing it down leaves the scheme's version as it is."""
    return float(setting.default) if setting.kind == "number" else setting.default


def _setting_value(setting: settings.Setting, row: Row) -> tuple[str | float, str]:
    text = row.text("value")
    if not text:
        return _default(setting), ""
    if setting.kind == "text":
        return text, ""
    if setting.kind == "choice":
        folded = text.replace(",", ",")
        return folded, "" if folded in setting.choices else f"应为 {'、'.join(setting.choices)} 之一"
    given = number(row, "value")
    fits = given is not None and setting.low <= given <= setting.high
    if given is None or not fits or (setting.whole and given != int(given)):
        kind = "整数" if setting.whole else "数"
        return _default(setting), f"应为 {setting.low:g} 到 {setting.high:g} 的{kind}"
    return given, ""
