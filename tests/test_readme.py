"""README.md is executed: its console blocks must show what the commands print now.

`python -m tests.test_readme` writes the present outputs into README.md.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, plain_environment

README = ROOT / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TIME = re.compile(r"\d+(\.\d+)? (ms|s|min)\b")
ROUNDING = re.compile(r"\d(\.\d)?e-1\d")


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(README.read_text(encoding="utf-8")) if kind == language]


def commands_of(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def executed(block: str, directory: Path) -> str:
    """The block with what its commands print now, standard output and error as a terminal would mix them."""
    return "".join(f"$ {command}\n{_printed(command, directory)}" for command in commands_of(block))


def _printed(command: str, directory: Path) -> str:
    scripts = directory / "bin"
    environment = plain_environment() | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    return done.stdout


def prepare(directory: Path) -> Path:
    """A directory with the samples and the command `dqplan`, as it is after installation."""
    shutil.copytree(SAMPLES, directory / "sample_circuits")
    (directory / "bin").mkdir()
    script = directory / "bin" / "dqplan"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m dqplan "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return directory


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("readme"))


def comparable(text: str) -> str:
    """Without times, and without rounding errors of double precision, which differ between processors."""
    return ROUNDING.sub("ROUNDING", TIME.sub("TIME", text))


def test_console_blocks_show_what_is_printed(workplace: Path) -> None:
    """All in one, because later blocks use what earlier ones have written."""
    printed = "\n".join(executed(block, workplace) for block in blocks("console"))
    assert comparable(printed) == comparable("\n".join(blocks("console")))


def test_the_python_example_runs(workplace: Path) -> None:
    (example,) = blocks("python")
    environment = plain_environment() | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", example], cwd=workplace, env=environment, check=True, timeout=300)


def test_the_budgets_are_those_of_the_sample() -> None:
    assert blocks("toml") == [(SAMPLES / "dqplan.toml").read_text(encoding="utf-8")]


def test_the_first_command_does_what_the_first_example_does() -> None:
    """Behind the installation stands the command of the first console block."""
    install = blocks("sh")[0].strip().split(" && ")
    assert install[-1].removeprefix(".venv/bin/") == commands_of(blocks("console")[0])[0]


def test_continuous_integration_runs_the_test_command() -> None:
    """`.ci/run` takes the command from README.md; asked to, it only prints it."""
    done = subprocess.run([ROOT / ".ci" / "run", "--print"], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == blocks("sh")[1]
    assert "-m pytest" in done.stdout


def test_the_workflow_runs_the_same() -> None:
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert re.findall(r"- run: (.*)", workflow) == [".ci/run"]


def test_files_that_are_named_exist() -> None:
    text = README.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:dqplan|sample_circuits)/[\w./]*)`", text):
        assert (ROOT / name).exists(), name


def _rewritten(text: str, directory: Path) -> Iterator[str]:
    end = 0
    for found in BLOCK.finditer(text):
        yield text[end : found.start()]
        kind, block = found.groups()
        yield f"```{kind}\n{executed(block, directory) if kind == 'console' else block}```"
        end = found.end()
    yield text[end:]


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        README.write_text(
            "".join(_rewritten(README.read_text(encoding="utf-8"), prepare(Path(name)))), encoding="utf-8"
        )
