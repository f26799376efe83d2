"""What is installed: the wheel holds the package with its data, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile

import pytest

import dqplan
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names of the files in a wheel built from this tree; its builder comes with the development tools."""
    directory = tmp_path_factory.mktemp("wheel")
    code = f"from hatchling.build import build_wheel; print(build_wheel({str(directory)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=300
    )
    with zipfile.ZipFile(directory / done.stdout.split()[-1]) as archive:
        return archive.namelist()


def test_the_wheel_holds_code_types_and_presets(wheel: list[str]) -> None:
    assert {"dqplan/py.typed", "dqplan/cli/app.py", "dqplan/load/presets/oxford_2025.yaml"} <= set(wheel)
    assert {"dqplan/cli/render/html/page.css", "dqplan/cli/render/html/page.js"} <= set(wheel)
    assert {"dqplan/manual/tutorial.md", "dqplan/manual/codes/DQ501.md"} <= set(wheel)
    shipped = {str(path.relative_to(ROOT)) for path in (ROOT / "dqplan").rglob("*.py")}
    assert shipped <= set(wheel)


def test_the_wheel_holds_nothing_else(wheel: list[str]) -> None:
    assert {name.split("/")[0] for name in wheel} == {"dqplan", f"dqplan-{dqplan.__version__}.dist-info"}
    assert f"dqplan-{dqplan.__version__}.dist-info/licenses/LICENSE" in wheel


def test_the_licence_is_in_the_tree() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_changelog_knows_the_version() -> None:
    assert dqplan.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
