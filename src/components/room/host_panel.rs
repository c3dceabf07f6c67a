use registry_client::ConnectionState;
use yew::prelude::*;

use super::host_form::HostForm;
use super::progress_note::ProgressNote;
use super::room_codes::RoomCodes;
use crate::components::{Button, ErrorBox};
use crate::hooks::{use_current_settings, use_session};
use crate::state::{Page, Remedy, Turn, progress};

/// Properties of [`HostPanel`].
#[derive(Properties, PartialEq)]
pub struct HostPanelProps {
    /// The page's state.
    pub page: Page,
}

/// The host's side: create a room, share its codes, start.
#[component]
pub fn HostPanel(props: &HostPanelProps) -> Html {
    let page = &props.page;
    let (session, settings) = (use_session(), use_current_settings().current);
    let onremedy = use_callback((session, settings.host_name.clone()), |remedy, (session, name)| match remedy {
        Remedy::NewRoom => session.renew(name),
        Remedy::Leave => session.close(),
        Remedy::StartAgain => session.start(),
        Remedy::CreateAgain | Remedy::JoinAgain => session.create(name),
    });
    let problem = page.problem.clone().filter(|problem| !problem.in_chat);
    let over = page.state() == ConnectionState::Disconnected && problem.is_none();
    let blocked = *use_memo(settings.clone(), |settings| !settings.problems().none());
    let creating = page.state() == ConnectionState::Creating;
    let progress = progress(page).filter(|progress| progress.turn != Turn::Over || problem.is_none());
    html! {
        <section class="stack" data-testid="host-interface" aria-label="Host">
            if page.is_free() || creating {
                <HostForm busy={creating} {blocked} />
            } else if let Some(room) = &page.room {
                <RoomCodes
                    {room}
                    life={page.life}
                    state={page.state()}
                    waiting={page.is_waiting()}
                    replaceable={page.can_replace_join_code()}
                />
            }
            <ProgressNote {progress} trouble={page.facts.retries.trouble().cloned()} />
            if over {
                <Button testid="fresh-room-btn" onclick={onremedy.reform(|_| Remedy::NewRoom)}>
                    { Remedy::NewRoom.label() }
                </Button>
            }
            <ErrorBox {problem} {blocked} {onremedy} />
        </section>
    }
}
