use super::super::{DEFAULT_STUN, Login};
use super::*;

const ORIGIN: &str = "http://o";

fn restored(settings: &str, link: &Link) -> Sources {
    Sources::restore(Stored { settings: Some(settings), ..Stored::default() }, ORIGIN, link)
}

/// The page of the next visit, in the same tab.
fn next_visit(sources: &Sources, link: &Link) -> Sources {
    let (settings, credentials) = (sources.remembered(), sources.credentials());
    let credentials = credentials.as_ref().map(Json::as_str);
    Sources::restore(Stored { settings: Some(settings.as_str()), credentials, earlier_credential: None }, ORIGIN, link)
}

fn change(sources: &Sources, change: impl FnOnce(&mut PageSettings)) -> Sources {
    let mut settings = sources.settings();
    change(&mut settings);
    sources.changed(&settings)
}

fn asking() -> Link {
    Link {
        registry: Some("http://l".into()),
        stun: Some(vec!["stun:l".into()]),
        turn: Some(vec!["turn:l".into()]),
        name: Some("Ann".into()),
        ..Link::default()
    }
}

fn logged_in(server: &str) -> Sources {
    let fresh = Sources::restore(Stored::default(), ORIGIN, &Link::default());
    change(&fresh, |set| {
        set.turn_url = server.into();
        set.change_login(0, |login| *login = Login { username: "u".into(), credential: "tr0ub4dor".into() });
    })
}

#[test]
fn a_fresh_page_talks_to_its_own_origin_and_has_no_problem() {
    let fresh = Sources::restore(Stored::default(), ORIGIN, &Link::default()).settings();
    assert_eq!(fresh.registry_url, ORIGIN);
    assert!(fresh.problems().none());
    assert_eq!(fresh.client_config().peer.ice_servers[0].urls, [DEFAULT_STUN]);
}

#[test]
fn what_is_remembered_survives_nonsense() {
    for nonsense in ["", "7", "{\"registryUrl\":7}", "{", "{\"turnLogins\":7}", "{\"registryUrl\":\" \"}"] {
        assert_eq!(restored(nonsense, &Link::default()).settings().registry_url, ORIGIN, "{nonsense}");
    }
    assert_eq!(restored("{\"new\":1,\"guestName\":\"Bob\"}", &Link::default()).settings().guest_name, "Bob");
}

#[test]
fn a_link_outdoes_what_was_remembered() {
    let link = Link { stun: Some(vec![]), ..asking() };
    let sources = restored("{\"registryUrl\":\"http://r\",\"hostName\":\"Zoe\"}", &link);
    let set = sources.settings();
    assert_eq!((set.registry_url.as_str(), set.stun_url.as_str()), ("http://l", ""));
    assert_eq!((set.host_name.as_str(), set.guest_name.as_str()), ("Ann", "Ann"));
    assert!(set.client_config().peer.ice_servers.is_empty());
    assert_eq!(sources.unlinked().settings().registry_url, "http://r");
}

#[test]
fn of_what_a_link_sets_nothing_is_remembered_when_something_else_is_changed() {
    let edits: [fn(&mut PageSettings); 7] = [
        |set| set.registry_url = "http://mine".into(),
        |set| set.stun_url = "stun:mine".into(),
        |set| set.turn_url = "turn:mine".into(),
        |set| set.more_turn = vec!["turn:mine".into()],
        |set| set.relay_only = true,
        |set| set.host_name = "Mine".into(),
        |set| set.guest_name = "Mine".into(),
    ];
    for edit in edits {
        let plain = Sources::restore(Stored::default(), ORIGIN, &Link::default());
        let expected = change(&plain, edit).settings();
        let edited = change(&Sources::restore(Stored::default(), ORIGIN, &asking()), edit);
        assert_eq!(next_visit(&edited, &Link::default()).settings(), expected);
    }
}

#[test]
fn what_the_person_changes_is_theirs_and_the_rest_is_the_links() {
    let sources = Sources::restore(Stored::default(), ORIGIN, &asking());
    let all = "the Registry, the STUN server, the TURN server and your name";
    assert_eq!(sources.linked().in_words().as_deref(), Some(all));
    let sources = change(&sources, |set| set.stun_url = "stun:mine".into());
    assert_eq!(sources.settings().stun_url, "stun:mine");
    assert_eq!(sources.linked().in_words().as_deref(), Some("the Registry, the TURN server and your name"));
    let sources = change(&sources, |set| set.host_name = "Zoe".into());
    assert!(sources.linked().host_name.is_none() && sources.linked().guest_name.is_some());
    assert_eq!(sources.unlinked().linked().in_words(), None);
    let next = next_visit(&sources, &Link::default()).settings();
    assert_eq!((next.stun_url.as_str(), next.host_name.as_str()), ("stun:mine", "Zoe"));
    assert_eq!((next.registry_url.as_str(), next.guest_name.as_str()), (ORIGIN, "Guest"));
}

#[test]
fn a_link_that_asks_for_what_is_set_already_sets_nothing() {
    let link = Link { registry: Some(ORIGIN.into()), stun: Some(vec![DEFAULT_STUN.into()]), ..Link::default() };
    assert_eq!(Sources::restore(Stored::default(), ORIGIN, &link).linked(), &Choices::default());
}

#[test]
fn only_what_was_chosen_is_remembered_and_no_password() {
    let sources = logged_in("turn:mine");
    let remembered = sources.remembered();
    assert!(!remembered.as_str().contains("tr0ub4dor") && !remembered.as_str().contains("stunUrl"), "{remembered:?}");
    let next = next_visit(&sources, &Link::default()).settings();
    assert_eq!(next.client_config().peer.ice_servers[1].credential.as_deref(), Some("tr0ub4dor"));
    let other_tab = restored(remembered.as_str(), &Link::default()).settings();
    assert_eq!(other_tab.login(0).map(|login| (login.username.as_str(), login.is_complete())), Some(("u", false)));
}

#[test]
fn a_links_server_gets_no_login_that_was_stored_for_another() {
    for named in ["turn:l", "turn:mine:3479", "turns:mine", "turn:mine.l"] {
        let link = Link { turn: Some(vec![named.into()]), ..Link::default() };
        let set = next_visit(&logged_in("turn:mine"), &link).settings();
        assert_eq!((set.turn_url.as_str(), set.login(0)), (named, None));
        assert!(set.problems().turn_login.is_some(), "so that auto=1 goes no further");
        assert!(set.client_config().peer.ice_servers.iter().all(|server| server.credential.is_none()));
    }
}

#[test]
fn a_login_entered_for_a_links_server_is_kept_beside_that_of_the_own() {
    let link = Link { turn: Some(vec!["turn:l".into()]), ..Link::default() };
    let sources = change(&next_visit(&logged_in("turn:mine"), &link), |set| {
        set.change_login(0, |login| *login = Login { username: "v".into(), credential: "q".into() });
    });
    let again = next_visit(&sources, &link).settings();
    assert_eq!(again.login(0).map(|login| login.username.as_str()), Some("v"));
    let own = next_visit(&sources, &Link::default()).settings();
    assert_eq!((own.turn_url.as_str(), own.login(0).map(|login| login.username.as_str())), ("turn:mine", Some("u")));
}

fn earlier(turn_url: &str, credential: Option<&str>, link: &Link) -> PageSettings {
    let settings = format!(
        "{{\"registryUrl\":\"http://o\",\"stunUrl\":\"stun:s\",\"turnUrl\":\"{turn_url}\",\"turnUsername\":\"u\",\
         \"relayOnly\":false,\"hostName\":\"Zoe\",\"guestName\":\"Guest\"}}"
    );
    let stored = Stored { settings: Some(&settings), credentials: None, earlier_credential: credential };
    Sources::restore(stored, ORIGIN, link).settings()
}

#[test]
fn a_login_of_an_earlier_version_belongs_to_the_server_beside_which_it_was_kept() {
    let set = earlier("turn:mine", Some("p"), &Link::default());
    assert_eq!((set.stun_url.as_str(), set.host_name.as_str()), ("stun:s", "Zoe"));
    assert_eq!(set.client_config().peer.ice_servers[1].credential.as_deref(), Some("p"));
    let other = earlier("turn:mine", Some("p"), &Link { turn: Some(vec!["turn:l".into()]), ..Link::default() });
    assert_eq!((other.turn_url.as_str(), other.login(0)), ("turn:l", None));
    let link = Link { turn: Some(vec!["turn:l".into()]), ..Link::default() };
    assert!(earlier("", Some("p"), &link).logins.is_empty(), "the login of no server is dropped");
    assert!(earlier("nonsense", Some("p"), &Link::default()).logins.is_empty());
}

#[test]
fn a_password_of_an_earlier_version_without_its_server_is_dropped() {
    let settings = logged_in("turn:mine").remembered();
    let stored =
        Stored { settings: Some(settings.as_str()), credentials: None, earlier_credential: Some("somebody's") };
    let set = Sources::restore(stored, ORIGIN, &Link::default()).settings();
    assert_eq!(set.login(0).map(Login::is_complete), Some(false));
}

#[test]
fn the_servers_of_a_link_replace_all_of_the_own_while_it_lasts() {
    let own = change(&logged_in("turn:mine"), |set| {
        set.more_turn = vec!["turn:mine2".into()];
        set.change_login(1, |login| *login = Login { username: "w".into(), credential: "s3cond".into() });
    });
    let link = Link { turn: Some(vec!["turn:l".into(), "turn:l2".into()]), ..Link::default() };
    let sources = next_visit(&own, &link);
    let set = sources.settings();
    assert_eq!(set.turn_rows().collect::<Vec<_>>(), ["turn:l", "turn:l2"]);
    assert!(set.login(0).is_none() && set.login(1).is_none());
    assert!(set.problems().more_turn.is_some());
    assert_eq!(sources.linked().in_words().as_deref(), Some("the TURN server"));
    let changed = change(&sources, |set| set.host_name = "Zoe".into());
    let again = next_visit(&changed, &Link::default()).settings();
    assert_eq!(again.turn_rows().collect::<Vec<_>>(), ["turn:mine", "turn:mine2"]);
    assert_eq!(again.client_config().peer.ice_servers[2].credential.as_deref(), Some("s3cond"));
}

#[test]
fn rows_are_remembered_without_the_empty_ones_and_without_passwords() {
    let sources = change(&logged_in("turn:mine"), |set| {
        set.more_turn = vec![" ".into(), "turn:b".into()];
        set.change_login(2, |login| *login = Login { username: "w".into(), credential: "s3cond".into() });
    });
    let remembered = sources.remembered();
    assert!(!remembered.as_str().contains("s3cond") && !remembered.as_str().contains("tr0ub4dor"), "{remembered:?}");
    let next = next_visit(&sources, &Link::default()).settings();
    assert_eq!(
        (next.more_turn.as_slice(), next.login(1).is_some_and(Login::is_complete)),
        (&["turn:b".to_owned()][..], true)
    );
}
