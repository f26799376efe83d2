"""What every test may ask for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# CI draws the same cases every time, so that its verdict is about the change; elsewhere new ones are looked for.
# Nothing depends on how fast the machine is.
settings.register_profile(
    "dqplan", deadline=None, derandomize=bool(os.environ.get("CI")), suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("dqplan")

# A shell starts what runs in its background deaf to Ctrl-C, and processes hand that on; some tests send one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "sample_circuits"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def dqplan(tmp_path: Path) -> Run:
    """Run the command line from outside, in an empty directory, without a terminal; returns what it said."""

    def run(*args: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        settings = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 300, "env": plain_environment()}
        return subprocess.run([sys.executable, "-m", "dqplan", *map(str, args)], **{**settings, **options})

    return run


def plain_environment() -> dict[str, str]:
    """The environment without what would change how text is drawn."""
    shed = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "PYTHONIOENCODING")
    return {key: value for key, value in os.environ.items() if key not in shed} | {"PYTHONUTF8": "1"}
