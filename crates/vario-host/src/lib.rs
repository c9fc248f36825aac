//! The host-call contract: which functions a plugin may call, with what, and what comes back.
