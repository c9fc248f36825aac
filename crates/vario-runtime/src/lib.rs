//! Finds plugins and runs their probes: batches, deadlines, cool-downs and events.
