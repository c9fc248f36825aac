//! How results look, in the window and in the tray.

use egui::Ui;
use vario_output::present::{DisplayMode, MetricChoice, ResetDisplay, TimeFormat};

use super::{Choice, choose};
use crate::cx::Cx;
use crate::model::TrayStyle;
use crate::widgets::Named;

pub(super) fn display(ui: &mut Ui, cx: &mut Cx<'_>) {
    let settings = &cx.model.settings;
    choose(
        ui,
        cx,
        &Choice {
            named: Named { name: "Quotas show", about: "What is left of them, or what was used." },
            key: "display.display_mode",
            current: settings.mode,
            options: &[(DisplayMode::Left, "Left", "left"), (DisplayMode::Used, "Used", "used")],
        },
    );
    choose(
        ui,
        cx,
        &Choice {
            named: Named { name: "Resets are told as", about: "The other form is in the tooltip." },
            key: "display.reset_timer_display_mode",
            current: settings.reset,
            options: &[
                (ResetDisplay::Relative, "In 2h 5m", "relative"),
                (ResetDisplay::Absolute, "At a time", "absolute"),
            ],
        },
    );
    choose(
        ui,
        cx,
        &Choice {
            named: Named { name: "Time of day", about: "" },
            key: "display.time_format_mode",
            current: settings.time,
            options: &[
                (TimeFormat::Auto, "As usual here", "auto"),
                (TimeFormat::H12, "3:05 PM", "12h"),
                (TimeFormat::H24, "15:05", "24h"),
            ],
        },
    );
}

pub(super) fn tray(ui: &mut Ui, cx: &mut Cx<'_>) {
    let settings = &cx.model.settings;
    choose(
        ui,
        cx,
        &Choice {
            named: Named {
                name: "Icon",
                about: "Bars stand for up to four plugins, in their order.",
            },
            key: "display.menubar_icon_style",
            current: settings.tray,
            options: &[
                (TrayStyle::Provider, "Percent", "provider"),
                (TrayStyle::Donut, "Ring", "donut"),
                (TrayStyle::Bars, "Bars", "bars"),
            ],
        },
    );
    choose(
        ui,
        cx,
        &Choice {
            named: Named {
                name: "Quota",
                about: "Where a plugin has no weekly one, its first is shown.",
            },
            key: "display.menubar_metric",
            current: settings.metric,
            options: &[
                (MetricChoice::Default, "First", "default"),
                (MetricChoice::Weekly, "Weekly", "weekly"),
            ],
        },
    );
}
