//! How many bytes the page and the package may have: `budget.toml`.

use std::fmt;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Bytes as they are, and as a server sends them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// As they are.
    pub raw: u64,
    /// Packed with gzip.
    pub gzip: u64,
    /// Packed with brotli.
    pub brotli: u64,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [raw, gzip, brotli] = [self.raw, self.gzip, self.brotli].map(|bytes| bytes as f64 / 1000.0);
        write!(f, "{raw:.1} kB, gzip {gzip:.1} kB, brotli {brotli:.1} kB")
    }
}

/// Compares with the limits that `budget.toml` has in the section `[of]`.
///
/// # Errors
/// By how much it is too large, and what to do.
pub fn check(workspace: &Workspace, of: &str, size: Size) -> Result<()> {
    match complaint(of, size, limits(&workspace.read("budget.toml")?, of)?) {
        Some(complaint) => bail!(complaint),
        None => Ok(()),
    }
}

/// The three limits of a section, each on a line of its own.
fn limits(toml: &str, section: &str) -> Result<Size> {
    let head = format!("[{section}]");
    let lines =
        || toml.lines().skip_while(|line| line.trim() != head).skip(1).take_while(|line| !line.starts_with('['));
    let limit = |name: &str| {
        let value = lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='));
        let number = value.and_then(|value| value.split('#').next()?.trim().replace('_', "").parse().ok());
        number.with_context(|| format!("budget.toml: no {name} = BYTES on a line of its own in {head}"))
    };
    Ok(Size { raw: limit("raw")?, gzip: limit("gzip")?, brotli: limit("brotli")? })
}

fn complaint(of: &str, size: Size, most: Size) -> Option<String> {
    let kinds =
        [("as it is", size.raw, most.raw), ("as gzip", size.gzip, most.gzip), ("as brotli", size.brotli, most.brotli)];
    let over: Vec<String> = kinds
        .into_iter()
        .filter(|(_, size, most)| size > most)
        .map(|(name, size, most)| format!("{} bytes too large {name} ({size} of {most})", size - most))
        .collect();
    (!over.is_empty()).then(|| {
        format!(
            "the {of} is {}. Look at what has grown: a dependency, a component that could be a function, a generic function \
             that is made many times over. If it is worth its bytes, raise the limit in budget.toml",
            over.join(" and ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = "# raw = 1\n[other]\nraw = 1\n\n[page]\nraw = 5_00 # of all\ngzip=200\nbrotli = 100\n[next]\n";
    const LIMITS: Size = Size { raw: 500, gzip: 200, brotli: 100 };

    #[test]
    fn the_limits_of_a_section_are_read() {
        assert_eq!(limits(TOML, "page").unwrap(), LIMITS);
        assert!(limits(TOML, "other").unwrap_err().to_string().contains("gzip"));
        assert!(limits(TOML, "none").is_err());
        for section in ["page", "package"] {
            assert!(limits(include_str!("../../budget.toml"), section).is_ok());
        }
    }

    #[test]
    fn what_is_too_large_is_told_with_the_number_of_bytes() {
        assert_eq!(complaint("page", LIMITS, LIMITS), None);
        let told = complaint("page", Size { raw: 501, gzip: 200, brotli: 107 }, LIMITS).unwrap();
        assert!(told.contains("1 bytes too large as it is (501 of 500) and 7 bytes too large as brotli"), "{told}");
    }
}
