"""`kaohe dump`: a master's scheme as a folder of CSV tables; `kaohe new DIR` is the way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kaohe import settings
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.methods import BUILT_IN
from kaohe.findings import Finding, ordered
from kaohe.jobs.common import Clock, JobError, make_folder, now
from kaohe.jobs.master import Master, open_master
from kaohe.jobs.new import year_period
from kaohe.jobs.schemes import as_csv
from kaohe.sheets.scheme_tables import method_row
from kaohe.tables import SPECS, Row, Scalar, Table
from kaohe.workbooks.package import AlreadyThere, write_new


def dump(master_path: Path, folder: Path, *, clock: Clock = now) -> tuple[list[Path], tuple[Finding, ...]]:
    """Write the scheme's tables to ``folder``; returns the files and the findings about the scheme.

    The scheme is checked as it stands at the end of 考核年度 (of this year, when 方案 names none).

    Built-in methods are left out; files that exist with other content are never overwritten (JobError).
    """
    master = open_master(master_path)
    contents = {folder / name: data for name, data in as_files(master).items()}
    make_folder(folder)
    different = [path.name for path, data in contents.items() if path.exists() and path.read_bytes() != data]
    if different:
        raise JobError(
            f"“{folder}”中已有内容不同的 {'、'.join(different)},没有覆盖。请换一个文件夹,或先移走这些文件。"
        )
    for path, data in contents.items():
        try:
            write_new(path, data, durable=False)
        except AlreadyThere:
            continue
    year = year_period(master.scheme.settings["考核年度"], clock())
    return list(contents), ordered((*master.findings, *check_scheme(master.scheme, year)))


def as_files(master: Master) -> dict[str, bytes]:
    """The tables as CSV files by name; without what the product puts into every master."""
    own = {spec: _own(spec.key, master.tables[spec.key]) for spec in SPECS if spec.key in master.tables}
    return {
        f"{spec.title}.csv": as_csv(spec, table) for spec, table in own.items() if table.rows or spec.required
    }


def _own(key: str, table: Table) -> Table:
    """The table without what the product puts into every master: built-in methods, meanings of settings."""
    if key == "method":
        return replace(table, rows=tuple(row for row in table.rows if not _built_in(row)))
    if key == "scheme":
        return replace(table, rows=tuple(_without_meaning(row) for row in table.rows))
    return table


def _built_in(row: Row) -> bool:
    method = BUILT_IN.get(row.text("name"))
    return method is not None and filled(method_row(method)) == filled(row)


def filled(row: Row) -> dict[str, Scalar]:
    """The row's values without blanks."""
    return {key: value for key, value in row.values.items() if value is not None}


def _without_meaning(row: Row) -> Row:
    known = settings.BY_NAME.get(row.text("name"))
    if known is None or row.text("note") != known.meaning:
        return row
    return replace(row, values={key: value for key, value in row.values.items() if key != "note"})
