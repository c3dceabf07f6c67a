mod limits;
mod reading;

use registry_protocol::{
    EpochMs, JoinCode, PublicRoomInfo, RoomCode, RoomCreationResponse, RoomJoinResponse, RoomStatus, SdpType,
    SessionDescription, UserName,
};
use serde::{Deserialize, Serialize};

use crate::candidates::Candidates;
use crate::secret::{self, TokenHash};
use crate::{Action, Config, Random, Refusal, Reply, Request, Role, body};
use limits::{JoinLock, Windows};
pub use reading::{Step, Wait};

/// What a room acts upon besides the request.
pub struct Context<'a> {
    /// The time, in milliseconds since the epoch.
    pub now: u64,
    /// A cryptographic source of random bytes.
    pub random: &'a mut dyn Random,
    /// Times to live and limits.
    pub config: &'a Config,
}

/// Where the room is in its life, and what it has only there.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum State {
    Open {
        #[serde(serialize_with = "JoinCode::expose")]
        join_code: JoinCode,
        lock: JoinLock,
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

/// One room: its life from open to closed, what the peers left in it for each other, and its rate limits.
///
/// A host that keeps a room where memory does not last writes it down with serde, whenever [`changes`](Self::changes)
/// has grown. What is not written, the windows of the rate limits, does little harm by being forgotten.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Room {
    state: State,
    host_user_name: UserName,
    host: TokenHash,
    offer: Option<SessionDescription>,
    from_host: Candidates,
    from_guest: Candidates,
    updated_at: u64,
    expires_at: u64,
    revision: u64,
    changes: u64,
    #[serde(skip)]
    windows: Windows,
}

impl Room {
    /// How often a host draws another code when one is taken: with a good source once is rare already.
    pub const CODE_ATTEMPTS: usize = 16;
    /// The answer to whoever asked for a room, should all of them have been taken.
    pub const CODE_TAKEN: Refusal = Refusal::Full { wait_ms: 1000 };

    /// Draws a code for a room; whether it is taken the host must see to.
    ///
    /// # Errors
    /// [`Refusal::Internal`]
    pub fn draw_code(random: &mut dyn Random) -> Result<RoomCode, Refusal> {
        Ok(secret::room_code(random)?)
    }

    /// Makes the open room that `code` will name, and the answer to whoever asked for it.
    ///
    /// # Errors
    /// [`Refusal::Internal`]
    pub fn create(cx: &mut Context<'_>, code: RoomCode, host: UserName) -> Result<(Self, Reply), Refusal> {
        let (owner_token, hash) = secret::token(cx.random)?;
        let join_code = secret::join_code(cx.random)?;
        let expires_at = cx.now.saturating_add(cx.config.ttl.open_ms);
        let room = Self {
            state: State::Open { join_code: join_code.clone(), lock: JoinLock::default() },
            host_user_name: host,
            host: hash,
            offer: None,
            from_host: Candidates::default(),
            from_guest: Candidates::default(),
            updated_at: cx.now,
            expires_at,
            revision: 1,
            changes: 1,
            windows: Windows::default(),
        };
        let answer = RoomCreationResponse { code, join_code, owner_token, expires_at: EpochMs(expires_at) };
        Ok((room, Reply::json(201, &answer)?))
    }

    /// When the room is over, in milliseconds since the epoch: then a host forgets it.
    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }

    /// Grows with every change of what is to be written down.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Where the room is in its life.
    pub fn status(&self) -> RoomStatus {
        match self.state {
            State::Open { .. } => RoomStatus::Open,
            State::Joined { .. } => RoomStatus::Joined,
            State::Paired { .. } => RoomStatus::Paired,
            State::Closed => RoomStatus::Closed,
        }
    }

    /// Does what `request` asks for, which is `action`.
    ///
    /// # Errors
    /// A [`Refusal`]; then nothing has changed that a peer could see.
    pub fn handle(&mut self, cx: &mut Context<'_>, action: Action, request: &Request) -> Result<Step, Refusal> {
        if self.is_over(cx.now) {
            return Err(Refusal::NoRoom);
        }
        let (token, body) = (request.token(), request.body.as_slice());
        match action {
            Action::Public => self.public().map(Step::Reply),
            Action::Join => self.join(cx, body).map(Step::Reply),
            Action::Snapshot => self.role(token).and_then(|role| self.snapshot(cx, role, request)),
            Action::Candidates => self.role(token).and_then(|role| self.candidates(cx, role, request)),
            Action::Candidate => {
                let role = self.role(token)?;
                let key = request.idempotency_key().filter(|_| cx.config.extended);
                self.candidate(cx, role, key, body).map(Step::Reply)
            }
            Action::Offer => self.only(Role::Host, token).and_then(|()| self.post_offer(cx, body)).map(Step::Reply),
            Action::Answer => self.only(Role::Guest, token).and_then(|()| self.post_answer(cx, body)).map(Step::Reply),
            Action::Close => self.only(Role::Host, token).map(|()| self.close(cx).into()),
        }
    }

    fn is_over(&self, now: u64) -> bool {
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

    fn join(&mut self, cx: &mut Context<'_>, body: &[u8]) -> Result<Reply, Refusal> {
        let (offered, _guest_user_name) = body::join(body)?;
        let State::Open { join_code, lock } = &mut self.state else { return Err(Refusal::NotOpen) };
        let (rates, extended) = (cx.config.rates.as_ref(), cx.config.extended);
        if let Some(rates) = rates {
            lock.check(cx.now)?;
            self.windows.count_join(cx.now, rates)?;
        }
        if !secret::same_join_code(join_code, &offered) {
            if let Some(rates) = rates.filter(|_| extended) {
                lock.wrong(cx.now, rates);
                self.changes += 1;
            }
            return Err(Refusal::WrongJoinCode);
        }
        let (guest_token, guest) = secret::token(cx.random)?;
        self.state = State::Joined { guest };
        self.changed(cx);
        Reply::json(200, &RoomJoinResponse { guest_token, expires_at: EpochMs(self.expires_at) })
    }

    fn post_offer(&mut self, cx: &Context<'_>, body: &[u8]) -> Result<Reply, Refusal> {
        let offer = body::description(body, SdpType::Offer)?;
        if let State::Paired { .. } = self.state {
            return Err(Refusal::AlreadyPaired);
        }
        self.count_signal(cx)?;
        self.offer = Some(offer);
        self.changed(cx);
        Ok(Reply::NO_CONTENT)
    }

    fn post_answer(&mut self, cx: &Context<'_>, body: &[u8]) -> Result<Reply, Refusal> {
        let answer = body::description(body, SdpType::Answer)?;
        let State::Joined { guest } = self.state else { return Err(Refusal::AlreadyPaired) };
        if self.offer.is_none() {
            return Err(Refusal::NoOffer);
        }
        self.count_signal(cx)?;
        self.state = State::Paired { guest, answer };
        self.changed(cx);
        Ok(Reply::NO_CONTENT)
    }

    fn candidate(&mut self, cx: &Context<'_>, role: Role, key: Option<&str>, body: &[u8]) -> Result<Reply, Refusal> {
        if key.is_some_and(|key| self.from(role).knows_key(key)) {
            self.count_signal(cx)?;
            return Ok(Reply::NO_CONTENT);
        }
        let candidate = body::candidate(body)?;
        let known = self.from(role).holds(cx.now, &candidate);
        if !known {
            self.from(role).check_room(cx.now)?;
        }
        self.count_signal(cx)?;
        if !known {
            self.from(role).append(cx.now, cx.config.ttl.candidates_ms, candidate);
        }
        if let Some(key) = key {
            self.from(role).remember_key(key);
        }
        if key.is_some() || !known {
            self.changes += 1;
        }
        Ok(Reply::NO_CONTENT)
    }

    /// Closes the room and lets go of what was in it.
    fn close(&mut self, cx: &Context<'_>) -> Reply {
        self.state = State::Closed;
        self.offer = None;
        self.from_host = Candidates::default();
        self.from_guest = Candidates::default();
        self.windows = Windows::default();
        self.changed(cx);
        Reply::NO_CONTENT
    }

    /// Starts the time to live of the present state again.
    fn changed(&mut self, cx: &Context<'_>) {
        let ttl = &cx.config.ttl;
        let ttl_ms = match self.state {
            State::Open { .. } => ttl.open_ms,
            State::Joined { .. } => ttl.joined_ms,
            State::Paired { .. } => ttl.paired_ms,
            State::Closed => ttl.closed_ms,
        };
        self.updated_at = cx.now;
        self.expires_at = cx.now.saturating_add(ttl_ms);
        self.revision += 1;
        self.changes += 1;
    }

    fn from(&mut self, role: Role) -> &mut Candidates {
        match role {
            Role::Host => &mut self.from_host,
            Role::Guest => &mut self.from_guest,
        }
    }

    fn role(&self, token: Option<&str>) -> Result<Role, Refusal> {
        let token = token.ok_or(Refusal::WrongToken)?;
        if self.host.matches(token) {
            return Ok(Role::Host);
        }
        match &self.state {
            State::Joined { guest } | State::Paired { guest, .. } if guest.matches(token) => Ok(Role::Guest),
            _ => Err(Refusal::WrongToken),
        }
    }

    fn only(&self, role: Role, token: Option<&str>) -> Result<(), Refusal> {
        if self.role(token)? == role { Ok(()) } else { Err(Refusal::WrongRole(role)) }
    }

    fn count_signal(&mut self, cx: &Context<'_>) -> Result<(), Refusal> {
        cx.config.rates.as_ref().map_or(Ok(()), |rates| self.windows.count_signal(cx.now, rates))
    }
}
