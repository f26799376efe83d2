"""Applications for the NetQASM SDK: their requests and messages meet, and SimulaQron runs them."""

from __future__ import annotations

import ast
import json
import math
import os
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqplan.load.load_circuit import load_circuit
from dqplan.split.dialects import Dialect, file_name
from dqplan.split.emit.emit_program import emit_program
from dqplan.split.emit.netqasm_source import _rotation
from tests.conftest import SAMPLES
from tests.split.emit.circuits import every_gate
from tests.split.emit.judge import any_program, planned_program

NETWORK = """
import json, sys
from netqasm.runtime.settings import Formalism, Simulator, set_simulator
set_simulator(Simulator.SIMULAQRON)
from netqasm.runtime.application import app_instance_from_path
from simulaqron.run.run import run_applications

if __name__ == "__main__":
    found = run_applications(
        app_instance_from_path("."), network_cfg="network.json", formalism=Formalism.DM, enable_logging=False
    )
    print("\\n" + json.dumps(found))
"""


@pytest.mark.parametrize("seed", range(5))
def test_what_one_module_sends_or_asks_for_another_waits_for(seed: int) -> None:
    texts = emit_program(any_program(every_gate(), seed), Dialect.NETQASM)
    sent: Counter[tuple[str, ...]] = Counter()
    received: Counter[tuple[str, ...]] = Counter()
    created: list[tuple[str, str]] = []
    awaited: list[tuple[str, str]] = []
    for name, text in texts.items():
        ast.parse(text)
        sent.update((name, peer, bit) for peer, bit in re.findall(r"sockets\['(\w+)'\]\.send\(f\"(\S+) ", text))
        received.update((peer, name, bit) for bit, peer in re.findall(r"  receive\('(\S+)', '(\w+)'\)", text))
        created += [(name, peer) for peer in re.findall(r"epr\['(\w+)'\]\.create_keep", text)]
        awaited += [(peer, name) for peer in re.findall(r"epr\['(\w+)'\]\.recv_keep", text)]
    assert sent == received
    assert sorted(created) == sorted(awaited)
    assert len(created) > 0


def test_there_is_no_joint_program() -> None:
    texts = emit_program(any_program(every_gate(), 1), Dialect.NETQASM)
    assert sorted(texts) == ["m0", "m1", "m2"]
    assert file_name("m0", Dialect.NETQASM) == "app_m0.py"


@given(st.integers(-64, 64), st.integers(0, 5))
def test_multiples_of_pi_over_powers_of_two_are_exact(n: int, d: int) -> None:
    match = re.fullmatch(r"rot_Z\(n=(\d+), d=(\d+)\)", _rotation("Z", n * math.pi / 2**d))
    assert match is not None
    turns = int(match[1]) / 2 ** int(match[2]) - n / 2**d
    assert turns / 2 == pytest.approx(round(turns / 2), abs=1e-12)


def test_other_angles_are_left_to_the_sdk() -> None:
    assert _rotation("X", 0.3) == "rot_X(angle=0.3)"
    assert _rotation("X", -0.3) == f"rot_X(angle={2 * math.pi - 0.3!r})"


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("localhost", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.mark.slow
@pytest.mark.skipif(find_spec("simulaqron") is None, reason="SimulaQron is not installed: pip install simulaqron")
@pytest.mark.parametrize("name", ["teleport_3.qasm", "entanglement_swap_4.json"])
def test_simulaqron_runs_the_applications(name: str, tmp_path: Path) -> None:
    """What is teleported arrives: the last bits of both circuits are 0, whatever was measured on the way."""
    program = planned_program(load_circuit(str(SAMPLES / name)), "line:2x2")
    texts = emit_program(program, Dialect.NETQASM)
    for module, text in texts.items():
        (tmp_path / file_name(module, Dialect.NETQASM)).write_text(text, encoding="utf-8")
    (tmp_path / "run.py").write_text(NETWORK, encoding="utf-8")
    last = [
        bit for bit in ("check[0]", "m_check[0]", "m_check[1]") if any(repr(bit) in text for text in texts.values())
    ]
    assert last
    for _ in range(3):
        bits = run_once(tmp_path, list(texts))
        assert [bits[bit] for bit in last] == [0] * len(last)


def run_once(folder: Path, modules: list[str]) -> dict[str, int]:
    """The bits of all modules; its processes wait for each other with time limits, so that it may take more tries."""
    for _ in range(5):
        kinds = ("app_socket", "qnodeos_socket", "vnode_socket")
        ports = iter(free_ports(3 * len(modules)))
        nodes = [{name: {kind: ["localhost", next(ports)] for kind in kinds}} for name in modules]
        network = [{"name": "default", "nodes": nodes, "topology": None}]
        (folder / "network.json").write_text(json.dumps(network), encoding="utf-8")
        if answer := answered(folder):
            (found,) = json.loads(answer)
            return {bit: value for bits in found.values() for bit, value in bits.items()}
    pytest.fail("SimulaQron did not finish in five tries")


def answered(folder: Path) -> str:
    """The last line that the network prints, or nothing if it takes too long; none of its processes survives that."""
    command = [sys.executable, "run.py"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    ) as process:
        try:
            answer, _ = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return ""
    return answer.splitlines()[-1] if process.returncode == 0 else ""
