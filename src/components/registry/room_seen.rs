use registry_analysis::inspection;
use yew::prelude::*;

use crate::components::Line;
use crate::foreign::isolated;
use crate::{format, services};

/// Properties of [`RoomSeen`].
#[derive(Properties, PartialEq)]
pub struct RoomSeenProps {
    /// The room as the Registry has shown it last.
    pub room: Option<inspection::RoomSeen>,
    /// By how much the Registry's clock is ahead of the device's, in milliseconds.
    pub clock_ahead_ms: Option<f64>,
    /// The time by the monotonic clock, in milliseconds.
    pub now_ms: f64,
}

/// The room as the Registry has shown it last, and the Registry's clock.
#[component]
pub fn RoomSeen(props: &RoomSeenProps) -> Html {
    let RoomSeenProps { room, clock_ahead_ms, now_ms } = props;
    let has = |there: bool| if there { "there" } else { "not yet" };
    let offset = services::local_offset_minutes();
    html! {
        <table>
            <tbody>
                if let Some(room) = room {
                    { fact("room", "registry-room", room.code.as_str()) }
                    { fact("status", "registry-status", isolated(room.status.as_deref().unwrap_or("not read yet"))) }
                    { fact("offer", "registry-offer", has(room.offer)) }
                    { fact("answer", "registry-answer", has(room.answer)) }
                    {
                        fact(
                            "expires",
                            "registry-expires",
                            format!("{} by the Registry’s clock", format::time_of_day(room.expires_at.0 as f64, offset)),
                        )
                    }
                    { fact("last read", "registry-read", format!("{} ago", format::duration((now_ms - room.seen_ms).max(0.0)))) }
                }
                { fact("its clock", "registry-clock", clock(*clock_ahead_ms)) }
            </tbody>
        </table>
    }
}

/// By how much the Registry's clock differs, in words.
fn clock(ahead_ms: Option<f64>) -> String {
    match ahead_ms {
        None => "like this device’s, as far as is known".to_owned(),
        Some(ahead) if ahead > 0.0 => format!("{} ahead of this device’s", format::duration(ahead)),
        Some(behind) => format!("{} behind this device’s", format::duration(-behind)),
    }
}

fn fact(name: &'static str, testid: &'static str, value: impl Into<String>) -> Html {
    html! {
        <tr>
            <th scope="row">{ name }</th>
            <td data-testid={testid}><Line text={value.into()} /></td>
        </tr>
    }
}
