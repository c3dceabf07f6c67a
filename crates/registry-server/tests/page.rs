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
fn only_the_embed_script_and_the_pages_are_cross_origin() {
    let folder = Folder::new("embed");
    let program = folder.serve();
    let script = program.get("/embed.js", "");
    has(&script, &["HTTP/1.1 200", "cross-origin-resource-policy: cross-origin", "cache-control: no-cache"]);
    has(&script, &["access-control-allow-origin: *"]);
    let page = program.get("/", "");
    has(&page, &["cross-origin-resource-policy: cross-origin", "cross-origin-embedder-policy: credentialless"]);
    let other = program.get("/app-0123456789abcdef.js", "");
    has(&other, &["cross-origin-resource-policy: same-origin"]);
    for answer in [&page, &other] {
        assert!(!answer.contains("access-control-allow-origin"), "{answer}");
    }
}

#[test]
fn an_unchanged_file_gives_304() {
    let folder = Folder::new("etag");
    let program = folder.serve();
    let first = program.get("/", "");
    let etag = first.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    has(
        &program.get("/", &format!("If-None-Match: {etag}\r\n")),
        &["HTTP/1.1 304", "cache-control: no-cache", "vary: accept-encoding"],
    );
    // Which browsers keep in the place of the first ones.
    let again = program.get("/", &format!("If-None-Match: {etag}\r\n"));
    has(&again, &["cross-origin-resource-policy: cross-origin", "cross-origin-embedder-policy: credentialless"]);
    has(&again, &["content-security-policy: "]);
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

const WASM: &str = "/app-0123456789abcdef_bg.wasm";

#[test]
fn only_the_file_itself_may_be_kept() {
    let folder = Folder::new("kept");
    let program = folder.serve();
    let past_the_end = program.get(WASM, "Range: bytes=9999-\r\n");
    has(&past_the_end, &["HTTP/1.1 416", "cache-control: no-store"]);
    let changed = program.get(WASM, "If-Match: \"other\"\r\n");
    has(&changed, &["HTTP/1.1 412", "cache-control: no-store"]);
    has(&program.get("/app-ffffffffffffffff.js", ""), &["HTTP/1.1 404", "cache-control: no-store"]);
    has(&program.get(WASM, "Range: bytes=0-1\r\n"), &["HTTP/1.1 206", "immutable", "\r\n\r\npl"]);
}

#[test]
fn a_path_that_cannot_be_a_files_is_not_found() {
    let folder = Folder::new("impossible");
    std::os::unix::fs::symlink("circle.html", folder.0.join("circle.html")).unwrap();
    let program = folder.serve();
    let long = format!("/app-0123456789abcdef{}.js", "x".repeat(300));
    let deep = "/x".repeat(3000);
    for path in [&long, &deep, "/%00", "/index.html/x", "/circle.html", "/%ff", "/index.html/"] {
        has(&program.get(path, ""), &["HTTP/1.1 404", "not_found", "cache-control: no-store"]);
    }
}

#[test]
fn a_range_of_an_earlier_file_gets_the_whole() {
    let folder = Folder::new("if-range");
    let program = folder.serve();
    let first = program.get(WASM, "");
    let value = |name: &str| first.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap();
    for (condition, status) in [
        (value("etag"), "206"),
        (value("last-modified"), "206"),
        ("\"earlier\"", "200"),
        (&format!("W/{}", value("etag")), "200"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "200"),
    ] {
        let answer = program.get(WASM, &format!("Range: bytes=0-1\r\nIf-Range: {condition}\r\n"));
        has(&answer, &[&format!("HTTP/1.1 {status}")]);
    }
}

#[test]
fn a_file_is_the_same_however_its_path_is_spelt() {
    let folder = Folder::new("spelling");
    let program = folder.serve();
    for path in ["/%69ndex.html", "//index.html", "/./index.html"] {
        has(&program.get(path, ""), &["HTTP/1.1 200", "script-src 'self' 'wasm-unsafe-eval'", "<p>page"]);
    }
    has(&program.get("/%65mbed.js", ""), &["cross-origin-resource-policy: cross-origin"]);
}

#[test]
fn hidden_files_and_links_out_of_the_directory_are_not_served() {
    let (folder, other) = (Folder::new("inside"), Folder::new("outside"));
    fs::write(folder.0.join(".env"), "SECRET").unwrap();
    fs::create_dir_all(folder.0.join(".git")).unwrap();
    fs::write(folder.0.join(".git/config"), "SECRET").unwrap();
    fs::write(other.0.join("secret.txt"), "SECRET").unwrap();
    let link = |to: PathBuf, name: &str| std::os::unix::fs::symlink(to, folder.0.join(name)).unwrap();
    link(other.0.join("secret.txt"), "out.txt");
    link(other.0.clone(), "out");
    link(other.0.join("secret.txt"), "embed.js.br");
    link("index.html".into(), "in.html");
    let program = folder.serve();
    for path in ["/.env", "/%2eenv", "/.git/config", "/out.txt", "/out/secret.txt", "/embed.js"] {
        let answer = program.get(path, "Accept-Encoding: br\r\n");
        has(&answer, &["HTTP/1.1 404"]);
        assert!(!answer.contains("SECRET"), "{path}");
    }
    has(&program.get("/in.html", ""), &["HTTP/1.1 200", "<p>page"]);
}
