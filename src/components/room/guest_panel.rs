use registry_client::ConnectionState;
use yew::prelude::*;

use super::Codes;
use super::guest_form::GuestForm;
use super::joined_room::JoinedRoom;
use super::progress_note::ProgressNote;
use crate::components::{Button, ErrorBox};
use crate::hooks::{use_current_settings, use_session};
use crate::state::{Page, Remedy, Turn, progress};

/// Properties of [`GuestPanel`].
#[derive(Properties, PartialEq)]
pub struct GuestPanelProps {
    /// The page's state.
    pub page: Page,
    /// The codes to fill in: from a link, or from the host in the same tab.
    #[prop_or_default]
    pub codes: Codes,
}

/// The guest's side: enter the codes, start.
#[component]
pub fn GuestPanel(props: &GuestPanelProps) -> Html {
    let page = &props.page;
    let (session, settings) = (use_session(), use_current_settings().current);
    let codes = use_state(|| props.codes.clone());
    use_effect_with((props.codes.clone(), codes.setter()), |(given, codes)| codes.set(given.clone()));
    let names = (settings.guest_name.clone(), settings.host_name.clone());
    let onremedy = use_callback(
        (session, (*codes).clone(), names),
        |remedy, (session, codes, (name, name_as_host))| match remedy {
            Remedy::JoinAgain | Remedy::CreateAgain => session.join(&codes.room, &codes.join, name),
            Remedy::StartAgain => session.start(),
            Remedy::NewRoom => session.renew(name_as_host),
            Remedy::Leave => session.close(),
        },
    );
    let problem = page.problem.clone().filter(|problem| !problem.in_chat);
    let over = page.state() == ConnectionState::Disconnected && problem.is_none();
    let blocked = *use_memo(settings.clone(), |settings| !settings.problems().none());
    let joining = page.state() == ConnectionState::Joining;
    let progress = progress(page).filter(|progress| progress.turn != Turn::Over || problem.is_none());
    html! {
        <section class="stack" data-testid="guest-interface" aria-label="Guest">
            if page.is_free() || joining {
                <GuestForm {codes} busy={joining} {blocked} onjoin={onremedy.reform(|()| Remedy::JoinAgain)} />
            } else if let Some(room) = &page.room {
                <JoinedRoom {room} life={page.life} state={page.state()} waiting={page.is_waiting()} />
            }
            <ProgressNote {progress} trouble={page.facts.retries.trouble().cloned()} />
            if over {
                <Button testid="fresh-room-btn" onclick={onremedy.reform(|_| Remedy::Leave)}>
                    { Remedy::Leave.label() }
                </Button>
            }
            <ErrorBox {problem} {blocked} {onremedy} />
        </section>
    }
}
