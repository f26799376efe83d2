"""How fast runs with noise are: state vectors of numpy against CUDA-Q, wall-clock seconds for 100 runs.

    python -m tests.benchmarks.gpu_bench DIRECTORY... [--shots 20]

Directories are those that `dqplan split -o` writes. CUDA-Q runs on a GPU if there is one. Only the runs are timed, not
the ideal distribution and not the statistics. The first run, which compiles CUDA-Q's kernel and starts the GPU, is told
on its own. A backend that cannot run a program leaves a dash, with its reason below the table.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from dqplan.core.errors import UsageError
from dqplan.load.emitted import read_emitted
from dqplan.simulate.kernels import KernelTrial
from dqplan.simulate.machine import machine_of
from dqplan.simulate.simulate_program import Backend
from dqplan.simulate.states import StateTrial

HEADINGS = ("directory", "qubits", "statevector s/100", "cudaq s/100", "ratio", "first run s", "cudaq on")


def seconds(trial: StateTrial | KernelTrial, shots: int) -> float:
    """For so many runs, in batches as `simulate` does them."""
    rng = np.random.default_rng(0)
    run = trial.bits if trial.measured else trial.overlaps
    start = time.perf_counter()
    for done in range(0, shots, trial.batch):
        run(min(trial.batch, shots - done), rng)
    return time.perf_counter() - start


def row_of(directory: Path, shots: int) -> tuple[list[str], list[str]]:
    """The cells of a directory, and why some of them are dashes."""
    files = {path.name: path.read_text(encoding="utf-8") for path in directory.iterdir() if path.is_file()}
    emitted = read_emitted(files)
    machine = machine_of(emitted, files)
    took, first, target, reasons = dict[Backend, float](), "–", "–", list[str]()
    for backend, kind in ((Backend.STATEVECTOR, StateTrial), (Backend.CUDAQ, KernelTrial)):
        try:
            trial = kind(emitted, machine)
            once = seconds(trial, 1)
            took[backend] = 100 * seconds(trial, shots) / shots
        except UsageError as error:
            reasons.append(f"{directory.name}, {backend}: {error}")
            continue
        if isinstance(trial, KernelTrial):
            first, target = f"{once:.2f}", trial.target
    cells = [f"{took[backend]:.3g}" if backend in took else "–" for backend in (Backend.STATEVECTOR, Backend.CUDAQ)]
    ratio = f"{took[Backend.STATEVECTOR] / took[Backend.CUDAQ]:.3g}" if len(took) == 2 else "–"
    qubits = emitted.joint.num_qubits
    return [directory.name, f"{qubits}", *cells, ratio, first, target], reasons


def versions() -> Iterator[str]:
    """What it ran on."""
    yield f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} processors"
    try:
        import cudaq

        yield cudaq.__version__
    except ImportError:
        yield "no CUDA-Q"
    try:
        command = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
        yield subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        yield "no GPU"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIRECTORY")
    parser.add_argument("--shots", type=int, default=100)
    asked = parser.parse_args()
    print(*versions(), sep="\n")
    print("| " + " | ".join(HEADINGS) + " |", "|---" * len(HEADINGS) + "|", sep="\n", flush=True)
    dashes = []
    for directory in asked.directories:
        cells, reasons = row_of(directory, asked.shots)
        print("| " + " | ".join(cells) + " |", flush=True)
        dashes += reasons
    print(*dashes, sep="\n")


if __name__ == "__main__":
    main()
