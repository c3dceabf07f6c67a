use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::Button;
use crate::hooks::use_current_settings;

/// Properties of [`ByLink`].
#[derive(Properties, PartialEq)]
pub struct ByLinkProps {
    /// What the link has set, in words.
    pub what: String,
}

/// What a link has set, and a button to use the user's own settings instead.
#[component]
pub fn ByLink(props: &ByLinkProps) -> Html {
    let settings = use_current_settings();
    let what = &props.what;
    html! {
        <div class={style()} data-testid="settings-by-link">
            <p>{ format!("The link that opened this page has set {what}. This is not saved; your own changes are.") }</p>
            <Button testid="drop-link-settings" class="small" onclick={settings.unlink()}>
                { "Use my own settings" }
            </Button>
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        align-items: flex-start;
        gap: 8px;
        padding-left: 11px;
        border-left: 3px solid var(--warn);
        font-size: 14px;
        "#
    )
}
