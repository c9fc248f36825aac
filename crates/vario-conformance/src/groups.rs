use crate::case::Case;

mod calls;
mod causes;
mod check;
mod clock;
mod deadlines;
mod depth;
mod errors;
mod escapes;
mod fresh;
mod globals;
mod handles;
mod lifetimes;
mod limits;
mod log;
mod long_lives;
mod memory;
mod modules;
mod natives;
mod round_trips;
mod settling;
mod shapes;
mod stack;
mod stops;
mod thrown;
mod values_in;
mod values_out;

type Cases = fn() -> Vec<Case>;

const TABLE: [(&str, Cases); 26] = [
    ("calls", calls::cases),
    ("causes", causes::cases),
    ("check", check::cases),
    ("clock", clock::cases),
    ("deadlines", deadlines::cases),
    ("depth", depth::cases),
    ("errors", errors::cases),
    ("escapes", escapes::cases),
    ("fresh", fresh::cases),
    ("globals", globals::cases),
    ("handles", handles::cases),
    ("lifetimes", lifetimes::cases),
    ("limits", limits::cases),
    ("log", log::cases),
    ("long_lives", long_lives::cases),
    ("memory", memory::cases),
    ("modules", modules::cases),
    ("natives", natives::cases),
    ("round_trips", round_trips::cases),
    ("settling", settling::cases),
    ("shapes", shapes::cases),
    ("stack", stack::cases),
    ("stops", stops::cases),
    ("thrown", thrown::cases),
    ("values_in", values_in::cases),
    ("values_out", values_out::cases),
];

/// The names of all groups, as [`crate::run`] takes them.
pub const GROUPS: &[&str] = &{
    let mut names = [""; TABLE.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = TABLE[index].0;
        index += 1;
    }
    names
};

/// The cases of a group.
#[track_caller]
pub(crate) fn cases_of(group: &str) -> Vec<Case> {
    let found = TABLE.iter().find(|(name, _)| *name == group);
    found.unwrap_or_else(|| panic!("there is no group `{group}`")).1()
}
