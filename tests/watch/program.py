"""The command line with `watch`, as a program of its own: python -m tests.watch.program watch …

Files count as settled after half a second, so that nobody has to wait.
"""

from __future__ import annotations

from kaohe.faces import cli
from kaohe.faces.chinese import Command
from kaohe.faces.cli_watch import watch_inbox
from kaohe.jobs import watch_files


def main() -> None:
    """The command line; `watch` is added where it is not there yet."""
    watch_files.SETTLED = 0.5
    if "watch" not in {command.name for command in cli.app.registered_commands}:
        cli.app.command("watch", cls=Command)(watch_inbox)
    cli.main()


if __name__ == "__main__":
    main()
