use yew::prelude::*;

use crate::services::storage::{self, Keep};
use crate::state::View;

const VIEW: &str = "registry-harness.view";

/// The view that was shown last, and a callback that shows another.
#[hook]
pub fn use_view() -> (View, Callback<View>) {
    let view =
        use_state_eq(|| storage::read(Keep::Forever, VIEW).and_then(|word| View::of_word(&word)).unwrap_or_default());
    let current = *view;
    let onview = use_callback(view.setter(), |next: View, view| {
        storage::write(Keep::Forever, VIEW, next.word());
        view.set(next);
    });
    (current, onview)
}
