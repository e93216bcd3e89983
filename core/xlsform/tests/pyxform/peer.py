#!/usr/bin/env python3
"""Converts workbooks for tests/differential.rs: a path a line in; `made LENGTH` and the XForm, `refused` or `crashed` out."""

import sys

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

for line in sys.stdin:
    with open(line.rstrip("\n"), "rb") as file:
        workbook = file.read()
    try:
        made = convert(workbook).xform.encode("utf-8")
        head = f"made {len(made)}"
    except PyXFormError as error:
        made, head = b"", f"refused {str(error)[:300]!r}"
    except Exception as error:  # noqa: BLE001
        made, head = b"", f"crashed {error!r}"
    sys.stdout.buffer.write(head.encode("utf-8") + b"\n" + made)
    sys.stdout.buffer.flush()
