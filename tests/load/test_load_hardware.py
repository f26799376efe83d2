"""Hardware files: what they mean, and that each mistake is found with its line and key."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.errors import HardwareError, SourceError
from dqplan.core.hardware import Basis, Hardware, LinkKind, Provenance, Role
from dqplan.load.hardware_files.lines import Mistake
from dqplan.load.load_hardware import find_mistakes, load_hardware, preset_names, read_hardware
from dqplan.load.source import Source

PAIR = """\
schema: dqplan.hardware/1
sources:
  lab: {title: Our laboratory}
  book: {title: A book, kind: recalled}
modules:
- name: a
  data: 4
  comm: 2
- name: b
  data: 4
  comm: unlimited
links:
- between: [a, b]
  type: ebit
"""


def read(text: str) -> Hardware:
    return read_hardware(Source("x.yaml", text))


def mistakes(text: str) -> list[Mistake]:
    return find_mistakes(Source("x.yaml", text))


def test_a_small_file_says_what_it_means() -> None:
    hardware = read(PAIR)
    assert [(m.name, m.data_qubits, m.comm_qubits) for m in hardware.modules] == [("a", 4, 2), ("b", 4, None)]
    assert hardware.name == "x"
    assert hardware.link_name(0, 1) == "a--b"
    assert hardware.links[0].kind is LinkKind.EBIT


def test_json_is_read_as_well() -> None:
    """JSON with tabs and escapes, where YAML readers stumble."""
    head = '{\n\t"schema": "dqplan.hardware/1",\n\t"title": "a\\/b \\ud83d\\ude00",\n'
    assert read(head + '\t"modules": [{"name": "a", "data": 1, "comm": 0}]}').title == "a/b \N{GRINNING FACE}"


def test_a_bare_number_is_assumed_and_a_full_one_keeps_its_origin() -> None:
    full = "{value: 3, basis: measured, source: lab, uncertainty: 0.5, note: counted}"
    hardware = read(PAIR.replace("data: 4", f"data: {full}", 1))
    assert hardware.provenance["modules.0.data"] == Provenance(Basis.MEASURED, "lab", 0.5, False, "counted")
    assert hardware.provenance["modules.1.data"] == Provenance()
    assert hardware.basis_counts == {Basis.MEASURED: 1, Basis.ROADMAP: 0, Basis.ASSUMED: 3}


@pytest.mark.parametrize("written", ["1e-5", "1.0E-5", "+1e-05", ".00001", "0.00001"])
def test_numbers_are_read_by_yaml_1_2(written: str) -> None:
    """PyYAML's own rules (YAML 1.1) would read `1e-5` as text."""
    hardware = read(PAIR.replace("  comm: 2", f"  comm: 2\n  t1_s: {written}"))
    assert hardware.modules[0].t1_s == 1e-5


def test_count_replicates_a_module_and_links_may_name_all_of_them() -> None:
    modules = (
        "modules:\n- {name: m, count: 3, data: 2, comm: 1}\n- {name: hub, role: memory, data: 0, comm: 3, memory: 9}\n"
    )
    links = "links:\n- {between: [m, hub], type: ebit}\n- {shape: line, modules: [m], type: classical}\n"
    hardware = read("schema: dqplan.hardware/1\n" + modules + links)
    assert [module.name for module in hardware.modules] == ["m0", "m1", "m2", "hub"]
    assert hardware.modules[3].role is Role.MEMORY
    assert sorted(hardware.quantum_links) == [(0, 3), (1, 3), (2, 3)]
    assert [(link.a, link.b) for link in hardware.links if not link.quantum] == [(0, 1), (1, 2)]
    assert hardware.data_capacity.tolist() == [2, 2, 2, 0]


def test_between_takes_several_pairs_and_a_shape_all_modules() -> None:
    modules = "schema: dqplan.hardware/1\nmodules:\n- {name: m, count: 6, data: 2, comm: 1}\n"
    several = read(modules + "links:\n- {between: [[m0, m3], [m5, m2]], type: ebit}\n")
    assert sorted(several.quantum_links) == [(0, 3), (2, 5)]
    grid = read(modules + "links:\n- {shape: grid 2x3, type: ebit}\n")
    assert grid.distance[0, 5] == 3


def test_coupling_tells_all_to_all_from_unknown() -> None:
    """A file that is silent on coupling must not be taken to promise all-to-all."""
    silent = read(PAIR).modules[0]
    free = read(PAIR.replace("comm: 2", "comm: 2\n  coupling: all")).modules[0]
    line = read(PAIR.replace("comm: 2", "comm: 2\n  coupling: line")).modules[0]
    listed = read(PAIR.replace("comm: 2", "comm: 2\n  coupling: [[3, 1], [0, 5]]")).modules[0]
    assert (silent.coupling, silent.coupling_known) == (None, False)
    assert (free.coupling, free.coupling_known) == (None, True)
    assert line.coupling == ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5))
    assert listed.coupling == ((1, 3), (0, 5))


def test_the_first_bell_weight_is_the_fidelity_where_none_is_given() -> None:
    hardware = read(PAIR + "  ebit: {bell_diagonal: [0.97, 0.01, 0.005, 0.015]}\n")
    assert hardware.links[0].ebit_fidelity == 0.97
    assert hardware.links[0].bell_diagonal == (0.97, 0.01, 0.005, 0.015)


def test_a_cutoff_is_read_and_counts_in_the_digest() -> None:
    short = read(PAIR + "  ebit: {cutoff_s: {value: 0.5, basis: measured}}\n")
    assert short.links[0].cutoff_s == 0.5
    assert read(PAIR).links[0].cutoff_s is None
    assert short.digest != read(PAIR).digest


def test_the_digest_ignores_titles_sources_and_spelling() -> None:
    renamed = PAIR.replace("Our laboratory", "Theirs").replace("comm: 2", "comm: {value: 2, source: lab}")
    assert read(renamed).digest == read(PAIR).digest
    assert read(PAIR.replace("data: 4", "data: 5", 1)).digest != read(PAIR).digest


def edited(old: str, new: str) -> str:
    assert old in PAIR
    return PAIR.replace(old, new, 1)


# What is wrong: the file's text, the line, the key, words of the message or hint.
MISTAKES = {
    "schema missing": (edited("schema: dqplan.hardware/1\n", "\n"), 0, "schema", "is missing"),
    "other version": (edited("hardware/1", "hardware/9"), 1, "schema", "found `dqplan.hardware/9`"),
    "unknown key": (edited("  comm: 2", "  comm: 2\n  t1: 3"), 9, "modules.0.t1", "did you mean `t1_s`"),
    "unknown key in depth": (PAIR + "  ebit: {fidelty: 1}\n", 15, "links.0.ebit.fidelty", "did you mean `fidelity`"),
    "unknown key in a number": (edited("data: 4", "data: {value: 4, base: x}"), 7, "modules.0.data.base", "`basis`"),
    "key missing": (edited("  comm: 2\n", ""), 6, "modules.0.comm", "is missing"),
    "value missing": (edited("data: 4", "data: {basis: assumed}"), 7, "modules.0.data.value", "is missing"),
    "key twice": (edited("  comm: 2", "  comm: 2\n  comm: 3"), 9, "modules.0.comm", "twice"),
    "text for a number": (
        edited("data: 4", "data: four"),
        7,
        "modules.0.data",
        "found `four`; expected a whole number",
    ),
    "quoted number": (edited("data: 4", "data: '4'"), 7, "modules.0.data", "expected a whole number"),
    "fraction of a qubit": (edited("data: 4", "data: 4.5"), 7, "modules.0.data", "expected a whole number"),
    "truth for a number": (edited("data: 4", "data: true"), 7, "modules.0.data", "found true"),
    "negative": (edited("data: 4", "data: -4"), 7, "modules.0.data", "at least 0"),
    "huge": (edited("data: 4", "data: 1e400"), 7, "modules.0.data", "expected"),
    "neither number nor unlimited": (edited("unlimited", "some"), 11, "modules.1.comm", "or 'unlimited'"),
    "list for a number": (edited("data: 4", "data: [4]"), 7, "modules.0.data", "found a list of 1"),
    "null": (edited("data: 4", "data:"), 7, "modules.0.data", "found nothing"),
    "fidelity above 1": (PAIR + "  ebit: {fidelity: 1.01}\n", 15, "links.0.ebit.fidelity", "at most 1"),
    "NaN": (PAIR + "  ebit: {fidelity: .nan}\n", 15, "links.0.ebit.fidelity", "finite"),
    "infinity": (PAIR + "  latency_s: .inf\n", 15, "links.0.latency_s", "finite"),
    "negative latency": (PAIR + "  latency_s: -1\n", 15, "links.0.latency_s", "at least 0"),
    "rate zero": (PAIR + "  ebit: {rate_hz: 0}\n", 15, "links.0.ebit.rate_hz", "above 0"),
    "no channels": (PAIR + "  parallel_channels: 0\n", 15, "links.0.parallel_channels", "at least 1"),
    "negative uncertainty": (
        edited("data: 4", "data: {value: 4, uncertainty: -1}"),
        7,
        "modules.0.data.uncertainty",
        "at least 0",
    ),
    "unknown basis": (edited("data: 4", "data: {value: 4, basis: known}"), 7, "modules.0.data.basis", "'measured'"),
    "unknown source": (edited("data: 4", "data: {value: 4, source: lob}"), 7, "modules.0.data.source", "`lab`"),
    "recalled as fact": (edited("data: 4", "data: {value: 4, source: book}"), 7, "modules.0.data", "unverified"),
    "weights sum": (
        PAIR + "  ebit: {bell_diagonal: [0.9, 0.1, 0.1, 0]}\n",
        15,
        "links.0.ebit.bell_diagonal",
        "sum to 1.1",
    ),
    "no age": (PAIR + "  ebit: {cutoff_s: 0}\n", 15, "links.0.ebit.cutoff_s", "above 0"),
    "three weights": (PAIR + "  ebit: {bell_diagonal: [1, 0, 0]}\n", 15, "links.0.ebit.bell_diagonal", "at least 4"),
    "weight above 1": (PAIR + "  ebit: {bell_diagonal: [1, 2, 0, 0]}\n", 15, "links.0.ebit.bell_diagonal", "sum to 3"),
    "weights against fidelity": (
        PAIR + "  ebit: {fidelity: 0.9, bell_diagonal: [1, 0, 0, 0]}\n",
        15,
        "links.0.ebit.bell_diagonal",
        "is not the fidelity 0.9",
    ),
    "T2 above 2 T1": (edited("  comm: 2", "  comm: 2\n  t1_s: 1\n  t2_s: 2.1"), 10, "modules.0.t2_s", "exceeds 2 T1"),
    "name in capitals": (edited("name: a", "name: A"), 6, "modules.0.name", "lower-case"),
    "name no register could have": (edited("name: a", "name: a-1"), 6, "modules.0.name", "lower-case"),
    "name taken": (edited("name: b", "name: a"), 9, "modules.1.name", "`a` is taken"),
    "name taken by a count": (
        edited("name: b", "name: a0").replace("  comm: 2", "  comm: 2\n  count: 2"),
        10,
        "modules.1.name",
        "`a0` is taken",
    ),
    "no copies": (edited("  comm: 2", "  comm: 2\n  count: 0"), 9, "modules.0.count", "at least 1"),
    "too many copies": (edited("  comm: 2", "  comm: 2\n  count: 1000000000"), 9, "modules.0.count", "at most 1000"),
    "too many modules": (edited("  comm: 2", "  comm: 2\n  count: 1000"), 5, "modules", "found 1001 modules"),
    "role unknown": (edited("  comm: 2", "  comm: 2\n  role: server"), 9, "modules.0.role", "'processor'"),
    "memory that computes": (edited("  comm: 2", "  comm: 2\n  role: memory"), 7, "modules.0.data", "no data qubits"),
    "no data qubits": (PAIR.replace("data: 4", "data: 0"), 5, "modules", "no module has a data qubit"),
    "no modules": ("schema: dqplan.hardware/1\n", 0, "modules", "there are no modules"),
    "unknown coupling": (edited("comm: 2", "comm: 2\n  coupling: heavy_hex"), 9, "modules.0.coupling", "unspecified"),
    "grid of other size": (edited("comm: 2", "comm: 2\n  coupling: grid 2x2"), 9, "modules.0.coupling", "found 6"),
    "coupled to nobody": (edited("comm: 2", "comm: 2\n  coupling: [[0, 6]]"), 9, "modules.0.coupling.0", "qubit 6"),
    "coupled to itself": (edited("comm: 2", "comm: 2\n  coupling: [[1, 1]]"), 9, "modules.0.coupling.0", "itself"),
    "coupled twice": (edited("comm: 2", "comm: 2\n  coupling: [[0, 1], [1, 0]]"), 9, "modules.0.coupling.1", "twice"),
    "link to nobody": (edited("[a, b]", "[a, c]"), 13, "links.0.between.1", "no module `c`"),
    "link to itself": (edited("[a, b]", "[b, b]"), 13, "links.0.between", "both ends are `b`"),
    "link of three": (edited("[a, b]", "[a, b, a]"), 13, "links.0.between", "two modules' names"),
    "link to a number": (edited("[a, b]", "[a, 1]"), 13, "links.0.between", "two modules' names"),
    "pair of lists": (edited("[a, b]", "[[[a], b]]"), 13, "links.0.between.0", "two modules' names"),
    "shape of lists": (edited("between: [a, b]", "shape: line\n  modules: [[a]]"), 14, "links.0.modules.0", "text"),
    "pair and name": (edited("[a, b]", "[[a, b], a]"), 13, "links.0.between.1", "two modules' names"),
    "link without ends": (edited("between: [a, b]", "length_m: 1"), 13, "links.0", "exactly one of"),
    "link of both forms": (PAIR + "  shape: line\n", 13, "links.0", "exactly one of"),
    "modules without a shape": (PAIR + "  modules: [a]\n", 15, "links.0.modules", "only a `shape`"),
    "ring of two": (edited("between: [a, b]", "shape: ring"), 13, "links.0.shape", "at least 3"),
    "unknown shape": (edited("between: [a, b]", "shape: cube"), 13, "links.0.shape", "star"),
    "two quantum links": (PAIR + "- {between: [b, a], type: direct_gate}\n", 15, "links.1", "already have a quantum"),
    "unknown type": (edited("type: ebit", "type: optical"), 14, "links.0.type", "'classical'"),
    "classical e-bits": (
        edited("type: ebit", "type: classical\n  ebit: {fidelity: 1}"),
        15,
        "links.0.ebit",
        "makes no e-bits",
    ),
    "coupler's e-bits": (
        edited("type: ebit", "type: direct_gate\n  ebit: {fidelity: 1}"),
        15,
        "links.0.ebit",
        "remote_gate",
    ),
    "classical gate": (
        edited("type: ebit", "type: classical\n  remote_gate: {gate: cz}"),
        15,
        "links.0.remote_gate",
        "does no gates",
    ),
    "list for a file": ("- 1\n- 2\n", 0, "", "expected a mapping"),
    "list for a mapping": (edited("- name: a", "- [a]\n- name: a"), 6, "modules.0", "expected a mapping"),
    "source without title": (edited("{title: Our laboratory}", "{}"), 3, "sources.lab.title", "is missing"),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_key(kind: str) -> None:
    text, line, key, words = MISTAKES[kind]
    found = [m for m in mistakes(text) if (m.place.line, m.key) == (line, key) and words in f"{m.message} {m.hint}"]
    assert len(found) == 1, "\n".join(map(str, mistakes(text)))


@pytest.mark.parametrize("kind", MISTAKES)
def test_loading_stops_at_the_first_mistake(kind: str) -> None:
    text = MISTAKES[kind][0]
    first = mistakes(text)[0]
    with pytest.raises(HardwareError) as caught:
        read(text)
    assert caught.value.place == first.place
    assert first.key in caught.value.message


UNREADABLE = {
    "anchor": ("a: &x 1\n", 1, "anchors"),
    "alias bomb": ("a: &x [1]\nb: [*x, *x]\n", 1, "anchors"),
    "tag": ("schema: !!python/object:os.system x\n", 1, "tag"),
    "two documents": ("a: 1\n---\nb: 2\n", 2, "second document"),
    "tab": ("modules:\n\t- name: a\n", 2, "YAML"),
    "open bracket": ("schema: [\n", 2, "YAML"),
    "deep": ("[" * 500, 1, "deeper"),
    "bottomless": ("[" * 100_000, 1, "deeper|nesting depth"),  # the second where libyaml has a limit of its own
    "key of several words": ("? [a, b]\n: 1\n", 1, "key"),
    "only a comment": ("# nothing\n", 0, "empty"),
    "lone surrogate": ('a: "\ud800"\n', 0, "YAML"),
    "null character": ("a: \0\n", 0, "YAML"),
    "too long": ("#" * 5_000_000, 0, "characters"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_not_plain_yaml_is_refused(kind: str) -> None:
    text, line, words = UNREADABLE[kind]
    with pytest.raises(HardwareError, match=words) as caught:
        read(text)
    assert caught.value.place is not None
    assert caught.value.place.line == line
    assert [m.place for m in mistakes(text)] == [caught.value.place]


def test_all_mistakes_are_listed_by_line_and_the_error_says_so() -> None:
    text = PAIR.replace("data: 4", "data: -4").replace("type: ebit", "type: optical").replace("[a, b]", "[a, c]")
    assert [(m.place.line, m.key) for m in mistakes(text)] == [
        (7, "modules.0.data"),
        (10, "modules.1.data"),
        (13, "links.0.between.1"),
        (14, "links.0.type"),
    ]
    with pytest.raises(HardwareError) as caught:
        read(text)
    assert "`dqplan hardware check x.yaml` lists all 4 mistakes" in caught.value.hint


def test_a_system_that_cannot_be_planned_on_needs_no_modules() -> None:
    hardware = read(
        "schema: dqplan.hardware/1\nrefuse: no numbers were published\nfacts: {loss_db: {value: 14, unit: dB}}\n"
    )
    assert hardware.refusal == "no numbers were published"
    assert hardware.facts["loss_db"].value == 14
    assert "facts.loss_db" in hardware.provenance


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(PAIR, encoding="utf-8")
    assert load_hardware(str(path)).name == "mine"


def test_what_cannot_be_found_lists_what_is_close(tmp_path: Path) -> None:
    with pytest.raises(HardwareError) as caught:
        load_hardware("oxford_2052")
    assert "did you mean `oxford_2025`" in caught.value.hint
    assert all(name in caught.value.hint for name in preset_names())
    for path in (str(tmp_path / "none.yaml"), "none.yaml", str(tmp_path)):
        with pytest.raises(SourceError):
            load_hardware(path)


KEYS = [
    "name",
    "data",
    "comm",
    "modules",
    "links",
    "between",
    "type",
    "ebit",
    "bell_diagonal",
    "value",
    "source",
    "count",
]
JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["a", "b", "ebit", "lab", "all", "4"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["name", "sources", "facts", "modules", "links"]), JSON_LIKE, max_size=6))
def test_any_json_is_a_network_or_a_list_of_mistakes(content: dict[str, object]) -> None:
    """The rules look at data that the schema may find to be of the wrong type."""
    text = json.dumps({"schema": "dqplan.hardware/1", **content})
    if not mistakes(text):
        assert read(text).num_modules > 0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80) | st.text(alphabet="ab:-[]{}&*!? \n\t'\"|>1.e", max_size=60))
def test_any_text_is_a_network_or_a_hardware_error(text: str) -> None:
    with pytest.raises(HardwareError):
        read(text)
    assert mistakes(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_an_input_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(data)
    with pytest.raises((HardwareError, SourceError)):
        load_hardware(str(path))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_spec_is_a_network_or_an_input_error(spec: str) -> None:
    if spec != "-":  # would wait for standard input
        with contextlib.suppress(HardwareError, SourceError):
            assert load_hardware(spec).num_modules
