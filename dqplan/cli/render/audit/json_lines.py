"""Audit -> NDJSON: a line for each case, as in the JSON document."""

from __future__ import annotations

import json

from dqplan.cli.audits.audit import Audit
from dqplan.cli.render.audit.document import case_document
from dqplan.cli.terminal.streams import printable_json


def render(audit: Audit) -> str:
    """Compact objects, one a line."""
    return "".join(
        f"{printable_json(json.dumps(case_document(judged), ensure_ascii=False))}\n" for judged in audit.cases
    )
