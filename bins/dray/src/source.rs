//! Files of shipments as commands open them, with their progress on a terminal.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use shipment_table::{Options, Table};

use crate::Failure;

/// Opens a file of shipments, or standard input for `-`, and a bar that follows the reading on a terminal.
pub fn open(path: &Path, options: &Options<'_>) -> Result<(Table, ProgressBar), Failure> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    if path.as_os_str() == "-" {
        let bar = ProgressBar::new_spinner();
        let table = Table::stream(bar.wrap_read(io::stdin()), options).map_err(|error| failed(&error))?;
        return Ok((table, bar));
    }
    let file = File::open(path).map_err(|error| failed(&error))?;
    let bar = ProgressBar::new(file.metadata().map_or(0, |about| about.len()));
    bar.set_style(style("{wide_bar} {percent:>3} %  {msg}  {eta} left"));
    let table = Table::open(Followed { file, bar: bar.clone() }, options).map_err(|error| failed(&error))?;
    Ok((table, bar))
}

/// A bar's style; the templates are constants.
pub fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("━╸ ")
}

/// A file whose bar shows how far it is read.
struct Followed {
    file: File,
    bar: ProgressBar,
}

impl Read for Followed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.bar.inc(read as u64);
        Ok(read)
    }
}

impl Seek for Followed {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.file.seek(to)?;
        self.bar.set_position(at);
        Ok(at)
    }
}
