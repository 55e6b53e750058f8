"""Files speak of the subject: not of one machine, of package servers, or of how they came about."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.house.checkout import ROOT, tracked

# [x] in a pattern and ~ in a case keep the forbidden words out of this file, which is tested as well.
MACHINE = re.compile(r"(?<![\w.~-])/(?:wor[k]|roo[t]|hom[e])/")
REGISTRY = re.compile(
    r"p[y]pi\.(?:org|tuna)|p[y]thonhosted\.org|mirrors\.a[l]iyun|n[p]mjs\.org|an[a]conda\.org|proxy\.g[o]lang",
    re.IGNORECASE,
)
MAKING = re.compile(
    r"\b(?:L[L]Ms?|Chat-?G[P]T|G[P]T-?\d\w*|Cl[a]ude|Anthr[o]pic|Open[A]I|Co[p]ilot|sub-?a[g]ents?"
    r"|(?:coding|language) (?:a[g]ent|mo[d]el)s?|a[g]ent (?:session|run)s?)\b"
    r"|(?-i:(?<![\w\"'$:!.])A[I](?![\w\"'$:!]))|大[模]型|人工[智]能|智[能]体",
    re.IGNORECASE,
)

CASES = (
    (MACHINE, ("file:///wo~rk/main", '"/ro~ot/.cache"', "cd /ho~me/x"), ("a/work/b", "https://x.cn/home/")),
    (REGISTRY, ("https://py~pi.org/simple",), ("pip install",)),
    (
        MAKING,
        ("written by Cl~aude", "an A~I wrote it", "大~模型"),
        ("$AI$3", "AI12", "detail", '"AI"', "said"),
    ),
)


@pytest.mark.parametrize(("pattern", "bad", "good"), CASES)
def test_the_patterns_see(pattern: re.Pattern[str], bad: tuple[str, ...], good: tuple[str, ...]) -> None:
    assert [text for text in bad if not pattern.search(text.replace("~", ""))] == []
    assert [text for text in good if pattern.search(text)] == []


def texts_of(name: str, content: bytes) -> dict[str, str]:
    """A file's texts; of a zip (a workbook) every part's."""
    if content.startswith(b"\x89PNG"):
        return {}
    if not content.startswith(b"PK\x03\x04"):
        return {name: content.decode("utf-8", errors="ignore")}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            f"{name}!{part}": archive.read(part).decode("utf-8", errors="ignore")
            for part in archive.namelist()
        }


def offences(pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern occurs in the checkout: file and words."""
    found = []
    for path in tracked():
        for name, text in texts_of(path.as_posix(), (ROOT / path).read_bytes()).items():
            found += [f"{name}: {match.group()!r}" for match in pattern.finditer(f"{name}\n{text}")]
    return found


def test_a_part_of_a_workbook_is_read() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<absPath url='/wo~rk/x'/>".replace("~", ""))
    (text,) = texts_of("a.xlsx", made.getvalue()).values()
    assert MACHINE.search(text)


def test_no_machine_paths() -> None:
    assert offences(MACHINE) == []


def test_no_registry_hosts() -> None:
    assert offences(REGISTRY) == []


def test_no_talk_of_the_making() -> None:
    assert offences(MAKING) == []
