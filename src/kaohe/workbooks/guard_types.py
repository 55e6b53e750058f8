"""What the guard says about a file: limits, facts per sheet, and refusals as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a returned file we are willing to look at. Sizes in bytes.

    ``cells`` bounds the area from A1 to the last cell with a value, because the reader allocates all of it;
    all sheets read together may have twice as many;
    ``shared_text`` bounds the text that shared strings expand to over one workbook; ``odd_sheet`` bounds a
    sheet whose XML is unusual and has to be walked element by element; ``ratio`` (inflated / packed) counts
    only for parts above ``ratio_from``; ``formats`` are cell formats (Excel itself has room for 65,490).
    """

    file: int = 64 * MIB
    entries: int = 4_000
    part: int = 128 * MIB
    total: int = 1024 * MIB
    read: int = 256 * MIB
    ratio: int = 500
    ratio_from: int = 8 * MIB
    last_row: int = 1_048_000
    last_column: int = 1_000
    cells: int = 5_000_000
    shared_text: int = 32 * MIB
    odd_sheet: int = 32 * MIB
    sheets: int = 1_000
    formats: int = 70_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read: ``code`` from REFUSALS, ``reason`` and ``remedy`` in Chinese for the clerk.

    ``detail`` is the reader's own message, for a log.
    """

    code: str
    reason: str
    remedy: str
    detail: str = ""


REFUSALS: Mapping[str, tuple[str, str]] = {
    # code: (reason with {facts}, remedy)
    "empty": ("文件是空的(0 字节)", "请重新保存后再报送"),
    "owner_file": (
        "这是 Office 打开文件时的临时占用文件,不是工作簿",
        "请关闭 Excel 后报送正式文件,本文件可删除",
    ),
    "too_big": ("文件有 {size} MB,超过上限 {limit} MB", "请删除图片等无关内容后另存"),
    "encrypted": ("工作簿加了打开密码", "请在 Excel 中取消打开密码(文件→信息→保护工作簿)后另存"),
    "format": (
        "文件实际上是{what},不是 Excel 工作簿",
        "请用 Excel 或 WPS 打开,另存为“Excel 工作簿(*.xlsx)”后再报送",
    ),
    "archive": ("文件是压缩包({what})", "请解压后报送其中的工作簿"),
    "unknown": ("认不出文件的格式", "请用 Excel 或 WPS 打开,另存为“Excel 工作簿(*.xlsx)”后再报送"),
    "truncated": ("文件不完整({what})", "多为复制或传输中断,请重新发送"),
    "damaged": ("文件已损坏({what})", "请用 Excel 或 WPS 打开修复,另存后再报送"),
    "zip_feature": ("压缩方式不受支持({what})", "请用 Excel 或 WPS 打开后另存为 .xlsx"),
    "too_many_parts": ("文件内有 {count} 个部件,超过上限 {limit}", "请用 Excel 打开,删除无关内容后另存"),
    "duplicate_part": ("文件内有重名部件 {part}", "文件可能被改动过,请用 Excel 打开后另存"),
    "part_path": ("文件内有越界路径 {part}", "文件可能被改动过,请用 Excel 打开后另存"),
    "overlap": ("文件内部件相互重叠 {part}", "文件可能被改动过,请用 Excel 打开后另存"),
    "bomb": ("部件 {part} 解压后过大", "文件异常,请用模板重新填写"),
    "entity": ("部件 {part} 含有 DOCTYPE 或实体声明", "文件可能被改动过,请用模板重新填写"),
    "no_workbook": ("压缩包里没有工作簿内容({what})", "请报送用 Excel 或 WPS 保存的工作簿"),
    "cell_bounds": ("工作表《{sheet}》在 {cell} 处有内容,超出可读范围", "请删除该处内容(整行整列删除)后另存"),
    "too_many_cells": ("工作表《{sheet}》范围到 {cell},单元格过多", "请删除表格以外的行、列后另存"),
    "too_much_text": ("重复的长文字展开后过大", "请删减单元格中的长文字"),
    "odd_sheet": ("工作表《{sheet}》的写法特殊且过大", "请用 Excel 打开后另存为 .xlsx"),
    "too_many_sheets": ("文件有 {count} 张工作表,超过上限 {limit}", "请用 Excel 打开,删除无关的工作表后另存"),
    "too_many_formats": ("单元格格式超过 {limit} 种", "请把内容复制到用模板新做的表中再报送"),
    "sheet_names": ("工作表目录前后不一致", "请用 Excel 打开后另存"),
    "reader": ("无法读取({what})", "请用 Excel 或 WPS 打开,另存为“Excel 工作簿(*.xlsx)”后再报送"),
}


def refusal(code: str, **facts: object) -> Refusal:
    """The refusal of this code with its facts filled in."""
    reason, remedy = REFUSALS[code]
    return Refusal(code, reason.format(**facts), remedy)


class Refused(Exception):  # noqa: N818  (a verdict, not an error)
    """Carries a refusal up to :func:`kaohe.workbooks.guard.inspect`, which returns it as data."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.refusal = refusal(code, **facts)


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """One entry of the workbook's sheet list. ``state``: '' visible, 'hidden' or 'veryHidden'.

    ``part`` is the zip path (.xlsx) or '' (.xls); ``kind`` is 'worksheet', or what it is instead
    ('chartsheet', 'dialogsheet', 'macrosheet').
    """

    name: str
    part: str = ""
    state: str = ""
    kind: str = "worksheet"


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What plain values do not tell, by (row, column) from 1.

    ``percent``: numbers under a percent format (blank and text cells are left out); ``errors``: error cells
    and their text; ``uncached``: formulas saved without a value. ``last_row`` and ``last_column`` bound the
    cells with content (an upper bound for ordinary small sheets).
    """

    percent: frozenset[tuple[int, int]] = frozenset()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()
    last_row: int = 0
    last_column: int = 0


@dataclass(frozen=True, slots=True)
class Inspection:
    """The guard's report: ``kind`` by content, the sheet list, facts of the wanted sheets, or a refusal.

    ``kind``: 'xlsx', 'xlsm' or 'xls'; of a refused file 'zip', 'ole' or 'unknown'.
    """

    kind: str
    sheets: tuple[SheetInfo, ...] = ()
    facts: Mapping[str, SheetFacts] = field(default_factory=dict)
    refusal: Refusal | None = None
    macros: bool = False
    external_links: bool = False
