//! Showing what a run would send.

use std::fmt::Write as _;

use odmkit_odm_api::{Accession, Api, Link};

use crate::curl::curl;
use crate::error::SubmitError;
use crate::plan::{Origin, Plan, Step};
use crate::run::{self, Options};
use crate::staging::Staged;

/// A request that a run would send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryStep {
    /// What it is for, as in `import samples trial.samples.tsv`.
    pub what: String,
    /// The request as a `curl` line. The token and the accessions that are not known yet are shell variables.
    pub curl: String,
}

/// How the default template is looked up, in a session that lives in a file of cookies.
fn template_lookup(api: &Api) -> [DryStep; 2] {
    let step = |what: &str, request, flag: &str| DryStep {
        what: what.to_owned(),
        curl: format!("{} {flag} odm-cookies.txt", curl(&request)),
    };
    [
        step("sign in, to see the templates", api.sign_in(), "-c"),
        step(
            "find the default template: TEMPLATE is the accession where isDefault is true",
            api.list_templates(),
            "-b",
        ),
    ]
}

/// The requests of a first run, in order; sends nothing and touches no state. Between them a run also asks how its
/// jobs are and reads its links back.
pub fn dry_run(plan: &Plan, api: &Api, options: &Options) -> Result<Vec<DryStep>, SubmitError> {
    let mut steps = Vec::new();
    let template = Accession::shell_variable("TEMPLATE");
    let with_template = plan.with_default_template(&template);
    let plan = if plan.wants_default_template() {
        steps.extend(template_lookup(api));
        &with_template
    } else {
        plan
    };
    let staged = run::stage(plan, &options.staging)?;
    let accessions: Vec<Accession> = plan
        .entities
        .iter()
        .enumerate()
        .map(|(index, entity)| match &entity.origin {
            Origin::Existing(accession) => accession.clone(),
            Origin::Import { .. } => {
                let same = plan
                    .entities
                    .iter()
                    .filter(|other| other.kind == entity.kind)
                    .count();
                let before = plan.entities[..index]
                    .iter()
                    .filter(|other| other.kind == entity.kind)
                    .count();
                let number = if same > 1 {
                    format!("_{}", before + 1)
                } else {
                    String::new()
                };
                Accession::shell_variable(&format!("{}{number}", entity.kind))
            }
        })
        .collect();
    let study = plan.study().map(|index| &accessions[index]);
    for step in plan.steps() {
        match step {
            Step::Import(index) => {
                let mut what = format!("import {} {}", plan.entities[index].kind, plan.label(index));
                if let Some(Staged::Bucket(bucket)) = &staged[index] {
                    let _ = write!(what, ", by a link that is signed when it is in {}", bucket.folder);
                }
                let staged = match &staged[index] {
                    Some(Staged::Bucket(bucket)) => bucket.shown(&plan.entities[index]),
                    staged => staged.clone(),
                };
                let request = match staged {
                    None => continue,
                    Some(staged) => match staged.under(study) {
                        Staged::Link { import, .. } => api.import_by_link(&import, options.allow_duplicates),
                        Staged::Upload(import) => api.upload(&import, study),
                        // It was turned into its links above.
                        Staged::Bucket(_) => continue,
                        Staged::Mapping { mapping, .. } => api.make_mapping(&mapping),
                    },
                };
                let request = request.map_err(|why| {
                    SubmitError::Refused(vec![crate::Refusal::Unusable {
                        path: plan.label(index),
                        why,
                    }])
                })?;
                steps.push(DryStep {
                    what,
                    curl: curl(&request),
                });
            }
            Step::Link(index) => {
                let link = &plan.links[index];
                let Some(kind) = plan.link_kind(link) else {
                    continue;
                };
                let request = api.link(&Link {
                    kind,
                    source: accessions[link.from].clone(),
                    target: accessions[link.to].clone(),
                    attribute: link.attribute.clone(),
                });
                let what = format!("link {} to {}", plan.label(link.from), plan.label(link.to));
                steps.push(DryStep {
                    what,
                    curl: curl(&request),
                });
            }
        }
    }
    Ok(steps)
}
