"""Draw the manual's pictures from real files: examples are made, LibreOffice prints them, pages are cropped.

    python -m tools.pictures               every picture into docs/图/
    python -m tools.pictures 等次 打分表    only these

Unlike the rest of this folder it needs kaohe and the developers' tools installed, LibreOffice, CJK fonts and
poppler (pdftoppm). Nothing is drawn by hand: after a change of the sheets' looks, run it again.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops
from python_calamine import CalamineWorkbook

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.demo import INBOX, MASTER, demo, demo_periods
from kaohe.workbooks.package import fill
from tools.pictures_year import BOOKS, DECIDED, FEEDBACK, NOTICE, OVERVIEW, SHOWN, year_books

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "图"
NEEDS = (
    "需要 LibreOffice 等:apt-get install libreoffice-calc libreoffice-writer python3-uno fonts-noto-cjk "
    "poppler-utils"
)
FINISHED, UNFINISHED, FORM = "完成", "未完", "表"
GRADED, MARKING, LEVELS = "等次", "打分", "对接"
"""Books of other schemes: one with grades and outcomes, a 考评打分表, one with targets of two levels."""
WIDTH = 1400
"""Pixels across a picture."""
PAPER = 595
"""Points across A4."""
MOST_BYTES = 200_000
_WHOLE_SHEETS = {"SinglePageSheets": {"type": "boolean", "value": "true"}}
"""Every sheet on one page of its own size, so that the n-th page is the n-th sheet."""
_LATE = dt.datetime(2007, 7, 13, 9, 0, 0)
_RUN = dt.datetime(2007, 7, 14, 9, 0, 0)


@dataclass(frozen=True)
class Picture:
    """A piece of a sheet from its upper left corner; sizes in points, 0 for the whole sheet.

    ``sheet``: '' for the first page of a document.
    """

    name: str
    book: str
    sheet: str
    width: float = 0
    height: float = 0


PICTURES = (
    Picture("排名", FINISHED, "排名"),
    Picture("自测表", FORM, "自测表", height=560),
    Picture("方案", FINISHED, "方案", height=420),
    Picture("指标", FINISHED, "指标", height=420),
    Picture("目标", FINISHED, "目标", height=300),
    Picture("计分方法", FINISHED, "计分方法", height=520),
    Picture("得分明细", FINISHED, "得分明细", height=420),
    Picture("失分分析", FINISHED, "失分分析"),
    Picture("进度预警", FINISHED, "进度预警", height=420),
    Picture("问题清单", UNFINISHED, "问题清单", height=420),
    Picture("报送情况", UNFINISHED, "报送情况", width=1120),
    Picture("排名-暂定", UNFINISHED, "排名"),
    Picture("填报数据", FINISHED, "填报数据", width=1300, height=300),
    Picture("下发登记", FINISHED, "下发登记", height=240),
    Picture("方案版本", FINISHED, "方案版本", height=300),
    Picture("运行记录", FINISHED, "运行记录"),
    Picture("等次", GRADED, "排名", height=210),
    Picture("加减分汇总", GRADED, "加减分汇总", height=130),
    Picture("结果运用", GRADED, "结果运用", height=260),
    Picture("打分表", MARKING, "打分表", height=420),
    Picture("目标对接", LEVELS, "目标对接", height=420),
    Picture("图表", GRADED, "图表", height=376),
    Picture("进度热图", GRADED, "进度热图", height=260),
    Picture("审定", DECIDED, "审定"),
    Picture("定稿登记", DECIDED, "定稿登记", height=150),
    Picture("通报", NOTICE, "", width=PAPER, height=440),
    Picture("公示", SHOWN, "", width=PAPER, height=520),
    Picture("反馈单", FEEDBACK, "", height=560),
    Picture("总览", OVERVIEW, "", width=945, height=650),
)


def main(names: Sequence[str] = ()) -> int:
    """Make the pictures (of these names) anew; 0 when done, 1 when something it needs is missing."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None or shutil.which("pdftoppm") is None:
        print(NEEDS, file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kaohe-pictures-") as name:
        work = Path(name)
        wanted = [picture for picture in PICTURES if not names or picture.name in names]
        books = make_books(work, {picture.book for picture in wanted})
        pages = {key: print_pages(soffice, path, work) for key, path in books.items()}
        for picture in wanted:
            path, sheets = pages[picture.book]
            page = sheets.index(picture.sheet) + 1 if picture.sheet else 1
            save(crop(draw(path, page, picture, work)), picture.name)
    return 0


def make_books(work: Path, keys: Set[str]) -> dict[str, Path]:
    """The workbooks to draw, by key."""
    books: dict[str, Path] = {}
    if keys & {FINISHED, UNFINISHED, FORM}:
        made = demo("BH", work / "演示")
        form = next((made.folder / INBOX).glob("北塘区-*.xlsx"))
        books[FINISHED] = made.folder / MASTER
        books[UNFINISHED] = unfinished(made.folder, work / "未完")
        books[FORM] = Path(shutil.copy(form, work / "form.xlsx"))
    if keys & {GRADED, MARKING, *BOOKS}:
        made = demo("WX-J", work / "机关")
        marks = next((made.folder / INBOX).glob("督查室-*.xlsx"))
        books[GRADED] = made.folder / MASTER
        books[MARKING] = Path(shutil.copy(marks, work / "marks.xlsx"))
        books |= year_books(made.folder, work) if keys & BOOKS else {}
    if LEVELS in keys:
        books[LEVELS] = demo("XT", work / "省市").folder / MASTER
    return {key: path for key, path in books.items() if key in keys}


def unfinished(example: Path, folder: Path) -> Path:
    """A master of the same period with one return missing, one late, one with a word for a number."""
    shutil.copytree(example / INBOX, folder / INBOX)
    master = folder / MASTER
    issued = sorted((example / "备份").glob("总表.*.xlsx"))[-1]
    shutil.copy(issued, master)
    inbox = folder / INBOX
    next(inbox.glob("滨湖区-公安分局-*.xlsx")).unlink()
    late = next(inbox.glob("锡山区-*.xlsx"))
    os.utime(late, (_LATE.timestamp(), _LATE.timestamp()))
    typed = next(inbox.glob("南长区-*.xlsx"))
    kept = typed.stat().st_mtime
    typed.write_bytes(fill(typed.read_bytes(), "自测表", {(8, 11): "约67"}))
    os.utime(typed, (kept, kept))
    scan = inbox / "签字扫描件.pdf"
    scan.write_bytes(b"%PDF-1.4\n")
    consolidate(master, inbox, period_code=demo_periods()["BH"].code, clock=lambda: _RUN)
    return master


def print_pages(soffice: str, book: Path, work: Path) -> tuple[Path, list[str]]:
    """The workbook as PDF, one page a sheet, and its sheets' names in that order; none of a document."""
    words = book.suffix == ".docx"
    sheets = [] if words else CalamineWorkbook.from_path(str(book)).sheet_names
    out = work / "pdf" / book.parent.name
    _run(
        soffice,
        f"-env:UserInstallation={(work / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        "pdf" if words else f"pdf:calc_pdf_Export:{json.dumps(_WHOLE_SHEETS)}",
        "--outdir",
        str(out),
        str(book),
    )
    return out / f"{book.stem}.pdf", sheets


def draw(pdf: Path, page: int, picture: Picture, work: Path) -> Path:
    """One page, cropped, as a PNG about WIDTH pixels across."""
    across, down = _page_size(pdf, page)
    if not picture.width:
        across = min(across, _filled_width(pdf, page, work))
    width = min(picture.width or across, across)
    height = min(picture.height or down, down)
    dots = WIDTH * 72 / width
    size = [str(int(points * dots / 72)) for points in (width, height)]
    target = work / f"page-{page}-{picture.book}"
    area = ("-x", "0", "-y", "0", "-W", size[0], "-H", size[1])
    numbers = ("-f", str(page), "-l", str(page))
    _run("pdftoppm", "-png", "-singlefile", "-r", f"{dots:.2f}", *numbers, *area, str(pdf), str(target))
    return target.with_name(f"{target.name}.png")


def _page_size(pdf: Path, page: int) -> tuple[float, float]:
    """Width and height of a page in points."""
    told = _run("pdfinfo", "-f", str(page), "-l", str(page), str(pdf))
    words = next(line for line in told.splitlines() if line.startswith("Page") and "size" in line).split()
    return float(words[3]), float(words[5])


def _filled_width(pdf: Path, page: int, work: Path) -> float:
    """How far to the right something stands on a page, in points: long sheets fill half of theirs."""
    target = work / "outline"
    _run(
        "pdftoppm", "-png", "-singlefile", "-r", "24", "-f", str(page), "-l", str(page), str(pdf), str(target)
    )
    box = _filled(Image.open(target.with_name("outline.png")).convert("RGB"))
    return (box[2] + 1) * 72 / 24 if box else _page_size(pdf, page)[0]


def _filled(image: Image.Image) -> tuple[int, int, int, int] | None:
    """The box around what is not white."""
    return ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()


def crop(path: Path) -> Image.Image:
    """The picture without its white right and lower margins, in 64 colours."""
    image = Image.open(path).convert("RGB")
    box = _filled(image)
    if box:
        image = image.crop((0, 0, min(box[2] + 4, image.width), min(box[3] + 4, image.height)))
    return image.quantize(64)


def save(image: Image.Image, name: str) -> None:
    """Into docs/图; raises ValueError when the file would be too large for the repository."""
    target = FOLDER / f"{name}.png"
    image.save(target, optimize=True)
    size = target.stat().st_size
    print(f"{target.name}  {image.width}×{image.height}  {size // 1000} kB")
    if size > MOST_BYTES:
        raise ValueError(f"{target.name}: {size} bytes")


def _run(*command: str) -> str:
    """Run a program; its output."""
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=300).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
