#!/usr/bin/env python3
"""Writes what pyxform 4.5.0 makes of our workbooks. See README.md beside this file."""

import io
import pathlib

import openpyxl
from pyxform.xls2xform import convert

ROOT = pathlib.Path(__file__).resolve().parents[4]
PEERS = ROOT / "core/xlsform/tests/peers"


def workbook(folder):
    """The folder's tables as a workbook, all cells text."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("survey", "choices", "external_choices", "settings"):
        table = folder / f"{name}.tsv"
        if table.is_file():
            sheet = book.create_sheet(name)
            for row, line in enumerate(table.read_text(encoding="utf-8").split("\n"), 1):
                for column, cell in enumerate(line.split("\t"), 1):
                    if cell:
                        sheet.cell(row, column, cell).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write(path, workbook_bytes):
    path.parent.mkdir(exist_ok=True)
    path.write_text(convert(workbook_bytes, pretty_print=True).xform, encoding="utf-8")


for form in sorted((ROOT / "content/forms").glob("*.xlsx")):
    write(form.parent / "expected" / f"{form.stem}.xml", form.read_bytes())
for tables in sorted(PEERS.glob("*/survey.tsv")):
    write(tables.parent / "expected.xml", workbook(tables.parent))
