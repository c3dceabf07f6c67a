//! What the Workers platform is told to say with each file of the page: the same as `registry-server` says.

use std::path::Path;

use anyhow::{Context, Result};

use crate::page::files_below;

/// Said with every file.
const ALWAYS: [(&str, &str); 4] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
];

/// The platform's `_headers` file for a folder with the page.
pub fn of(folder: &Path) -> Result<String> {
    let html = std::fs::read_to_string(folder.join("index.html")).context("the page has no index.html")?;
    let mut rules = String::from("/*\n");
    for (name, value) in ALWAYS {
        rules.push_str(&format!("  {name}: {value}\n"));
    }
    rules.push_str(&format!("  Content-Security-Policy: {}; frame-ancestors 'none'\n", policy(&html)?));
    for file in files_below(folder)? {
        let path = file.strip_prefix(folder).context("a file outside the page")?.to_string_lossy().replace('\\', "/");
        if is_hashed(&path) {
            rules.push_str(&format!("/{path}\n  Cache-Control: public, max-age=31536000, immutable\n"));
        }
    }
    Ok(rules)
}

/// The policy that the page itself states.
fn policy(html: &str) -> Result<String> {
    let meta = html.split_once("http-equiv=\"Content-Security-Policy\"").map(|(_, rest)| rest);
    let content = meta.and_then(|rest| rest.split_once("content=\"")).and_then(|(_, rest)| rest.split_once('"'));
    let (policy, _) = content.context("index.html states no Content-Security-Policy")?;
    Ok(policy.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a file's name holds a hash of its content, so that it never changes.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '_', '.']).any(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_the_one_in_the_page() {
        let html =
            "<meta\n http-equiv=\"Content-Security-Policy\"\n content=\"default-src 'none';\n img-src data:\" />";
        assert_eq!(policy(html).unwrap(), "default-src 'none'; img-src data:");
        assert!(policy("<head></head>").is_err());
        assert!(policy(include_str!("../../index.html")).is_ok());
    }

    #[test]
    fn only_hashed_names_are_cached_for_good() {
        assert!(is_hashed("registry-harness-8472e15c6af81941_bg.wasm") && is_hashed("shell-708196ad77d643dc.css"));
        assert!(!is_hashed("index.html") && !is_hashed("8472e15c6af81941/index.html") && !is_hashed("icon-feed.svg"));
    }
}
