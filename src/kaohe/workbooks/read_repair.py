"""Make a package readable whose only oddity is an error text newer than the reader (``#SPILL!``)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from io import BytesIO

KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})

_UNREAD = ("xl/media/", "xl/embeddings/", "xl/drawings/", "xl/charts/", "customxml/", "docprops/")
_ERROR_VALUE = re.compile(rb"(<(?:\w+:)?v>)(#[^<]{1,40})(</(?:\w+:)?v>)")


def with_known_errors(data: bytes, parts: Collection[str]) -> bytes:
    """The package with unknown error texts in these sheet parts (lower-case paths) replaced by #VALUE!.

    Only for reading: the guard has noted the real texts, and nothing of this copy is kept.
    """
    copy = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for info in source.infolist():
            part = info.filename.replace("\\", "/").lower()
            if part.startswith(_UNREAD):
                continue
            content = source.read(info)
            target.writestr(part, _ERROR_VALUE.sub(_known, content) if part in parts else content)
    return copy.getvalue()


def _known(match: re.Match[bytes]) -> bytes:
    known = match[2].decode("utf-8", "replace") in KNOWN_ERRORS
    return match[0] if known else match[1] + b"#VALUE!" + match[3]
