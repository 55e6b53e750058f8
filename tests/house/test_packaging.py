"""The wheel, the sdist and the editable install work outside the checkout, each in an environment of its own.

Dependencies are lent from the environment the tests run in (a .pth file, behind the new site-packages), so
nothing is fetched; kaohe itself must come from what was installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, copy_checkout, tracked_under
from tools.environment import venv_python

pytestmark = pytest.mark.full

WINDOWS = os.name == "nt"
KINDS = ("wheel", "sdist", "editable")
LIST_DATA = """
import hashlib, importlib.resources, json, kaohe

def files(folder, prefix=""):
    for item in folder.iterdir():
        if item.is_dir():
            yield from files(item, prefix + item.name + "/")
        elif not item.name.endswith((".py", ".pyc")):
            yield prefix + item.name, hashlib.sha256(item.read_bytes()).hexdigest()

packages = ("kaohe.templates", "kaohe.examples")
data = {name: dict(files(importlib.resources.files(name))) for name in packages}
print(json.dumps({"file": kaohe.__file__, "data": data}))
"""


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command away from the checkout; its output, or a failed test that shows it."""
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=variables | {"PYTHONIOENCODING": "utf-8", "PIP_NO_INDEX": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist, the wheel made from that sdist, and a copy of the checkout for the editable install."""
    base = tmp_path_factory.mktemp("packaging")
    source = copy_checkout(base / "source")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", base / "dist", source, cwd=base)
    (wheel,), (sdist,) = (base / "dist").glob("*.whl"), (base / "dist").glob("*.tar.gz")
    return {"wheel": wheel, "sdist": sdist, "editable": copy_checkout(base / "editable")}


@pytest.fixture(scope="module", params=KINDS)
def installed(
    request: pytest.FixtureRequest, built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A new environment with kaohe installed that way; its folder."""
    kind: str = request.param
    folder = tmp_path_factory.mktemp(kind)
    venv.create(folder, with_pip=False, symlinks=not WINDOWS)
    python = Path(venv_python(folder, windows=WINDOWS))
    lend_dependencies(python, folder)
    target = ["--editable", built[kind]] if kind == "editable" else [built[kind]]
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-build-isolation")
    run(*pip, *target, cwd=folder)
    return folder


def lend_dependencies(python: Path, folder: Path) -> None:
    """Let the new environment see this one's packages, behind its own."""
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    paths = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (Path(site) / "zz-lent.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")


def on_disk(folder: str) -> dict[str, str]:
    """Data files of the checkout: relative path → SHA-256."""
    files = (path for path in tracked_under(folder) if path.suffix != ".py")
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
        for path in files
    }


def test_kaohe_and_all_its_data_arrive(installed: Path, built: dict[str, Path]) -> None:
    python = Path(venv_python(installed, windows=WINDOWS))
    told = json.loads(run(python, "-c", LIST_DATA, cwd=installed))
    homes = (installed.resolve(), built["editable"].resolve())
    assert any(Path(told["file"]).resolve().is_relative_to(home) for home in homes)
    assert told["data"] == {"kaohe.templates": on_disk("templates"), "kaohe.examples": on_disk("workbooks")}


def test_the_command_exists(installed: Path) -> None:
    scripts = Path(venv_python(installed, windows=WINDOWS)).parent
    command = scripts / ("kaohe.exe" if WINDOWS else "kaohe")
    assert "consolidate" in run(command, "--help", cwd=installed)
