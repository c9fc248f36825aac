use rquickjs::object::Property;
use rquickjs::{Array, ArrayBuffer, Ctx, Error, Object, String as JsString, Value as JsValue};
use vario_value::{MAX_DEPTH, Value};

/// Why a script value could not be made.
pub(crate) enum MakeError {
    /// An exception is pending, or the engine failed.
    Script(Error),
    /// It is nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl From<Error> for MakeError {
    fn from(error: Error) -> Self {
        Self::Script(error)
    }
}

/// Makes a script value. Nothing here runs script code: properties are defined, not assigned, so
/// setters that a script put on a prototype never see them, and `__proto__` is a name like any
/// other.
pub(crate) fn make<'js>(ctx: &Ctx<'js>, value: &Value) -> Result<JsValue<'js>, MakeError> {
    make_within(ctx, value, MAX_DEPTH)
}

fn make_within<'js>(
    ctx: &Ctx<'js>,
    value: &Value,
    depth: usize,
) -> Result<JsValue<'js>, MakeError> {
    let ctx = ctx.clone();
    Ok(match value {
        Value::Absent => JsValue::new_undefined(ctx),
        Value::Null => JsValue::new_null(ctx),
        Value::Bool(flag) => JsValue::new_bool(ctx, *flag),
        Value::Int(number) => match i32::try_from(*number) {
            Ok(number) => JsValue::new_int(ctx, number),
            #[expect(clippy::cast_precision_loss, reason = "script numbers are doubles")]
            Err(_larger) => JsValue::new_float(ctx, *number as f64),
        },
        Value::Float(number) => JsValue::new_float(ctx, *number),
        Value::Str(text) => JsString::from_str(ctx, text)?.into_value(),
        Value::Bytes(bytes) => ArrayBuffer::new_copy(ctx, bytes)?.into_value(),
        Value::List(items) => {
            let depth = depth.checked_sub(1).ok_or(MakeError::TooDeep)?;
            let array = Array::new(ctx.clone())?.into_object();
            for (index, item) in items.iter().enumerate() {
                let index = u32::try_from(index).map_err(|_too_long| Error::Allocation)?;
                array.prop(index, plain(make_within(&ctx, item, depth)?))?;
            }
            array.into_value()
        }
        Value::Map(map) => {
            let depth = depth.checked_sub(1).ok_or(MakeError::TooDeep)?;
            let object = Object::new(ctx.clone())?;
            for (key, item) in map {
                object.prop(key.as_str(), plain(make_within(&ctx, item, depth)?))?;
            }
            object.into_value()
        }
    })
}

fn plain(value: JsValue<'_>) -> Property<JsValue<'_>> {
    Property::from(value).writable().enumerable().configurable()
}
