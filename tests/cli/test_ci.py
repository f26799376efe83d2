"""The workflow and the pre-commit hook of README.md, run as GitHub and pre-commit run them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, SAMPLES, plain_environment
from tests.consoles import blocks
from tests.test_readme import README

pytestmark = pytest.mark.skipif(os.name != "posix" or shutil.which("git") is None, reason="a shell, and git")

BUDGETS = 'hardware = "all:2x5"\neffort = "quick"\n[[budgets]]\ncircuits = "circuits/*.qasm"\nmax-ebits = 1\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with budgets, a circuit that holds and one that does not; `dqplan` and a `pip` that does nothing."""
    project = tmp_path / "project"
    (project / "circuits").mkdir(parents=True)
    for name in ("ghz_8.qasm", "w_8.qasm"):
        shutil.copy(SAMPLES / name, project / "circuits")
    (project / "dqplan.toml").write_text(BUDGETS, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    scripts = {
        "dqplan": f'PYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m dqplan "$@"',
        "pip": ":",
    }
    for name, text in scripts.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    run(project, "git init -q && git add .")
    return project


def run(project: Path, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    home = project.parent
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "HOME": str(home), "PRE_COMMIT_HOME": str(home / "cache"), "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", command],
        cwd=project,
        env=plain_environment() | own | variables,
        capture_output=True,
        text=True,
        timeout=300,
    )


def steps() -> list[tuple[str, bool]]:
    """What the workflow of README.md runs, and whether it does so after a failure as well."""
    (job,) = yaml.safe_load(blocks(README, "yaml")[0])["jobs"].values()
    return [(step["run"], step.get("if") == "always()") for step in job["steps"] if "run" in step]


def test_the_workflow_annotates_and_sums_up(repository: Path) -> None:
    """Each step in a shell as GitHub starts it; only the installation is left out: `pip` does nothing."""
    summary = repository.parent / "summary.md"
    done, failed = [], False
    for command, always in steps():
        if always or not failed:
            done.append(run(repository, command, GITHUB_STEP_SUMMARY=str(summary)))
            failed = failed or done[-1].returncode != 0
    assert [each.returncode for each in done] == [0, 1, 0]
    assert done[1].stdout.splitlines() == [
        "::error file=circuits/w_8.qasm,line=1,title=dqplan max-ebits::circuits/w_8.qasm on all:2x5: "
        "the plan needs 2 e-bits, --max-ebits allows 1 (dqplan.toml:5)",
        "1 of 2 cases broken",
    ]
    assert summary.read_text(encoding="utf-8").startswith("### dqplan: 1 of 2 cases broken\n")
    assert (repository / "budgets.xml").is_file()
    assert (repository / "budgets.sarif").is_file()


def test_the_workflow_uploads_what_it_has_written() -> None:
    (job,) = yaml.safe_load(blocks(README, "yaml")[0])["jobs"].values()
    assert f"sarif={job['steps'][-1]['with']['sarif_file']}" in steps()[1][0]


def test_the_manifest_of_the_hook_is_valid(repository: Path) -> None:
    manifest = shlex.quote(str(ROOT / ".pre-commit-hooks.yaml"))
    done = run(repository, f"{shlex.quote(sys.executable)} -m pre_commit validate-manifest {manifest}")
    assert done.returncode == 0, done.stdout
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"]] == [each["id"] for each in yaml.safe_load(blocks(README, "yaml")[1])["repos"][0]["hooks"]]


def test_the_hook_checks_what_is_committed(repository: Path) -> None:
    """pre-commit itself chooses the files and runs the hook; only the installation of dqplan is left out.

    As `language: system` it is the `dqplan` of this test, and not one in an environment that pre-commit would build.
    """
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    config = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (repository / "notes.md").write_text("none of its business\n", encoding="utf-8")
    run(repository, "git add . && git -c user.name=x -c user.email=x commit -qm first")
    command = f"{shlex.quote(sys.executable)} -m pre_commit run --color never"

    nothing = run(repository, command)
    assert (nothing.returncode, "(no files to check)Skipped" in nothing.stdout) == (0, True)

    (repository / "circuits" / "ghz_8.qasm").open("a").write("// changed\n")
    holds = run(repository, f"git add . && {command}")
    assert (holds.returncode, "Passed" in holds.stdout) == (0, True), holds.stdout

    (repository / "circuits" / "w_8.qasm").open("a").write("// changed\n")
    broken = run(repository, f"git add . && {command}")
    assert broken.returncode == 1
    assert "1 of 2 cases broken" in broken.stdout
    assert "the plan needs 2 e-bits, --max-ebits allows 1 (dqplan.toml:5)" in broken.stdout
