//! What goes wrong in a run, as imports that are at work at once come upon it.

use std::sync::{Mutex, PoisonError};

use odmkit_odm_api::Error;

use crate::error::go_on;
use crate::plan::Step;
use crate::submission::Problem;

/// What went wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Problems(Mutex<Vec<Met>>);

#[derive(Debug)]
struct Met {
    /// Where; before everything where it is none of the steps.
    step: Option<Step>,
    /// What stands for the cause, where several steps may meet the same.
    cause: Option<String>,
    problem: Problem,
}

impl Problems {
    /// Something that is wrong with one thing alone.
    pub(crate) fn add(&self, step: Option<Step>, subject: String, text: String, help: Option<&str>) {
        self.push(step, None, subject, text, help);
    }

    /// A server that cannot be worked with: whatever is under way comes upon it, and it is told once.
    pub(crate) fn of_server(&self, step: Step, subject: String, error: &Error) {
        let help = go_on(error);
        let cause = match error {
            Error::Transport { source, .. } => format!("{} {help}", source.kind),
            error => format!("{:?} {help}", error.status()),
        };
        self.push(Some(step), Some(cause), subject, error.with_causes(), Some(help));
    }

    fn push(
        &self,
        step: Option<Step>,
        cause: Option<String>,
        subject: String,
        text: String,
        help: Option<&str>,
    ) {
        let help = help.map(str::to_owned);
        let problem = Problem { subject, text, help };
        let mut met = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        met.push(Met { step, cause, problem });
    }

    /// All of it in the order of the steps, each cause once.
    pub(crate) fn in_order(self, steps: &[Step]) -> Vec<Problem> {
        let mut met = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        met.sort_by_key(|met| met.step.map(|step| steps.iter().position(|other| *other == step)));
        let mut told: Vec<(Option<String>, Problem, Vec<String>)> = Vec::new();
        for met in met {
            let same = |(cause, ..): &&mut (Option<String>, Problem, Vec<String>)| {
                cause.is_some() && *cause == met.cause
            };
            match told.iter_mut().find(same) {
                Some((.., others)) => others.push(met.problem.subject),
                None => told.push((met.cause, met.problem, Vec::new())),
            }
        }
        let folded = told.into_iter().map(|(_, mut problem, others)| {
            if !others.is_empty() {
                problem.text = format!("{} (so too {})", problem.text, others.join(", "));
            }
            problem
        });
        folded.collect()
    }
}
