//! How the page's files are served.

mod program;

use std::fs;
use std::path::PathBuf;

use program::{Program, command};

const HTML: &str = r#"<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"><p>page"#;

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
        ] {
            fs::write(folder.0.join(name), text).unwrap();
        }
        folder
    }

    fn serve(&self) -> Program {
        Program::start(&["--static", self.0.to_str().unwrap()])
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
                "content-security-policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'",
                "x-content-type-options: nosniff",
                "referrer-policy: no-referrer",
                "<p>page",
            ],
        );
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
