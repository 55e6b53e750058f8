"""The Word templates of documents: ours, and the ones an office edited."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from kaohe.jobs.common import JobError, make_folder, read_bytes
from kaohe.workbooks.package import AlreadyThere, write_new
from kaohe.workbooks.word import WordTemplate

TEMPLATES = ("通报", "公示", "任务书", "催报", "申诉表", "征求意见表", "征求意见采纳情况表")
"""Kinds of documents that are Word documents: the names of their templates."""
TEMPLATE_FOLDER = "文书"
HELP = "标签说明.txt"


def template(kind: str, folder: Path | None) -> WordTemplate:
    """The office's own template where its folder has one, else ours. Raises JobError, BrokenTemplateError."""
    name = f"{kind}.docx"
    if folder is not None and (folder / name).exists():
        return WordTemplate(name, read_bytes(folder / name, "文书模板"))
    return WordTemplate(name, (files("kaohe.templates") / TEMPLATE_FOLDER / name).read_bytes())


def expect_templates(folder: Path | None) -> None:
    """JobError for a folder that is not there or holds no template of ours: a wrong name would go unseen."""
    if folder is None:
        return
    if not folder.is_dir():
        raise JobError(f"模板文件夹“{folder}”不存在。请核对 --templates。")
    known = {f"{kind}.docx" for kind in TEMPLATES}
    if not any(path.name in known for path in folder.iterdir()):
        raise JobError(f"模板文件夹“{folder}”中没有可用的模板。模板的文件名应为:{'、'.join(sorted(known))}。")


def copy_templates(folder: Path) -> tuple[list[Path], list[Path]]:
    """Put our templates into a folder, to be edited in Word: (written, left alone because they are there)."""
    make_folder(folder)
    written: list[Path] = []
    kept: list[Path] = []
    for kind in TEMPLATES:
        path = folder / f"{kind}.docx"
        data = (files("kaohe.templates") / TEMPLATE_FOLDER / path.name).read_bytes()
        try:
            write_new(path, data, durable=False)
            written.append(path)
        except AlreadyThere:
            kept.append(path)
    write_new(folder / HELP, help_text().encode("utf-8-sig"), overwrite=True, durable=False)
    return written, kept


def help_text() -> str:
    """标签说明.txt: every tag of every template, as it is typed in Word."""
    lines = [
        "文书模板中的标签。改字体、字句、次序、版面都可以;标签的写法要照原样,用不着的可以删去。",
        "{{ 名称 }} 换成内容;{%p … %} 管整段,{%tr … %} 管整行,{%tc … %} 管整格,",
        "都要成对(for 到 endfor,if 到 endif),哪里有见模板。",
        "改坏了会说明是哪个模板的哪个标签;删去某个模板,就用自带的。",
    ]
    for kind in TEMPLATES:
        tags = dict.fromkeys(tag for tag in template(kind, None).tags if tag.startswith("{{"))
        lines += ["", f"{kind}.docx", *(f"    {tag}" for tag in tags)]
    return "\r\n".join(lines) + "\r\n"
