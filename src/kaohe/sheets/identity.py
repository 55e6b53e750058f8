"""The hidden identity of an issued workbook: who it was issued to, and under which number."""

from __future__ import annotations

from collections.abc import Mapping

from kaohe import terms
from kaohe.model import Identity, Scheme
from kaohe.workbooks.plan import Cell, Layout, SheetPlan, Slot

IDENTITY_KEY = "标识"
IDENTITY_TITLE = "_kaohe"
PURPOSE = terms.PURPOSE_FORM
PURPOSES = (terms.PURPOSE_FORM, terms.PURPOSE_ASSESSOR)
FORMAT = "1"

KEYS = (
    "用途",
    "格式",
    "编号",
    "方案代码",
    "方案版本",
    "单位代码",
    "单位名称",
    "责任部门",
    "期次",
    "下发时间",
)


def identity_sheet(scheme: Scheme, identity: Identity) -> SheetPlan:
    """Keys in column A, values in column B; number, unit and time are slots."""
    values: Mapping[str, str | Slot] = {
        "用途": identity.purpose or PURPOSE,
        "格式": FORMAT,
        "编号": Slot("number"),
        "方案代码": str(scheme.settings["方案代码"]),
        "方案版本": identity.version,
        "单位代码": Slot("unit_code"),
        "单位名称": Slot("unit"),
        "责任部门": identity.department,
        "期次": identity.period,
        "下发时间": Slot("issued"),
    }
    return SheetPlan(
        key=IDENTITY_KEY,
        title=IDENTITY_TITLE,
        rows=[(Cell(key, "text"), Cell(values[key] or None, "text")) for key in KEYS],
        roles=("text", "text"),
        widths=(12, 30),
        layout=Layout(hidden="veryHidden", protect=True, print_area=False),
    )
