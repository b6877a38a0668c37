//! Calls that go well.

use std::time::Duration;

use odmkit_odm_api::api::ListedGroup;
use odmkit_odm_api::{
    Accession, Auth, Error, FileLink, Import, JobId, JobStatus, Link, LinkKind, LinkReply, Linked, Metadata,
    Phase, Started, WaitError, WaitPolicy,
};

use crate::script::{Script, TOKEN, say, say_with};

fn accession(text: &str) -> Accession {
    text.parse().unwrap()
}

fn samples() -> Import<FileLink> {
    Import::Samples(Metadata {
        table: "https://a.org/s.tsv".into(),
        template: None,
    })
}

const QUICK: WaitPolicy = WaitPolicy {
    interval: Duration::from_millis(2),
    timeout: Duration::from_millis(200),
};

#[tokio::test]
async fn the_token_goes_in_its_header_and_only_there() {
    let info = r#"{"jobExecId":1,"status":"RUNNING"}"#;
    for (auth, header) in [
        (
            Auth::api_token(TOKEN).unwrap(),
            format!("genestack-api-token: {TOKEN}"),
        ),
        (
            Auth::access_token(TOKEN).unwrap(),
            format!("authorization: bearer {TOKEN}"),
        ),
    ] {
        let script = Script::new([say(200, info)]).await;
        script.client_as(auth).job_info(JobId(1)).await.unwrap();
        let heard = &script.heard()[0];
        assert_eq!(heard.line, "GET /api/v1/jobs/1/info");
        let with_token: Vec<_> = heard.headers.iter().filter(|line| line.contains(TOKEN)).collect();
        assert_eq!(with_token, [&header]);
        assert!(heard.headers.contains(&"accept: application/json".to_owned()));
    }
}

#[tokio::test]
async fn a_known_link_gives_its_old_job() {
    let body = r#"{"error":{"message":"A job instance already exists and is complete for {x=1}. jobExecId=321, sorry"}}"#;
    let script = Script::new([say(409, body)]).await;
    let started = script.client().import_by_link(&samples(), false).await.unwrap();
    assert_eq!(
        started,
        Started::Existing {
            job: JobId(321),
            after_lost_answer: false
        }
    );
    let heard = &script.heard()[0];
    assert_eq!(
        (heard.line.as_str(), heard.body.as_str()),
        (
            "POST /api/v1/jobs/import/samples",
            r#"{"metadataLink":"https://a.org/s.tsv","source":"HTTP"}"#
        )
    );

    let other = Script::new([say(409, r#"{"error":{"message":"the study is locked"}}"#)]).await;
    let error = other
        .client()
        .import_by_link(&samples(), false)
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Status { status: 409, .. })
            && error.to_string().contains("the study is locked")
    );
}

#[tokio::test]
async fn a_job_is_waited_for() {
    let script = Script::new([
        say(200, r#"{"jobExecId":5,"status":"STARTING"}"#),
        say(200, r#"{"jobExecId":5,"status":"STARTED"}"#),
        say(200, r#"{"jobExecId":5,"status":"STARTED"}"#),
        say(503, "busy"),
        say(200, r#"{"jobExecId":5,"status":"DIGESTING"}"#),
        say(200, r#"{"jobExecId":5,"status":"COMPLETED"}"#),
        say(
            200,
            r#"{"status":"COMPLETED","result":{"groupAccession":"GSF8"}}"#,
        ),
    ])
    .await;
    let mut seen = Vec::new();
    let end = script
        .client()
        .wait_for_job(JobId(5), QUICK, |status: &JobStatus| {
            seen.push(status.to_string());
        })
        .await
        .unwrap();
    assert!(end.succeeded());
    assert_eq!(end.output.made(), Some(accession("GSF8")));
    assert_eq!(seen, ["STARTING", "STARTED", "DIGESTING", "COMPLETED"]);
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn an_unknown_status_is_a_failure_after_a_while_and_a_long_job_a_timeout() {
    let unknown = r#"{"jobExecId":5,"status":"UNKNOWN"}"#;
    let turns = [
        say(200, unknown),
        say(200, unknown),
        say(200, unknown),
        say(200, unknown),
        say(200, "{}"),
    ];
    let script = Script::new(turns).await;
    let end = script
        .client()
        .wait_for_job(JobId(5), QUICK, |_| {})
        .await
        .unwrap();
    assert_eq!(
        (end.info.status.phase(), end.succeeded()),
        (Phase::Unclear, false)
    );

    let running = || say(200, r#"{"jobExecId":5,"status":"RUNNING"}"#);
    let script = Script::new((0..500).map(|_| running())).await;
    let error = script
        .client()
        .wait_for_job(JobId(5), QUICK, |_| {})
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            WaitError::Timeout {
                job: JobId(5),
                status: JobStatus::Running,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn links_answer_whole_or_perhaps() {
    let link = Link {
        kind: LinkKind::ExpressionSamples,
        source: accession("GSF1"),
        target: accession("GSF2"),
        attribute: Some("Sample Name".to_owned()),
    };
    let script = Script::new([say(204, ""), say(200, ""), say(200, "{}")]).await;
    let client = script.client();
    assert_eq!(client.link(&link).await.unwrap(), LinkReply::Whole);
    assert_eq!(client.link(&link).await.unwrap(), LinkReply::Perhaps);
    assert_eq!(client.link(&link).await.unwrap(), LinkReply::Perhaps);
    assert_eq!(
        script.heard()[0].line,
        "POST /api/v1/as-curator/integration/link/expression/group/GSF1/to/sample/group/GSF2?linkingAttribute=Sample%20Name"
    );
}

#[tokio::test]
async fn links_are_read_back_page_by_page_and_counted_by_member() {
    let pair = |run: usize, sample: usize| format!(r#"{{"runId":"GSF{run}","sampleId":"GSF{sample}"}}"#);
    let first: Vec<String> = (0..2000).map(|run| pair(10_000 + run, 1)).collect();
    let second = [pair(20_000, 1), pair(20_000, 2)];
    let page = |items: &[String]| say(200, &format!(r#"{{"meta":{{}},"data":[{}]}}"#, items.join(",")));
    let script = Script::new([page(&first), page(&second), say(200, r#"{"data":null}"#)]).await;
    let client = script.client();
    let (run, sample) = (accession("GSF1"), accession("GSF2"));
    let linked = client
        .read_back(LinkKind::ExpressionSamples, &run, &sample)
        .await
        .unwrap();
    assert_eq!(linked, Some(Linked { members: 2001 }));
    let empty = client
        .read_back(LinkKind::VariantSamples, &run, &sample)
        .await
        .unwrap();
    assert_eq!(empty, Some(Linked { members: 0 }));
    assert_eq!(
        client
            .read_back(LinkKind::CellsSamples, &run, &sample)
            .await
            .unwrap(),
        None
    );
    let asked: Vec<_> = script.heard().into_iter().map(|heard| heard.line).collect();
    let base = "GET /api/v1/as-curator/integration/link";
    assert_eq!(
        asked,
        [
            format!("{base}/expression/run-to-samples/by/group/GSF1?pageLimit=2000&pageOffset=0"),
            format!("{base}/expression/run-to-samples/by/group/GSF1?pageLimit=2000&pageOffset=2000"),
            format!("{base}/variant/run-to-samples/by/group/GSF1?pageLimit=2000&pageOffset=0"),
        ]
    );
}

#[tokio::test]
async fn a_study_lists_its_samples_and_groups() {
    let script = Script::new([
        say(
            200,
            r#"{"data":[{"itemId":"GSF7","groupId":"GSF1"},{"itemId":"GSF8","groupId":"GSF3"}]}"#,
        ),
        say(
            200,
            r#"{"data":[{"itemId":"GSF7","metadata":{}},{"itemId":"GSF8"}]}"#,
        ),
        say(200, r#"[{"itemId":"GSF5","metadata":{}}]"#),
        say(200, r#"[{"itemId":"GSF5","metadata":{}}]"#),
    ])
    .await;
    let client = script.client();
    let (samples, study) = (accession("GSF1"), accession("GSF9"));
    let own = client
        .read_back(LinkKind::SamplesStudy, &samples, &study)
        .await
        .unwrap();
    assert_eq!(own, Some(Linked { members: 1 }), "only those that name the group");
    let all = client
        .read_back(LinkKind::SamplesStudy, &samples, &study)
        .await
        .unwrap();
    assert_eq!(all, Some(Linked { members: 2 }), "no sample names a group");
    assert!(
        client
            .study_has_group(ListedGroup::Libraries, &study, &accession("GSF5"))
            .await
            .unwrap()
    );
    assert!(
        !client
            .study_has_group(ListedGroup::Preparations, &study, &accession("GSF6"))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn jobs_are_restarted_and_stopped() {
    let info = r#"{"jobExecId":5,"status":"STARTING"}"#;
    let script = Script::new([say(200, info), say(200, info)]).await;
    let client = script.client();
    assert_eq!(
        client.restart_job(JobId(5)).await.unwrap().status,
        JobStatus::Starting
    );
    client.stop_job(JobId(5)).await.unwrap();
    let lines: Vec<_> = script.heard().into_iter().map(|heard| heard.line).collect();
    assert_eq!(lines, ["PUT /api/v1/jobs/5/restart", "PUT /api/v1/jobs/5/stop"]);
}

#[tokio::test]
async fn the_default_template_is_looked_up_in_a_session() {
    let script = Script::new([
        say_with(
            200,
            "set-cookie: JSESSIONID=abc; Path=/\r\nset-cookie: lb=2; HttpOnly\r\n",
            r#"{"result":{"authenticated":true}}"#,
        ),
        say(
            200,
            r#"{"result":[{"accession":"GSF1"},{"accession":"GSF2","isDefault":true}]}"#,
        ),
        say(200, r#"{"result":{"authenticated":false}}"#),
        say(200, r#"{"result":{"authenticated":true}}"#),
        say(200, r#"{"result":[]}"#),
    ])
    .await;
    let client = script.client_as(Auth::access_token(TOKEN).unwrap());
    assert_eq!(client.default_template().await.unwrap(), accession("GSF2"));
    let heard = script.heard();
    let base = "POST /frontend/endpoint/application/invoke/genestack";
    assert_eq!(
        heard[0].line,
        format!("{base}/signin/authenticateOAuthAccessToken")
    );
    assert_eq!(heard[0].body, format!(r#"["{TOKEN}"]"#));
    assert_eq!(
        heard[1].line,
        format!("{base}/study-metainfotemplateeditor/listTemplates")
    );
    assert!(
        heard[1]
            .headers
            .contains(&"cookie: jsessionid=abc; lb=2".to_owned()),
        "{:?}",
        heard[1].headers
    );
    assert!(matches!(
        client.default_template().await,
        Err(Error::NotAuthenticated { .. })
    ));
    assert!(matches!(
        client.default_template().await,
        Err(Error::NoDefaultTemplate { .. })
    ));
}
