use stylist::{StyleSource, css};
use yew::prelude::*;

use super::qr_code::QrCode;
use crate::components::{Button, CopyButton, Glyph, Icon};
use crate::qr;
use crate::services::share;

/// Properties of [`Invitation`].
#[derive(Properties, PartialEq)]
pub struct InvitationProps {
    /// The invitation link.
    pub link: AttrValue,
}

/// The invitation link, as text, to copy, to share, and as a QR code.
#[component]
pub fn Invitation(props: &InvitationProps) -> Html {
    let link = &props.link;
    let drawing = use_memo(link.clone(), |link| qr::draw(link));
    let copy = use_callback(link.clone(), |(), link| link.to_string());
    let share = use_callback(link.clone(), |_: MouseEvent, link| share::link("Join my room", link));
    html! {
        <div class={style()}>
            if let Some(drawing) = (*drawing).clone() {
                <QrCode {drawing} />
            }
            <div class="ways">
                <span class="eyebrow">{ "Invitation" }</span>
                <a class="mono" data-testid="invitation-link" href={link} target="_blank" rel="noreferrer">{ link }</a>
                <div class="row">
                    <CopyButton
                        testid="copy-invitation"
                        what="the invitation link"
                        label="Copy link"
                        glyph={Glyph::Link}
                        text={copy}
                    />
                    if share::is_possible() {
                        <Button testid="share-invitation" class="small" onclick={share}>
                            <Icon glyph={Glyph::Send} />
                            { "Share" }
                        </Button>
                    }
                </div>
            </div>
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-wrap: wrap;
        gap: 12px;

        .ways { flex: 1 1 140px; min-width: 0; display: flex; flex-direction: column; gap: 8px; }
        a { font-size: 12.5px; color: var(--accent); overflow-wrap: anywhere; }
        "#
    )
}
