//! The rule that every program that is started is in the table of programs.

use crate::programs::named;

/// Where commands are made: with the table's programs in Rust, with those that it lists in TypeScript.
const RUST: &str = "xtask/src/programs.rs";
const SCRIPT: &str = "e2e/support/programs.ts";
/// Other files that start a program which they are given by path.
const GIVEN: [&str; 4] = [
    "crates/registry-bench/src/server.rs",
    "crates/registry-worker/tests/support/mod.rs",
    "e2e/support/environment.ts",
    "e2e/networks/fixtures.ts",
];
/// How programs are started in each language. In halves, since this file keeps the rule, too.
const RUST_STARTS: &str = concat!("Command", "::new(");
const SCRIPT_STARTS: [&str; 2] = [concat!("child", "_process"), concat!("executable", "Path")];
const PYTHON_STARTS: [&str; 3] = [concat!("sub", "process"), concat!("os.", "system"), concat!("os.", "exec")];
/// Commands of the shell itself.
const BUILT_IN: [&str; 7] = ["echo", "exec", "exit", "kill", "read", "ulimit", "wait"];

/// What is wrong with how this line of a file starts programs.
pub fn fault(path: &str, line: &str) -> Option<String> {
    let code = line.trim_start();
    if code.starts_with("//") || code.starts_with('*') {
        return None;
    }
    match path.rsplit('.').next()? {
        "rs" => rust(path, code).or_else(|| shell(code)),
        "ts" | "js" | "mjs" => script(path, code).or_else(|| shell(code)),
        "sh" => (!code.starts_with('#')).then(|| unlisted(commands_in(code))).flatten(),
        "py" => PYTHON_STARTS.iter().any(|start| code.contains(start)).then(|| elsewhere(RUST)),
        _ => None,
    }
}

fn elsewhere(place: &str) -> String {
    format!("a program is started: add it to {RUST} and start it through {place}")
}

/// A complaint about the first of these programs that is not in the table.
fn unlisted<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<String> {
    let name = names.find(|name| named(name).is_none())?;
    Some(format!("{name} is started but not in {RUST}: add what it is for and where it comes from"))
}

/// Tests may start the programs of their own crate, and those of the table by name.
fn rust(path: &str, code: &str) -> Option<String> {
    let (_, argument) = code.split_once(RUST_STARTS)?;
    if path == RUST || GIVEN.contains(&path) {
        return None;
    }
    let own = argument.strip_prefix("env!(\"CARGO_BIN_EXE_");
    match own.or_else(|| argument.strip_prefix('"')).and_then(|rest| rest.split('"').next()) {
        Some(name) if !path.starts_with("xtask/") => unlisted([name].into_iter()),
        _ => Some(elsewhere(RUST)),
    }
}

fn script(path: &str, code: &str) -> Option<String> {
    if path == SCRIPT {
        let list = code.strip_prefix("const PROGRAMS = [")?.split(']').next()?;
        return unlisted(list.split('\'').skip(1).step_by(2));
    }
    let starts = SCRIPT_STARTS.iter().any(|start| code.contains(start));
    (starts && !code.starts_with("import type ") && !GIVEN.contains(&path)).then(|| elsewhere(SCRIPT))
}

/// Shells are given their commands after `-c`. So is Python, which has programs of another kind there.
fn shell(code: &str) -> Option<String> {
    let quotes = [("\"-c\", \"", '"'), ("'-c', '", '\'')];
    let fragments = quotes.into_iter().flat_map(|(start, quote)| {
        code.split(start).skip(1).filter_map(move |rest| {
            let end = rest.match_indices(quote).map(|(at, _)| at).find(|at| !rest[..*at].ends_with('\\'));
            Some(&rest[..end?])
        })
    });
    if code.contains("PYTHON") { None } else { unlisted(fragments.flat_map(commands_in)) }
}

/// The programs that a shell's text starts by name.
fn commands_in(text: &str) -> impl Iterator<Item = &str> {
    let commands = text.split(['&', ';', '|', '\n']).map(|command| command.trim().trim_start_matches("exec "));
    let first = commands.filter_map(|command| command.split_whitespace().next());
    first.filter(|word| !BUILT_IN.contains(word) && !word.starts_with(['"', '\\', '$', '1', '2']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_start_is_of_a_program_in_the_table() {
        let rust = |argument: &str| format!("let child = {RUST_STARTS}{argument}).spawn();");
        let [module, path] = SCRIPT_STARTS;
        let import = format!("import {{ spawn }} from 'node:{module}';");
        let test = "crates/registry-server/tests/a.rs";
        for (file, line) in [
            (test, rust("\"sh\"")),
            (test, rust("env!(\"CARGO_BIN_EXE_registry-server\")")),
            (GIVEN[0], rust("program")),
            (RUST, rust("program")),
            (SCRIPT, import.clone()),
            (SCRIPT, "const PROGRAMS = ['ip', 'nft'] as const;".to_owned()),
            ("e2e/support/a.ts", format!("import type {{ ChildProcess }} from 'node:{module}';")),
            ("xtask/src/a.rs", r#"SH.command().args(["-c", "ip link set lo up && exec \"$@\""]);"#.to_owned()),
            ("xtask/src/a.rs", r#"SH.command().args(["-c", "echo one; echo two >&2"]);"#.to_owned()),
            ("e2e/networks/browser.sh", "exec nsenter --net=\"$N\" \"$BROWSER\" \"$@\"".to_owned()),
            ("crates/a/tests/hooks.py", "import json".to_owned()),
        ] {
            assert_eq!(fault(file, &line), None, "{file}: {line}");
        }
        for (file, line, complaint) in [
            (test, rust("\"pkill\""), "pkill is started"),
            (test, rust("program"), "a program is started"),
            ("xtask/src/serve.rs", rust("\"cargo\""), "a program is started"),
            ("e2e/specs/a.spec.ts", import, "a program is started"),
            ("crates/js-package/index.js", format!("await import('node:{module}')"), "a program is started"),
            ("e2e/support/a.ts", format!("{path}: '/usr/bin/opera',"), "a program is started"),
            (SCRIPT, "const PROGRAMS = ['ip', 'tcpdump'] as const;".to_owned(), "tcpdump is started"),
            ("xtask/src/a.rs", format!("SH.command().args([\"-{}\", \"echo; exec tcpdump -i lo\"]);", 'c'), "tcpdump"),
            ("xtask/src/a.rs", format!("SH.command().args([\"-{}\", \"ip link | grep lo\"]);", 'c'), "grep"),
            ("e2e/a.ts", format!("start('unshare', ['--net', 'sh', '-{}', 'tcpdump -i lo']);", 'c'), "tcpdump"),
            ("e2e/networks/browser.sh", "tcpdump &".to_owned(), "tcpdump"),
            ("crates/a/tests/hooks.py", format!("import {}", PYTHON_STARTS[0]), "a program is started"),
        ] {
            let found = fault(file, &line).unwrap_or_default();
            assert!(found.starts_with(complaint), "{file}: {line}: {found:?}");
        }
    }
}
