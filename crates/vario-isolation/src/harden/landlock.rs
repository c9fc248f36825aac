use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetCreated,
    RulesetStatus, Scope,
};

/// The newest set of rights that is known here. An older kernel keeps what it can of it.
const NEWEST: ABI = ABI::V9;

/// No file, no socket, no signal to anyone outside: the second lock behind the system call filter.
/// It holds for the calling thread and those it starts; it also sees to it that the thread gains no
/// privileges.
pub(crate) fn restrict_thread() -> Result<String, String> {
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(NEWEST)))
        .and_then(|rules| rules.scope(Scope::from_all(NEWEST)))
        .and_then(Ruleset::create)
        .and_then(RulesetCreated::restrict_self)
        .map_err(|error| error.to_string())?;
    match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, LandlockStatus::NotImplemented) => {
            Err("this kernel does not have it".to_owned())
        }
        (RulesetStatus::NotEnforced, _) => Err("this kernel has it switched off".to_owned()),
        (_, LandlockStatus::Available { effective_abi, .. }) => {
            Ok(format!("version {}", effective_abi as i32))
        }
        (..) => Ok(String::new()),
    }
}
