"""The buttons of the ribbon tab 绩效考核: one table, from which the ribbon and the VBA callbacks are made.

``python -m kaohe.faces.buttons addin`` writes both files anew after the table was changed; a test compares.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import quoteattr

TAB = "绩效考核"
TAB_ID = "kaoheTab"
NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
CALLBACK_MODULE = "KaoheRibbon"
PYTHON_MODULE = "kaohe.faces.ribbon"
RIBBON_FILE = "ribbon.xml"
CALLBACK_FILE = f"{CALLBACK_MODULE}.bas"
UNIT, OFFICE, YEAR = "unit", "office", "year"
GROUPS = {UNIT: "填报单位", OFFICE: "考核办", YEAR: "审定公布"}
"""Group → its label, in the order of the ribbon."""


@dataclass(frozen=True)
class Button:
    """A button: ``image`` is an icon of Office (imageMso), ``python`` a function of kaohe.faces.ribbon."""

    id: str
    group: str
    label: str
    screentip: str
    supertip: str
    image: str
    python: str
    size: Literal["large", "normal"] = "large"

    @property
    def callback(self) -> str:
        """The Sub that the ribbon calls."""
        return f"Click_{self.python}"


BUTTONS = (
    Button(
        "checkForm",
        UNIT,
        "校验本表",
        "校验本表的填写",
        "逐行检查完成值、原因和措施,列出问题和改法。不改动填写的内容,不必先保存。",
        "AcceptInvitation",
        "check_form",
    ),
    Button(
        "nextProblem",
        UNIT,
        "下一处问题",
        "跳到下一处问题",
        "选中下一个有问题的单元格,并说明怎样改。",
        "FindDialog",
        "next_problem",
    ),
    Button(
        "readTypedValues",
        UNIT,
        "识别填写值",
        "看看填写的内容会被当作什么数",
        "对“约80万元”“百分之九十二”这样的填写,列出识别出的数或不能识别的原因;确切的数经您同意后改写进表。",
        "ConvertTextToTable",
        "read_typed_values",
    ),
    Button(
        "saveReturn",
        UNIT,
        "另存上报件",
        "校验后另存一份用于上报",
        "按规定的文件名把本表另存为 .xlsx;有错误时先列出错误。正在编辑的文件不变。",
        "FileSaveAs",
        "save_return",
    ),
    Button(
        "newMaster",
        OFFICE,
        "新建总表",
        "由内置方案或空白方案新建总表",
        "新建一份总表。已有的文件不会被覆盖。",
        "FileNew",
        "new_master",
    ),
    Button(
        "issueForms",
        OFFICE,
        "生成自测表",
        "按总表为各单位生成自测完成情况表",
        "用打开的总表(包括未保存的改动)生成各单位的自测表,并在《下发登记》记下编号。",
        "FileSendAsAttachment",
        "issue_forms",
    ),
    Button(
        "consolidate",
        OFFICE,
        "汇总",
        "读取回收的自测表,计分排名",
        "读取回收文件夹中的自测表,结果写进打开的总表:排名、得分明细、失分分析、进度预警、问题清单。",
        "AutoSum",
        "consolidate",
    ),
    Button(
        "showIssues",
        OFFICE,
        "问题清单",
        "查看汇总时发现的问题",
        "转到总表的《问题清单》;每一条写明文件、单元格和改法。",
        "ErrorChecking",
        "show_issues",
    ),
    Button(
        "explainScore",
        OFFICE,
        "得分说明",
        "说明选中的得分是怎么来的",
        "在《排名》选一行说明总分和名次,在《得分明细》选一行说明该项得分:谁填的、在哪个单元格、目标、公式、代入的数、决定。可写成一张表打印。",
        "FunctionWizard",
        "explain_score",
    ),
    Button(
        "checkScheme",
        OFFICE,
        "方案检查",
        "检查总表中的方案",
        "检查权重合计、代码、公式、目标和参数是否齐全、一致,列出要改的地方。不写任何结果。",
        "DataValidation",
        "check_scheme",
    ),
    Button(
        "decideResults",
        YEAR,
        "审定",
        "登记审定的一步,锁定结果",
        "锁定《审定》中填好的一步;没有等待锁定的,转到《审定》,说明下一步填什么、先要解决什么。",
        "Lock",
        "decide",
    ),
    Button(
        "publishDocuments",
        YEAR,
        "出文书",
        "出通报、公示、反馈单、总览等文书",
        "写到总表旁边“文书”的新文件夹。没有公布的结果标为送审稿。要先保存总表。",
        "FileSaveAsWordDocx",
        "publish",
    ),
    Button(
        "auditResults",
        YEAR,
        "复核",
        "用几种互不相干的办法重算全部结果",
        "列出每个不符的单元格,选中第一个;有不符的另存《核对结果》。总表不动。要先保存总表。",
        "FormulaEvaluate",
        "audit",
    ),
    Button(
        "tryRules",
        YEAR,
        "试算",
        "看哪些名次站得住",
        "权重小变几千次,看名次变不变;写成总表旁边的“试算.xlsx”。总表不动。要先保存总表。",
        "WhatIfAnalysisMenu",
        "try_rules",
    ),
    Button(
        "compareMasters",
        YEAR,
        "比对",
        "与备份比较,看结果变了什么、因为什么",
        "选一份备份,写成总表旁边的“变化.xlsx”。总表不动。要先保存总表。",
        "ReviewTrackChangesMenu",
        "compare",
    ),
    Button(
        "closeYear",
        YEAR,
        "归档",
        "把公布的结果和全部材料封成一个包",
        "先复核,再把总表、方案、报送原件、佐证材料、文书封成一个带校验目录的包,给出封存码。公布以后才能归档。",
        "FileMarkAsFinal",
        "close_year",
    ),
    Button(
        "rollOver",
        YEAR,
        "结转",
        "由本年度的总表做出下一年度的总表",
        "完成值转为上年值,结果记入历史,督办继续。本年度的总表不动。公布以后才能结转。",
        "FillRight",
        "roll_over",
    ),
    Button(
        "restoreBackup",
        YEAR,
        "恢复备份",
        "列出备份,说明怎样恢复",
        "总表开着时不能恢复:列出“备份”里的各份和要运行的命令。",
        "Undo",
        "restore_backup",
    ),
    Button(
        "showHelp",
        OFFICE,
        "帮助",
        "操作手册和版本",
        "显示版本,说明操作手册和日志在哪里。",
        "Help",
        "show_help",
    ),
)


def ribbon_xml(buttons: tuple[Button, ...] = BUTTONS) -> str:
    """The customUI part (2009/07): one tab, a group for each kind of user that has buttons."""
    lines = [f'<customUI xmlns="{NAMESPACE}">', "  <ribbon>", "    <tabs>"]
    lines.append(f'      <tab id="{TAB_ID}" label={quoteattr(TAB)}>')
    for group, label in GROUPS.items():
        lines.append(f'        <group id="kaohe_{group}" label={quoteattr(label)}>')
        lines += [_button_xml(button) for button in buttons if button.group == group]
        lines.append("        </group>")
    lines += ["      </tab>", "    </tabs>", "  </ribbon>", "</customUI>"]
    return "".join(f"{line}\n" for line in ('<?xml version="1.0" encoding="UTF-8"?>', *lines))


def _button_xml(button: Button) -> str:
    attributes = {
        "id": button.id,
        "label": button.label,
        "screentip": button.screentip,
        "supertip": button.supertip,
        "imageMso": button.image,
        "size": button.size,
        "onAction": f"{CALLBACK_MODULE}.{button.callback}",
    }
    said = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return f"          <button {said}/>"


def callbacks(buttons: tuple[Button, ...] = BUTTONS) -> str:
    """The VBA module with one Sub a button."""
    lines = [
        f'Attribute VB_Name = "{CALLBACK_MODULE}"',
        "Option Explicit",
        "'One Sub a button of the ribbon; written by kaohe.faces.buttons from its table.",
    ]
    for button in buttons:
        lines += [
            "",
            f"Public Sub {button.callback}(control As IRibbonControl)",
            "    EnsureBook",
            f'    RunPython "import {PYTHON_MODULE} as r; r.{button.python}()"',
            "End Sub",
        ]
    lines += [
        "",
        "Private Sub EnsureBook()",
        "    'RunPython needs an active workbook, also before a master is made.",
        "    If ActiveWorkbook Is Nothing Then Workbooks.Add",
        "End Sub",
    ]
    return "".join(f"{line}\n" for line in lines)


def write_sources(folder: Path) -> None:
    """Both files into the folder of the add-in's sources."""
    (folder / RIBBON_FILE).write_text(ribbon_xml(), encoding="utf-8", newline="\n")
    (folder / CALLBACK_FILE).write_text(callbacks(), encoding="ascii", newline="\n")


if __name__ == "__main__":
    write_sources(Path(sys.argv[1]))
