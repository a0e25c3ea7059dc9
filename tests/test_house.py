"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tokenize
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES = 400
FUNCTION_LINES = 40
TEXT = {".cfg", ".css", ".csv", ".html", ".ipynb", ".js", ".json", ".lock", ".md"}
TEXT |= {".py", ".svg", ".toml", ".txt", ".yaml", ".yml", ""}
# Written so that this file does not match itself.
REGISTRY = r"(?:pypi|pythonhosted|anaconda|npmjs|debian|docker)[.](?:org|com|io)\b"
MACHINE = r"(?<![\w.:*/-])(?:file:/+)?/(?:work|root|opt|home|Users)/|[A-Z]:\\+Users\b"
HEAVY = ("IPython", "matplotlib", "numba", "pandas", "pyarrow", "scipy.stats", "typer")


def own_files() -> list[Path]:
    """Return the files of the project: all that git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        paths = [ROOT / name for name in listed.stdout.decode().splitlines()]
    except (OSError, subprocess.CalledProcessError):  # unpacked from an archive
        inside = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        shown = (p for p in inside if not any(part.startswith(".") for part in p.parts))
        paths = [ROOT / path for path in shown]
    return sorted(path for path in paths if path.is_file())


FILES = own_files()
MODULES = [path for path in FILES if path.suffix == ".py"]


def named(path: Path) -> str:
    """Return how a file is called in a message."""
    return path.relative_to(ROOT).as_posix()


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the project, in a process of its own."""
    command = [sys.executable, "-X", "utf8", *arguments]
    return subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, encoding="utf-8"
    )


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function and method of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def code_lines(path: Path) -> set[int]:
    """Return the numbers of the lines that hold code, not comments or docstrings."""
    empty = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT)
    empty += (tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER)
    found: set[int] = set()
    with path.open("rb") as source:
        for token in tokenize.tokenize(source.readline):
            if token.type not in empty:
                found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text and isinstance(node.value.value, str):
            found -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return found


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE], ids=["registry", "machine"])
def test_no_file_names_a_place(pattern):
    """No file says where packages are fetched or where somebody's folders lie."""
    found = [
        f"{named(path)}:{number}: {line.strip()[:80]}"
        for path in FILES
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]

    assert [] == found


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("https://" + "pypi" + ".org/simple", REGISTRY, True),
        ("conda." + "anaconda" + ".org", REGISTRY, True),
        ("the Python index", REGISTRY, False),
        ("at /" + "work/main", MACHINE, True),
        ("'/" + "home/ann/simlib'", MACHINE, True),
        ("C:\\\\" + "Users\\ann", MACHINE, True),
        ("notebooks/work/x.ipynb and https://example.com/home/x", MACHINE, False),
    ],
)
def test_places_are_known(text, pattern, found):
    """The patterns above find places and leave ordinary text alone."""
    assert found == bool(re.search(pattern, text))


def test_front_papers_link_to_what_is_there():
    """Each picture and relative link of the papers at the top leads to a file."""
    broken = [
        f"{named(paper)}: {target}"
        for paper in FILES
        if paper.suffix == ".md" and paper.parent == ROOT
        for target in re.findall(r"\]\((?![a-z]+:)([^)#]+)", paper.read_text("utf-8"))
        if not (ROOT / target).exists()
    ]

    assert [] == broken


def test_files_are_short():
    """A room that passes 400 lines becomes a folder with the same name."""
    lengths = {
        named(path): len(path.read_text("utf-8").splitlines()) for path in MODULES
    }

    assert {} == {name: n for name, n in lengths.items() if n > FILE_LINES}


def test_functions_are_short():
    """A function has at most 40 lines of code, comments and docstrings not counted."""
    too_long = {}
    # The scripts that benchmarks compare with are told in one piece, as people do.
    for path in (path for path in MODULES if path.parent.name != "benchmarks"):
        code = code_lines(path)
        for function in functions(path):
            inside = code & set(range(function.lineno, (function.end_lineno or 0) + 1))
            if len(inside) > FUNCTION_LINES:
                too_long[f"{named(path)}: {function.name}"] = len(inside)

    assert {} == too_long


def test_every_test_says_what_it_expects():
    """Each test function opens with a sentence about the expected behaviour."""
    silent = [
        f"{named(path)}: {function.name}"
        for path in MODULES
        if path.name.startswith("test_")
        for function in functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]

    assert [] == silent


def test_rooms_import_only_what_they_may():
    """The import contracts of pyproject.toml are kept."""
    run = python(
        "-c", "from importlinter.cli import *; raise SystemExit(lint_imports())"
    )

    assert run.returncode == 0, run.stdout


def test_import_is_light():
    """`import simlib` loads nothing that takes long; that comes when first used."""
    code = f"import sys, simlib; print([m for m in {HEAVY} if m in sys.modules])"
    run = python("-c", code)

    assert ("[]\n", "") == (run.stdout, run.stderr)


def test_the_wheel_holds_the_package_and_its_scenarios(tmp_path):
    """What is built holds every file of simlib/, YAML and py.typed included."""
    run = python("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    assert run.returncode == 0, run.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("simlib/")}

    assert packed == {
        named(path) for path in FILES if named(path).startswith("simlib/")
    }


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_lists_its_targets():
    """`make` alone names every target that a person may want, and what it does."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"(?ms)^\.PHONY:(.*?[^\\])\n", text)
    assert phony
    targets = set(phony[1].replace("\\", "").split()) - {"unit-all"}
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, check=True)

    assert targets == set(re.findall(r"(?m)^  make (\S+) +\S", listed.stdout.decode()))
