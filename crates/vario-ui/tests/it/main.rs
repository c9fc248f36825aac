//! The window as a user meets it: what it looks like, and what its controls do.

mod acts;
mod fixtures;
mod looks;
mod renderer;
mod support;
