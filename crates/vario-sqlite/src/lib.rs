//! SQLite on a plugin's behalf and for the store, linked in, with deadlines.
