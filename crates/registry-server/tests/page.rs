//! How the page's files are served.

mod program;

use std::fs;
use std::path::PathBuf;

use program::{Program, command};

const HTML: &str = r#"<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"><p>page"#;

/// A page with a different policy.
const OTHER: &str = r#"<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; frame-src 'self'"><p>other"#;

/// A directory with a page, removed on drop.
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
fn the_page_has_its_policy_and_is_revalidated() {
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
fn each_page_has_its_own_policy() {
    let folder = Folder::new("policies");
    let program = folder.serve();
    let policy = "content-security-policy: default-src 'none'; frame-src 'self'; frame-ancestors 'self'\r\n";
    has(&program.get("/other.html", ""), &["HTTP/1.1 200", policy, "<p>other"]);
}

#[test]
fn embed_origins_may_frame_the_page() {
    let folder = Folder::new("framers");
    let listed = folder.serve_with(&["--embed-origins", "https://a.example, http://localhost:8080"]);
    has(&listed.get("/", ""), &["; frame-ancestors 'self' https://a.example http://localhost:8080\r\n"]);
    let all = folder.serve_with(&["--embed-origins", "*"]);
    has(&all.get("/", ""), &["; frame-ancestors *\r\n"]);
    let refused = command(&["--embed-origins", "https://a.example; script-src *"]).output().unwrap();
    has(&String::from_utf8_lossy(&refused.stderr), &["is not an origin"]);
}

#[test]
fn only_the_embed_script_is_cross_origin() {
    let folder = Folder::new("embed");
    let program = folder.serve();
    let script = program.get("/embed.js", "");
    has(&script, &["HTTP/1.1 200", "cross-origin-resource-policy: cross-origin", "cache-control: no-cache"]);
    for path in ["/", "/app-0123456789abcdef.js"] {
        has(&program.get(path, ""), &["cross-origin-resource-policy: same-origin"]);
    }
}

#[test]
fn an_unchanged_file_gives_304() {
    let folder = Folder::new("etag");
    let program = folder.serve();
    let first = program.get("/", "");
    let etag = first.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    has(&program.get("/", &format!("If-None-Match: {etag}\r\n")), &["HTTP/1.1 304", "cache-control: no-cache"]);
}

#[test]
fn hashed_files_are_immutable_and_compressed() {
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
fn anything_but_a_file_goes_to_the_registry() {
    let folder = Folder::new("fallback");
    let program = folder.serve();
    for path in ["/nothing", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/rooms/ACDEFGHJ/public"] {
        has(&program.get(path, ""), &["HTTP/1.1 404", "not_found", "no-store"]);
    }
    has(&program.create(""), &["HTTP/1.1 201", "joinCode"]);
}

#[test]
fn a_directory_without_a_page_is_reported() {
    let output = command(&["--static", "/nowhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    has(&String::from_utf8_lossy(&output.stderr), &["no index.html", "build the page"]);
}
