"""The scheme and the office's registers as tables: which there are, their columns, and how rows are read."""

from collections.abc import Mapping

from kaohe.tables.core import (
    Column,
    Kind,
    Row,
    Scalar,
    Table,
    TableSpec,
    blank,
    find_header,
    plain,
    read_table,
)
from kaohe.tables.grading import GRADING
from kaohe.tables.ledger import LEDGER
from kaohe.tables.scheme import SCHEME
from kaohe.tables.year import YEAR

SPECS: tuple[TableSpec, ...] = (*SCHEME, *GRADING, *LEDGER)
"""All tables an office fills in, in the order of the master's yellow sheets."""
BY_KEY: Mapping[str, TableSpec] = {spec.key: spec for spec in SPECS}

__all__ = [
    "BY_KEY",
    "GRADING",
    "LEDGER",
    "SCHEME",
    "SPECS",
    "YEAR",
    "Column",
    "Kind",
    "Row",
    "Scalar",
    "Table",
    "TableSpec",
    "blank",
    "find_header",
    "plain",
    "read_table",
]
