"""dqplan.toml: which case gets which settings, and where its mistakes are."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqplan.core.errors import ConfigError, DqplanError
from dqplan.load.config_file.load_config import Config, load_config
from dqplan.load.config_file.schema import ConfigFile, Settings
from dqplan.load.config_file.toml_lines import read_toml
from dqplan.load.hardware_files.lines import Path as Keys
from dqplan.load.source import Source

BELL = "OPENQASM 3.0;\nqubit[2] q;\nU(0, 0, 0) q[0];\n"
BUDGETS = """\
hardware = "all:2x2"
effort = "quick"
max-gap = 0.5

[[budgets]]
circuits = "*.qasm"

[[budgets]]
circuits = ["b.qasm", "deep/**/*.qasm"]
hardware = ["line:2x2+1", "all:2x2"]
max-gap = 0.25
max-ebits = 1
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with three circuits, and the present one."""
    for name in ("a.qasm", "b.qasm", "deep/er/c.qasm"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(BELL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(config: Config) -> list[tuple[str, str, float | None, int | None]]:
    return [(case.circuit, case.hardware, case.settings.max_gap, case.settings.max_ebits) for case in config.cases]


def test_each_circuit_on_each_hardware_with_the_last_word_on_each_key(project: Path) -> None:
    """b.qasm on all:2x2 is named by both budgets: one case, and the second budget's gap is the one that counts."""
    (project / "dqplan.toml").write_text(BUDGETS, encoding="utf-8")
    config = load_config()
    assert said(config) == [
        ("a.qasm", "all:2x2", 0.5, None),
        ("b.qasm", "all:2x2", 0.25, 1),
        ("b.qasm", "line:2x2+1", 0.25, 1),
        ("deep/er/c.qasm", "line:2x2+1", 0.25, 1),
        ("deep/er/c.qasm", "all:2x2", 0.25, 1),
    ]
    assert {case.settings.effort for case in config.cases} == {"quick"}
    assert {key: str(place) for key, place in sorted(config.cases[1].places.items())} == {
        "effort": "dqplan.toml:2",
        "max-ebits": "dqplan.toml:12",
        "max-gap": "dqplan.toml:11",
    }


def test_a_section_of_pyproject_is_found_from_below(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest pyproject.toml has no section, so the one above counts; its globs are relative to it."""
    section = BUDGETS.replace("[[budgets]]", "[[tool.dqplan.budgets]]")
    (project / "pyproject.toml").write_text(f"[project]\nname = 'x'\n[tool.dqplan]\n{section}", encoding="utf-8")
    (project / "deep" / "pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")
    (project / "deep" / "er" / "pyproject.toml").touch()
    monkeypatch.chdir(project / "deep" / "er")
    config = load_config()
    assert config.source == "../../pyproject.toml"
    assert said(config)[-1] == ("c.qasm", "all:2x2", 0.25, 1)
    assert str(config.cases[1].places["max-gap"]) == "../../pyproject.toml:14"


def test_dqplan_toml_goes_before_pyproject(project: Path) -> None:
    (project / "dqplan.toml").write_text(BUDGETS, encoding="utf-8")
    (project / "pyproject.toml").write_text("[tool.dqplan]\nnonsense = 1\n", encoding="utf-8")
    assert load_config().source == "dqplan.toml"


def test_hardware_files_are_relative_to_the_file_that_names_them(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong inside such a file is no mistake of the budgets: the case that needs it will tell."""
    (project / "lab.yaml").write_text("schema: dqplan.hardware/1\nname: lab\nmodules: []\n", encoding="utf-8")
    (project / "dqplan.toml").write_text("[[budgets]]\ncircuits = 'a.qasm'\nhardware = 'lab.yaml'\n", encoding="utf-8")
    monkeypatch.chdir(project / "deep")
    assert [case.hardware for case in load_config().cases] == ["../lab.yaml"]


MISTAKES = {
    "unknown key": ("[[budgets]]\nmax_ebits = 3\ncircuits = 'a.qasm'", "2:1: budgets.0.max_ebits", "`max-ebits`"),
    "no budgets": ("effort = 'quick'", " budgets: is missing", "[[budgets]]"),
    "a table": ("[budgets]\ncircuits = 'a.qasm'", "1:1: budgets: found a mapping", "[[budgets]]"),
    "no hardware": ("[[budgets]]\ncircuits = 'a.qasm'", "1:1: budgets.0.hardware: is missing", "line:4x9+2"),
    "no match": (
        "hardware = 'all:2x2'\n[[budgets]]\ncircuits = [\n 'a.qasm',\n 'z*.qasm']",
        "5:2: budgets.0.circuits.1: `z*.qasm` matches no file",
        "relative to",
    ),
    "a preset that is none": (
        "[[budgets]]\ncircuits = 'a.qasm'\nhardware = ['oxford_2024']",
        "3:13: budgets.0.hardware.0: `oxford_2024`",
        "oxford_2025",
    ),
    "a file that is not there": (
        "[[budgets]]\ncircuits = 'a.qasm'\nhardware = 'lab.yaml'",
        "3:1: budgets.0.hardware.0: lab.yaml: no such file",
        "relative to",
    ),
    "standard input": (
        "hardware = '-'\n[[budgets]]\ncircuits = 'a.qasm'",
        "1:1: hardware.0: hardware of a check cannot be",
        "",
    ),
    "an objective": (
        "hardware = 'all:2x2'\n[[budgets]]\ncircuits = 'a.qasm'\nobjective = 'speed'",
        "4:1: budgets.0.objective: `speed`",
        "fidelity",
    ),
    "a gap above 1": ("max-gap = 25\n[[budgets]]\ncircuits = 'a.qasm'", "1:1: max-gap: found 25", "--schema"),
    "nan": ("max-time = nan\n[[budgets]]\ncircuits = 'a.qasm'", "1:1: max-time: found nan", "--schema"),
    "a date": ("seed = 1979-05-27 07:32:00\n[[budgets]]\ncircuits = 'a.qasm'", "1:1: seed: found 1979", ""),
    "a number as text": ("max-ebits = '3'\n[[budgets]]\ncircuits = 'a.qasm'", "1:1: max-ebits: found `3`", ""),
    "bare words": ("hardware = all:2x2", "1:12: not readable as TOML", "quotes"),
    "a key twice": ("seed = 1\nseed = 2", "2: not readable as TOML: Cannot overwrite a value", ""),
    "cut off": ("hardware = [\n'all:2x2',\n", "2: not readable as TOML", ""),
    "too deep": ("a = " + "[" * 100_000, " not readable as TOML: nested too deep", ""),
    "too long": ("#" * 1_000_001, " the file has 1000001 characters", ""),
    "too long a key": ("a" + ".a" * 5_000 + " = 1", "1: more than 1000 dots", ""),
    "empty": ("", " is empty", "[[budgets]]"),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_mistakes_name_line_and_key(kind: str, project: Path) -> None:
    text, message, hint = MISTAKES[kind]
    (project / "dqplan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DqplanError) as caught:
        load_config()
    assert str(caught.value).startswith(f"dqplan.toml:{message}"), str(caught.value)
    assert hint in caught.value.hint
    assert caught.value.exit_status == 2


def test_without_a_file_there_is_an_example_to_begin_with(project: Path) -> None:
    with pytest.raises(ConfigError, match=r"neither dqplan\.toml nor a pyproject\.toml"):
        load_config()
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"pyproject\.toml has no section \[tool\.dqplan\]"):
        load_config("pyproject.toml")


@pytest.mark.parametrize(
    ("content", "right"),
    [
        (tomllib.loads(BUDGETS), True),
        ({"budgets": [{"circuits": ["a", "b"], "require-measured": True}]}, True),
        ({"budgets": []}, False),
        ({"budgets": [{"circuits": "a", "max-gap": 2}]}, False),
        ({"budgets": [{"circuits": "a", "max_gap": 1}]}, False),
    ],
)
def test_the_published_schema_allows_what_is_read(content: object, right: bool) -> None:
    schema = ConfigFile.model_json_schema()
    validator = jsonschema.validators.validator_for(schema)(schema)
    validator.check_schema(schema)
    assert validator.is_valid(content) is right


def test_every_key_but_verify_is_called_like_an_option_of_split() -> None:
    """As the report tells how to repeat a case with `split`; --no-check and --no-recompile are said the other way."""
    from dqplan.cli.split import split

    options = {"--" + name.replace("_", "-") for name in split.__annotations__}
    keys = {f"--{field.alias}" for field in Settings.model_fields.values()}
    assert keys - options == {"--verify", "--recompile"}


TRICKY = """\
# [not.a.table]
"a.b" = "x # [y] \\" = 1"
c.'d e'.f = [ # comment ]
  1, [2, 3],
  { g = "}", h.i = ']' },
]
text = \"\"\"
[no] = "table"
\"\"\"\"\"
[[list]]
k = 1979-05-27 07:32:00
[[list.inner]]
l = '''a'b''c'''
[[list]]
[list.sub]
m = {}
"""


def test_keys_know_their_lines() -> None:
    marks = read_toml(Source("x.toml", TRICKY.replace("\n", "\r\n"))).marks
    assert {path: line for path, (line, _) in marks.items()} == {
        ("a.b",): 2,
        ("c",): 3,
        ("c", "d e"): 3,
        ("c", "d e", "f"): 3,
        ("c", "d e", "f", 0): 4,
        ("c", "d e", "f", 1): 4,
        ("c", "d e", "f", 1, 0): 4,
        ("c", "d e", "f", 1, 1): 4,
        ("c", "d e", "f", 2): 5,
        ("c", "d e", "f", 2, "g"): 5,
        ("c", "d e", "f", 2, "h"): 5,
        ("c", "d e", "f", 2, "h", "i"): 5,
        ("text",): 7,
        ("list",): 10,
        ("list", 0): 10,
        ("list", 0, "k"): 11,
        ("list", 0, "inner"): 12,
        ("list", 0, "inner", 0): 12,
        ("list", 0, "inner", 0, "l"): 13,
        ("list", 1): 14,
        ("list", 1, "sub"): 15,
        ("list", 1, "sub", "m"): 16,
    }


def _paths(content: object, above: Keys = ()) -> set[Keys]:
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    found: set[Keys] = set()
    for key, value in items:
        found |= {(*above, key)} | _paths(value, (*above, key))
    return found


PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=6)
SCALARS = st.one_of(
    st.integers(-9, 9).map(str),
    st.booleans().map(lambda on: str(on).lower()),
    PLAIN.map(lambda text: json.dumps(text, ensure_ascii=False)),
    PLAIN.filter(lambda text: "'" not in text).map(lambda text: f"'{text}'"),
    PLAIN.filter(lambda text: "'" not in text).map(lambda text: f"'''\n{text}\n'''"),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[ # ]\n" + ",\n".join(items) + "\n]"),
        st.dictionaries(PLAIN, inner, max_size=2).map(
            lambda table: (
                "{"
                + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {value}" for key, value in table.items())
                + "}"
            )
        ),
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(PLAIN, VALUES), max_size=5, unique_by=lambda pair: pair[0]))
def test_every_key_of_any_text_is_found_and_no_other(pairs: list[tuple[str, str]]) -> None:
    lines = [f"[[{json.dumps(key, ensure_ascii=False)}]]\nvalue = {value}" for key, value in pairs]
    document = read_toml(Source("x.toml", "\n".join(lines)))
    assert set(document.marks) == _paths(document.content)
