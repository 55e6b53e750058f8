"""docs/函数.md, made from the functions' own descriptions.

python -m kaohe.faces.functions_page docs/函数.md      write it anew; a test keeps it equal
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from kaohe.faces.functions_cells import EXAMPLE

_GIVES = ") 得 "
"""Between an example and its result."""

_HEAD = """# 工作表函数

装好加载项后,在 Excel 单元格里可以直接用下面的函数;公式中选中函数名、按“插入函数”也能看到同样的说明。
它们与 `kaohe consolidate` 用同一套计算:同样的方法、权重、目标值、完成值,得到的是同一个得分、状态和名次。

- 一个公式可以算一个单元格,也可以算整张表:参数给一列(区域),结果就是同样大小的一列。支持动态数组的 Excel
  会自动填满;较早的 Excel 先选中同样大小的区域,输入公式后按 Ctrl+Shift+Enter。整表用一个公式比一行一个快得多。
- 各参数的区域要对齐:行数列数相同,或只给一个值(各行共用)。不要引用整列(如 `H:H`)。
- 空着的完成值,结果也空着,不当作 0。算不出来时单元格里是以 `#` 开头的中文原因,例如 `#目标值是空的`。
  引用的单元格本身是错误值(如 `#DIV/0!`)时,给出该错误值:在 Excel 网页版(xlwings Server)中是真正的错误值,
  在 Windows 桌面版中是写着 `#DIV/0!` 的文字(`ISERROR` 看不出来,可用 `ISNUMBER` 判断有没有得分)。
- 文字不计分,“约80”“1,746万”先用 `KH_READ` 识别:`=KH_SCORE(方法,权重,目标值,KH_READ(填写值,计量单位),,序时)`。
- 函数看不到单元格的格式:显示为 92.16% 的单元格,传进来的是 0.9216。以 % 为单位的指标请填 92.16;
  与目标值相差约 100 倍时 `KH_CHECK` 会提示。
- 要与别的单位比较的方法(功效系数组内等),在参数中给出 `组最大值`、`组最小值`,如
  `"组最大值="&MAX(K5:K13)&";组最小值="&MIN(K5:K13)`。
- `KH_EXPLAIN` 读的是磁盘上**已保存**的总表,没有保存的改动看不到;重新汇总并保存后,按 Ctrl+Alt+F9 重算。
  出于安全,只读本机磁盘(含映射的盘符)上的 .xlsx、.xlsm 总表,不打开 `\\\\服务器\\…` 和网址:
  别人发来的工作簿里的公式不能借此把您的登录信息带出去。Excel 网页版(xlwings Server)中不读取文件。
  总表在网络位置时,请用按钮“得分说明”。
  第一次用要载入程序,约一秒;读一份总表,示例 BH 约 0.05 秒、WX-J 约 0.3 秒;文件没有变就不再读,
  此后每个公式几毫秒。同时记住最近用到的 3 份。
- WPS、LibreOffice 和手机上没有这些函数;自测表和总表里的公式不依赖它们。
"""


@dataclass(frozen=True)
class Described:
    """A function as the page shows it; ``arguments``: (title, explanation, may be left out)."""

    name: str
    purpose: str
    example: str
    result: str
    arguments: tuple[tuple[str, str, bool], ...]

    @property
    def call(self) -> str:
        """KH_ELAPSED(期次, [序时方式])."""
        shown = (f"[{title}]" if optional else title for title, _, optional in self.arguments)
        return f"{self.name}({', '.join(shown)})"


def describe(function: Callable[..., Any]) -> Described:
    """From docstring and argument descriptions."""
    purpose, _, rest = (function.__doc__ or "").partition(EXAMPLE)
    example, _, result = rest.partition(_GIVES)
    hints = get_type_hints(function, include_extras=True)
    arguments = tuple(
        _argument(hints[name].__metadata__[0]["doc"], parameter)
        for name, parameter in inspect.signature(function).parameters.items()
    )
    return Described(function.__name__, purpose.strip(), f"{example})", result, arguments)


def _argument(doc: str, parameter: inspect.Parameter) -> tuple[str, str, bool]:
    title, _, explanation = doc.partition(":")
    return title, explanation, parameter.default is not inspect.Parameter.empty


def page() -> str:
    """The whole page as Markdown."""
    from kaohe.faces.functions import FUNCTIONS

    described = [describe(function) for function in FUNCTIONS]
    functions = f"## 函数表\n\n方括号里的参数可以不写。\n\n{_functions_table(described)}"
    return f"{_HEAD}\n{functions}\n\n## 参数\n\n{_arguments_table(described)}\n"


def _functions_table(described: list[Described]) -> str:
    rows = ["| 函数 | 作用 | 例 | 结果 |", "|---|---|---|---|"]
    rows += [
        f"| `{one.call}` | {_cell(one.purpose)} | `={_cell(one.example)}` | {_cell(one.result)} |"
        for one in described
    ]
    return "\n".join(rows)


def _arguments_table(described: list[Described]) -> str:
    """Every argument once, with the functions that take it."""
    takers: dict[tuple[str, str], list[str]] = {}
    for one in described:
        for title, explanation, _ in one.arguments:
            takers.setdefault((title, explanation), []).append(one.name)
    rows = ["| 参数 | 填什么 | 用于 |", "|---|---|---|"]
    rows += [
        f"| {title} | {_cell(explanation)} | {'、'.join(names)} |"
        for (title, explanation), names in takers.items()
    ]
    return "\n".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
