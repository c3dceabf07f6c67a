//! Rules of this repository that no compiler checks.

use std::fs;

use anyhow::{Result, bail};

use crate::process::output;
use crate::programs::GIT;
use crate::starts;
use crate::workspace::workspace;

/// Above this, a file states in its first lines why it is long: `tidy: long because …`.
const LONG: usize = 300;
const REASON: &str = "tidy: long because";
/// What a program may not contain, with the reason. Written in halves so that this file passes its own rules.
const FORBIDDEN: [(&str, &str); 4] = [
    (concat!("tod", "o!("), "finish it or open an issue"),
    (concat!("unimplement", "ed!("), "finish it or open an issue"),
    (concat!("dbg", "!("), "left over from debugging"),
    (concat!(".for", "get()"), "closures and timers have an owner that cancels them"),
];
const MACHINE_PATHS: [&str; 4] =
    [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];
/// Parts to which time and randomness are arguments.
const PURE: [&str; 3] = ["crates/protocol/src/", "crates/registry-core/src/", "crates/client/src/room/"];
const IMPURE: [&str; 6] = ["SystemTime", "std::time::Instant", "Instant::now", "Date::now", "Rng::new()", "getrandom"];

/// Nobody wrote these.
const DATA: &str = "fuzz/corpus/";

/// Something that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    /// Counted from 1; 0 means the file as a whole.
    line: usize,
    text: String,
}

/// Checks every file that git knows or would know. The result is how many there are.
pub fn run() -> Result<usize> {
    let mut git = GIT.command();
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).current_dir(&workspace().root);
    let listed = output(&mut git)?;
    let (mut files, mut faults) = (0, Vec::new());
    for path in listed.split('\0').filter(|path| !path.is_empty() && !path.starts_with(DATA)) {
        let Ok(text) = fs::read_to_string(workspace().root.join(path)) else { continue };
        files += 1;
        faults.extend(check(path, &text).into_iter().map(|fault| match fault.line {
            0 => format!("{path}: {}", fault.text),
            line => format!("{path}:{line}: {}", fault.text),
        }));
    }
    if !faults.is_empty() {
        bail!("{} breaches of the repository's rules:\n  {}", faults.len(), faults.join("\n  "));
    }
    Ok(files)
}

fn check(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = whole_file(path, text);
    for (number, line) in text.lines().enumerate() {
        faults.extend(one_line(path, line).into_iter().map(|text| Fault { line: number + 1, text }));
    }
    faults
}

fn whole_file(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    let reasoned = text.lines().take(8).any(|line| line.contains(REASON));
    if is_source(path) && lines > LONG && !reasoned {
        faults.push(Fault { line: 0, text: format!("{lines} lines; split it, or say `// {REASON} …` at its top") });
    }
    if !text.is_empty() && !text.ends_with('\n') {
        faults.push(Fault { line: 0, text: "the last line does not end".to_owned() });
    }
    faults
}

fn one_line(path: &str, line: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |text: String| faults.push(text);
    if line.ends_with([' ', '\t']) && !path.ends_with(".md") {
        fault("blanks at the end of the line".to_owned());
    }
    for found in MACHINE_PATHS.iter().filter(|found| line.contains(**found)) {
        fault(format!("a path of one machine: {found}"));
    }
    if path == "package-lock.json" && line.contains("\"resolved\": \"http") {
        fault("a registry's address; set omit-lockfile-registry-resolved=true in your npm configuration".to_owned());
    }
    if is_source(path) {
        for (what, why) in FORBIDDEN.iter().filter(|(what, _)| line.contains(what)) {
            fault(format!("{what}: {why}"));
        }
    }
    for text in [layering(path, line), sleeping(path, line), starts::fault(path, line)].into_iter().flatten() {
        fault(text);
    }
    faults
}

/// Which part may know what: see docs/ARCHITECTURE.md.
fn layering(path: &str, line: &str) -> Option<String> {
    let code = line.trim_start();
    if code.starts_with("//") {
        return None;
    }
    let names_yew = names(code, "yew") || names(code, "yew_hooks");
    if path.starts_with("crates/") && (path.ends_with(".rs") || path.ends_with("Cargo.toml")) && names_yew {
        return Some("yew: nothing below the application knows it".to_owned());
    }
    let pure = PURE.iter().any(|part| path.starts_with(part)) || path == "crates/client/src/room.rs";
    if !pure {
        return None;
    }
    let found = IMPURE.iter().find(|what| code.contains(**what)).or(names(code, "rand").then_some(&"rand"))?;
    Some(format!("{found}: time and randomness are arguments here"))
}

/// End-to-end tests wait for what they want to see.
fn sleeping(path: &str, line: &str) -> Option<String> {
    let sleeps = line.contains(concat!("waitFor", "Timeout"))
        || (path.starts_with("e2e/specs/") && line.contains(concat!("set", "Timeout(")));
    (path.starts_with("e2e/") && sleeps && !line.contains("test.setTimeout("))
        .then(|| "a sleep: wait for what you want to see".to_owned())
}

fn is_source(path: &str) -> bool {
    [".rs", ".ts", ".js", ".css"].iter().any(|ending| path.ends_with(ending))
}

/// Whether the line holds the word, not merely as a part of another one.
fn names(line: &str, word: &str) -> bool {
    line.split(|character: char| !character.is_alphanumeric() && character != '_').any(|found| found == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str, text: &str) -> Vec<String> {
        check(path, text).into_iter().map(|fault| fault.text).collect()
    }

    #[test]
    fn long_files_need_a_reason() {
        let long = "x\n".repeat(LONG + 1);
        assert_eq!(texts("a.rs", &long).len(), 1);
        assert!(texts("a.rs", &format!("// {REASON} it is a table\n{long}")).is_empty());
        assert!(texts("a.md", &long).is_empty());
        assert!(texts("a.rs", &"x\n".repeat(LONG)).is_empty());
    }

    #[test]
    fn faults_name_their_line() {
        let text = format!("fn a() {{\n    {}\n}}\n", FORBIDDEN[0].0);
        assert_eq!(check("src/a.rs", &text)[0].line, 2);
    }

    #[test]
    fn machine_paths_are_found_anywhere() {
        assert_eq!(texts("README.md", &format!("see {}x\n", MACHINE_PATHS[1])).len(), 1);
    }

    #[test]
    fn nothing_below_the_application_knows_yew() {
        assert_eq!(texts("crates/client/src/a.rs", "use yew::prelude::*;\n").len(), 1);
        assert_eq!(texts("crates/js/Cargo.toml", "yew = \"0.23\"\n").len(), 1);
        assert!(texts("crates/client/src/a.rs", "//! No yew here.\nlet eyewear = 1;\n").is_empty());
        assert!(texts("src/a.rs", "use yew::prelude::*;\n").is_empty());
    }

    #[test]
    fn time_is_an_argument_of_what_is_pure() {
        assert_eq!(texts("crates/registry-core/src/a.rs", "let now = SystemTime::now();\n").len(), 1);
        assert!(texts("crates/registry-server/src/a.rs", "let now = SystemTime::now();\n").is_empty());
        assert!(texts("crates/registry-core/src/a.rs", "use std::time::Duration;\n").is_empty());
        assert_eq!(texts("crates/client/src/room/a.rs", "let n = rand::random();\n").len(), 1);
        assert!(texts("crates/client/src/room/a.rs", "fn jitter(rng: &mut fastrand::Rng) {}\n").is_empty());
    }

    #[test]
    fn end_to_end_tests_do_not_sleep() {
        let wait = concat!("await page.waitFor", "Timeout(10);\n");
        assert_eq!(texts("e2e/pages/a.ts", wait).len(), 1);
        assert_eq!(texts("e2e/specs/a.spec.ts", concat!("set", "Timeout(f, 1);\n")).len(), 1);
        assert!(texts("e2e/support/a.ts", concat!("set", "Timeout(f, 1);\n")).is_empty());
        assert!(texts("e2e/specs/a.spec.ts", "test.setTimeout(60_000);\n").is_empty());
    }

    #[test]
    fn lines_are_clean_and_ended() {
        assert_eq!(texts("a.rs", "a \nb").len(), 2);
    }
}
