"""Links that a file takes from a preset: `use: cisco_nyc_2026`, or `use: preset/a--b` where it has several.

What the preset says about the link is filled in with its provenance; keys beside `use` override it. A preset whose
facts name a `fibre_loss` says that its links are fibre; then length, latency and rate belong together:

- a message takes the length over the speed of light in fibre, 5 µs/km (refractive index about 1.5) unless the facts
  name a `speed_in_fibre`;
- over L instead of L0 km of a dB/km, photons that heralding needs arrive 10^(-a (L - L0) / 10) times as often where
  two of them cross half of the fibre each (two-photon heralding), 10^(-a (L - L0) / 20) where one does
  (`photons_per_ebit: 1`). That attempts take longer over longer fibre is left out, and so are dark counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches

from dqplan.core.errors import HardwareError
from dqplan.load.hardware_files.draft import Draft, Entry, joined_pairs, number, whole
from dqplan.load.hardware_files.lines import Document, Mistake, read_document
from dqplan.load.hardware_files.presets import preset_names, preset_source

FIBRE_METRES_PER_S = 2e8
_LONGEST = 200
"""Characters of a part's name that are looked at: two modules' names have at most 128."""
_MERGED = ("ebit", "remote_gate")
_OWN = ("between", "shape", "modules", "weight", "use")
_FIBRE_SOURCE = {
    "title": "Light in fibre: 5 µs/km, and photons that arrive 10^(-loss / 10) times as often",
    "seen": "derived from the length by dqplan",
    "kind": "computed",
}


@dataclass(frozen=True)
class Part:
    """A link of a preset.

    Attributes:
        preset: its preset's name.
        link: its entry there, with provenance.
        facts: the preset's facts.
        sources: the preset's sources.
        stored: whether the modules at its ends have comm qubits; otherwise photons are detected.
    """

    preset: str
    link: Entry
    facts: Entry
    sources: Entry
    stored: bool


def find_part(wanted: str) -> Part:
    """The link that `preset` or `preset/a--b` names.

    Raises:
        HardwareError: there is no such preset or link, or it has several; message and hint name those that exist.
    """
    preset, _, wanted_link = wanted[:_LONGEST].partition("/")
    if preset not in preset_names():
        close = get_close_matches(preset, preset_names(), n=3)
        guess = f"did you mean {' or '.join(f'`{name}`' for name in close)}?" if close else ""
        raise HardwareError(f"there is no preset `{preset}`", hint=guess or "`dqplan hardware list` names them")
    draft = Draft(read_document(preset_source(preset)))
    places = {f"{a}--{b}": i for i, (path, link) in enumerate(draft.links) for a, b in joined_pairs(draft, path, link)}
    if not places:
        raise HardwareError(f"`{preset}` has no link", hint="`dqplan hardware list` shows which presets have")
    position = _chosen(preset, wanted_link, places)
    first = next(name for name, place in places.items() if place == position)
    content = draft.document.content
    assert isinstance(content, dict)
    return Part(
        preset=preset,
        link=draft.links[position][1],
        facts=content.get("facts", {}),
        sources=content["sources"],
        stored=all(_comm_qubits(draft, name) for name in first.split("--")),
    )


def fit_parts(document: Document) -> tuple[Document, list[Mistake]]:
    """The file with the numbers of all links that it uses filled in, and what is wrong with its `use`."""
    content = document.content
    links = content.get("links") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(links, list):
        return document, []
    fitted, mistakes = list(links), []
    cited: Entry = {}
    for position, link in enumerate(links):
        if not isinstance(link, dict) or not isinstance(link.get("use"), str):
            continue
        try:
            part = find_part(link["use"])
        except HardwareError as error:
            mistakes.append(document.mistake(("links", position, "use"), error.message, error.hint))
            fitted[position] = {"type": "ebit", **{key: value for key, value in link.items() if key != "use"}}
        else:
            fitted[position] = _fitted(link, part)
            cited |= _cited(fitted[position], part)
    sources = content.get("sources", {})
    filled = {"sources": sources | cited} if cited and isinstance(sources, dict) else {}
    return replace(document, content={**content, **filled, "links": fitted}), mistakes


def _chosen(preset: str, wanted: str, places: dict[str, int]) -> int:
    """The place of the wanted link among the preset's entries."""
    turned = "--".join(reversed(wanted.split("--")))
    for name in (wanted, turned):
        if name in places:
            return places[name]
    names = list({place: name for name, place in reversed(places.items())}.values())
    listed = ", ".join(f"`{preset}/{name}`" for name in reversed(names))
    if wanted:
        close = get_close_matches(wanted, [*places, *("--".join(reversed(name.split("--"))) for name in places)], n=1)
        guess = f"did you mean `{preset}/{close[0]}`?" if close else f"write {listed}"
        raise HardwareError(f"`{preset}` has no link `{wanted}`", hint=guess)
    if len(names) > 1:
        raise HardwareError(f"`{preset}` has {len(names)} kinds of links", hint=f"write one of {listed}")
    return 0


def _comm_qubits(draft: Draft, name: str) -> bool:
    """Whether the module of that name has comm qubits, as far as can be read."""
    entries = (entry for _, entry in draft.modules if name in draft.named(entry.get("name")))
    return any(whole(entry.get("comm")) != 0 for entry in entries)


def _fitted(link: Entry, part: Part) -> Entry:
    """The user's link over the preset's."""
    given: Entry = {key: _owned(value, part) for key, value in part.link.items() if key not in _OWN}
    made = given | {key: value for key, value in link.items() if key != "use"}
    for key in _MERGED:
        mine, theirs = link.get(key), given.get(key)
        if isinstance(mine, dict) and isinstance(theirs, dict):
            made[key] = _without_rival(theirs, mine) | mine
    return _along_fibre(link, made, part)


def _without_rival(theirs: Entry, mine: Entry) -> Entry:
    """Fidelity and Bell weights say the same: whoever gives one of them replaces both."""
    rivals = {"fidelity", "bell_diagonal"}
    return {key: value for key, value in theirs.items() if not (key in rivals and rivals & mine.keys())}


def _owned(value: object, part: Part) -> object:
    """A value of the preset with the sources' keys that they get in the user's file."""
    if not isinstance(value, dict):
        return value
    if "value" in value:
        return value | {"source": f"{part.preset}/{value['source']}"}
    return {key: _owned(item, part) for key, item in value.items()}


def _along_fibre(link: Entry, made: Entry, part: Part) -> Entry:
    """Latency and rate that follow from the length, if the part is fibre and the user does not give them."""
    loss = number(part.facts.get("fibre_loss"))
    new_m, old_m = number(made.get("length_m")), number(part.link.get("length_m"))
    if loss is None or new_m is None or not new_m >= 0:  # a negative length is told as such elsewhere
        return made
    changed = "length_m" in link and new_m != old_m
    if "latency_s" not in link and (changed or "latency_s" not in made):
        speed = number(part.facts.get("speed_in_fibre")) or FIBRE_METRES_PER_S
        made["latency_s"] = _derived(new_m / speed, part, f"{new_m:g} m at {speed:g} m/s")
    ebit, given = made.get("ebit"), link.get("ebit")
    rate = number(ebit.get("rate_hz")) if isinstance(ebit, dict) else None
    if not (changed and rate and old_m is not None and isinstance(ebit, dict)):
        return made
    if isinstance(given, dict) and "rate_hz" in given:
        return made
    exponent = loss * (new_m - old_m) / 1000 / (20 if number(part.facts.get("photons_per_ebit")) == 1 else 10)
    note = f"{rate:g} Hz over {old_m:g} m, {loss:g} dB/km for the difference to {new_m:g} m"
    made["ebit"] = ebit | {"rate_hz": _derived(rate * 10**-exponent, part, note)}
    return made


def _derived(value: float, part: Part, note: str) -> Entry:
    rounded = float(f"{value:.3g}")
    return {"value": rounded, "basis": "assumed", "source": f"{part.preset}/fibre", "note": f"derived: {note}"}


def _cited(link: Entry, part: Part) -> Entry:
    """The sources that the filled link cites."""
    known = {f"{part.preset}/{key}": source for key, source in part.sources.items()}
    known[f"{part.preset}/fibre"] = _FIBRE_SOURCE
    cited = set(_sources_in(link))
    return {key: source for key, source in known.items() if key in cited}


def _sources_in(value: object) -> list[str]:
    if not isinstance(value, dict):
        return []
    own = [str(value["source"])] if "source" in value else []
    return own + [source for item in value.values() for source in _sources_in(item)]
