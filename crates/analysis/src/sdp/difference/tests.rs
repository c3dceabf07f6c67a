use super::*;

const CHROMIUM_OFFER: &str = include_str!("../../../fixtures/chromium-offer.sdp");
const CHROMIUM_ANSWER: &str = include_str!("../../../fixtures/chromium-answer.sdp");
const FIREFOX_OFFER: &str = include_str!("../../../fixtures/firefox-offer.sdp");
const FIREFOX_ANSWER: &str = include_str!("../../../fixtures/firefox-answer.sdp");

fn offers(one: &str, other: &str) -> Vec<Difference> {
    differences((Kind::Offer, one), (Kind::Offer, other))
}

fn offer_and_answer(offer: &str, answer: &str) -> Vec<Difference> {
    differences((Kind::Offer, offer), (Kind::Answer, answer))
}

/// The names of those that matter, or of those that do not.
fn names(found: &[Difference], matters: bool) -> Vec<&str> {
    found.iter().filter(|of| of.matters == matters).map(|of| of.name.as_str()).collect()
}

#[test]
fn a_description_does_not_differ_from_itself() {
    for sdp in [CHROMIUM_OFFER, FIREFOX_ANSWER, "", "nonsense\n\n="] {
        assert_eq!(offers(sdp, sdp), []);
    }
    assert_eq!(offers(CHROMIUM_OFFER, &CHROMIUM_OFFER.replace("\r\n", "\n")), [], "line ends mean nothing");
}

#[test]
fn of_an_offer_and_its_answer_only_what_always_differs_differs() {
    for (offer, answer) in [(CHROMIUM_OFFER, CHROMIUM_ANSWER), (FIREFOX_OFFER, FIREFOX_ANSWER)] {
        let found = offer_and_answer(offer, answer);
        assert_eq!(names(&found, true), [""; 0], "{found:#?}");
        let mut expected = names(&found, false);
        expected.sort_unstable();
        assert_eq!(expected, ["fingerprint", "ice-pwd", "ice-ufrag", "o", "setup"]);
    }
    // Between browsers, what each of them accepts matters.
    let found = offer_and_answer(CHROMIUM_OFFER, FIREFOX_ANSWER);
    assert_eq!(names(&found, true), ["max-message-size"], "{found:#?}");
}

#[test]
fn the_order_of_two_makes_no_difference_to_what_is_said() {
    let there = offer_and_answer(CHROMIUM_OFFER, FIREFOX_ANSWER);
    let back = differences((Kind::Answer, FIREFOX_ANSWER), (Kind::Offer, CHROMIUM_OFFER));
    assert_eq!(there.len(), back.len());
    for (one, other) in there.iter().zip(&back) {
        assert_eq!((&one.first, &one.second, one.words), (&other.second, &other.first, other.words));
    }
}

#[test]
fn gathering_changes_nothing_that_matters() {
    for (before, after) in [
        (CHROMIUM_OFFER, include_str!("../../../fixtures/chromium-offer-gathered.sdp")),
        (FIREFOX_OFFER, include_str!("../../../fixtures/firefox-offer-gathered.sdp")),
    ] {
        let found = offers(before, after);
        assert_eq!(names(&found, true), [""; 0], "{found:#?}");
        assert!(names(&found, false).contains(&"candidate"));
    }
}

#[test]
fn passwords_are_not_shown() {
    let shown = format!("{:?}", offer_and_answer(CHROMIUM_OFFER, FIREFOX_ANSWER));
    assert!(shown.contains("ice-pwd") && !shown.contains("secret"), "{shown}");
}

#[test]
fn an_ice_restart_is_told_from_another_session() {
    let restarted = CHROMIUM_OFFER.replace("ice-ufrag:", "ice-ufrag:x").replace("ice-pwd:", "ice-pwd:x");
    let found = offers(CHROMIUM_OFFER, &restarted);
    assert_eq!(names(&found, true), ["ice-ufrag", "ice-pwd"]);
    assert!(found[0].words.starts_with("ICE restarts"), "{found:?}");
    let another = restarted.replace("o=- 5", "o=- 6").replace("sha-256 2", "sha-256 3");
    let found = offers(CHROMIUM_OFFER, &another);
    assert_eq!((names(&found, true), names(&found, false)), (vec![], vec!["o", "ice-ufrag", "ice-pwd", "fingerprint"]));
}

#[test]
fn what_is_wrong_is_found() {
    let answer = |from: &str, to: &str| {
        assert!(CHROMIUM_ANSWER.contains(from));
        offer_and_answer(CHROMIUM_OFFER, &CHROMIUM_ANSWER.replace(from, to))
    };
    for (from, to, name) in [
        ("a=setup:active", "a=setup:actpass", "setup"),
        ("a=mid:0", "a=mid:data", "mid"),
        ("a=max-message-size:262144", "a=max-message-size:1000", "max-message-size"),
        ("a=ice-options:trickle\r\n", "", "ice-options"),
        ("a=group:BUNDLE 0\r\n", "", "group"),
        ("m=application 9", "m=application 0", "m"),
        ("UDP/DTLS/SCTP", "DTLS/SCTP", "m"),
        ("a=sctp-port:5000", "a=new-one:5000", "new-one"),
        ("a=setup:active", "garbage", "garbage"),
    ] {
        let found = answer(from, to);
        assert!(names(&found, true).contains(&name), "{to}: {found:#?}");
    }
    let passive = CHROMIUM_OFFER.replace("actpass", "passive");
    let found = offer_and_answer(&passive, &CHROMIUM_ANSWER.replace("active", "passive"));
    assert!(found.iter().any(|of| of.matters && of.words.contains("never does")), "equal roles: {found:#?}");
    let longer = format!("{CHROMIUM_ANSWER}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n");
    let found = offer_and_answer(CHROMIUM_OFFER, &longer);
    assert_eq!(names(&found, true), ["m"]);
    assert_eq!(
        (found.last().unwrap().first.as_deref(), found.last().unwrap().section.as_str()),
        (None, "audio, without a mid")
    );
}

#[test]
fn certificates_must_not_change_within_a_session() {
    let found = offers(CHROMIUM_OFFER, &CHROMIUM_OFFER.replace("sha-256 2", "sha-256 3"));
    assert_eq!(names(&found, true), ["fingerprint"]);
}
