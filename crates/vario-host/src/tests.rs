mod calls;
mod redaction;
mod requests;
