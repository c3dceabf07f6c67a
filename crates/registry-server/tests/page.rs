//! How the page's files are served.

mod program;

use std::fs;
use std::path::PathBuf;

use program::{Program, command};

const HTML: &str = r#"<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"><p>page"#;

/// A page with another policy.
const OTHER: &str = r#"<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; frame-src 'self'"><p>other"#;

/// A folder with a page, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("registry-server-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let folder = Self(dir);
        for (name, text) in [
            ("index.html", HTML),
            ("app-0123456789abcdef_bg.wasm", "plain"),
            ("app-0123456789abcdef_bg.wasm.br", "brotli"),
            ("app-0123456789abcdef_bg.wasm.gz", "gzip"),
            ("app-0123456789abcdef.js", "let x"),
            ("embed.js", "let y"),
            ("other.html", OTHER),
        ] {
            fs::write(folder.0.join(name), text).unwrap();
        }
        folder
    }

    fn serve(&self) -> Program {
        self.serve_with(&[])
    }

    fn serve_with(&self, flags: &[&str]) -> Program {
        Program::start(&[&["--static", self.0.to_str().unwrap()], flags].concat())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn has(answer: &str, parts: &[&str]) {
    for part in parts {
        assert!(answer.contains(part), "{part}\n{answer}");
    }
}

#[test]
fn the_page_comes_with_its_policy_and_is_asked_for_again() {
    let folder = Folder::new("policy");
    let program = folder.serve();
    for path in ["/", "/index.html", "/?role=host"] {
        has(
            &program.get(path, ""),
            &[
                "HTTP/1.1 200",
                "content-type: text/html",
                "cache-control: no-cache",
                "content-security-policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'self'",
                "x-content-type-options: nosniff",
                "referrer-policy: no-referrer",
                "<p>page",
            ],
        );
    }
}

#[test]
fn each_page_has_the_policy_that_it_states() {
    let folder = Folder::new("policies");
    let program = folder.serve();
    let policy = "content-security-policy: default-src 'none'; frame-src 'self'; frame-ancestors 'self'\r\n";
    has(&program.get("/other.html", ""), &["HTTP/1.1 200", policy, "<p>other"]);
}

#[test]
fn who_may_show_the_page_in_a_frame_is_an_option() {
    let folder = Folder::new("framers");
    let listed = folder.serve_with(&["--embed-origins", "https://a.example, http://localhost:8080"]);
    has(&listed.get("/", ""), &["; frame-ancestors 'self' https://a.example http://localhost:8080\r\n"]);
    let all = folder.serve_with(&["--embed-origins", "*"]);
    has(&all.get("/", ""), &["; frame-ancestors *\r\n"]);
    let refused = command(&["--embed-origins", "https://a.example; script-src *"]).output().unwrap();
    has(&String::from_utf8_lossy(&refused.stderr), &["is no origin"]);
}

#[test]
fn only_the_script_for_other_pages_may_be_used_by_them() {
    let folder = Folder::new("embed");
    let program = folder.serve();
    let script = program.get("/embed.js", "");
    has(&script, &["HTTP/1.1 200", "cross-origin-resource-policy: cross-origin", "cache-control: no-cache"]);
    for path in ["/", "/app-0123456789abcdef.js"] {
        has(&program.get(path, ""), &["cross-origin-resource-policy: same-origin"]);
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let folder = Folder::new("etag");
    let program = folder.serve();
    let first = program.get("/", "");
    let etag = first.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    has(&program.get("/", &format!("If-None-Match: {etag}\r\n")), &["HTTP/1.1 304", "cache-control: no-cache"]);
}

#[test]
fn hashed_files_are_kept_for_good_and_sent_compressed() {
    let folder = Folder::new("assets");
    let program = folder.serve();
    let wasm = "/app-0123456789abcdef_bg.wasm";
    let common = ["HTTP/1.1 200", "content-type: application/wasm", "immutable", "vary: accept-encoding"];
    for (accept, encoding, body) in [
        ("gzip, br", "content-encoding: br", "\r\n\r\nbrotli"),
        ("gzip", "content-encoding: gzip", "\r\n\r\ngzip"),
        ("identity", "content-length: 5", "\r\n\r\nplain"),
    ] {
        let answer = program.get(wasm, &format!("Accept-Encoding: {accept}\r\n"));
        has(&answer, &common);
        has(&answer, &[encoding, body]);
    }
    has(&program.get("/app-0123456789abcdef.js", ""), &["content-type: text/javascript"]);
}

#[test]
fn what_is_no_file_is_the_registrys_affair() {
    let folder = Folder::new("fallback");
    let program = folder.serve();
    for path in ["/nothing", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/rooms/ACDEFGHJ/public"] {
        has(&program.get(path, ""), &["HTTP/1.1 404", "not_found", "no-store"]);
    }
    has(&program.create(""), &["HTTP/1.1 201", "joinCode"]);
}

#[test]
fn a_folder_without_a_page_is_said_so() {
    let output = command(&["--static", "/nowhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    has(&String::from_utf8_lossy(&output.stderr), &["no index.html", "build the page"]);
}
