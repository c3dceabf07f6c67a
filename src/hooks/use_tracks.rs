use registry_analysis::Tracks;
use yew::prelude::*;

use crate::state::Recorded;

/// What has been recorded by each peer, for the views of it; a new version whenever there is something new.
#[hook]
pub fn use_tracks(recorded: Vec<Recorded>) -> Tracks {
    let tracks = use_memo(recorded, |recorded| Tracks::new(recorded.iter().map(Recorded::track).collect::<Vec<_>>()));
    (*tracks).clone()
}
