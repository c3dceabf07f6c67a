//! Runs the cases against the server, over HTTP.

use clap::Parser;
use registry_conformance::{HttpTransport, Options, run};
use registry_server::Server;

const ORIGIN: &str = "https://allowed.example";

#[test]
fn the_server_conforms() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let flags = ["registry-server", "--listen", "127.0.0.1:0", "--rate-limits", "off", "--allowed-origins", ORIGIN];
    let server = runtime.block_on(Server::bind(&registry_server::Options::parse_from(flags))).unwrap();
    let url = format!("http://{}/", server.address());
    runtime.spawn(server.run(std::future::pending()));

    let options = Options { rate_limits: false, lifetimes: false, origin: Some(ORIGIN.to_owned()) };
    let report = run(&mut HttpTransport::new(&url), &options, &mut |_| ());
    let failures: Vec<_> = report.failures().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{report}\n{}", failures.join("\n"));
    assert!(report.passed() > 150, "{report}");
}
