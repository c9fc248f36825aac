#![expect(unsafe_code, reason = "the safe layer assumes that every string is UTF-8")]

use std::mem::MaybeUninit;
use std::slice;

use rquickjs::{Ctx, String as JsString, qjs};

/// The text of a script string. Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
///
/// `None` when memory runs out; the exception is pending then.
pub(crate) fn text_of<'js>(ctx: &Ctx<'js>, string: &JsString<'js>) -> Option<String> {
    let raw = ctx.as_raw().as_ptr();
    let mut length = MaybeUninit::uninit();
    // SAFETY: the value is a string of this context; `length` is written when the result is not
    // null.
    let start =
        unsafe { qjs::JS_ToCStringLen(raw, length.as_mut_ptr(), string.as_value().as_raw()) };
    if start.is_null() {
        return None;
    }
    // SAFETY: the engine gives that many bytes, which live until they are freed below.
    let bytes = unsafe { slice::from_raw_parts(start.cast::<u8>(), length.assume_init()) };
    let text = decode(bytes);
    // SAFETY: `start` came from the call above and is not used again.
    unsafe { qjs::JS_FreeCString(raw, start) };
    Some(text)
}

/// UTF-8 in which lone surrogates are written as if they were characters, three bytes each.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        match str::from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                return text;
            }
            Err(error) => {
                let (valid, broken) = rest.split_at(error.valid_up_to());
                text.push_str(str::from_utf8(valid).expect("checked up to here"));
                text.push(char::REPLACEMENT_CHARACTER);
                let surrogate = matches!(broken, [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..]);
                rest = &broken[if surrogate { 3 } else { 1 }..];
            }
        }
    }
}
