"""Rules that span several keys of a hardware file.

They look at the plain data, so that they find their mistakes even where other keys are of the wrong type:
what has the wrong type is passed over here and reported by the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from dqplan.load.hardware_files.draft import (
    MAX_MODULES,
    Draft,
    Entry,
    between_pairs,
    joined_pairs,
    local_qubits,
    member_names,
    number,
    shape_members,
    whole,
)
from dqplan.load.hardware_files.lines import Document, Mistake, Path
from dqplan.load.hardware_files.shapes import parse_shape

RESERVED_NAMES = frozenset({"input", "joint", "plan"})
"""Files of a written program that are not those of a module have these names."""
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(1, 10))})
"""Windows opens a device where a file of this name is meant, whatever its ending."""
BELL_SUM_TOLERANCE = 1e-6
BELL_FIDELITY_TOLERANCE = 0.005
"""Published density matrices are rounded; more than this is another e-bit."""


def find_broken_rules(document: Document) -> Iterator[Mistake]:
    """Every mistake that the schema alone cannot see."""
    draft = Draft(document)
    for rule in (_duplicate_keys, _sources, _enough_modules, _module_names, _modules, _links, _one_link_per_pair):
        yield from rule(draft)


def suggest(word: object, known: list[str]) -> str:
    """A hint that names the closest known word, or all of them."""
    close = get_close_matches(str(word), known, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"allowed: {', '.join(known[:40])}" if known else ""


def _duplicate_keys(draft: Draft) -> Iterator[Mistake]:
    for path in draft.document.duplicates:
        yield draft.document.mistake(path, "this key stands twice in one mapping", "delete one of the two")


def _sources(draft: Draft) -> Iterator[Mistake]:
    content = draft.document.content
    listed = content.get("sources") if isinstance(content, dict) else None
    sources = listed if isinstance(listed, dict) else {}
    recalled = {key for key, entry in sources.items() if isinstance(entry, dict) and entry.get("kind") == "recalled"}
    for path, leaf in _leaves(content, ()):
        source = leaf.get("source")
        if not isinstance(source, str) or not source:
            continue
        if source not in sources:
            hint = suggest(source, list(sources)) or "add it under `sources`"
            yield draft.document.mistake((*path, "source"), f"`{source}` is not among the `sources`", hint)
        elif source in recalled and leaf.get("unverified") is not True:
            message = f"`{source}` was recalled, so the number needs `unverified: true`"
            yield draft.document.mistake(path, message)


def _leaves(content: object, path: Path) -> Iterator[tuple[Path, Entry]]:
    """Every `{value: ..., ...}` in the tree."""
    if isinstance(content, dict):
        if "value" in content and path[:1] != ("sources",):
            yield path, content
        for key, item in content.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(content, list):
        for index, item in enumerate(content):
            yield from _leaves(item, (*path, index))


def _enough_modules(draft: Draft) -> Iterator[Mistake]:
    content = draft.document.content
    if not isinstance(content, dict) or content.get("refuse"):
        return
    if not draft.modules:
        yield draft.document.mistake(("modules",), "there are no modules", "add one, or say why not in `refuse`")
    elif all(number(module.get("data")) == 0 for _, module in draft.modules):
        yield draft.document.mistake(("modules",), "no module has a data qubit", "give a processor `data: 1` or more")


def _module_names(draft: Draft) -> Iterator[Mistake]:
    seen: set[str] = set()
    for path, module in draft.modules:
        if not isinstance(name := module.get("name"), str):
            continue
        made = member_names(name, whole(module.get("count")))
        for taken in sorted({name, *made} & seen)[:1]:
            yield draft.document.mistake((*path, "name"), f"the name `{taken}` is taken by an earlier module")
        for device in sorted({*made} & _DEVICES)[:1]:
            message = f"no file can be called `{device}` on Windows, as the program of this module would be"
            yield draft.document.mistake((*path, "name"), message, f"choose another, such as `{device}_module`")
        for reserved in sorted({*made} & RESERVED_NAMES):
            message = f"the name `{reserved}` is that of a file which `dqplan split` writes for the whole circuit"
            yield draft.document.mistake((*path, "name"), message, f"choose another, such as `{reserved}_module`")
        seen |= {name, *made}
    total = sum(whole(module.get("count")) or 1 for _, module in draft.modules)
    if total > MAX_MODULES:
        yield draft.document.mistake(("modules",), f"found {total} modules; at most {MAX_MODULES} are allowed")


def _modules(draft: Draft) -> Iterator[Mistake]:
    for path, module in draft.modules:
        yield from _lifetimes(draft.document, path, module)
        role = module.get("role", "processor")
        if role != "processor" and number(module.get("data")):
            message = f"a {role} module has no data qubits, found {number(module.get('data'))}"
            yield draft.document.mistake((*path, "data"), message, "write `data: 0`, or `role: processor`")
        yield from _coupling(draft.document, path, module)


def _lifetimes(document: Document, path: Path, module: Entry) -> Iterator[Mistake]:
    t1 = number(module.get("t1_s"))
    for key in ("t2_s", "comm_t2_s"):
        t2 = number(module.get(key))
        if t1 is not None and t2 is not None and t2 > 2 * t1:
            yield document.mistake((*path, key), f"T2 = {t2:g} s exceeds 2 T1 = {2 * t1:g} s, which no qubit can")


def _coupling(document: Document, path: Path, module: Entry) -> Iterator[Mistake]:
    coupling, qubits = module.get("coupling"), local_qubits(module)
    here = (*path, "coupling")
    if isinstance(coupling, str) and qubits is not None:
        shape = parse_shape(coupling)
        if shape and (fault := shape.fault(qubits)):
            yield document.mistake(here, f"{fault} (data and comm qubits together)")
    if not isinstance(coupling, list):
        return
    seen: set[frozenset[object]] = set()
    for index, pair in enumerate(coupling):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(end, int) for end in pair):
            continue
        if problem := _pair_problem(pair, qubits, seen):
            yield document.mistake((*here, index), problem)
        seen.add(frozenset(pair))


def _pair_problem(pair: list[int], qubits: int | None, seen: set[frozenset[object]]) -> str:
    if pair[0] == pair[1]:
        return f"qubit {pair[0]} is coupled to itself"
    if qubits is not None and max(pair) >= qubits:
        return f"qubit {max(pair)} does not exist; the module has {qubits} data and comm qubits, numbered from 0"
    return f"the pair {pair} stands here twice" if frozenset(pair) in seen else ""


def _links(draft: Draft) -> Iterator[Mistake]:
    for path, link in draft.links:
        if ("between" in link) == ("shape" in link):
            yield draft.document.mistake(path, "exactly one of `between` and `shape` is needed")
        if "modules" in link and "shape" not in link:
            yield draft.document.mistake((*path, "modules"), "only a `shape` has `modules`")
        yield from _link_ends(draft, path, link)
        yield from _link_shape(draft, path, link)
        yield from _link_kind(draft.document, path, link)
        yield from _bell_weights(draft.document, path, link)


def _link_ends(draft: Draft, path: Path, link: Entry) -> Iterator[Mistake]:
    for where, name in _named_ends(path, link):
        if name not in draft.meaning:
            message = f"there is no module `{name}`"
            yield draft.document.mistake(where, message, suggest(name, list(draft.members)))
    for where, pair in between_pairs(path, link):
        if len(pair) != 2 or not all(isinstance(name, str) for name in pair):
            yield draft.document.mistake(where, "expected two modules' names, [a, b], or a list of such pairs")
        elif pair[0] == pair[1]:
            hint = "for links among the modules of one entry write `shape: all` and `modules: [name]`"
            yield draft.document.mistake(where, f"both ends are `{pair[0]}`", hint)


def _named_ends(path: Path, link: Entry) -> Iterator[tuple[Path, str]]:
    modules = link.get("modules")
    for index, name in enumerate(modules if isinstance(modules, list) else []):
        if isinstance(name, str):
            yield (*path, "modules", index), name
    for where, pair in between_pairs(path, link):
        yield from (((*where, index), name) for index, name in enumerate(pair) if isinstance(name, str))


def _link_shape(draft: Draft, path: Path, link: Entry) -> Iterator[Mistake]:
    shape, names = parse_shape(str(link.get("shape"))), shape_members(draft, link)
    if shape and (fault := shape.fault(len(names))):
        yield draft.document.mistake((*path, "shape"), fault)
    twice = sorted({name for name in names if names.count(name) > 1}) if "modules" in link else []
    if twice:
        yield draft.document.mistake((*path, "modules"), f"`{twice[0]}` stands here twice")


def _link_kind(document: Document, path: Path, link: Entry) -> Iterator[Mistake]:
    kind = link.get("type")
    if kind in ("classical", "direct_gate") and "ebit" in link:
        hint = "direct gates have a `remote_gate`" if kind == "direct_gate" else "delete it, or write `type: ebit`"
        yield document.mistake((*path, "ebit"), f"a {kind} link makes no e-bits", hint)
    if kind == "classical" and "remote_gate" in link:
        yield document.mistake((*path, "remote_gate"), "a classical link does no gates", "delete it")


def _bell_weights(document: Document, path: Path, link: Entry) -> Iterator[Mistake]:
    ebit = link.get("ebit")
    raw = ebit.get("bell_diagonal") if isinstance(ebit, dict) else None
    listed = raw.get("value") if isinstance(raw, dict) else raw
    weights = [number(weight) for weight in listed] if isinstance(listed, list) else []
    known = [weight for weight in weights if weight is not None]
    if not isinstance(ebit, dict) or len(known) != 4 or len(weights) != 4:
        return
    here = (*path, "ebit", "bell_diagonal")
    if not abs(sum(known) - 1) <= BELL_SUM_TOLERANCE:
        yield document.mistake(here, f"the weights sum to {sum(known):g}; they must sum to 1")
    fidelity = number(ebit.get("fidelity"))
    if fidelity is not None and abs(fidelity - known[0]) > BELL_FIDELITY_TOLERANCE:
        message = f"the first weight {known[0]:g} is not the fidelity {fidelity:g}"
        yield document.mistake(here, message, f"they may differ by rounding, at most {BELL_FIDELITY_TOLERANCE}")


def _one_link_per_pair(draft: Draft) -> Iterator[Mistake]:
    seen: set[tuple[str, str, bool]] = set()
    for path, link in draft.links:
        quantum = link.get("type") != "classical"
        pairs = {(min(pair), max(pair), quantum) for pair in joined_pairs(draft, path, link)}
        for a, b, _ in sorted(pairs & seen)[:1]:
            kind = "quantum" if quantum else "classical"
            message = f"`{a}` and `{b}` already have a {kind} link"
            yield draft.document.mistake(path, message, "for several channels use `parallel_channels`")
        seen |= pairs
