"""Which column is what, as the user says it.

In: ``created=first_contact_date`` from the command line, a mapping, or the path of a
YAML file. Out: `Mapping`. It reads no table.

The names are the parts ``id``, ``created``, ``source``, ``status``, ``won``, ``lost``,
``closed`` and ``amount``; any other name is a stage of the funnel, in the order said.
``deals.csv:id=lead_id`` speaks of one file only. In YAML::

    created: first_contact_date
    won: won_date
    stages: {mql: became_mql, sql: became_sql}
    files: {deals.csv: {id: lead_id, amount: worth}}
    words: {won: [signed], lost: [gone, "no budget"]}
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simlib.crm.reading.places import shown
from simlib.crm.reading.sheets import Sheet
from simlib.errors import DataError, ScenarioError, nearest

PARTS = ("id", "created", "source", "status", "won", "lost", "closed", "amount")
LINKS = ("lead", "deal", "stage", "is_won", "is_closed", "order", "exported")
SAME = {"captured": "created", "customer": "won"}  # stages that are parts
STATES = ("won", "lost", "open")
STAGE = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,49}$")


@dataclass(frozen=True)
class Mapping:
    """What the user says about columns.

    Attributes
    ----------
    columns : dict
        Part or stage to a column's name, for every file that has it.
    files : dict
        The same for single files, by name.
    words : dict
        Words of the status column that mean won, lost or open, in lower case.
    """

    columns: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def stages(self) -> list[str]:
        """The stages named, in the order of the funnel."""
        named = [*self.columns, *(name for one in self.files.values() for name in one)]
        return [n for n in dict.fromkeys(named) if n not in {*PARTS, *LINKS}]

    @property
    def names(self) -> set[str]:
        """Every column that is named, for whatever file."""
        own = (column for file in self.files.values() for column in file.values())
        return {*self.columns.values(), *own}

    def columns_of(self, sheet: Sheet) -> tuple[dict[str, int], dict[str, int]]:
        """Return parts and stages of one file, as column numbers.

        Raises
        ------
        DataError
            If a column said for this file is not in it.
        """
        own = self.files.get(sheet.file, {})
        found: dict[str, int] = {}
        for name, column in {**self.columns, **own}.items():
            at = sheet.find(column)
            if at is not None:
                found[name] = at
            elif name in own:
                raise DataError(_missing(name, column, [sheet]))
        parts = {n: at for n, at in found.items() if n in {*PARTS, *LINKS}}
        stages = {n: found[n] for n in self.stages if n in found}
        return parts, stages

    def check(self, sheets: list[Sheet]) -> None:
        """Refuse a column that no file has, and a file that was not given."""
        for name, column in self.columns.items():
            if all(sheet.find(column) is None for sheet in sheets):
                raise DataError(_missing(name, column, sheets))
        given = [sheet.file for sheet in sheets]
        for file in self.files:
            if file not in given:
                raise DataError(
                    f"mapping of '{file}': no such file was given; given: "
                    f"{', '.join(given)}.{nearest(file, given)}"
                )


def _missing(name: str, column: str, sheets: list[Sheet]) -> str:
    names = [given for sheet in sheets for given in sheet.header if given]
    listed = ", ".join(f"'{shown(one)}'" for one in names[:12])
    files = " and ".join(sheet.file for sheet in sheets)
    return (
        f"{files}, row {sheets[0].header_row}: no column '{column}' for {name}; there "
        f"are {listed}.{nearest(column, names)}"
    )


def mapping_of(said: Any) -> Mapping:
    """Return a mapping from what was typed, from a mapping, or from a YAML file.

    Parameters
    ----------
    said : None, Mapping, dict, str, Path, or an iterable of str
        A single text or path that ends in .yaml or .yml is a file; other texts are
        as ``created=first_contact_date``.

    Raises
    ------
    DataError
        If it is not of that form.
    """
    if said is None:
        return Mapping()
    if isinstance(said, Mapping):
        return said
    if isinstance(said, AnyMapping):
        return _from_dict(said, "mapping")
    texts = [said] if isinstance(said, (str, Path)) else list(said)
    whole: dict[str, Any] = {}
    typed = []
    for text in texts:
        if str(text).endswith((".yaml", ".yml")) and "=" not in str(text):
            whole |= _from_yaml(Path(text))
        else:
            typed.append(str(text))
    return _with_typed(_from_dict(whole, "mapping"), typed)


def _from_yaml(path: Path) -> dict[str, Any]:
    from simlib.scenario import yaml_files

    try:
        said = yaml_files.read(path)
    except ScenarioError as error:
        raise DataError(str(error)) from None
    if not isinstance(said, dict):
        raise DataError(f"{path}: a mapping is lines such as 'created: COLUMN'")
    return said


def _with_typed(mapping: Mapping, typed: Iterable[str]) -> Mapping:
    columns = dict(mapping.columns)
    files = {file: dict(own) for file, own in mapping.files.items()}
    for text in typed:
        name, equals, column = text.partition("=")
        if not equals or not name.strip() or not column.strip():
            raise DataError(f"--map: '{text}'; write it as created=first_contact_date")
        file, colon, part = name.rpartition(":")
        home = files.setdefault(file, {}) if colon else columns
        home[_part(part.strip(), "--map")] = column.strip()
    return Mapping(columns, files, mapping.words)


def _from_dict(said: AnyMapping[Any, Any], where: str) -> Mapping:
    columns: dict[str, str] = {}
    files: dict[str, dict[str, str]] = {}
    words: dict[str, frozenset[str]] = {}
    for name, value in said.items():
        if name == "stages":
            columns |= _texts(value, f"{where}.stages")
        elif name == "files":
            for file, own in _dict(value, f"{where}.files").items():
                inner = _from_dict(
                    _dict(own, f"{where}.files"), f"{where}.files.{file}"
                )
                files[str(file)] = inner.columns
        elif name == "words":
            words = _words(_dict(value, f"{where}.words"), where)
        else:
            columns |= _texts({name: value}, where)
    return Mapping(columns, files, words)


def _dict(value: Any, where: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise DataError(
            f"{where}: '{value}'; it must be names with what they stand for"
        )
    return value


def _texts(value: Any, where: str) -> dict[str, str]:
    found = {}
    for name, column in _dict(value, where).items():
        if not isinstance(column, str):
            raise DataError(f"{where}.{name}: '{column}'; it must be a column's name")
        found[_part(str(name), where)] = column
    return found


def _words(said: dict[Any, Any], where: str) -> dict[str, frozenset[str]]:
    found = {}
    for state, words in said.items():
        if state not in STATES:
            raise DataError(
                f"{where}.words: '{state}'; it must be won, lost or open."
                f"{nearest(state, STATES)}"
            )
        several = words if isinstance(words, list) else [words]
        found[str(state)] = frozenset(str(word).strip().lower() for word in several)
    return found


def _part(name: str, where: str) -> str:
    """Return a part's or stage's name, or refuse what is nearly one."""
    if name in {*PARTS, *LINKS}:
        return name
    close = difflib.get_close_matches(name, PARTS, n=1, cutoff=0.8)
    if name in SAME:
        return SAME[name]
    if close or not STAGE.match(name):
        raise DataError(
            f"{where}: '{name}' is no part of a table; parts are {', '.join(PARTS)}, "
            f"and a stage is a word of letters, digits and _."
            + (f" Did you mean '{close[0]}'?" if close else "")
        )
    return name
