#!/usr/bin/env python3
"""Writes the workbooks of tests/old_excel (.xls, by xlwt 1.3.0) and what pyxform 4.5.0 makes of them. See README.md beside this file."""

import datetime
import pathlib

import xlwt
from pyxform.xls2xform import convert

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "old_excel"
DATE, TIME, BOTH = (xlwt.easyxf(num_format_str=f) for f in ("yyyy-mm-dd", "hh:mm:ss", "D/M/YY h:mm"))

# More than a record holds, in letters of one byte and of two, so that both go on in the next record.
LONG, WIDE = "a long hint, " * 700, "很长的提示，" * 720


def form(epoch_1904=False):
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = epoch_1904
    survey = book.add_sheet("Survey")
    rows = [
        ["type", "name", "label", "hint", "default", "required"],
        ["text", "a", "甲", LONG, 1.0, True],
        ["decimal", "b", "B", WIDE, -2.5, False],
        ["text", "c", "C", "\u00e9 \u00a0x ", 1234567890123.0, None],
        ["text", "d", "D", LONG, 1e-5, None],
        ["date", "e", "E", None, (datetime.date(2026, 7, 8), DATE), None],
        ["time", "f", "F", None, (datetime.time(9, 10, 11), TIME), None],
        ["dateTime", "g", "G", None, (datetime.datetime(2026, 7, 8, 9, 10, 11), BOTH), None],
        [],
        ["select_one l", "h", "H", None, None, None],
        ["integer", "i", "I", "\U0001f600 sign of two units", (0.07, xlwt.easyxf(num_format_str="0.00")), None],
    ]
    put(survey, rows)
    survey.write_rich_text(12, 2, ["J ", ("thick", xlwt.easyfont("bold on"))])
    survey.write(12, 0, "text")
    survey.write(12, 1, "j")
    put(book.add_sheet("choices"), [["list_name", "name", "label"], ["l", 1, "X"], ["l", 2.0, "Y"]])
    put(book.add_sheet("notes of the author"), [["anything"]])
    put(book.add_sheet("settings"), [["form_id", "version"], ["old", 20260708]])
    return book


def put(sheet, rows):
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, tuple):
                sheet.write(row, column, *cell)
            elif cell is not None:
                sheet.write(row, column, cell)


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, book in (("windows", form()), ("mac", form(epoch_1904=True))):
        path = FOLDER / f"{name}.xls"
        book.save(str(path))
        (FOLDER / f"{name}.xml").write_text(convert(path.read_bytes()).xform, encoding="utf-8")


if __name__ == "__main__":
    main()
