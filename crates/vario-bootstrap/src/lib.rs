//! Joins engines, host, store and runtime once, for every app and for tests.
