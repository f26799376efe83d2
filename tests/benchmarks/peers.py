"""The other planners: which of their numbers count, how their columns are headed, where the numbers come from."""

from __future__ import annotations

from collections.abc import Mapping

HEADINGS = {
    "pytket-dqc": "pytket-dqc",
    "DISQCO": "DISQCO",
    "memq-dqc": "memq-dqc",
    "dSABRE (teledata only, hard ports, recorded)": "dSABRE",
    "pytket-dqc (same device, ports as bound, recorded)": "pytket-dqc, same device",
    "TeleSABRE (recorded)": "TeleSABRE",
    "pytket-dqc (as published: even split, unbounded comm, recorded)": "pytket-dqc, unbounded comm",
}
"""Row of `peers.json`, and its heading in our tables. Rows that are not named here are scripts, not planners."""

COUNTED = {
    "relaxed": ("pytket-dqc", "DISQCO", "memq-dqc"),
    "hard": ("dSABRE (teledata only, hard ports, recorded)", "pytket-dqc (same device, ports as bound, recorded)"),
}
"""By accounting, what dqplan is compared with. TeleSABRE is shown beside them; what was published for unbounded comm
qubits mostly cannot run on the device, and is information only."""

SOURCES = """\
The peers' e-bits are recorded results, not run again here. Their plans were not checked by `dqplan verify`. Where the
times of peers are quoted anywhere, they come from other machines: only their order of magnitude means something.

- Circuits of the relaxed instances: MQT Bench 2.3.0, target-independent level, transpiled by Qiskit 2.6 at optimisation
  level 1, measurements removed. Modules hold ceil(n / modules) + 1 data qubits. An e-bit is one Bell pair over one
  link; comm qubits and lifetimes are unlimited.
- **pytket-dqc**: commit 658045f, the best of its workflows HP, PH, PHE, CE, CES, CESD and SA on each instance.
- **DISQCO**: commit 10c7b14, MLFM-R, the best of 5 seeds, counted again. Its figures on `line:` networks are as it
  reports them; whether it counts every hop of a route there was not checked.
- **memq-dqc**: 0.1.3, the best of its partitioners; it plans with two comm qubits per link.
- Circuits of the hard instances: the 25- and 36-qubit suites of dSABRE, from MQT Bench 1.1.0, gates rz, sx, x, cx. The
  device has 2 x 2 modules of 16 qubits, two of them ports: `grid:2x2x14+2`, at most 2 comm qubits per module at any
  moment. The figures of **dSABRE** (teledata only), **TeleSABRE** and **pytket-dqc** there are those of dSABRE's
  public repository (Li et al., arXiv:2605.21960).
- The ratio compares with the best of pytket-dqc, DISQCO and memq-dqc in relaxed accounting, and with the better of
  dSABRE and pytket-dqc on the same device in hard accounting.
"""


def counted(accounting: str, peers: Mapping[str, int]) -> dict[str, int]:
    """The numbers that count, by heading."""
    return {HEADINGS[name]: peers[name] for name in COUNTED[accounting] if name in peers}


def shown(peers: Mapping[str, int]) -> dict[str, int]:
    """The numbers of all planners, by heading, in the order of `HEADINGS`."""
    return {heading: peers[name] for name, heading in HEADINGS.items() if name in peers}
