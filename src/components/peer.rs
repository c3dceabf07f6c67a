use registry_client::{ConnectionState, Role};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::{
    Candidates, Chat, CloseButton, Codes, FactsPanel, GuestPanel, HostPanel, Intro, Masthead, PresentState,
    RoleChooser, SettingsPanel, StateMap, Timeline,
};
use crate::hooks::{
    Auto, Session, SettingsHandle, use_auto, use_current_settings, use_page, use_parent, use_registry_client,
};
use crate::link::Link;
use crate::services::root;
use crate::state::Page;

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
}

/// One peer: a client, its controls and everything shown about it.
#[component]
pub fn Peer(props: &PeerProps) -> Html {
    let PeerProps { place, link, codes, .. } = props;
    let page = use_page(link.role);
    let settings = use_current_settings();
    // Scripts see one client: of two peers, the host's.
    let exposed = *place != Place::Pair || link.role == Some(Role::Host);
    let session = use_registry_client(&settings.current, exposed, &page.dispatcher());
    // The first effect, so that the parent misses nothing.
    use_parent(link.parent.as_deref(), &session, &page, &settings);
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
                    <Watch page={(*page).clone()} scope="" />
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
                        <Watch page={(*page).clone()} scope={role} />
                    </div>
                </section>
            }
        }
        Place::Frame => html! {
            <main class={style()}>
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
    let PeerProps { place, link, codes, oncodes } = props;
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

#[derive(Properties, PartialEq)]
struct WatchProps {
    page: Page,
    scope: &'static str,
}

/// State, facts, candidates and timeline.
#[component]
fn Watch(props: &WatchProps) -> Html {
    let WatchProps { page, scope } = props;
    let facts = &page.facts;
    html! {
        <>
            <section class="column" aria-label="State and facts" tabindex="0">
                <StateMap stays={page.stays.clone()} />
                <FactsPanel {facts} has_room={page.room.is_some()} life={page.life} buffer={page.buffer} />
                <Candidates local={&facts.local} remote={&facts.remote} pair={facts.pair.clone()} />
            </section>
            <Timeline {scope} log={page.log.clone()} />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct WorkProps {
    page: Page,
    link: Link,
    codes: Codes,
}

/// Role, room, chat and settings.
#[component]
fn Work(props: &WorkProps) -> Html {
    let WorkProps { page, link, codes } = props;
    let one_of_two = link.peers;
    let sets = page.is_free() && (!one_of_two || link.role == Some(Role::Host));
    html! {
        <div class="column work">
            if !link.refused.is_empty() {
                // A link may come from anybody: nothing of it is repeated.
                <section class="card stack tone-warn refused" data-testid="link-refused" role="alert">
                    for text in &link.refused {
                        <p>{ *text }</p>
                    }
                </section>
            }
            <section class="card stack" aria-label="Session">
                if page.role.is_none() && !link.embed {
                    <Intro />
                }
                if page.is_free() && !one_of_two {
                    <RoleChooser role={page.role} />
                }
                if page.role == Some(Role::Host) {
                    <HostPanel page={page.clone()} />
                } else if page.role == Some(Role::Guest) {
                    <GuestPanel page={page.clone()} codes={codes.clone()} />
                }
            </section>
            if page.has_chat() {
                <Chat
                    messages={page.chat.clone()}
                    open={page.takes_messages()}
                    can_cut={page.state() == ConnectionState::Connected && page.facts.durable == Some(true)}
                    reconnect={page.reconnect}
                    peer={peer_name(page)}
                    problem={page.problem.clone().filter(|problem| problem.in_chat)}
                />
            }
            if sets {
                <SettingsPanel />
            }
        </div>
    }
}

fn peer_name(page: &Page) -> String {
    let name = page.room.as_ref().and_then(|room| match page.role {
        Some(Role::Guest) => room.host_name.clone(),
        _ => room.guest_name.clone(),
    });
    name.unwrap_or_else(|| "your peer".into())
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
        .chat { height: 440px; flex: none; }
        "#
    )
}
