//! The records every front shares: snapshots, run events and plugin states.
