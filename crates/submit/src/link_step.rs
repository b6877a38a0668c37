//! Making one link, and reading it back.

use std::time::Duration;

use odmkit_odm_api::api::ListedGroup;
use odmkit_odm_api::{Accession, Delivery, Error, Link, LinkKind, LinkReply};

use crate::error::{self, SubmitError};
use crate::observer::Event;
use crate::plan::Step;
use crate::run::{Flow, Run};
use crate::state::LinkProgress;

/// A link that was just made may take a moment to be seen.
const LOOKS: u32 = 3;
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

const AGAIN: &str =
    "mend what ODM complains of, and run the same command with --resume: the link is made again";
const NOTHING: &str =
    "compare the names in both files, and run the same command with --resume: the link is made again";

/// What reading a link back tells.
enum Seen {
    Made {
        linked: Option<u64>,
        total: Option<u64>,
        /// Whether it was seen, and not only said to be made.
        read_back: bool,
    },
    Nothing,
}

impl Run<'_> {
    /// Makes a link, unless one of its ends is missing.
    pub(crate) async fn link(&self, index: usize) -> Result<Flow, SubmitError> {
        let planned = self.plan.links[index].clone();
        let (Some(source), Some(target)) = (self.accession(planned.from), self.accession(planned.to)) else {
            return Ok(Flow::On);
        };
        let state = self.state().links[index].clone();
        let link = Link {
            kind: state.kind,
            source,
            target,
            attribute: planned.attribute.clone(),
        };
        let interrupted = match state.progress {
            LinkProgress::Linked { .. } => return Ok(Flow::On),
            LinkProgress::Sending => true,
            LinkProgress::Pending | LinkProgress::Refused { .. } => false,
        };
        let (from, to) = (self.plan.label(planned.from), self.plan.label(planned.to));
        self.observer.observe(&Event::Linking { from: &from, to: &to });
        let members = match link.kind {
            LinkKind::ExpressionMapping => Some(1),
            _ => self.plan.entities[planned.from].members,
        };

        if interrupted {
            match self.look(&link, None, members).await {
                Ok(Seen::Made {
                    linked: Some(linked),
                    total,
                    ..
                }) => {
                    return self.linked(index, Some(linked), total, true);
                }
                Ok(_) => {}
                Err(error) => return Ok(self.cannot_go_on(index, &error)),
            }
        }
        self.link_progress(index, LinkProgress::Sending)?;
        let seen = match self.client.link(&link).await {
            Ok(reply) => match self.look(&link, Some(reply), members).await {
                // The link is made; this server just does not let us see it.
                Err(error) if error.delivery() == Delivery::Refused && error.status() != Some(401) => {
                    Ok(Seen::Made {
                        linked: members.filter(|_| reply == LinkReply::Whole),
                        total: members,
                        read_back: false,
                    })
                }
                seen => seen,
            },
            Err(error) => Err(error),
        };
        match seen {
            Ok(Seen::Made {
                linked,
                total,
                read_back,
            }) => self.linked(index, linked, total, read_back),
            Ok(Seen::Nothing) => {
                let text = "ODM accepted the link, but reading it back shows nothing linked".to_owned();
                self.refused(index, text, NOTHING)
            }
            Err(error) if error.delivery() == Delivery::Refused && error::no_access(&error).is_none() => {
                self.refused(index, error.with_causes(), AGAIN)
            }
            Err(error) => Ok(self.cannot_go_on(index, &error)),
        }
    }

    /// Reads a link back, more than once where it seems incomplete.
    async fn look(&self, link: &Link, reply: Option<LinkReply>, members: Option<u64>) -> Result<Seen, Error> {
        let pause = self.options.wait.interval.min(LONGEST_PAUSE);
        let whole = reply == Some(LinkReply::Whole);
        let mut seen = Seen::Nothing;
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(pause).await;
            }
            let Some(found) = self
                .client
                .read_back(link.kind, &link.source, &link.target)
                .await?
            else {
                // ODM has no list of these links: its answer is all there is.
                let linked = if whole { members } else { None };
                return Ok(if reply.is_some() {
                    Seen::Made {
                        linked,
                        total: members,
                        read_back: false,
                    }
                } else {
                    Seen::Nothing
                });
            };
            // A study may have other samples; no more than the group's own count.
            let own = members.unwrap_or(u64::MAX);
            let linked = if link.kind == LinkKind::SamplesStudy {
                found.members.min(own)
            } else {
                found.members
            };
            if linked > 0 && self.study_shows(link).await? {
                seen = Seen::Made {
                    linked: Some(linked),
                    total: members.or(whole.then_some(linked)),
                    read_back: true,
                };
                if members.is_none_or(|members| linked >= members) {
                    break;
                }
            }
        }
        Ok(seen)
    }

    /// Whether the study lists a library or preparation group: ODM has been seen to accept such a link and not make it.
    async fn study_shows(&self, link: &Link) -> Result<bool, Error> {
        let group = match link.kind {
            LinkKind::LibrariesSamples => ListedGroup::Libraries,
            LinkKind::PreparationsSamples => ListedGroup::Preparations,
            _ => return Ok(true),
        };
        match self.linked_study(&link.target) {
            Some(study) => self.client.study_has_group(group, &study, &link.source).await,
            None => Ok(true),
        }
    }

    /// The study that this run has linked a sample group to.
    fn linked_study(&self, samples: &Accession) -> Option<Accession> {
        let state = self.state();
        let accession = |index: usize| state.entities[index].progress.accession();
        let mut links = self.plan.links.iter().zip(&state.links);
        let (link, _) = links.find(|(link, state)| {
            state.kind == LinkKind::SamplesStudy
                && matches!(state.progress, LinkProgress::Linked { .. })
                && accession(link.from) == Some(samples)
        })?;
        accession(link.to).cloned()
    }

    fn linked(
        &self,
        index: usize,
        linked: Option<u64>,
        total: Option<u64>,
        read_back: bool,
    ) -> Result<Flow, SubmitError> {
        let (from, to) = self.ends(index);
        self.observer.observe(&Event::Linked {
            from: &from,
            to: &to,
            linked,
            total,
        });
        let made = LinkProgress::Linked {
            linked,
            total,
            read_back,
        };
        self.link_progress(index, made)?;
        Ok(Flow::On)
    }

    fn refused(&self, index: usize, error: String, help: &str) -> Result<Flow, SubmitError> {
        let (from, to) = self.ends(index);
        self.observer.observe(&Event::NotLinked {
            from: &from,
            to: &to,
            error: &error,
        });
        let (step, subject) = (Some(Step::Link(index)), format!("{from} to {to}"));
        self.problems.add(step, subject, error.clone(), Some(help));
        self.link_progress(index, LinkProgress::Refused { error })?;
        Ok(Flow::On)
    }

    fn cannot_go_on(&self, index: usize, error: &Error) -> Flow {
        let (from, to) = self.ends(index);
        let text = error.with_causes();
        self.observer.observe(&Event::NotLinked {
            from: &from,
            to: &to,
            error: &text,
        });
        let (step, subject) = (Step::Link(index), format!("{from} to {to}"));
        self.problems.of_server(step, subject, error);
        Flow::Stop
    }

    fn ends(&self, index: usize) -> (String, String) {
        let planned = &self.plan.links[index];
        (self.plan.label(planned.from), self.plan.label(planned.to))
    }

    fn link_progress(&self, index: usize, progress: LinkProgress) -> Result<(), SubmitError> {
        self.change(|state| state.links[index].progress = progress)
    }
}
