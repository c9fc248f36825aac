//! The QuickJS-ng engine behind the sandbox contract.
