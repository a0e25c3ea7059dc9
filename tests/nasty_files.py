"""Nasty files: how to write them, and how to say in short what was read."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simlib.crm.reading import read_export
from simlib.errors import DataError


@dataclass(frozen=True)
class Case:
    """A file, and what is expected of it.

    Attributes
    ----------
    says : str
        The expectation in a sentence.
    text : str or bytes
    lives : tuple of str or None
        What each lead went through, as `lives_of` tells it.
    error : str
        The whole message, without the file's name, if the file is refused.
    dropped : dict
    warns : str
        A part of one of the warnings.
    options : dict
        For `read_export`.
    name : str
    """

    says: str
    text: str | bytes
    lives: tuple[str, ...] | None = None
    error: str = ""
    dropped: dict[str, int] = field(default_factory=dict)
    warns: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    name: str = "export.csv"

    def outcome(self, folder) -> dict[str, Any]:
        """Return what came of reading it, in the form of `expected`."""
        path = folder / self.name
        path.write_bytes(
            self.text.encode() if isinstance(self.text, str) else self.text
        )
        try:
            log = read_export(path, **self.options)
        except DataError as error:
            return {"error": str(error)}
        warned = not self.warns or any(
            self.warns in text for text in log.meta["warnings"]
        )
        rows = log.meta["rows"]
        assert rows["read"] == rows["used"] + sum(rows["dropped"].values())
        return {
            "lives": lives_of(log),
            "dropped": rows["dropped"],
            "warned": warned,
        }

    @property
    def expected(self) -> dict[str, Any]:
        """What is expected."""
        if self.error:
            return {"error": f"{self.name}{self.error}"}
        return {"lives": self.lives, "dropped": self.dropped, "warned": True}


def lives_of(log) -> tuple[str, ...]:
    """Return each lead's life: ``"web: captured 01-06, customer 02-01 12:00"``."""
    start = np.datetime64(log.graph.start, "m")
    names = log.graph.stage_names
    lives = []
    for lead in range(len(log.leads)):
        rows = np.flatnonzero(log.lead == lead)
        steps = [
            f"{names[log.stage[row]]} "
            + str(start + np.timedelta64(round(log.time[row] * 1440), "m"))[5:]
            .replace("T", " ")
            .removesuffix(" 00:00")
            for row in rows
        ]
        source = log.graph.sources[log.leads.source[lead]]
        lives.append(f"{source}: {', '.join(steps)}")
    return tuple(lives)


def workbook(*rows, title="Sheet1") -> bytes:
    """Return an XLSX workbook of one sheet with these rows."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bomb(megabytes: int = 300) -> bytes:
    """Return a workbook whose sheet is nothing but zeros, packed a thousandfold."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _ in range(megabytes):
            sheet.write(bytes(1 << 20))
    return target.getvalue()


def parquet(**columns) -> bytes:
    """Return a Parquet file with these columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), target)
    return target.getvalue().to_pybytes()
