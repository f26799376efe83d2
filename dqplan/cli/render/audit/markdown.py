"""Audit -> Markdown for a comment on a pull request: what is broken first, then every case with its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dqplan.cli.audits.audit import Audit, Finding, Judged, split_command
from dqplan.cli.render.audit.cells import COLUMNS, broken_rules, cells, headline, more
from dqplan.cli.terminal.streams import printable


def render(audit: Audit) -> str:
    """In the dialect of GitHub; what files say stands in code spans, where it cannot link, mention or format."""
    return "\n".join([f"### dqplan: {headline(audit)}", *_broken(audit), *_table(audit)]) + "\n"


def _broken(audit: Audit) -> Iterator[str]:
    for first, *others in audit.groups:
        yield ""
        yield f"**{_name(first)}{more(others)}**"
        yield ""
        for finding in first.findings:
            yield f"- {_told(finding)}"
        yield f"- again: {_code(split_command(first.case))}"


def _told(finding: Finding) -> str:
    """A gate's sentence is ours; the message of an error repeats what files say."""
    line = f"{_code(str(finding.place))} " if finding.place.line else ""
    said = _code(finding.message) if finding.is_error else finding.message
    stated = f" ({_code(str(finding.stated))})" if finding.stated else ""
    return f"{finding.rule}: {line}{said}{stated}"


def _table(audit: Audit) -> Iterator[str]:
    if audit.cases:
        yield ""
        yield _row(["circuit", "hardware", *COLUMNS, ""])
        yield _row(["---", "---", *["---:"] * len(COLUMNS), "---"])
    for judged in audit.cases:
        names = (_cell(judged.case.circuit), _cell(judged.case.hardware))
        ending = "holds" if judged.holds else f"**broken**: {', '.join(broken_rules(judged))}"
        yield _row([*names, *cells(judged), ending])


def _row(row: list[str]) -> str:
    return f"| {' | '.join(row)} |"


def _name(judged: Judged) -> str:
    return f"{_code(judged.case.circuit)} on {_code(judged.case.hardware)}"


def _cell(text: str) -> str:
    """Code in a table, where a bar ends the cell even inside code, unless one backslash, and no more, is before it."""
    return _code(text.replace("\\|", r"\\x7c")).replace("|", r"\|")


def _code(text: str) -> str:
    """Text as code, in one line, fenced by more backticks in a row than it holds."""
    plain = printable(text).replace("\n", " ")
    fence = "`" * (1 + max(map(len, re.findall("`+", plain)), default=0))
    pad = " " if "`" in plain or not plain.strip() else ""
    return f"{fence}{pad}{plain}{pad}{fence}"
