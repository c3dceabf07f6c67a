use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::qr::Drawing;

/// Properties of [`QrCode`].
#[derive(Properties, PartialEq)]
pub struct QrCodeProps {
    /// The code of an invitation link.
    pub drawing: Drawing,
}

/// The invitation link for a camera. Dark on light in every theme, since some cameras read nothing else.
#[component]
pub fn QrCode(props: &QrCodeProps) -> Html {
    let Drawing { side, path } = &props.drawing;
    html! {
        <svg
            class={style()}
            data-testid="invitation-qr"
            viewBox={format!("0 0 {side} {side}")}
            role="img"
            aria-label="QR code of the invitation link"
            shape-rendering="crispEdges"
        >
            <title>{ "Scan to join this room" }</title>
            <rect width="100%" height="100%" fill="#fff" />
            <path d={path.clone()} fill="#000" />
        </svg>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        flex: none;
        width: 148px;
        height: 148px;
        border-radius: 4px;
        "#
    )
}
