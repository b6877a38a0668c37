use super::*;
use crate::import::Metadata;

fn api(family: PathFamily) -> Api {
    let server = Server::parse("https://odm.example.org/", false).unwrap();
    Api::new(server, family, Auth::api_token("t0ken").unwrap())
}

fn accession(text: &str) -> Accession {
    text.parse().unwrap()
}

#[test]
fn both_families_name_the_same_calls() {
    let import = Import::Samples(Metadata {
        table: "https://a/s.tsv".into(),
        template: None,
    });
    for (family, jobs, links, study) in [
        (
            PathFamily::V1,
            "https://odm.example.org/api/v1/jobs",
            "https://odm.example.org/api/v1/as-curator/integration/link",
            "https://odm.example.org/api/v1/as-curator/studies/GSF3",
        ),
        (
            PathFamily::Legacy,
            "https://odm.example.org/frontend/rs/genestack/job/default-released",
            "https://odm.example.org/frontend/rs/genestack/integrationCurator/default-released/integration/link",
            "https://odm.example.org/frontend/rs/genestack/studyUser/default-released/studies/GSF3",
        ),
    ] {
        let api = api(family);
        let url = |request: Request| request.url;
        assert_eq!(
            url(api.import_by_link(&import, false).unwrap()),
            format!("{jobs}/import/samples")
        );
        assert_eq!(
            url(api.import_by_link(&import, true).unwrap()),
            format!("{jobs}/import/samples?allow_dups=true")
        );
        assert_eq!(url(api.job_info(JobId(7))), format!("{jobs}/7/info"));
        assert_eq!(url(api.job_output(JobId(7))), format!("{jobs}/7/output"));
        assert_eq!(
            api.restart_job(JobId(7)).line().to_string(),
            format!("PUT {jobs}/7/restart")
        );
        assert_eq!(
            api.stop_job(JobId(7)).line().to_string(),
            format!("PUT {jobs}/7/stop")
        );
        assert_eq!(url(api.study(&accession("GSF3"))), study);
        assert_eq!(
            url(api.samples_of_study(&accession("GSF3"), 2000)),
            format!("{links}/samples/by/study/GSF3?pageLimit=2000&pageOffset=2000")
        );
        assert_eq!(
            url(api.groups_of_study(ListedGroup::Libraries, &accession("GSF3"))),
            format!("{links}/library/group/by/study/GSF3")
        );
    }
}

#[test]
fn every_link_has_its_path() {
    let api = api(PathFamily::V1);
    let expected = [
        "sample/group/GSF1/to/study/GSF2",
        "library/group/GSF1/to/sample/group/GSF2",
        "preparation/group/GSF1/to/sample/group/GSF2",
        "cell/group/GSF1/to/sample/group/GSF2",
        "cell/group/GSF1/to/library/group/GSF2",
        "cell/group/GSF1/to/preparation/group/GSF2",
        "expression/group/GSF1/to/sample/group/GSF2?linkingAttribute=Sample%20Name%20%2F%20%C3%A9",
        "expression/group/GSF1/to/library/group/GSF2",
        "expression/group/GSF1/to/preparation/group/GSF2",
        "expression/group/GSF1/to/cell/group/GSF2",
        "variant/group/GSF1/to/sample/group/GSF2?linkingAttribute=Sample%20Name%20%2F%20%C3%A9",
        "flow-cytometry/group/GSF1/to/sample/group/GSF2?linkingAttribute=Sample%20Name%20%2F%20%C3%A9",
    ];
    assert_eq!(
        LinkKind::ALL.len(),
        expected.len() + 1,
        "the last one has no path of its own"
    );
    for (kind, path) in LinkKind::ALL.into_iter().zip(expected) {
        let attribute = Some("Sample Name / é".to_owned());
        let link = Link {
            kind,
            source: accession("GSF1"),
            target: accession("GSF2"),
            attribute,
        };
        let request = api.link(&link);
        assert_eq!(
            request.line().to_string(),
            format!("POST https://odm.example.org/api/v1/as-curator/integration/link/{path}")
        );
        assert_eq!(request.body, Body::Empty);
    }
}

#[test]
fn uploads_always_go_to_the_newer_paths() {
    let import = Import::Cells(PathBuf::from("cells.tsv"));
    for family in [PathFamily::V1, PathFamily::Legacy] {
        let request = api(family).upload(&import, None).unwrap();
        assert_eq!(
            request.url,
            "https://odm.example.org/api/v1/jobs/import/cells/multipart"
        );
    }
}

#[test]
fn signing_in_carries_the_token_in_its_body_only_and_hides_it() {
    let request = api(PathFamily::V1).sign_in();
    assert_eq!(request.body.json_text().unwrap(), r#"["t0ken"]"#);
    assert!(!format!("{request:?}").contains("t0ken"));
}

#[test]
fn a_cross_reference_is_made_and_linked_in_both_families() {
    let link = Link {
        kind: LinkKind::ExpressionMapping,
        source: accession("GSF1"),
        target: accession("GSF2"),
        attribute: None,
    };
    let mapping = Mapping::new("https://a/m.tsv".into());
    let base = "https://odm.example.org";
    for (family, sets, links, has_source) in [
        (
            PathFamily::V1,
            "/api/v1/xrefsets",
            "/api/v1/as-curator/links",
            false,
        ),
        (
            PathFamily::Legacy,
            "/frontend/rs/genestack/reference-data/default-released/xrefsets",
            "/frontend/rs/genestack/integrationCurator/default-released/links",
            true,
        ),
    ] {
        let api = api(family);
        let made = api.make_mapping(&mapping).unwrap();
        assert_eq!(made.line().to_string(), format!("POST {base}{sets}"));
        let body = made.body.json_text().unwrap();
        assert_eq!(body.contains(r#""dataSource":"http""#), has_source, "{body}");
        assert_eq!(
            api.mapping_metadata(&accession("GSF2")).url,
            format!("{base}{sets}/GSF2/metadata")
        );
        assert_eq!(
            api.mappings_of(&accession("GSF1"), 0).url,
            format!(
                "{base}{links}?firstId=GSF1&firstType=expressionGroup&secondType=geneTranscriptMapping&offset=0&limit=2000"
            )
        );
        let linked = api.link(&link);
        assert_eq!(linked.line().to_string(), format!("POST {base}{links}"));
        assert_eq!(
            linked.body.json_text().unwrap(),
            r#"[{"firstId":"GSF1","firstType":"expressionGroup","secondId":"GSF2","secondType":"geneTranscriptMapping"}]"#
        );
    }
}

#[test]
fn no_request_shows_a_signature() {
    let signed = Import::Samples(Metadata {
        table: "https://u:pw@a/s.tsv?X-Amz-Signature=hush".into(),
        template: None,
    });
    let api = api(PathFamily::V1);
    let request = api.import_by_link(&signed, false).unwrap();
    assert!(request.body.json_text().unwrap().contains("hush"), "it is sent");
    let shown = format!("{signed:?} {request:?} {api:?}");
    assert!(
        !shown.contains("hush") && !shown.contains("pw@") && !shown.contains("t0ken"),
        "{shown}"
    );
}
