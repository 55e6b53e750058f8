"""workbooks/ is what the demo makes today, part by part."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tools.examples import GENERATED, make


def parts(path: Path) -> dict[str, bytes]:
    """Uncompressed parts: compressed bytes differ between zlib builds."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("code", GENERATED)
def test_examples_equal_their_generator(code: str, root: Path, tmp_path: Path) -> None:
    make(code, tmp_path)
    bundled = root / "workbooks" / code
    listed = {path.relative_to(bundled).as_posix() for path in bundled.rglob("*.xlsx")}
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.xlsx")}
    assert listed == made, "请运行 python -m tools.examples 重新生成示例"
    different = [name for name in sorted(made) if parts(bundled / name) != parts(tmp_path / name)]
    assert different == [], "请运行 python -m tools.examples 重新生成示例"
