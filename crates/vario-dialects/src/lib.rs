//! What each family of plugins expects of its host: preludes, entry points and failure texts.
