"""Schemes as folders of CSV tables: the built-in ones and an office's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from kaohe.jobs.common import JobError, read_bytes
from kaohe.tables import BY_KEY, SPECS, Scalar, Table, TableSpec, read_table
from kaohe.workbooks.grid import column_letter

_ENCODINGS = ("utf-8-sig", "gb18030")


class SchemeInfo(NamedTuple):
    """A built-in scheme as `kaohe schemes` lists it."""

    code: str
    name: str
    year: str
    units: int
    indicators: int


def built_in_codes() -> list[str]:
    """Codes of the built-in schemes."""
    folder = files("kaohe.templates") / "schemes"
    return sorted(
        entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith((".", "_"))
    )


def schemes() -> list[SchemeInfo]:
    """The built-in schemes with their sizes."""
    found = []
    for code in built_in_codes():
        tables = scheme_tables(code)
        settings = {row.text("name"): row.text("value") for row in tables["scheme"].rows}
        codes = {row.text("code") for row in tables["indicator"].rows}
        found.append(
            SchemeInfo(
                code,
                settings.get("方案名称", ""),
                settings.get("考核年度", ""),
                len(tables["unit"].rows),
                len(codes),
            )
        )
    return found


def scheme_tables(source: str) -> dict[str, Table]:
    """Tables of a built-in scheme (by code) or of a folder of CSV files (by path).

    Raises JobError when there is neither.
    """
    path = Path(source)
    if path.is_dir():
        return read_folder(path, source)
    code = source.upper()
    if code in built_in_codes():
        return built_in_tables(code)
    known = "、".join(built_in_codes())
    raise JobError(f"没有名为“{source}”的内置方案,也没有这个文件夹。内置方案有:{known}(见 kaohe schemes)。")


def built_in_tables(code: str) -> dict[str, Table]:
    """Tables of a built-in scheme, whatever folders lie about."""
    return read_folder(files("kaohe.templates") / "schemes" / code, code)


def read_folder(folder: Path | Traversable, name: str) -> dict[str, Table]:
    """One Table per CSV file that bears a table's name; raises JobError when the folder holds none."""
    tables = {}
    for spec in SPECS:
        entry = folder / f"{spec.title}.csv"
        if entry.is_file():
            rows = csv_rows(entry.read_bytes(), f"{spec.title}.csv")
            table = _table(spec, rows, name)
            if table is None:
                heads = "、".join(column.title for column in spec.columns if column.required)
                raise JobError(f"{spec.title}.csv 没有表头。第一行应有:{heads}。")
            tables[spec.key] = table
    if not tables:
        raise JobError(
            f"文件夹“{name}”里没有方案表。应有 方案.csv、部分.csv、指标.csv、单位.csv、目标.csv 等。"
        )
    return tables


def read_csv(path: Path, key: str) -> Table:
    """One table of a CSV file by itself. Raises JobError when it cannot be read or lacks its headings."""
    spec = BY_KEY[key]
    table = _table(spec, csv_rows(read_bytes(path, f"《{spec.title}》"), path.name), path.name)
    if table is None:
        heads = "、".join(column.title for column in spec.columns if column.required)
        raise JobError(f"{path.name} 没有表头。第一行应有:{heads}。")
    return table


def csv_rows(data: bytes, name: str) -> list[list[Scalar]]:
    """The rows of a CSV file as Excel saves it, blank cells None. Raises JobError for another encoding."""
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [[value or None for value in row] for row in csv.reader(io.StringIO(text))]
    raise JobError(f"{name} 的编码看不懂。请在 Excel 中另存为“CSV UTF-8(逗号分隔)”。")


def _table(spec: TableSpec, rows: Sequence[Sequence[Scalar]], name: str) -> Table | None:
    typed = [[_as_cell(spec, rows, index, value) for index, value in enumerate(row)] for row in rows]
    letters = [column_letter(index + 1) for index in range(max((len(row) for row in rows), default=0))]
    return read_table(spec, typed, workbook=name, sheet=f"{spec.title}.csv", letters=letters)


def _as_cell(spec: TableSpec, rows: Sequence[Sequence[Scalar]], index: int, value: Scalar) -> Scalar:
    """Numbers in number columns become numbers, so that they are numbers in the master, too."""
    head = rows[0][index] if rows and index < len(rows[0]) else None
    kind = next((column.kind for column in spec.columns if column.title == head), "text")
    if kind in ("number", "any") and isinstance(value, str):
        return plain_number(value)
    return value


def plain_number(text: str) -> str | float:
    """Text that spells a number as a number, so that it comes out as it went in; other text as it is."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if _spelling(number) == text.strip() else text


def _spelling(value: float) -> str:
    return repr(value).removesuffix(".0")


def as_csv(spec: TableSpec, table: Table) -> bytes:
    """A table as CSV (UTF-8 with mark, for Excel), without columns that nobody needs and nobody used."""
    used = {key for row in table.rows for key, value in row.values.items() if value is not None}
    shown = [column for column in spec.columns if column.required or column.key in used or not table.rows]
    keys = [*(column.key for column in shown), *table.extra]
    titles = [*(column.title for column in shown), *table.extra]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(titles)
    for row in table.rows:
        writer.writerow([_cell_text(row.values.get(key)) for key in keys])
    return out.getvalue().encode("utf-8-sig")


def _cell_text(value: Scalar) -> str:
    if value is None:
        return ""
    return _spelling(value) if isinstance(value, float) else str(value)
