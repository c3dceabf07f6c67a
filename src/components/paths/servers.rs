use std::rc::Rc;

use registry_analysis::paths::Server;
use yew::prelude::*;

use crate::components::Line;
use crate::foreign::isolated;
use crate::format::counted;

/// Properties of [`Servers`].
#[derive(Properties, PartialEq)]
pub struct ServersProps {
    /// The servers.
    pub servers: Rc<Vec<Server>>,
}

/// What the STUN and TURN servers have answered.
#[component]
pub fn Servers(props: &ServersProps) -> Html {
    html! {
        <>
            <h3 class="eyebrow">{ "STUN and TURN servers" }</h3>
            if props.servers.is_empty() {
                <p class="note">{ "None has given a candidate or an error." }</p>
            }
            <ul class="servers">
                for server in props.servers.iter() {
                    <li key={server.url.clone()} data-testid="server" data-usable={server.is_usable().to_string()}>
                        { of_server(server) }
                    </li>
                }
            </ul>
        </>
    }
}

fn of_server(server: &Server) -> Html {
    let url = isolated(&server.url).into_owned();
    if server.is_usable() {
        // What it could not do from another address does not matter.
        let also = if server.errors.is_empty() { "" } else { ", though not on every address of this device" };
        let given = counted(server.answers as usize, "candidate");
        return html! {
            <>
                <span class="badge tone-good">{ "answers" }</span>
                { " " }
                <span class="mono"><Line text={url} /></span>
                <span class="note">{ format!(" {given}{also}") }</span>
            </>
        };
    }
    html! {
        <>
            <span class="badge tone-bad">{ "no answer" }</span>
            { " " }
            <span class="mono"><Line text={url} /></span>
            for error in server.errors.iter() {
                <p class="note" key={format!("{} {}", error.code, error.text)} data-testid="server-error">
                    <Line
                        text={format!("{} {}{}", error.code, isolated(&error.text), if error.times > 1 { format!(" ×{}", error.times) } else { String::new() })}
                    />
                </p>
            }
        </>
    }
}
