//! The Luau engine behind the sandbox contract.
