use std::rc::Rc;

use registry_client::{ConnectionState, Role};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::watch::{Overview, Watch};
use super::work::{Work, session_label};
use super::{CloseButton, Codes, Masthead, PresentState};
use crate::hooks::{
    Auto, Session, SettingsHandle, use_auto, use_current_settings, use_page, use_parent, use_registry_client,
};
use crate::link::Link;
use crate::services::root;
use crate::services::session::Whose;
use crate::state::{History, LogEntry, Page, Recorded};

/// Where a peer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the whole page.
    Page,
    /// It shares the page with another peer.
    Pair,
    /// It is embedded in another page, where only the controls are shown.
    Frame,
}

/// Properties of [`Peer`].
#[derive(Properties, PartialEq)]
pub struct PeerProps {
    /// Where it is shown.
    pub place: Place,
    /// The parameters of the page's URL.
    pub link: Link,
    /// The codes of the room to join.
    #[prop_or_default]
    pub codes: Codes,
    /// Called with the codes of a room that this peer has created.
    #[prop_or_default]
    pub oncodes: Callback<Codes>,
    /// Called with what has been recorded, whenever there is something new.
    #[prop_or_default]
    pub onseen: Callback<Seen>,
}

/// What has been recorded of a peer, and its session.
#[derive(Clone, PartialEq)]
pub struct Seen {
    /// Every event, as the timeline shows it.
    pub log: History<Rc<LogEntry>>,
    /// Every event, and the samples of its statistics.
    pub recorded: Recorded,
    /// The session.
    pub session: Session,
}

/// One peer: a client, its controls and everything shown about it.
#[component]
pub fn Peer(props: &PeerProps) -> Html {
    let PeerProps { place, link, codes, .. } = props;
    let peer = link.role.filter(|_| *place == Place::Pair);
    let page = use_page(link.role, peer);
    let settings = use_current_settings();
    // Frames of one origin share what a tab keeps.
    let scope = match place {
        Place::Page => Some("page"),
        Place::Pair => link.role.map(Role::as_str),
        Place::Frame => None,
    };
    // Scripts see one client: of two peers, the host's.
    let exposed = *place != Place::Pair || link.role == Some(Role::Host);
    let whose = match place {
        Place::Page => Some(Whose::Page),
        // Of two peers, none is resumed.
        Place::Pair => None,
        Place::Frame => Whose::of_frame(link),
    };
    let session = use_registry_client(&settings.current, exposed, whose, scope, &page.dispatcher());
    // The first effect, so that the parent misses nothing.
    use_parent(link, &session, &page, &settings);
    use_peer(&session, &page, &settings, props);
    let state = page.state();
    let work = html! { <Work page={(*page).clone()} link={link.clone()} codes={codes.clone()} /> };
    let status = html! {
        <>
            <PresentState stays={page.stays.clone()} />
            <CloseButton {state} closing={page.closing} />
        </>
    };
    let body = match place {
        Place::Page => html! {
            <>
                <Masthead>{ status }</Masthead>
                <main class="app">
                    { work }
                    <Watch page={(*page).clone()} />
                </main>
            </>
        },
        Place::Pair => {
            let role = link.role.map_or("", Role::as_str);
            html! {
                <section class={style()} data-testid={format!("peer-{role}")} aria-label={role}>
                    <div class="bar">
                        <h2>{ if link.role == Some(Role::Host) { "Host" } else { "Guest" } }</h2>
                        { status }
                    </div>
                    <div class="app">
                        { work }
                        <div class="column"><Overview page={(*page).clone()} /></div>
                    </div>
                </section>
            }
        }
        Place::Frame => html! {
            <main class={style()} aria-label={session_label(page.role)}>
                <div class="bar">{ status }</div>
                <div class="app">{ work }</div>
            </main>
        },
    };
    html! { <ContextProvider<Session> context={session}>{ body }</ContextProvider<Session>> }
}

/// What a peer does without a click.
#[hook]
fn use_peer(session: &Session, page: &Page, settings: &SettingsHandle, props: &PeerProps) {
    let PeerProps { place, link, codes, oncodes, onseen } = props;
    let (place, state) = (*place, page.state());
    use_effect_with(session.clone(), move |session| {
        // A reload resumes one connection; of two peers, none.
        if place != Place::Pair {
            session.resume();
        }
    });
    // Settings that need attention turn `auto=1` off for good.
    let by_itself = use_memo((), |()| link.auto && settings.current.problems().none());
    let auto = page.role.filter(|_| *by_itself).map(|role| Auto {
        role,
        name: settings.current.name_of(role).to_owned(),
        codes: codes.clone(),
    });
    use_auto(session, state, auto);
    use_effect_with((place, state), |(place, state)| {
        if *place == Place::Page {
            root::set_title(&title(*state));
        }
    });
    let seen = Seen { log: page.log.clone(), recorded: page.recorded(), session: session.clone() };
    use_effect_with((seen, onseen.clone()), |(seen, onseen)| onseen.emit(seen.clone()));
    use_effect_with((page.room.clone(), oncodes.clone()), |(room, oncodes)| {
        if let Some((room, join)) = room.as_ref().and_then(|room| Some((room.code.clone(), room.join_code.clone()?))) {
            oncodes.emit(Codes { room, join });
        }
    });
}

/// The title shows the state, for a tab in the background.
fn title(state: ConnectionState) -> String {
    match state {
        ConnectionState::Idle => "Registry harness".into(),
        state => format!("{state} · Registry harness"),
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        min-width: 0;

        > .bar { display: flex; align-items: center; flex-wrap: wrap; gap: 6px 12px; padding: 12px 12px 0; }
        > .bar h2 { font-size: 17px; }
        > .bar .state { margin-right: auto; }
        > .bar .close .button { min-height: 28px; }
        .app { grid-template-columns: minmax(0, 1fr); height: auto; min-height: 0; gap: 12px; padding: 12px; }
        .app .column { overflow-y: visible; padding: 0; }
        .app .timeline { height: 480px; border-radius: var(--radius); border-width: 1px; }
        .app .timeline.collapsed { height: auto; }
        .chat { min-height: 440px; flex: none; }
        "#
    )
}
