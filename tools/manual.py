"""The manual's tables that the program knows best: settings, columns of the yellow sheets, built-in methods.

    python tools/manual.py              write them anew into docs/操作手册.md

They stand between ``<!-- 生成:NAME -->`` and ``<!-- 生成完 -->``; a test keeps them equal. Needs kaohe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from kaohe.rules.methods import METHODS, Method, Parameter
from kaohe.settings import SETTINGS, Setting
from kaohe.tables import SPECS, Column, TableSpec

MANUAL = Path(__file__).resolve().parents[1] / "docs" / "操作手册.md"
_BLOCK = re.compile(r"(<!-- 生成:(\S+) -->\n).*?(<!-- 生成完 -->)", re.DOTALL)
_KINDS = {"text": "文字", "number": "数字", "date": "日期", "any": ""}


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def settings_table() -> str:
    """Every setting of 方案 with its default and what it may be."""
    return table(("项目", "默认值", "可填", "说明"), (_setting(setting) for setting in SETTINGS))


def _setting(setting: Setting) -> tuple[str, str, str, str]:
    if setting.kind == "number":
        allowed = f"{_number(setting.low)} 到 {_number(setting.high)} 的{'整数' if setting.whole else '数'}"
    else:
        allowed = " / ".join(setting.choices) or "文字"
    default = f"{setting.default:g}" if isinstance(setting.default, float | int) else setting.default
    return setting.name, default or "(空)", allowed, setting.meaning


def _number(number: float) -> str:
    """0.01, 100, 1000000: never with an exponent."""
    return f"{number:.0f}" if number == int(number) else f"{number:g}"


def columns_table(spec: TableSpec) -> str:
    """The columns of one yellow sheet."""
    return table(("列", "必填", "填什么"), (_column(column) for column in spec.columns))


def _column(column: Column) -> tuple[str, str, str]:
    kind = " / ".join(column.choices) or _KINDS[column.kind]
    return (
        column.title,
        "是" if column.required else "",
        ";".join(text for text in (kind, column.hint) if text),
    )


def methods_table() -> str:
    """The built-in methods: name, what they do, parameters with defaults."""
    return table(("名称", "怎样计分", "参数(默认值)"), (_method(method) for method in METHODS))


def _method(method: Method) -> tuple[str, str, str]:
    return method.name, method.note, "、".join(map(_parameter, method.parameters))


def _parameter(parameter: Parameter) -> str:
    """封顶(随“超额封顶”), 容差(0), 下限(须填写)."""
    if parameter.setting:
        return f"{parameter.name}(随“{parameter.setting}”)"
    return f"{parameter.name}({'须填写' if parameter.default is None else format(parameter.default, 'g')})"


BLOCKS: Mapping[str, Callable[[], str]] = {
    "设置": settings_table,
    "内置计分方法": methods_table,
    **{spec.title: lambda spec=spec: columns_table(spec) for spec in SPECS if spec.key != "scheme"},  # type: ignore[misc]
}


def renewed(text: str) -> str:
    """The manual's text with every block as the program has it; raises KeyError for an unknown block."""
    return _BLOCK.sub(lambda match: f"{match[1]}\n{BLOCKS[match[2]]()}\n{match[3]}", text)


def blocks_in(text: str) -> list[str]:
    """Names of the blocks that stand in a text."""
    return [match[2] for match in _BLOCK.finditer(text)]


if __name__ == "__main__":
    MANUAL.write_text(renewed(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")
