"""What a file is, told from its first bytes; its name is believed only for Office's own lock files."""

from __future__ import annotations

from kaohe.workbooks.guard_types import Limits, Refused

ZIP = "zip"
OLE = "ole"

# (first bytes, kind, what it is in Chinese); archives are refused with another remedy than other formats.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "pdf", " PDF 文档"),
    (b"\xff\xd8\xff", "image", "图片(JPEG)"),
    (b"\x89PNG", "image", "图片(PNG)"),
    (b"GIF8", "image", "图片(GIF)"),
    (b"BM", "image", "图片(BMP)"),
    (b"II*\x00", "image", "图片(TIFF)"),
    (b"MM\x00*", "image", "图片(TIFF)"),
    (b"{\\rtf", "rtf", " RTF 文档"),
    (b"MZ", "program", "可执行程序"),
    (b"\x7fELF", "program", "可执行程序"),
    (b"\x09\x00\x04\x00", "biff", "非常老的 Excel 2.x 文件"),
    (b"\x09\x02\x06\x00", "biff", "非常老的 Excel 3.0 文件"),
    (b"\x09\x04\x06\x00", "biff", "非常老的 Excel 4.0 文件"),
)
_ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"),
)
_OWNER_PREFIXES = ("~$", ".~lock.", ".~")


def sniff(data: bytes, name: str, limits: Limits) -> str:
    """'zip' or 'ole'; anything else raises Refused with what the file is."""
    if name.replace("\\", "/").rsplit("/", 1)[-1].startswith(_OWNER_PREFIXES):
        raise Refused("owner_file")
    if not data:
        raise Refused("empty")
    if len(data) > limits.file:
        raise Refused("too_big", size=len(data) >> 20, limit=limits.file >> 20)
    if data.startswith(b"PK\x03\x04"):
        return ZIP
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLE
    _refuse_other(data)
    raise Refused("unknown")


def _refuse_other(data: bytes) -> None:
    """Refuse with the name of the format, when it is one that people send by mistake."""
    for magic, what in _ARCHIVES:
        if data.startswith(magic):
            raise Refused("archive", what=what)
    for magic, _kind, what in _MAGIC:
        if data.startswith(magic):
            raise Refused("format", what=what)
    if data.startswith((b"PK\x05\x06", b"PK\x07\x08", b"\xd0\xcf\x11\xe0")):
        raise Refused("truncated", what="缺少文件内容")
    if not data.strip(b"\0"):
        raise Refused("truncated", what="内容全为零")
    what = _text_kind(data[:4096])
    if what:
        raise Refused("format", what=what)


def _text_kind(head: bytes) -> str:
    """Chinese name of a text format, '' when the bytes are not text."""
    text = _decode(head).lstrip("\ufeff \t\r\n").lower()
    if not text or any(ord(ch) < 32 and ch not in "\t\r\n\f" for ch in text):
        return ""
    if text.startswith(("<html", "<!doctype html", "<head", "<table", "<meta")) or "<table" in text:
        return "网页(HTML)"
    if text.startswith("mime-version:"):
        return "网页(MHTML)"
    if text.startswith(("<?xml", "<workbook")):
        return "“XML 表格 2003”" if "office:spreadsheet" in text else " XML 文本"
    if text.startswith("id;p"):
        return " SYLK 文本表格"
    return "纯文本(如 CSV)"


def _decode(head: bytes) -> str:
    """Text of the first bytes; a character cut off at the end does no harm."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    text = head.decode("utf-8", "ignore")
    if len(text.encode("utf-8")) >= len(head) - 3:
        return text
    decoded = head.decode("gb18030", "ignore")
    return decoded if len(decoded.encode("gb18030")) >= len(head) - 3 else "\0"
