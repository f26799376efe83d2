"""Mutations: of bytes, of words and lines, and of the nodes of JSON and YAML documents."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.fuzz.seeds import seeds_of

NUMBERS = (
    *("0", "1", "-1", "2", "3", "7", "0.5", "1.5", "-0.0", "1e-320", "1e300", "-1e300", "1e999", "NaN", "Infinity"),
    *("4294967296", "9007199254740993", "18446744073709551616", "1" * 400, "9" * 5000, "1000000", "1e3", "0x10", "007"),
)
WORDS = (
    *("../../../etc/passwd", "/dev/zero", "\x1b[31m", "\u202e", "<script>alert(1)</script>", '"><img src=x>', "</svg>"),
    *(
        "=1+1",
        "@SUM(1)",
        "CON",
        "nul",
        ".",
        "..",
        "",
        " ",
        "\0",
        "\ud83d\ude00",
        "\ufeff",
        "é",
        "a" * 300,
        "{}",
        "${x}",
    ),
    *(
        "true",
        "null",
        "~",
        "!!python/object",
        "&a",
        "*a",
        "<<",
        "---",
        "%TAG",
        "|",
        ">",
        "#",
        "\t",
        "\r",
        "\x85",
        "\u2028",
    ),
)
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2,
        3,
        10**6,
        10**9,
        2**53,
        2**63,
        2**64,
        10**30,
        -(10**30),
        0.0,
        -0.0,
        0.5,
        1.5,
        1e-320,
    ),
    *(
        1e300,
        -1e300,
        float("nan"),
        float("inf"),
        float("-inf"),
        "",
        "x",
        "0",
        [],
        {},
        [[]],
        [0],
        [0, 0],
        {"a": 1},
        {"": []},
    ),
    *(
        {"value": 1},
        {"value": None},
        ["a0", "a1"],
        "a0",
        "a0--a1",
        "a0_data[0]",
        "a0_data[99999999999999999999]",
        "0" * 64,
    ),
)
_TOKEN = re.compile(rb"\w+|[^\w\s]|\s+")
_NUMBER = re.compile(rb"(?<![\w.])-?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?")
Change = Callable[[Random, bytes], bytes]


def mutated(random: Random, kind: str) -> bytes:
    """A valid file of a kind with one to a few changes."""
    content = random.choice(seeds_of(kind))
    changes = 1 + int(random.expovariate(1))
    if random.random() < 0.6 and (document := _document(content, kind)) is not None:
        for _ in range(changes):
            document = change_node(random, document)
        return _mended(json.dumps(document), kind)
    for _ in range(changes):
        content = random.choice(_CHANGES)(random, content)
    return content


def _document(content: bytes, kind: str) -> Any:
    """The content as plain data; None if it is none."""
    if kind == "outcomes":
        return [json.loads(line) for line in content.splitlines()]
    if kind in ("hardware", "sweep"):
        import yaml

        return yaml.safe_load(content)
    try:
        return json.loads(content)
    except ValueError:
        return None


def _mended(text: str, kind: str) -> bytes:
    """Checksums are made right again, as whoever changes a file on purpose would."""
    if kind == "outcomes":
        return _with_sums(json.loads(text))
    if kind == "manifest":
        return _with_keys(json.loads(text))
    return text.encode(errors="surrogatepass")


def _with_sums(lines: Any) -> bytes:
    from dqplan.sweep.journal import _sum

    if not isinstance(lines, list):
        return json.dumps(lines).encode()
    texts = [json.dumps(line, separators=(",", ":")) for line in lines[:1]]
    for line in lines[1:]:
        text = json.dumps(
            {key: value for key, value in line.items() if key != "sum"} if isinstance(line, dict) else line
        )
        texts.append(f'{text[:-1]},"sum":"{_sum(text)}"}}')
    return "".join(f"{text}\n" for text in texts).encode()


def _with_keys(document: Any) -> bytes:
    from dqplan.sweep.row import Options, Row

    rows = document.get("rows") if isinstance(document, dict) else None
    for row in rows if isinstance(rows, list) else []:
        try:
            entry = {key: value for key, value in row.items() if key != "key"}
            row["key"] = Row(**{**entry, "options": Options(**entry["options"])}).key
        except (TypeError, KeyError, ValueError, AttributeError):
            continue
    return json.dumps(document).encode()


def change_node(random: Random, document: Any) -> Any:
    """The document with one node deleted, replaced, nested, doubled, renamed, or put in another's place."""
    places = paths_of(document)
    path = random.choice(places)
    if not path:
        return deepcopy(random.choice(VALUES)) if random.random() < 0.3 else document
    holder = _at(document, path[:-1])
    last = path[-1]
    match random.randrange(8):
        case 0:
            del holder[last]
        case 1 | 2:
            holder[last] = deepcopy(random.choice(VALUES))
        case 3:
            holder[last] = _nested(holder[last], random)
        case 4:
            holder[last] = json.loads(json.dumps(_at(document, random.choice(places))))
        case 5:
            holder[last] = _near(random, holder[last])
        case 6 if isinstance(holder, dict):
            holder[random.choice((*WORDS, *holder))] = holder.pop(last)
        case 6 | 7 if isinstance(holder, list):
            holder.insert(random.randrange(len(holder) + 1), json.loads(json.dumps(holder[last])))
        case _:
            holder[last] = random.choice(WORDS)
    return document


def _near(random: Random, value: Any) -> Any:
    """A value that is nearly right."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + random.choice((-2, -1, 1, 2, 1000, -1000))
    if isinstance(value, float):
        return value * random.choice((-1, 0.5, 1.0000001, 2, 1e9, 1e-9))
    if isinstance(value, str):
        return value[:-1] if random.random() < 0.5 else value + random.choice("x0[]_")
    if isinstance(value, list):
        return value[::-1]
    return value


def _nested(value: Any, random: Random) -> Any:
    for _ in range(random.choice((1, 2, 40, 400))):
        value = [value] if random.random() < 0.5 else {"a": value}
    return value


def paths_of(document: Any) -> list[tuple[Any, ...]]:
    """Where the nodes of a document are."""
    paths: list[tuple[Any, ...]] = [()]
    rest = [((), document)]
    while rest:
        path, node = rest.pop()
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in items:
            paths.append((*path, key))
            rest.append(((*path, key), value))
    return paths


def _at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def _slice(random: Random, content: bytes) -> tuple[int, int]:
    start = random.randrange(len(content) + 1)
    return start, min(len(content), start + int(random.expovariate(0.05)))


def _flip(random: Random, content: bytes) -> bytes:
    if not content:
        return b"x"
    place = random.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << random.randrange(8)]) + content[place + 1 :]


def _drop(random: Random, content: bytes) -> bytes:
    start, end = _slice(random, content)
    return content[:start] + content[end:]


def _repeat(random: Random, content: bytes) -> bytes:
    start, end = _slice(random, content)
    return content[:end] + content[start:end] * random.choice((1, 2, 100)) + content[end:]


def _insert(random: Random, content: bytes) -> bytes:
    place = random.randrange(len(content) + 1)
    word = random.choice((*WORDS, *NUMBERS)).encode(errors="surrogatepass")
    return content[:place] + word + content[place:]


def _swap_tokens(random: Random, content: bytes) -> bytes:
    tokens = _TOKEN.findall(content) or [b"x"]
    a, b = random.randrange(len(tokens)), random.randrange(len(tokens))
    tokens[a], tokens[b] = tokens[b], tokens[a]
    return b"".join(tokens)


def _copy_token(random: Random, content: bytes) -> bytes:
    tokens = _TOKEN.findall(content) or [b"x"]
    tokens[random.randrange(len(tokens))] = random.choice(tokens)
    return b"".join(tokens)


def _change_lines(random: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    place = random.randrange(len(lines))
    line = lines.pop(place)
    for _ in range(random.choice((0, 1, 2, 50))):
        lines.insert(random.randrange(len(lines) + 1), line)
    return b"".join(lines)


def _change_number(random: Random, content: bytes) -> bytes:
    found = list(_NUMBER.finditer(content))
    if not found:
        return content
    match = random.choice(found)
    return content[: match.start()] + random.choice(NUMBERS).encode() + content[match.end() :]


def _splice(random: Random, content: bytes) -> bytes:
    kind = random.choice(("qasm", "hardware", "sweep", "results"))
    other = random.choice(seeds_of(kind))
    start, end = _slice(random, other)
    place = random.randrange(len(content) + 1)
    return content[:place] + other[start:end] + content[place:]


def _encode(random: Random, content: bytes) -> bytes:
    text = content.decode(errors="replace")
    coding = random.choice(("utf-16", "utf-8-sig", "latin-1", "crlf", "cr"))
    if coding in ("crlf", "cr"):
        return text.replace("\n", "\r\n" if coding == "crlf" else "\r").encode()
    return text.encode(coding, errors="replace")


_CHANGES: tuple[Change, ...] = (
    *(_flip, _drop, _repeat, _insert, _swap_tokens, _copy_token, _change_lines, _change_number, _change_number),
    *(_insert, _copy_token, _splice, _encode),
)
