//! One file per command.

pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod fix;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod jobs;
pub(crate) mod rules;
pub(crate) mod sandbox;
pub(crate) mod submit;
pub(crate) mod template;
