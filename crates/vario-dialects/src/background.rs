mod job;
pub use self::job::{BackgroundDialect, BackgroundJob};
