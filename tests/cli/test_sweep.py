"""`dqplan sweep` from outside; `tests/sweep` has what is killed and resumed."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dqplan.cli.sweep import _state
from dqplan.sweep.run_sweep import Tally
from tests.conftest import ROOT, SAMPLES, Run, plain_environment
from tests.sweep.cases import SMALL, planned_here, small, spec, stored, tables

SUMMARY = """\
Two small circuits

sweep  4 rows, 2 circuits, 2 networks
rows   2 planned, 2 infeasible

best plans   e-bits     bound   p95   fidelity   effort   seed
──────────────────────────────────────────────────────────────
ghz_8
  all:2x5         1   optimal     -          -   quick       0
w_8
  all:2x5         2         1     -          -   quick       0

Pareto fronts   e-bits   p95   fidelity   qubits   objective
────────────────────────────────────────────────────────────
ghz_8
  all:2x5            1     -          -       10   ebits
w_8
  all:2x5            2     -          -       10   ebits

"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A specification, and a directory where all of its outcomes are stored; two rows do not fit."""
    directory = tmp_path_factory.mktemp("done")
    sweep = small(directory, hardware=["all:2x5", "all:2x3"], seeds=[0])
    stored(directory / "out", planned_here(sweep))
    return directory / "spec.json", directory / "out"


def test_the_summary_is_the_answer(done: tuple[Path, Path], dqplan: Run) -> None:
    path, output = done
    found = dqplan("sweep", path, "-o", output)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith(SUMMARY), found.stdout


def test_csv_and_json_on_standard_output(done: tuple[Path, Path], dqplan: Run) -> None:
    path, output = done
    table = dqplan("sweep", path, "-o", output, "--format", "csv").stdout
    assert table == (output / "table.csv").read_text()
    assert [line["ebits"] for line in csv.DictReader(io.StringIO(table))] == ["1", "", "2", ""]
    document = json.loads(dqplan("sweep", path, "-o", output, "--format", "json").stdout)
    assert document["counts"] == {"planned": 2, "infeasible": 2, "failed": 0, "unfinished": 0}


def test_parquet_on_standard_output_is_the_file_of_the_results(done: tuple[Path, Path], dqplan: Run) -> None:
    path, output = done
    found = dqplan("sweep", path, "-o", output, "--format", "parquet", text=False)
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout == (output / "table.parquet").read_bytes()  # type: ignore[comparison-overlap]
    assert pq.read_table(io.BytesIO(found.stdout)).column("ebits").to_pylist() == [1, None, 2, None]  # type: ignore[arg-type]


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
def test_parquet_is_not_for_a_terminal_and_needs_pyarrow(done: tuple[Path, Path], dqplan: Run, tmp_path: Path) -> None:
    """Both are told before anything is planned."""
    path, _ = done
    ours, theirs = os.openpty()
    pipes = {"capture_output": False, "stdout": theirs, "stderr": subprocess.PIPE}
    found = dqplan("sweep", path, "-o", "out", "--format", "parquet", **pipes)
    os.close(theirs)
    os.close(ours)
    assert found.returncode == 2
    assert found.stderr.startswith("error[DQ401]: --format parquet is not for a terminal\nhint: send it to a file")
    (tmp_path / "sitecustomize.py").write_text(NO_PYARROW)
    environment = plain_environment() | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    lacking = dqplan("sweep", path, "-o", "out", "--format", "parquet", env=environment)
    assert lacking.returncode == 2
    assert lacking.stderr == "error[DQ401]: --format parquet needs pyarrow\nhint: pip install 'dqplan[parquet]'\n"
    assert not (tmp_path / "out").exists()


def test_a_dry_run_counts_and_writes_nothing(done: tuple[Path, Path], dqplan: Run, tmp_path: Path) -> None:
    path, output = done
    said = dqplan("sweep", path, "--dry-run", "--workers", "2").stdout
    assert said.startswith("4 rows: 2 circuits, 2 networks\n4 to be planned\nabout ")
    assert "by a rule of thumb" in said
    assert "0 to be planned" in dqplan("sweep", path, "--dry-run", "-o", output).stdout
    assert dqplan("sweep", path, "--dry-run", "-o", tmp_path / "new").returncode == 0
    assert not (tmp_path / "new").exists()


def test_failed_rows_carry_their_error_the_others_go_on_and_the_status_is_1(dqplan: Run, tmp_path: Path) -> None:
    """With workers: a circuit that cannot be read, and an objective for which the hardware lacks the numbers."""
    (tmp_path / "bad.qasm").write_text("OPENQASM 3.0; qubit[2] q; nonsense q[0];")
    changes = {"circuits": ["*.qasm", str(SAMPLES / "ghz_8.qasm")], "hardware": ["all:2x5"], "seeds": [0]}
    options = {"effort": "quick", "objective": ["ebits", "time"]}
    path = spec(tmp_path, {**SMALL, **changes, "options": options})
    found = dqplan("sweep", path, "-o", "out", "--workers", "1")
    assert found.returncode == 1
    assert found.stderr == "3 rows failed; --retry-failed plans them again\n"
    assert "1 planned, 3 failed" in found.stdout
    lines = list(csv.DictReader((tmp_path / "out" / "table.csv").open()))
    assert [line["code"] for line in lines] == ["DQ104", "DQ104", "", "DQ401"]
    assert "nonsense" in lines[0]["message"]
    assert lines[2]["ebits"] == "1"


def test_merging(done: tuple[Path, Path], dqplan: Run) -> None:
    path, output = done
    dqplan("sweep", path, "-o", output)
    found = dqplan("sweep", "--merge", output, output, "-o", "merged")
    assert (found.returncode, found.stderr) == (0, "")
    assert "2 planned, 2 infeasible" in found.stdout


def test_the_schema_is_printed(dqplan: Run) -> None:
    assert json.loads(dqplan("sweep", "--schema").stdout)["$id"] == "dqplan.sweep/1"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["none.yaml", "-o", "out"], "error[DQ101]: none.yaml: no such file"),
        (["a.yaml"], "error[DQ401]: say where the results shall be\nhint: add -o DIR"),
        (["a.yaml", "b.yaml", "-o", "out"], "error[DQ401]: one specification at a time"),
        (["--merge", "a", "-o", "out"], "error[DQ401]: --merge needs two directories or more"),
        (["--merge", "a", "b", "-o", "out"], "error[DQ321]: a/manifest.json: cannot be read"),
        (["bad.yaml", "-o", "out"], "error[DQ202]: bad.yaml:2:1: circuit: unknown key"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage(args: list[str], said: str, dqplan: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("schema: dqplan.sweep/1\ncircuit: [a.qasm]\n")
    found = dqplan("sweep", *args)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith(said)
    assert not (tmp_path / "out").exists()


def test_the_line_that_says_how_far_it_is() -> None:
    assert _state(Tally(total=2000, stored=0)).endswith("0 of 2,000 rows, starting")
    assert _state(Tally(2000, 1000, elapsed_s=1.0)) == "██████████           1,000 of 2,000 rows, waiting for workers"
    assert (
        _state(Tally(total=2000, stored=1000, done=500, failed=2, threads=2, elapsed_s=10.0))
        == "███████████████      1,500 of 2,000 rows, 50 rows/s, 10 s left, 2 failed"
    )
    assert _state(Tally(20, 0, 20, 0, 2, 10.0)) == "████████████████████ 20 of 20 rows, 2 rows/s"


NO_PYARROW = """
import importlib.util
find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "pyarrow" else find_spec(name, package)
"""
SBATCH = """#!/bin/sh
for script; do :; done
cp "$script" "$SLURM_STUB/job.sh"
setsid sh "$SLURM_STUB/job.sh" >/dev/null 2>&1 &
echo $! >> "$SLURM_STUB/jobs"
echo "Submitted batch job $!"
"""
SCANCEL = """#!/bin/sh
for job; do :; done
kill -9 -"$job" 2>/dev/null
exit 0
"""


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Two commands stand for Slurm; what `sbatch` does is given."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    for key, value in {"CORES": "1", "PROCESSES": "1", "MEMORY": "2GB", "INTERFACE": "lo", "QUEUE": "fast"}.items():
        monkeypatch.setenv(f"DASK_JOBQUEUE__SLURM__{key}", value)
    monkeypatch.setenv("SLURM_STUB", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def installed(sbatch: str) -> None:
        for name, text in (("sbatch", sbatch), ("scancel", SCANCEL)):
            (tmp_path / "bin" / name).write_text(text)
            (tmp_path / "bin" / name).chmod(0o755)

    return installed


@pytest.mark.skipif(
    os.name != "posix" or not Path("/sys/class/net/lo").exists(), reason="a shell, and Linux's loopback"
)
def test_jobs_of_slurm(dqplan: Run, tmp_path: Path, slurm: Callable[[str], None]) -> None:
    """What is submitted runs at once on this machine."""
    slurm(SBATCH)
    path = spec(tmp_path, {**SMALL, "hardware": ["all:2x5"], "seeds": [0]})
    found = dqplan(
        "sweep", path, "-o", "out", "--scheduler", "slurm", "--workers", "1", env=plain_environment(), timeout=60
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert "2 planned" in found.stdout
    assert (tmp_path / "jobs").read_text().count("\n") == 1
    assert tables(tmp_path / "out")
    script = (tmp_path / "job.sh").read_text().splitlines()
    assert {"#SBATCH -p fast", "#SBATCH -n 1", "#SBATCH --cpus-per-task=1", "#SBATCH --mem=2G"} <= set(script)
    assert "--nthreads 1" in script[-1]


@pytest.mark.skipif(not Path("/sys/class/net/lo").exists(), reason="Linux's loopback")
@pytest.mark.parametrize(
    ("sbatch", "said"),
    [
        ("", "there is no `sbatch` on this machine"),
        (
            "#!/bin/sh\necho 'sbatch: error: no such queue' >&2; exit 1\n",
            "was not submitted: sbatch: error: no such queue",
        ),
        ("#!/bin/sh\necho Thanks.\n", "was not submitted: Could not parse job id from submission command output."),
    ],
    ids=["none", "refuses", "mumbles"],
)
def test_slurm_that_takes_no_jobs_is_told_at_once(
    sbatch: str, said: str, dqplan: Run, tmp_path: Path, slurm: Callable[[str], None]
) -> None:
    if sbatch:
        slurm(sbatch)
    path = spec(tmp_path, {**SMALL, "hardware": ["all:2x5"], "seeds": [0]})
    found = dqplan("sweep", path, "-o", "out", "--scheduler", "slurm", env=plain_environment(), timeout=60)
    assert found.returncode == 2
    assert found.stderr.startswith("error[DQ401]: --scheduler slurm: ")
    assert said in found.stderr.splitlines()[0]
    assert "Traceback" not in found.stderr
