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

/// Says of files that travel unencrypted that they do, and what is done with them: `read` or `written`. They travel all
/// the same: no token is sent along.
pub(crate) fn tell_unencrypted(
    files: &[std::path::PathBuf],
    what: &str,
    global: &crate::global::Global,
) -> std::io::Result<()> {
    use std::io::Write as _;
    let urls = files.iter().filter_map(|file| file.to_str());
    let urls = urls.filter_map(|text| odmkit_remote::RemoteUrl::parse(text).ok());
    for url in urls.filter(|url| url.is_unencrypted() && !global.quiet) {
        writeln!(
            std::io::stderr(),
            "odmkit: note: {url} is {what} over plain http: whoever is on the way can see and change it"
        )?;
    }
    Ok(())
}
