//! What is mended in the lines above the rows of a GCT file: its version, its figures, the lines that it lacks.

use odmkit_checks::matrix::Second;
use odmkit_checks::rules::t012_quoted_field::is_hollow;
use odmkit_formats::fields;
use odmkit_formats::gct::Header;

use super::Edits;
use super::cells::{Fields, bare, without_padding};
use super::gct13::Gct13;
use super::text::Endings;

/// What becomes of the lines above the rows of a GCT file.
pub(super) struct GctHeader {
    pub(super) read: Header,
    pub(super) rows: u64,
    pub(super) samples: u64,
    pub(super) with_unsafe: bool,
    pub(super) second: Second,
    /// It is GCT 1.3, whose names and figures are its own.
    pub(super) old: bool,
    /// It says that it is GCT 1.3, and is GCT 1.2.
    pub(super) by_name: bool,
    /// How it becomes GCT 1.2, where its rows can be read.
    pub(super) downgrade: Option<Gct13>,
}

impl GctHeader {
    /// Writes what is missing above everything; gives whether the figures are still to come, above the names.
    pub(super) fn begin(&self, endings: Endings, out: &mut Vec<u8>, edits: &mut Edits) -> bool {
        let stays_old = self.old && self.downgrade.is_none();
        let figures = self.read.dimensions_line.is_some() || stays_old;
        if self.read.version_line.is_none() {
            edits.add("G014", 1);
            out.extend_from_slice(b"#1.2");
            endings.end_new(out);
        } else if !figures {
            edits.add("G002", 1);
        }
        !figures
    }

    /// The line of figures where there is none: those of the version line, or else what can be counted.
    pub(super) fn figures(&self, edits: &mut Edits) -> String {
        let counted = [self.rows, self.samples];
        let [rows, samples] = match self.read.dimensions {
            Some(declared) => self.settled([declared.rows, declared.samples], edits),
            None => counted,
        };
        format!("{rows}\t{samples}")
    }

    pub(super) fn version(&self, line: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        let used = without_end(line, edits);
        if self.downgrade.is_some() || self.by_name {
            edits.add("G013", 1);
            return out.extend_from_slice(b"#1.2");
        }
        if self.read.has_joined_figures() && !self.old {
            return out.extend_from_slice(b"#1.2");
        }
        let mut written = Fields::new(out);
        for (_, field) in fields(used) {
            written.push(&bare(field, edits));
        }
    }

    /// Of GCT 1.3 the figures that are there are kept, and those that follow from the names are added.
    fn old_dimensions(&self, used: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        match self.read.dimensions {
            Some(declared) if fields(used).count() != 4 => {
                edits.add("G002", 1);
                let mut written = Fields::new(out);
                for figure in [
                    declared.rows,
                    declared.samples,
                    declared.row_attributes,
                    declared.sample_attributes,
                ] {
                    written.push(figure.to_string().as_bytes());
                }
            }
            _ => {
                let mut written = Fields::new(out);
                for (_, figure) in fields(used) {
                    written.push(&bare(figure, edits));
                }
            }
        }
    }

    pub(super) fn dimensions(&self, line: &[u8], out: &mut Vec<u8>, edits: &mut Edits) {
        let used = without_end(line, edits);
        if let Some(downgrade) = &self.downgrade {
            let [rows, samples] = self.settled(downgrade.declared(), edits);
            return out.extend_from_slice(format!("{rows}\t{samples}").as_bytes());
        }
        if self.old {
            return self.old_dimensions(used, out, edits);
        }
        let right = fields(used).count() == 2;
        match self.read.dimensions.filter(|_| right) {
            None => {
                edits.add("G002", 1);
                out.extend_from_slice(self.figures(edits).as_bytes());
            }
            Some(declared) => {
                let declared = [declared.rows, declared.samples];
                let settled = self.settled(declared, edits);
                let mut written = Fields::new(out);
                for (((_, field), declared), settled) in fields(used).zip(declared).zip(settled) {
                    if declared == settled {
                        written.push(&bare(field, edits));
                    } else {
                        written.push(settled.to_string().as_bytes());
                    }
                }
            }
        }
    }

    /// The figures as they are to be: as declared, or, where that is wanted, as counted.
    fn settled(&self, declared: [u64; 2], edits: &mut Edits) -> [u64; 2] {
        let counted = [self.rows, self.samples];
        if !self.with_unsafe {
            return declared;
        }
        for (code, (declared, counted)) in ["G003", "G004"]
            .into_iter()
            .zip(declared.into_iter().zip(counted))
        {
            if declared != counted {
                edits.add(code, 1);
            }
        }
        counted
    }
}

/// The line without what pads it, in quotes or not. Only where the first field is in quotes are the others padding.
fn without_end<'a>(line: &'a [u8], edits: &mut Edits) -> &'a [u8] {
    let mut used = without_padding(line, edits);
    while line.starts_with(b"\"")
        && let Some((start, last)) = fields(used).last()
        && start > 0
        && is_hollow(last.trim_ascii())
    {
        edits.add("T012", 1);
        used = &used[..start - 1];
    }
    used
}
