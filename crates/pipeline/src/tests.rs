use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::{Bounds, ordered};

fn bounds(threads: usize, window: usize) -> Bounds {
    Bounds {
        threads: NonZeroUsize::new(threads).expect("threads"),
        window: NonZeroUsize::new(window).expect("window"),
    }
}

fn counter(end: u64) -> impl FnMut() -> Result<Option<u64>, String> + Send {
    let mut number = 0;
    move || {
        number += 1;
        Ok((number <= end).then_some(number - 1))
    }
}

/// Makes later tickets finish before earlier ones.
fn dawdle(number: u64) {
    std::thread::sleep(Duration::from_micros((number * 7919) % 300));
}

#[test]
fn results_come_in_order_for_any_number_of_threads() {
    for threads in 1..=8 {
        let mut seen = Vec::new();
        let outcome = ordered(
            bounds(threads, threads * 2),
            counter(200),
            || (),
            |(), number| {
                dawdle(number);
                Ok(number * 2)
            },
            |value| {
                seen.push(value);
                Ok(())
            },
        );
        assert_eq!(outcome, Ok(()));
        assert_eq!(seen, (0..200).map(|number| number * 2).collect::<Vec<_>>());
    }
}

#[test]
fn an_error_arrives_at_its_place() {
    for threads in [1, 2, 5] {
        let mut seen = Vec::new();
        let outcome = ordered(
            bounds(threads, 10),
            counter(100),
            || (),
            |(), number| {
                dawdle(number);
                if number % 40 == 37 {
                    Err(format!("ticket {number}"))
                } else {
                    Ok(number)
                }
            },
            |value| {
                seen.push(value);
                Ok(())
            },
        );
        assert_eq!(outcome, Err("ticket 37".to_owned()));
        assert_eq!(seen, (0..37).collect::<Vec<_>>());
    }
}

#[test]
fn an_error_of_the_source_comes_after_what_was_drawn_before_it() {
    for threads in [1, 3] {
        let mut seen = 0;
        let mut number = 0;
        let outcome = ordered(
            bounds(threads, 6),
            || {
                number += 1;
                if number == 20 {
                    Err("the disk is gone")
                } else {
                    Ok(Some(number))
                }
            },
            || (),
            |(), number| {
                dawdle(number);
                Ok(number)
            },
            |_| {
                seen += 1;
                Ok(())
            },
        );
        assert_eq!(outcome, Err("the disk is gone"));
        assert_eq!(seen, 19);
    }
}

#[test]
fn an_error_of_the_caller_stops_everything() {
    let outcome = ordered(bounds(4, 8), || Ok(Some(())), || (), |(), ()| Ok(()), {
        let mut left = 30;
        move |()| {
            left -= 1;
            if left == 0 { Err("enough") } else { Ok(()) }
        }
    });
    assert_eq!(outcome, Err("enough"));
}

#[test]
fn a_panic_arrives_at_its_place() {
    let mut seen = Vec::new();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        ordered(
            bounds(3, 9),
            counter(100),
            || (),
            |(), number| {
                dawdle(number);
                assert!(number != 23, "ticket 23");
                Ok(number)
            },
            |value| {
                seen.push(value);
                Ok(())
            },
        )
    }));
    assert!(caught.is_err());
    assert_eq!(seen, (0..23).collect::<Vec<_>>());
}

#[test]
fn no_more_than_the_window_is_under_way() {
    let under_way = AtomicUsize::new(0);
    let most = AtomicUsize::new(0);
    let outcome = ordered(
        bounds(4, 6),
        counter(300),
        || (),
        |(), number| {
            let now = under_way.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            Ok(number)
        },
        |number| {
            dawdle(number);
            under_way.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        },
    );
    assert_eq!(outcome, Ok(()));
    assert!(
        most.load(Ordering::SeqCst) <= 6,
        "{} tickets were under way",
        most.load(Ordering::SeqCst)
    );
}

#[test]
fn several_threads_do_work() {
    let outcome_threads = std::sync::Mutex::new(std::collections::HashSet::new());
    let outcome = ordered(
        bounds(3, 9),
        counter(60),
        || (),
        |(), number| {
            std::thread::sleep(Duration::from_millis(1));
            outcome_threads
                .lock()
                .expect("no poison")
                .insert(std::thread::current().id());
            Ok(number)
        },
        |_| Ok(()),
    );
    assert_eq!(outcome, Ok::<(), String>(()));
    assert!(outcome_threads.lock().expect("no poison").len() > 1);
}

#[test]
fn the_caller_draws_while_another_works() {
    let (begun, begins) = std::sync::mpsc::channel();
    let begins = std::sync::Mutex::new(begins);
    let mut number = 0;
    let outcome = ordered(
        bounds(2, 4),
        || {
            number += 1;
            // The caller draws the first ticket. It is done with it while another draws the second, and has to wait.
            std::thread::sleep(Duration::from_millis(50));
            Ok((number <= 3).then_some(number))
        },
        || (),
        |(), number| {
            match number {
                // The second ticket is worked on until somebody has drawn the third.
                2 => {
                    let waiting = begins.lock().expect("nobody panics");
                    waiting
                        .recv_timeout(Duration::from_secs(20))
                        .map_err(|_| "nobody drew".to_owned())
                }
                3 => begun.send(()).map_err(|error| error.to_string()),
                // By then the other draws.
                _ => {
                    std::thread::sleep(Duration::from_millis(20));
                    Ok(())
                }
            }
        },
        |()| Ok(()),
    );
    assert_eq!(outcome, Ok(()));
}
