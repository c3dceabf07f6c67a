mod exchange;
mod joining;
mod limits;
mod posts;
mod reads;

use registry_protocol::{
    EpochMs, JoinCode, PublicRoomInfo, RoomCode, RoomCreationResponse, RoomStatus, SessionDescription, UserName,
};
use serde::{Deserialize, Serialize};

use crate::candidates::Candidates;
use crate::secret::{self, TokenHash};
use crate::{Action, Config, Random, Refusal, Reply, Request, Role};
pub use exchange::{Handled, LongPoll};
use joining::WrongJoins;
use limits::Windows;

/// What a room needs besides the request.
pub struct Context<'a> {
    /// The current time, in milliseconds since the epoch.
    pub now: u64,
    /// A cryptographically secure source of random bytes.
    pub random: &'a mut dyn Random,
    /// Times to live and limits.
    pub config: &'a Config,
}

/// The stage of the room's life, with the data that exists only in that stage.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum State {
    Open {
        #[serde(serialize_with = "JoinCode::expose")]
        join_code: JoinCode,
        #[serde(default)]
        wrong_joins: WrongJoins,
    },
    Joined {
        guest: TokenHash,
    },
    Paired {
        guest: TokenHash,
        answer: SessionDescription,
    },
    Closed,
}

/// For each peer, the number of changes of status and descriptions that it did not make itself.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct News {
    host: u64,
    guest: u64,
}

/// One room: its life cycle from open to closed, what the peers have posted for each other, and its rate limits.
///
/// A server without lasting memory persists it with serde whenever [`changes`](Self::changes) has grown. The rate limit
/// windows are not serialized: losing them does little harm.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Room {
    state: State,
    host_user_name: UserName,
    host: TokenHash,
    /// The attempt at a connection that descriptions and candidates belong to, counted from 0.
    #[serde(default)]
    attempt: u64,
    offer: Option<SessionDescription>,
    /// Counts the offers that were not the same as the one before.
    #[serde(default)]
    offers: u64,
    from_host: Candidates,
    from_guest: Candidates,
    updated_at: u64,
    expires_at: u64,
    /// When the room expires even if it is renewed. One that was stored without it has no such end.
    #[serde(default = "never")]
    ends_at: u64,
    /// Counts the changes of status, descriptions and expiry.
    revision: u64,
    /// Counts those of them that are news to each peer. A room that was stored without it has had no exchange, so nobody
    /// has a version of it yet.
    #[serde(default)]
    news: News,
    changes: u64,
    #[serde(skip)]
    windows: Windows,
}

impl Room {
    /// How many codes to try when creating a room. With a good random source even one collision is rare.
    pub const CODE_ATTEMPTS: usize = 16;
    /// The answer if all [`CODE_ATTEMPTS`](Self::CODE_ATTEMPTS) codes were taken.
    pub const CODE_TAKEN: Refusal = Refusal::Full { wait_ms: 1000 };

    /// Generates a room code. The caller checks whether it is taken.
    ///
    /// # Errors
    /// [`Refusal::Internal`]
    pub fn draw_code(random: &mut dyn Random) -> Result<RoomCode, Refusal> {
        Ok(secret::room_code(random)?)
    }

    /// Creates an open room with this code, and the reply to the request that asked for it.
    ///
    /// # Errors
    /// [`Refusal::Internal`]
    pub fn create(cx: &mut Context<'_>, code: RoomCode, host: UserName) -> Result<(Self, Reply), Refusal> {
        let (owner_token, hash) = secret::token(cx.random)?;
        let join_code = secret::join_code(cx.random)?;
        let ends_at = cx.now.saturating_add(cx.config.ttl.room_ms);
        let expires_at = cx.now.saturating_add(cx.config.ttl.open_ms).min(ends_at);
        let room = Self {
            state: State::Open { join_code: join_code.clone(), wrong_joins: WrongJoins::default() },
            host_user_name: host,
            host: hash,
            attempt: 0,
            offer: None,
            offers: 0,
            from_host: Candidates::default(),
            from_guest: Candidates::default(),
            updated_at: cx.now,
            expires_at,
            ends_at,
            revision: 1,
            news: News { host: 1, guest: 1 },
            changes: 1,
            windows: Windows::default(),
        };
        let answer = RoomCreationResponse {
            code,
            join_code,
            owner_token,
            expires_at: EpochMs(expires_at),
            exchange: cx.config.extended,
        };
        Ok((room, Reply::json(201, &answer)?))
    }

    /// When the room expires, in milliseconds since the epoch. From then on it can be removed.
    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }

    /// Orders rooms by how much they would be missed: those in which nobody has met before the others, and among them those
    /// that expire first.
    pub(crate) fn worth(&self) -> impl Ord + use<> {
        let stage = match self.state {
            State::Closed => 0,
            State::Open { .. } => 1,
            State::Joined { .. } => 2,
            State::Paired { .. } => 3,
        };
        (stage, self.expires_at)
    }

    /// Grows with every change to the serialized state.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The current status.
    pub fn status(&self) -> RoomStatus {
        match self.state {
            State::Open { .. } => RoomStatus::Open,
            State::Joined { .. } => RoomStatus::Joined,
            State::Paired { .. } => RoomStatus::Paired,
            State::Closed => RoomStatus::Closed,
        }
    }

    /// Handles `request`, whose [`Call`](crate::Call) is `action`.
    ///
    /// # Errors
    /// A [`Refusal`]; in that case nothing that a peer can see has changed.
    pub fn handle(&mut self, cx: &mut Context<'_>, action: Action, request: &Request) -> Result<Handled, Refusal> {
        if self.has_ended(cx.now) {
            return Err(Refusal::NoRoom);
        }
        let (token, body) = (request.token().ok(), request.body.as_slice());
        match action {
            Action::Public => self.public().map(Handled::Reply),
            Action::Join => self.join(cx, request.client, body).map(Handled::Reply),
            Action::JoinCode => {
                self.require(Role::Host, token).and_then(|()| self.replace_join_code(cx)).map(Handled::Reply)
            }
            Action::Snapshot => {
                self.authenticate(token).and_then(|role| self.snapshot(cx, role, request)).map(Handled::Reply)
            }
            Action::Candidates => {
                self.authenticate(token).and_then(|role| self.candidates(cx, role, request)).map(Handled::Reply)
            }
            Action::Candidate => {
                let role = self.authenticate(token)?;
                let key = request.idempotency_key().filter(|_| cx.config.extended);
                self.candidate(cx, role, key, body).map(Handled::Reply)
            }
            Action::Offer => {
                self.require(Role::Host, token).and_then(|()| self.post_offer(cx, body)).map(Handled::Reply)
            }
            Action::Answer => {
                self.require(Role::Guest, token).and_then(|()| self.post_answer(cx, body)).map(Handled::Reply)
            }
            Action::Close => self.require(Role::Host, token).map(|()| self.close(cx).into()),
            Action::Exchange => self.authenticate(token).and_then(|role| self.exchange(cx, role, body)),
        }
    }

    fn has_ended(&self, now: u64) -> bool {
        now >= self.expires_at || matches!(self.state, State::Closed)
    }

    fn public(&self) -> Result<Reply, Refusal> {
        let State::Open { .. } = self.state else { return Err(Refusal::NotPublic) };
        let info = PublicRoomInfo {
            status: self.status(),
            expires_at: EpochMs(self.expires_at),
            host_user_name: self.host_user_name.clone(),
        };
        Reply::json(200, &info)
    }

    /// Closes the room and discards its contents.
    fn close(&mut self, cx: &Context<'_>) -> Reply {
        self.state = State::Closed;
        self.offer = None;
        self.from_host = Candidates::default();
        self.from_guest = Candidates::default();
        self.windows = Windows::default();
        self.touch(cx, None);
        Reply::NO_CONTENT
    }

    /// Records a change, which is news to everyone but the peer that made it, and restarts the time to live of the
    /// current state.
    fn touch(&mut self, cx: &Context<'_>, by: Option<Role>) {
        self.updated_at = cx.now;
        self.expires_at = cx.now.saturating_add(self.ttl_ms(cx)).min(self.ends_at);
        self.revision += 1;
        self.changes += 1;
        self.news.host += u64::from(by != Some(Role::Host));
        self.news.guest += u64::from(by != Some(Role::Guest));
    }

    /// The time to live of the current state, in milliseconds.
    fn ttl_ms(&self, cx: &Context<'_>) -> u64 {
        let ttl = &cx.config.ttl;
        match self.state {
            State::Open { .. } => ttl.open_ms,
            State::Joined { .. } => ttl.joined_ms,
            State::Paired { .. } => ttl.paired_ms,
            State::Closed => ttl.closed_ms,
        }
    }

    /// Restarts the time to live of a room whose peers have met, if half of it is over: one of them has asked.
    fn renew(&mut self, cx: &Context<'_>) {
        let have_met = match self.state {
            State::Paired { .. } => true,
            State::Joined { .. } => self.attempt > 0,
            State::Open { .. } | State::Closed => false,
        };
        let ttl_ms = self.ttl_ms(cx);
        if have_met && self.expires_at.saturating_sub(cx.now) < ttl_ms / 2 && self.expires_at < self.ends_at {
            self.updated_at = cx.now;
            self.expires_at = cx.now.saturating_add(ttl_ms).min(self.ends_at);
            self.revision += 1;
            self.changes += 1;
        }
    }

    fn authenticate(&self, token: Option<&str>) -> Result<Role, Refusal> {
        let token = token.ok_or(Refusal::WrongToken)?;
        if self.host.matches(token) {
            return Ok(Role::Host);
        }
        match &self.state {
            State::Joined { guest } | State::Paired { guest, .. } if guest.matches(token) => Ok(Role::Guest),
            _ => Err(Refusal::WrongToken),
        }
    }

    fn require(&self, role: Role, token: Option<&str>) -> Result<(), Refusal> {
        if self.authenticate(token)? == role { Ok(()) } else { Err(Refusal::WrongRole(role)) }
    }
}

/// The end of a room that was stored before rooms had one.
fn never() -> u64 {
    u64::MAX
}
