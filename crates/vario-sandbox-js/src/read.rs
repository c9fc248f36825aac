use rquickjs::atom::PredefinedAtom;
use rquickjs::function::Args;
use rquickjs::{Atom, Ctx, Error, Filter, Function, IntoAtom, Object, Value as JsValue};
use vario_value::{MAX_DEPTH, Map, Shape, Value};

use crate::raw::buffer;
use crate::raw::text::text_of;
use crate::state::State;

/// What one value costs on our side, in bytes; text and bytes come on top.
const VALUE_COST: usize = size_of::<Value>();
/// How many items are read between two looks at the stop signal.
const ITEMS_PER_POLL: usize = 1024;
/// How many proxies around an array are looked through.
const MAX_PROXIES: usize = 256;

/// Why a value could not be read.
pub(crate) enum Refusal {
    /// An exception is pending.
    Thrown,
    /// It cannot cross the border, for this reason.
    Value(String),
    /// The run is over.
    Stopped,
}

type Read<T> = Result<T, Refusal>;

/// What to do when a getter, a proxy or `toJSON` throws.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnThrow {
    /// Pass it on, as `JSON.stringify` does.
    Pass,
    /// Leave the entry out.
    Omit,
}

/// Reads script values into neutral ones.
///
/// What is read costs memory outside the script's heap, and a script can make it cost far more
/// than it has itself: a sparse array, or one long text a thousand times. So reading has a budget
/// of its own, which is the size of the heap.
pub(crate) struct Reader<'a, 'js> {
    ctx: &'a Ctx<'js>,
    state: &'a State,
    on_throw: OnThrow,
    budget: usize,
    items: usize,
    /// The objects that are being read, outermost first.
    path: Vec<JsValue<'js>>,
    /// The names of shapes as atoms: every line of a result asks for the same few.
    names: Vec<(&'static str, Atom<'js>)>,
}

/// Where a value was found, for `toJSON`.
enum Place<'a, 'js> {
    Top,
    Key(&'a Atom<'js>),
    Index(usize),
}

impl<'a, 'js> Reader<'a, 'js> {
    /// A reader with a full budget.
    pub(crate) fn new(ctx: &'a Ctx<'js>, state: &'a State, on_throw: OnThrow) -> Self {
        Self {
            ctx,
            state,
            on_throw,
            budget: state.heap.size(),
            items: 0,
            path: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Reads what the shape names.
    pub(crate) fn shaped(&mut self, value: &JsValue<'js>, shape: &Shape) -> Read<Value> {
        match shape {
            Shape::Any => self.any(value),
            Shape::Object(fields) => match value.as_object() {
                Some(object) => self.fields(object, fields).map(Value::Map),
                None => self.scalar(value),
            },
            Shape::List { item, max } => match value.as_object() {
                Some(object) if self.is_array(value)? => self.items(object, item, *max),
                _ => self.scalar(value),
            },
            Shape::Scalar => self.scalar(value),
        }
    }

    /// Reads everything, as `JSON.stringify` would; a function or a symbol is absent.
    pub(crate) fn any(&mut self, value: &JsValue<'js>) -> Read<Value> {
        self.deep(value, &Place::Top)
    }

    fn fields(&mut self, object: &Object<'js>, fields: &[(&'static str, Shape)]) -> Read<Map> {
        let mut map = Map::with_capacity(fields.len());
        for (name, shape) in fields {
            let key = self.name(name);
            let value = key.and_then(|key| object.get(key));
            let Some(value) = self.kept(value)? else { continue };
            map.insert((*name).to_owned(), self.shaped(&value, shape)?);
        }
        Ok(map)
    }

    fn items(&mut self, array: &Object<'js>, item: &Shape, max: usize) -> Read<Value> {
        let length = self.length(array)?.min(max);
        let mut list = Vec::new();
        for index in 0..length {
            self.step()?;
            list.push(match self.get_index(array, index)? {
                Some(value) => self.shaped(&value, item)?,
                None => Value::Absent,
            });
        }
        Ok(Value::List(list))
    }

    /// A primitive as it is, anything else as an empty container. Symbols and big integers have
    /// no neutral form and are absent.
    fn scalar(&mut self, value: &JsValue<'js>) -> Read<Value> {
        if let Some(value) = self.primitive(value)? {
            return Ok(value);
        }
        Ok(if self.is_array(value)? { Value::List(Vec::new()) } else { Value::Map(Map::new()) })
    }

    /// The value, unless it is an object.
    fn primitive(&mut self, value: &JsValue<'js>) -> Read<Option<Value>> {
        if value.is_object() {
            return Ok(None);
        }
        if let Some(string) = value.as_string() {
            let text = text_of(self.ctx, string);
            let Some(text) = text else {
                self.thrown()?;
                return Ok(Some(Value::Absent));
            };
            self.charge(text.len())?;
            return Ok(Some(Value::Str(text)));
        }
        let number = value.as_number().map(Value::number);
        let read = number.or_else(|| value.as_bool().map(Value::Bool));
        Ok(Some(read.unwrap_or(if value.is_null() { Value::Null } else { Value::Absent })))
    }

    fn deep(&mut self, value: &JsValue<'js>, place: &Place<'_, 'js>) -> Read<Value> {
        self.step()?;
        if value.is_big_int() {
            return Err(Refusal::Value("cannot convert bigint".to_owned()));
        }
        if let Some(value) = self.primitive(value)? {
            return Ok(value);
        }
        if buffer::is_buffer(value) {
            return self.bytes(value);
        }
        let Some(object) = value.as_object() else { return Ok(Value::Absent) };
        match self.get(object, PredefinedAtom::ToJSON)? {
            Some(convert) => {
                if let Some(convert) = convert.as_function() {
                    let Some(value) = self.call_to_json(convert, object, place)? else {
                        return Ok(Value::Absent);
                    };
                    return self.converted(&value);
                }
            }
            // A `toJSON` that cannot even be looked at.
            None => return Ok(Value::Absent),
        }
        self.object(object)
    }

    /// What `toJSON` gave, which is not asked for its own `toJSON` again.
    fn converted(&mut self, value: &JsValue<'js>) -> Read<Value> {
        if value.is_big_int() {
            return Err(Refusal::Value("cannot convert bigint".to_owned()));
        }
        if let Some(value) = self.primitive(value)? {
            return Ok(value);
        }
        if buffer::is_buffer(value) {
            return self.bytes(value);
        }
        value.as_object().map_or(Ok(Value::Absent), |object| self.object(object))
    }

    fn object(&mut self, object: &Object<'js>) -> Read<Value> {
        if object.as_value().is_function() {
            return Ok(Value::Absent);
        }
        if self.path.len() >= MAX_DEPTH {
            let cycle = self.path.contains(object.as_value());
            let words = if cycle { "value contains itself" } else { "value is nested too deeply" };
            return Err(Refusal::Value(words.to_owned()));
        }
        self.path.push(object.as_value().clone());
        let read =
            if self.is_array(object.as_value())? { self.list(object) } else { self.map(object) };
        self.path.pop();
        read
    }

    fn list(&mut self, array: &Object<'js>) -> Read<Value> {
        let length = self.length(array)?;
        let mut list = Vec::new();
        for index in 0..length {
            list.push(match self.get_index(array, index)? {
                Some(value) => self.deep(&value, &Place::Index(index))?,
                None => Value::Absent,
            });
        }
        Ok(Value::List(list))
    }

    fn map(&mut self, object: &Object<'js>) -> Read<Value> {
        let mut map = Map::new();
        for key in object.own_keys::<Atom>(Filter::new().string().enum_only()) {
            let Ok(key) = key else {
                self.thrown()?;
                break;
            };
            let name = key.to_js_string().ok().and_then(|name| text_of(self.ctx, &name));
            let Some(name) = name else {
                self.thrown()?;
                continue;
            };
            self.charge(name.len())?;
            let Some(value) = self.get(object, key.clone())? else { continue };
            if value.is_function() || value.is_symbol() {
                continue;
            }
            map.insert(name, self.deep(&value, &Place::Key(&key))?);
        }
        Ok(Value::Map(map))
    }

    fn bytes(&mut self, value: &JsValue<'js>) -> Read<Value> {
        match buffer::copy(self.ctx, value, self.budget) {
            Ok(Some(bytes)) => {
                self.charge(bytes.len())?;
                Ok(Value::Bytes(bytes))
            }
            Ok(None) => Err(too_large()),
            Err(_pending) => {
                self.thrown()?;
                Ok(Value::Absent)
            }
        }
    }

    fn call_to_json(
        &mut self,
        convert: &Function<'js>,
        object: &Object<'js>,
        place: &Place<'_, 'js>,
    ) -> Read<Option<JsValue<'js>>> {
        let called = (|| {
            let mut args = Args::new(self.ctx.clone(), 1);
            args.this(object.clone())?;
            match place {
                Place::Top => args.push_arg("")?,
                Place::Key(key) => args.push_arg(key.to_js_string()?)?,
                Place::Index(index) => args.push_arg(index.to_string())?,
            }
            convert.call_arg(args)
        })();
        self.kept(called)
    }

    /// A shape's name as an atom.
    fn name(&mut self, name: &'static str) -> Result<Atom<'js>, Error> {
        let known = self.names.iter().find(|(known, _)| std::ptr::eq(*known, name));
        if let Some((_, atom)) = known {
            return Ok(atom.clone());
        }
        let atom = Atom::from_str(self.ctx.clone(), name)?;
        self.names.push((name, atom.clone()));
        Ok(atom)
    }

    fn get<K: IntoAtom<'js>>(
        &mut self,
        object: &Object<'js>,
        key: K,
    ) -> Read<Option<JsValue<'js>>> {
        let value = object.get(key);
        self.kept(value)
    }

    fn get_index(&mut self, array: &Object<'js>, index: usize) -> Read<Option<JsValue<'js>>> {
        match u32::try_from(index) {
            Ok(index) => self.get(array, index),
            Err(_beyond) => Ok(None),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast from float saturates, which is what a length from a proxy needs"
    )]
    fn length(&mut self, array: &Object<'js>) -> Read<usize> {
        let length = self.get(array, PredefinedAtom::Length)?;
        Ok(length.and_then(|length| length.as_number()).map_or(0, |length| length as usize))
    }

    /// What `Array.isArray` says.
    fn is_array(&mut self, value: &JsValue<'js>) -> Read<bool> {
        let mut value = value.clone();
        for _ in 0..MAX_PROXIES {
            let Some(proxy) = value.as_proxy() else { return Ok(value.is_array()) };
            let target = proxy.target();
            match self.kept(target)? {
                Some(target) => value = target.into_value(),
                None => return Ok(false),
            }
        }
        Ok(false)
    }

    /// The result, or nothing when a throw is to be left out.
    fn kept<T>(&mut self, result: Result<T, Error>) -> Read<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(_pending) => self.thrown().map(|()| None),
        }
    }

    /// Deals with a pending exception.
    fn thrown(&mut self) -> Read<()> {
        if self.on_throw == OnThrow::Pass {
            return Err(Refusal::Thrown);
        }
        let interrupted = self.ctx.catch().is_uncatchable_error();
        if interrupted || self.state.stop_reason().is_some() {
            return Err(Refusal::Stopped);
        }
        Ok(())
    }

    /// Counts one more item.
    fn step(&mut self) -> Read<()> {
        self.charge(VALUE_COST)?;
        self.items += 1;
        if self.items.is_multiple_of(ITEMS_PER_POLL) && self.state.stop_reason().is_some() {
            return Err(Refusal::Stopped);
        }
        Ok(())
    }

    fn charge(&mut self, bytes: usize) -> Read<()> {
        self.budget = self.budget.checked_sub(bytes).ok_or_else(too_large)?;
        Ok(())
    }
}

fn too_large() -> Refusal {
    Refusal::Value("value is too large to leave the script".to_owned())
}
