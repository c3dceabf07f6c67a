use std::rc::Rc;

use registry_analysis::{Tracks, paths};
use registry_client::Role;
use yew::prelude::*;

use super::candidates::Candidates;
use super::nat::Nat;
use super::pairs::Pairs;
use super::selections::Selections;
use super::servers::Servers;

/// Properties of [`PeerPaths`].
#[derive(Properties, PartialEq)]
pub struct PeerPathsProps {
    /// The tracks.
    pub tracks: Tracks,
    /// Which of them to show.
    pub index: usize,
}

/// Candidates and pairs of one peer.
#[component]
pub fn PeerPaths(props: &PeerPathsProps) -> Html {
    let deps = (props.tracks.clone(), props.index);
    let paths = use_memo(deps, |(tracks, index)| tracks.get(*index).map(paths::Paths::of).unwrap_or_default());
    let Some(track) = props.tracks.get(props.index) else { return Html::default() };
    let start_ms = track.session().first().map_or(0.0, |entry| entry.at_ms);
    let name = match track.role().filter(|_| props.tracks.len() > 1) {
        Some(Role::Host) => Some("Host"),
        Some(Role::Guest) => Some("Guest"),
        None => None,
    };
    let is_empty = paths.local.is_empty() && paths.remote.is_empty() && paths.servers.is_empty();
    html! {
        <>
            if let Some(name) = name {
                <h2>{ name }</h2>
            }
            if is_empty {
                <section class="card note">
                    { "No candidates yet. They are gathered when the connection starts: addresses at which each side may be reached." }
                </section>
            } else {
                <Selections {start_ms} selections={Rc::new(paths.selections.clone())} live={paths.pairs.iter().find(|pair| pair.selected).cloned()} />
                <section class="card">
                    <Servers servers={Rc::new(paths.servers.clone())} />
                    <Nat nat={paths.nat.clone()} />
                </section>
                <section class="card">
                    <Candidates {start_ms} side="local" complete={paths.gathered} lives={Rc::new(paths.local.clone())} />
                </section>
                <section class="card">
                    <Candidates {start_ms} side="remote" complete=false lives={Rc::new(paths.remote.clone())} />
                </section>
                <section class="card">
                    <Pairs {start_ms} pairs={Rc::new(paths.pairs.clone())} />
                    if paths.attempts > 1 {
                        <p class="note">
                            { format!("Candidates and pairs are those of attempt {} in this session.", paths.attempts) }
                        </p>
                    }
                </section>
            }
        </>
    }
}
