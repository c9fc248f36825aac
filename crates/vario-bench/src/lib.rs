//! Benchmarks of probe overhead, start-up and memory, as ratios in one run.
