//! Where plugins' code runs.

use egui::Ui;

use super::{Choice, choose};
use crate::cx::Cx;
use crate::icons::Glyph;
use crate::model::Isolation;
use crate::widgets::{Named, notice};

const PROCESS: &str = "Each plugin's code runs in a process that can reach no file, no network \
                       and no other program. It asks Vario, which does what you allowed.";

const IN_PROCESS: &str = "Plugins run in Vario's own process. Rights are still checked, but a \
                          fault in the engine that runs a plugin would give it all that Vario \
                          itself may do, and a plugin that crashes takes the window with it.";

pub(super) fn safety(ui: &mut Ui, cx: &mut Cx<'_>) {
    let current = cx.model.settings.isolation;
    let about = if current == Isolation::Process { PROCESS } else { "" };
    choose(
        ui,
        cx,
        &Choice {
            named: Named { name: "Plugins run", about },
            key: "app.isolation",
            current,
            options: &[
                (Isolation::Process, "Isolated", "process"),
                (Isolation::InProcess, "In process", "in-process"),
            ],
        },
    );
    if current == Isolation::InProcess {
        notice(ui, cx, Glyph::Warning, cx.colors.warn, IN_PROCESS);
    }
}
