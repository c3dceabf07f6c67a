//! Joining a room, and how its join code is protected from being guessed.

use std::collections::BTreeMap;

use registry_protocol::{EpochMs, JoinCode, JoinCodeResponse, RoomJoinResponse};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Context, Room, State};
use crate::{Client, JoinLocks, Refusal, Reply, Role, body, secret};

/// The wrong join codes that a room has seen, and who may not try another one now.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct WrongJoins {
    wrong: u32,
    until: u64,
    by_client: BTreeMap<u64, ByClient>,
}

/// The wrong join codes of one client.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct ByClient {
    wrong: u32,
    until: u64,
}

impl WrongJoins {
    /// # Errors
    /// [`Refusal::JoinLocked`] while the client, or everybody, is locked out.
    pub(super) fn check(&self, now: u64, client: u64) -> Result<(), Refusal> {
        let own = self.by_client.get(&client).map_or(0, |client| client.until);
        match own.max(self.until).saturating_sub(now) {
            0 => Ok(()),
            wait_ms => Err(Refusal::JoinLocked { wait_ms }),
        }
    }

    /// Records a wrong join code.
    pub(super) fn record(&mut self, now: u64, client: u64, locks: &JoinLocks) {
        let own = self.by_client.entry(client).or_default();
        own.wrong = own.wrong.saturating_add(1);
        if let Some(beyond) = own.wrong.checked_sub(locks.client_wrong) {
            let factor = 1_u64.checked_shl(beyond).unwrap_or(u64::MAX);
            own.until = now.saturating_add(locks.client_ms.saturating_mul(factor));
        }
        self.wrong = self.wrong.saturating_add(1);
        if self.wrong >= locks.room_wrong {
            self.until = now.saturating_add(locks.room_ms);
        }
    }
}

/// Tells a room's clients apart without storing their addresses. All clients of an IPv6 /48 are one, as it costs its owner
/// nothing to be another.
pub(super) fn client_hash(client: Client, join_code: &JoinCode) -> u64 {
    let mut hash = Sha256::new_with_prefix(join_code.as_str());
    hash.update(client.subscriber().address().map(|address| address.to_string()).unwrap_or_default());
    hash.finalize().iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

impl Room {
    /// Redeems the join code.
    pub(super) fn join(&mut self, cx: &mut Context<'_>, client: Client, body: &[u8]) -> Result<Reply, Refusal> {
        let (offered, _guest_user_name) = body::join(body)?;
        let State::Open { join_code, wrong_joins } = &mut self.state else { return Err(Refusal::NotOpen) };
        let extended = cx.config.extended;
        let client = client_hash(client, join_code);
        if extended {
            wrong_joins.check(cx.now, client)?;
        } else if let Some(rates) = &cx.config.room_rates {
            self.windows.count_join(cx.now, rates)?;
        }
        if !secret::same_join_code(join_code, &offered) {
            if extended {
                wrong_joins.record(cx.now, client, &cx.config.join_locks);
                self.changes += 1;
            }
            return Err(Refusal::WrongJoinCode);
        }
        let (guest_token, guest) = secret::token(cx.random)?;
        self.state = State::Joined { guest };
        self.touch(cx, Some(Role::Guest));
        let expires_at = EpochMs(self.expires_at);
        let version = self.version_of_nothing(cx.now).filter(|_| extended);
        Reply::json(200, &RoomJoinResponse { guest_token, expires_at, exchange: extended, version })
    }

    /// Replaces the join code of an open room, and forgets the wrong ones: what has been tried says nothing about the new
    /// one.
    pub(super) fn replace_join_code(&mut self, cx: &mut Context<'_>) -> Result<Reply, Refusal> {
        if !matches!(self.state, State::Open { .. }) {
            return Err(Refusal::NotOpen);
        }
        self.count_signal(cx)?;
        let join_code = secret::join_code(cx.random)?;
        self.state = State::Open { join_code: join_code.clone(), wrong_joins: WrongJoins::default() };
        self.changes += 1;
        Reply::json(200, &JoinCodeResponse { join_code, expires_at: EpochMs(self.expires_at) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKS: JoinLocks = JoinLocks { client_wrong: 2, client_ms: 100, room_wrong: 5, room_ms: 10 };

    #[test]
    fn a_client_is_locked_out_after_a_few_wrong_codes_and_for_longer_each_time() {
        let mut joins = WrongJoins::default();
        joins.record(0, 1, &LOCKS);
        assert_eq!(joins.check(0, 1), Ok(()));
        joins.record(1, 1, &LOCKS);
        assert_eq!(joins.check(1, 1), Err(Refusal::JoinLocked { wait_ms: 100 }));
        assert_eq!(joins.check(1, 2), Ok(()), "another client");
        assert_eq!(joins.check(101, 1), Ok(()));
        joins.record(101, 1, &LOCKS);
        assert_eq!(joins.check(101, 1), Err(Refusal::JoinLocked { wait_ms: 200 }));
        for _ in 0..100 {
            joins.record(u64::MAX, 1, &LOCKS);
        }
        assert_eq!(joins.check(u64::MAX, 1), Ok(()), "it never overflows");
    }

    #[test]
    fn many_clients_together_lock_the_room_shortly() {
        let mut joins = WrongJoins::default();
        (0..4).for_each(|client| joins.record(0, client, &LOCKS));
        assert_eq!(joins.check(0, 9), Ok(()));
        for round in 0..10 {
            joins.record(1000 * round, 4 + round, &LOCKS);
            assert_eq!(joins.check(1000 * round, 99), Err(Refusal::JoinLocked { wait_ms: 10 }));
        }
        assert_eq!(joins.check(9010, 99), Ok(()));
    }

    #[test]
    fn a_hash_tells_clients_apart_and_not_those_of_one_subscriber() {
        let of = |ip: &str, code: &str| client_hash(Client::of(ip.parse().unwrap()), &JoinCode::parse(code).unwrap());
        assert_eq!(of("2001:db8:1:2::1", "123456"), of("2001:db8:1:3::1", "123456"));
        assert_ne!(of("2001:db8:1:2::1", "123456"), of("2001:db8:2:3::1", "123456"));
        assert_ne!(of("192.0.2.1", "123456"), of("192.0.2.2", "123456"));
        assert_ne!(of("192.0.2.1", "123456"), of("192.0.2.1", "123457"));
    }
}
