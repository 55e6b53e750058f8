"""Two tiers of tests, and no test left out in silence.

By default tests marked ``full``, and those whose outside programs or files are missing, are skipped, and the
run closes with the list of what was left out and why. With CI=true everything runs: a skip is a failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable
from pathlib import Path

import pytest
from hypothesis import settings

from tools import programs

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FULL_REASON = "只在全套检查中运行:CI=true python start.py test"
CORPUS_REASON = "没有真实工作簿样本:应位于检出目录旁的 shared/corpus"

settings.register_profile("kaohe", derandomize=True, deadline=None)
settings.load_profile("kaohe")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The corpus of real workbooks; tests that use it carry the marker ``corpus``."""
    return SHARED / "corpus"


def left_out(item: pytest.Item, full_wanted: bool) -> str:
    """Why this test cannot or need not run here; '' when it runs."""
    if item.get_closest_marker("soffice") and (missing := programs.missing_office()):
        return programs.office_reason(missing)
    if item.get_closest_marker("corpus") and not (SHARED / "corpus").is_dir():
        return CORPUS_REASON
    if item.get_closest_marker("full") and not full_wanted:
        return FULL_REASON
    return ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what does not run, with its reason."""
    full_wanted = programs.in_ci() or "full" in str(config.getoption("markexpr"))
    for item in items:
        if reason := left_out(item, full_wanted):
            item.add_marker(pytest.mark.skip(reason=reason))


def skip_reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The reason a skipped report carries."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI a skip becomes a failure that quotes its reason (an expected failure is no skip)."""
    if programs.in_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.longrepr = f"skipped, which CI=true forbids: {skip_reason(report)}"
        report.outcome = "failed"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge a test's report."""
    report = yield
    forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge the report of collecting a whole file (importorskip, module-level skip)."""
    report = yield
    forbid_skip(report)
    return report


def closing_list(reports: Iterable[pytest.TestReport | pytest.CollectReport]) -> list[str]:
    """Every reason with how many tests it kept from running, most frequent first; their files below it."""
    files: dict[str, Counter[str]] = {}
    for report in reports:
        files.setdefault(skip_reason(report), Counter())[report.nodeid.partition("::")[0]] += 1
    lines = []
    for reason, counted in sorted(files.items(), key=lambda pair: -pair[1].total()):
        lines.append(f"{counted.total()} 项:{reason}")
        lines += [f"    {file}({count})" for file, count in sorted(counted.items())]
    return lines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Close the run with what was left out and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("未运行的测试", sep="-")
        for line in closing_list(skipped):
            terminalreporter.write_line(line)
