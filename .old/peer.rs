use registry_client::{ConnectionState, Role};
use yew::prelude::*;

use super::{
    Chat, Codes, GuestPanel, Timeline, candidate_tables, facts_panel, host_panel, intro, masthead, role_chooser,
    settings_panel, state_map, status,
};
use crate::hooks::{Auto, Session, SettingsHandle, use_auto, use_effect_on, use_page, use_parent, use_registry_client};
use crate::link::Link;
use crate::markup::markup;
use crate::services::dom;
use crate::state::Page;

/// Where a peer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the page.
    Page,
    /// It shares the page with another one.
    Pair,
    /// It is part of somebody else's page, where there is room for what is used and not for what is watched.
    Frame,
}

/// Properties of [`Peer`].
#[derive(Properties, PartialEq)]
pub struct PeerProps {
    /// Where it is shown.
    pub place: Place,
    /// The settings.
    pub settings: SettingsHandle,
    /// What the page's address asks for.
    pub link: Link,
    /// The codes of the room to join.
    #[prop_or_default]
    pub codes: Codes,
    /// Told the codes of the room that this peer has made.
    #[prop_or_default]
    pub oncodes: Callback<Codes>,
}

/// One peer: a client, what it is used with, and what is seen of it.
#[component]
pub fn Peer(props: &PeerProps) -> Html {
    let PeerProps { place, settings, link, codes, oncodes } = props;
    let page = use_page(link.role);
    // Scripts find one client: of two peers, the host's.
    let exposed = *place != Place::Pair || link.role == Some(Role::Host);
    let session = use_registry_client(&settings.current, exposed, &page.dispatcher());
    // Two peers in one tab have no page of their own to be reloaded.
    let resumes = *place != Place::Pair;
    use_effect_on(session.clone(), move |session| {
        if resumes {
            session.resume();
        }
    });
    let state = page.state();
    // First of all, so that the parent misses nothing.
    use_parent(link.parent.as_deref(), &session, &page, settings);
    // Settings that need attention take the matter out of the link's hands, for good.
    let by_itself = use_memo((), |()| link.auto && settings.current.problems().none());
    use_auto(&session, state, page.role.filter(|_| *by_itself).map(|role| auto(role, settings, codes)));
    use_effect_on((*place, state), |(place, state)| {
        if *place == Place::Page {
            dom::set_title(&title(*state));
        }
    });
    use_effect_on((page.room.clone(), oncodes.clone()), |(room, oncodes)| {
        if let Some((room, join)) = room.as_ref().and_then(|room| Some((room.code.clone(), room.join_code.clone()?))) {
            oncodes.emit(Codes { room, join });
        }
    });
    let work = work(&session, &page, settings, link, codes);
    match place {
        Place::Page => markup! {
            { masthead(status(&session, &page)) }
            <main class="app">
                { work }
                { watched(&session, &page, "") }
            </main>
        },
        Place::Pair => {
            let role = link.role.map_or("", Role::as_str);
            markup! {
                <section class="peer" data-testid={format!("peer-{role}")} aria-label={role}>
                    <div class="bar">
                        <h2>{ if link.role == Some(Role::Host) { "Host" } else { "Guest" } }</h2>
                        { status(&session, &page) }
                    </div>
                    <div class="app">
                        { work }
                        { watched(&session, &page, role) }
                    </div>
                </section>
            }
        }
        Place::Frame => markup! {
            <main class="peer">
                <div class="bar">{ status(&session, &page) }</div>
                <div class="app">{ work }</div>
            </main>
        },
    }
}

/// What happens without a click.
fn auto(role: Role, settings: &SettingsHandle, codes: &Codes) -> Auto {
    Auto { role, name: settings.current.name_of(role).to_owned(), codes: codes.clone() }
}

/// What a person watches.
fn watched(session: &Session, page: &Page, scope: &'static str) -> Html {
    let facts = &page.facts;
    markup! {
        <section class="column" aria-label="State and facts" tabindex="0">
            { state_map(&page.stays) }
            { facts_panel(page) }
            { candidate_tables(&facts.local, &facts.remote, facts.pair.as_ref()) }
        </section>
        { html! { <Timeline session={session.clone()} {scope} log={page.log.clone()} /> } }
    }
}

/// The title tells the state in a tab that is not seen.
fn title(state: ConnectionState) -> String {
    match state {
        ConnectionState::Idle => "Registry harness".into(),
        state => format!("{state} · Registry harness"),
    }
}

/// What a person does: choose a role, share or enter codes, chat, set.
fn work(session: &Session, page: &Page, settings: &SettingsHandle, link: &Link, codes: &Codes) -> Html {
    let one_of_two = link.peers;
    let guest = || {
        let (session, page, settings) = (session.clone(), page.clone(), settings.clone());
        html! { <GuestPanel {session} {page} {settings} codes={codes.clone()} /> }
    };
    let sets = page.is_free() && (!one_of_two || link.role == Some(Role::Host));
    markup! {
        <div class="column work">
            { (!link.refused.is_empty()).then(|| refusals(&link.refused)) }
            <section class="card stack" aria-label="Session">
                { (page.role.is_none() && !link.embed).then(intro) }
                { (page.is_free() && !one_of_two).then(|| role_chooser(session, page.role)) }
                { (page.role == Some(Role::Host)).then(|| host_panel(session, page, settings)) }
                { (page.role == Some(Role::Guest)).then(guest) }
            </section>
            { page.has_chat().then(|| chat(session, page)) }
            { sets.then(|| settings_panel(settings)) }
        </div>
    }
}

/// What the page's address asks for in vain. It may come from anybody, so none of it is repeated.
fn refusals(refused: &[&'static str]) -> Html {
    markup! {
        <section class="card stack refused" data-testid="link-refused" role="alert">
            { refused.iter().map(|text| markup! { <p>{ *text }</p> }).collect::<Html>() }
        </section>
    }
}

fn chat(session: &Session, page: &Page) -> Html {
    let peer = page.room.as_ref().and_then(|room| match page.role {
        Some(Role::Guest) => room.host_name.clone(),
        _ => room.guest_name.clone(),
    });
    html! {
        <Chat
            session={session.clone()}
            messages={page.chat.clone()}
            open={page.takes_messages()}
            can_cut={page.state() == ConnectionState::Connected && page.facts.durable == Some(true)}
            reconnect={page.reconnect}
            peer={peer.unwrap_or_else(|| "your peer".into())}
            problem={page.problem.clone().filter(|problem| problem.in_chat)}
        />
    }
}
