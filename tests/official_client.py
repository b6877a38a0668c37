#!/usr/bin/env python3
"""The official Python client against `odmkit sandbox`.

Installs `odm-sdk` from PyPI into a temporary folder, serves the fixture study `fixtures/trial-libraries` over HTTP on
loopback, and

1. imports and links it by the official `odm-import-data`, unmodified, and looks into the journal and at the links;
2. submits it by `odmkit submit` to a fresh sandbox, and compares what the two clients send, field by field. The
   differences that are meant are listed in `EXPECTED`, with the reason; any other fails;
3. goes through the job, link and read endpoints by the generated client `odm_api`, uploads included.

Run it by hand, or where PyPI can be reached; it is no part of `cargo test`:

    cargo build && tests/official_client.py [--odmkit PATH] [--if-reachable]

With --if-reachable it does nothing, and says so, where PyPI cannot be reached. It prints `N passed, N failed` at the
end and exits with 1 where anything failed, with 2 where it could not do its work.
"""

import argparse
import functools
import http.client
import http.server
import json
import os
import re
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUDY = ROOT / "fixtures" / "trial-libraries"
TOKEN = "official-client-token"
LINK = "/api/v1/as-curator/integration/link"

# Differences between the official client and ours in what they send for the same import: (kind, field, official, ours).
# ABSENT stands for a field that is not sent.
ABSENT = "(absent)"
EXPECTED = {
    # The official client looks the server's default template up and names it. ODM applies the same one where none is
    # named, so ours names one only where --template-id does.
    **{
        (kind, "templateId", "GSF000001", ABSENT): "the default template, named or not"
        for kind in ("study", "samples", "libraries", "expression")
    },
    # The official client passes the argument on as a text; the API's schema has an integer.
    ("expression", "numberOfFeatureAttributes", '"2"', "2"): "a text where the schema has an integer",
}


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def that(self, what, holds, seen=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        print(f"{'ok' if holds else 'FAILED'}: {what}{'' if holds else f' -- {seen}'}", flush=True)

    def equal(self, what, found, wanted):
        self.that(what, found == wanted, f"found {found!r}, wanted {wanted!r}")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


def serve(handler):
    """Serves on loopback until the script ends; gives the address."""
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


class Sandbox:
    """A sandbox with a folder of its own, and a proxy before it that keeps what is sent."""

    def __init__(self, odmkit, folder):
        self.folder = folder
        self.process = subprocess.Popen(
            [odmkit, "sandbox", "--token", TOKEN, "--data", folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        line = self.process.stdout.readline().strip()
        if not line.startswith("listening on "):
            raise SystemExit(f"the sandbox did not start: {line!r}")
        self.url = line.removeprefix("listening on ")
        self.sent = []
        self.proxy = serve(functools.partial(Recorder, self))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def get(self, path):
        request = urllib.request.Request(self.url + path, headers={"Genestack-API-Token": TOKEN})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def journal(self):
        with open(self.folder / "journal.jsonl", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def jobs(self):
        """The outputs of all jobs, in their order."""
        ids = sorted({line["job_id"] for line in self.journal() if line["job_id"]})
        return [self.get(f"/api/v1/jobs/{job}/output") for job in ids]


class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes requests on to the sandbox and keeps the POSTs."""

    protocol_version = "HTTP/1.1"

    def __init__(self, sandbox, *args):
        self.sandbox = sandbox
        super().__init__(*args)

    def log_message(self, *args):
        pass

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urllib.parse.urlsplit(self.path)
        kept = (self.command, url.path, url.query, body, dict(self.headers))
        self.sandbox.sent.append(kept)
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.sandbox.url).netloc)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        connection.request(self.command, self.path, body=body, headers=headers)
        answer = connection.getresponse()
        data = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        connection.close()

    do_GET = do_POST = do_PUT = pass_on


def imports(sandbox):
    """What was sent to import: (kind, fields)."""
    found = []
    for method, path, _, body, _ in sandbox.sent:
        kind = path.rpartition("/import/")[2] if "/import/" in path else None
        if method == "POST" and kind:
            found.append((kind, json.loads(body)))
    return found


def links(sandbox):
    """What was sent to link, with an accession written as the file that it stands for."""
    names = {}
    for (_, fields), output in zip(imports(sandbox), sandbox.jobs()):
        accession = output["result"].get("accession") or output["result"].get("groupAccession")
        names[accession] = (fields.get("dataLink") or fields["metadataLink"]).rpartition("/")[2]
    found = []
    for method, path, query, body, _ in sandbox.sent:
        relative = path.partition("/integration/link/")[2]
        if method == "POST" and relative:
            found.append((re.sub(r"GSF\d+", lambda match: names[match[0]], relative), query, body))
    return found


def look(checks, who, sandbox):
    """What must be in a sandbox after the study has been imported and linked, whoever did it."""
    outputs = sandbox.jobs()
    checks.equal(f"{who}: every job is complete", [output["status"] for output in outputs], ["COMPLETED"] * 5)
    kinds = sorted(
        line["path"].rpartition("/import/")[2]
        for line in sandbox.journal()
        if line["method"] == "POST" and "/import/" in line["path"] and line["status"] == 200
    )
    checks.equal(
        f"{who}: each file is imported once", kinds, ["expression", "expression", "libraries", "samples", "study"]
    )
    checks.that(
        f"{who}: nothing was refused",
        all(line["status"] < 400 for line in sandbox.journal()),
        [line for line in sandbox.journal() if line["status"] >= 400],
    )
    text = (sandbox.folder / "journal.jsonl").read_text(encoding="utf-8")
    checks.that(f"{who}: the journal holds no token", TOKEN not in text)

    accessions = {}
    for (kind, fields), output in zip(imports(sandbox), outputs):
        name = (fields.get("dataLink") or fields["metadataLink"]).rpartition("/")[2]
        accessions[name] = output["result"].get("accession") or output["result"].get("groupAccession")
    study = accessions["birch.study.tsv"]
    samples = sandbox.get(f"{LINK}/samples/by/study/{study}")["data"]
    checks.equal(
        f"{who}: the study has the samples",
        [sample["metadata"]["Sample Source ID"] for sample in samples],
        [f"BIRCH-{number:03}" for number in range(1, 6)],
    )
    groups = sandbox.get(f"{LINK}/library/group/by/study/{study}")
    checks.equal(
        f"{who}: the study has the libraries",
        [group["itemId"] for group in groups],
        [accessions["birch.libraries.tsv"]],
    )
    pairs = sandbox.get(f"{LINK}/library/libraries-to-samples/by/group/{accessions['birch.libraries.tsv']}")["data"]
    checks.equal(f"{who}: four libraries are linked to five samples", len(pairs), 5)
    for name in ("expression.gct", "proteomics.tsv"):
        pairs = sandbox.get(f"{LINK}/expression/run-to-libraries/by/group/{accessions[name]}")["data"]
        checks.equal(
            f"{who}: each column of {name} is linked to its library",
            [pair["runSourceId"] for pair in pairs],
            ["LIB-01", "LIB-02", "LIB-03", "LIB-04"],
        )
    kept = {path.name: path for path in (sandbox.folder / "files").rglob("*") if path.is_file()}
    same = [name for name, path in kept.items() if path.read_bytes() == (STUDY / name).read_bytes()]
    checks.equal(
        f"{who}: the sandbox keeps the very files",
        sorted(same),
        sorted(path.name for path in STUDY.iterdir() if path.name != "study.toml"),
    )


def compare(checks, official, ours):
    """Compares what two clients sent for the same study, field by field."""
    theirs, own = imports(official), imports(ours)
    checks.equal("both import the same kinds in the same order", [k for k, _ in own], [k for k, _ in theirs])
    met = set()
    for (kind, official_fields), (_, our_fields) in zip(theirs, own):
        for field in sorted(official_fields.keys() | our_fields.keys()):
            # The official client writes a field that was not given as null.
            pair = [fields.get(field) for fields in (official_fields, our_fields)]
            shown = [ABSENT if value is None else json.dumps(value) for value in pair]
            if shown[0] == shown[1]:
                continue
            shown = [value.strip('"') if field == "templateId" else value for value in shown]
            difference = (kind, field, *shown)
            reason = EXPECTED.get(difference)
            met.add(difference)
            checks.that(f"difference: {kind}.{field}: {shown[0]}, ours {shown[1]}: {reason}", reason is not None)
    checks.equal("every listed difference is there", sorted(EXPECTED.keys() - met), [])
    checks.equal("both make the same links, in any order", sorted(links(ours)), sorted(links(official)))
    heads = [
        {name.lower(): value for name, value in headers.items() if name.lower() in ("genestack-api-token", "accept")}
        for sandbox in (official, ours)
        for _, path, _, _, headers in sandbox.sent
        if path.endswith("/import/samples")
    ]
    checks.equal("both send the token and ask for JSON in the same headers", heads[1], heads[0])


def run(command, **more):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(command, text=True, check=False, timeout=600, **pipes, **more)


def install(folder):
    """Installs the official client; gives the folder of its commands, or nothing where PyPI cannot be reached."""
    venv.create(folder, with_pip=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    done = run([commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "odm-sdk"])
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
        return None
    version = run([commands / "python", "-m", "pip", "show", "odm-sdk"]).stdout
    print(f"odm-sdk {re.search(r'^Version: (.*)$', version, re.MULTILINE)[1]}", flush=True)
    return commands


def generated(url, files, study):
    """Goes through the endpoints by the generated client. Runs where that is installed, in a process of its own."""
    import odm_api  # noqa: PLC0415 - it is there only in the virtual environment
    from odm_api import models  # noqa: PLC0415

    checks = Checks()
    client = odm_api.ApiClient(odm_api.Configuration(host=url, api_key={"Genestack-API-Token": TOKEN}))
    by_link = odm_api.DataImportJobsApi(client)
    uploads = odm_api.DataImportViaDirectFileUploadApi(client)
    jobs = odm_api.JobOperationsApi(client)
    for name, rows in {
        "birch.preparations.tsv": ["Preparation ID\tSample Source ID", "PREP-01\tBIRCH-001", "PREP-02\tBIRCH-002"],
        "birch.cells.tsv": ["barcode\tbatch", "AAAC\tLIB-01", "CCCA\tLIB-02"],
        "cells.tsv": ["Gene\tAAAC\tCCCA", "TP53\t1\t2", "EGFR\t0\t4"],
        "prepared.tsv": ["Protein\tPREP-01\tPREP-02", "P04637\t1.5\t2"],
        "direct.tsv": ["Protein\tBIRCH-001\tBIRCH-002\tother", "P04637\t1.5\t2\t3"],
        "calls.vcf": [
            "##fileformat=VCFv4.2",
            '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
            "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tBIRCH-001\tBIRCH-002",
            "1\t5\t.\tA\tG\t9\tPASS\t.\tGT\t0/1\t0/0",
        ],
        "gates.facs": [
            "Sample\tCellPopulation\tReadoutType\tColor/Marker\tValue",
            "BIRCH-001\tLymphocytes/T cells\tCount\t\t120",
        ],
        "notes.txt": ["kept as it is"],
    }.items():
        (study / name).write_text("\n".join(rows) + "\n", encoding="utf-8")

    def made(what, started):
        """Waits for a job; gives what it made."""
        for _ in range(200):
            info = jobs.info(started.job_exec_id)
            if info.status not in ("STARTING", "RUNNING"):
                break
            time.sleep(0.05)
        output = jobs.output(started.job_exec_id)
        checks.that(f"odm_api: {what}", output.status == "COMPLETED", output)
        result = output.result or {}
        return result.get("accession") or result.get("groupAccession")

    def link(name):
        return f"{files}/{name}"

    def upload(name):
        return (name, (study / name).read_bytes())

    def table(name):
        return models.ImportMetadataRequest(metadata_link=link(name), template_id="GSF000001", source="HTTP")

    birch = made("study by link", by_link.start_import_study(body=table("birch.study.tsv")))
    samples = made("samples by link", by_link.start_import_samples(body=table("birch.samples.tsv")))
    libraries = made("libraries by link", by_link.start_import_libraries(body=table("birch.libraries.tsv")))
    preparations = made(
        "preparations by link", by_link.start_import_preparations(body=table("birch.preparations.tsv"))
    )
    cells = made(
        "cells by link",
        by_link.start_import_cells(body=models.ImportCellsRequest(data_link=link("birch.cells.tsv"))),
    )
    matrix = models.ImportExpressionSignalRunRequest(
        data_link=link("expression.gct"),
        metadata_link=link("expression.gct.tsv"),
        data_class="Bulk transcriptomics",
    )
    matrix = made("expression by link", by_link.start_import_expression(body=matrix))
    variants = made(
        "variants by link",
        by_link.start_import_variant(body=models.StartImportVariantRequest(data_link=link("calls.vcf"))),
    )
    gates = made(
        "flow cytometry by link",
        by_link.start_import_flow_cytometry(body=models.StartImportVariantRequest(data_link=link("gates.facs"))),
    )
    attached = models.ImportAFileRequest(
        data_link=link("notes.txt"), study_accession=birch, data_class="Document", source="HTTP"
    )
    made("file by link", by_link.start_import_a_file(body=attached))

    more = {"study_id": birch}
    made("samples sent along", uploads.start_import_samples_multipart(upload("birch.samples.tsv"), **more))
    made("libraries sent along", uploads.start_import_libraries_multipart(upload("birch.libraries.tsv"), **more))
    made(
        "preparations sent along",
        uploads.start_import_preparations_multipart(upload("birch.preparations.tsv"), **more),
    )
    made("cells sent along", uploads.start_import_cells_multipart(upload("birch.cells.tsv"), **more))
    sent = functools.partial(
        uploads.start_import_expression_multipart,
        number_of_feature_attributes=1,
        data_class="Proteomics",
        **more,
    )
    single_cell = made("expression of cells sent along", sent(upload("cells.tsv")))
    prepared = made("expression of preparations sent along", sent(upload("prepared.tsv")))
    direct = made(
        "expression with metadata sent along",
        sent(upload("direct.tsv"), metadata_file=upload("expression.gct.tsv")),
    )
    made("variants sent along", uploads.start_import_variant_multipart(upload("calls.vcf"), **more))
    made("flow cytometry sent along", uploads.start_import_flow_cytometry_multipart(upload("gates.facs"), **more))
    made(
        "file sent along",
        uploads.start_import_a_file_multipart(upload("notes.txt"), study_accession=birch, data_class="Document"),
    )

    def linked(api, method, source, target, status, **query):
        answer = getattr(api, f"create_{method}_link_as_curator_with_http_info")(source, target, **query)
        checks.equal(f"odm_api: link {method.replace('_', ' ')}", answer.status_code, status)

    expression = odm_api.ExpressionIntegrationAsCuratorApi(client)
    sample = odm_api.SampleIntegrationAsCuratorApi(client)
    library = odm_api.LibraryIntegrationAsCuratorApi(client)
    linked(sample, "sample_group_study", samples, birch, 204)
    linked(library, "library_group_sample_group", libraries, samples, 204)
    linked(
        odm_api.PreparationIntegrationAsCuratorApi(client),
        "preparation_group_sample_group",
        preparations,
        samples,
        204,
    )
    linked(odm_api.CellIntegrationAsCuratorApi(client), "cell_group_library_group", cells, libraries, 204)
    linked(expression, "expression_group_library_group", matrix, libraries, 204)
    linked(expression, "expression_group_preparation_group", prepared, preparations, 204)
    linked(expression, "expression_group_cell_group", single_cell, cells, 204)
    attribute = {"linking_attribute": "Sample Source ID"}
    linked(expression, "expression_group_sample_group", direct, samples, 200, **attribute)
    variant = odm_api.VariantIntegrationAsCuratorApi(client)
    linked(variant, "variant_group_sample_group", variants, samples, 204, **attribute)
    cytometry = odm_api.FlowCytometryFACSIntegrationAsCuratorApi(client)
    linked(cytometry, "flow_cytometry_group_sample_group", gates, samples, 204)

    listed = sample.get_samples_by_study_as_curator(birch)
    checks.equal("odm_api: samples of the study", len(listed.data), 5)
    groups = library.get_library_groups_by_study_as_curator(birch)
    checks.equal("odm_api: libraries of the study", [group.item_id for group in groups], [libraries])
    pairs = expression.get_expression_run_to_sample_pairs_as_curator(direct)
    checks.equal("odm_api: columns with their samples", len(pairs.data), 2)
    pairs = expression.get_expression_run_to_library_pairs_as_curator(matrix)
    checks.equal("odm_api: columns with their libraries", len(pairs.data), 4)

    try:
        by_link.start_import_samples(body=table("birch.samples.tsv"))
        checks.that("odm_api: the same links again are a conflict", False, "no error")
    except odm_api.ApiException as error:
        checks.equal("odm_api: the same links again are a conflict", error.status, 409)
    failing = by_link.start_import_samples(body=table("absent.tsv"))
    for expected in ("fails", "fails again when it is started again"):
        while jobs.info(failing.job_exec_id).status in ("STARTING", "RUNNING"):
            time.sleep(0.05)
        output = jobs.output(failing.job_exec_id)
        checks.that(
            f"odm_api: a job {expected}, with stage and stack",
            output.status == "FAILED" and output.errors[0].stage == "import" and len(output.errors[0].stack) == 1,
            output,
        )
        if expected == "fails":
            jobs.restart(failing.job_exec_id)
    return 1 if checks.failed else 0


def main():
    if sys.argv[1:2] == ["--generated"]:
        return generated(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--odmkit", type=Path, default=ROOT / "target" / "debug" / "odmkit")
    parser.add_argument("--if-reachable", action="store_true")
    options = parser.parse_args()
    odmkit = options.odmkit.resolve()
    if not odmkit.exists():
        print(f"{odmkit} is not there: run `cargo build`, or give --odmkit PATH", file=sys.stderr)
        return 2
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="odmkit-official-") as temporary:
        folder = Path(temporary)
        commands = install(folder / "venv")
        if commands is None:
            print("NOTE: PyPI cannot be reached; the official client was not tried", file=sys.stderr)
            return 0 if options.if_reachable else 2
        # A run keeps its state beside the study.
        study = shutil.copytree(STUDY, folder / "study")
        files = serve(functools.partial(Quiet, directory=str(study)))
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        for name in ("ODM_HOST", "ODM_API_TOKEN", "ODM_ACCESS_TOKEN"):
            environment.pop(name, None)

        with Sandbox(odmkit, folder / "official") as official, Sandbox(odmkit, folder / "ours") as ours:
            command = [
                *(commands / "odm-import-data", "--server", official.proxy, "--token", TOKEN, "-T", "60"),
                *("--study", f"{files}/birch.study.tsv", "--samples", f"{files}/birch.samples.tsv"),
                *("--libraries", f"{files}/birch.libraries.tsv"),
                *("--expression", f"{files}/expression.gct", "-em", f"{files}/expression.gct.tsv"),
                *("-dc", "Bulk transcriptomics"),
                *("--expression", f"{files}/proteomics.tsv", "-nfa", "2", "-dc", "Proteomics", "-ms", ":"),
            ]
            done = run(command, env=environment)
            checks.equal("odm-import-data: exit code", done.returncode, 0)
            if done.returncode != 0:
                print(done.stdout)
            look(checks, "odm-import-data", official)

            command = [odmkit, "submit", study, "--stage", "link", "--source-url", files, "--format", "json"]
            done = run(
                [*command, "--server", ours.proxy, "--api", "legacy"],
                env={**environment, "ODM_API_TOKEN": TOKEN},
                cwd=folder,
            )
            checks.equal("odmkit submit: exit code", done.returncode, 0)
            if done.returncode != 0:
                print(done.stdout)
            look(checks, "odmkit submit", ours)
            compare(checks, official, ours)

        with Sandbox(odmkit, folder / "generated") as sandbox:
            command = [commands / "python", __file__, "--generated", sandbox.url, files, study]
            done = run(command, env=environment)
            print(done.stdout, end="")
            checks.passed += len(re.findall(r"^ok: ", done.stdout, re.MULTILINE))
            checks.failed += len(re.findall(r"^FAILED: ", done.stdout, re.MULTILINE))
            checks.equal("the generated client came to its end", done.returncode, 0)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
