//! Databases that a plugin keeps open.

use vario_host::Scope;
use vario_value::Value;

use super::NativeHost;
use super::places::{READ_AND_WRITE, make_data, room};
use crate::access::text;
use crate::database;
use crate::refusal::Failure;

impl NativeHost {
    pub(super) fn database(
        &self,
        member: &str,
        args: &[Value],
        scope: &Scope,
    ) -> Result<Value, Failure> {
        let databases = &self.kept(scope).databases;
        if member != "open" {
            return Ok(databases.answer(member, args, scope)?);
        }
        let path = database::path(text(args, 0), scope)?;
        make_data(scope)?;
        let place = self.place(&path, READ_AND_WRITE, scope)?;
        Ok(databases.open(&place, room(&place, scope), scope)?)
    }
}
