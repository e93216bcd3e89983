#!/usr/bin/env python3
"""Writes what pyxform 4.5.0 makes of our workbooks, and which it refuses. See README.md beside this file."""

import datetime
import io
import pathlib
import re
import sys
import zipfile

import openpyxl
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

ROOT = pathlib.Path(__file__).resolve().parents[4]
TESTS = ROOT / "core/xlsform/tests"
SHEETS = ("survey", "choices", "external_choices", "settings", "entities", "osm")
SIGNS = str.maketrans({"⏎": "\n", "␣": " ", "⍽": "\u00a0", "¦": "|", "⇥": "\t", "␁": "\x01"})


def put(sheet, row, column, text):
    """Puts a cell: text, or a number, date or truth value after an equals sign."""
    cell = sheet.cell(row, column)
    if not text.startswith("="):
        cell.value = text.translate(SIGNS)
        cell.data_type = "s"
        return
    value = text[1:]
    if value in ("TRUE", "FALSE"):
        cell.value = value == "TRUE"
    elif re.match(r"\d{4}-\d\d-\d\d", value):
        cell.value = datetime.datetime.fromisoformat(value)
    elif re.match(r"\d\d:\d\d:\d\d", value):
        cell.value = datetime.time.fromisoformat(value)
    else:
        cell.value = float(value)


def save(sheets):
    """Sheets of rows of cells as a workbook's bytes."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells, 1):
                if cell:
                    put(sheet, row, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tables(folder):
    """The folder's tables as a workbook."""
    sheets = []
    for name in SHEETS:
        table = folder / f"{name}.tsv"
        if table.is_file():
            lines = table.read_text(encoding="utf-8").split("\n")
            sheets.append((name, [line.split("\t") for line in lines]))
    return save(sheets)


def cases(path):
    """The workbooks of a file of cases: (name, sheets)."""
    def whole(sheets):
        # Most cases say nothing of their settings.
        if not any(sheet.lower() in ("settings", "no settings") for sheet, _ in sheets):
            sheets.append(("settings", [["form_id"], ["case"]]))
        return [(sheet, rows) for sheet, rows in sheets if sheet != "no settings"]

    name, sheets = None, []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("=== "):
            if name:
                yield name, whole(sheets)
            name, sheets = line[4:].split(":")[0], []
        elif line.startswith("[") and line.endswith("]"):
            sheets.append((line[1:-1], []))
        elif sheets and line.strip() and line[0] not in "!?~":
            # A line of one dot is an empty row.
            sheets[-1][1].append([cell.strip() for cell in line.split("|")] if line != "." else [])
    if name:
        yield name, whole(sheets)


def write(path, made):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(made.xform, encoding="utf-8")
    if made.itemsets is not None:
        path.with_suffix(".csv").write_text(made.itemsets, encoding="utf-8", newline="")


def make(workbook):
    return convert(workbook, pretty_print=True)


def verdict(error):
    """The code of a refusal, `said` for one that has none, `crash` for what is no refusal at all."""
    if not isinstance(error, PyXFormError):
        return "crash"
    if error.code:
        return error.code.name
    from pyxform.errors import ErrorCode

    for code in ErrorCode:
        pattern = re.escape(code.value.msg)
        pattern = re.sub(r"\\\{[a-z_]+\\\}", ".*", pattern)
        if re.search(pattern, str(error), re.S):
            return code.name
    return "said"


def main():
    for form in sorted((ROOT / "content/forms").glob("*.xlsx")):
        write(form.parent / "expected" / f"{form.stem}.xml", make(form.read_bytes()))
    for survey in sorted((TESTS / "peers").glob("*/survey.tsv")):
        write(survey.parent / "expected.xml", make(tables(survey.parent)))
    corpus = sorted((ROOT / "../shared/corpus/preview-service/xlsforms").glob("*.xlsx"))
    if corpus:
        with zipfile.ZipFile(TESTS / "corpus.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for form in corpus:
                archive.writestr(zipfile.ZipInfo(f"{form.stem}.xml"), make(form.read_bytes()).xform, zipfile.ZIP_DEFLATED)
    expected = TESTS / "cases/expected"
    verdicts = []
    for file in sorted((TESTS / "cases").glob("*.txt")):
        for name, sheets in cases(file):
            path = expected / file.stem / f"{name}.xml"
            path.unlink(missing_ok=True)
            try:
                write(path, make(save(sheets)))
                verdicts.append((f"{file.stem}/{name}", "made"))
            except Exception as error:  # noqa: BLE001
                verdicts.append((f"{file.stem}/{name}", verdict(error)))
                if "-v" in sys.argv:
                    print(file.stem, name, repr(error)[:300])
    (TESTS / "cases/verdicts.tsv").write_text(
        "".join(f"{case}\t{said}\n" for case, said in verdicts), encoding="utf-8"
    )
    print(f"{len(verdicts)} cases, {sum(said == 'made' for _, said in verdicts)} made into forms")


if __name__ == "__main__":
    main()
