"""The generated pages of the manual: `python -m tests.manual` writes them."""

from __future__ import annotations

import ast
import inspect
import io
import json
import os
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from typer.main import get_command

import dqplan
from dqplan.cli.app import app
from dqplan.load.config_file.schema import ConfigFile
from dqplan.load.cuts_document import cuts_schema
from dqplan.load.hardware_files.schema import HardwareFile
from dqplan.load.plan_document import plan_schema
from dqplan.sweep.schema import SweepFile

MANUAL = Path(dqplan.__file__).parent / "manual"
_COMMANDS = """\
# commands: every command and option

Written from the help texts by `python -m tests.manual`.
"""
_PYTHON = """\
# python: the names that `import dqplan` gives

Written from the docstrings by `python -m tests.manual`. `help` of a name says
more, and every function shows how it is called.
"""


def commands() -> list[str]:
    """The program itself, then its commands and theirs, as they are typed behind `dqplan`."""

    def below(command: Any, name: str) -> Iterator[str]:
        yield name
        for each, sub in getattr(command, "commands", {}).items():
            yield from below(sub, f"{name} {each}".strip())

    return list(below(get_command(app), ""))


def help_text(command: str) -> str:
    """What `--help` prints where there is no terminal."""
    text = io.StringIO()
    with redirect_stdout(text), patch.dict(os.environ, {"COLUMNS": "80"}), suppress(SystemExit):
        app([*command.split(), "--help"], prog_name="dqplan")
    return text.getvalue()


def commands_page() -> str:
    """All help texts."""
    parts = (f"## {f'dqplan {name}'.strip()}\n\n```text\n{help_text(name)}```\n" for name in commands())
    return "\n".join([_COMMANDS, *parts])


def python_page() -> str:
    """Every public name with its signature and what it is."""
    functions = [name for name in dqplan.__all__ if inspect.isfunction(getattr(dqplan, name))]
    classes = [name for name in dqplan.__all__ if name not in functions]
    return "\n".join([_PYTHON, *_part("Functions", functions), *_part("Values and errors", classes)])


def _part(title: str, names: list[str]) -> Iterator[str]:
    yield f"## {title}\n"
    for name in names:
        value = getattr(dqplan, name)
        yield f"### {name}\n"
        if inspect.isfunction(value):
            yield f"```python\n{_signature(value)}\n```\n"
        first, _, _ = inspect.cleandoc(value.__doc__).partition("\n\n")
        yield f"{textwrap.fill(' '.join(first.split()), 80)}\n"


def _signature(function: Callable[..., object]) -> str:
    """As it stands in the source."""
    source = inspect.getsource(function)
    (definition,) = ast.parse(source).body
    assert isinstance(definition, ast.FunctionDef)
    header = source.splitlines()[: definition.body[0].lineno - 1]
    return "\n".join(header).removeprefix("def ").removesuffix(":")


def _schema(schema: object) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "python.md": python_page,
    "cuts.schema.json": lambda: _schema(cuts_schema()),
    "plan.schema.json": lambda: _schema(plan_schema()),
    "hardware.schema.json": lambda: _schema(HardwareFile.model_json_schema()),
    "config.schema.json": lambda: _schema(ConfigFile.model_json_schema()),
    "sweep.schema.json": lambda: _schema(SweepFile.model_json_schema()),
}

if __name__ == "__main__":
    for page, content in PAGES.items():
        (MANUAL / page).write_text(content(), encoding="utf-8")
