"""YAML in and out: what is read, what is refused, and with which line."""

from __future__ import annotations

import datetime as dt
import os
import tracemalloc

import pytest

from simlib.errors import ScenarioError
from simlib.scenario import load, names
from simlib.scenario.yaml_files import MOST_BYTES, dump, parse, read

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)
TEXTS = {
    "empty": ("", "an empty file is no scenario; write keys and values"),
    "only comments": (
        "# none\n",
        "an empty file is no scenario; write keys and values",
    ),
    "list": ("- a\n- b\n", "a list is no scenario; write keys and values"),
    "text": ("hello\n", "'hello' is no scenario; write keys and values"),
    "tab": ("a:\n\tb: 1\n", "line 2, column 1: a tab cannot indent; use spaces"),
    "number key": (
        "name: x\n2024: y\n",
        "line 2: the key '2024' is no word; begin with a letter",
    ),
    "empty key": ("~: y\n", "line 1: the key '~' is no word; begin with a letter"),
    "list key": (
        "? [a]\n: y\n",
        "line 1: the key [...] is no word; begin with a letter",
    ),
    "python tag": (
        'name: !!python/object/apply:os.system ["true"]\n',
        "line 1, column 7: tags such as !!python are not allowed; write a plain value",
    ),
    "key twice": (
        "name: x\nhorizon: 5\nname: y\n",
        "line 3: the key 'name' stands twice; keep one",
    ),
    "key twice inside": (
        "stages: {a: {visits: 1, visits: 2}}\n",
        "line 1: the key 'visits' stands twice; keep one",
    ),
    "bomb": (BOMB, "line 6: unfolds to more than 200,000 values; use fewer aliases"),
    "alias into itself": ("a: &a [*a]\n", "line 1: an alias points into itself"),
    "unknown alias": (
        "name: *nobody\n",
        "line 1, column 7: an alias (*name) without its anchor (&name)",
    ),
    "anchor twice": (
        "a: &x 1\nb: &x 2\n",
        "line 2, column 4: an anchor (&name) stands twice; keep one",
    ),
    "deep": (
        "a: " + "[" * 5000,
        "brackets or lists are nested too deeply for a scenario",
    ),
    "two documents": (
        "name: x\n---\nname: y\n",
        "line 2, column 1: a second document begins with ---; keep one",
    ),
    "open quote": ('name: "x\nhorizon: 5\n', "line 3, column 1: a quote is not closed"),
    "open brace": (
        "name: {a: 1\nhorizon: 5\n",
        "line 2, column 8: a bracket or brace is not closed, or a comma is missing",
    ),
    "no colon": (
        "name: x\nhorizon 5\nstart: 3\n",
        "line 3, column 1: a key without a colon after it",
    ),
    "two colons": (
        "name: a: b\n",
        "line 1, column 8: a colon too many, or a wrong indent",
    ),
    "special sign": (
        "name: @x\n",
        "line 1, column 7: a special sign; put this text in quotes",
    ),
    "control sign": ("name: \x00\n", "a control character; save it as plain text"),
    "endless number": (
        "horizon: " + "9" * 6000,
        "holds a number that is too long",
    ),
    "unknown parent": (
        "extends: textbok\n",
        "extends: textbok: no packaged scenario and no file of that name. "
        f"Did you mean 'textbook'? Packaged: {', '.join(names())}.",
    ),
    "parent missing": (
        "extends: other.yaml\n",
        "extends: other.yaml: there is no such file",
    ),
    "extends itself": (
        "extends: it.yaml\n",
        "extends: it.yaml: extends itself; a scenario extends another one",
    ),
    "takes away nothing": (
        "extends: textbook\nstages: {sqll: null}\n",
        "stages.sqll: unknown name; known: captured, sql, customer, lost. "
        "Did you mean 'sql'?",
    ),
}


@pytest.mark.parametrize(("text", "line"), TEXTS.values(), ids=TEXTS)
def test_a_wrong_file_is_answered_with_one_line(tmp_path, monkeypatch, text, line):
    """The line names the file, the place in it, and how to mend it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "it.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ScenarioError) as caught:
        load("it.yaml")

    assert f"it.yaml: {line}" == str(caught.value)


def refused(path):
    """Return the line with which a file is refused."""
    with pytest.raises(ScenarioError) as caught:
        read(path)
    return str(caught.value).removeprefix(f"{path}: ")


def test_a_huge_file_is_refused_without_being_read(tmp_path):
    """100 MB are no scenario, and only the first two are ever looked at."""
    path = tmp_path / "huge.yaml"
    path.touch()
    os.truncate(path, 100_000_000)

    tracemalloc.start()
    line = refused(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert line == "is larger than 2 MB, too large for a scenario"
    assert most < 3 * MOST_BYTES


def test_a_large_file_is_read(tmp_path):
    """A file may have as many bytes as the limit says."""
    path = tmp_path / "large.yaml"
    text = "name: x\n# "
    path.write_text(text + "x" * (MOST_BYTES - len(text)), encoding="utf-8")

    assert read(path) == {"name": "x"}


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_refused(tmp_path, encoding):
    """A file that is not UTF-8 is not guessed at."""
    path = tmp_path / "odd.yaml"
    path.write_text("name: Käufer\n", encoding=encoding)

    assert refused(path) == "is not UTF-8 text; save it with the encoding UTF-8"


def test_places_that_hold_no_file_are_refused(tmp_path):
    """A folder, nothing at all, and a path that cannot be: each has its own line."""
    (tmp_path / "folder.yaml").mkdir()

    assert [
        refused(tmp_path / "folder.yaml"),
        refused(tmp_path / "gone.yaml"),
        refused(tmp_path / "a\0b.yaml"),
    ] == [
        "is a folder; name a scenario file in it",
        "there is no such file",
        "cannot be read (embedded null byte)",
    ]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read all"
)
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    """Where the system says no, its reason is passed on."""
    path = tmp_path / "secret.yaml"
    path.write_text("name: x\n", encoding="utf-8")
    path.chmod(0)

    assert refused(path) == "cannot be read (Permission denied)"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-2E-1", -0.2),
        ("1_000", 1000),
        ("010", 10.0),
        ("1:30", "1:30"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("2025-01-06", "2025-01-06"),
        ("", None),
        ("~", None),
        ("null", None),
        ("=", "="),
        ("10%", "10%"),
        ("{mean: 2}", {"mean": 2}),
        ("[1, 2]", [1, 2]),
    ],
)
def test_words_and_numbers_are_those_of_yaml_1_2(text, value):
    """No octal, no base 60, no hidden dates, and `no` is a word."""
    read_as = parse(text, "it")

    assert (value, type(value)) == (read_as, type(read_as))


def test_infinity_and_nan_are_read_as_numbers():
    """They are numbers for YAML; that no scenario wants them is said later."""
    assert str(parse("[.inf, -.inf, .nan]", "it")) == "[inf, -inf, nan]"


def test_aliases_may_save_writing():
    """An anchor and an alias are allowed as long as they unfold to little."""
    assert parse("a: &lag {mean: 2}\nb: *lag\n", "it") == {
        "a": {"mean": 2},
        "b": {"mean": 2},
    }


def test_windows_files_are_read(tmp_path):
    """A byte order mark and carriage returns change nothing."""
    path = tmp_path / "win.yaml"
    path.write_bytes("\ufeffname: x\r\nhorizon: 5\r\n".encode())

    assert read(path) == {"name": "x", "horizon": 5}


def test_what_is_written_reads_back():
    """Numbers, texts that look like something else, and dates survive."""
    said = {
        "name": "no: 1e3",
        "note": "1e3",
        "word": "yes",
        "horizon": 730.0,
        "share": 0.1 + 0.2,
        "tiny": 1e-7,
        "start": dt.date(2025, 1, 6),
        "lag": {"dist": "fixed", "values": (1.5, 2.0)},
    }

    again = parse(dump(said), "it")

    assert again == {
        **said,
        "start": "2025-01-06",
        "lag": {"dist": "fixed", "values": [1.5, 2.0]},
    }


def test_what_is_written_is_tidy():
    """Whole numbers have no point, shared parts no alias, values stand on one line."""
    lag = {"dist": "fixed", "mean": 2.0}

    assert dump({"a": {"lag": lag}, "b": {"lag": lag}}) == (
        "a:\n  lag: {dist: fixed, mean: 2}\nb:\n  lag: {dist: fixed, mean: 2}\n"
    )
