//! Where an output is written before it has its name.

use std::io;
use std::path::{Path, PathBuf};

use odmkit_export::ExportError;
use odmkit_remote::{Object, RemoteUrl, put_file, wait};
use tempfile::TempDir;

use super::{ConvertError, ConvertRequest, Target};

/// The output that stands for the standard output.
pub const STANDARD_OUTPUT: &str = "-";

/// Where an output is written.
pub(super) enum Place {
    /// At its place: the writer itself gives it its name when it is complete.
    Here(PathBuf),
    /// In a folder of its own, from which it is moved, uploaded or copied once it is complete and verified.
    Apart {
        folder: TempDir,
        path: PathBuf,
        overwrite: bool,
    },
}

impl Place {
    /// Finds a place for an output, which is refused where it exists and may not be replaced.
    pub(super) fn find(output: &Path, request: &ConvertRequest) -> Result<Self, ConvertError> {
        let text = output.to_string_lossy();
        let remote = RemoteUrl::is_remote(&text);
        if is_here(output, request) {
            return Ok(Self::Here(output.to_owned()));
        }
        let overwrite = request.overwrite;
        if !overwrite && exists(output)? {
            let path = PathBuf::from(odmkit_input::label(&text));
            return Err(ExportError::Exists { path }.into());
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".odmkit-part-");
        let folder = if remote || text == STANDARD_OUTPUT {
            builder.tempdir()
        } else {
            let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty());
            builder.tempdir_in(parent.unwrap_or(Path::new(".")))
        };
        let folder = folder.map_err(|source| ConvertError::Folder {
            path: output.parent().map_or_else(std::env::temp_dir, Path::to_owned),
            source,
        })?;
        let name = super::naming::file_name(&text);
        let path = folder.path().join(if name.is_empty() { "output" } else { &name });
        Ok(Self::Apart {
            folder,
            path,
            overwrite,
        })
    }

    /// Where to write.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Here(path) | Self::Apart { path, .. } => path,
        }
    }

    /// Gives the output, and what was written beside it, its name. The output itself comes last: where it is, all is.
    pub(super) fn publish(self, output: &Path) -> Result<(), ConvertError> {
        let Self::Apart {
            folder,
            path,
            overwrite,
        } = self
        else {
            return Ok(());
        };
        let list = |source| ConvertError::Folder {
            path: folder.path().to_owned(),
            source,
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder.path()).map_err(list)? {
            files.push(entry.map_err(list)?.path());
        }
        files.sort_by_key(|file| *file == path);
        for file in files {
            let beside = (file != path).then(|| super::naming::file_name(&file.to_string_lossy()));
            publish(&file, output, beside.as_deref(), overwrite)?;
        }
        Ok(())
    }
}

/// Makes the folder of outputs where it is not there.
pub(super) fn make_folder(request: &ConvertRequest) -> Result<(), ConvertError> {
    match &request.target {
        Target::Folder(folder) if !RemoteUrl::is_remote(&folder.to_string_lossy()) => {
            std::fs::create_dir_all(folder).map_err(|source| ConvertError::Folder {
                path: folder.clone(),
                source,
            })
        }
        Target::Folder(_) | Target::File(_) => Ok(()),
    }
}

/// Whether an output is written at its place, and needs no other before.
pub(super) fn is_here(output: &Path, request: &ConvertRequest) -> bool {
    let text = output.to_string_lossy();
    !RemoteUrl::is_remote(&text) && text != STANDARD_OUTPUT && !request.verify
}

/// Whether an output is there.
pub(super) fn exists(output: &Path) -> Result<bool, ConvertError> {
    let text = output.to_string_lossy();
    if text == STANDARD_OUTPUT {
        return Ok(false);
    }
    if !RemoteUrl::is_remote(&text) {
        return Ok(output.symlink_metadata().is_ok());
    }
    let url = RemoteUrl::parse(&text)?;
    // A link to put something at says nothing of what is there: the server judges.
    if !url.is_bucket() {
        return Ok(false);
    }
    let object = Object::at(&url)?;
    Ok(wait(async move { object.exists().await })?)
}

fn publish(file: &Path, output: &Path, beside: Option<&str>, overwrite: bool) -> Result<(), ConvertError> {
    let text = output.to_string_lossy();
    if text == STANDARD_OUTPUT {
        // What stands beside an output has no place in a stream.
        return if beside.is_some() { Ok(()) } else { to_stdout(file) };
    }
    if RemoteUrl::is_remote(&text) {
        let url = RemoteUrl::parse(&text)?;
        let url = match beside {
            Some(name) => url.beside(name),
            None => url,
        };
        let file = file.to_owned();
        if url.is_bucket() {
            let object = Object::at(&url)?;
            wait(async move { object.upload_file(&file, |_| {}).await })?;
        } else {
            wait(async move { put_file(&url, &file).await })?;
        }
        return Ok(());
    }
    let target = beside.map_or_else(|| output.to_owned(), |name| output.with_file_name(name));
    if !overwrite && beside.is_none() && target.symlink_metadata().is_ok() {
        return Err(ExportError::Exists { path: target }.into());
    }
    std::fs::rename(file, &target).map_err(|source| ConvertError::Folder { path: target, source })
}

fn to_stdout(file: &Path) -> Result<(), ConvertError> {
    let copied = std::fs::File::open(file).and_then(|mut file| io::copy(&mut file, &mut io::stdout().lock()));
    match copied {
        Ok(_) => Ok(()),
        // Whoever read it has enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(ConvertError::Stdout(error)),
    }
}
