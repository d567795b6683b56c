//! A file put in another's place whole or not at all: people and feed readers look at any moment.

use std::fs;
use std::io;
use std::path::Path;

/// Writes `text` beside `path` and moves it there. What a link points at is replaced, not the link; permissions stay.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut draft = path.clone().into_os_string();
    draft.push(".new");
    let draft = Path::new(&draft);
    put(draft, &path, text).inspect_err(|_| {
        // A draft that was never put in place is nobody's.
        fs::remove_file(draft).ok();
    })
}

fn put(draft: &Path, path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    fs::write(draft, text)?;
    if let Ok(before) = fs::metadata(path) {
        fs::set_permissions(draft, before.permissions())?;
    }
    fs::rename(draft, path)
}
