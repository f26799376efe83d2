"""A written plan -> the whole page: style and script within it, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

import dqplan
from dqplan.cli.render.html.causes import causes
from dqplan.cli.render.html.demand import demand
from dqplan.cli.render.html.headline import checks, headline
from dqplan.cli.render.html.lanes import circuit_lanes
from dqplan.cli.render.html.markup import Html, element
from dqplan.cli.render.html.matrix import matrices
from dqplan.cli.render.html.network import network
from dqplan.cli.render.html.timeline import timeline
from dqplan.core.profile import Demand
from dqplan.load.plan_document import PlanDocument
from dqplan.load.written_plan import WrittenPlan

_NAMES = {
    "summary": "Summary",
    "network": "Modules",
    "circuit": "Circuit",
    "schedule": "Schedule",
    "causes": "Causes",
    "interaction": "Interactions",
    "demand": "By modules",
    "checks": "Checks",
}
"""What the links at the top call the parts."""


def report_page(written: WrittenPlan, by_modules: Sequence[Demand] = ()) -> str:
    """The page as text; the same plan always gives the same bytes.

    Args:
        written: what a directory says.
        by_modules: what the circuit costs on other numbers of modules, to be shown with the rest.
    """
    document = written.document
    title = f"{document.circuit.name} on {document.hardware.name}"
    style, script = (_shipped(name) for name in ("page.css", "page.js"))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content=f"dqplan {dqplan.__version__}"),
        element("title", title),
        element("style", style),
    )
    parts = {
        "summary": headline(written),
        "network": network(written),
        "circuit": circuit_lanes(written),
        "schedule": timeline(written),
        "causes": causes(document),
        "interaction": matrices(written),
        "demand": demand(by_modules),
        "checks": checks(document),
    }
    top = _top(title, [name for name, part in parts.items() if part])
    main = element("main", *parts.values(), id="main")
    body = element("body", top, main, _foot(document), element("script", script))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _shipped(name: str) -> Html:
    return Html((files("dqplan.cli.render.html") / name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded, and no other style or script may run, whatever names in the plan look like."""
    return f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'"


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _top(title: str, parts: Sequence[str]) -> Html:
    links = (element("li", element("a", _NAMES[part], href=f"#{part}")) for part in parts)
    skip = element("a", "Skip to the report", href="#main", class_="skip")
    return element("header", skip, element("h1", title), element("nav", element("ul", *links), aria_label="Parts"))


def _foot(document: PlanDocument) -> Html:
    digests = f"circuit {document.circuit.digest[:16]}…, hardware {document.hardware.digest[:16]}…"
    told = f"Made by dqplan {dqplan.__version__} from plan.json, digests {digests}. `dqplan verify` checks them anew."
    return element("footer", element("p", told))
