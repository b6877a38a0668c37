//! What outputs are called.

use std::path::{Path, PathBuf};

use odmkit_export::Container;
use odmkit_remote::RemoteUrl;

use super::{ConvertRequest, Target};

/// Endings that an output's name does without: packing first, then the format.
const PACKED: [&str; 7] = [".gz", ".bgz", ".zip", ".br", ".lz4", ".zst", ".gzip"];
const FORMATS: [&str; 4] = [".gct", ".tsv", ".txt", ".tab"];

/// The output for an input.
pub(super) fn output(request: &ConvertRequest, input: &str) -> PathBuf {
    if let Some(output) = request.outputs.get(input) {
        return output.clone();
    }
    match &request.target {
        Target::File(path) => path.clone(),
        Target::Folder(folder) => {
            let name = file_name(input);
            let stem = stem(&name);
            let container = request.container.unwrap_or(Container::Parquet);
            let name = format!("{stem}.{}", extension(container));
            match RemoteUrl::parse(&folder.to_string_lossy()) {
                Ok(url) => url.child(&name).expose().into(),
                Err(_) => folder.join(name),
            }
        }
    }
}

/// What the name of an output begins with: the name of the input without the endings that tell its packing and format.
pub fn stem(name: &str) -> &str {
    let mut stem = if name == odmkit_input::STANDARD_INPUT {
        "stdin"
    } else {
        name
    };
    for endings in [PACKED.as_slice(), FORMATS.as_slice()] {
        stem = endings
            .iter()
            .find_map(|ending| stem.strip_suffix(ending))
            .unwrap_or(stem);
    }
    stem
}

/// The name of a file by its path or address.
pub(super) fn file_name(path: &str) -> String {
    match RemoteUrl::parse(path) {
        Ok(url) => url.name(),
        Err(_) => odmkit_study::names::file_name(path).to_owned(),
    }
}

/// The format of an output: as it was said, else by its name, else Parquet.
pub(super) fn container(request: &ConvertRequest, output: &Path) -> Container {
    let by_name = || {
        let name = file_name(&output.to_string_lossy());
        let extension = Path::new(&name).extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "arrow" | "ipc" | "feather" => Container::Arrow,
            "gct" => Container::Gct,
            "tsv" | "txt" | "tab" => Container::Tsv,
            _ => return None,
        })
    };
    request.container.or_else(by_name).unwrap_or(Container::Parquet)
}

/// The ending of the files of a format.
pub(super) const fn extension(container: Container) -> &'static str {
    match container {
        Container::Parquet => "parquet",
        Container::Arrow => "arrow",
        Container::Gct => "gct",
        Container::Tsv => "tsv",
    }
}
