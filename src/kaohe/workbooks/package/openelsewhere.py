"""Signs that somebody has a workbook open: the owner files that Excel, LibreOffice and WPS put beside it."""

from __future__ import annotations

from pathlib import Path

from kaohe.workbooks.package.errors import OpenElsewhere

_LONGEST_NAME = 54
"""Characters there is room for in an owner file of Excel."""


def refuse_if_open(path: Path) -> None:
    """Raises OpenElsewhere, naming program and person where the owner file tells."""
    for file, program in (
        (path.with_name(f"~${path.name}"), "Excel(或 WPS)"),
        (path.with_name(f".~lock.{path.name}#"), "LibreOffice"),
        (path.with_name(f".~{path.name}"), "WPS"),
    ):
        if file.exists():
            who = _owner(file)
            raise OpenElsewhere(
                f"“{path.name}”正在 {program} 中打开{f'(使用者:{who})' if who else ''},没有写入。",
                f"请保存并关闭它后重新运行。若确认没有人打开,请删除同一文件夹里的“{file.name}”。",
            )


def _owner(file: Path) -> str:
    """The person an owner file names; '' when it cannot be read."""
    try:
        data = file.read_bytes()[:512]
    except OSError:
        return ""
    if file.name.startswith("~$"):
        return _name(_excel_owner(data))
    fields = data.decode("utf-8", "ignore").split(",")
    return _name(next((field.strip() for field in fields[:2] if field.strip()), ""))


def _name(text: str) -> str:
    """The text when it can be somebody's name; what a damaged owner file says is nobody's."""
    name = text.strip("\0 \u2020")  # two blanks read as UTF-16 are one U+2020
    return name if name.isprintable() and any(map(str.isalnum, name)) else ""


def _excel_owner(data: bytes) -> str:
    """Byte 54 on: a length and the name in UTF-16; the same in the system's own code page from byte 0 on."""
    if len(data) < 56 or not 0 < data[54] <= data[0] <= _LONGEST_NAME:
        return ""
    return data[56 : 56 + 2 * data[54]].decode("utf-16-le", "ignore").strip("\0 ")
