//! Validates what a probe returned and turns it into text for people.
