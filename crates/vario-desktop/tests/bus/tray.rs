use std::sync::mpsc::{Receiver, channel};

use vario_desktop::tray::icon;
use vario_desktop::{Tray, TrayEvent, TrayItem, TrayStyle, TrayView};

use crate::private::{LONG, next, on_private_bus, until};
use crate::watcher::{Panel, Pixmap};

fn view(fraction: f64) -> TrayView {
    let item = |id: &str, name: &str, fraction| TrayItem {
        id: id.to_owned(),
        name: name.to_owned(),
        fraction,
    };
    TrayView {
        style: TrayStyle::Bars,
        items: vec![item("claude", "Claude", Some(fraction)), item("b", "<b>_x_</b>", None)],
        tooltip: "Vario\nClaude: 42%\n<b>_x_</b>: --%".to_owned(),
        ..TrayView::default()
    }
}

fn start() -> (Option<Tray>, Receiver<TrayEvent>) {
    let (sender, events) = channel();
    let tray = Tray::start(view(0.42), move |event| {
        // The test may have seen enough.
        sender.send(event).unwrap_or_default();
    });
    (tray, events)
}

#[test]
fn there_is_none_without_a_panel() {
    on_private_bus("tray::there_is_none_without_a_panel", || {
        assert!(start().0.is_none());
    });
}

#[test]
fn shows_what_it_is_told() {
    on_private_bus("tray::shows_what_it_is_told", || {
        let panel = Panel::start();
        let (tray, _events) = start();
        let tray = tray.expect("there is a panel");
        let shown = panel.next_item();
        assert!(tray.is_shown());

        let id: String = shown.item().get_property("Id").expect("it has one");
        assert_eq!(id, "vario");
        let pixmaps = || -> Vec<Pixmap> { shown.item().get_property("IconPixmap").expect("some") };
        let expected = |view: &TrayView| -> Vec<Pixmap> {
            let picture = |size: i32| {
                (size, size, icon(view, usize::try_from(size).expect("is positive")).argb)
            };
            [22, 32, 44, 64].map(picture).to_vec()
        };
        assert!(pixmaps() == expected(&view(0.42)), "the picture arrives as it was drawn");
        let text = "Claude: 42%\n&lt;b&gt;_x_&lt;/b&gt;: --%";
        assert_eq!(shown.tool_tip(), ("Vario".to_owned(), text.to_owned()));

        // The desktop is told of a new picture, and fetches it.
        let news = shown.new_icons();
        tray.update(view(0.9));
        next(&news);
        assert!(pixmaps() == expected(&view(0.9)), "the new picture is shown");
    });
}

#[test]
fn what_people_do_arrives() {
    on_private_bus("tray::what_people_do_arrives", || {
        let panel = Panel::start();
        let (tray, events) = start();
        let tray = tray.expect("there is a panel");
        let shown = panel.next_item();

        let labels: Vec<_> = shown.entries().into_iter().map(|(_, label, _)| label).collect();
        let expected =
            ["Claude: 42%", "<b>__x__</b>: --%", "", "Open", "Refresh all", "Settings", "", "Quit"];
        assert_eq!(labels, expected);
        for (label, event) in [
            ("Claude: 42%", TrayEvent::OpenPlugin("claude".to_owned())),
            ("Open", TrayEvent::Open),
            ("Refresh all", TrayEvent::RefreshAll),
            ("Settings", TrayEvent::Settings),
            ("Quit", TrayEvent::Quit),
        ] {
            shown.choose(label);
            assert_eq!(next(&events), event, "{label}");
        }
        shown.item().call::<_, _, ()>("Activate", &(0, 0)).expect("is taken");
        assert_eq!(next(&events), TrayEvent::Activate);

        let news = shown.new_icons();
        tray.update(TrayView { refreshing: true, ..view(0.1) });
        next(&news);
        let is_enabled = shown.entries().into_iter().find(|entry| entry.1 == "Refresh all");
        assert!(!is_enabled.expect("it stays in the menu").2, "it runs already");
    });
}

#[test]
fn an_event_may_change_the_tray() {
    on_private_bus("tray::an_event_may_change_the_tray", || {
        let panel = Panel::start();
        let (sender, events) = channel();
        let tray = std::sync::Arc::new(std::sync::Mutex::new(None::<Tray>));
        let in_callback = std::sync::Arc::clone(&tray);
        let started = Tray::start(view(0.42), move |event| {
            let tray = in_callback.lock().expect("is not poisoned");
            tray.as_ref().expect("it is shown").update(view(0.1));
            sender.send(event).expect("the test listens");
        });
        *tray.lock().expect("is not poisoned") = started;
        let shown = panel.next_item();
        let news = shown.new_icons();
        shown.choose("Open");
        assert_eq!(next(&events), TrayEvent::Open);
        next(&news);
    });
}

#[test]
fn survives_a_panel_that_restarts() {
    on_private_bus("tray::survives_a_panel_that_restarts", || {
        let panel = Panel::start();
        let (tray, events) = start();
        let tray = tray.expect("there is a panel");
        panel.next_item();

        panel.leave();
        assert_eq!(next(&events), TrayEvent::Lost);
        assert!(!tray.is_shown());
        panel.come_back();
        assert_eq!(next(&events), TrayEvent::Returned);
        assert!(tray.is_shown());
        panel.next_item().choose("Quit");
        assert_eq!(next(&events), TrayEvent::Quit);
    });
}

#[test]
fn goes_when_it_is_dropped() {
    on_private_bus("tray::goes_when_it_is_dropped", || {
        let panel = Panel::start();
        let (tray, events) = start();
        let shown = panel.next_item();
        assert!(shown.is_there());
        drop(tray);
        until("it is gone from the bus", || !shown.is_there());
        // The callback goes too, and its end of the channel with it.
        let end = events.recv_timeout(LONG);
        assert_eq!(end, Err(std::sync::mpsc::RecvTimeoutError::Disconnected));
    });
}
