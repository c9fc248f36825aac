//! Reads one plugin folder's manifest into a normalised plugin and reports every problem in it.
