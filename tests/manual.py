"""The generated pages of the manual: `python -m tests.manual` writes them."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import dqplan
from dqplan.load.cuts_document import cuts_schema
from dqplan.load.hardware_files.schema import HardwareFile
from dqplan.load.plan_document import plan_schema
from dqplan.sweep.schema import SweepFile

MANUAL = Path(dqplan.__file__).parent / "manual"
_PYTHON = """\
# The names that `import dqplan` gives

Written from the docstrings by `python -m tests.manual`; `help(dqplan.solve_plan)` says more, and every function
shows how it is called.
"""


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
        yield f"{first}\n"


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
    "python.md": python_page,
    "cuts.schema.json": lambda: _schema(cuts_schema()),
    "plan.schema.json": lambda: _schema(plan_schema()),
    "hardware.schema.json": lambda: _schema(HardwareFile.model_json_schema()),
    "sweep.schema.json": lambda: _schema(SweepFile.model_json_schema()),
}

if __name__ == "__main__":
    for page, content in PAGES.items():
        (MANUAL / page).write_text(content(), encoding="utf-8")
