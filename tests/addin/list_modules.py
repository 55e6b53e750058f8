"""Runs under the system's Python beside LibreOffice: opens an .xlam and lists the VBA modules it finds.

Arguments: the profile folder, the file. stdout: JSON {library: {module: text}}.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue

FILTER = "Calc MS Excel 2007 VBA XML"


def connected(pipe: str) -> Any:
    """The desktop of the office that listens on that pipe."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def values(**named: object) -> tuple[Any, ...]:
    """Arguments as UNO wants them."""
    pairs = []
    for name, value in named.items():
        pair = PropertyValue()
        pair.Name, pair.Value = name, value
        pairs.append(pair)
    return tuple(pairs)


def main(pipe: str, path: str) -> None:
    """Print what is found."""
    desktop = connected(pipe)
    document = desktop.loadComponentFromURL(
        Path(path).as_uri(), "_blank", 0, values(Hidden=True, FilterName=FILTER, MacroExecutionMode=0)
    )
    libraries = document.BasicLibraries
    found = {
        name: {
            module: libraries.getByName(name).getByName(module)
            for module in libraries.getByName(name).ElementNames
        }
        for name in libraries.ElementNames
    }
    json.dump({"modules": found, "sheets": list(document.Sheets.ElementNames)}, sys.stdout)
    document.close(True)
    desktop.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
