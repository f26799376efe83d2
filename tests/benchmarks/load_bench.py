"""How fast OpenQASM is read, and with how much memory, beside Qiskit's reader in the same run.

    python tests/benchmarks/load_bench.py [NUMBER_OF_GATES]

Two texts: one repeats its angles, as QFT circuits do; in the other every angle is new, as in trained ansätze.
Times are CPU seconds; compare them only within one run.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable

from dqplan.load.load_circuit import circuit_of_text

NUM_QUBITS = 100


def program(num_gates: int, *, new_angles: bool) -> str:
    """OpenQASM 2: 40 % CX, 20 % H, 40 % gates with an angle."""
    rng = random.Random(1)
    lines = ["OPENQASM 2.0;", 'include "qelib1.inc";', f"qreg q[{NUM_QUBITS}];"]
    for _ in range(num_gates):
        a, b = rng.sample(range(NUM_QUBITS), 2)
        angle = f"{rng.uniform(-3, 3)}" if new_angles else f"pi/{2 ** rng.randint(1, 20)}"
        kind = rng.random()
        lines.append(f"cx q[{a}],q[{b}];" if kind < 0.4 else f"h q[{a}];" if kind < 0.6 else f"rz({angle}) q[{a}];")
    return "\n".join(lines)


def cpu_seconds(action: Callable[[], object]) -> float:
    """CPU time of one call."""
    start = time.process_time()
    action()
    return time.process_time() - start


def main() -> None:
    num_gates = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    texts = {"repeated angles": program(num_gates, new_angles=False), "new angles": program(num_gates, new_angles=True)}
    ours = {}
    for name, text in texts.items():
        ours[name] = cpu_seconds(lambda text=text: circuit_of_text(text, "bench.qasm"))
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"{name}: {ours[name]:.2f} s, {num_gates / ours[name]:,.0f} gates/s, peak memory so far {peak_mb:.0f} MB")

    from qiskit import qasm2  # after the memory was measured

    for name, text in texts.items():
        qiskits = cpu_seconds(lambda text=text: qasm2.loads(text))
        print(f"{name}: qiskit.qasm2.loads {qiskits:.2f} s, ratio {ours[name] / qiskits:.2f}")


if __name__ == "__main__":
    main()
