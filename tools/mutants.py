"""Cut a cosmic-ray session down to a sample: so many mutants, modules weighted by their lines, a fixed seed.

    cosmic-ray init mutants.toml mutants.sqlite
    python tools/mutants.py mutants.sqlite
    cosmic-ray exec mutants.toml mutants.sqlite

Standard library only. Mutants inside annotations are left out: nothing ever evaluates those.
"""

from __future__ import annotations

import argparse
import ast
import random
import sqlite3
from pathlib import Path
from typing import NamedTuple

COUNT, SEED = 250, 20261121
_SPECS = (
    "SELECT job_id, module_path, start_pos_row, start_pos_col FROM mutation_specs "
    "ORDER BY module_path, operator_name, operator_args, occurrence"
)
_Place = tuple[int, int]


class Module(NamedTuple):
    """A source file: its lines, and where its annotations begin and end (row from 1, byte)."""

    lines: tuple[str, ...]
    annotations: tuple[tuple[_Place, _Place], ...]

    def annotated(self, row: int, column: int) -> bool:
        """Whether the place (row from 1, character from 0) stands in an annotation."""
        place = (row, len(self.lines[row - 1][:column].encode()))
        return any(start <= place < end for start, end in self.annotations)


def read_module(path: Path) -> Module:
    """The module as it stands in the checkout. Raises OSError, SyntaxError."""
    text = path.read_text(encoding="utf-8")
    found: list[tuple[_Place, _Place]] = []
    for node in ast.walk(ast.parse(text)):
        notes: list[ast.expr | None] = []
        if isinstance(node, (ast.arg, ast.AnnAssign)):
            notes.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            notes.append(node.returns)
        for note in notes:
            if note is not None and note.end_lineno is not None and note.end_col_offset is not None:
                found.append(((note.lineno, note.col_offset), (note.end_lineno, note.end_col_offset)))
    return Module(tuple(text.split("\n")), tuple(found))


def sampled(session: sqlite3.Connection, count: int, seed: int) -> set[str]:
    """Job ids of ``count`` different mutants (of all, when there are not so many)."""
    modules: dict[str, Module] = {}
    jobs: dict[str, list[str]] = {}
    for job, path, row, column in session.execute(_SPECS):
        if path not in modules:
            modules[path] = read_module(Path(path))
        if not modules[path].annotated(row, column):
            jobs.setdefault(path, []).append(job)
    names = sorted(jobs)
    weights = [len(modules[name].lines) for name in names]
    wanted = min(count, sum(map(len, jobs.values())))
    rng, chosen = random.Random(seed), set[str]()
    while len(chosen) < wanted:
        chosen.add(rng.choice(jobs[rng.choices(names, weights)[0]]))
    return chosen


def main() -> None:
    """Delete from the session what was not drawn."""
    parser = argparse.ArgumentParser(description="从 cosmic-ray 的会话中按行数加权抽样")
    parser.add_argument("session", type=Path)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    with sqlite3.connect(given.session) as session:
        chosen = sampled(session, given.count, given.seed)
        rows = [(job,) for (job,) in session.execute("SELECT job_id FROM work_items") if job not in chosen]
        for table in ("work_results", "mutation_specs", "work_items"):
            session.executemany(f"DELETE FROM {table} WHERE job_id = ?", rows)
    print(f"留下 {len(chosen)} 个,去掉 {len(rows)} 个")


if __name__ == "__main__":
    main()
