//! Grey shapes in the places of the manifest's lines (contract section 7.3).

use egui::{CornerRadius, Rect, Ui, pos2, vec2};
use vario_manifest::{LineKind, Scope};

use super::Extent;
use super::header::phase;
use crate::cx::Cx;
use crate::model::PluginView;
use crate::theme::{dims, space};

/// Bars of a chart's skeleton.
const BARS: u16 = 16;

pub(super) fn skeleton(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, extent: Extent) {
    let lines = view.plugin.lines.iter();
    let mut kinds: Vec<LineKind> = lines
        .filter(|line| extent == Extent::Page || line.scope == Scope::Overview)
        .map(|line| line.kind)
        .take(40)
        .collect();
    if kinds.is_empty() {
        kinds = vec![LineKind::Text, LineKind::Text];
    }
    let moving = view.state.loading && ui.is_rect_visible(ui.max_rect());
    // Breathes rather than blinks.
    let breath =
        if moving { (phase(cx, 1800) * std::f32::consts::TAU).sin() * 0.5 + 0.5 } else { 0.0 };
    let color = cx.colors.track.lerp_to_gamma(cx.colors.surface, breath * 0.4);
    let mut before = None;
    for kind in kinds {
        if let Some(before) = before {
            let tight = before == LineKind::Text && kind == LineKind::Text;
            ui.add_space(if tight { 0.0 } else { space::M });
        }
        before = Some(kind);
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height(kind)));
        shapes(ui, kind, rect, color);
    }
}

fn height(kind: LineKind) -> f32 {
    match kind {
        LineKind::Text | LineKind::Badge => dims::ROW + 2.0,
        LineKind::Progress => dims::ROW + space::XS + dims::BAR + space::XS + dims::SMALL_ROW,
        LineKind::BarChart => 30.0,
    }
}

fn shapes(ui: &Ui, kind: LineKind, rect: Rect, color: egui::Color32) {
    let put = |rect: Rect, radius: u8| {
        ui.painter().rect_filled(rect, CornerRadius::same(radius), color);
    };
    let stripe = |left: bool, center: f32, width: f32, height: f32| {
        let width = rect.width() * width;
        let x = if left { rect.left() } else { rect.right() - width };
        Rect::from_min_size(pos2(x, center - height / 2.0), vec2(width, height))
    };
    let middle = rect.center().y;
    match kind {
        LineKind::Text => {
            put(stripe(true, middle, 0.28, 9.0), 3);
            put(stripe(false, middle, 0.18, 9.0), 3);
        }
        LineKind::Badge => {
            put(stripe(true, middle, 0.28, 9.0), 3);
            put(stripe(false, middle, 0.2, 18.0), 9);
        }
        LineKind::Progress => {
            put(stripe(true, rect.top() + dims::ROW / 2.0, 0.24, 9.0), 3);
            let bar = rect.top() + dims::ROW + space::XS + dims::BAR / 2.0;
            put(stripe(true, bar, 1.0, dims::BAR), 3);
            let below = rect.bottom() - dims::SMALL_ROW / 2.0;
            put(stripe(true, below, 0.18, 8.0), 3);
            put(stripe(false, below, 0.3, 8.0), 3);
        }
        LineKind::BarChart => {
            put(stripe(true, middle, 0.24, 9.0), 3);
            let area = stripe(false, middle, 0.44, rect.height());
            let step = area.width() / f32::from(BARS);
            for bar in 0..BARS {
                let height = area.height() * f32::from(30 + bar * 17 % 60) / 100.0;
                let x = area.left() + f32::from(bar) * step;
                let min = pos2(x, area.bottom() - height);
                put(Rect::from_min_size(min, vec2(step - 2.0, height)), 1);
            }
        }
    }
}
