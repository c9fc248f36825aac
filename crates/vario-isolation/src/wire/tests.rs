use proptest::prelude::*;
use vario_value::{Map, Value};

use super::{BadBytes, MAX_NESTING, Reader, Unfit, Writer};

const MAX_PARTS: usize = 1_000;

fn write(value: &Value) -> Result<Vec<u8>, Unfit> {
    let mut writer = Writer::new(Vec::new(), MAX_PARTS);
    writer.value(value)?;
    Ok(writer.finish())
}

fn read(bytes: &[u8]) -> Result<Value, BadBytes> {
    let mut reader = Reader::new(bytes, MAX_PARTS);
    let value = reader.value()?;
    reader.finish()?;
    Ok(value)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Absent),
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<u64>().prop_map(|bits| Value::Float(f64::from_bits(bits))),
        "\\PC{0,8}".prop_map(Value::Str),
        prop::collection::vec(any::<u8>(), 0..8).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec(("\\PC{0,4}", inner), 0..4)
                .prop_map(|entries| Value::Map(entries.into_iter().collect::<Map>())),
        ]
    })
}

/// Equal, with the bits of every float and the order of every map.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => left.to_bits() == right.to_bits(),
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same(a, b))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|((a, x), (b, y))| a == b && same(x, y))
        }
        _ => left == right,
    }
}

/// How many bytes a value takes in memory, roughly.
fn weight(value: &Value) -> usize {
    let own = size_of::<Value>();
    match value {
        Value::Str(text) => own + text.capacity(),
        Value::Bytes(bytes) => own + bytes.capacity(),
        Value::List(items) => {
            own + (items.capacity() - items.len()) * own + items.iter().map(weight).sum::<usize>()
        }
        Value::Map(map) => {
            let entry = size_of::<(u64, String, Value)>() + 2 * size_of::<usize>();
            let entries = map.iter().map(|(key, value)| key.capacity() + weight(value));
            own + map.capacity() * entry + entries.sum::<usize>()
        }
        _ => own,
    }
}

proptest! {
    #[test]
    fn a_value_arrives_as_it_left(value in value()) {
        let bytes = write(&value).unwrap();
        let back = read(&bytes).unwrap();
        prop_assert!(same(&value, &back), "{value:?} became {back:?}");
        for end in 0..bytes.len() {
            prop_assert!(read(&bytes[..end]).is_err(), "a part of it is nothing");
        }
    }

    #[test]
    fn any_bytes_are_a_value_or_refused(
        tags in prop::collection::vec(0_u8..12, 0..200),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        for bytes in [tags, bytes] {
            if let Ok(value) = read(&bytes) {
                let again = write(&value).unwrap();
                prop_assert!(same(&value, &read(&again).unwrap()));
                prop_assert!(weight(&value) <= 256 * bytes.len());
            }
        }
    }

    #[test]
    fn a_changed_byte_never_panics(value in value(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = write(&value).unwrap();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _either_way = read(&bytes);
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let beyond = [[4].as_slice(), &[0xff; 9], &[2]].concat();
    let deep = [8, 1].repeat(100_000);
    let wide: Vec<u8> = [8, 0xd0, 0x0f].into_iter().chain([0; 2_000]).collect();
    let cases: [(&str, &[u8], BadBytes); 12] = [
        ("nothing", &[], BadBytes::Short),
        ("an unknown tag", &[10], BadBytes::Tag),
        ("two values", &[1, 1], BadBytes::Rest),
        ("half a float", &[5, 0, 0, 0], BadBytes::Short),
        ("a number without end", &[4, 0xff, 0xff], BadBytes::Short),
        ("a number of 65 bits", &beyond, BadBytes::Number),
        ("a length beyond the message", &[6, 0xff, 0xff, 0xff, 0x7f, b'a'], BadBytes::Short),
        ("a count beyond the message", &[8, 0xff, 0xff, 0xff, 0x7f, 0], BadBytes::Short),
        ("text that is not UTF-8", &[6, 1, 0xff], BadBytes::Text),
        ("a key twice", &[9, 2, 1, b'k', 0, 1, b'k', 0], BadBytes::Key),
        ("nesting without end", &deep, BadBytes::Depth),
        ("too many parts", &wide, BadBytes::Parts),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(read(bytes), Err(expected), "{name}");
    }
}

#[test]
fn what_would_be_refused_is_not_sent() {
    let nested = |depth| (0..depth).fold(Value::Null, |value, _| Value::List(vec![value]));
    assert!(read(&write(&nested(MAX_NESTING)).unwrap()).is_ok());
    assert_eq!(write(&nested(MAX_NESTING + 1)), Err(Unfit::Depth));
    let wide = |count| Value::List(vec![Value::Null; count]);
    assert!(read(&write(&wide(MAX_PARTS - 1)).unwrap()).is_ok());
    assert_eq!(write(&wide(MAX_PARTS)), Err(Unfit::Parts(MAX_PARTS)));
}
