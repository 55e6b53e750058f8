"""Cells of a returned workbook as text: codes, labels, what stands behind a label."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from kaohe.model import Return, ReturnedRow
from kaohe.tables import plain

_SUMS = re.compile(
    r".{0,12}小计|(?:本页|本项|分项|部分|以上|全部|各项|得分|总分)?(?:合计|总计|共计|平均|总分)(?:分|得分|数)?"
)
_NO_CODE = re.compile("[::( (]")
_LABEL = re.compile("[::]$")
_SIGNATURES = frozenset(
    {
        *("填报人", "填表人", "制表人", "审核人", "复核人", "负责人", "单位负责人", "部门负责人", "分管领导"),
        *("主要领导", "联系人", "电话", "联系电话", "填报日期", "填表日期", "报送日期", "日期"),
        *("单位(公章)", "(公章)", "单位(盖章)", "备注", "注", "说明", "填表说明"),
    }
)


def text_of(value: object) -> str:
    """A cell as trimmed text; a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def code_of(value: object) -> str:
    """A code without spaces and full-width signs."""
    text = text_of(value)
    if text.isascii() and not any(map(str.isspace, text)):
        return text
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_code(text: str) -> bool:
    """Codes are short and hold no spaces; bands, totals and signatures are not codes."""
    return 0 < len(text) <= 20 and not _NO_CODE.search(text) and not is_sum(text)


@lru_cache(maxsize=4096)
def is_sum(text: str) -> bool:
    """Whether a row so named sums up others: 小计, 合计, 平均."""
    return _SUMS.fullmatch(plain(text)) is not None


def is_signature(row: Iterable[object]) -> bool:
    """Whether a row is one of signatures or notes: 填报人, 负责人, 电话."""
    return any(isinstance(value, str) and plain(value) in _SIGNATURES for value in row)


def shown_behind(rows: Iterable[Sequence[object]], label: str) -> str:
    """What stands to the right of a label above the table, or behind it in its cell; '' when it is gone."""
    for row in rows:
        for at, value in enumerate(row):
            if not isinstance(value, str):
                continue
            title = plain(value)
            if title == label:
                behind = next((text_of(cell) for cell in row[at + 1 :] if cell is not None), "")
                return "" if _LABEL.search(behind) else behind
            if title.startswith(f"{label}:"):
                return title.removeprefix(f"{label}:")
    return ""


def too_many_rows(empty: Return, sheet: str, most: int) -> Return:
    """W01: a table far longer than any that was issued; none of it is taken."""
    reason = f"《{sheet}》填了内容的行或格超过 {most:,},远多于下发的"
    remedy = "请改用原下发文件填报,不要在表中粘贴其他内容"
    return empty._replace(problem="W01", facts=(("reason", reason), ("remedy", remedy)))


def once(rows: Iterable[ReturnedRow]) -> tuple[ReturnedRow, ...]:
    """The rows without those that say nothing new: blank, or the same again, beside one with the same code.

    Two that contradict each other both stay; which of them counts is for a person to say. Further ones add
    nothing to that.
    """
    kept: list[ReturnedRow] = []
    where: dict[tuple[str, str], int] = {}
    contradicted: set[int] = set()
    for row in rows:
        key = (row.unit, row.indicator)
        first = where.setdefault(key, len(kept)) if row.indicator else len(kept)
        if first == len(kept):
            kept.append(row)
        elif _blank(kept[first]):
            kept[first] = row
        elif not _blank(row) and _said(row) != _said(kept[first]) and first not in contradicted:
            contradicted.add(first)
            kept.append(row)
    return tuple(kept)


def _said(row: ReturnedRow) -> tuple[object, ...]:
    return (row.value, row.percent, row.error, row.uncached)


def _blank(row: ReturnedRow) -> bool:
    return text_of(row.value) == "" and not row.error and not row.uncached
