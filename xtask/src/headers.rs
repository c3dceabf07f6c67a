//! What the Workers platform is told to say with each file of the page: the same as `registry-server` says.

use std::path::Path;

use anyhow::{Context, Result, bail};

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
    let framers = framers(std::env::var("EMBED_ORIGINS").unwrap_or_default().as_str())?;
    rules.push_str(&format!("  Content-Security-Policy: {}; {framers}\n", policy(&html)?));
    for file in files_below(folder)? {
        let path = file.strip_prefix(folder).context("a file outside the page")?.to_string_lossy().replace('\\', "/");
        if path.ends_with(".html") && path != "index.html" {
            let policy = policy(&std::fs::read_to_string(&file)?).with_context(|| path.clone())?;
            // The platform serves it without the ending, too. Two policies would both hold, so the other one is taken away.
            for path in [path.as_str(), path.trim_end_matches(".html")] {
                rules.push_str(&format!("/{path}\n  ! Content-Security-Policy\n"));
                rules.push_str(&format!("  Content-Security-Policy: {policy}; {framers}\n"));
            }
        }
        if path == "embed.js" {
            rules.push_str(
                "/embed.js\n  ! Cross-Origin-Resource-Policy\n  Cross-Origin-Resource-Policy: cross-origin\n",
            );
        }
        if is_hashed(&path) {
            rules.push_str(&format!("/{path}\n  Cache-Control: public, max-age=31536000, immutable\n"));
        }
    }
    Ok(rules)
}

/// Who may show the page in a frame: its own origin and those listed, with commas between them, or all.
fn framers(listed: &str) -> Result<String> {
    let listed: Vec<&str> = listed.split(',').map(str::trim).filter(|origin| !origin.is_empty()).collect();
    if listed == ["*"] {
        return Ok("frame-ancestors *".to_owned());
    }
    let is_origin = |text: &str| {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
    };
    if let Some(bad) = listed.iter().find(|text| !is_origin(text)) {
        bail!("EMBED_ORIGINS: {bad} is no origin: spell it like https://example.org, without a path");
    }
    Ok(["frame-ancestors 'self'"].into_iter().chain(listed).collect::<Vec<_>>().join(" "))
}

/// The policy that the page itself states.
fn policy(html: &str) -> Result<String> {
    let meta = html.split_once("http-equiv=\"Content-Security-Policy\"").map(|(_, rest)| rest);
    let content = meta.and_then(|rest| rest.split_once("content=\"")).and_then(|(_, rest)| rest.split_once('"'));
    let (policy, _) = content.context("index.html states no Content-Security-Policy")?;
    Ok(policy.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a file's name holds a hash of its content, so that it never changes.
pub fn is_hashed(path: &str) -> bool {
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
    fn a_file_with_headers_of_its_own_loses_those_of_all() {
        let folder = std::env::temp_dir().join(format!("xtask-headers-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let page = |policy: &str| format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\" />");
        let files = [
            ("index.html", page("img-src data:")),
            ("demo.html", page("frame-src 'self'")),
            ("embed.js", String::new()),
            ("app-8472e15c6af81941.js", String::new()),
        ];
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let rules = of(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        let rules = rules.unwrap();
        let own = "  ! Content-Security-Policy\n  Content-Security-Policy: frame-src 'self'; frame-ancestors 'self'\n";
        for rule in [
            "  Cross-Origin-Resource-Policy: same-origin\n  Content-Security-Policy: img-src data:; frame-ancestors 'self'\n",
            &format!("/demo.html\n{own}/demo\n{own}"),
            "/embed.js\n  ! Cross-Origin-Resource-Policy\n  Cross-Origin-Resource-Policy: cross-origin\n",
            "/app-8472e15c6af81941.js\n  Cache-Control: public, max-age=31536000, immutable\n",
        ] {
            assert!(rules.contains(rule), "{rule}\n{rules}");
        }
    }

    #[test]
    fn who_may_frame_the_page_is_a_list_of_origins() {
        assert_eq!(framers("").unwrap(), "frame-ancestors 'self'");
        assert_eq!(framers("*").unwrap(), "frame-ancestors *");
        let two = framers("https://a.example, http://localhost:8080").unwrap();
        assert_eq!(two, "frame-ancestors 'self' https://a.example http://localhost:8080");
        for bad in ["a.example", "https://a.example/", "https://a; script-src *", "*,https://a"] {
            assert!(framers(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_hashed_names_are_cached_for_good() {
        assert!(is_hashed("registry-harness-8472e15c6af81941_bg.wasm") && is_hashed("base-708196ad77d643dc.css"));
        assert!(!is_hashed("index.html") && !is_hashed("8472e15c6af81941/index.html") && !is_hashed("icon-feed.svg"));
    }
}
