use registry_analysis::paths::{self, Mapping};
use registry_client::check;
use yew::prelude::*;

use crate::components::Line;
use crate::foreign::isolated;

/// Properties of [`Nat`].
#[derive(Properties, PartialEq)]
pub struct NatProps {
    /// What the servers show of it.
    pub nat: paths::Nat,
}

/// The kind of NAT in front of this device.
#[component]
pub fn Nat(props: &NatProps) -> Html {
    let nat = &props.nat;
    let tone = match nat.kind {
        check::Nat::None | check::Nat::EndpointIndependent => "tone-good",
        check::Nat::AddressDependent => "tone-warn",
        check::Nat::OneServer | check::Nat::Unknown => "tone-idle",
    };
    html! {
        <>
            <h3 class="eyebrow">{ "NAT" }</h3>
            <p class="note" data-testid="nat-kind" data-kind={nat.kind.as_str()}>
                <span class={classes!("badge", tone)}>{ nat.word() }</span>
                { format!(" {}", nat.words()) }
            </p>
            <ul class="mono note">
                for (index, mapping) in nat.mappings.iter().enumerate() {
                    <li key={index} data-testid="nat-mapping"><Line text={in_words(mapping)} /></li>
                }
            </ul>
        </>
    }
}

fn in_words(mapping: &Mapping) -> String {
    let base = mapping.base.as_deref().map_or("a hidden address".into(), isolated);
    let server = mapping.server.as_deref().map_or("a server".into(), isolated);
    format!("{base} is {} for {server}", isolated(&mapping.mapped))
}
