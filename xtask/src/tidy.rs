//! Rules of this repository that no compiler checks.

mod starts;

use std::fs;
use std::sync::LazyLock;

use anyhow::{Result, bail};
use regex_lite::Regex;

use crate::process::output;
use crate::programs::GIT;
use crate::workspace::workspace;

/// A longer file states in its first lines why: `tidy: long because …`.
const LONG: usize = 300;
const REASON: &str = "tidy: long because";

/// What takes time and randomness as arguments: see docs/ARCHITECTURE.md.
const PURE: &str = "^crates/(protocol/src/|registry-core/src/|client/src/machine)";

/// In which files, what no line may contain, and why or what to do instead.
type Rule<Pattern> = (Pattern, Pattern, &'static str);

/// `[x]` stands for `x`, so that this file passes its own rules.
const OF_LINES: [Rule<&str>; 3] = [
    ("", "/([r]oot|[h]ome|[w]ork|[U]sers)/", "a path of one machine"),
    (
        "^package-lock.json$",
        r#""resolved": "http"#,
        "a registry's address; set omit-lockfile-registry-resolved for npm",
    ),
    (r"[.]([^m]|m[^d])[^.]*$", r"[ \t]$", "blanks at the end of the line"),
];

/// Rules that do not apply to comments.
const OF_CODE: [Rule<&str>; 5] = [
    (r"^crates/.*(\.rs|Cargo\.toml)$", r"\byew(_hooks)?\b", "nothing below the page knows Yew"),
    (PURE, "SystemTime|std::time::Instant|Instant::now|Date::now", "time is an argument here"),
    (PURE, r"Rng::new\(\)|getrandom|\brand\b", "randomness is an argument here"),
    ("^e2e/", "[w]aitForTimeout", "a sleep: wait for what you want to see"),
    ("^e2e/specs/", r"(^|[^.\w])[s]etTimeout\(", "a sleep: wait for what you want to see"),
];

/// All rules, and whether they apply to comments.
static RULES: LazyLock<Vec<(Rule<Regex>, bool)>> = LazyLock::new(|| {
    let regex = |text: &str| Regex::new(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let all = OF_LINES.map(|rule| (rule, true)).into_iter().chain(OF_CODE.map(|rule| (rule, false)));
    all.map(|((files, pattern, why), comments)| ((regex(files), regex(pattern), why), comments)).collect()
});

/// Checks every file that git tracks or would track. The result is how many there are, or all breaches of the rules.
pub fn run() -> Result<usize> {
    let mut git = GIT.command();
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", ".", ":!fuzz/corpus"]);
    let listed = output(git.current_dir(&workspace().root))?;
    let (mut files, mut faults) = (0, Vec::new());
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let Ok(text) = fs::read_to_string(workspace().root.join(path)) else { continue };
        files += 1;
        faults.extend(check(path, &text));
    }
    if !faults.is_empty() {
        bail!("{} breaches of the repository's rules:\n  {}", faults.len(), faults.join("\n  "));
    }
    Ok(files)
}

fn check(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    let is_source = [".rs", ".ts", ".js", ".css"].iter().any(|ending| path.ends_with(ending));
    if is_source && lines > LONG && !text.lines().take(8).any(|line| line.contains(REASON)) {
        faults.push(format!("{path}: {lines} lines; split it, or say `// {REASON} …` at its top"));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        faults.push(format!("{path}: the last line does not end"));
    }
    let rules: Vec<_> = RULES.iter().filter(|((files, ..), _)| files.is_match(path)).collect();
    for (number, line) in (1..).zip(text.lines()) {
        let is_code = !line.trim_start().starts_with("//");
        let broken =
            rules.iter().filter(|((_, pattern, _), comments)| (is_code || *comments) && pattern.is_match(line));
        let whys = broken.map(|((.., why), _)| (*why).to_owned()).chain(starts::fault(path, line));
        faults.extend(whys.map(|why| format!("{path}:{number}: {why}")));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_need_a_reason() {
        let long = "x\n".repeat(LONG + 1);
        assert_eq!(check("a.rs", &long).len(), 1);
        assert!(check("a.rs", &format!("// {REASON} it is a table\n{long}")).is_empty());
        assert!(check("a.md", &long).is_empty());
        assert!(check("a.rs", &"x\n".repeat(LONG)).is_empty());
    }

    #[test]
    fn each_rule_holds_where_it_should_and_nowhere_else() {
        let sleep = concat!("set", "Timeout(f, 1);");
        for (path, line, faults) in [
            ("a.rs", "a ", 1),
            ("a.md", "a ", 0),
            ("README.md", concat!("see /ho", "me/x"), 1),
            ("src/a.rs", "use yew::prelude::*;", 0),
            ("crates/client/src/a.rs", "use yew::prelude::*;", 1),
            ("crates/client/src/a.rs", "//! No yew here.", 0),
            ("crates/client/src/a.rs", "let eyewear = 1;", 0),
            ("crates/js/Cargo.toml", "yew = \"0.23\"", 1),
            ("crates/registry-core/src/a.rs", "let now = SystemTime::now();", 1),
            ("crates/registry-core/src/a.rs", "use std::time::Duration;", 0),
            ("crates/registry-server/src/a.rs", "let now = SystemTime::now();", 0),
            ("crates/client/src/machine/a.rs", "let n = rand::random();", 1),
            ("crates/client/src/machine/a.rs", "fn jitter(rng: &mut fastrand::Rng) {}", 0),
            ("e2e/pages/a.ts", concat!("await page.waitFor", "Timeout(10);"), 1),
            ("e2e/specs/a.spec.ts", sleep, 1),
            ("e2e/support/a.ts", sleep, 0),
            ("e2e/specs/a.spec.ts", "test.setTimeout(60_000);", 0),
        ] {
            let found = check(path, &format!("{line}\n"));
            assert_eq!(found.len(), faults, "{path}: {line}: {found:?}");
        }
        assert_eq!(check("a.rs", "a\nb"), ["a.rs: the last line does not end"]);
        assert!(check("a.rs", "a\nb \n")[0].starts_with("a.rs:2: "));
    }
}
