//! One HTTP request on a plugin's behalf, with the contract's limits, proxies and error texts.
