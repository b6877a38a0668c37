"""The studies that both clients import, as folders of files, and what must be in the sandbox afterwards."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"


@dataclass
class Study:
    """A study."""

    name: str
    # How the official client is told of it, with {} for the address of its folder.
    arguments: list
    # How many of each kind are imported.
    kinds: dict
    # Lists of what is linked, as (list, file that it is asked of, ids that it names): see `ids`.
    links: list
    # Files to write, by name, as lines; a copy of the fixture `trial-libraries` where there are none.
    files: dict = field(default_factory=dict)

    def write(self, folder):
        """Writes the study's folder."""
        if not self.files:
            return shutil.copytree(FIXTURES / "trial-libraries", folder)
        folder.mkdir()
        for name, lines in self.files.items():
            (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder


def table(*rows):
    return ["\t".join(row.split("; ")) for row in rows]


STUDY = table(
    "Study Title; Study Source; Study Source ID; Study Description",
    "{}; odmkit example data; {}; A made-up study",
)
SAMPLES = table("Sample Source ID; Sample Source", "ASH-1; made up", "ASH-2; made up", "ASH-3; made up")


def study(title):
    return [line.format(title, title.upper()) for line in STUDY]


LIBRARIES = Study(
    name="libraries",
    arguments=[
        *("--study", "{}/birch.study.tsv", "--samples", "{}/birch.samples.tsv"),
        *("--libraries", "{}/birch.libraries.tsv"),
        *("--expression", "{}/expression.gct", "-em", "{}/expression.gct.tsv", "-dc", "Bulk transcriptomics"),
        *("--expression", "{}/proteomics.tsv", "-nfa", "2", "-dc", "Proteomics", "-ms", ":"),
    ],
    kinds={"study": 1, "samples": 1, "libraries": 1, "expression": 2},
    links=[
        ("samples/by/study", "birch.study.tsv", [f"BIRCH-{number:03}" for number in range(1, 6)]),
        ("library/group/by/study", "birch.study.tsv", ["birch.libraries.tsv"]),
        ("library/libraries-to-samples/by/group", "birch.libraries.tsv", 5),
        ("expression/run-to-libraries/by/group", "expression.gct", ["LIB-01", "LIB-02", "LIB-03", "LIB-04"]),
        ("expression/run-to-libraries/by/group", "proteomics.tsv", ["LIB-01", "LIB-02", "LIB-03", "LIB-04"]),
    ],
)

PREPARATIONS = Study(
    name="preparations",
    arguments=[
        *("--study", "{}/ash.study.tsv", "--samples", "{}/ash.samples.tsv"),
        *("--preparations", "{}/ash.preparations.tsv"),
        *("--expression", "{}/proteins.tsv", "-nfa", "1", "-dc", "Proteomics"),
        *("--cell", "{}/ash.cells.tsv"),
        *("--expression", "{}/cells.tsv", "-nfa", "1", "-dc", "Single-cell transcriptomics"),
    ],
    kinds={"study": 1, "samples": 1, "preparations": 1, "cells": 1, "expression": 2},
    links=[
        ("samples/by/study", "ash.study.tsv", ["ASH-1", "ASH-2", "ASH-3"]),
        ("preparation/group/by/study", "ash.study.tsv", ["ash.preparations.tsv"]),
        ("preparation/preparations-to-samples/by/group", "ash.preparations.tsv", 2),
        ("expression/run-to-preparations/by/group", "proteins.tsv", ["PREP-1", "PREP-2"]),
    ],
    files={
        "ash.study.tsv": study("ash"),
        "ash.samples.tsv": SAMPLES,
        "ash.preparations.tsv": table("Preparation ID; Sample Source ID", "PREP-1; ASH-1", "PREP-2; ASH-2"),
        "ash.cells.tsv": table("barcode; batch", "AAAC; PREP-1", "CCCA; PREP-2"),
        "proteins.tsv": table("Protein; PREP-1; PREP-2", "P04637; 1.5; 2"),
        "cells.tsv": table("Gene; AAAC; CCCA", "TP53; 1; 2", "EGFR; 0; 4"),
        "study.toml": """[study]
metadata = "ash.study.tsv"
[[samples]]
metadata = "ash.samples.tsv"
[[preparations]]
metadata = "ash.preparations.tsv"
[[cells]]
file = "ash.cells.tsv"
[[data]]
file = "proteins.tsv"
data_class = "Proteomics"
feature_attributes = 1
link_to = "preparations"
[[data]]
file = "cells.tsv"
data_class = "Single-cell transcriptomics"
feature_attributes = 1
link_to = "cells"
""".splitlines(),
    },
)

SIGNALS = Study(
    name="signals",
    arguments=[
        *("--study", "{}/elm.study.tsv", "--samples", "{}/elm.samples.tsv"),
        *("--expression", "{}/elm.gct", "-em", "{}/elm.gct.tsv", "-dc", "Bulk transcriptomics"),
        *("--variant", "{}/elm.vcf", "-vm", "{}/elm.vcf.tsv"),
        *("--flow-cytometry", "{}/elm.facs", "-fm", "{}/elm.facs.tsv"),
    ],
    kinds={"study": 1, "samples": 1, "expression": 1, "variant": 1, "flow-cytometry": 1},
    links=[
        ("samples/by/study", "elm.study.tsv", ["ASH-1", "ASH-2", "ASH-3"]),
        ("expression/run-to-samples/by/group", "elm.gct", ["ASH-1", "ASH-2", "ASH-3"]),
        ("variant/run-to-samples/by/group", "elm.vcf", ["ASH-1", "ASH-2"]),
        ("flow-cytometry/run-to-samples/by/group", "elm.facs", ["ASH-1"]),
    ],
    files={
        "elm.study.tsv": study("elm"),
        "elm.samples.tsv": SAMPLES,
        "elm.gct": table("#1.2", "1; 3", "Name; Description; ASH-1; ASH-2; ASH-3", "TP53; na; 1.5; 2; 0"),
        "elm.gct.tsv": table("Name; Scale", "Bulk expression; TPM"),
        "elm.vcf": [
            "##fileformat=VCFv4.2",
            '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
            *table("#CHROM; POS; ID; REF; ALT; QUAL; FILTER; INFO; FORMAT; ASH-1; ASH-2"),
            *table("1; 5; .; A; G; 9; PASS; .; GT; 0/1; 0/0"),
        ],
        "elm.vcf.tsv": table("Name; Genome Version", "Calls; GRCh38"),
        "elm.facs": table(
            "Sample; CellPopulation; ReadoutType; Color/Marker; Value", "ASH-1; Lymphocytes/T cells; Count; ; 120"
        ),
        "elm.facs.tsv": table("Name; Scale", "Gates; counts"),
        "study.toml": """[study]
metadata = "elm.study.tsv"
[[samples]]
metadata = "elm.samples.tsv"
[[data]]
file = "elm.gct"
metadata = "elm.gct.tsv"
data_class = "Bulk transcriptomics"
[[data]]
file = "elm.vcf"
metadata = "elm.vcf.tsv"
kind = "variant"
[[data]]
file = "elm.facs"
metadata = "elm.facs.tsv"
kind = "flow-cytometry"
""".splitlines(),
    },
)

STUDIES = [LIBRARIES, PREPARATIONS, SIGNALS]
