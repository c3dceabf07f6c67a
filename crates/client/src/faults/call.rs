//! One call of the Registry, with the faults on its way there and back.

use std::cell::RefCell;
use std::rc::Rc;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::select;
use registry_protocol::ErrorCode;

use super::content::Content;
use super::held::Held;
use super::{Direction, Effect, Faults, HeldMessage, Mark, Release, ms};
use crate::error::{ApiError, NetworkError, RequestError};
use crate::interfaces::clock::seconds;
use crate::interfaces::registry::CallFuture;
use crate::types::operation::Operation;

/// The last response of a call, which a rule may repeat as a stale one.
pub(super) type Last<T> = Rc<RefCell<Option<T>>>;

impl Faults {
    /// Makes a call with the faults that are asked for.
    pub(super) fn call<C: Content, T: Content>(
        &self,
        operation: Operation,
        content: C,
        last: &Last<T>,
        call: impl Fn(C) -> CallFuture<T> + 'static,
    ) -> CallFuture<T> {
        let (faults, last) = (self.clone(), Rc::clone(last));
        if self.is_idle() {
            // Sent at once, as if nothing was between.
            let answer = call(content);
            return answer.inspect(move |answer| faults.passed(&last, answer.as_ref().ok())).boxed_local();
        }
        Box::pin(async move {
            let content = faults.on_the_way_there(operation, content, &call).await?;
            let answer = call(content).await;
            faults.passed(&last, None);
            let answer = faults.on_the_way_back(operation, answer?, &last).await?;
            faults.passed(&last, Some(&answer));
            Ok(answer)
        })
    }

    /// A call is over: those that were to be overtaken go on.
    fn passed<T: Content>(&self, last: &Last<T>, answer: Option<&T>) {
        for overtaken in self.shared.overtaken.take() {
            let _ = overtaken.send(());
        }
        if let Some(answer) = answer {
            last.replace(Some(answer.clone()));
        }
    }

    async fn on_the_way_there<C: Content, T>(
        &self,
        operation: Operation,
        mut content: C,
        call: &impl Fn(C) -> CallFuture<T>,
    ) -> Result<C, RequestError> {
        if self.is_offline() {
            self.mark("lost", operation.as_str(), Mark::default());
            return Err(lost(operation));
        }
        if let Some(carries) = content.held_as(self.holds()) {
            match self.held_back(operation, Direction::Request, carries, &content).await {
                Release::AsItIs => {}
                Release::Edited(json) => content = content.edited(&json).unwrap_or(content),
                Release::Dropped => return Err(lost(operation)),
                Release::Repeated => drop(call(content.clone()).await),
            }
        }
        for (effect, rule) in self.effects(operation, Direction::Request) {
            if self.suffer(operation, &effect, rule).await? {
                drop(call(content.clone()).await);
            }
        }
        Ok(content)
    }

    async fn on_the_way_back<T: Content>(
        &self,
        operation: Operation,
        mut answer: T,
        last: &Last<T>,
    ) -> Result<T, RequestError> {
        for (effect, rule) in self.effects(operation, Direction::Response) {
            if effect == Effect::Stale {
                let stale = last.borrow().clone();
                if let Some(stale) = stale {
                    self.mark("stale", operation.as_str(), Mark { rule, ..Mark::default() });
                    answer = stale;
                }
            } else {
                self.suffer(operation, &effect, rule).await?;
            }
        }
        if self.holds().responses {
            match self.held_back(operation, Direction::Response, "response", &answer).await {
                Release::AsItIs | Release::Repeated => {}
                Release::Edited(json) => answer = answer.edited(&json).unwrap_or(answer),
                Release::Dropped => return Err(lost(operation)),
            }
        }
        Ok(answer)
    }

    /// Does to a call what a rule asks for. Returns whether the request is to arrive twice.
    async fn suffer(&self, operation: Operation, effect: &Effect, rule: Option<String>) -> Result<bool, RequestError> {
        let target = operation.as_str();
        match effect {
            Effect::Delay { ms: [delay_ms, _] } => {
                self.mark("delayed", target, Mark { delay_ms: Some(*delay_ms), rule, ..Mark::default() });
                self.sleep(*delay_ms).await;
            }
            Effect::Reorder { ms } => {
                self.mark("reordered", target, Mark { delay_ms: Some(*ms), rule, ..Mark::default() });
                let (overtaken, other) = oneshot::channel();
                self.shared.overtaken.borrow_mut().push(overtaken);
                select(other, self.sleep(*ms)).await;
            }
            Effect::Lose | Effect::Offline { .. } => {
                self.mark("lost", target, Mark { rule, ..Mark::default() });
                return Err(lost(operation));
            }
            Effect::Status { status, retry_after_sec } => {
                self.mark("refused", target, Mark { status: Some(*status), rule, ..Mark::default() });
                return Err(refused(operation, *status, *retry_after_sec));
            }
            Effect::Repeat => {
                self.mark("repeated", target, Mark { rule, ..Mark::default() });
                return Ok(true);
            }
            Effect::Stale => {}
        }
        Ok(false)
    }

    /// Holds a message until somebody decides.
    async fn held_back<C: Content>(
        &self,
        call: Operation,
        direction: Direction,
        carries: &str,
        content: &C,
    ) -> Release {
        let (decide, decided) = oneshot::channel();
        let desk = &self.shared.held;
        let (number, since) = (desk.number(), self.now().monotonic);
        let (since_ms, json) = (ms(since), content.json());
        let message = HeldMessage { number, call, direction, carries: carries.to_owned(), since_ms, content: json };
        let content = content.clone();
        let check = Box::new(move |json: &_| content.edited(json).map(drop));
        desk.put(Held { message, check, decide });
        let target = format!("{carries} ({})", call.as_str());
        self.mark("held", target.as_str(), Mark::default());
        let release = decided.await.unwrap_or(Release::AsItIs);
        let action = match &release {
            Release::AsItIs => "released",
            Release::Edited(_) => "edited",
            Release::Dropped => "dropped",
            Release::Repeated => "repeated",
        };
        let delay_ms = Some(ms(self.now().monotonic.saturating_sub(since)));
        self.mark(action, target, Mark { delay_ms, ..Mark::default() });
        release
    }
}

fn lost(operation: Operation) -> RequestError {
    let reason = "lost by an injected fault".to_owned();
    NetworkError { operation, reason }.into()
}

fn refused(operation: Operation, status: u16, retry_after_sec: Option<f64>) -> RequestError {
    let code = if status == 429 { ErrorCode::RateLimited } else { ErrorCode::Other(format!("http_{status}")) };
    let message = "refused by an injected fault".to_owned();
    let retryable = status == 429 || status >= 500;
    ApiError { operation, status, code, message, retryable, retry_after: retry_after_sec.map(seconds) }.into()
}
