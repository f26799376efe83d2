"""Documents whose console blocks are executed: they must show what the commands print now."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT, SAMPLES, plain_environment

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TIME = re.compile(r"\d+(\.\d+)? (ms|s|min)\b")
ROUNDING = re.compile(r"\d(\.\d)?e-1\d")


def blocks(document: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(document.read_text(encoding="utf-8")) if kind == language]


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


def printed_and_shown(document: Path, directory: Path) -> tuple[str, str]:
    """What all console blocks of a document print now, and what it shows; later blocks use what earlier ones wrote."""
    shown = blocks(document, "console")
    printed = "\n".join(executed(block, directory) for block in shown)
    return comparable(printed), comparable("\n".join(shown))


def comparable(text: str) -> str:
    """Without times, and without rounding errors of double precision, which differ between processors."""
    return ROUNDING.sub("ROUNDING", TIME.sub("TIME", text))


def rewrite(document: Path) -> None:
    """Put what is printed now into a document."""
    with tempfile.TemporaryDirectory() as name:
        text = "".join(_rewritten(document.read_text(encoding="utf-8"), prepare(Path(name))))
    document.write_text(text, encoding="utf-8")


def _rewritten(text: str, directory: Path) -> Iterator[str]:
    end = 0
    for found in BLOCK.finditer(text):
        yield text[end : found.start()]
        kind, block = found.groups()
        yield f"```{kind}\n{executed(block, directory) if kind == 'console' else block}```"
        end = found.end()
    yield text[end:]
