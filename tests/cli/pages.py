"""Directories to draw, and pages read back: every element, number and address in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from html.parser import HTMLParser
from typing import Any

from dqplan.core.normalise import segments_of
from dqplan.core.outlook import Outlook
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from tests.arbitrary_plans import arbitrary_plan
from tests.conftest import SAMPLES

_VOID = frozenset({"meta"})


def sample_directory(name: str, hardware: str, *, seed: int = 3, timed: bool = False) -> dict[str, str]:
    """The files of an arbitrary legal plan of a sample, with a schedule if its hardware has all numbers."""
    text = (SAMPLES / f"{name}.qasm").read_text(encoding="utf-8")
    return circuit_directory(text, hardware, name=name, seed=seed, timed=timed)


def circuit_directory(
    text: str, hardware: str, *, name: str = "circuit", seed: int = 3, timed: bool = False
) -> dict[str, str]:
    """The same for any OpenQASM text."""
    plan = arbitrary_plan(segments_of(circuit_of_text(text, f"{name}.qasm")), load_hardware(hardware), seed)
    program = split_circuit(plan)
    outlook = trial_program(program, work=0) if timed else Outlook(None, None, None, ("rate of e-bits",), (), {})
    return program_files(program, source_text=text, outlook=outlook)


@dataclass
class Element:
    """One element: its name, attributes, the elements around it from the outside in, and all text within."""

    name: str
    attributes: dict[str, str]
    around: list[Element]
    text: str = ""

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def within(self, **attributes: str) -> bool:
        """Whether it or one around it has these attributes."""
        return any(attributes.items() <= each.attributes.items() for each in (*self.around, self))


@dataclass
class Page:
    """All elements in the order of their beginnings."""

    elements: list[Element] = field(default_factory=list)

    def every(self, name: str, *classes: str) -> list[Element]:
        return [each for each in self.elements if each.name == name and {*classes} <= each.classes]

    def paths(self, *classes: str) -> str:
        """The drawing of all paths of a class."""
        return "".join(path.attributes.get("d", "") for path in self.every("path", *classes))


class _Reader(HTMLParser):
    """Fails on what a browser would have to mend."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({key for key, _ in attrs}) == len(attrs), f"<{tag}> names an attribute twice"
        element = Element(tag, {key: value or "" for key, value in attrs}, list(self.open))
        self.page.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> ends nothing"
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        assert self.open or not data.strip(), "text outside of the page"
        for element in self.open:
            element.text += data


def read_page(text: str) -> Page:
    """A page whose elements are all closed in turn."""
    assert text.startswith("<!DOCTYPE html>\n")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader.page


def stated(page: Page) -> Iterator[tuple[str, str]]:
    """The numbers of the page: their keys in plan.json, and their values as written for machines."""
    for element in page.every("data"):
        yield element.attributes["data-key"], element.attributes["value"]


def looked_up(files: Mapping[str, str], key: str) -> Any:
    """What plan.json says under a key such as `cost.ebits`."""
    return reduce(lambda part, step: part[step], key.split("."), json.loads(files["plan.json"]))
