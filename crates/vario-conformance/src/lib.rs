//! One suite that every script engine passes.
//!
//! An engine crate runs it with one line in its own tests:
//!
//! ```ignore
//! vario_conformance::suite!(LuaEngine::new());
//! ```
//!
//! That makes one test per group of cases. A case is a name, a program in Lua, the same program in
//! JavaScript and one expectation for both; where the languages may differ the case says why.
//! Start at any file under `groups/` to read or add cases, at [`TestNatives`] for what the
//! programs may call, and at [`run`] for how a group is run.
//!
//! The suite asserts outcomes, never times: a short deadline and its fixed text stand for "it was
//! interrupted". It does not test helpers of the host API, and it does not measure speed.

mod bench;
mod case;
mod expect;
mod groups;
mod natives;
mod runner;
mod same;

#[cfg(test)]
mod tests;

pub use crate::groups::GROUPS;
pub use crate::natives::TestNatives;
pub use crate::runner::run;

/// Makes one `#[test]` per group of the suite for the engine that the expression makes.
///
/// The expression is evaluated once per test and gives an `impl vario_sandbox::Engine + 'static`.
#[macro_export]
macro_rules! suite {
    ($engine:expr) => {
        $crate::suite!(@tests $engine;
            calls causes check clock deadlines depth errors escapes fresh globals handles
            lifetimes limits log long_lives memory modules natives round_trips settling
            shapes stack stops thrown values_in values_out
        );
    };
    (@tests $engine:expr; $($group:ident)*) => {
        $(
            #[test]
            fn $group() {
                $crate::run(::std::sync::Arc::new($engine), stringify!($group));
            }
        )*

        #[test]
        fn every_group_is_run() {
            assert_eq!([$(stringify!($group)),*].as_slice(), $crate::GROUPS);
        }
    };
}
