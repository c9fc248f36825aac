use std::fmt::Write as _;

use rquickjs::atom::PredefinedAtom;
use rquickjs::{Atom, Ctx, Filter, Object, Value as JsValue};

use crate::raw::text::text_of;
use crate::state::State;

/// How many bytes of one value are shown.
const MAX_BYTES: usize = 16 * 1024;
/// How deep objects are shown.
const MAX_DEPTH: usize = 6;
/// How many items or properties of one object are shown.
const MAX_ITEMS: usize = 100;

/// The run ended while a value was inspected.
pub(crate) struct Stopped;

/// A value as a person wants to read it: a text as it is, an error with its stack, anything else
/// much like JSON. Cut where it is too long, too deep or contains itself. Never throws.
pub(crate) fn inspect<'js>(
    ctx: &Ctx<'js>,
    state: &State,
    value: &JsValue<'js>,
) -> Result<String, Stopped> {
    let mut writer = Writer { ctx, state, out: String::new(), path: Vec::new() };
    if let Some(text) = writer.text(value)? {
        writer.out = text;
    } else {
        writer.value(value)?;
    }
    let mut out = writer.out;
    if out.len() > MAX_BYTES {
        out.truncate(out.floor_char_boundary(MAX_BYTES));
        out.push('…');
    }
    Ok(out)
}

struct Writer<'a, 'js> {
    ctx: &'a Ctx<'js>,
    state: &'a State,
    out: String,
    path: Vec<JsValue<'js>>,
}

impl<'js> Writer<'_, 'js> {
    fn value(&mut self, value: &JsValue<'js>) -> Result<(), Stopped> {
        if self.out.len() > MAX_BYTES {
            return Ok(());
        }
        if let Some(text) = self.text(value)? {
            // Debug notation is JSON's but for rare control characters.
            let _infallible = write!(self.out, "{text:?}");
        } else if let Some(number) = value.as_number() {
            let _infallible = match number {
                _ if number.is_nan() => write!(self.out, "NaN"),
                _ if number.is_infinite() && number > 0.0 => write!(self.out, "Infinity"),
                _ if number.is_infinite() => write!(self.out, "-Infinity"),
                _ => write!(self.out, "{number}"),
            };
        } else if let Some(object) = value.as_object() {
            self.object(object)?;
        } else {
            let words = match value {
                value if value.is_undefined() => "undefined",
                value if value.is_null() => "null",
                value if value.as_bool() == Some(true) => "true",
                value if value.as_bool() == Some(false) => "false",
                value if value.is_symbol() => "[Symbol]",
                value if value.is_big_int() => return self.big_integer(value),
                _ => "[unknown]",
            };
            self.out.push_str(words);
        }
        Ok(())
    }

    fn big_integer(&mut self, value: &JsValue<'js>) -> Result<(), Stopped> {
        let coerced = value.get::<rquickjs::Coerced<rquickjs::String>>();
        let text = self.kept(coerced)?.and_then(|text| text_of(self.ctx, &text.0));
        self.out.push_str(text.as_deref().unwrap_or("[BigInt]"));
        self.out.push('n');
        Ok(())
    }

    fn object(&mut self, object: &Object<'js>) -> Result<(), Stopped> {
        let value = object.as_value();
        if value.is_function() {
            self.out.push_str("[Function]");
        } else if self.path.contains(value) {
            self.out.push_str("[Circular]");
        } else if self.path.len() >= MAX_DEPTH {
            self.out.push('…');
        } else if value.is_error() {
            self.error(object)?;
        } else {
            self.path.push(value.clone());
            let shown = if value.is_array() { self.items(object) } else { self.properties(object) };
            shown?;
            self.path.pop();
        }
        Ok(())
    }

    fn error(&mut self, object: &Object<'js>) -> Result<(), Stopped> {
        let name = self.property_text(object, PredefinedAtom::Name)?.unwrap_or_default();
        let message = self.property_text(object, PredefinedAtom::Message)?.unwrap_or_default();
        let stack = self.property_text(object, PredefinedAtom::Stack)?.unwrap_or_default();
        self.out.push_str(&headline(&name, &message));
        if !stack.is_empty() {
            let _infallible = write!(self.out, "\n{}", stack.trim_end());
        }
        Ok(())
    }

    fn items(&mut self, array: &Object<'js>) -> Result<(), Stopped> {
        let length = array.as_array().map_or(0, rquickjs::Array::len);
        self.out.push('[');
        for index in 0..length {
            if index > 0 {
                self.out.push(',');
            }
            if index == MAX_ITEMS || self.out.len() > MAX_BYTES {
                self.out.push('…');
                break;
            }
            let item = array.get(u32::try_from(index).unwrap_or(u32::MAX));
            match self.kept(item)? {
                Some(item) => self.value(&item)?,
                None => self.out.push_str("[thrown]"),
            }
        }
        self.out.push(']');
        Ok(())
    }

    fn properties(&mut self, object: &Object<'js>) -> Result<(), Stopped> {
        self.out.push('{');
        let keys = object.own_keys::<Atom>(Filter::new().string().enum_only());
        for (index, key) in keys.enumerate() {
            let Some(key) = self.kept(key)? else { break };
            if index > 0 {
                self.out.push(',');
            }
            if index == MAX_ITEMS || self.out.len() > MAX_BYTES {
                self.out.push('…');
                break;
            }
            let name = key.to_js_string();
            let name = self.kept(name)?.and_then(|name| text_of(self.ctx, &name));
            let _infallible = write!(self.out, "{:?}:", name.unwrap_or_default());
            let value = object.get(key);
            match self.kept(value)? {
                Some(value) => self.value(&value)?,
                None => self.out.push_str("[thrown]"),
            }
        }
        self.out.push('}');
        Ok(())
    }

    /// The text, if the value is one.
    fn text(&mut self, value: &JsValue<'js>) -> Result<Option<String>, Stopped> {
        let Some(string) = value.as_string() else { return Ok(None) };
        match text_of(self.ctx, string) {
            Some(text) => Ok(Some(text)),
            None => self.swallow().map(|()| Some(String::new())),
        }
    }

    fn property_text(
        &mut self,
        object: &Object<'js>,
        key: PredefinedAtom,
    ) -> Result<Option<String>, Stopped> {
        let value = object.get::<_, JsValue>(key);
        match self.kept(value)? {
            Some(value) => self.text(&value),
            None => Ok(None),
        }
    }

    fn kept<T>(&mut self, result: rquickjs::Result<T>) -> Result<Option<T>, Stopped> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(_pending) => self.swallow().map(|()| None),
        }
    }

    fn swallow(&mut self) -> Result<(), Stopped> {
        let interrupted = self.ctx.catch().is_uncatchable_error();
        if interrupted || self.state.stop_reason().is_some() { Err(Stopped) } else { Ok(()) }
    }
}

/// `name: message`, as the language writes an error.
pub(crate) fn headline(name: &str, message: &str) -> String {
    let name = if name.is_empty() { "Error" } else { name };
    if message.is_empty() { name.to_owned() } else { format!("{name}: {message}") }
}
