//! One exchange of a refresh token: what is sent, and what is to become of the answer.

use std::path::PathBuf;
use std::sync::Arc;

use vario_host::{HostError, HttpRequest};
use vario_http::Target;

use super::endpoints::{self, Endpoint};
use super::forms::{self, LEAST_TOKEN};
use super::memory::{Memory, Print, print};
use super::request::Sending;
use super::rescue::{self, Rescue, What};
use super::{Credentials, Source, Store, words};

/// A request that sends a refresh token.
pub(super) struct Sent {
    /// The refresh tokens, as far as they were recognised.
    pub(super) tokens: Vec<String>,
    /// Where they were read, or might have been.
    pub(super) sources: Vec<Source>,
    /// What was read there.
    prints: Vec<Print>,
    /// Whether the stores are only guessed at.
    is_guess: bool,
    /// To whom, when the store is not known.
    host: String,
    endpoint: Option<Endpoint>,
}

/// An answer with a new token that is in no store yet.
pub(super) struct Pending {
    sent: Sent,
    /// The stores that hold the old token.
    waiting: Vec<Store>,
    /// Whether it is in one place at least, which is all that a guess can ask for.
    is_found: bool,
    /// The new token; any of these when it is not clear which.
    pub(super) renewed: Vec<String>,
    /// Where it is kept.
    pub(super) rescue: Option<PathBuf>,
    /// Whose credential it is, for people.
    pub(super) whose: String,
}

impl Credentials {
    /// What a request sends, if it sends a refresh token.
    pub(super) fn recognise(&self, request: &HttpRequest) -> Option<Sent> {
        let sending = Sending::read(request);
        let endpoint = endpoints::known(request);
        let state = self.state.lock();
        let mut tokens = sending.named.clone();
        let pending = state.pending.iter().flat_map(|pending| &pending.renewed);
        let read = state.memory.refresh_tokens();
        let used = read.iter().chain(pending).filter(|token| sending.has(token));
        tokens.extend(used.cloned());
        if tokens.is_empty() {
            if !sending.says_so && endpoint.is_none() {
                return None;
            }
            let is_stored = |text: &&String| !state.memory.with(text).is_empty();
            tokens.extend(sending.others.iter().filter(is_stored).cloned());
        }
        tokens.sort();
        tokens.dedup();
        let mut sources: Vec<Source> = Vec::new();
        for token in &tokens {
            sources.extend(state.memory.with(token));
            let renewed = state.pending.iter().filter(|one| one.renewed.contains(token));
            sources.extend(renewed.flat_map(|one| one.sent.sources.clone()));
        }
        if sources.iter().any(|source| !self.is_own(&source.store)) {
            sources.retain(|source| !self.is_own(&source.store));
        }
        let is_guess = sources.is_empty();
        if is_guess && endpoint != Some(Endpoint::Keeps) {
            sources = state.memory.suspects();
            sources.retain(|source| !self.is_own(&source.store));
        }
        let print_of = |source: &Source| state.memory.print_of(source).unwrap_or_default();
        let prints = sources.iter().map(print_of).collect();
        let target = Target::of(&request.url);
        let host = target.map_or_else(|_| String::new(), |target| target.host().to_owned());
        Some(Sent { tokens, sources, prints, is_guess, host, endpoint })
    }

    /// Keeps the answer, if it brought a new token. An answer that is none has status 0.
    pub(super) fn after_response(&self, sent: Sent, status: u16, body: &str) {
        if !(200..300).contains(&status) {
            return;
        }
        let renewed = renewed(&sent, body);
        if renewed.is_empty() {
            return;
        }
        let mut waiting: Vec<Store> = Vec::new();
        for source in &sent.sources {
            if !waiting.iter().any(|store| store.is_same(&source.store)) {
                waiting.push(source.store.clone());
            }
        }
        let whose = if sent.is_guess { sent.host.clone() } else { words::stores(self, &waiting) };
        let rescue = Rescue { store: whose.clone(), what: What::Response(body) };
        let rescue = rescue.save(&self.data, &self.plugin_id);
        if let Err(error) = &rescue {
            self.witness.notice(words::not_kept(self, &whose, error));
        }
        let mut state = self.state.lock();
        state.spent.extend(sent.tokens.iter().cloned());
        // What was sent now is worth nothing any more.
        state.pending.retain(|old| {
            let is_spent = old.renewed.iter().any(|token| sent.tokens.contains(token));
            if is_spent {
                old.remove_rescue();
            }
            !is_spent
        });
        let rescue = rescue.ok();
        state.pending.push(Pending { sent, waiting, is_found: false, renewed, rescue, whose });
    }
}

/// The new tokens of an answer. None when the old one stays good.
fn renewed(sent: &Sent, body: &str) -> Vec<String> {
    if sent.endpoint == Some(Endpoint::Keeps) {
        return Vec::new();
    }
    let mut leaves = forms::leaves(body, None, &|_| Vec::new());
    if !body.trim_start().starts_with(['{', '[']) {
        leaves.extend(super::request::form(body));
    }
    let texts = |which: &dyn Fn(&forms::Leaf) -> bool| {
        let leaves = leaves.iter().filter(|leaf| which(leaf) && !leaf.text.trim().is_empty());
        let texts = leaves.map(|leaf| leaf.text.trim().to_owned());
        let mut texts: Vec<String> = texts.filter(|text| !sent.tokens.contains(text)).collect();
        texts.sort();
        texts.dedup();
        texts
    };
    if leaves.iter().any(forms::Leaf::is_refresh) {
        return texts(&forms::Leaf::is_refresh);
    }
    // An answer as the standard has it, without a new refresh token.
    if leaves.iter().any(forms::Leaf::is_access) {
        return Vec::new();
    }
    // Whatever it is, it could be a token.
    texts(&|leaf| leaf.text.len() >= LEAST_TOKEN && !leaf.has_parts)
}

impl Pending {
    /// Whether the credential was read of this.
    pub(super) fn concerns(&self, source: &Source) -> bool {
        self.sent
            .sources
            .iter()
            .any(|own| own.sql == source.sql && own.store.is_same(&source.store))
    }

    /// Whether there is another login by now: neither what was exchanged nor what came back.
    pub(super) fn is_overtaken(&self, source: &Source, now: Option<&str>, memory: &Memory) -> bool {
        let same = |own: &Source| own.sql == source.sql && own.store.is_same(&source.store);
        let mut own = self.sent.sources.iter().zip(&self.sent.prints);
        let Some((_, before)) = own.find(|(own, _)| same(own)) else { return false };
        let Some(now) = now else { return true };
        let mut tokens = self.sent.tokens.iter().chain(&self.renewed);
        print(now) != *before && !tokens.any(|token| memory.holds(now, token))
    }

    /// The plugin itself changed what it had read.
    pub(super) fn rewritten(&mut self, source: &Source, now: &str) {
        for (own, before) in self.sent.sources.iter().zip(&mut self.sent.prints) {
            if own.sql == source.sql && own.store.is_same(&source.store) {
                *before = print(now);
            }
        }
    }

    /// The new token is there now; none: in a file for the user.
    pub(super) fn found_in(&mut self, store: Option<&Store>) {
        self.is_found |= store.is_none() || self.sent.is_guess;
        self.waiting.retain(|waiting| !store.is_some_and(|store| store.is_same(waiting)));
    }

    /// The stores that still hold the old token, if they are known.
    pub(super) fn behind(&self) -> &[Store] {
        if self.sent.is_guess { &[] } else { &self.waiting }
    }

    pub(super) fn is_settled(&self) -> bool {
        self.is_found || (self.waiting.is_empty() && !self.sent.is_guess)
    }

    pub(super) fn remove_rescue(&self) {
        if let Some(path) = &self.rescue {
            rescue::remove(path);
        }
    }
}

/// An exchange under way. Its tokens may not be sent again meanwhile.
pub(super) struct Running {
    pub(super) owner: Arc<Credentials>,
    tokens: Vec<String>,
}

impl Running {
    pub(super) fn begin(owner: &Arc<Credentials>, sent: &Sent) -> Result<Self, HostError> {
        let mut state = owner.state.lock();
        if sent.tokens.iter().any(|t| state.spent.contains(t) || state.under_way.contains(t)) {
            return Err(HostError::Failed(words::spent()));
        }
        state.under_way.extend(sent.tokens.iter().cloned());
        state.running += 1;
        Ok(Self { owner: Arc::clone(owner), tokens: sent.tokens.clone() })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.owner.state.lock();
        state.under_way.retain(|token| !self.tokens.contains(token));
        state.running -= 1;
        self.owner.idle.notify_all();
    }
}
