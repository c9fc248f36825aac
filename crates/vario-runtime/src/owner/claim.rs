//! Who owns the state directory: this process, another one, or nobody that can be asked.

use std::time::{Duration, Instant};

use vario_host::Cancel;
use vario_store::StateLock;

use super::OwnerOptions;
use super::client::{Client, Follower, NoOwner};
use super::protocol::{Interest, Watch};
use super::server::Owner;

/// How long to wait for an owner that comes or goes just now.
const TIME: Duration = Duration::from_secs(5);

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(15);

/// What this process is.
pub enum Claim {
    /// The owner.
    Owner(Box<Owner>),
    /// One who follows the owner.
    Follower(Box<Follower>),
    /// Neither; it runs plugins by itself.
    Alone(Alone),
}

/// Why there is nobody to follow and nothing to own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alone {
    /// The state directory cannot be locked, and why; for people.
    NoLock(String),
    /// The owner does not want, and why; for people.
    Refused(String),
    /// The owner runs other plugins, or with other variables.
    OtherScope,
    /// The owner does not answer.
    Silent,
    /// This process is to end.
    Cancelled,
}

/// Owns the state directory if nobody does, and follows its owner otherwise, which then keeps
/// `watch` up to date. Two processes never own it at once; where an owner has just died, one of
/// those who claim gets it and the others follow that one.
pub fn claim(options: &OwnerOptions, watch: &Watch) -> Claim {
    let until = Instant::now() + TIME;
    loop {
        if options.cancel.is_cancelled() {
            return Claim::Alone(Alone::Cancelled);
        }
        match StateLock::try_acquire(&options.paths) {
            Err(error) => return Claim::Alone(Alone::NoLock(error.to_string())),
            Ok(Some(lock)) => {
                return match Owner::start(lock, options) {
                    Ok(owner) => Claim::Owner(Box::new(owner)),
                    Err(error) => Claim::Alone(Alone::NoLock(error.to_string())),
                };
            }
            Ok(None) => {}
        }
        match follow(options, watch, &options.cancel) {
            Ok(follower) => return Claim::Follower(Box::new(follower)),
            Err(Some(alone)) => return Claim::Alone(alone),
            // It has the lock and does not answer yet, or answers no more and has it still.
            Err(None) if Instant::now() >= until => return Claim::Alone(Alone::Silent),
            Err(None) => std::thread::sleep(PAUSE),
        }
    }
}

fn follow(
    options: &OwnerOptions,
    watch: &Watch,
    cancel: &Cancel,
) -> Result<Follower, Option<Alone>> {
    let no_owner = |error| match error {
        NoOwner::Refused(text) => Some(Alone::Refused(text)),
        NoOwner::None | NoOwner::Silent => None,
    };
    let client = Client::connect(&options.paths, &options.identity()).map_err(no_owner)?;
    let front = &options.front;
    let (window, log) = (front.has_window(), front.wanted_lines());
    let interest = Interest { watch: watch.clone(), window, log };
    if !client.has_same_scope() && *watch != Watch::Nothing {
        return Err(Some(Alone::OtherScope));
    }
    client.follow(interest, cancel).map_err(no_owner)
}
