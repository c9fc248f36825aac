//! Whole-product tests: one binary, a module per topic.
//!
//! They live in `it/` and run the program `vario` itself on the plugins of `fixtures/`, each test
//! with a home folder of its own. Start at `it/rig.rs`. Nothing here reaches into a crate: what a
//! part does by itself is tested beside that part. `background/` does the same for background
//! plugins, and `consumers/` with the programs that read what Vario prints.
