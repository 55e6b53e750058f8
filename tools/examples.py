"""Regenerate workbooks/: the bundled example set, made by the demo itself (`python -m tools.examples`)."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from kaohe.jobs.demo import INBOX, ISSUED, MASTER, demo

GENERATED = ("BH",)
"""Schemes whose workbooks are bundled; of the others only what people typed is: `kaohe demo` makes them."""
EXAMPLES = Path(__file__).resolve().parent.parent / "workbooks"


def make(code: str, folder: Path) -> None:
    """The demo's workbooks of one scheme below ``folder``, without its backups and notes."""
    with tempfile.TemporaryDirectory() as scratch:
        made = demo(code, Path(scratch) / "演示").folder
        folder.mkdir(parents=True, exist_ok=True)
        for name in (ISSUED, INBOX):
            shutil.rmtree(folder / name, ignore_errors=True)
            shutil.copytree(made / name, folder / name)
        shutil.copyfile(made / MASTER, folder / MASTER)


if __name__ == "__main__":
    for code in GENERATED:
        make(code, EXAMPLES / code)
