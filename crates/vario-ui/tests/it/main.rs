//! The window as a user meets it: what it looks like, and what its controls do.

mod acts;
mod background;
mod background_looks;
mod fixtures;
mod looks;
mod page_looks;
mod pages;
mod support;
