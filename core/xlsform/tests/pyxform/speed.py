#!/usr/bin/env python3
"""Times our converter beside pyxform 4.5.0, both warmed up, in turns within one run. See README.md beside this file.

Each gets the workbook's bytes and gives the XForm as text: pyxform's `convert` without its Java validator.
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from expected import ROOT, save  # noqa: E402
from pyxform.xls2xform import convert  # noqa: E402

OURS = ROOT / "target/release/examples/convert"
ROUNDS, TIMES = 5, 12


def large_choices():
    """5,000 choices in two languages, filtered."""
    choices = [["list_name", "name", "label::English (en)", "label::中文 (zh)", "town"]]
    choices += [["l", f"c{n}", f"Choice {n}", f"选项{n}", f"t{n % 50}"] for n in range(5000)]
    survey = [["type", "name", "label::English (en)", "label::中文 (zh)", "choice_filter"]]
    survey += [["text", "t", "Town", "镇", ""], ["select_one l", "c", "Choice", "选项", "town=${t}"]]
    return save([("survey", survey), ("choices", choices), ("settings", [["form_id"], ["large"]])])


def large_survey():
    """2,000 questions in 40 repeats, each with a relevance and a constraint, half with a calculation."""
    survey = [["type", "name", "label", "relevant", "constraint", "constraint_message", "calculation"]]
    for repeat in range(40):
        survey.append(["begin_repeat", f"r{repeat}", f"Repeat {repeat}"])
        for n in range(25):
            name, before = f"q{repeat}_{n}", f"q{repeat}_{n - 1}"
            relevant = f"${{{before}}} > 3" if n else ""
            survey.append(["integer", name, f"Question {n} of ${{{name}}}", relevant, ". < 100", "Too many"])
            survey.append(["calculate", f"c{repeat}_{n}", "", "", "", "", f"${{{name}}} * 2 + 1"])
        survey.append(["end_repeat"])
    return save([("survey", survey), ("settings", [["form_id"], ["large"]])])


def workbooks():
    yield "content/forms/enterprise_visit", (ROOT / "content/forms/enterprise_visit.xlsx").read_bytes()
    corpus = ROOT / "../shared/corpus/preview-service/xlsforms"
    for name in ("all-question-types-v2024091201-3", "socio-economic-survey-v20240515", "whova_form"):
        if (corpus / f"{name}.xlsx").is_file():
            yield name, (corpus / f"{name}.xlsx").read_bytes()
    yield "5,000 choices, two languages", large_choices()
    yield "2,000 questions in 40 repeats", large_survey()


def main():
    print("| workbook | pyxform warm, ms | ours warm, ms | ratio |\n|---|---|---|---|")
    for name, workbook in workbooks():
        theirs, ours = [], []
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
            file.write(workbook)
            file.flush()
            for _ in range(3):
                convert(workbook)
            for _ in range(ROUNDS):
                start = time.perf_counter()
                convert(workbook)
                theirs.append((time.perf_counter() - start) * 1000)
                made = subprocess.run([OURS, file.name, str(TIMES)], capture_output=True, text=True, check=True)
                ours.append(statistics.median(map(float, made.stdout.split())))
        a, b = statistics.median(theirs), statistics.median(ours)
        print(f"| {name} | {a:.1f} | {b:.2f} | {a / b:.0f} |", flush=True)


if __name__ == "__main__":
    main()
