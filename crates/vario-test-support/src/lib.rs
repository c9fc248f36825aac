//! Fakes, fixture folders and snapshot filters for tests.
