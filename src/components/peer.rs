use registry_client::{ConnectionState, Role};
use yew::prelude::*;

use super::{
    CandidateTables, Chat, Codes, FactsPanel, GuestPanel, StateMap, Timeline, header, host_panel, intro, role_chooser,
    settings_panel,
};
use crate::hooks::{Session, SettingsHandle, use_page, use_registry_client};
use crate::link::Link;
use crate::services::dom;
use crate::state::Page;

/// Properties of [`Peer`].
#[derive(Properties, PartialEq)]
pub struct PeerProps {
    /// The settings.
    pub settings: SettingsHandle,
    /// What the page's address asks for.
    pub link: Link,
}

/// One peer: a client, what it is used with, and what is seen of it.
#[component]
pub fn Peer(props: &PeerProps) -> Html {
    let PeerProps { settings, link } = props;
    let page = use_page(link.role);
    let session = use_registry_client(&settings.current, &page.dispatcher());
    let state = page.state();
    use_effect_with(state, |state| dom::set_title(&title(*state)));
    html! {
        <>
            { header(&session, &page.stays) }
            <main class="app">
                { work(&session, &page, settings, link) }
                <div class="column">
                    <StateMap stays={page.stays.clone()} />
                    <FactsPanel facts={page.facts.clone()} room={page.room.clone()} />
                    <CandidateTables
                        local={page.facts.local.clone()}
                        remote={page.facts.remote.clone()}
                        pair={page.facts.pair.clone()}
                    />
                </div>
                <Timeline {session} log={page.log.clone()} />
            </main>
        </>
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
fn work(session: &Session, page: &Page, settings: &SettingsHandle, link: &Link) -> Html {
    html! {
        <div class="column work">
            <section class="card stack" aria-label="Session">
                if page.role.is_none() {
                    { intro() }
                }
                if page.is_free() {
                    { role_chooser(session, page.role) }
                }
                if page.role == Some(Role::Host) {
                    { host_panel(session, page, settings) }
                }
                if page.role == Some(Role::Guest) {
                    <GuestPanel session={session.clone()} page={page.clone()} settings={settings.clone()} codes={codes(link)} />
                }
            </section>
            if page.has_chat() {
                { chat(session, page) }
            }
            if page.is_free() {
                { settings_panel(settings) }
            }
        </div>
    }
}

fn codes(link: &Link) -> Codes {
    Codes { room: link.room.clone().unwrap_or_default(), join: link.join.clone().unwrap_or_default() }
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
            open={page.state() == ConnectionState::Connected}
            peer={peer.unwrap_or_else(|| "your peer".into())}
            problem={page.problem.clone().filter(|problem| problem.in_chat)}
        />
    }
}
