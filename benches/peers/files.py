"""The files that are compared on, the same on every machine. Run with a Python that has numpy: files.py FILE NAME."""

import csv
import gzip
import json
import random
import shutil
import sys
from pathlib import Path

# Rows, samples, and what the values are like.
MATRICES = {
    "tall": (40_000, 500, "levels"),
    "wide": (2_500, 8_000, "levels"),
    "counts": (40_000, 500, "counts"),
    "long": (20_000, 500, "long"),
}
RECORDS = 200_000

# The columns of the samples table: name, type of the template, and the dictionary with its number of terms.
COLUMNS = [
    ("Sample Source ID", "String", None),
    ("Sample Name", "String", None),
    ("Organism", "String", ("NCBI Taxonomy", 200)),
    ("Sex", "String", ("Sex", 5)),
    ("Disease", "String", ("Disease Ontology Extended", 200)),
    ("Age", "Decimal", None),
    ("Age Unit", "String", ("Units - Time/Frequency", 6)),
    ("Tissue", "String", ("Uberon Anatomical Entities", 200)),
    ("Cell Type", "String", ("Cell Type", 200)),
    ("Cell Line", "String", ("Cellosaurus Controlled Vocabulary", 200)),
    ("Compound Treatment / Compound", "String", ("ChEBI Ontology", 200)),
    ("Compound Treatment / Dose", "Decimal", None),
    ("Compound Treatment / Dose Unit", "String", ("Units - Dose/Mass/Volume", 12)),
    ("Import Source URL", "Link", None),
    ("Sample Source", "String", None),
    ("Donor", "String", None),
    ("Visit", "Integer", None),
    ("Visit Date", "Date", None),
    ("Collection Date", "Date", None),
    ("Responder", "Boolean", None),
    ("Body Mass Index", "Decimal", None),
    ("Batch", "String", None),
    ("Plate Row", "Integer", None),
    ("Plate Column", "Integer", None),
    ("Comment", "String", None),
]
TYPES = {
    "String": "StringValue", "Decimal": "DecimalValue", "Integer": "IntegerValue", "Boolean": "BooleanValue",
    "Date": "DateTimeValue", "Link": "ExternalLink",
}
REQUIRED = ("Sample Source ID", "Organism", "Tissue", "Sample Source")


def matrix(path, name, small):
    import numpy

    rows, samples, kind = MATRICES[name]
    rows = rows // 20 if small else rows
    rng = numpy.random.default_rng(1)
    with open(path, "w", buffering=1 << 22, newline="") as out:
        names = "\t".join(f"SAMPLE_{i:05d}" for i in range(samples))
        out.write(f"#1.2\n{rows}\t{samples}\nName\tDescription\t{names}\n")
        for row in range(rows):
            if kind == "counts":
                cells = map(str, rng.lognormal(2, 2.2, samples).astype(numpy.int64).tolist())
            elif kind == "long":
                cells = map(repr, rng.lognormal(1.5, 2, samples).tolist())
            else:
                levels = numpy.where(rng.random(samples) < 0.4, 0.0, rng.lognormal(1.5, 2, samples)).tolist()
                cells = ("%.4f" % level if level else "0" for level in levels)
            out.write(f"ENSG{row:011d}\tna\t" + "\t".join(cells) + "\n")


def terms(dictionary, count):
    """The terms of a dictionary, of the length and with the capitals and blanks of real ones."""
    rng = random.Random(dictionary)
    syllables = "an be cor dis epi fla gen hyp in jo kel lu myo neu os pla ri sto thy ul vas xen".split()
    found = {}
    while len(found) < count:
        words = ["".join(rng.choices(syllables, k=rng.randint(2, 3))) for _ in range(rng.randint(1, 2))]
        found[" ".join(words).capitalize()] = None
    return list(found)


def cell(rng, column, row):
    name, kind, dictionary = column
    if name == "Sample Source ID":
        return f"SRS{row:07d}"
    if name == "Sample Name":
        return f"Donor {row // 4:06d}, visit {row % 4 + 1}"
    if dictionary:
        return rng.choice(VOCABULARY[dictionary[0]])
    if name not in REQUIRED and rng.random() < 0.05:
        return ""
    return {
        "Decimal": lambda: f"{rng.uniform(0.1, 99):.2f}",
        "Integer": lambda: str(rng.randint(1, 384)),
        "Boolean": lambda: rng.choice(("true", "false")),
        "Date": lambda: f"20{rng.randint(10, 25)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        "Link": lambda: f"https://data.example.org/{row}.fastq.gz",
        "String": lambda: rng.choice(("Biobank North", "Clinic 12", "Repository", "B7", "thawed once")),
    }[kind]()


VOCABULARY = {entry[0]: terms(*entry) for _, _, entry in COLUMNS if entry}


def metadata(path, name, small):
    """A samples table, and beside it what judges it: template and dictionaries, a table schema, a JSON schema."""
    rng = random.Random(2)
    spoiled = name == "spoiled"
    records = 2_000 if small or spoiled else RECORDS
    with open(path, "w", buffering=1 << 22, newline="") as out:
        out.write("\t".join(column[0] for column in COLUMNS) + "\n")
        for row in range(records):
            cells = [cell(rng, column, row) for column in COLUMNS]
            if spoiled and row % 100 == 50:
                # A record with three faults: a value that is absent, one of another type, one of no dictionary.
                cells[14], cells[16], cells[7] = "", "second", "Nowhere in the body"
            out.write("\t".join(cells) + "\n")
    folder = Path(path).parent
    template = [
        {"name": name, "dataType": "genestack:sampleObject", "isRequired": name in REQUIRED, "isReadOnly": False,
         "metainfoType": f"com.genestack.api.metainfo.{TYPES[kind]}",
         **({"dictionaryName": entry[0]} if entry else {})}
        for name, kind, entry in COLUMNS
    ]
    (folder / "template.json").write_text(json.dumps(template, indent=1))
    for number, (dictionary, labels) in enumerate(VOCABULARY.items()):
        with open(folder / f"dictionary-{number}.csv", "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerows([["Label"]] + [[label] for label in labels])
    table_types = {"Decimal": "number", "Integer": "integer", "Boolean": "boolean", "Date": "date"}
    fields = [
        {"name": name, "type": table_types.get(kind, "string"),
         "constraints": {"required": name in REQUIRED, **({"enum": VOCABULARY[entry[0]]} if entry else {}),
                         **({"unique": True} if name == "Sample Source ID" else {})}}
        for name, kind, entry in COLUMNS
    ]
    (folder / "table-schema.json").write_text(json.dumps({"fields": fields}))
    json_types = {"Decimal": {"type": "number"}, "Integer": {"type": "integer"}, "Boolean": {"type": "boolean"},
                  "Date": {"type": "string", "format": "date"}}
    properties = {}
    for name, kind, entry in COLUMNS:
        rule = dict(json_types.get(kind, {"type": "string"}))
        if entry:
            rule["enum"] = VOCABULARY[entry[0]]
        if name not in REQUIRED:
            rule["type"] = [rule["type"], "null"]
            if entry:
                rule["enum"] = rule["enum"] + [None]
        properties[name] = rule
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
              "properties": properties, "required": list(properties)}
    (folder / "json-schema.json").write_text(json.dumps(schema))


def main():
    path, name, small = sys.argv[1], sys.argv[2], "--small" in sys.argv
    unfinished = f"{path}.part"
    if name.endswith(".gz"):
        with open(path[:-3], "rb") as plain, gzip.open(unfinished, "wb", compresslevel=6) as packed:
            shutil.copyfileobj(plain, packed, 1 << 20)
    elif name in MATRICES:
        matrix(unfinished, name, small)
    else:
        metadata(unfinished, name, small)
    Path(unfinished).rename(path)


if __name__ == "__main__":
    main()
