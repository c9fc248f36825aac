//! The notification service of Windows and macOS.

use super::Message;
use crate::APP_NAME;

/// Nothing is kept between notifications.
#[derive(Default)]
pub(super) struct Service {}

impl Service {
    #[expect(clippy::unused_self, reason = "elsewhere a service is a connection")]
    pub(super) fn show(&mut self, message: &Message) -> Result<(), String> {
        let mut notification = notify_rust::Notification::new();
        notification.appname(APP_NAME).summary(&message.title).body(&message.body);
        notification.show().map(drop).map_err(|error| error.to_string())
    }
}
