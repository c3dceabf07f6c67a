use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::components::Button;
use crate::hooks::use_session;

/// How far replacing the join code has come.
#[derive(Clone, Copy, PartialEq)]
enum Progress {
    None,
    Busy,
    Replaced,
}

/// Replaces the join code of the host's room. If that fails, the page says why.
#[component]
pub fn NewJoinCode() -> Html {
    let session = use_session();
    let progress = use_state(|| Progress::None);
    let onclick = use_callback((session, progress.setter()), |_: MouseEvent, (session, progress)| {
        progress.set(Progress::Busy);
        let (replaced, progress) = (session.replace_join_code(), progress.clone());
        spawn_local(async move {
            progress.set(if replaced.await { Progress::Replaced } else { Progress::None });
        });
    });
    html! {
        <>
            <Button testid="new-join-code-btn" class="small" busy={*progress == Progress::Busy} {onclick}>
                { "New join code" }
            </Button>
            <span class="unseen" role="status">
                if *progress == Progress::Replaced {
                    { "The join code was replaced: the earlier one admits nobody any more." }
                }
            </span>
        </>
    }
}
