//! HTTPS of the server's own.

mod program;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use hyper::Request;
use hyper_util::rt::{TokioExecutor, TokioIo};
use program::{Program, command};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A certificate for `localhost` and its key, in files.
struct Certificate {
    folder: PathBuf,
    der: CertificateDer<'static>,
}

impl Certificate {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("registry-server-{}-tls-{test}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mut certificate = Self { folder, der: CertificateDer::from(Vec::new()) };
        certificate.renew();
        certificate
    }

    fn renew(&mut self) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(self.folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        fs::write(self.folder.join("cert.pem"), made.cert.pem()).unwrap();
        self.der = made.cert.der().clone();
    }

    fn flags(&self) -> [String; 4] {
        let path = |name: &str| self.folder.join(name).to_str().unwrap().to_owned();
        ["--tls-cert".into(), path("cert.pem"), "--tls-key".into(), path("key.pem")]
    }

    fn serve(&self, flags: &[&str]) -> Program {
        let tls = self.flags();
        Program::start(&[&tls.each_ref().map(String::as_str)[..], flags].concat())
    }

    /// Connects as a client that trusts this certificate alone.
    async fn connect(&self, program: &Program, protocol: &[u8]) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
        let mut config = config.with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        let stream = TcpStream::connect(&program.address).await.unwrap();
        TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), stream).await
    }
}

impl Drop for Certificate {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn post(path: &str, token: &str, body: &Value) -> Request<Body> {
    let request = Request::post(format!("https://localhost{path}")).header("x-registry-version", "1");
    request.header("x-access-token", token).body(Body::from(body.to_string())).unwrap()
}

/// A browser has one connection with HTTP/2, on which those who wait do not hold up the others.
#[tokio::test]
async fn one_connection_carries_requests_that_wait_and_others() {
    let certificate = Certificate::new("http2");
    let program = certificate.serve(&[]);
    let stream = certificate.connect(&program, b"h2").await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let send = async |request: Request<Body>| {
        let answer = client.clone().send_request(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice::<Value>(&body).unwrap_or_default())
    };
    let (status, made) = send(post("/rooms", "", &json!({"hostUserName": "Ann"}))).await;
    assert_eq!(status, 201);
    let (room, token) = (&made["code"], made["ownerToken"].as_str().unwrap());
    let (_, read) = send(post("/exchange", token, &json!({"room": room}))).await;
    let waits = async {
        let polled = send(post("/exchange", token, &json!({"room": room, "since": read["version"], "wait": 20}))).await;
        (polled.0, polled.1["status"].clone())
    };
    let joins = async {
        let join = json!({"joinCode": made["joinCode"], "guestUserName": "Bob"});
        send(post(&format!("/rooms/{}/join", room.as_str().unwrap()), "", &join)).await.0
    };
    assert_eq!(tokio::join!(waits, joins), ((200, json!("joined")), 200));
}

/// One connection can ask for many files at once. Unread, they take what others need; so it is closed.
#[tokio::test]
async fn files_that_are_not_read_do_not_pile_up() {
    let certificate = Certificate::new("files");
    fs::write(certificate.folder.join("index.html"), "page").unwrap();
    fs::write(certificate.folder.join("large.bin"), vec![b'x'; 8 << 20]).unwrap();
    let program = certificate.serve(&["--static", certificate.folder.to_str().unwrap(), "--max-connections", "16"]);
    let stream = certificate.connect(&program, b"h2").await.unwrap();
    let (client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let asks: Vec<_> = (0..17)
        .map(|_| {
            let request = Request::get("https://localhost/large.bin").body(Body::empty()).unwrap();
            tokio::spawn(client.clone().send_request(request))
        })
        .collect();
    let ended = tokio::time::timeout(Duration::from_secs(10), connection).await;
    assert!(ended.is_ok(), "the connection is still open");
    drop(asks);
    let answer = certificate.connect(&program, b"http/1.1").await;
    assert!(answer.is_ok(), "others are served");
}

#[tokio::test]
async fn a_renewed_certificate_is_used_at_once() {
    let mut certificate = Certificate::new("renewed");
    let program = certificate.serve(&[]);
    assert!(certificate.connect(&program, b"http/1.1").await.is_ok());
    certificate.renew();
    let mut renewed = false;
    for _ in 0..100 {
        renewed |= certificate.connect(&program, b"http/1.1").await.is_ok();
        tokio::time::sleep(Duration::from_millis(if renewed { 0 } else { 100 })).await;
    }
    assert!(renewed);
    fs::write(certificate.folder.join("cert.pem"), "nonsense").unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(certificate.connect(&program, b"http/1.1").await.is_ok(), "one that cannot be read changes nothing");
}

/// Files can be whole a moment after the server has looked at them, at the same time as far as the file system tells.
#[tokio::test]
async fn a_certificate_that_was_not_whole_is_read_again() {
    let mut certificate = Certificate::new("half");
    let program = certificate.serve(&[]);
    let cert = certificate.folder.join("cert.pem");
    certificate.renew();
    let whole = fs::read(&cert).unwrap();
    fs::write(&cert, "half of it").unwrap();
    let changed = fs::metadata(&cert).unwrap().modified().unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    fs::write(&cert, whole).unwrap();
    fs::File::options().write(true).open(&cert).unwrap().set_modified(changed).unwrap();
    let mut used = false;
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        used |= certificate.connect(&program, b"http/1.1").await.is_ok();
    }
    assert!(used);
}

#[test]
fn a_client_that_does_not_speak_tls_holds_nobody_up() {
    let certificate = Certificate::new("plain");
    let program = certificate.serve(&["--head-timeout", "1s"]);
    let silent = program.connect();
    let answer = program.raw("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(!answer.contains("200"), "{answer}");
    let (took, clean, _) = program.stop();
    assert!(clean && took < Duration::from_secs(2), "{took:?}");
    drop(silent);
}

#[test]
fn a_certificate_that_cannot_be_used_is_reported() {
    let certificate = Certificate::new("broken");
    let start = || {
        let output = command(&["--listen", "127.0.0.1:0"]).args(certificate.flags()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    fs::write(certificate.folder.join("cert.pem"), "").unwrap();
    assert!(start().contains("no certificate in"), "{}", start());
    fs::remove_file(certificate.folder.join("cert.pem")).unwrap();
    assert!(start().contains("cannot read"), "{}", start());
}
