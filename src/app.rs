//! The root component: what is provided to all, and where everything stands.

use registry_client::{ConnectionState, Role};
use stylist::yew::use_style;
use yew::prelude::*;

use crate::components::{
    CandidateTables, Chat, FactsPanel, GlobalStyle, GuestPanel, Header, HostPanel, Intro, RoleChooser, SettingsPanel,
    StateMap, Timeline,
};
use crate::hooks::{Session, SettingsHandle, use_page, use_registry_client, use_settings};
use crate::link::Link;
use crate::services::{dom, location};
use crate::state::Page;

/// The whole page.
#[component]
pub fn App() -> Html {
    let style = use_style!(
        r#"
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        padding: 12px;

        .column { display: flex; flex-direction: column; gap: 12px; min-width: 0; }
        .column:focus-visible { outline-offset: -2px; }
        .timeline { height: 480px; container-type: inline-size; }
        .timeline.folded { height: auto; }

        @media (min-width: 760px) {
            & { grid-template-columns: minmax(320px, 2fr) minmax(0, 3fr); }
            .timeline { grid-column: 1 / -1; }
        }
        @media (min-width: 1100px) {
            & {
                grid-template-columns: minmax(310px, 380px) minmax(350px, 520px) minmax(330px, 1fr);
                height: calc(100dvh - 53px);
                min-height: 460px;
                gap: 0;
                padding: 0;
            }
            .column { overflow-y: auto; padding: 12px; scrollbar-width: thin; }
            .work { padding-right: 4px; }
            .timeline { grid-column: auto; height: auto; border-radius: 0; border-width: 0 0 0 1px; }
            .timeline.folded { height: auto; }
        }
    "#
    );
    let link = use_memo((), |()| location::link());
    let settings = use_settings(&link);
    let page = use_page(link.role);
    let session = use_registry_client(&settings.current, &page.dispatcher());
    let state = page.state();
    use_effect_with(state, |state| dom::set_title(&title(*state)));
    html! {
        <ContextProvider<Session> context={session}>
            <GlobalStyle />
            <Header stays={page.stays.clone()} />
            <main class={style}>
                <Work page={(*page).clone()} {settings} link={(*link).clone()} />
                <section class="column" aria-label="State and facts" tabindex="0">
                    <StateMap stays={page.stays.clone()} />
                    <FactsPanel facts={page.facts.clone()} room={page.room.clone()} />
                    <CandidateTables
                        local={page.facts.local.clone()}
                        remote={page.facts.remote.clone()}
                        pair={page.facts.pair.clone()}
                    />
                </section>
                <Timeline log={page.log.clone()} />
            </main>
        </ContextProvider<Session>>
    }
}

/// The title tells the state in a tab that is not seen.
fn title(state: ConnectionState) -> String {
    match state {
        ConnectionState::Idle => "Registry harness".into(),
        state => format!("{state} · Registry harness"),
    }
}

#[derive(Properties, PartialEq)]
struct WorkProps {
    page: Page,
    settings: SettingsHandle,
    link: Link,
}

/// What a person does: choose a role, share or enter codes, chat, set.
#[component]
fn Work(props: &WorkProps) -> Html {
    let WorkProps { page, settings, link } = props;
    let peer = page.room.as_ref().and_then(|room| match page.role {
        Some(Role::Guest) => room.host_name.clone(),
        _ => room.guest_name.clone(),
    });
    html! {
        <div class="column work">
            <section class="card stack" aria-label="Session">
                if page.role.is_none() {
                    <Intro />
                }
                if page.is_free() {
                    <RoleChooser role={page.role} />
                }
                if page.role == Some(Role::Host) {
                    <HostPanel page={page.clone()} settings={settings.clone()} />
                }
                if page.role == Some(Role::Guest) {
                    <GuestPanel
                        page={page.clone()}
                        settings={settings.clone()}
                        room={link.room.clone().unwrap_or_default()}
                        join={link.join.clone().unwrap_or_default()}
                    />
                }
            </section>
            if page.has_chat() {
                <Chat
                    messages={page.chat.clone()}
                    open={page.state() == ConnectionState::Connected}
                    peer={peer.unwrap_or_else(|| "your peer".into())}
                    problem={page.problem.clone().filter(|problem| problem.in_chat)}
                />
            }
            if page.is_free() {
                <SettingsPanel settings={settings.clone()} disabled={false} />
            }
        </div>
    }
}
