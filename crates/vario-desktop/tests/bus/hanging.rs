//! A bus that takes connections and never says a word.

use std::os::unix::net::UnixListener;

use vario_desktop::{Notifier, Shortcuts, Tray, TrayView, theme};

use crate::private::again_with_bus;

#[test]
fn holds_nobody_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bus");
    let _silent = UnixListener::bind(&path).expect("is free");
    let address = format!("unix:path={}", path.display());
    again_with_bus("hanging::holds_nobody_up", &address, || {
        let notifier = Notifier::start();
        notifier.send("title", "body").expect("there is room");
        theme::watch(|_| panic!("nobody knows"));
        assert_eq!(theme::prefers_dark(), None);
        assert!(Tray::start(TrayView::default(), |_| ()).is_none());
        assert!(Shortcuts::start(|_| ()).is_none());
    });
}
