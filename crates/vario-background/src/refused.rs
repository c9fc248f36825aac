use std::time::Duration;

use vario_host::{HostError, Witness, Witnessed};
use vario_model::{Need, NeedReason};
use vario_permissions::{Access, Reason, Refusal};

use crate::session::Session;

/// Asks a plugin's rights for what the host that touches the machine does not see: the bus, routes.
pub(crate) fn check(
    session: &Session,
    function: &'static str,
    access: &Access,
) -> Result<(), HostError> {
    let outcome = session.rights().check(access);
    let needs = outcome.as_ref().err().map(need).into_iter().collect::<Vec<_>>();
    // What is allowed happens too often to be written down each time.
    if !needs.is_empty() {
        session.witness.called(Witnessed {
            function: function.to_owned(),
            target: target(access),
            needs,
            ok: false,
            bytes: 0,
            duration: Duration::ZERO,
        });
    }
    outcome.map_err(|refusal| HostError::Failed(format!("not allowed: {refusal}")))
}

fn target(access: &Access) -> String {
    match access {
        Access::Bus(topic) => topic.clone(),
        _ => String::new(),
    }
}

fn need(refusal: &Refusal) -> Need {
    let reason = match refusal.reason {
        Reason::NotRequested => NeedReason::NotRequested,
        Reason::NotGranted => NeedReason::NotGranted,
        Reason::Denied => NeedReason::Denied,
    };
    Need { permission: refusal.permission.to_string(), reason }
}
