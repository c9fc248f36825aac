mod background;
mod calls;
mod redaction;
mod requests;
