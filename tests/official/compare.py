"""What two clients sent for the same study, field by field, and what the sandbox has of it afterwards."""

import json
import re
from collections import Counter

from .sandbox import TOKEN

LINK = "/api/v1/as-curator/integration/link"

# Differences between the official client and ours in what they send for the same import: (kind, field, official, ours).
# ABSENT stands for a field that is not sent.
ABSENT = "(absent)"
EXPECTED = {
    # The official client passes the argument on as a text; the API's schema has an integer.
    **{
        ("expression", "numberOfFeatureAttributes", f'"{count}"', str(count)): "a text where the schema has an integer"
        for count in (1, 2)
    },
}


def imports(sandbox):
    """What was sent to import by link: (kind, name of the file) to (fields, job)."""
    found = {}
    for sent in sandbox.sent:
        kind = sent.path.rpartition("/import/")[2] if "/import/" in sent.path else None
        if sent.method == "POST" and kind and sent.status == 200:
            fields = json.loads(sent.body)
            link = fields.get("dataLink") or fields["metadataLink"]
            name = link.partition("?")[0].rpartition("/")[2]
            found[kind, name] = (fields, json.loads(sent.answer)["jobExecId"])
    return found


def accessions(sandbox):
    """What each file became."""
    found = {}
    for (_, name), (_, job) in imports(sandbox).items():
        result = sandbox.output(job)["result"]
        found[name] = result.get("accession") or result.get("groupAccession")
    return found


def links(sandbox):
    """What was sent to link, with an accession written as the file that it stands for."""
    names = {accession: name for name, accession in accessions(sandbox).items()}
    found = []
    for sent in sandbox.sent:
        relative = sent.path.partition("/integration/link/")[2]
        if sent.method == "POST" and relative:
            written = re.sub(r"GSF\d+", lambda match: names[match[0]], relative)
            found.append((written, sent.query, sent.body))
    return sorted(found)


def look(checks, who, sandbox, study, folder):
    """What must be in a sandbox after a study has been imported and linked, whoever did it."""
    sent = imports(sandbox)
    statuses = {name: sandbox.output(job)["status"] for (_, name), (_, job) in sent.items()}
    checks.that(f"{who}: every job is complete", set(statuses.values()) == {"COMPLETED"}, statuses)
    checks.equal(f"{who}: each file is imported once", dict(Counter(kind for kind, _ in sent)), study.kinds)
    refused = [line for line in sandbox.journal() if line["status"] >= 400]
    checks.that(f"{who}: nothing was refused", not refused, refused)
    text = (sandbox.folder / "journal.jsonl").read_text(encoding="utf-8")
    checks.that(f"{who}: the journal holds no token", TOKEN not in text)
    known = accessions(sandbox)
    for listed, name, wanted in study.links:
        answer = sandbox.get(f"{LINK}/{listed}/{known[name]}")
        checks.equal(f"{who}: {listed} of {name}", ids(answer, known, wanted), wanted)
    kept = {path.name: path for path in (sandbox.folder / "files").rglob("*") if path.is_file()}
    same = [name for name, path in kept.items() if path.read_bytes() == (folder / name).read_bytes()]
    files = [path.name for path in folder.iterdir() if path.suffix not in (".toml", ".json")]
    checks.equal(f"{who}: the sandbox keeps the very files", sorted(same), sorted(files))


def ids(answer, known, wanted):
    """What a list names: the sources' own ids of samples and of runs, the files of groups, or how many there are."""
    items = answer["data"] if isinstance(answer, dict) else answer
    if isinstance(wanted, int):
        return len(items)
    names = {accession: name for name, accession in known.items()}
    return [
        item.get("runSourceId") or item["metadata"].get("Sample Source ID") or names.get(item["itemId"])
        for item in items
    ]


def compare(checks, study, official, ours):
    """Compares what two clients sent for the same study; gives the differences that are expected and were met."""
    theirs, own = imports(official), imports(ours)
    checks.equal(f"{study.name}: both import the same files as the same kinds", sorted(own), sorted(theirs))
    met = set()
    for (kind, name), (official_fields, _) in theirs.items():
        our_fields, _ = own.get((kind, name), ({}, None))
        for field in sorted(official_fields.keys() | our_fields.keys()):
            # The official client writes a field that was not given as null.
            pair = [fields.get(field) for fields in (official_fields, our_fields)]
            shown = [ABSENT if value is None else json.dumps(value) for value in pair]
            if shown[0] == shown[1]:
                checks.that(f"{study.name}: {name}: {field} is {shown[0]} in both", True)
                continue
            shown = [value.strip('"') if field == "templateId" else value for value in shown]
            difference = (kind, field, *shown)
            reason = EXPECTED.get(difference)
            met.add(difference)
            what = f"{study.name}: {name}: difference in {field}: {shown[0]}, ours {shown[1]}: {reason}"
            checks.that(what, reason is not None)
    checks.equal(f"{study.name}: both make the same links, in any order", links(ours), links(official))
    queries = [
        {sent.query for sent in sandbox.sent if "/import/" in sent.path} for sandbox in (official, ours)
    ]
    checks.equal(f"{study.name}: both send the same query parameters with imports", queries[1], queries[0])
    heads = [
        {name.lower(): value for name, value in sent.headers.items() if name.lower() in ("genestack-api-token", "accept")}
        for sandbox in (official, ours)
        for sent in sandbox.sent
        if sent.path.endswith("/import/samples")
    ]
    checks.equal(f"{study.name}: both send the token and ask for JSON in the same headers", heads[1], heads[0])
    return met
