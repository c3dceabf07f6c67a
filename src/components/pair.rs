use registry_client::Role;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::{Codes, Instrument, Masthead, Peer, Place, Seen, Timeline};
use crate::hooks::{Reveal, use_opened, use_reveal, use_shown_log, use_tracks};
use crate::link::Link;
use crate::state::{History, log};

/// Properties of [`Pair`].
#[derive(Properties, PartialEq)]
pub struct PairProps {
    /// The parameters of the page's URL.
    pub link: Link,
}

/// A host and a guest side by side, each with a client of its own, and below them one instrument for both. The guest's form is
/// filled in with the host's codes.
#[component]
pub fn Pair(props: &PairProps) -> Html {
    let codes = use_state_eq(Codes::default);
    let oncodes = use_callback(codes.setter(), |new, codes| codes.set(new));
    let (host, guest) = (use_state_eq(|| None::<Seen>), use_state_eq(|| None::<Seen>));
    let onhost = use_callback(host.setter(), |seen, host| host.set(Some(seen)));
    let onguest = use_callback(guest.setter(), |seen, guest| guest.set(Some(seen)));
    let one = |role| Link { role: Some(role), parent: None, ..props.link.clone() };
    html! {
        <>
            <Masthead />
            <main class={style()}>
                <div class="peers">
                    <Peer place={Place::Pair} link={one(Role::Host)} {oncodes} onseen={onhost} />
                    <Peer place={Place::Pair} link={one(Role::Guest)} codes={(*codes).clone()} onseen={onguest} />
                </div>
                if let Some((host, guest)) = (*host).clone().zip((*guest).clone()) {
                    <Both {host} {guest} />
                }
            </main>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct BothProps {
    host: Seen,
    guest: Seen,
}

/// What has been recorded of both peers, on one clock.
#[component]
fn Both(props: &BothProps) -> Html {
    let BothProps { host, guest } = props;
    let tracks = use_tracks(vec![host.recorded.clone(), guest.recorded.clone()]);
    let logs = (host.log.clone(), guest.log.clone());
    let log: History<_> = (*use_memo(logs, |(host, guest)| log::merged(host, guest))).clone();
    let opened = use_opened();
    let log = use_shown_log(&log, &opened);
    let onclear = use_callback((host.session.clone(), guest.session.clone()), |_: MouseEvent, (host, guest)| {
        host.clear_log();
        guest.clear_log();
    });
    let sessions = vec![host.session.clone(), guest.session.clone()];
    let reveal = use_reveal();
    html! {
        <ContextProvider<Reveal> context={reveal}>
            <div class="both" data-testid="both-peers">
                <Instrument scope="both-" {tracks} {sessions} {opened}>
                    <Timeline scope="both-" {log} {onclear} />
                </Instrument>
            </div>
        </ContextProvider<Reveal>>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        .peers {
            display: grid;
            grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
            align-items: start;
        }
        .both { padding: 0 12px 12px; }
        .both .timeline { border: 1px solid var(--line); border-radius: var(--radius); height: 480px; }
        "#
    )
}
