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

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""Language, the name of a file that the block is the content of if there is one, and content."""
TIME = re.compile(r"\d+(\.\d+)? (ms|s|min)\b")
ROUNDING = re.compile(r"\d(\.\d)?e-1\d")


def blocks(document: Path, language: str) -> list[str]:
    return [text for kind, _, text in BLOCK.findall(document.read_text(encoding="utf-8")) if kind == language]


def commands_of(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def executed(block: str, directory: Path) -> str:
    """The block with what its commands print now, standard output and error as a terminal would mix them."""
    return "".join(f"$ {command}\n{printed(command, directory)}" for command in commands_of(block))


def printed(command: str, directory: Path) -> str:
    """What a command of bash prints in a directory that has its programs."""
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
    """A directory with the samples, and with `dqplan` and `python3` as they are after installation."""
    shutil.copytree(SAMPLES, directory / "sample_circuits")
    return with_programs(directory)


def with_programs(directory: Path) -> Path:
    """The directory with `dqplan` and `python3` in a folder `bin`."""
    (directory / "bin").mkdir()
    for name, options in {"dqplan": "-m dqplan", "python": "", "python3": ""}.items():
        script = directory / "bin" / name
        script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" {options} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    return directory


def printed_and_shown(document: Path, directory: Path) -> tuple[str, str]:
    """What all console blocks of a document print now, and what it shows."""
    shown = document.read_text(encoding="utf-8")
    return comparable("".join(_rewritten(shown, directory))), comparable(shown)


def comparable(text: str) -> str:
    """Without times, and without rounding errors of double precision, which differ between processors."""
    return ROUNDING.sub("ROUNDING", TIME.sub("TIME", text))


def rewrite(document: Path) -> None:
    """Put what is printed now into a document."""
    with tempfile.TemporaryDirectory() as name:
        text = "".join(_rewritten(document.read_text(encoding="utf-8"), prepare(Path(name))))
    document.write_text(text, encoding="utf-8")


def _rewritten(text: str, directory: Path) -> Iterator[str]:
    """The text with what its commands print now, from the first block on: later ones use what earlier ones wrote."""
    end = 0
    for found in BLOCK.finditer(text):
        kind, name, block = found.groups()
        if name:
            (directory / name).write_text(block, encoding="utf-8")
        yield text[end : found.start(3)]
        yield executed(block, directory) if kind == "console" else block
        end = found.end(3)
    yield text[end:]
