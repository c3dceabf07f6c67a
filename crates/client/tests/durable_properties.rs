//! Thousands of connections that are cut at any moment. Every run comes from a seed, which a failure prints.
//! tidy: long because it is one story-teller with what it has found
#![cfg(not(target_family = "wasm"))]

#[path = "durable/log.rs"]
mod log;

use std::time::Duration;

use proptest::prelude::*;
use registry_client::settings::Overflow;
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
    /// The page of the host or the guest is reloaded, and goes on if it can.
    Reload(bool),
    /// The host or the guest starts a connection, though it may have one.
    Start(bool),
    /// Nothing can be saved any more, or it can again.
    Full(bool),
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::{Changed, Cut, Down, Full, Guest, Heal, Host, Reload, Start, Time, Up, Wake};
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
        1 => any::<bool>().prop_map(Reload),
        1 => any::<bool>().prop_map(Start),
        1 => prop::bool::weighted(0.2).prop_map(Full),
    ]
}

/// What kind of browsers and Registry they have.
#[derive(Clone, Copy, Debug)]
struct Kind {
    seed: u64,
    extended: bool,
    no_restart: bool,
    channels_die: bool,
    /// Buffers are small, and messages do not wait for long.
    tight: Option<Overflow>,
}

fn kind() -> impl Strategy<Value = Kind> {
    (any::<u64>(), any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.3)).prop_map(
        |(seed, extended, no_restart, channels_die)| Kind { seed, extended, no_restart, channels_die, tight: None },
    )
}

/// The same with small buffers, of either policy, or large ones.
fn tight_kind() -> impl Strategy<Value = Kind> {
    let tight = prop_oneof![Just(None), Just(Some(Overflow::Refuse)), Just(Some(Overflow::DropOldest))];
    (kind(), tight).prop_map(|(kind, tight)| Kind { tight, ..kind })
}

/// Both sides of a conversation that goes through all of it.
struct Conversation {
    pair: Pair,
    said: [Vec<Value>; 2],
    logs: [Log; 2],
    counter: u32,
    /// A page that was reloaded had no way back: that is an end.
    ended: bool,
}

impl Conversation {
    /// Both are in a room, and have started; they may not be connected yet.
    fn begun(kind: Kind) -> Self {
        let registry =
            registry_core::Config { extended: kind.extended, ..registry_core::Config::default() }.unlimited();
        // As patient as it takes: so that what is lost is lost by a fault, and not by design.
        let settings = Settings {
            max_buffer_age: Duration::from_secs(36_000),
            max_buffer_size: 100_000,
            max_buffer_bytes: 1 << 30,
            max_reconnect_attempts: 0,
            ..Settings::default()
        };
        let settings = match kind.tight {
            None => settings,
            Some(buffer_overflow) => Settings {
                max_buffer_age: Duration::from_secs(20),
                max_buffer_size: 5,
                max_buffer_bytes: 500_000,
                buffer_overflow,
                ..settings
            },
        };
        let mut pair = Pair::new(PairConfig { seed: kind.seed, registry, settings, ..PairConfig::default() });
        pair.ether.no_restart.set(kind.no_restart);
        pair.ether.channels_die.set(kind.channels_die);
        pair.meet().expect("a sound network");
        drop((pair.host.start_connection(), pair.guest.start_connection()));
        let mut logs: [Log; 2] = Default::default();
        logs[0].follow(&pair.host);
        logs[1].follow(&pair.guest);
        Self { pair, said: Default::default(), logs, counter: 0, ended: false }
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
            Happening::Reload(host) => self.reload(host),
            Happening::Start(host) => drop(side(host).start_connection()),
            Happening::Full(full) => self.pair.stores.iter().for_each(|store| store.full.set(full)),
        }
    }

    fn reload(&mut self, host: bool) {
        self.pair.reload(host);
        let client = if host { self.pair.host.clone() } else { self.pair.guest.clone() };
        self.logs[usize::from(!host)].follow(&client);
        drop(client.resume());
        self.pair.world.settle();
        self.ended |= client.connection_state() == ConnectionState::Idle;
    }

    /// Both close, one after the other; then nothing is left.
    fn end(&mut self, host_first: bool) -> Result<(), TestCaseError> {
        let (host, guest) = (self.pair.host.clone(), self.pair.guest.clone());
        let both = if host_first { [host, guest] } else { [guest, host] };
        for client in &both {
            prop_assert!(self.pair.world.block_on(Duration::from_secs(40), client.close_room()).is_some());
            self.pair.world.run_for(Duration::from_secs(7));
        }
        self.pair.world.run_for(Duration::from_secs(40));
        prop_assert!(both.iter().all(|client| client.connection_state() == ConnectionState::Idle));
        prop_assert_eq!((self.pair.world.leftovers(), self.pair.ether.open.get()), ((0, 0), 0));
        self.check(true)
    }

    fn is_connected(&self) -> bool {
        self.pair.states() == (ConnectionState::Connected, ConnectionState::Connected)
    }

    /// What one receives the other has said, once and in order. What is reported as delivered was received. Nothing is
    /// reported twice, and in the end everything that was accepted has been reported: as delivered or as not.
    fn check(&self, end: bool) -> Result<(), TestCaseError> {
        for (log, other, said) in
            [(&self.logs[0], &self.logs[1], &self.said[0]), (&self.logs[1], &self.logs[0], &self.said[1])]
        {
            let got = numbers(&other.received());
            prop_assert!(got.windows(2).all(|two| two[0] < two[1]), "once and in order: {got:?}");
            let lost: Vec<Value> = log.dropped().into_iter().map(|(value, _)| value).collect();
            let (said, lost, delivered) = (numbers(said), numbers(&lost), numbers(&log.delivered()));
            prop_assert!(got.iter().all(|n| said.contains(n)), "{got:?} of {said:?}");
            // One that took the other for a plain peer, as it could not greet, had promised nothing.
            if log.met_a_plain_peer() {
                continue;
            }
            prop_assert!(delivered.iter().all(|n| got.contains(n)), "{delivered:?} reported as delivered, got {got:?}");
            for n in said {
                let count = |list: &[u64]| list.iter().filter(|told| **told == n).count();
                let fates = count(&lost) + count(&delivered);
                prop_assert!(fates == 1 || (fates == 0 && !end), "{n}: lost {lost:?}, delivered {delivered:?}");
            }
        }
        prop_assert_eq!(&*self.pair.ether.violations.borrow(), &Vec::<String>::new());
        Ok(())
    }
}

fn numbers(values: &[Value]) -> Vec<u64> {
    values.iter().filter_map(|value| value["n"].as_u64()).collect()
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
        if talk.ended {
            return talk.end(true);
        }
        prop_assert!(talk.is_connected(), "{:?} {:?}", talk.pair.states(), host.errors());
        talk.check(true)?;
        prop_assert_eq!(host.buffer(), registry_client::BufferLevels::default());
    }

    /// Cut in the middle of anything, the handshake included, and closed in the middle of anything.
    #[test]
    fn closing_leaves_nothing_and_hands_back_what_was_not_delivered(
        kind in tight_kind(), story in prop::collection::vec(happening(), 1..30), pause in 0_u64..2000,
        host_closes: bool,
    ) {
        let mut talk = Conversation::begun(kind);
        talk.pair.world.run_for(Duration::from_millis(pause));
        for happening in &story {
            talk.happen(happening);
        }
        talk.end(host_closes)?;
    }
}

const NONE: [u64; 0] = [];

/// The seeds with which the two are not connected two minutes after `story`.
fn apart_after(story: &[Happening], extended: bool, seeds: std::ops::Range<u64>) -> Vec<u64> {
    let is_apart = |seed: &u64| {
        let kind = Kind { seed: *seed, extended, no_restart: false, channels_die: false, tight: None };
        let mut talk = Conversation::begun(kind);
        talk.pair.world.run_for(Duration::from_secs(5));
        for happening in story {
            talk.happen(happening);
        }
        talk.pair.world.run_for(Duration::from_secs(120));
        !talk.is_connected()
    };
    seeds.filter(is_apart).collect()
}

/// Only the guest's ICE had failed. The host, which had lost nothing, dropped the candidates of the restart that the guest
/// needed as soon as it had applied the answer; and the guest, which could not be heard by it, went on to answer its pings.
#[test]
fn a_restart_that_only_one_side_needs_is_brought_to_its_end() {
    use Happening::{Cut, Down, Heal, Time, Up};
    let story = [Down, Cut, Time(21122), Up, Heal, Time(1446), Cut, Heal];
    assert_eq!(apart_after(&story, false, 8_062_715_702_547_640_400..8_062_715_702_547_640_500), NONE);
}

/// The guest was named the room in which it was looking for the host, and could not join it a second time. So the host closed
/// it, and the guest had nowhere left to look.
#[test]
fn a_guest_that_looks_for_its_host_in_a_room_is_in_it() {
    use Happening::{Cut, Down, Heal, Reload, Time, Up};
    let story = [Cut, Reload(false), Time(12478), Down, Time(29695), Up, Heal];
    assert_eq!(apart_after(&story, false, 19_124_641_788_131_201..19_124_641_788_131_221), NONE);
}

/// Both had gone to the standby room, and were back by a restart over the control channel. The guest took the room for used
/// up, as if the offer had been answered there; after a reload each waited for the other in another one.
#[test]
fn a_guest_that_is_reloaded_while_its_host_waits_elsewhere_finds_it() {
    use Happening::{Changed, Cut, Down, Heal, Reload, Time, Up};
    let story = [Down, Cut, Changed(true), Time(10_347), Heal, Time(483), Reload(false), Up];
    assert_eq!(apart_after(&story, true, 0..100), NONE);
}

/// A peer connection opened only after its attempt had failed. So the host offered to restart it, while the guest, for which it
/// had never worked, answered with another.
#[test]
fn a_connection_that_opens_after_its_attempt_has_failed_is_not_restarted() {
    use Happening::{Cut, Heal, Reload, Time};
    for seed in 217_569_491_059_493_092..217_569_491_059_493_192 {
        let kind = Kind { seed, extended: true, no_restart: false, channels_die: false, tight: None };
        let mut talk = Conversation::begun(kind);
        talk.pair.world.run_for(Duration::from_secs(5));
        for happening in [Reload(true), Cut, Time(31_910), Heal, Time(60_000)] {
            talk.happen(&happening);
        }
        assert_eq!(*talk.pair.ether.violations.borrow(), Vec::<String>::new(), "seed {seed}");
        assert!(talk.is_connected(), "seed {seed}");
    }
}
