//! How host functions fail, seen from the script.

use vario_sandbox::ErrorKind;

use crate::case::{Case, both};
use crate::expect::Expect;

pub(crate) fn cases() -> Vec<Case> {
    [caught(), uncaught(), around()].into_iter().flatten().collect()
}

fn caught() -> Vec<Case> {
    vec![
        both(
            "an error is an object with its message",
            "local ok, e = pcall(host.echo.fail, 'no such file')
             return not ok and type(e) == 'table' and e.message == 'no such file'",
            "try { host.echo.fail('no such file') }
             catch (e) { e instanceof Error && e.message === 'no such file' }",
        )
        .holds(),
        both(
            "an error in words",
            "local _, e = pcall(host.echo.fail, 'boom') return tostring(e)",
            "try { host.echo.fail('boom') } catch (e) { String(e) }",
        )
        .gives("Error: boom"),
        both(
            "a type error",
            "local ok, e = pcall(host.echo.type_fail, 'wrong')
             return not ok and type(e) == 'table' and e.message == 'wrong'",
            "try { host.echo.type_fail('wrong') }
             catch (e) { e instanceof TypeError && e.message === 'wrong' }",
        )
        .holds(),
        both(
            "a type error in words",
            "local _, e = pcall(host.echo.type_fail, 'wrong') return tostring(e)",
            "try { host.echo.type_fail('wrong') } catch (e) { String(e) }",
        )
        .gives("TypeError: wrong"),
        both(
            "a message is kept to the letter",
            "local words = ' %s {0} grüße\\0🚀\\n' .. string.rep('long ', 500)
             local _, e = pcall(host.echo.fail, words) return e.message == words",
            "const words = ' %s {0} grüße\\0🚀\\n' + 'long '.repeat(500);
             try { host.echo.fail(words) } catch (e) { e.message === words }",
        )
        .holds(),
        both(
            "an empty message",
            "local ok, e = pcall(host.echo.fail, '') return not ok and e.message == ''",
            "try { host.echo.fail('') } catch (e) { e instanceof Error && e.message === '' }",
        )
        .holds(),
        both(
            "a panic is an error like any other",
            "local ok, e = pcall(host.echo.panic)
             return not ok and type(e) == 'table' and type(e.message) == 'string'",
            "try { host.echo.panic() }
             catch (e) { e instanceof Error && typeof e.message === 'string' }",
        )
        .holds(),
        both(
            "after a panic the host still answers",
            "for i = 1, 5 do pcall(host.echo.panic) end return host.echo.value(7)",
            "for (let i = 0; i < 5; i++) { try { host.echo.panic() } catch {} } host.echo.value(7)",
        )
        .gives(7),
        both(
            "a script can add to an error",
            "local _, e = pcall(host.echo.fail, 'a') e.code = 5 return e.code",
            "try { host.echo.fail('a') } catch (e) { e.code = 5; e.code }",
        )
        .gives(5),
    ]
}

fn uncaught() -> Vec<Case> {
    vec![
        both("uncaught: an error", "host.echo.fail('boom')", "host.echo.fail('boom')")
            .expect(Expect::Thrown("boom")),
        both(
            "uncaught: a type error",
            "host.echo.type_fail('boom')",
            "host.echo.type_fail('boom')",
        )
        .expect(Expect::Thrown("boom")),
        both("uncaught: a panic", "host.echo.panic()", "host.echo.panic()")
            .expect(Expect::Thrown("")),
        both(
            "thrown again it is still not a text to show",
            "local _, e = pcall(host.echo.fail, 'boom') error(e)",
            "try { host.echo.fail('boom') } catch (e) { throw e }",
        )
        .expect(Expect::Thrown("boom")),
        both(
            "thrown again without a level",
            "local _, e = pcall(host.echo.fail, 'boom') error(e, 0)",
            "try { host.echo.fail('boom') } finally { 1 }",
        )
        .expect(Expect::Thrown("boom")),
        both(
            "its message thrown is a text to show",
            "local _, e = pcall(host.echo.fail, 'boom') error(e.message, 0)",
            "try { host.echo.fail('boom') } catch (e) { throw e.message }",
        )
        .expect(Expect::Text("boom")),
        both(
            "its words thrown are a text to show",
            "local _, e = pcall(host.echo.fail, 'boom') error('failed: ' .. tostring(e), 0)",
            "try { host.echo.fail('boom') } catch (e) { throw 'failed: ' + e }",
        )
        .expect(Expect::Text("failed: Error: boom")),
        both(
            "through an assertion",
            "assert(pcall(host.echo.fail, 'boom'))",
            "Promise.reject((() => { try { host.echo.fail('boom') } catch (e) { return e } })())",
        )
        .expect(Expect::Thrown("boom")),
        both(
            "in a coroutine or a promise",
            "return coroutine.create(function() host.echo.fail('boom') end)",
            "(async () => { await null; host.echo.fail('boom') })()",
        )
        .expect(Expect::Thrown("boom")),
    ]
}

fn around() -> Vec<Case> {
    vec![
        both(
            "the line of the call is known",
            "local x = 1\n\nhost.echo.fail('boom')",
            "const x = 1;\n\nhost.echo.fail('boom')",
        )
        .check(|outcome| {
            let error = outcome.error();
            assert_eq!(error.kind, ErrorKind::Thrown);
            assert_eq!(error.location.as_ref().map(|place| place.line), Some(3), "{error:?}");
        }),
        both(
            "out of a sort",
            "table.sort({3, 2, 1}, function() host.echo.fail('boom') end)",
            "[3, 2, 1].sort(() => host.echo.fail('boom'))",
        )
        .expect(Expect::Thrown("boom")),
        both(
            "out of a replacement",
            "string.gsub('abc', '.', function() host.echo.fail('boom') end)",
            "'abc'.replace(/./g, () => host.echo.fail('boom'))",
        )
        .expect(Expect::Thrown("boom")),
        both(
            "out of a metamethod or getter",
            "return setmetatable({}, {__index = function() host.echo.fail('boom') end}).x",
            "({ get x() { return host.echo.fail('boom') } }).x",
        )
        .expect(Expect::Thrown("boom")),
        both(
            "what comes after the catch runs",
            "local log = {}
             for i = 1, 3 do
               local ok = pcall(host.echo.fail, 'x')
               log[#log + 1] = tostring(ok)
             end
             return table.concat(log, ',')",
            "const log = [];
             for (let i = 0; i < 3; i++) {
               try { host.echo.fail('x') } catch { log.push(false) } finally { log.length }
             }
             log.join()",
        )
        .gives("false,false,false"),
        both(
            "nested catches see it once each",
            "local seen = 0
             pcall(function()
               local ok, e = pcall(host.echo.fail, 'x') seen = seen + 1 error(e)
             end)
             return seen",
            "let seen = 0;
             try { try { host.echo.fail('x') } catch (e) { seen++; throw e } } catch {} seen",
        )
        .gives(1),
    ]
}
