"""Shells complete commands, options and values: asked as shells ask, and in the shells that are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from dqplan.cli.explain import topic_names
from dqplan.cli.options import EffortName
from dqplan.cli.terminal.completion import AIMS, DIALECTS
from dqplan.core.objective import Objective
from dqplan.load.hardware_files.presets import preset_names
from dqplan.split.dialects import Dialect
from tests.conftest import ROOT, plain_environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells of POSIX")
HEAVY = ["cirq", "dask", "networkx", "numpy", "openqasm3", "ortools", "qiskit", "rich", "scipy", "yaml"]


def offered(line: str) -> list[str]:
    """What bash is told for the end of a line."""
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_DQPLAN_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, "-m", "dqplan"],
        env=plain_environment() | asked,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_words_that_are_spelled_out_twice() -> None:
    assert tuple(Dialect) == DIALECTS
    assert {str(Objective.of_text(name)) for name in AIMS} == set(AIMS)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("dqplan sp", ["split"]),
        ("dqplan hardware s", ["show", "schema"]),
        ("dqplan split a.qasm --eff", ["--effort"]),
        ("dqplan split a.qasm --effort ", list(get_args(EffortName))),
        ("dqplan profile --format ", ["table", "json", "ndjson"]),
        ("dqplan split a.qasm -H ox", ["oxford_2025"]),
        ("dqplan split a.qasm --hardware ", preset_names()),
        ("dqplan hardware show ideal", ["ideal_pair"]),
        ("dqplan split --objective ", ["ebits", "time", "fidelity"]),
        ("dqplan split --emit ", list(Dialect)),
        ("dqplan split --emit qasm3,q", ["qasm3,qasm2", "qasm3,qiskit"]),
        ("dqplan explain ", topic_names()),
        ("dqplan explain DQW", [name for name in topic_names() if name.startswith("DQW")]),
        ("dqplan simulate --backend s", ["statevector", "stim"]),
        ("dqplan profile ", []),
        ("dqplan split a.qasm -H nothing_like_it", []),
    ],
)
def test_what_is_offered(line: str, wanted: list[str]) -> None:
    assert offered(line) == wanted


@pytest.mark.parametrize("line", ["dqplan split -H ", "dqplan explain ", "dqplan split --emit "])
def test_offering_imports_nothing_heavy(line: str) -> None:
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_DQPLAN_COMPLETE": "complete_bash"}
    code = f"""
import sys
from dqplan.__main__ import main
try:
    main()
except SystemExit:
    print("heavy:", [name for name in {HEAVY} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=plain_environment() | asked | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.endswith("heavy: []\n")


def shell(name: str, script: str, tmp_path: Path) -> str:
    """What a shell prints that runs a script, with the command `dqplan` on its path and a home of its own."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    command = tmp_path / "bin" / "dqplan"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m dqplan "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environment = plain_environment() | {
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
    }
    flags = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    done = subprocess.run(
        [program, *flags, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_bash(tmp_path: Path) -> None:
    """The script is that of --show-completion, which looks for the shell that it is called from."""
    script = """
    dqplan --show-completion > completion.sh; source completion.sh
    COMP_WORDS=(dqplan split x.qasm -H ox); COMP_CWORD=4
    _dqplan_completion dqplan; echo "${COMPREPLY[*]}"
    complete -p dqplan
    """
    assert shell("bash", script, tmp_path).split("\n")[:2] == [
        "oxford_2025",
        "complete -o default -F _dqplan_completion dqplan",
    ]


def test_zsh(tmp_path: Path) -> None:
    """Zsh completes at a terminal only; here it says that it has taken the function, and calls what that calls."""
    script = """
    dqplan --show-completion > completion.zsh
    autoload -U compinit; compinit -u -D; source completion.zsh
    echo $_comps[dqplan]
    _arguments() { echo "$@" }
    words=(dqplan split x.qasm -H ox); CURRENT=5
    _dqplan_completion
    """
    first, *rest = shell("zsh", script, tmp_path).splitlines()
    assert first == "_dqplan_completion"
    assert "oxford_2025" in "".join(rest)


def test_fish(tmp_path: Path) -> None:
    script = """
    dqplan --show-completion > completion.fish; source completion.fish
    complete -C "dqplan split x.qasm -H ox"
    complete -C "dqplan hardware dr"
    """
    assert [line.split("\t")[0] for line in shell("fish", script, tmp_path).splitlines()] == ["oxford_2025", "draw"]


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("bash", [".bash_completions/dqplan.sh", ".bashrc"]),
        ("zsh", [".zfunc/_dqplan", ".zshrc"]),
        ("fish", [".config/fish/completions/dqplan.fish"]),
    ],
)
def test_installation(name: str, files: list[str], tmp_path: Path) -> None:
    said = shell(name, "dqplan --install-completion; true", tmp_path)
    assert f"{name} completion installed" in said
    assert "\x1b" not in said
    for file in files:
        assert (tmp_path / file).read_text(encoding="utf-8")
    assert "dqplan" in (tmp_path / files[0]).read_text(encoding="utf-8")
