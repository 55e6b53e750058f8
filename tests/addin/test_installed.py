"""The add-in is built from an installed wheel, outside the checkout, and is the same file."""

from __future__ import annotations

import os
import sys
import venv
from pathlib import Path

import pytest

from tests.addin.conftest import INTERPRETER, Built
from tests.house.checkout import copy_checkout
from tests.house.test_packaging import lend_dependencies, run
from tools.environment import venv_python

pytestmark = pytest.mark.full
WINDOWS = os.name == "nt"
BUILD = """
import sys
from pathlib import Path
import kaohe
from kaohe.faces.addin_build import write_addin
print(Path(kaohe.__file__).resolve())
write_addin(Path(sys.argv[1]), sys.argv[2])
"""


def test_the_same_addin_from_an_installed_wheel(built: Built, tmp_path: Path) -> None:
    source = copy_checkout(tmp_path / "source")
    run(
        *(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path / "dist", source),
        cwd=tmp_path,
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    home = tmp_path / "home"
    venv.create(home, with_pip=False, symlinks=not WINDOWS)
    python = Path(venv_python(home, windows=WINDOWS))
    lend_dependencies(python, home)
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", wheel, cwd=home)
    where = run(python, "-c", BUILD, tmp_path / "out", INTERPRETER, cwd=home).strip()
    assert Path(where).is_relative_to(home.resolve())
    assert (tmp_path / "out" / "kaohe.xlam").read_bytes() == built.path.read_bytes()
