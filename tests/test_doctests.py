"""The examples in docstrings run, and every public function has one."""

import doctest
import tempfile
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

import dqplan
from tests.conftest import ROOT

PACKAGE = Path(dqplan.__file__).parent
EXAMPLES = sorted(
    ".".join(["dqplan", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)
FUNCTIONS = [name for name in dqplan.__all__ if isinstance(getattr(dqplan, name), FunctionType)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_do_what_they_show(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_shows_how_it_is_called(name: str) -> None:
    assert f"{name}(" in (getattr(dqplan, name).__doc__ or "").partition(">>> ")[2]
