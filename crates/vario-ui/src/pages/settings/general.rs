//! When plugins run, and how the program starts.

use egui::Ui;
use vario_model::UpdateInterval;

use super::{Choice, choose, shortcut};
use crate::command::Command;
use crate::cx::Cx;
use crate::model::ThemeMode;
use crate::widgets::{Named, field, select, switch};

const LEVELS: [(&str, &str); 5] = [
    ("error", "Errors"),
    ("warn", "Warnings"),
    ("info", "Ordinary messages"),
    ("debug", "Details"),
    ("trace", "Everything"),
];

pub(super) fn general(ui: &mut Ui, cx: &mut Cx<'_>) {
    let settings = &cx.model.settings;
    choose(
        ui,
        cx,
        &Choice {
            named: Named { name: "Update every", about: "How often plugins run by themselves." },
            key: "updates.auto_update_interval",
            current: settings.interval,
            options: &[
                (UpdateInterval::Five, "5 min", "5"),
                (UpdateInterval::Fifteen, "15 min", "15"),
                (UpdateInterval::Thirty, "30 min", "30"),
                (UpdateInterval::Sixty, "1 hour", "60"),
            ],
        },
    );
    choose(
        ui,
        cx,
        &Choice {
            named: Named { name: "Theme", about: "" },
            key: "display.theme_mode",
            current: settings.theme,
            options: &[
                (ThemeMode::System, "System", "system"),
                (ThemeMode::Light, "Light", "light"),
                (ThemeMode::Dark, "Dark", "dark"),
            ],
        },
    );
    if cx.model.platform.login {
        let name = "Start on login";
        let named = Named { name, about: "The window opens when you log in." };
        let on = settings.start_on_login;
        let clicked =
            field(ui, cx.colors, named, 34.0, |ui| switch(ui, cx.colors, name, on).clicked());
        if clicked {
            cx.send(Command::SetSetting { key: "app.start_on_login", value: (!on).to_string() });
        }
    }
    if cx.model.platform.shortcut {
        shortcut::shortcut(ui, cx);
    }
    log_level(ui, cx);
}

fn log_level(ui: &mut Ui, cx: &mut Cx<'_>) {
    let name = "Log";
    let named = Named { name, about: "What is written to the event log, and all that is graver." };
    let current = LEVELS.iter().position(|(level, _)| *level == cx.model.settings.log_level);
    let shown = LEVELS.map(|(_, words)| words);
    let chosen =
        field(ui, cx.colors, named, 170.0, |ui| select(ui, cx, name, 170.0, current, &shown));
    if let Some((level, _)) = chosen.and_then(|at| LEVELS.get(at)) {
        cx.send(Command::SetSetting { key: "app.log_level", value: (*level).to_owned() });
    }
}
