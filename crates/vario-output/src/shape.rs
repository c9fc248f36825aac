use vario_value::Shape;

use crate::limits::{MAX_LINES, MAX_POINTS};

/// What [`validate`](crate::validate()) reads of a probe's result, and nothing else.
///
/// Lists are read one item past what is used, which is how the validator knows that there was
/// more.
pub static OUTPUT_SHAPE: Shape = Shape::Object(&[
    ("plan", Shape::Scalar),
    ("lines", Shape::List { item: &LINE, max: MAX_LINES + 1 }),
]);

static LINE: Shape = Shape::Object(&[
    ("type", Shape::Scalar),
    ("label", Shape::Scalar),
    ("value", Shape::Scalar),
    ("text", Shape::Scalar),
    ("color", Shape::Scalar),
    ("subtitle", Shape::Scalar),
    ("used", Shape::Scalar),
    ("limit", Shape::Scalar),
    ("format", Shape::Object(&[("kind", Shape::Scalar), ("suffix", Shape::Scalar)])),
    ("resetsAt", Shape::Scalar),
    ("periodDurationMs", Shape::Scalar),
    ("points", Shape::List { item: &POINT, max: MAX_POINTS + 1 }),
    ("note", Shape::Scalar),
]);

static POINT: Shape = Shape::Object(&[
    ("label", Shape::Scalar),
    ("value", Shape::Scalar),
    ("valueLabel", Shape::Scalar),
]);
