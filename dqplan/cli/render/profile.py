"""Profile -> a report to read, or JSON of the schema dqplan.profile/1."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dqplan.cli.render.widgets import facts, heading, listing, words
from dqplan.core.profile import (
    Cut,
    CutEntropy,
    Demand,
    Entanglement,
    Interaction,
    Layers,
    NormalForm,
    Operations,
    Profile,
    Spread,
)
from dqplan.core.units import count, counted

SCHEMA = "dqplan.profile/1"
JSON_DECIMALS = 9
"""Digits behind the point; the last digits of floats differ between machines."""
NAME_WIDTH = 20
"""Columns of the names, the same in every section."""
CHART_WIDTH = 48
SHOWN_SIZES = 6
"""Greatest components and communities that are listed."""
_BARS = "▁▂▃▄▅▆▇█"

Fact = tuple[str, str]
"""What is measured, and what is to be said about it."""


def profiles_json(profiles: Sequence[Profile]) -> str:
    """One object for one profile, a list of objects for several; keys in a fixed order, a line feed at the end."""
    objects = [_object(profile) for profile in profiles]
    return json.dumps(objects[0] if len(objects) == 1 else objects, indent=2) + "\n"


def profile_line(profile: Profile) -> str:
    """The object in one line, as programs read it that take many documents one after the other."""
    return json.dumps(_object(profile)) + "\n"


def _object(profile: Profile) -> dict[str, object]:
    return {"schema": SCHEMA, **_rounded(asdict(profile))}


def _rounded(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: _rounded_value(value) for name, value in fields.items()}


def _rounded_value(value: object) -> object:
    if isinstance(value, float):
        return round(value, JSON_DECIMALS)
    if isinstance(value, Mapping):
        return _rounded(value)
    if isinstance(value, tuple | list):
        return [_rounded_value(item) for item in value]
    return value


def profiles_report(profiles: Sequence[Profile]) -> Iterator[RenderableType]:
    """One circuit after the other; lines fit 80 columns."""
    for number, profile in enumerate(profiles):
        if number:
            yield Text()
        yield from _report(profile)


def _report(profile: Profile) -> Iterator[RenderableType]:
    yield heading(profile.name)
    yield _facts(_size(profile))
    sections: dict[str, Iterator[Fact]] = {
        "Operations": _operations(profile.operations),
        "Layers": _layers(profile.layers, profile.qubit_names),
        "Normal form": _normal_form(profile.normal_form),
        "Interaction graph": _interaction(profile.interaction),
        "Entanglement": _entanglement(profile.entanglement, profile.num_qubits),
    }
    for title, rows in sections.items():
        yield Text()
        yield heading(title)
        yield _facts(rows)
    if profile.demand:
        yield Text()
        yield heading("E-bits on an all-to-all network")
        yield _demand(profile.demand)


def _facts(rows: Iterator[Fact]) -> Table:
    return facts((name.ljust(NAME_WIDTH), text) for name, text in rows)


def _size(profile: Profile) -> Iterator[Fact]:
    yield "size", words(counted(profile.num_qubits, "qubit"), counted(profile.num_clbits, "classical bit"))


def _operations(operations: Operations) -> Iterator[Fact]:
    kinds = {
        "one-qubit": operations.one_qubit,
        "two-qubit": operations.two_qubit,
        "three-qubit": operations.three_qubit,
    }
    gates = words(*(f"{count(number)} {kind}" for kind, number in kinds.items() if number))
    yield "gates", f"{count(sum(kinds.values()))}{gates and f': {gates}'}"
    yield "by kind", words(*(f"{name} {count(number)}" for name, number in operations.by_kind.items()))
    for name in ("measurements", "resets", "conditioned"):
        if number := getattr(operations, name):
            yield name, count(number)
    others = f"and {counted(operations.rotations, 'rotation')} by other angles" if operations.rotations else ""
    yield "T count", words(count(operations.t_count), others)
    if operations.clifford_share is not None:
        yield "Clifford share", f"{_percent(operations.clifford_share)} of the gates"


def _layers(layers: Layers, names: Sequence[str]) -> Iterator[Fact]:
    yield "depth", words(counted(layers.depth, "layer"), f"two-qubit depth {count(layers.two_qubit_depth)}")
    yield "parallelism", f"{_spread(layers.parallelism)} operations per layer"
    cells = layers.depth * len(layers.active)
    if cells:
        total, inside = sum(layers.idle_total) / cells, sum(layers.idle_inside) / cells
        yield "idle", f"{_percent(total)} of qubits x layers, {_percent(inside)} between first and last use"
    for role, qubit in (("busiest qubit", layers.busiest), ("idlest qubit", layers.idlest)):
        if qubit is not None:
            pause = f"idle in {count(layers.idle_inside[qubit])} between them"
            yield role, words(names[qubit], f"active in {counted(layers.active[qubit], 'layer')}", pause)


def _normal_form(form: NormalForm) -> Iterator[Fact]:
    merging = f"{count(form.gates_before)} before merging, {count(form.cancelled)} cancelled"
    compression = "" if form.compression is None else f"compression {form.compression:.2f}"
    yield "CP gates", words(count(form.gates), merging, compression)
    yield "segments", words(count(form.segments), f"{count(form.segments_with_gates)} with gates")
    yield "gates per segment", f"{_spread(form.gates_per_segment)} where there are any"


def _interaction(graph: Interaction) -> Iterator[Fact]:
    density = "" if graph.density is None else f"density {graph.density:.3f}"
    yield "edges", words(count(graph.edges), density, f"{_spread(graph.degree)} per qubit")
    yield "components", _groups(graph.components)
    if graph.communities:
        yield "communities", f"{_groups(graph.communities.sizes)}, modularity {graph.communities.modularity:.2f}"
    if graph.bridges is not None and graph.articulation_points is not None:
        points = counted(graph.articulation_points, "articulation point")
        yield "weak points", words(counted(graph.bridges, "bridge"), points)
    if graph.min_cut is not None:
        connected = f"{counted(graph.min_cut, 'gate')} between some qubits and the others"
        yield "minimum cut", connected if graph.min_cut else "0 gates, as the graph is not connected"
    cuts = graph.cuts
    for name, cut in (("middle cut", cuts.middle), ("lightest balanced", cuts.lightest_balanced)):
        if cut:
            yield name, _cut(cut, len(cuts.gates) + 1)
    if cuts.gates:
        yield "linear cuts", f"{_spread(cuts.gates_spread)} gates across"
        yield "", _chart(cuts.gates)
    yield from _skipped(graph.skipped)


def _cut(cut: Cut, num_qubits: int) -> str:
    pairs = counted(cut.segment_pairs, "segment pair")
    crossing = words(counted(cut.gates, "gate"), pairs, counted(cut.packets, "packet"))
    return f"{_sides(cut.left, num_qubits)}: {crossing}"


def _sides(left: int, num_qubits: int) -> str:
    return f"{count(left)} | {counted(num_qubits - left, 'qubit')}"


def _entanglement(entanglement: Entanglement, num_qubits: int) -> Iterator[Fact]:
    yield "state", entanglement.state
    for name, cut in (("middle cut", entanglement.middle), ("maximum", entanglement.maximum)):
        if cut:
            yield name, f"{_sides(cut.left, num_qubits)}: {words(_bits(cut), cut.basis)}"
    if entanglement.cuts:
        yield "linear cuts", entanglement.covers
    if entanglement.maximum and entanglement.maximum.bits:
        yield "", _chart([cut.bits for cut in entanglement.cuts])
    yield from _skipped(entanglement.skipped)


def _bits(cut: CutEntropy) -> str:
    digits = f"{cut.bits:.0f}" if cut.bits == round(cut.bits) else f"{cut.bits:.4f}"
    amount = f"{digits} {'bit' if cut.bits == 1 else 'bits'}"
    return amount if cut.exact else f"at most {amount}"


def _skipped(skipped: Mapping[str, str]) -> Iterator[Fact]:
    for name, reason in skipped.items():
        yield f"no {name.replace('_', ' ')}", reason


def _demand(demand: Sequence[Demand]) -> Table:
    table = listing("modules", "used", "data qubits", "e-bits", "proved", "one per remote gate", right=range(6))
    for row in demand:
        numbers = (row.num_modules, row.modules_used, row.module_size, row.ebits)
        table.add_row(*map(count, numbers), f"≥ {count(row.bound)}", count(row.one_ebit_per_remote_gate))
    return table


def _spread(spread: Spread) -> str:
    if spread.least == spread.most:
        return count(spread.least)
    return f"{count(spread.least)} to {count(spread.most)} (mean {spread.mean:.2f})"


def _groups(sizes: Sequence[int]) -> str:
    """How many groups, and the sizes of the greatest."""
    shown = ", ".join(count(size) for size in sizes[:SHOWN_SIZES])
    rest = f", and {count(len(sizes) - SHOWN_SIZES)} smaller" if len(sizes) > SHOWN_SIZES else ""
    return f"{count(len(sizes))} of {shown}{rest} qubits"


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _chart(values: Sequence[float]) -> str:
    """A line of bars from 0 to the greatest value; where neighbours share a bar, the greatest of them shows."""
    width = min(CHART_WIDTH, len(values))
    edges = [place * len(values) // width for place in range(width + 1)]
    peaks = [max(values[start:end]) for start, end in pairwise(edges)]
    top = max(peaks) or 1
    return "".join(_BARS[round(peak / top * (len(_BARS) - 1))] for peak in peaks)
