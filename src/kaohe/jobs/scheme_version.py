"""The scheme a master had under an issued version: what was issued under it can be scored under it (BH7)."""

from __future__ import annotations

import difflib
from dataclasses import replace

from kaohe.assess.restore import Restored, restore
from kaohe.jobs.common import JobError
from kaohe.jobs.master import Master
from kaohe.model import Location, Scheme
from kaohe.sheets.registers import FIRST_ROW, VERSIONS
from kaohe.tables import GRADING, SCHEME
from kaohe.workbooks.grid import column_letter

_KEPT = tuple(spec.title for spec in (*SCHEME, *GRADING) if spec.key not in ("unit", "person"))
"""Tables that a version keeps."""
_CONTENT = column_letter(1 + [key for key, *_ in VERSIONS.columns].index("content"))


def scheme_under(master: Master, version: str) -> Scheme:
    """The scheme as the master's 方案版本 keeps it. Raises JobError when it keeps no such version."""
    return restored(master, version).scheme


def under_version(master: Master, version: str) -> Master:
    """The master with the scheme of an earlier version in the place of today's, for scoring under it.

    Findings about cells of today's tables are not about that scheme and give way to those about the rows
    kept; those about units, persons and registers stay. Raises JobError when the master keeps no such
    version.
    """
    found = restored(master, version)
    old = {master.sheet_names.get(title, title) for title in _KEPT}
    about_others = (finding for finding in master.findings if finding.location.sheet not in old)
    return replace(master, scheme=found.scheme, findings=(*about_others, *found.findings))


def restored(master: Master, version: str) -> Restored:
    """The scheme of a version, with findings about the rows that kept it. Raises JobError."""
    sheet = master.sheet_names.get(VERSIONS.key, VERSIONS.key)
    rows = [
        (row, Location(master.path.name, sheet, f"{_CONTENT}{FIRST_ROW + at}"))
        for at, row in enumerate(master.versions)
        if row.version == version
    ]
    if not rows:
        raise JobError(_unknown(master, version))
    return restore(rows, master.scheme)


def _unknown(master: Master, version: str) -> str:
    """Which versions there are, the nearest ones first."""
    known = {row.version: row.as_of for row in master.versions if row.version}
    if not known:
        return f"总表里没有留存方案版本 {version}:还没有下发过。请先用 kaohe issue 下发,或不指定方案版本。"
    near = difflib.get_close_matches(version, known, n=3, cutoff=0.4) or list(known)[-3:]
    listed = "、".join(f"{code}(时点 {known[code]})" for code in near)
    more = f",共 {len(known)} 个,见《方案版本》" if len(known) > len(near) else ""
    return f"总表里没有留存方案版本 {version}。相近的有:{listed}{more}。"
