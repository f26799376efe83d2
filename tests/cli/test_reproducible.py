"""The same input, options and seed give the same plan, however many cores there are."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, plain_environment

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def plan(directory: Path, arguments: list[str], cores: int) -> object:
    """What plan.json says, but for the time that it took."""
    pinned = ["taskset", "-c", "0"] if cores == 1 and shutil.which("taskset") else []
    settings = dict.fromkeys(THREADS, str(cores)) | {"PYTHONHASHSEED": str(cores), "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [*pinned, sys.executable, "-m", "dqplan", "split", *arguments, "-o", str(directory)],
        env=plain_environment() | settings,
        cwd=directory.parent,
        check=True,
        capture_output=True,
        timeout=300,
    )
    document = json.loads((directory / "plan.json").read_text(encoding="utf-8"))
    del document["elapsed_s"]
    return document


@pytest.mark.parametrize(
    ("circuit", "hardware", "effort"),
    [
        ("aqft_64", "all:4x17", "quick"),
        ("hidden_shift_10", "ring:4x3+2", "normal"),
    ],
)
def test_on_one_core_and_on_many(circuit: str, hardware: str, effort: str, tmp_path: Path) -> None:
    arguments = [str(SAMPLES / f"{circuit}.qasm"), "-H", hardware, "--effort", effort, "--seed", "3", "--no-check"]
    assert plan(tmp_path / "one", arguments, 1) == plan(tmp_path / "many", arguments, 2)
