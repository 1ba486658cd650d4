//! From what an operator writes to the file that is meant.

use std::path::Path;

use super::OpenError;

/// The absolute path of the file that `location` names, by its path or as `sqlite://<path>`. Its folder is created.
pub fn file(location: &str) -> Result<String, OpenError> {
    let path = match location.split_once("://") {
        Some(("sqlite", path)) => path,
        Some((scheme, _)) => return Err(OpenError::NotSqlite(scheme.to_owned())),
        None => location,
    };
    if path.is_empty() || path == ":memory:" || path.ends_with(['/', '\\']) || path.contains('\0') {
        return Err(OpenError::NotAFile(location.to_owned()));
    }
    let folder_error = |source| OpenError::Folder { path: path.to_owned(), source };
    let absolute = std::path::absolute(path).map_err(folder_error)?;
    if let Some(folder) = absolute.parent() {
        std::fs::create_dir_all(folder).map_err(folder_error)?;
    }
    utf8(&absolute)
}

/// SQLite takes paths as text. An absolute one is never taken for one of its URIs.
fn utf8(path: &Path) -> Result<String, OpenError> {
    path.to_str().map(str::to_owned).ok_or_else(|| OpenError::NotAFile(path.to_string_lossy().into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls_name_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b/ñ?.sqlite3");
        let path = path.to_str().unwrap();
        assert_eq!(file(path).unwrap(), path);
        assert_eq!(file(&format!("sqlite://{path}")).unwrap(), path);
        assert!(folder.path().join("a b").is_dir());
        assert!(file("sqlite://dray.sqlite3").unwrap().ends_with("/dray.sqlite3"));
    }

    #[test]
    fn what_is_no_file_is_refused() {
        for location in ["", "sqlite://", ":memory:", "sqlite://:memory:", "folder/", "a\0b"] {
            assert!(matches!(file(location), Err(OpenError::NotAFile(_))), "{location:?}");
        }
        assert!(matches!(file("postgres://localhost/dray"), Err(OpenError::NotSqlite(_))));
    }
}
