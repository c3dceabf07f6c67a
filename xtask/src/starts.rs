//! The rule that whatever is started is in the table of programs.

use crate::programs::named;

/// Where commands are made: with the table's programs in Rust, with those that it lists in TypeScript.
const RUST: &str = "xtask/src/programs.rs";
const SCRIPT: &str = "e2e/support/programs.ts";
/// Other places that start what they are told to, and what that is.
const TOLD: [(&str, &str); 3] = [
    ("crates/registry-bench/src/server.rs", "registry-server"),
    ("crates/registry-worker/tests/support/mod.rs", "xtask"),
    ("e2e/support/environment.ts", "chromium"),
];
/// How programs are started in each language, other than through the table. In halves, for this file keeps the rule, too.
const RUST_STARTS: &str = concat!("Command", "::new(");
const SCRIPT_STARTS: [&str; 2] = [concat!("child", "_process"), concat!("executable", "Path")];
const PYTHON_STARTS: [&str; 3] = [concat!("sub", "process"), concat!("os.", "system"), concat!("os.", "exec")];
/// What a shell does by itself.
const BUILT_IN: [&str; 6] = ["echo", "exec", "exit", "kill", "read", "wait"];
/// A browser's file on another machine of the networks' tests, which is a script beside it.
const BROWSER_SCRIPT: &str = "new URL('browser.sh'";

/// What is wrong with how this line of a file starts programs.
pub fn fault(path: &str, line: &str) -> Option<String> {
    let code = line.trim_start();
    if code.starts_with("//") || code.starts_with('*') {
        return None;
    }
    let ending = path.rsplit('.').next().unwrap_or_default();
    // Python calls its own texts by the same flag.
    let shell = || fragments(code).filter(|_| !code.contains("PYTHON")).find_map(unknown_in);
    match ending {
        "rs" => rust(path, code).or_else(shell),
        "ts" | "js" | "mjs" => script(path, code).or_else(shell),
        "sh" => (!code.starts_with('#')).then(|| unknown_in(code)).flatten(),
        "py" => PYTHON_STARTS.iter().any(|start| code.contains(start)).then(|| elsewhere(RUST)),
        _ => None,
    }
}

fn elsewhere(place: &str) -> String {
    format!("a program is started: name it in {RUST} and start it through {place}")
}

fn unlisted(name: &str) -> String {
    format!("{name} is started and not in {RUST}: say there what it is for and how it is had")
}

fn is_told(path: &str) -> bool {
    TOLD.iter().any(|(file, program)| *file == path && named(program).is_some())
}

/// The tests of a crate may start its own programs, and by name those of the table.
fn rust(path: &str, code: &str) -> Option<String> {
    if path == RUST {
        return None;
    }
    let (_, argument) = code.split_once(RUST_STARTS)?;
    let own = argument.strip_prefix("env!(\"CARGO_BIN_EXE_");
    let name = own.or_else(|| argument.strip_prefix('"')).and_then(|rest| rest.split('"').next());
    match name {
        _ if path.starts_with("xtask/") => Some(elsewhere(RUST)),
        Some(name) => named(name).is_none().then(|| unlisted(name)),
        None => (!is_told(path)).then(|| elsewhere(RUST)),
    }
}

fn script(path: &str, code: &str) -> Option<String> {
    if path == SCRIPT {
        let list = code.strip_prefix("const PROGRAMS = [")?.split(']').next()?;
        return list.split('\'').skip(1).step_by(2).find(|name| named(name).is_none()).map(unlisted);
    }
    let starts = SCRIPT_STARTS.iter().any(|start| code.contains(start));
    let harmless = code.starts_with("import type ") || code.contains(BROWSER_SCRIPT) || is_told(path);
    (starts && !harmless).then(|| elsewhere(SCRIPT))
}

/// What the line has shells do: the text after each `-c`.
fn fragments(code: &str) -> impl Iterator<Item = &str> {
    [("\"-c\", \"", '"'), ("'-c', '", '\'')].into_iter().flat_map(move |(start, quote)| {
        code.split(start).skip(1).filter_map(move |rest| {
            let end = rest.match_indices(quote).map(|(at, _)| at).find(|at| !rest[..*at].ends_with('\\'));
            Some(&rest[..end?])
        })
    })
}

/// The first program of a shell's text that is not in the table. What a variable names is the caller's to know.
fn unknown_in(text: &str) -> Option<String> {
    let text = text.replace(">&", ">");
    let commands = text.split(['&', ';', '|', '\n']).map(|command| command.trim().trim_start_matches("exec "));
    let first = commands.filter_map(|command| command.split_whitespace().next());
    let mut unknown = first.filter(|word| !BUILT_IN.contains(word) && !word.starts_with(['"', '\\', '$']));
    unknown.find(|word| named(word).is_none()).map(unlisted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rs(path: &str, argument: &str) -> Option<String> {
        fault(path, &format!("    let child = {RUST_STARTS}{argument}).spawn();"))
    }

    #[test]
    fn rust_starts_what_is_in_the_table() {
        let test = "crates/registry-server/tests/a.rs";
        assert_eq!(rs(test, "\"sh\""), None);
        assert_eq!(rs(test, "env!(\"CARGO_BIN_EXE_registry-server\")"), None);
        assert!(rs(test, "\"pkill\"").unwrap().starts_with("pkill is started"));
        assert!(rs(test, "program").is_some());
        assert_eq!(rs("crates/registry-bench/src/server.rs", "program"), None);
    }

    #[test]
    fn xtask_makes_its_commands_in_one_place() {
        assert!(rs("xtask/src/serve.rs", "\"cargo\"").is_some());
        assert_eq!(rs("xtask/src/programs.rs", "program"), None);
    }

    #[test]
    fn scripts_start_programs_in_one_place() {
        let [module, path] = SCRIPT_STARTS;
        let import = format!("import {{ spawn }} from 'node:{module}';");
        assert!(fault("e2e/specs/a.spec.ts", &import).is_some());
        assert!(fault("crates/js-package/index.js", &format!("await import('node:{module}')")).is_some());
        assert_eq!(fault(SCRIPT, &import), None);
        assert_eq!(fault("e2e/support/a.ts", &format!("import type {{ ChildProcess }} from 'node:{module}';")), None);
        assert!(fault("e2e/support/a.ts", &format!("{path}: '/usr/bin/opera',")).is_some());
    }

    #[test]
    fn what_scripts_may_start_is_in_the_table() {
        assert_eq!(fault(SCRIPT, "const PROGRAMS = ['ip', 'nft'] as const;"), None);
        let fault = fault(SCRIPT, "const PROGRAMS = ['ip', 'tcpdump'] as const;").unwrap();
        assert!(fault.starts_with("tcpdump is started"), "{fault}");
    }

    #[test]
    fn shells_start_what_is_in_the_table() {
        let rust = |text: &str| fault("xtask/src/a.rs", &format!("    SH.command().args([\"-c\", \"{text}\"]);"));
        assert_eq!(rust("ip link set lo up && exec \\\"$@\\\""), None);
        assert_eq!(rust("echo one; echo two >&2"), None);
        assert!(rust("echo; exec tcpdump -i lo").unwrap().starts_with("tcpdump"));
        assert!(rust("ip link | grep lo").unwrap().starts_with("grep"));
        let script = format!("start('unshare', ['--net', 'sh', '-{}', 'tcpdump -i lo']);", 'c');
        assert!(fault("e2e/a.ts", &script).unwrap().starts_with("tcpdump"));
        assert_eq!(fault("e2e/networks/browser.sh", "exec nsenter --net=\"$N\" \"$BROWSER\" \"$@\""), None);
        assert!(fault("e2e/networks/browser.sh", "tcpdump &").is_some());
    }

    #[test]
    fn python_starts_nothing() {
        assert!(fault("crates/a/tests/hooks.py", &format!("import {}", PYTHON_STARTS[0])).is_some());
        assert_eq!(fault("crates/a/tests/hooks.py", "import json"), None);
    }
}
