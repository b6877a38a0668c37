use super::*;

fn fault(text: &str) -> Fault {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn error(text: &str) -> FaultError {
    text.parse::<Fault>().expect_err(text)
}

#[test]
fn every_where_is_understood() {
    for (text, place) in [
        ("any", Place::Any),
        ("import", Place::Import(None)),
        (
            "import/flow-cytometry",
            Place::Import(Some(ImportKind::FlowCytometry)),
        ),
        ("link", Place::Link(None)),
        ("link/samples", Place::Link(Some(ImportKind::Samples))),
        ("info", Place::Call(Call::Info)),
        ("output", Place::Call(Call::Output)),
        ("restart", Place::Call(Call::Restart)),
        ("stop", Place::Call(Call::Stop)),
        ("read", Place::Call(Call::Read)),
        ("sign-in", Place::Call(Call::SignIn)),
    ] {
        assert_eq!(fault(&format!("{text}:reset")).place, place, "{text}");
    }
    assert_eq!(fault("job/study:hang").place, Place::Job(Some(ImportKind::Study)));
}

#[test]
fn every_what_is_understood() {
    let instead = |answer, after| Effect::Instead { answer, after };
    let status = |code, retry_after| Answer::Status {
        status: StatusCode::from_u16(code).unwrap(),
        retry_after,
    };
    for (text, effect) in [
        ("any:delay=150ms", Effect::Delay(Duration::from_millis(150))),
        ("any:503", instead(status(503, None), false)),
        (
            "any:429=2s",
            instead(status(429, Some(Duration::from_secs(2))), false),
        ),
        ("any:after-504", instead(status(504, None), true)),
        ("any:html=200", instead(Answer::Html(StatusCode::OK), false)),
        (
            "any:after-html=502",
            instead(Answer::Html(StatusCode::BAD_GATEWAY), true),
        ),
        ("any:reset", instead(Answer::Reset, false)),
        ("any:after-reset", instead(Answer::Reset, true)),
        ("import:old-job", Effect::OldJob),
        ("link:partial", Effect::Link(LinkFault::Partial(None))),
        ("link:partial=3", Effect::Link(LinkFault::Partial(Some(3)))),
        ("link:nothing", Effect::Link(LinkFault::Nothing)),
        ("job:fail", Effect::Job(JobFault::Fail)),
        ("job:abandon", Effect::Job(JobFault::Abandon)),
        ("job:hang", Effect::Job(JobFault::Hang)),
        ("job:slow=2m", Effect::Job(JobFault::Slow(Duration::from_mins(2)))),
    ] {
        assert_eq!(fault(text).effect, effect, "{text}");
    }
}

#[test]
fn counts_are_read_and_kept_to() {
    for (text, struck) in [
        ("any:reset", vec![1, 2, 3, 4, 5]),
        ("any:reset:1", vec![1]),
        ("any:reset:2", vec![1, 2]),
        ("any:reset:2-4", vec![2, 3, 4]),
        ("any:reset:3-3", vec![3]),
        ("any:reset:4-", vec![4, 5]),
    ] {
        let turns = fault(text).turns;
        let found: Vec<u64> = (1..=5).filter(|&turn| turns.include(turn)).collect();
        assert_eq!(found, struck, "{text}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    let text = |given: &str| given.to_owned();
    for (given, expected) in [
        ("", FaultError::Form),
        ("any", FaultError::Form),
        ("a:b:c:d", FaultError::Form),
        ("imports:503", FaultError::Where(text("imports"))),
        ("info/samples:503", FaultError::Where(text("info/samples"))),
        ("import/sample:503", FaultError::Kind(text("sample"))),
        ("import/:503", FaultError::Kind(text(""))),
        ("any:explode", FaultError::What(text("explode"))),
        ("any:after-delay=1s", FaultError::What(text("after-delay=1s"))),
        ("any:delay", FaultError::What(text("delay"))),
        ("job:slow", FaultError::What(text("slow"))),
        ("any:", FaultError::What(text(""))),
        ("any:200", FaultError::Status(text("200"), 400)),
        ("any:600", FaultError::Status(text("600"), 400)),
        ("any:99999999", FaultError::Status(text("99999999"), 400)),
        ("any:html=199", FaultError::Status(text("199"), 200)),
        ("any:delay=5", FaultError::Time(text("5"))),
        ("any:delay=s", FaultError::Time(text("s"))),
        ("any:delay=5h", FaultError::Time(text("5h"))),
        ("any:delay=99999999999s", FaultError::Time(text("99999999999s"))),
        ("any:delay=5é", FaultError::Time(text("5é"))),
        ("link:partial=0", FaultError::Members(text("0"))),
        ("link:partial=x", FaultError::Members(text("x"))),
        ("any:reset:", FaultError::Count(text(""))),
        ("any:reset:0", FaultError::Count(text("0"))),
        ("any:reset:0-2", FaultError::Count(text("0-2"))),
        ("any:reset:3-2", FaultError::Count(text("3-2"))),
        ("any:reset:-", FaultError::Count(text("-"))),
        ("any:reset:x", FaultError::Count(text("x"))),
    ] {
        assert_eq!(error(given), expected, "{given}");
    }
}

#[test]
fn what_goes_where_is_said() {
    for (given, fits) in [
        ("job:503", "requests"),
        ("job:delay=1s", "requests"),
        ("any:old-job", "import"),
        ("import:partial", "link"),
        ("any:nothing", "link"),
        ("import:fail", "job"),
        ("info:hang", "job"),
    ] {
        let error = error(given);
        assert!(
            matches!(error, FaultError::Misplaced { .. }),
            "{given}: {error:?}"
        );
        let (place, what) = given.split_once(':').unwrap();
        let said = error.to_string();
        assert!(
            said.contains(fits) && said.starts_with(what) && said.ends_with(place),
            "{said}"
        );
    }
}
