"""The add-in as built from this checkout, once a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from kaohe.faces.addin_build import FUNCTIONS, modules, write_addin
from kaohe.vba.source import Module
from kaohe.vba.wrappers import Wrappers, wrappers

INTERPRETER = r"C:\kaohe\.venv\Scripts\python.exe"


@dataclass(frozen=True)
class Built:
    """The file and what it was made of."""

    path: Path
    modules: tuple[Module, ...]
    wrappers: Wrappers


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """kaohe.xlam, bound to an interpreter."""
    path = write_addin(tmp_path_factory.mktemp("addin"), INTERPRETER)
    made = wrappers(FUNCTIONS)
    return Built(path, modules(made), made)
