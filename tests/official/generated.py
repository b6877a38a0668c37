"""Goes through the endpoints by the generated client `odm_api`. Runs where that is installed, in a process of its own."""

import functools
import http.client
import re
import sys
import time
import urllib.parse
from pathlib import Path

import odm_api
from odm_api import models

from .checks import Checks
from .sandbox import TOKEN

# Paths of the import, link and job endpoints, and of the reads that follow them.
CONCERNED = re.compile(r"/api/v1/(jobs/|xrefsets$|xrefsets/[^/]+/metadata|as-curator/(integration/link/|links)|as-(curator|user)/studies/\{id\}$)")


class Client(odm_api.ApiClient):
    """The generated client, which remembers what it has been used for."""

    def __init__(self, configuration):
        super().__init__(configuration)
        self.used = set()

    def param_serialize(self, method, resource_path, *args, **more):
        self.used.add((method, resource_path))
        return super().param_serialize(method, resource_path, *args, **more)


def endpoints():
    """Every endpoint of the generated client that has to do with imports, links and jobs."""
    found = set()
    for source in Path(odm_api.__file__).parent.glob("api/*.py"):
        for method, path in re.findall(
            r"method='(\w+)',\s*resource_path='([^']*)'", source.read_text(encoding="utf-8")
        ):
            if CONCERNED.match(path):
                found.add((method, path))
    return found


def is_served(url, method, path):
    """Whether the sandbox has an endpoint."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)
    plain = re.sub(r"\{jobExecId\}", "0", path)
    plain = re.sub(r"\{\w+\}", "GSF0", plain)
    connection.request(method, plain, headers={"Genestack-API-Token": TOKEN})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status != 405 and not re.search(r"has no such path|no such link|no such list|no such import", text)


def covered(checks, url, used):
    """Every endpoint that the sandbox serves must have been used; the others are listed."""
    known = endpoints()
    served = {endpoint for endpoint in known if is_served(url, *endpoint)}
    checks.equal("odm_api: every endpoint that the sandbox serves was used", sorted(served - used), [])
    for method, path in sorted(known - served):
        print(f"not served by the sandbox: {method} {path}")
    print(f"{len(served)} of {len(known)} import, link and job endpoints of odm_api are served by the sandbox")


def main(url, files, study):
    checks = Checks()
    client = Client(odm_api.Configuration(host=url, api_key={"Genestack-API-Token": TOKEN}))
    by_link = odm_api.DataImportJobsApi(client)
    uploads = odm_api.DataImportViaDirectFileUploadApi(client)
    jobs = odm_api.JobOperationsApi(client)
    for name, rows in {
        "birch.preparations.tsv": ["Preparation ID\tSample Source ID", "PREP-01\tBIRCH-001", "PREP-02\tBIRCH-002"],
        "birch.cells.tsv": ["barcode\tbatch", "AAAC\tLIB-01", "CCCA\tLIB-02"],
        "prepared.cells.tsv": ["barcode\tbatch", "AAAC\tPREP-01", "CCCA\tPREP-02"],
        "sampled.cells.tsv": ["barcode\tbatch", "AAAC\tBIRCH-001", "CCCA\tBIRCH-002"],
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
        "tx2gene.tsv": ["TXNAME\tGENEID", "ENST1\tENSG1"],
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
    sampled_cells = made(
        "cells of samples by link",
        by_link.start_import_cells(body=models.ImportCellsRequest(data_link=link("sampled.cells.tsv"))),
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
    prepared_cells = made(
        "cells sent along", uploads.start_import_cells_multipart(upload("prepared.cells.tsv"), **more)
    )
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
    cell = odm_api.CellIntegrationAsCuratorApi(client)
    linked(cell, "cell_group_library_group", cells, libraries, 204)
    linked(cell, "cell_group_preparation_group", prepared_cells, preparations, 204)
    linked(cell, "cell_group_sample_group", sampled_cells, samples, 204)
    linked(expression, "expression_group_library_group", matrix, libraries, 204)
    linked(expression, "expression_group_preparation_group", prepared, preparations, 204)
    linked(expression, "expression_group_cell_group", single_cell, cells, 204)
    attribute = {"linking_attribute": "Sample Source ID"}
    linked(expression, "expression_group_sample_group", direct, samples, 200, **attribute)
    variant = odm_api.VariantIntegrationAsCuratorApi(client)
    linked(variant, "variant_group_sample_group", variants, samples, 204, **attribute)
    cytometry = odm_api.FlowCytometryFACSIntegrationAsCuratorApi(client)
    linked(cytometry, "flow_cytometry_group_sample_group", gates, samples, 204)

    xrefs = odm_api.XrefsetQueriesApi(client)
    body = models.XrefSetCreateRequest(
        xref_set_type="gene-transcript", data_link=link("tx2gene.tsv"), metadata={"Species": "human"}
    )
    mapping = xrefs.create(body=body).xref_set_id
    kept = xrefs.get_details_by_accession(mapping)
    checks.equal("odm_api: what is kept with a cross-reference", kept.data, {"Species": "human"})
    links = odm_api.LinkageAsCuratorApi(client)
    pair = models.Link(
        first_id=direct, first_type="expressionGroup", second_id=mapping, second_type="geneTranscriptMapping"
    )
    for status in (201, 200):
        answer = links.save_links_as_curator_with_http_info(links=[pair])
        checks.equal("odm_api: link a cross-reference", answer.status_code, status)
    found = links.get_links_by_params_as_curator(first_id=direct, first_type="expressionGroup")
    checks.equal("odm_api: the cross-reference is linked", len(found.data), 1)

    seen = odm_api.StudySPoTAsCuratorApi(client).get_study_as_curator(birch)
    checks.equal("odm_api: the study", seen["genestack:accession"], birch)
    seen = odm_api.StudySPoTAsUserApi(client).get_study_as_user(birch)
    checks.equal("odm_api: the study, as a user sees it", seen["genestack:accession"], birch)
    listed = sample.get_samples_by_study_as_curator(birch)
    checks.equal("odm_api: samples of the study", len(listed.data), 5)
    preparation = odm_api.PreparationIntegrationAsCuratorApi(client)
    for what, groups, wanted in [
        ("libraries", library.get_library_groups_by_study_as_curator(birch), [libraries]),
        ("preparations", preparation.get_preparation_groups_by_study_as_curator(birch), [preparations]),
        ("expression", expression.get_expression_groups_by_study_as_curator(birch), [matrix, prepared, direct]),
        ("variants", variant.get_variant_groups_by_study_as_curator(birch), [variants]),
        ("flow cytometry", cytometry.get_flow_cytometry_groups_by_study_as_curator(birch), [gates]),
    ]:
        found = sorted(group.item_id for group in groups)
        checks.equal(f"odm_api: {what} of the study", found, sorted(wanted))
    for what, pairs, count in [
        ("libraries with their samples", library.get_library_links_to_samples_as_curator(libraries), 5),
        (
            "preparations with their samples",
            preparation.get_preparation_links_to_samples_as_curator(preparations),
            2,
        ),
        ("columns with their samples", expression.get_expression_run_to_sample_pairs_as_curator(direct), 2),
        ("columns with their libraries", expression.get_expression_run_to_library_pairs_as_curator(matrix), 4),
        (
            "columns with their preparations",
            expression.get_expression_run_to_preparation_pairs_as_curator(prepared),
            2,
        ),
        ("variants with their samples", variant.get_variant_run_to_sample_pairs_as_curator(variants), 2),
        ("gates with their samples", cytometry.get_flow_cytometry_run_to_sample_pairs_as_curator(gates), 1),
    ]:
        checks.equal(f"odm_api: {what}", len(pairs.data), count)

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

    # The sandbox of this run lets the third attached file hang.
    hanging = by_link.start_import_a_file(
        body=models.ImportAFileRequest(
            data_link=link("gates.facs"), study_accession=birch, data_class="Document", source="HTTP"
        )
    )
    jobs.stop(hanging.job_exec_id)
    while jobs.info(hanging.job_exec_id).status in ("STARTING", "RUNNING", "STOPPING"):
        time.sleep(0.05)
    checks.equal("odm_api: a job is stopped", jobs.info(hanging.job_exec_id).status, "STOPPED")
    jobs.restart(hanging.job_exec_id)
    made("a stopped job starts again", hanging)
    covered(checks, url, client.used)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
