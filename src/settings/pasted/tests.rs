use super::*;

fn read(text: &str) -> Pasted {
    ice_servers(text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

fn login(username: &str, credential: &str) -> Login {
    Login { username: username.into(), credential: credential.into() }
}

#[test]
fn a_list_a_configuration_and_a_single_server_are_understood() {
    let list = r#"[{"urls": "stun:s"}, {"urls": ["turn:t", "turns:t:443"], "username": "u", "credential": "p"}]"#;
    let expected = Pasted {
        stun: vec!["stun:s".into()],
        turn: vec![PastedTurn { urls: vec!["turn:t".into(), "turns:t:443".into()], login: login("u", "p") }],
        relay_only: None,
    };
    assert_eq!((read(list), expected.urls()), (expected.clone(), 3));
    let configuration = format!(r#"{{"iceServers": {list}, "iceTransportPolicy": "relay", "later": [1]}}"#);
    assert_eq!(read(&configuration), Pasted { relay_only: Some(true), ..expected.clone() });
    assert_eq!(read(r#"{"urls": "stun:s"}"#).stun, ["stun:s"]);
    assert_eq!(read(r#"{"iceServers": {"url": "stun:s"}}"#).stun, ["stun:s"]);
    assert_eq!(read(r#"["stun:a", "stuns:b"]"#).stun, ["stun:a", "stuns:b"]);
    assert_eq!(read("[]"), Pasted::default());
}

#[test]
fn what_stands_in_a_program_is_understood() {
    let turn = "{ urls: 'turn:t?transport=tcp', username: 'u', credential: 'p', }";
    let texts = [
        format!("[ {{ urls: 'stun:s' }}, {turn} ]"),
        format!("const config = {{\n  iceServers: [ // ours\n    {{ urls: 'stun:s' }},\n    {turn},\n  ],\n}};\n"),
        format!("iceServers: [{{urls: \"stun:s\"}}, {turn}],"),
        format!("new RTCPeerConnection({{ iceServers: [{{ urls: ['stun:s'] }}, {turn}] }})"),
        format!("{{ urls: 'stun:s' }}, {turn}"),
        format!("  {{ urls: 'stun:s' }},\n  {turn},"),
    ];
    for text in texts {
        let pasted = read(&text);
        assert_eq!((pasted.stun.as_slice(), pasted.turn.len()), (&["stun:s".to_owned()][..], 1), "{text}");
        assert_eq!(pasted.turn[0].login, login("u", "p"), "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_without_its_value() {
    for (text, words) in [
        ("", "neither"),
        ("stun:s", "neither"),
        ("[{\"urls\": \"stun:s\"}", "Line 1, column"),
        ("const list = [\n  { urls: 'stun:s },\n]", "Line 2, column"),
        ("[\n  { urls: process.env.SECRET },\n]", "Line 2, column 11"),
        ("[{urls: 'stun:s'}] more ]", "Line 1, column 20"),
        ("[{}]", "Server 1: it has no urls"),
        ("[{urls: 'stun:s'}, {urls: 7}]", "Server 2: urls must be"),
        ("[{urls: 'SECRET'}]", "Server 1: a URL must start with"),
        ("[{urls: 'turn:t?transport=SECRET'}]", "Server 1: A TURN URL has the form"),
        ("[{urls: 'turn:t', credential: {SECRET: 1}}]", "Server 1: credential must be"),
        ("[7]", "Server 1: it must be an object"),
        ("{iceServers: 'SECRET'}", "iceServers must be a list"),
        ("{iceServers: [], iceTransportPolicy: 'SECRET'}", "iceTransportPolicy must be"),
        (&"[".repeat(MOST_BRACKETS + 1), "too long"),
        (&" ".repeat(LONGEST + 1), "too long"),
    ] {
        let why = ice_servers(text).unwrap_err();
        assert!(why.contains(words), "{text:.60}: {why}");
        assert!(!why.contains("SECRET"), "{why}");
    }
}

#[test]
fn nesting_as_deep_as_is_allowed_is_an_error_in_words() {
    let text = format!("{}{}", "[".repeat(MOST_BRACKETS), "]".repeat(MOST_BRACKETS));
    assert!(ice_servers(&text).is_err());
}

fn settings() -> PageSettings {
    PageSettings { registry_url: "http://r".into(), ..PageSettings::default() }
}

#[test]
fn pasted_servers_replace_the_others_and_each_login_stays_with_its_own() {
    let mut set = PageSettings { turn_url: "turn:mine".into(), more_turn: vec!["turn:old".into()], ..settings() };
    set.change_login(0, |mine| *mine = login("me", "mine"));
    set.take_ice_servers(read(
        "[{urls: ['stun:a', 'turn:a'], username: 'u', credential: 'p'}, {urls: 'turn:b', username: 'v', credential: 'q'},
          {urls: 'turn:c'}]",
    ));
    assert_eq!((set.stun_url.as_str(), set.turn_rows().count()), ("stun:a", 3));
    let sent: Vec<_> =
        set.client_config().peer.ice_servers.into_iter().map(|server| (server.urls, server.credential)).collect();
    let expected = [("stun:a", None), ("turn:a", Some("p")), ("turn:b", Some("q"))];
    assert_eq!(sent, expected.map(|(url, password)| (vec![url.to_owned()], password.map(str::to_owned))));
    assert!(set.row_problems(2).login.is_some_and(|words| words.contains("another server")));
    set.take_ice_servers(read("{urls: 'turn:mine'}"));
    assert_eq!(set.login(0), Some(&login("me", "mine")), "a server keeps the login that it has");
}

#[test]
fn what_the_text_does_not_say_stays() {
    let mut set = PageSettings { relay_only: true, ..settings() };
    set.take_ice_servers(read("[]"));
    assert!(set.relay_only && set.stun_url.is_empty());
    set.take_ice_servers(read("{iceServers: [], iceTransportPolicy: 'all'}"));
    assert!(!set.relay_only);
}

#[test]
fn what_is_copied_has_no_password_and_can_be_pasted() {
    let mut set = settings();
    set.take_ice_servers(read(
        "[{urls: ['stun:a', 'turn:a', 'turns:a'], username: 'u', credential: 'tr0ub4dor'}, {urls: 'turn:b'}]",
    ));
    let copied = set.shared_ice_servers().to_string();
    assert!(!copied.contains("tr0ub4dor") && copied.contains("\"username\":\"u\""), "{copied}");
    let mut again = settings();
    again.take_ice_servers(read(&copied));
    assert_eq!((&again.stun_url, &again.turn_url, &again.more_turn), (&set.stun_url, &set.turn_url, &set.more_turn));
}
