use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use js_sys::Promise;
use registry_client::Dependencies;
use registry_client::faults::{Preset, Rule};
use registry_client::interfaces::clock::{Clock, Spawner};
use registry_client::interfaces::state::MemoryStateManager;
use registry_client::testing::{self, Ether, FakeWebRtc, IceFate, Network, NetworkClient};
use registry_js::{js_value, read, refused, use_dependencies};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};

use crate::arguments::{milliseconds, not_settled};
use crate::rules::Rules;

#[wasm_bindgen(module = "/js/turn.js")]
extern "C" {
    fn turn() -> Promise;
}

/// How long a promise may take, in virtual milliseconds, if the test does not say.
const LONG_MS: f64 = 3_600_000.0;
/// After so many turns in which no client has anything to do, time passes.
const QUIET_TURNS: u32 = 3;
/// After so many turns time passes even if there is always something to do.
const MOST_TURNS: u32 = 10_000;

/// A Registry, the network to it, the path between peers, and time, which passes only when the test says so. Clients that are
/// created afterwards live in the world that was created last.
#[wasm_bindgen(skip_typescript)]
pub struct World(Rc<Inner>);

struct Inner {
    /// Borrowed while time passes.
    time: RefCell<testing::World>,
    clock: Rc<dyn Clock>,
    spawner: Rc<dyn Spawner>,
    network: Rc<Network>,
    ether: Rc<Ether>,
    seed: Cell<u64>,
    rules: Rules,
}

/// A call that has arrived at the network.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SeenCall {
    at_ms: f64,
    method: &'static str,
    path: String,
    status: Option<u16>,
}

#[wasm_bindgen]
impl World {
    /// A world whose randomness begins with `seed`.
    #[wasm_bindgen(constructor)]
    pub fn new(seed: Option<f64>) -> Self {
        let time = testing::World::default();
        let seed = seed.unwrap_or_default().to_bits();
        let (clock, spawner) = (time.clock(), time.spawner());
        let config = registry_core::Config::default();
        let faults = testing::Faults::default();
        let network = Network::new(config, faults, seed ^ 1, true, Rc::clone(&clock), Rc::clone(&spawner));
        let ether = Ether::new(seed ^ 2, Rc::clone(&clock), Rc::clone(&spawner));
        let inner = Rc::new(Inner {
            time: RefCell::new(time),
            clock,
            spawner,
            network,
            ether,
            seed: Cell::new(seed ^ 3),
            rules: Rules::default(),
        });
        let this = Rc::clone(&inner);
        use_dependencies(Rc::new(move || this.dependencies()));
        Self(inner)
    }

    /// Lets time pass, from deadline to deadline, until the promise is settled; settles as it does. Rejects with code `not_settled`
    /// if that takes more than `limit_ms`, or if nothing will happen any more.
    pub fn settle(&self, promise: &JsValue, limit_ms: Option<f64>) -> Promise {
        let (inner, promise) = (Rc::clone(&self.0), Promise::resolve(promise));
        let settled = Rc::new(RefCell::new(None));
        let slot = Rc::clone(&settled);
        spawn_local(async move {
            let outcome = JsFuture::from(promise).await;
            slot.replace(Some(outcome));
        });
        future_to_promise(async move {
            let limit = milliseconds(limit_ms.unwrap_or(LONG_MS), "limitMs")?;
            let end = inner.elapsed() + limit;
            loop {
                inner.run_tasks().await?;
                if let Some(outcome) = settled.take() {
                    return outcome;
                }
                if !inner.step(end)? {
                    break;
                }
            }
            if !inner.with(|time| time.is_waiting())? {
                return Err(not_settled("nothing will happen any more"));
            }
            inner.go_to(end).await?;
            settled.take().unwrap_or_else(|| Err(not_settled(&format!("{} ms have passed", limit.as_millis()))))
        })
    }

    /// Lets time pass, from deadline to deadline; resolves afterwards.
    pub fn advance(&self, ms: f64) -> Promise {
        let inner = Rc::clone(&self.0);
        future_to_promise(async move {
            let end = inner.elapsed() + milliseconds(ms, "ms")?;
            loop {
                inner.run_tasks().await?;
                if !inner.step(end)? {
                    break;
                }
            }
            inner.go_to(end).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Nothing has to be freed: the object belongs to the garbage collector.
    pub fn free(&self) {}

    /// Milliseconds since the world began.
    #[wasm_bindgen(js_name = elapsedMs)]
    pub fn elapsed_ms(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1000.0
    }

    /// Makes something happen to the calls of all clients; returns its number.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    #[wasm_bindgen(js_name = addFault)]
    pub fn add_fault(&self, rule: &JsValue) -> Result<u32, JsValue> {
        let rule: Rule = read(rule, "a fault")?;
        Ok(self.0.rules.add(rule))
    }

    /// Ends what has this number; returns whether there was one.
    #[wasm_bindgen(js_name = removeFault)]
    pub fn remove_fault(&self, number: u32) -> bool {
        self.0.rules.remove(number)
    }

    /// Replaces all faults by those of a kind of network.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    pub fn preset(&self, name: &JsValue) -> Result<(), JsValue> {
        let preset: Preset = read(name, "the name of a preset")?;
        self.clear_faults();
        for rule in preset.rules() {
            self.0.rules.add(rule);
        }
        Ok(())
    }

    /// Ends all faults.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&self) {
        self.0.rules.clear();
    }

    /// Makes the Registry unreachable for all clients, or reachable again.
    #[wasm_bindgen(js_name = setOffline)]
    pub fn set_offline(&self, offline: bool) {
        self.0.rules.set_offline(offline);
    }

    /// What becomes of ICE from now on: `connects`, `fails` or `hangs`.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    #[wasm_bindgen(js_name = setIce)]
    pub fn set_ice(&self, fate: &JsValue) -> Result<(), JsValue> {
        let fate = match fate.as_string().as_deref() {
            Some("connects") => IceFate::Connects,
            Some("fails") => IceFate::Fails,
            Some("hangs") => IceFate::Hangs,
            _ => return Err(refused("ICE connects, fails or hangs")),
        };
        self.0.ether.fate.set(fate);
        Ok(())
    }

    /// Restarts the Registry, which loses every room.
    #[wasm_bindgen(js_name = restartRegistry)]
    pub fn restart_registry(&self) {
        self.0.network.restart(registry_core::Config::default());
    }

    /// How many rooms are open at the Registry.
    #[wasm_bindgen(js_name = roomCount)]
    pub fn room_count(&self) -> u32 {
        u32::try_from(self.0.network.live_rooms()).unwrap_or(u32::MAX)
    }

    /// All calls so far, oldest first.
    pub fn calls(&self) -> JsValue {
        let seen = self.0.network.log().into_iter().map(|call| SeenCall {
            at_ms: call.at.as_secs_f64() * 1000.0,
            method: call.method,
            path: call.path,
            status: call.status,
        });
        js_value(&seen.collect::<Vec<_>>())
    }
}

impl Inner {
    /// What the next client gets from outside.
    fn dependencies(&self) -> Dependencies {
        let seed = self.seed.replace(self.seed.get().wrapping_add(1 << 8));
        let mut dependencies = Dependencies {
            http: Rc::new(NetworkClient::new(Rc::clone(&self.network), "client")),
            registry: None,
            webrtc: Rc::new(FakeWebRtc::new(Rc::clone(&self.ether))),
            ice_servers: None,
            state: Rc::new(MemoryStateManager::default()),
            clock: Rc::clone(&self.clock),
            spawner: Rc::clone(&self.spawner),
            seed,
            store: None,
            interpose: None,
            places: None,
        };
        self.rules.inject(&mut dependencies, seed);
        dependencies
    }

    /// Time cannot be moved by what happens while it moves.
    fn with<T>(&self, act: impl FnOnce(&mut testing::World) -> T) -> Result<T, JsValue> {
        match self.time.try_borrow_mut() {
            Ok(mut time) => Ok(act(&mut time)),
            Err(_) => Err(refused("time is passing: do this when what let it pass is over")),
        }
    }

    fn elapsed(&self) -> Duration {
        self.clock.now().monotonic
    }

    /// Runs the clients and the application until both wait, and has waited a little for what the application does elsewhere.
    async fn run_tasks(&self) -> Result<(), JsValue> {
        self.with(testing::World::settle)?;
        let mut quiet = 0;
        for _ in 0..MOST_TURNS {
            JsFuture::from(turn()).await?;
            let runs = self.with(|time| {
                let before = time.runs();
                time.settle();
                time.runs() - before
            })?;
            quiet = if runs == 0 { quiet + 1 } else { 0 };
            if quiet == QUIET_TURNS {
                break;
            }
        }
        Ok(())
    }

    /// Lets time pass in which there is no deadline.
    async fn go_to(&self, end: Duration) -> Result<(), JsValue> {
        let rest = end.saturating_sub(self.elapsed());
        self.with(|time| time.run_for(rest))?;
        self.run_tasks().await
    }

    /// Lets time pass to the next deadline, if there is one up to `end`.
    fn step(&self, end: Duration) -> Result<bool, JsValue> {
        self.with(|time| time.step(end))
    }
}
