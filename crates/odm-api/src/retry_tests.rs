use bytes::Bytes;

use super::*;
use crate::transport::TransportErrorKind;

fn answer(status: u16, retry_after: Option<&str>) -> Response {
    let headers = retry_after
        .map(|text| ("retry-after".to_owned(), text.to_owned()))
        .into_iter()
        .collect();
    Response {
        status,
        headers,
        body: Bytes::new(),
    }
}

const POLICY: RetryPolicy = RetryPolicy {
    tries: 4,
    first_wait: Duration::from_millis(100),
    longest_wait: Duration::from_millis(250),
    longest_asked_wait: Duration::from_secs(10),
};

#[test]
fn only_passing_statuses_are_asked_again() {
    for status in [200, 204, 301, 400, 401, 403, 404, 409, 413, 500, 501, 505] {
        assert_eq!(
            POLICY.wait_before_next(1, Repeat::Harmless, &Ok(answer(status, None))),
            None,
            "{status}"
        );
    }
    for status in [429, 502, 503, 504] {
        assert!(
            POLICY
                .wait_before_next(1, Repeat::Harmless, &Ok(answer(status, None)))
                .is_some(),
            "{status}"
        );
    }
}

#[test]
fn what_would_do_harm_twice_is_repeated_only_when_it_did_nothing() {
    use TransportErrorKind::{Connect, Interrupted, LocalFile, Timeout, TooLarge, Unusable};
    for (kind, harmless, harmful) in [
        (Connect, true, true),
        (Timeout, true, false),
        (Interrupted, true, false),
        (LocalFile, false, false),
        (TooLarge, false, false),
        (Unusable, false, false),
    ] {
        let result = Err(kind.into());
        assert_eq!(
            POLICY.wait_before_next(1, Repeat::Harmless, &result).is_some(),
            harmless,
            "{kind:?}"
        );
        assert_eq!(
            POLICY.wait_before_next(1, Repeat::Harmful, &result).is_some(),
            harmful,
            "{kind:?}"
        );
    }
    for (status, harmful) in [
        (429, true),
        (502, false),
        (503, false),
        (504, false),
        (500, false),
    ] {
        let result = Ok(answer(status, None));
        assert_eq!(
            POLICY.wait_before_next(1, Repeat::Harmful, &result).is_some(),
            harmful,
            "{status}"
        );
    }
}

#[test]
fn waits_double_up_to_the_longest_and_stop_with_the_tries() {
    let result = Err(TransportErrorKind::Connect.into());
    for (done, low, high) in [(1, 50, 100), (2, 100, 200), (3, 125, 250)] {
        let wait = POLICY.wait_before_next(done, Repeat::Harmless, &result).unwrap();
        assert!(
            wait >= Duration::from_millis(low) && wait <= Duration::from_millis(high),
            "{done}: {wait:?}"
        );
    }
    assert_eq!(POLICY.wait_before_next(4, Repeat::Harmless, &result), None);
    assert_eq!(
        RetryPolicy::NONE.wait_before_next(1, Repeat::Harmless, &result),
        None
    );
}

#[test]
fn retry_after_is_honoured_in_both_forms() {
    let wait = |text: &str| POLICY.wait_before_next(1, Repeat::Harmless, &Ok(answer(503, Some(text))));
    assert_eq!(wait("7"), Some(Duration::from_secs(7)));
    assert_eq!(wait("11"), None, "longer than we are ready to wait");
    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(5));
    let asked = wait(&soon).unwrap();
    assert!(
        asked > Duration::from_secs(3) && asked <= Duration::from_secs(5),
        "{asked:?}"
    );
    assert_eq!(wait("Thu, 01 Jan 1970 00:00:00 GMT"), Some(Duration::ZERO));
    assert!(
        wait("soon").unwrap() <= Duration::from_millis(100),
        "nonsense: our own wait"
    );
}

#[test]
fn a_date_is_taken_by_the_clock_of_the_server() {
    let mut response = answer(429, Some("Thu, 01 Jan 2015 00:00:07 GMT"));
    let result = |response: &Response| POLICY.wait_before_next(1, Repeat::Harmless, &Ok(response.clone()));
    assert_eq!(result(&response), Some(Duration::ZERO), "long past by our clock");
    let date = ("date".to_owned(), "Thu, 01 Jan 2015 00:00:00 GMT".to_owned());
    response.headers.push(date);
    assert_eq!(result(&response), Some(Duration::from_secs(7)));
}
