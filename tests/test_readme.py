"""README.md is executed: its console blocks must show what the commands print now.

`python -m tests.test_readme` writes the present outputs into README.md.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, plain_environment
from tests.consoles import blocks, commands_of, prepare, printed_and_shown, rewrite

README = ROOT / "README.md"


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("readme"))


def test_console_blocks_show_what_is_printed(workplace: Path) -> None:
    printed, shown = printed_and_shown(README, workplace)
    assert printed == shown


def test_the_python_example_runs(workplace: Path) -> None:
    (example,) = blocks(README, "python")
    environment = plain_environment() | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", example], cwd=workplace, env=environment, check=True, timeout=300)


def test_the_budgets_are_those_of_the_sample() -> None:
    assert blocks(README, "toml") == [(SAMPLES / "dqplan.toml").read_text(encoding="utf-8")]


def test_the_first_command_does_what_the_first_example_does() -> None:
    """Behind the installation stands the command of the first console block."""
    install = blocks(README, "sh")[0].strip().split(" && ")
    assert install[-1].removeprefix(".venv/bin/") == commands_of(blocks(README, "console")[0])[0]


def test_continuous_integration_runs_the_test_command() -> None:
    """`.ci/run` takes the command from README.md; asked to, it only prints it."""
    done = subprocess.run([ROOT / ".ci" / "run", "--print"], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == blocks(README, "sh")[1]
    assert "-m pytest" in done.stdout


def test_the_workflow_runs_the_same() -> None:
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert re.findall(r"- run: (.*)", workflow) == [".ci/run"]


def test_files_that_are_named_exist() -> None:
    text = README.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:dqplan|sample_circuits)/[\w./]*)`", text):
        assert (ROOT / name).exists(), name


if __name__ == "__main__":
    rewrite(README)
