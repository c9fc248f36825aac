#![expect(unsafe_code, reason = "properties made on first access need the engine's own tables")]

use std::ffi::{CString, c_char};

use rquickjs::{Error, Object, Result, qjs};

use super::callback::Callback;

type Entry = qjs::JSCFunctionListEntry;
type Union = qjs::JSCFunctionListEntry__bindgen_ty_1;
type FunctionPart = qjs::JSCFunctionListEntry__bindgen_ty_1__bindgen_ty_1;
type ListPart = qjs::JSCFunctionListEntry__bindgen_ty_1__bindgen_ty_4;

/// Plain: writable, configurable, enumerable.
#[expect(clippy::cast_possible_truncation, reason = "the flags are the number 7")]
const PLAIN: u8 = qjs::JS_PROP_C_W_E as u8;
/// As the engine's own globals are: writable and configurable.
#[expect(clippy::cast_possible_truncation, reason = "the flags are the number 3")]
const HIDDEN: u8 = (qjs::JS_PROP_WRITABLE | qjs::JS_PROP_CONFIGURABLE) as u8;

/// A group to be made: its name and its functions, each with the number its callback gets.
pub(crate) type GroupNames = (CString, Vec<(CString, i16)>);

/// Objects with functions that the engine makes when a script first touches them.
///
/// The engine keeps pointers into this table for as long as its context lives, so a table must
/// be dropped after the runtime ([`super::world::World`] sees to that), and nothing in it ever
/// moves: names, entries and lists are in vectors that are never touched again.
pub(crate) struct LazyTable {
    groups: Vec<Entry>,
    functions_kept: Vec<Vec<Entry>>,
    names_kept: Vec<Vec<u8>>,
}

impl LazyTable {
    /// A table of groups whose functions all are `callback`.
    ///
    /// `visible` makes the group properties enumerable; functions always are.
    pub(crate) fn new(groups: Vec<GroupNames>, callback: Callback, visible: bool) -> Self {
        let flags = if visible { PLAIN } else { HIDDEN };
        let mut table =
            Self { groups: Vec::new(), functions_kept: Vec::new(), names_kept: Vec::new() };
        for (group, functions) in groups {
            let list: Vec<Entry> = functions
                .into_iter()
                .map(|(name, number)| function_entry(table.keep(name), number, callback))
                .collect();
            let name = table.keep(group);
            table.groups.push(group_entry(name, &list, flags));
            table.functions_kept.push(list);
        }
        table
    }

    /// Keeps a name, with its NUL, where it stays.
    fn keep(&mut self, name: CString) -> *const c_char {
        let name = name.into_bytes_with_nul();
        let start = name.as_ptr().cast();
        self.names_kept.push(name);
        start
    }

    /// Puts the groups on an object.
    ///
    /// # Errors
    /// When memory runs out; the exception is pending.
    ///
    /// # Safety
    /// The table must outlive the object's runtime.
    pub(super) unsafe fn install(&self, object: &Object<'_>) -> Result<()> {
        let length = qjs::c_int::try_from(self.groups.len()).map_err(|_too_many| Error::Unknown)?;
        // SAFETY: the entries are well formed (made below), name their lists with their lengths,
        // and live as long as the engine may look at them, as the caller promises.
        let failed = unsafe {
            qjs::JS_SetPropertyFunctionList(
                object.ctx().as_raw().as_ptr(),
                object.as_value().as_raw(),
                self.groups.as_ptr(),
                length,
            )
        };
        if failed == 0 { Ok(()) } else { Err(Error::Exception) }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "kinds of entries and functions are small")]
fn function_entry(name: *const c_char, number: i16, callback: Callback) -> Entry {
    Entry {
        name,
        prop_flags: PLAIN,
        def_type: qjs::JS_DEF_CFUNC as u8,
        magic: number,
        u: Union {
            func: FunctionPart {
                length: 0,
                cproto: qjs::JSCFunctionEnum_JS_CFUNC_generic_magic as u8,
                cfunc: qjs::JSCFunctionType { generic_magic: Some(callback) },
            },
        },
    }
}

#[expect(clippy::cast_possible_truncation, reason = "kinds of entries are small")]
fn group_entry(name: *const c_char, list: &[Entry], flags: u8) -> Entry {
    Entry {
        name,
        prop_flags: flags,
        def_type: qjs::JS_DEF_OBJECT as u8,
        magic: 0,
        u: Union {
            prop_list: ListPart {
                tab: list.as_ptr(),
                len: qjs::c_int::try_from(list.len())
                    .expect("a group's functions are numbered with 15 bits"),
            },
        },
    }
}
