//! Thousands of connections that are cut at any moment. Every run comes from a seed, which a failure prints.
#![cfg(not(target_family = "wasm"))]

#[path = "durable/log.rs"]
mod log;

use std::time::Duration;

use proptest::prelude::*;
use registry_client::testing::{Pair, PairConfig};
use registry_client::{ConnectionState, Settings, WebRtcRegistryClient};
use serde_json::{Value, json};

use log::Log;

/// What happens to two peers that talk.
#[derive(Clone, Debug)]
enum Happening {
    /// Time passes, in milliseconds.
    Time(u64),
    /// The host says something of so many bytes.
    Host(usize),
    /// The guest says something of so many bytes.
    Guest(usize),
    /// The path between them is cut.
    Cut,
    /// It works again.
    Heal,
    /// The Registry cannot be reached.
    Down,
    /// It can be again.
    Up,
    /// A network changes.
    Changed(bool),
    /// Something became visible again.
    Wake(bool),
    /// Somebody wants the connection now.
    Start(bool),
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::{Changed, Cut, Down, Guest, Heal, Host, Start, Time, Up, Wake};
    let size = || prop_oneof![8 => 1_usize..200, 1 => 1000_usize..400_000];
    prop_oneof![
        6 => prop_oneof![0_u64..100, 0_u64..3000, 0_u64..40_000].prop_map(Time),
        6 => size().prop_map(Host),
        6 => size().prop_map(Guest),
        2 => Just(Cut),
        2 => Just(Heal),
        1 => Just(Down),
        1 => Just(Up),
        1 => any::<bool>().prop_map(Changed),
        1 => any::<bool>().prop_map(Wake),
        1 => any::<bool>().prop_map(Start),
    ]
}

/// What kind of browsers and Registry they have.
#[derive(Clone, Copy, Debug)]
struct Kind {
    seed: u64,
    extended: bool,
    no_restart: bool,
    channels_die: bool,
}

fn kind() -> impl Strategy<Value = Kind> {
    (any::<u64>(), any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.3))
        .prop_map(|(seed, extended, no_restart, channels_die)| Kind { seed, extended, no_restart, channels_die })
}

/// Both sides of a conversation that goes through all of it.
struct Conversation {
    pair: Pair,
    said: [Vec<Value>; 2],
    logs: [Log; 2],
    counter: u32,
}

impl Conversation {
    /// Both are in a room, and have started; they may not be connected yet.
    fn begun(kind: Kind) -> Self {
        let registry = registry::Config { extended: kind.extended, rates: None, ..registry::Config::default() };
        // As patient as it takes: so that what is lost is lost by a fault, and not by design.
        let settings = Settings {
            max_buffer_age: Duration::from_secs(36_000),
            max_buffer_size: 100_000,
            max_buffer_bytes: 1 << 30,
            max_reconnect_attempts: 0,
            ..Settings::default()
        };
        let mut pair = Pair::new(PairConfig { seed: kind.seed, registry, settings, ..PairConfig::default() });
        pair.ether.no_restart.set(kind.no_restart);
        pair.ether.channels_die.set(kind.channels_die);
        pair.meet().expect("a sound network");
        drop((pair.host.start_connection(), pair.guest.start_connection()));
        let mut logs: [Log; 2] = Default::default();
        logs[0].follow(&pair.host);
        logs[1].follow(&pair.guest);
        Self { pair, said: Default::default(), logs, counter: 0 }
    }

    fn say(&mut self, host: bool, size: usize) {
        self.counter += 1;
        let value = json!({ "n": self.counter, "text": "x".repeat(size) });
        let client = if host { &self.pair.host } else { &self.pair.guest };
        if client.send_message(&value).is_ok() {
            self.said[usize::from(!host)].push(value);
        }
    }

    fn happen(&mut self, happening: &Happening) {
        let side = |host: bool| if host { &self.pair.host } else { &self.pair.guest };
        match *happening {
            Happening::Time(ms) => self.pair.world.run_for(Duration::from_millis(ms)),
            Happening::Host(size) => self.say(true, size),
            Happening::Guest(size) => self.say(false, size),
            Happening::Cut => self.pair.ether.cut(),
            Happening::Heal => self.pair.ether.heal(),
            Happening::Down => self.pair.network.down.set(true),
            Happening::Up => self.pair.network.down.set(false),
            Happening::Changed(host) => side(host).network_changed(),
            Happening::Wake(host) => side(host).wake(),
            Happening::Start(host) => drop(side(host).start_connection()),
        }
    }

    fn is_connected(&self) -> bool {
        self.pair.states() == (ConnectionState::Connected, ConnectionState::Connected)
    }

    /// What one received is what the other was allowed to say, less what it was told would not arrive; and of that what
    /// is not known may have arrived.
    fn check(&self) -> Result<(), TestCaseError> {
        for (n, from) in [&self.pair.host, &self.pair.guest].into_iter().enumerate() {
            let (said, got, lost) = (&self.said[n], numbers(&self.logs[1 - n].received()), self.logs[n].dropped());
            let lost: Vec<Value> = lost.into_iter().map(|(value, _)| value).collect();
            let lost = numbers(&lost);
            prop_assert!(got.windows(2).all(|two| two[0] < two[1]), "once and in order: {got:?}");
            let missing: Vec<u64> = numbers(said).into_iter().filter(|n| !got.contains(n)).collect();
            let untold: Vec<u64> = missing.into_iter().filter(|n| !lost.contains(n)).collect();
            let (levels, states) = (from.buffer(), self.pair.states());
            // One that took the other for a plain peer, as it could not greet, had promised nothing.
            let promised = from.count("peer:plain") == 0;
            prop_assert!(
                untold.is_empty() || !promised,
                "{untold:?} are missing, told {lost:?}, {levels:?}, {states:?}"
            );
        }
        prop_assert_eq!(&*self.pair.ether.violations.borrow(), &Vec::<String>::new());
        Ok(())
    }
}

fn numbers(values: &[Value]) -> Vec<u64> {
    values.iter().filter_map(|value| value["n"].as_u64()).collect()
}

fn ends(client: &WebRtcRegistryClient) -> bool {
    matches!(client.connection_state(), ConnectionState::Idle)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens, once all works again both are connected and have everything.
    #[test]
    fn what_is_accepted_arrives_once_and_in_order(kind in kind(), story in prop::collection::vec(happening(), 1..40)) {
        let mut talk = Conversation::begun(kind);
        talk.pair.world.run_for(Duration::from_secs(5));
        for happening in &story {
            talk.happen(happening);
        }
        talk.happen(&Happening::Up);
        talk.happen(&Happening::Heal);
        let (host, guest) = (talk.pair.host.clone(), talk.pair.guest.clone());
        let connected = |client: &WebRtcRegistryClient| client.connection_state() == ConnectionState::Connected;
        talk.pair.world.run_until(Duration::from_secs(900), || connected(&host) && connected(&guest));
        talk.pair.world.run_for(Duration::from_secs(30));
        prop_assert!(talk.is_connected(), "{:?} {:?}", talk.pair.states(), host.errors());
        talk.check()?;
        prop_assert_eq!(host.buffer(), registry_client::BufferLevels::default());
    }

    /// Cut in the middle of anything, the handshake included, and closed in the middle of anything.
    #[test]
    fn closing_leaves_nothing_and_hands_back_what_was_not_delivered(
        kind in kind(), story in prop::collection::vec(happening(), 1..30), pause in 0_u64..2000, host_closes: bool,
    ) {
        let mut talk = Conversation::begun(kind);
        talk.pair.world.run_for(Duration::from_millis(pause));
        for happening in &story {
            talk.happen(happening);
        }
        let (first, second) = (talk.pair.host.clone(), talk.pair.guest.clone());
        let (first, second) = if host_closes { (first, second) } else { (second, first) };
        prop_assert!(talk.pair.world.block_on(Duration::from_secs(40), first.close_room()).is_some());
        talk.pair.world.run_for(Duration::from_secs(7));
        prop_assert!(talk.pair.world.block_on(Duration::from_secs(40), second.close_room()).is_some());
        talk.pair.world.run_for(Duration::from_secs(40));
        prop_assert!(ends(&first) && ends(&second));
        talk.check()?;
        prop_assert_eq!((talk.pair.world.leftovers(), talk.pair.ether.open.get()), ((0, 0), 0));
    }
}

/// Only the guest's ICE had failed. The host, which had lost nothing, dropped the candidates of the restart that the guest
/// needed as soon as it had applied the answer; and the guest, which could not be heard by it, went on to answer its pings.
#[test]
fn a_restart_that_only_one_side_needs_is_brought_to_its_end() {
    use Happening::{Cut, Down, Heal, Time, Up};
    let (mut stuck, story) = (0, [Down, Cut, Time(21122), Up, Heal, Time(1446), Cut, Heal]);
    for seed in 8_062_715_702_547_640_400..8_062_715_702_547_640_500 {
        let kind = Kind { seed, extended: false, no_restart: false, channels_die: false };
        let mut talk = Conversation::begun(kind);
        talk.pair.world.run_for(Duration::from_secs(5));
        for happening in &story {
            talk.happen(happening);
        }
        talk.pair.world.run_for(Duration::from_secs(120));
        stuck += u32::from(!talk.is_connected());
    }
    assert_eq!(stuck, 0);
}
