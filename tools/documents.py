"""Regenerate templates/文书/: the Word templates of what is published (`python -m tools.documents`).

An office edits a copy in Word and gives its folder with ``kaohe publish --templates``. Tags are those of
docxtpl: ``{{ 单位 }}`` stands for a text, ``{%p … %}`` and ``{%tr … %}`` steer a whole paragraph or row.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tools.documents_xml import TEXT_WIDTH, cell, document, on_new_page, para, row, steer, table, tag

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "文书"
GUARD = 120
"""Twips of a cell that only steers: it is gone from the finished document."""
HEADER = "{{ 状态说明 }}"
DECLARED = [tag("{%p if 数据声明 %}"), para("notice", "{{ 数据声明 }}"), tag("{%p endif %}")]
KEPT = "<w:keepNext/>"
"""The end of the text stays with who signs: no page with a signature alone."""
SIGNED = [para("a", "", KEPT), para("sign", "{{ 考核机关 }}"), para("sign", "{{ 日期 }}")]


def listing() -> list[str]:
    """The tables of results by group: only the columns that may be shown."""
    shown = (
        (1500, "名次", "公开.名次", "{{ 行.名次 }}"),
        (3844 - 8 * GUARD, "{{ 称谓 }}", "", "{{ 行.单位 }}"),
        (1300, "得分", "公开.得分", "{{ 行.得分 }}"),
        (1100, "得分率%", "公开.得分率", "{{ 行.得分率 }}"),
        (1100, "等次", "公开.等次", "{{ 行.等次 }}"),
    )
    head: list[str] = []
    body: list[str] = []
    for width, title, condition, text in shown:
        style = "left" if not condition else "cell"
        for cells, words, look in ((head, title, "head"), (body, text, style)):
            inside = cell(width, words, look)
            if condition:
                guard, end = cell(GUARD, f"{{%tc if {condition} %}}"), cell(GUARD, "{%tc endif %}")
                cells += [guard, inside, end]
            else:
                cells.append(inside)
    widths: list[int] = []
    for width, _, condition, _ in shown:
        widths += [GUARD, width, GUARD] if condition else [width]
    ranked = [
        row(head, head=True),
        steer("{%tr for 行 in 组.各行 %}", len(widths)),
        row(body),
        steer("{%tr endfor %}", len(widths)),
    ]
    return [
        tag("{%p for 组 in 各组 %}"),
        para("h2", "{{ 组.序号 }}{{ 组.名称 }}（{{ 组.个数 }}个）"),
        tag("{%p if 公开.成表 %}"),
        table(widths, ranked),
        tag("{%p else %}"),
        tag("{%p for 档 in 组.各等次 %}"),
        para("a", "{{ 档.等次 }}（{{ 档.个数 }}个）：{{ 档.名单 }}。"),
        tag("{%p endfor %}"),
        tag("{%p endif %}"),
        tag("{%p if 组.说明 %}"),
        para("note", "{{ 组.说明 }}"),
        tag("{%p endif %}"),
        tag("{%p endfor %}"),
    ]


def notice() -> list[str]:
    """通报: what was assessed, the results, who is commended and reminded; all results as an annex."""
    return [
        para("title", "{{ 标题 }}"),
        tag("{%p if 文号 %}"),
        para("number", "{{ 文号 }}"),
        tag("{%p endif %}"),
        para("flush", "{{ 主送 }}："),
        para(
            "a",
            "按照《{{ 方案 }}》和年度工作安排，{{ 考核机关 }}组织了{{ 期次 }}考核，考核对象{{ 总数 }}个，"
            "{{ 分组说明 }}。{{ 审定说明 }}现将结果通报如下。",
        ),
        para("h1", "一、考核结果"),
        tag("{%p for 组 in 各组 %}"),
        tag("{%p if 公开.成表 %}"),
        para("a", "{{ 组.序号 }}{{ 组.名称 }}（{{ 组.个数 }}个）。{{ 组.摘要 }}"),
        tag("{%p else %}"),
        para("h2", "{{ 组.序号 }}{{ 组.名称 }}（{{ 组.个数 }}个）"),
        tag("{%p for 档 in 组.各等次 %}"),
        para("a", "{{ 档.等次 }}（{{ 档.个数 }}个）：{{ 档.名单 }}。"),
        tag("{%p endfor %}"),
        tag("{%p endif %}"),
        tag("{%p endfor %}"),
        tag("{%p if 公开.成表 %}"),
        para("a", "全部考核结果见附件。"),
        tag("{%p endif %}"),
        tag("{%p for 节 in 结果运用 %}"),
        para("h1", "{{ 节.序号 }}、{{ 节.标题 }}"),
        tag("{%p for 项 in 节.各项 %}"),
        para("a", "{{ 项.事项 }}（{{ 项.个数 }}个）：{{ 项.名单 }}。"),
        tag("{%p endfor %}"),
        tag("{%p endfor %}"),
        para("a", "{{ 结语 }}", KEPT),
        para("a", "", KEPT),
        tag("{%p if 公开.成表 %}"),
        para("a", "附件：{{ 期次 }}考核结果表", KEPT),
        tag("{%p endif %}"),
        *SIGNED,
        *DECLARED,
        tag("{%p if 公开.成表 %}"),
        on_new_page("flush", "附件"),
        para("title", "{{ 期次 }}考核结果表"),
        *listing(),
        tag("{%p endif %}"),
    ]


def publicity() -> list[str]:
    """公示: the results that may be shown, the bonuses, for how long, and where to object."""
    bonuses = [
        row(
            [
                cell(w, t, "head")
                for w, t in zip((2400, 2100, 3244, 1100), ("{{ 称谓 }}", "项目", "事由", "分数"), strict=True)
            ],
            head=True,
        ),
        steer("{%tr for 行 in 节.各行 %}", 4),
        row(
            [
                cell(2400, "{{ 行.单位 }}", "left"),
                cell(2100, "{{ 行.项目 }}", "left"),
                cell(3244, "{{ 行.事由 }}", "left"),
                cell(1100, "{{ 行.分数 }}"),
            ]
        ),
        steer("{%tr endfor %}", 4),
    ]
    return [
        para("title", "{{ 标题 }}"),
        para(
            "a",
            "按照《{{ 方案 }}》和年度工作安排，{{ 考核机关 }}组织了{{ 期次 }}考核。{{ 审定说明 }}"
            "现将结果予以公示，{{ 公示期 }}。",
        ),
        para(
            "a",
            "公示期内如有异议，请以书面形式向{{ 考核机关 }}反映{{ 联系说明 }}。以单位名义反映的，"
            "应加盖公章；以个人名义反映的，应署真实姓名并留联系电话。反映的情况应当具体、真实。",
            KEPT,
        ),
        *SIGNED,
        *DECLARED,
        on_new_page("title", "{{ 期次 }}考核结果"),
        *listing(),
        tag("{%p for 节 in 加减分 %}"),
        para("h2", "{{ 节.标题 }}"),
        table((2400, 2100, 3244, 1100), bonuses),
        tag("{%p endfor %}"),
    ]


def _table(columns: Sequence[tuple[int, str, str, str]], loop: str) -> str:
    """(width, title, tag, style) per column; one row for each in ``loop``."""
    widths = [width for width, *_ in columns]
    return table(
        widths,
        [
            row([cell(width, title, "smallhead") for width, title, _, _ in columns], head=True),
            steer("{%tr for 行 in " + loop + " %}", len(columns)),
            row([cell(width, text, style) for width, _, text, style in columns]),
            steer("{%tr endfor %}", len(columns)),
        ],
    )


def _seals(left: str, right: str) -> str:
    """Who signs on either side; the rows stay together on a page."""
    half = TEXT_WIDTH // 2
    lines = (
        (left, right, 1),
        ("负责人（签字）：", "负责人（签字）：", 2),
        ("（盖章）", "（盖章）", 2),
        ("     年   月   日", "     年   月   日", 1),
    )
    rows = [
        row([cell(half, one, "seal", lines=tall), cell(half, other, "seal", lines=tall)])
        for one, other, tall in lines
    ]
    return table((half, half), rows, border="nil")


def task() -> list[str]:
    """任务书: the targets of the year, for both sides to sign before there is any result (Y2, WXJ0, XN1)."""
    columns = (
        (500, "序号", "{{ 行.序号 }}", "small"),
        (2200, "考核内容", "{{ 行.指标 }}", "smallleft"),
        (700, "计量单位", "{{ 行.计量单位 }}", "small"),
        (900, "上年值", "{{ 行.上年值 }}", "small"),
        (900, "年度目标", "{{ 行.目标 }}", "small"),
        (644, "分值", "{{ 行.分值 }}", "small"),
        (3000, "要求", "{{ 行.要求 }}", "smallleft"),
    )
    return [
        para("title", "{{ 年度 }}年度目标任务书"),
        para("number", "（{{ 单位 }}）"),
        para("a", "为落实《{{ 方案 }}》，{{ 考核机关 }}与{{ 单位 }}就{{ 年度 }}年度目标任务约定如下。"),
        para("h1", "一、目标任务"),
        _table(columns, "各行"),
        tag("{%p if 说明 %}"),
        para("note", "{{ 说明 }}"),
        tag("{%p endif %}"),
        para("h1", "二、责任"),
        para(
            "a",
            "{{ 单位 }}对上述目标任务负责，按时报送进展，所报数据真实、有据可查。{{ 考核机关 }}按照《"
            "{{ 方案 }}》考核，考核结果反馈本{{ 称谓 }}。目标任务确需调整的，须经{{ 考核机关 }}书面同意。",
        ),
        para("a", "本任务书一式两份，双方各执一份。"),
        _seals("考核机关：{{ 考核机关 }}", "责任{{ 称谓 }}：{{ 单位 }}"),
        *DECLARED,
    ]


def reminder() -> list[str]:
    """催报: the letter as kaohe words it (Y5)."""
    return [
        para("title", "关于报送考核材料的函"),
        para("flush", "{{ 称呼 }}"),
        tag("{%p for 段 in 各段 %}"),
        para("a", "{{ 段 }}"),
        tag("{%p endfor %}"),
        *SIGNED,
        *DECLARED,
    ]


def appeal() -> list[str]:
    """申诉表: blank, with the unit's own figures (Y9)."""
    widths = (1500, 2922, 1500, 2922)
    wide = sum(widths[1:])

    def pair(*texts: str) -> str:
        styles = ("head", "cell") * 2
        return row([cell(w, t, s) for w, t, s in zip(widths, texts, styles, strict=True)], height=480)

    def block(title: str, lines: int, text: str = "") -> str:
        return row([cell(widths[0], title, "head"), cell(wide, text, "left", span=3, lines=lines)])

    columns = (
        (900, "代码", "{{ 行.代码 }}", "small"),
        (3744, "考核内容", "{{ 行.指标 }}", "smallleft"),
        (1200, "目标值", "{{ 行.目标 }}", "small"),
        (1200, "完成值", "{{ 行.完成 }}", "small"),
        (900, "满分", "{{ 行.满分 }}", "small"),
        (900, "得分", "{{ 行.得分 }}", "small"),
    )
    return [
        para("title", "考核结果申诉（异议）表"),
        table(
            widths,
            [
                pair("{{ 称谓 }}", "{{ 单位 }}", "考核期次", "{{ 期次 }}"),
                pair("得分", "{{ 得分 }}", "名次、等次", "{{ 名次等次 }}"),
                pair("联系人", "", "联系电话", ""),
                pair("类别", "□申诉  □公示异议", "提出日期", "    年  月  日"),
                block("申诉的\n考核内容", 2, "（指标代码和名称，见附表）"),
                block("申诉请求\n和理由", 6),
                block("证明材料", 2, "（名称和份数，随表附送）"),
                block("{{ 称谓 }}意见", 3, "负责人（签字、盖章）：             年  月  日"),
                block("受理情况", 2, "受理人：             受理日期：    年  月  日"),
                block("核查情况", 3),
                block("处理决定", 3, "□维持  □变更为：             依据："),
            ],
        ),
        para("note", "{{ 期限说明 }}"),
        *DECLARED,
        on_new_page("flush", "附表"),
        para("title", "{{ 单位 }}得分明细"),
        _table(columns, "各行"),
        para("note", "{{ 合计说明 }}"),
    ]


def opinions() -> list[str]:
    """征求意见表: blank, for a draft of the scheme (Y1)."""
    widths = (700, 2300, 3144, 2700)
    blank = [row([cell(w, "") for w in widths], height=800) for _ in range(7)]
    return [
        para("title", "《{{ 方案 }}》"),
        para("title", "征求意见表"),
        para(
            "a",
            "请对《{{ 方案 }}》（征求意见稿）提出意见，经负责人审核盖章后{{ 报回说明 }}。没有意见的，"
            "请填“无意见”。",
        ),
        table(
            (1500, 2922, 1500, 2922),
            [
                row(
                    [
                        cell(1500, "{{ 称谓 }}", "head"),
                        cell(2922, ""),
                        cell(1500, "填表日期", "head"),
                        cell(2922, "    年  月  日"),
                    ],
                    height=480,
                ),
                row(
                    [
                        cell(1500, "联系人", "head"),
                        cell(2922, ""),
                        cell(1500, "联系电话", "head"),
                        cell(2922, ""),
                    ],
                    height=480,
                ),
            ],
        ),
        para("note", ""),
        table(
            widths,
            [
                row(
                    [
                        cell(w, t, "head")
                        for w, t in zip(widths, ("序号", "条款或指标代码", "修改意见", "理由"), strict=True)
                    ],
                    head=True,
                ),
                *blank,
            ],
        ),
        para("note", "负责人（签字、盖章）："),
        *DECLARED,
    ]


def adopted() -> list[str]:
    """征求意见采纳情况表: the register 征求意见 for those who decide (Y1)."""
    columns = (
        (560, "序号", "{{ 行.序号 }}", "small"),
        (1500, "来自", "{{ 行.来自 }}", "smallleft"),
        (1084, "条款", "{{ 行.条款 }}", "smallleft"),
        (2700, "意见", "{{ 行.意见 }}", "smallleft"),
        (900, "处理", "{{ 行.处理 }}", "small"),
        (2100, "理由", "{{ 行.理由 }}", "smallleft"),
    )
    return [
        para("title", "《{{ 方案 }}》"),
        para("title", "征求意见采纳情况表"),
        para("a", "{{ 小结 }}"),
        _table(columns, "各行"),
        *SIGNED,
        *DECLARED,
    ]


DOCUMENTS = {
    "通报": notice,
    "公示": publicity,
    "任务书": task,
    "催报": reminder,
    "申诉表": appeal,
    "征求意见表": opinions,
    "征求意见采纳情况表": adopted,
}


def build(name: str) -> bytes:
    """The template of that name; the same bytes every time."""
    return document(name, DOCUMENTS[name](), HEADER)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in DOCUMENTS:
        (FOLDER / f"{name}.docx").write_bytes(build(name))
