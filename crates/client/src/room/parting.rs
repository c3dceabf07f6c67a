//! How the manager lets go of a peer connection: at once, or with a goodbye.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures::channel::oneshot;
use futures::future::select;

use super::input::{CommandId, Input};
use super::manager::Inner;
use crate::durable::ControlMessage;
use crate::webrtc::{ChannelEvent, DataChannel, DataChannelState, PeerConnection};

/// How long a goodbye may take to arrive.
const FAREWELL: Duration = Duration::from_millis(500);

impl Inner {
    /// Says something to the other side. What cannot be said is not missed: a channel that takes nothing is noticed.
    pub(super) fn say(&self, message: &ControlMessage) {
        let control = self.control.borrow().clone();
        if let Some(control) = control.filter(|control| control.ready_state() == DataChannelState::Open) {
            let _ = control.send(message.to_text().as_str());
        }
    }

    pub(super) fn release(&self) {
        self.end_tasks();
        self.close_connection();
    }

    pub(super) fn end_tasks(&self) {
        self.waiting.clear();
        self.attempt.clear();
        self.standby.clear();
    }

    /// Says goodbye, and closes the connection when the other side has done so, or after a moment.
    pub(super) fn part(&self, command: Option<CommandId>, durable: bool) {
        self.end_tasks();
        self.say(&ControlMessage::Goodbye);
        let control = self.control.borrow().clone();
        let connection = self.take_connection();
        // In good order, for a peer that hears no goodbye: what was sent arrives, then it closes.
        if let Some(channel) = connection.1.as_ref().filter(|_| !durable) {
            channel.close();
        }
        let (gone, other_side_is_gone) = oneshot::channel::<()>();
        let gone = Cell::new(Some(gone));
        if let Some(control) = control {
            control.on_event(Box::new(move |event| {
                if event == ChannelEvent::Close {
                    gone.take();
                }
            }));
        }
        let moment = self.outside.clock.sleep(FAREWELL);
        let this = self.this.clone();
        let guard = OnDrop(Some(connection));
        self.farewells.spawn(Box::pin(async move {
            select(moment, other_side_is_gone).await;
            drop(guard);
            if let Some(inner) = this.upgrade() {
                inner.input(Input::Parted(command));
            }
        }));
    }

    pub(super) fn close_connection(&self) {
        drop(OnDrop(Some(self.take_connection())));
    }

    /// The peer connection with its channels, which is nobody's any more; the application's channel is silent.
    pub(super) fn take_connection(&self) -> Connection {
        self.announced.take();
        let control = self.control.take();
        let (channel, connection) = (self.outside.state.get_data_channel(), self.outside.state.get_peer_connection());
        self.outside.state.forget_connection();
        (control, channel, connection)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close_connection();
    }
}

type Connection = (Option<Rc<dyn DataChannel>>, Option<Rc<dyn DataChannel>>, Option<Rc<dyn PeerConnection>>);

/// Closes a connection when it is dropped, also when the task that waits for it is.
struct OnDrop(Option<Connection>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        let Some((control, channel, connection)) = self.0.take() else { return };
        for channel in [control, channel].into_iter().flatten() {
            channel.close();
        }
        if let Some(connection) = connection {
            connection.close();
        }
    }
}
