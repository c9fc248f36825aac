//! When a plugin whose bell is on sends a notification.

use egui::Ui;

use crate::command::Command;
use crate::cx::Cx;
use crate::widgets::{Named, field, select};

const WIDTH: f32 = 110.0;

/// What can be chosen, in percent. Less than half is no news; the configuration may say it.
const STEPS: [u8; 11] = [50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100];

pub(super) fn notifications(ui: &mut Ui, cx: &mut Cx<'_>) {
    let own = cx.model.settings.threshold;
    let steps = steps(own);
    let words: Vec<String> = steps.iter().map(|percent| format!("{percent}%")).collect();
    let shown: Vec<&str> = words.iter().map(String::as_str).collect();
    let current = steps.iter().position(|percent| *percent == own);
    let name = "Notify when used up to";
    let about = "Where the bell is on. A reached limit, or one about to be, is told too.";
    let named = Named { name, about };
    let chosen =
        field(ui, cx.colors, named, WIDTH, |ui| select(ui, cx, name, WIDTH, current, &shown));
    if let Some(percent) = chosen.and_then(|at| steps.get(at)) {
        cx.send(Command::SetSetting { key: "notifications.threshold", value: percent.to_string() });
    }
}

/// The steps, with the one that the configuration says in between.
fn steps(own: u8) -> Vec<u8> {
    let mut steps = STEPS.to_vec();
    if let Err(place) = steps.binary_search(&own) {
        steps.insert(place, own);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::{STEPS, steps};

    #[test]
    fn what_the_configuration_says_is_among_the_steps() {
        for (own, expected) in [(50, 0), (90, 8), (100, 10), (1, 0), (82, 7)] {
            let steps = steps(own);
            assert_eq!(steps.get(expected), Some(&own), "{own}");
            assert!(steps.is_sorted() && STEPS.iter().all(|step| steps.contains(step)), "{own}");
        }
    }
}
