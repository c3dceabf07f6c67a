//! Closes a peer connection: at once, or with a goodbye.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{LocalBoxFuture, ready, select};

use super::Runner;
use crate::interfaces::webrtc::{ChannelEvent, DataChannel, DataChannelState, PeerConnection};
use crate::machine::{CommandId, ControlMessage, Input};

/// How long a goodbye may take to arrive.
const FAREWELL: Duration = Duration::from_millis(500);

impl Runner {
    /// Says something to the other side. What cannot be said is not missed: a channel that takes nothing is noticed.
    pub(super) fn send_control(&self, message: &ControlMessage) {
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
        self.end_attempt();
        self.joining.clear();
    }

    /// Says goodbye, and closes the connection when the other side has done so, or after a moment.
    /// What was sent to a peer that hears no goodbye goes out first, for at most `drain`; then the channel closes in good
    /// order.
    pub(super) fn part(&self, command: Option<CommandId>, durable: bool, drain: Duration) {
        self.end_tasks();
        self.send_control(&ControlMessage::Goodbye);
        let control = self.control.borrow().clone();
        let connection = self.take_connection();
        let channel = connection.1.clone().filter(|_| !durable);
        let drained = channel.as_ref().map(|channel| select(sent(channel), self.outside.clock.sleep(drain)));
        let (gone, other_side_is_gone) = oneshot::channel::<()>();
        let gone = Cell::new(Some(gone));
        if let Some(control) = control {
            control.on_event(Box::new(move |event| {
                if event == ChannelEvent::Close {
                    gone.take();
                }
            }));
        }
        let clock = Rc::clone(&self.outside.clock);
        let this = self.this.clone();
        let guard = OnDrop(Some(connection));
        self.farewells.spawn(Box::pin(async move {
            if let (Some(channel), Some(drained)) = (channel, drained) {
                drained.await;
                channel.close();
            }
            select(clock.sleep(FAREWELL), other_side_is_gone).await;
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

/// Resolves when the browser has sent everything that the channel was given, or the channel has closed.
fn sent(channel: &Rc<dyn DataChannel>) -> LocalBoxFuture<'static, ()> {
    if channel.buffered_amount() == 0 {
        return Box::pin(ready(()));
    }
    let (done, all_is_sent) = oneshot::channel::<()>();
    let done = Cell::new(Some(done));
    channel.set_buffered_amount_low(0);
    channel.on_event(Box::new(move |event| {
        if matches!(event, ChannelEvent::BufferedAmountLow | ChannelEvent::Close) {
            done.take();
        }
    }));
    Box::pin(all_is_sent.map(drop))
}

impl Drop for Runner {
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
