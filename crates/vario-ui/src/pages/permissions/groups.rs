//! A plugin's rights, sorted by what can be done about them.

use vario_model::{Need, NeedReason};
use vario_permissions::{Permission, PermissionSet};

use super::names;
use crate::model::{PluginView, RightsView};

/// Why rights stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Granted,
    Asked,
    Known,
    Refused,
    NeverAsked,
    Denied,
}

/// Rights of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) why: Why,
    pub(super) rights: PermissionSet,
}

impl Why {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Granted => "May",
            Self::Asked => "Wants to",
            Self::Known => "Is known to need to",
            Self::Refused => "Was refused in the last run",
            Self::NeverAsked => "Was refused, and never asked for",
            Self::Denied => "Denied by you",
        }
    }

    /// More about it.
    pub(super) fn note(self) -> Option<&'static str> {
        match self {
            Self::Known => Some("Its manifest asks for nothing. This is what such a plugin uses."),
            Self::NeverAsked => {
                Some("Its manifest does not ask for this, so it cannot be allowed.")
            }
            _ => None,
        }
    }

    /// The button that allows all of it.
    pub(super) fn allow_all(self) -> Option<&'static str> {
        match self {
            Self::Asked | Self::Refused => Some("Allow all of these"),
            Self::Known => Some("Allow what is known to be needed"),
            _ => None,
        }
    }
}

/// The groups of a plugin that are not empty. Of rights only those are in it that contain what is
/// sought, unless the plugin itself does.
///
/// `stays` is what its background part lacked.
pub(super) fn groups(view: &PluginView, stays: &[Need], sought: &str) -> Vec<Group> {
    let rights = &view.rights;
    let all = names(view, sought);
    let open = rights.open();
    let refused = needs(view, stays, NeedReason::NotGranted);
    let asked = |right: &Permission| rights.requested.contains(right);
    let open = open.iter().filter(|right| !refused.contains(right)).cloned();
    let (asked, known): (Vec<_>, Vec<_>) = open.partition(asked);
    let sets = [
        (Why::Refused, refused),
        (Why::NeverAsked, needs(view, stays, NeedReason::NotRequested)),
        (Why::Asked, asked.into_iter().collect()),
        (Why::Known, known.into_iter().collect()),
        (Why::Granted, effective(rights)),
        (Why::Denied, rights.denied.clone()),
    ];
    let groups = sets.into_iter().map(|(why, rights)| {
        let is_sought = |right: &&Permission| all || contains(right, sought);
        Group { why, rights: rights.iter().filter(is_sought).cloned().collect() }
    });
    groups.filter(|group| !group.rights.is_empty()).collect()
}

/// What was granted and is not denied.
fn effective(rights: &RightsView) -> PermissionSet {
    rights.granted.iter().filter(|right| !rights.denied.covers(right)).cloned().collect()
}

/// What the last run lacked, as far as nothing was decided about it since.
fn needs(view: &PluginView, stays: &[Need], reason: NeedReason) -> PermissionSet {
    let rights = &view.rights;
    let needs = view.needs.iter().chain(stays).filter(|need| need.reason == reason);
    let needs = needs.filter_map(|need| need.permission.parse::<Permission>().ok());
    let is_open = |right: &Permission| {
        let granted = reason == NeedReason::NotGranted && rights.granted.covers(right);
        !granted && !rights.denied.covers(right)
    };
    needs.filter(is_open).collect()
}

/// Whether a right's words or its pattern contain what is sought.
fn contains(right: &Permission, sought: &str) -> bool {
    let words = format!("{} {}", right.verb(), right.object()).to_lowercase();
    words.contains(sought) || right.to_string().to_lowercase().contains(sought)
}
