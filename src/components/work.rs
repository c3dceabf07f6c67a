use registry_client::{ConnectionState, Role};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::{Chat, CheckPanel, Codes, GuestPanel, HostPanel, Intro, RoleChooser, SettingsPanel};
use crate::link::Link;
use crate::state::Page;

/// Properties of [`Work`].
#[derive(Properties, PartialEq)]
pub struct WorkProps {
    /// The page's state.
    pub page: Page,
    /// The parameters of the page's URL.
    pub link: Link,
    /// The codes of the room to join.
    pub codes: Codes,
}

/// Role, room, chat and settings.
#[component]
pub fn Work(props: &WorkProps) -> Html {
    let WorkProps { page, link, codes } = props;
    let one_of_two = link.peers;
    let sets = page.is_free() && (!one_of_two || link.role == Some(Role::Host));
    html! {
        <div class="column work">
            if !link.refused.is_empty() {
                // A link may come from anybody: nothing of it is repeated.
                <section class={classes!("card", "stack", "tone-warn", refused())} data-testid="link-refused" role="alert">
                    for text in &link.refused {
                        <p key={*text}>{ *text }</p>
                    }
                </section>
            }
            <section class="card stack" aria-label={session_label(page.role)}>
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
            if sets && !one_of_two && !link.embed {
                <CheckPanel />
            }
            if page.has_chat() {
                <Chat
                    messages={page.chat.clone()}
                    open={page.takes_messages()}
                    closing={page.closing}
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

/// What a landmark with the session of this role is called: a page can embed several.
pub(super) fn session_label(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Host) => "Session as host",
        Some(Role::Guest) => "Session as guest",
        None => "Session",
    }
}

fn peer_name(page: &Page) -> String {
    let name = page.room.as_ref().and_then(|room| match page.role {
        Some(Role::Guest) => room.host_name.clone(),
        _ => room.guest_name.clone(),
    });
    name.unwrap_or_else(|| "your peer".into())
}

/// The style of the card about refused parameters.
fn refused() -> StyleSource {
    css!(
        r#"
        border-color: var(--tone);
        color: var(--tone);
        font-size: 14px;
        "#
    )
}
