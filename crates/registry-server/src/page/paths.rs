//! Which file a path asks for, whatever its spelling, and whether it may be served.

use std::io;
use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

/// The extensions of the files that may be sent in place of a plain one.
const COMPRESSED: [&str; 2] = ["br", "gz"];

/// The file that a path asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted(String);

impl Wanted {
    /// Decodes a path, as [`ServeDir`](tower_http::services::ServeDir) does. `None` if it leaves the directory, or if it
    /// names a hidden file.
    pub(super) fn of(path: &str) -> Option<Self> {
        let decoded = percent_decode_str(path.trim_start_matches('/')).decode_utf8().ok()?;
        let mut names = Vec::new();
        for component in Path::new(decoded.as_ref()).components() {
            match component {
                Component::CurDir => {}
                Component::Normal(name) => names.push(name.to_str().filter(|name| !name.starts_with('.'))?),
                Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
            }
        }
        if decoded.is_empty() || decoded.ends_with('/') {
            names.push("index.html");
        }
        Some(Self(names.join("/")))
    }

    /// The file's path below the directory.
    pub(super) fn path(&self) -> &str {
        &self.0
    }

    pub(super) fn file_in(&self, dir: &Path) -> PathBuf {
        dir.join(&self.0)
    }

    /// Whether the file, and each that may be sent in its place, is in the directory: a link may lead out of it.
    ///
    /// # Errors
    /// One of them cannot be found for another reason than that there is none.
    pub(super) async fn is_inside(&self, dir: &Path) -> io::Result<bool> {
        let root = tokio::fs::canonicalize(dir).await?;
        let plain = self.file_in(dir);
        if !tokio::fs::canonicalize(&plain).await?.starts_with(&root) {
            return Ok(false);
        }
        for extension in COMPRESSED {
            let mut name = plain.clone().into_os_string();
            name.push(".");
            name.push(extension);
            match tokio::fs::canonicalize(name).await {
                Ok(file) if !file.starts_with(&root) => return Ok(false),
                // It is not sent.
                Ok(_) | Err(_) => {}
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_same_however_its_path_is_spelt() {
        for (path, file) in [
            ("/", "index.html"),
            ("/index.html", "index.html"),
            ("/%69ndex.html", "index.html"),
            ("//index.html", "index.html"),
            ("/./index.html", "index.html"),
            ("/a//b%2Fc.js", "a/b/c.js"),
            ("/a/", "a/index.html"),
        ] {
            assert_eq!(Wanted::of(path).unwrap().path(), file, "{path}");
        }
    }

    #[test]
    fn hidden_files_and_those_outside_are_not_served() {
        for path in ["/.env", "/a/.git/config", "/%2eenv", "/../a", "/a/%2e%2e/b", "/..%2fa", "/%ff", "/..."] {
            assert_eq!(Wanted::of(path), None, "{path}");
        }
    }
}
