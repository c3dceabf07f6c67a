//! Runs a check: carries out its plan with the browser's own means, all parts at once.

use std::rc::Rc;

use futures::FutureExt;
use futures::future::{AbortHandle, Abortable, LocalBoxFuture, join_all};
use registry_client::browser::{BrowserClock, BrowserWebRtcManager, probe};
use registry_client::check::{Gathering, gather, loopback};
use registry_client::interfaces::clock::Clock;
use registry_client::interfaces::webrtc::{PeerConfig, WebRtcManager};
use registry_client::json::Json;
use wasm_bindgen_futures::spawn_local;

use crate::check::{Check, Circumstances, Kind, LIMIT, Observation, Plan};

/// Who is told what was observed.
type Tell = Rc<dyn Fn(Observation)>;

/// A check that is running; dropping it ends it, and closes what it has opened.
pub struct Running(AbortHandle);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts a check, which tells what it observes as soon as it does, and at last [`Observation::Over`].
#[must_use = "dropping it ends the check"]
pub fn start(plan: Plan, tell: impl Fn(Observation) + 'static) -> Running {
    let (handle, registration) = AbortHandle::new_pair();
    let run = Abortable::new(run(plan, Rc::new(tell)), registration);
    spawn_local(run.map(drop));
    Running(handle)
}

/// A whole check, and its report.
pub async fn report(plan: Plan, with_addresses: bool) -> Json {
    let check = Rc::new(std::cell::RefCell::new(Check::new(plan.clone())));
    let seen = Rc::clone(&check);
    run(plan, Rc::new(move |observation| seen.borrow_mut().see(observation))).await;
    let check = check.borrow();
    check.report(&circumstances(), with_addresses)
}

/// Where and when this is.
pub fn circumstances() -> Circumstances {
    let browser = gloo_utils::window().navigator().user_agent().unwrap_or_default();
    Circumstances { at: js_sys::Date::new_0().to_iso_string().into(), browser }
}

async fn run(plan: Plan, tell: Tell) {
    let clock = BrowserClock::default();
    let begun = clock.now().monotonic;
    let mut parts: Vec<LocalBoxFuture<'static, Observation>> = Vec::new();
    let refused = BrowserWebRtcManager::default().create_peer_connection(&PeerConfig::default());
    let refused = refused.map(|connection| connection.close()).err();
    if refused.is_none() {
        for (index, server) in plan.servers.iter().enumerate() {
            if let Some(config) = server.alone() {
                let enough = if server.kind == Kind::Stun { has_public } else { has_relay };
                parts.push(gathered(config, enough).map(move |seen| Observation::Server(index, seen)).boxed_local());
            }
        }
        if let Some(config) = plan.together() {
            parts.push(gathered(config, |_| false).map(Observation::Together).boxed_local());
        }
        parts.push(looped().boxed_local());
    }
    tell(Observation::WebRtc(refused));
    if plan.registry_problem.is_none() {
        let url = plan.registry.clone();
        parts.push(async move { Observation::Registry(probe(&url, LIMIT).await) }.boxed_local());
    }
    join_all(parts.into_iter().map(|part| part.map(|observation| tell(observation)))).await;
    tell(Observation::Over(clock.now().monotonic.saturating_sub(begun)));
}

fn has_public(so_far: &Gathering) -> bool {
    so_far.first("srflx").is_some()
}

fn has_relay(so_far: &Gathering) -> bool {
    so_far.first("relay").is_some()
}

async fn gathered(config: PeerConfig, enough: fn(&Gathering) -> bool) -> Gathering {
    gather(&BrowserWebRtcManager::default(), &BrowserClock::default(), &config, LIMIT, enough).await
}

async fn looped() -> Observation {
    let (maker, taker) = (BrowserWebRtcManager::default(), BrowserWebRtcManager::default());
    Observation::Loopback(loopback([&maker, &taker], &BrowserClock::default(), LIMIT).await)
}
