//! What the operator of a server sets, sees and asks for.

mod program;

use std::time::Duration;

use program::{Program, command};

#[test]
fn the_port_and_misspelt_variables_are_noticed() {
    let program =
        Program::start_of(command(&[]).env("PORT", "0").env("REGISTRY_TTL_OPNE", "3s").env("REGISTRY_BASE", "1"));
    let (_, clean, log) = program.stop();
    assert!(clean, "{log}");
    assert!(log.contains("REGISTRY_TTL_OPNE (did you mean REGISTRY_TTL_OPEN?)"), "{log}");
    assert!(log.contains("--base 1"), "every setting is in the log: {log}");
    let refused = command(&[]).env("PORT", "many").output().unwrap();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("PORT is not a port"));
}

#[test]
fn long_polls_that_do_not_fit_the_connections_are_refused_at_start() {
    let refused =
        command(&["--listen", "127.0.0.1:0", "--max-connections", "100", "--max-waiting", "100"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(message.contains("--max-waiting 100 must be less"), "{message}");
}

#[test]
fn metrics_can_be_for_operators_alone() {
    let mut program = Program::start(&["--admin-listen", "127.0.0.1:0"]);
    let admin = program.admin_address().expect("a second address");
    assert!(program.get("/metrics", "").starts_with("HTTP/1.1 404"));
    for path in ["/healthz", "/readyz"] {
        assert!(program.get(path, "").starts_with("HTTP/1.1 200"), "{path}");
        assert!(Program::get_from(&admin, path).starts_with("HTTP/1.1 200"), "{path}");
    }
    program.create("");
    program.get("/rooms/ACDEFGHJ/public", "");
    let metrics = Program::get_from(&admin, "/metrics");
    for line in [
        r#"registry_rooms{state="open"} 1"#,
        "registry_connections ",
        "registry_bytes_in_flight 0",
        "registry_rooms_evicted_total 0",
        r#"registry_refused_total{reason="no_room"} 1"#,
        "registry_build_info{version=",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    assert!(Program::get_from(&admin, "/rooms/ACDEFGHJ/public").starts_with("HTTP/1.1 404"));
    assert!(!metrics.contains("GET /rooms/:code/public\",status=\"404\"} 2"), "the other address serves no rooms");
}

#[test]
fn it_says_that_it_stops_before_it_does() {
    let program = Program::start(&["--stop-delay", "1s"]);
    assert!(program.get("/readyz", "").ends_with("ready\n"));
    program.terminate();
    let not_ready = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        program.get("/readyz", "").starts_with("HTTP/1.1 503")
    });
    assert!(not_ready && program.create("").starts_with("HTTP/1.1 201"), "it still answers");
    let (took, clean, _) = program.stop();
    assert!(clean && took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn a_line_of_the_log_is_found_by_the_answer_and_names_no_address() {
    let program = Program::start(&["--trusted-proxies", "1", "--log-format", "json"]);
    let of = |ip: &str| {
        let answer = program.create(&format!("X-Forwarded-For: {ip}\r\n"));
        answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap().trim().to_owned()
    };
    let ids = ["198.51.100.7", "198.51.100.7", "198.51.100.8"].map(of);
    let (_, _, log) = program.stop();
    assert!(!log.contains("198.51.100"), "{log}");
    let line = |id: &String| {
        let line = log.lines().find(|line| line.contains(id.as_str())).unwrap();
        serde_json::from_str::<serde_json::Value>(line).unwrap()
    };
    let [first, second, third] = [&ids[0], &ids[1], &ids[2]].map(|id| line(id)["client"].clone());
    assert!(first.is_string() && first == second && first != third, "{log}");
}

#[test]
fn a_proxy_that_nobody_has_announced_is_noticed_once() {
    let program = Program::start(&[]);
    let own = "X-Forwarded-For: 192.0.2.1\r\n";
    for path in ["/healthz", "/readyz", "/metrics"] {
        program.get(path, own);
    }
    for _ in 0..3 {
        program.get("/rooms/ACDEFGHJ/public", "X-Forwarded-For: 192.0.2.1\r\n");
    }
    let (_, _, log) = program.stop();
    assert_eq!(log.matches("--trusted-proxies 1").count(), 1, "{log}");
}

/// Whatever watches over a server behind a proxy may call it directly.
#[test]
fn monitoring_is_no_client_whose_address_is_missing() {
    let mut program = Program::start(&["--trusted-proxies", "1", "--admin-listen", "127.0.0.1:0"]);
    let admin = program.admin_address().unwrap();
    for path in ["/healthz", "/readyz", "/metrics", "/"] {
        Program::get_from(&admin, path);
    }
    assert!(program.get("/readyz", "").starts_with("HTTP/1.1 200"));
    program.get("/rooms/ACDEFGHJ/public", "X-Forwarded-For: 192.0.2.1\r\n");
    let (_, _, log) = program.stop();
    assert!(!log.contains("X-Forwarded-For"), "{log}");
}

#[test]
fn whatever_is_refused_is_in_the_log_with_its_reason() {
    let program = Program::start(&["--log-format", "json"]);
    let request = |head: &str| program.raw(&format!("{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    let refused = [
        program.raw("GET /rooms/ACDEFGHJ/public HTTP/1.1\r\nConnection: close\r\n\r\n"),
        request("DELETE /metrics"),
        request("GET /nothing"),
    ];
    let ids = refused
        .map(|answer| answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap().trim().to_owned());
    let (_, _, log) = program.stop();
    let reasons = ids.map(|id| {
        let line = log.lines().find(|line| line.contains(&id)).unwrap_or_else(|| panic!("{id}\n{log}"));
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["client"].is_string() && line["status"].as_u64().unwrap() >= 400, "{line}");
        line["reason"].as_str().unwrap().to_owned()
    });
    assert_eq!(reasons, ["bad_host", "read_only", "no_route"]);
}
