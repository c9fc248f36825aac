//! The real host: files, network, keychain, databases and processes, for plugins that may use them.
