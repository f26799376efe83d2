"""The network files of memQ's DQC compiler (JSON with `processors` and `qubits`) -> hardware files.

Their qubits carry a processor, a type and the qubits that they are coupled to, here and elsewhere, written at either
end or both. As many e-bits are made at once over a link as it joins pairs of comm qubits, none of them twice.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dqplan.load.hardware_files.draft import Entry
from dqplan.load.hardware_files.lines import Document

_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_TYPES = ("computation", "communication")
_SOURCE = "network"


def is_memq_network(document: Document) -> bool:
    """Whether the file looks like one of memQ's and not like a hardware file."""
    content = document.content
    return isinstance(content, dict) and {"processors", "qubits"} <= content.keys() and "schema" not in content


def hardware_file_of(document: Document) -> Document:
    """The network as the content of a hardware file, with modules qpu0, qpu1, … in the order of their ids.

    Qubits stand in the order of `localIndex`, where it is given, else in that of the file; data qubits come first.

    Raises:
        HardwareError: a qubit lacks its type or processor, or is coupled to one that does not exist.
    """
    qubits = _qubits(document)
    processors = sorted({qubit.processor for qubit in qubits.values()})
    members = {each: _members(qubits, each) for each in processors}
    title = {"title": "memQ network file", "kind": "own"}
    content = {
        "schema": "dqplan.hardware/1",
        "title": "network of memQ's DQC compiler",
        "notes": "Read from a memQ network file, which gives neither rates nor durations nor fidelities of gates.",
        "sources": {_SOURCE: title},
        "modules": [_module(f"qpu{each}", members[each], qubits) for each in processors],
        "links": list(_links(document, qubits)),
    }
    return Document(document.source, content)


@dataclass(frozen=True)
class _Qubit:
    """A qubit of the file; `coherence_s` is None where the file is silent."""

    processor: int
    comm: bool
    place: int
    coupled: tuple[str, ...]
    joined: tuple[str, ...]
    coherence_s: float | None


def _qubits(document: Document) -> dict[str, _Qubit]:
    content = document.content
    assert isinstance(content, dict)
    listed = content["qubits"]
    if not isinstance(listed, dict):
        raise document.mistake(("qubits",), "expected a mapping from names to qubits").error()
    found = {name: _qubit(document, name, raw, i) for i, (name, raw) in enumerate(listed.items())}
    for name, qubit in found.items():
        for other in (*qubit.coupled, *qubit.joined):
            if other not in found:
                raise document.mistake(("qubits", name), f"is joined to `{other}`, which is no qubit").error()
    return found


def _qubit(document: Document, name: str, raw: object, position: int) -> _Qubit:
    path = ("qubits", name)
    if not isinstance(raw, dict) or raw.get("type") not in _TYPES:
        raise document.mistake(path, "needs a `type`", "computation or communication").error()
    if not _is_index(raw.get("processorId")):
        raise document.mistake(path, "needs a `processorId`", "the number of its processor, from 0").error()
    place = raw.get("localIndex")
    if place is not None and not _is_index(place):
        raise document.mistake((*path, "localIndex"), "expected a whole number from 0").error()
    return _Qubit(
        processor=raw["processorId"],
        comm=raw["type"] == "communication",
        place=position if place is None else place,
        coupled=_listed(document, path, raw, "localConnections"),
        joined=_listed(document, path, raw, "remoteConnections"),
        coherence_s=_coherence_s(document, path, raw),
    )


def _is_index(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _listed(document: Document, path: tuple[str, ...], raw: Entry, key: str) -> tuple[str, ...]:
    names = raw.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise document.mistake((*path, key), "expected a list of qubits' names").error()
    return tuple(names)


def _coherence_s(document: Document, path: tuple[str, ...], raw: Entry) -> float | None:
    value, unit = raw.get("coherenceTime"), raw.get("coherenceTimeUnit", "us")
    if value is None:
        return None
    seconds = _SECONDS.get(unit) if isinstance(unit, str) else None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < math.inf or not seconds:
        hint = f"a number above 0, in {', '.join(_SECONDS)}"
        raise document.mistake((*path, "coherenceTime"), f"found {value} {unit}", hint).error()
    return float(f"{value * seconds:.12g}")


def _members(qubits: dict[str, _Qubit], processor: int) -> list[str]:
    """The processor's qubits, data before comm."""
    own = [name for name, qubit in qubits.items() if qubit.processor == processor]
    return sorted(own, key=lambda name: (qubits[name].comm, qubits[name].place))


def _module(name: str, members: list[str], qubits: dict[str, _Qubit]) -> Entry:
    place = {member: i for i, member in enumerate(members)}
    pairs = {tuple(sorted((place[a], place[b]))) for a in members for b in qubits[a].coupled if b in place and a != b}
    complete = len(pairs) == len(members) * (len(members) - 1) // 2
    comm = [member for member in members if qubits[member].comm]
    module: Entry = {
        "name": name,
        "data": _cited(len(members) - len(comm)),
        "comm": _cited(len(comm)),
        "coupling": "all" if complete else [list(pair) for pair in sorted(pairs)],
    }
    data_t2, comm_t2 = (
        _shortest(qubits[member].coherence_s for member in members if qubits[member].comm is kind)
        for kind in (False, True)
    )
    module |= {} if data_t2 is None else {"t2_s": _cited(data_t2, "the shortest coherenceTime")}
    return module | ({} if comm_t2 in (None, data_t2) else {"comm_t2_s": _cited(comm_t2, "the shortest coherenceTime")})


def _shortest(times: Iterator[float | None]) -> float | None:
    return min((time for time in times if time is not None), default=None)


def _cited(value: object, note: str = "") -> Entry:
    return {"value": value, "source": _SOURCE} | ({"note": note} if note else {})


def _links(document: Document, qubits: dict[str, _Qubit]) -> Iterator[Entry]:
    joined: defaultdict[tuple[int, int], set[tuple[str, str]]] = defaultdict(set)
    for name, qubit in qubits.items():
        for other in qubit.joined:
            a, b = sorted((name, other), key=lambda end: qubits[end].processor)
            joined[qubits[a].processor, qubits[b].processor].add((a, b))
    known = _fidelities(document)
    for (first, second), pairs in sorted(joined.items()):
        if first == second:
            raise document.mistake(("qubits", min(pairs)[0]), "has a remote connection inside its processor").error()
        fidelities = [known[frozenset(pair)] for pair in pairs if frozenset(pair) in known]
        lowest = {"fidelity": _cited(min(fidelities), "the lowest of its connections")} if fidelities else {}
        yield {
            "between": [f"qpu{first}", f"qpu{second}"],
            "type": "ebit",
            "parallel_channels": _cited(_most_at_once(sorted(pairs))),
            "ebit": lowest,
        }


def _fidelities(document: Document) -> dict[frozenset[str], float]:
    """Of the file's `connections`, as far as they can be read."""
    content = document.content
    assert isinstance(content, dict)
    listed = content.get("connections", [])
    return {
        frozenset((str(each.get("qubit1")), str(each.get("qubit2")))): float(each["fidelity"])
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and isinstance(each.get("fidelity"), int | float)
    }


def _most_at_once(pairs: list[tuple[str, str]]) -> int:
    """The largest set of pairs without a qubit in common."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    left, right = sorted({a for a, _ in pairs}), sorted({b for _, b in pairs})
    rows, columns = [left.index(a) for a, _ in pairs], [right.index(b) for _, b in pairs]
    matched = maximum_bipartite_matching(csr_array(([1] * len(pairs), (rows, columns))), perm_type="column")
    return int((matched >= 0).sum())
