use registry_analysis::Tracks;
use registry_client::faults::{self, Holds, Preset};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::held::Held;
use super::rules::Rules;
use crate::components::Button;
use crate::hooks::Session;

/// Properties of [`Side`].
#[derive(Properties, PartialEq)]
pub struct SideProps {
    /// Whose faults they are.
    pub title: &'static str,
    /// The session.
    pub session: Session,
    /// What has been recorded.
    pub tracks: Tracks,
}

/// A switch: its test id, what it says, whether it is on, and what it does.
type Switch = (&'static str, &'static str, bool, fn(&faults::Faults, bool));

/// The faults of one client.
#[component]
pub fn Side(props: &SideProps) -> Html {
    let SideProps { title, session, tracks } = props;
    let faults = session.faults();
    // What is asked for is in the client; this draws it again.
    let changes = use_state(|| 0_u32);
    let onchange = use_callback(changes, |(), changes| changes.set(changes.wrapping_add(1)));
    let holds = faults.holds();
    let (dropped, offline, relay_only) = (faults.dropped_types(), faults.is_offline(), faults.is_relay_only());
    let drops = |kind: &str| dropped.iter().any(|dropped| dropped == kind);
    let network: [Switch; 5] = [
        ("fault-offline", "Registry unreachable", offline, faults::Faults::set_offline),
        ("fault-relay-only", "Relays only, from the next connection", relay_only, faults::Faults::set_relay_only),
        ("fault-drop-host", "Drop host candidates", drops("host"), |faults, on| drop_kind(faults, "host", on)),
        ("fault-drop-srflx", "Drop srflx candidates", drops("srflx"), |faults, on| drop_kind(faults, "srflx", on)),
        ("fault-drop-relay", "Drop relay candidates", drops("relay"), |faults, on| drop_kind(faults, "relay", on)),
    ];
    let steps: [Switch; 4] = [
        ("hold-offers", "Offers", holds.offers, |faults, on| faults.hold(Holds { offers: on, ..faults.holds() })),
        ("hold-answers", "Answers", holds.answers, |faults, on| faults.hold(Holds { answers: on, ..faults.holds() })),
        ("hold-candidates", "Candidates", holds.candidates, |faults, on| {
            faults.hold(Holds { candidates: on, ..faults.holds() });
        }),
        ("hold-responses", "Responses of the Registry", holds.responses, |faults, on| {
            faults.hold(Holds { responses: on, ..faults.holds() });
        }),
    ];
    let switch = |(testid, label, checked, act): Switch| {
        let (faults, done) = (faults.clone(), onchange.clone());
        let onchange = move |event: Event| {
            act(&faults, event.target_unchecked_into::<HtmlInputElement>().checked());
            done.emit(());
        };
        html! {
            <label class="tick" key={testid}>
                <input type="checkbox" data-testid={testid} {checked} {onchange} />
                { label }
            </label>
        }
    };
    let onpreset = {
        let (faults, done) = (faults.clone(), onchange.clone());
        move |event: Event| {
            let select = event.target_unchecked_into::<HtmlSelectElement>();
            if let Ok(preset) = select.value().parse() {
                faults.preset(preset);
            }
            select.set_value("");
            done.emit(());
        }
    };
    let onclear = {
        let (faults, done) = (faults.clone(), onchange.clone());
        move |_: MouseEvent| {
            faults.clear();
            done.emit(());
        }
    };
    let oncut = {
        let session = session.clone();
        move |_: MouseEvent| session.cut()
    };
    let onrestart = {
        let session = session.clone();
        move |_: MouseEvent| session.restart_ice()
    };
    html! {
        <div class="card" data-testid="faults-of-a-peer">
            <div class="row">
                <h2 class="eyebrow">{ *title }</h2>
                <Button testid="faults-clear" class="small" onclick={onclear}>{ "Clear all" }</Button>
            </div>
            <h3>{ "Step by step: hold" }</h3>
            <div class="ticks">{ for steps.map(switch) }</div>
            <Held faults={session.clone()} tracks={tracks.clone()} onchange={&onchange} />
            <h3>{ "Network" }</h3>
            <div class="ticks">{ for network.map(switch) }</div>
            <h3>{ "Connection" }</h3>
            <div class="row">
                <Button testid="fault-cut" class="small" onclick={oncut}>{ "Cut the connection" }</Button>
                <Button testid="fault-restart-ice" class="small" onclick={onrestart}>{ "Restart ICE" }</Button>
            </div>
            <h3>{ "Rules" }</h3>
            <label class="row">
                { "Preset " }
                <select data-testid="fault-preset" onchange={onpreset}>
                    <option value="" selected={true}>{ "Choose a kind of network" }</option>
                    for preset in PRESETS {
                        <option key={preset.as_str()} value={preset.as_str()}>
                            { format!("{}: {}", preset.as_str(), preset.words()) }
                        </option>
                    }
                </select>
            </label>
            <Rules session={session.clone()} {onchange} />
        </div>
    }
}

const PRESETS: [Preset; 4] = [Preset::Train, Preset::CongestedMobile, Preset::Flapping, Preset::BusyRegistry];

fn drop_kind(faults: &faults::Faults, kind: &str, on: bool) {
    let mut types = faults.dropped_types();
    types.retain(|known| known != kind);
    if on {
        types.push(kind.to_owned());
    }
    faults.drop_types(types);
}
