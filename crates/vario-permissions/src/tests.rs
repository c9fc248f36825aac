mod addresses;
mod grammar;
mod hints;
mod properties;
mod rights;
mod words;
