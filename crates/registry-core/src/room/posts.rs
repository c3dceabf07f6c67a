//! What the peers post for each other, one by one.

use registry_protocol::{SdpType, SessionDescription};

use super::{Context, Room, State};
use crate::candidates::Candidates;
use crate::{Refusal, Reply, Role, body};

impl Room {
    pub(super) fn post_offer(&mut self, cx: &Context<'_>, body: &[u8]) -> Result<Reply, Refusal> {
        let offer = body::description(body, SdpType::Offer)?;
        self.check_description(Role::Host)?;
        self.count_signal(cx)?;
        self.set_description(cx, offer);
        Ok(Reply::NO_CONTENT)
    }

    pub(super) fn post_answer(&mut self, cx: &Context<'_>, body: &[u8]) -> Result<Reply, Refusal> {
        let answer = body::description(body, SdpType::Answer)?;
        self.check_description(Role::Guest)?;
        self.count_signal(cx)?;
        self.set_description(cx, answer);
        Ok(Reply::NO_CONTENT)
    }

    /// The description that this peer has posted.
    pub(super) fn description_of(&self, role: Role) -> Option<&SessionDescription> {
        match (role, &self.state) {
            (Role::Host, _) => self.offer.as_ref(),
            (Role::Guest, State::Paired { answer, .. }) => Some(answer),
            (Role::Guest, _) => None,
        }
    }

    /// Checks that this peer can post or replace its description now.
    pub(super) fn check_description(&self, role: Role) -> Result<(), Refusal> {
        match (role, &self.state) {
            (_, State::Paired { .. }) => Err(Refusal::AlreadyPaired),
            (Role::Guest, _) if self.offer.is_none() => Err(Refusal::NoOffer),
            _ => Ok(()),
        }
    }

    /// Stores a description that was [checked](Self::check_description); an answer makes the room paired.
    pub(super) fn set_description(&mut self, cx: &Context<'_>, description: SessionDescription) {
        match (&description.kind, &self.state) {
            (SdpType::Answer, State::Joined { guest }) => {
                self.state = State::Paired { guest: *guest, answer: description };
                self.touch(cx, Some(Role::Guest));
            }
            _ => {
                self.offers += u64::from(self.offer.as_ref() != Some(&description));
                self.offer = Some(description);
                self.touch(cx, Some(Role::Host));
            }
        }
    }

    /// Whether what this peer posts with this number, which is not that of an older attempt, begins a new one.
    ///
    /// # Errors
    /// [`Refusal::NoOffer`], since an attempt begins with its offer.
    pub(super) fn begins_attempt(&self, attempt: u64, posts_offer: bool) -> Result<bool, Refusal> {
        let begins = attempt > self.attempt;
        if begins && !posts_offer { Err(Refusal::NoOffer) } else { Ok(begins) }
    }

    /// Discards what belongs to the last attempt. The offer of the new one is to follow.
    pub(super) fn begin_attempt(&mut self, attempt: u64) {
        self.attempt = attempt;
        if let State::Paired { guest, .. } = self.state {
            self.state = State::Joined { guest };
        }
        self.from_host.clear();
        self.from_guest.clear();
    }

    pub(super) fn candidate(
        &mut self,
        cx: &Context<'_>,
        role: Role,
        key: Option<&str>,
        body: &[u8],
    ) -> Result<Reply, Refusal> {
        if key.is_some_and(|key| self.posted_by(role).knows_key(key)) {
            self.count_signal(cx)?;
            return Ok(Reply::NO_CONTENT);
        }
        let candidate = body::candidate(body)?;
        let known = self.posted_by(role).holds(cx.now, &candidate);
        if !known {
            self.posted_by(role).check_capacity(cx.now, 1)?;
        }
        self.count_signal(cx)?;
        if !known {
            self.posted_by(role).append(cx.now, cx.config.ttl.candidates_ms, candidate);
        }
        if let Some(key) = key {
            self.posted_by(role).remember_key(key);
        }
        if key.is_some() || !known {
            self.changes += 1;
        }
        Ok(Reply::NO_CONTENT)
    }

    /// The candidates that this peer has posted.
    pub(super) fn posted_by(&mut self, role: Role) -> &mut Candidates {
        match role {
            Role::Host => &mut self.from_host,
            Role::Guest => &mut self.from_guest,
        }
    }

    pub(super) fn count_signal(&mut self, cx: &Context<'_>) -> Result<(), Refusal> {
        cx.config.room_rates.as_ref().map_or(Ok(()), |rates| self.windows.count_signal(cx.now, rates))
    }
}
