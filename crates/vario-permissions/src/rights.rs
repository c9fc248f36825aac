use std::net::IpAddr;

use crate::access::{Access, Bases, Reason, Refusal};
use crate::address::{canonical, is_public};
use crate::glob::same_text;
use crate::host::{Host, HostPattern};
use crate::path::{PathPattern, Place, Places};
use crate::permission::{Pattern, Permission};
use crate::set::PermissionSet;

/// What a plugin may do: what was asked for **and** granted, and not denied. The folder for its
/// data is always its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    places: Places,
    granted: Granted,
    denied: PermissionSet,
    /// The folder that the plugin itself is in, as it was given.
    code: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Granted {
    Everything,
    Only { requested: Option<PermissionSet>, granted: PermissionSet },
}

/// An access, with its path taken apart if it has one.
struct Wish<'a> {
    access: &'a Access,
    place: Option<Place>,
}

impl Rights {
    /// Rights of a plugin whose manifest asks for `requested`; without such a block, anything that
    /// is granted counts.
    pub fn new(
        bases: Bases,
        requested: Option<PermissionSet>,
        granted: PermissionSet,
        denied: PermissionSet,
    ) -> Self {
        let granted = Granted::Only { requested, granted };
        Self { places: Places::read(bases), granted, denied, code: Vec::new() }
    }

    /// Everything.
    pub fn all(bases: Bases) -> Self {
        let places = Places::read(bases);
        let denied = PermissionSet::default();
        Self { places, granted: Granted::Everything, denied, code: Vec::new() }
    }

    /// Nothing but the folder for the plugin's data.
    pub fn none(bases: Bases) -> Self {
        Self::new(bases, None, PermissionSet::default(), PermissionSet::default())
    }

    /// The same, less what is denied.
    #[must_use]
    pub fn without(self, denied: PermissionSet) -> Self {
        Self { denied, ..self }
    }

    /// The same, and the plugin may read what it is made of: the folder that it is in, an absolute
    /// path in all its spellings, as for [`Bases`]. Without them there is no such right.
    #[must_use]
    pub fn reading_own_code(mut self, folder: Vec<String>) -> Self {
        self.places.code = Places::folders(folder.clone());
        self.code = folder;
        self
    }

    /// The folder given to [`Rights::reading_own_code`], in the spellings given there.
    pub fn own_code(&self) -> &[String] {
        &self.code
    }

    /// Whether there is nothing that it forbids.
    pub fn is_all(&self) -> bool {
        matches!(self.granted, Granted::Everything) && self.denied.is_empty()
    }

    /// Whether the plugin may do this.
    ///
    /// # Errors
    /// What is lacking.
    pub fn check(&self, access: &Access) -> Result<(), Refusal> {
        let place = match access {
            Access::Read(path) | Access::Write(path) => match Place::read(path) {
                // Nobody can say which file this is, so nothing that was granted can mean it.
                None => {
                    let permission = self.least(access, &Place::nearest(path));
                    return Err(Refusal { permission, reason: Reason::NotGranted });
                }
                place => place,
            },
            _ => None,
        };
        self.check_wish(&Wish { access, place })
    }

    fn check_wish(&self, wish: &Wish<'_>) -> Result<(), Refusal> {
        if self.is_denied(wish) {
            return Err(self.refusal(wish, Reason::Denied));
        }
        let Granted::Only { requested, granted } = &self.granted else { return Ok(()) };
        if self.is_own(wish) {
            return Ok(());
        }
        let is_in = |set: &PermissionSet| set.iter().any(|right| self.allows(right, wish));
        match requested {
            Some(requested) if !is_in(requested) => Err(self.refusal(wish, Reason::NotRequested)),
            _ if !is_in(granted) => Err(self.refusal(wish, Reason::NotGranted)),
            _ => Ok(()),
        }
    }

    /// Whether the plugin may do this because that very thing was granted, not because everything
    /// is.
    pub fn is_granted_by_name(&self, access: &Access) -> bool {
        matches!(self.granted, Granted::Only { .. }) && self.check(access).is_ok()
    }

    /// Whether a host that [`Rights::check`] allowed may be reached at the address that its name
    /// leads to: a name of the internet must not lead to this machine or its network, unless that
    /// very address is granted.
    ///
    /// # Errors
    /// What is lacking.
    pub fn check_address(&self, host: &Host, address: IpAddr, port: u16) -> Result<(), Refusal> {
        let address = canonical(address);
        let access = Access::Net { host: Host::Ip(address), port };
        let wish = Wish { access: &access, place: None };
        let is_meant = match host {
            Host::Ip(named) => canonical(*named) == address,
            Host::Name(_) if host.is_localhost() => address.is_loopback(),
            Host::Name(_) => is_public(address),
        };
        if !is_meant && !matches!(self.granted, Granted::Everything) {
            return self.check_wish(&wish);
        }
        if self.is_denied(&wish) {
            return Err(self.refusal(&wish, Reason::Denied));
        }
        Ok(())
    }

    fn is_own(&self, wish: &Wish<'_>) -> bool {
        let is_own = |place: &Place| {
            let is_code = || self.places.code.iter().any(|code| place.below(code, false).is_some());
            PathPattern::own().allows(place, &self.places)
                || (matches!(wish.access, Access::Read(_)) && is_code())
        };
        wish.place.as_ref().is_some_and(is_own)
    }

    fn allows(&self, right: &Permission, wish: &Wish<'_>) -> bool {
        match (right, wish.access) {
            (Permission::Net(hosts), Access::Net { host, port })
            | (Permission::InsecureTls(hosts), Access::InsecureTls { host, port }) => {
                hosts.allows(host, *port)
            }
            (Permission::Read(path), Access::Read(_))
            | (Permission::Write(path), Access::Write(_)) => {
                wish.place.as_ref().is_some_and(|place| path.allows(place, &self.places))
            }
            (right, access) => names(right, access, false),
        }
    }

    fn is_denied(&self, wish: &Wish<'_>) -> bool {
        self.denied.iter().any(|right| self.denies(right, wish))
    }

    /// As [`Rights::allows`], but for a denial: it is read as broadly as any system could.
    fn denies(&self, right: &Permission, wish: &Wish<'_>) -> bool {
        match (right, wish.access) {
            (Permission::Net(hosts), Access::Net { host, port })
            | (Permission::InsecureTls(hosts), Access::InsecureTls { host, port }) => {
                hosts.denies(host, *port)
            }
            (Permission::Read(path), Access::Read(_))
            | (Permission::Write(path), Access::Write(_)) => {
                wish.place.as_ref().is_some_and(|place| path.denies(place, &self.places))
            }
            (right, access) => names(right, access, true),
        }
    }

    fn refusal(&self, wish: &Wish<'_>, reason: Reason) -> Refusal {
        let nowhere = Place::nearest("");
        let place = wish.place.as_ref().unwrap_or(&nowhere);
        Refusal { permission: self.least(wish.access, place), reason }
    }

    /// The right to this and nothing else; `place` is that of its path.
    fn least(&self, access: &Access, place: &Place) -> Permission {
        let exactly = || PathPattern::exactly(place, &self.places);
        match access {
            Access::Net { host, port } => {
                Permission::Net(HostPattern::exactly(host.clone(), *port))
            }
            Access::InsecureTls { host, port } => {
                Permission::InsecureTls(HostPattern::exactly(host.clone(), *port))
            }
            Access::Read(_) => Permission::Read(exactly()),
            Access::Write(_) => Permission::Write(exactly()),
            Access::Env(name) => Permission::Env(name.clone()),
            Access::Keychain(name) => Permission::Keychain(Pattern::exactly(name)),
            Access::Run(name) => Permission::Run(name.clone()),
            Access::Bus(name) => Permission::Bus(Pattern::exactly(name)),
            Access::Ccusage => Permission::Ccusage,
            Access::Processes => Permission::Processes,
            Access::System => Permission::System,
            Access::Routes => Permission::Routes,
            Access::Account => Permission::Account,
        }
    }
}

/// Whether a right is about the name that is wanted, or about nothing in particular.
fn names(right: &Permission, access: &Access, fold: bool) -> bool {
    match (right, access) {
        (Permission::Keychain(pattern), Access::Keychain(name))
        | (Permission::Bus(pattern), Access::Bus(name)) => pattern.matches(name, fold),
        (Permission::Env(own), Access::Env(name)) | (Permission::Run(own), Access::Run(name)) => {
            same_text(own, name, fold)
        }
        (Permission::Ccusage, Access::Ccusage)
        | (Permission::Processes, Access::Processes)
        | (Permission::System, Access::System)
        | (Permission::Routes, Access::Routes)
        | (Permission::Account, Access::Account) => true,
        _ => false,
    }
}
