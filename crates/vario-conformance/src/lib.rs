//! One suite that every script engine passes.
