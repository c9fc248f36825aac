//! Addresses, by the rules of browsers.

use url::Url;
use url::quirks;
use vario_value::Value;

use super::natives::text;

/// `(text, base?)`: the parts of an address, or absent where it is none.
pub(super) fn parse(args: &[Value]) -> Result<Value, String> {
    let input = text(args, 0)?;
    let parsed = match args.get(1).and_then(Value::as_str) {
        Some(base) => Url::parse(base).and_then(|base| base.join(input)),
        None => Url::parse(input),
    };
    Ok(parsed.map_or(Value::Absent, |url| parts(&url)))
}

/// `(address, part, value)`: the parts after one was set; a value that does not fit is ignored.
pub(super) fn change(args: &[Value]) -> Result<Value, String> {
    let mut url = Url::parse(text(args, 0)?).map_err(|error| error.to_string())?;
    let value = text(args, 2)?;
    // Browsers ignore what does not fit.
    let _fits = match text(args, 1)? {
        "protocol" => quirks::set_protocol(&mut url, value),
        "username" => quirks::set_username(&mut url, value),
        "password" => quirks::set_password(&mut url, value),
        "host" => quirks::set_host(&mut url, value),
        "hostname" => quirks::set_hostname(&mut url, value),
        "port" => quirks::set_port(&mut url, value),
        "pathname" => {
            quirks::set_pathname(&mut url, value);
            Ok(())
        }
        "search" => {
            quirks::set_search(&mut url, value);
            Ok(())
        }
        "hash" => {
            quirks::set_hash(&mut url, value);
            Ok(())
        }
        other => return Err(format!("an address has no part {other}")),
    };
    Ok(parts(&url))
}

fn parts(url: &Url) -> Value {
    Value::from([
        ("href", Value::from(url.as_str())),
        ("protocol", quirks::protocol(url).into()),
        ("username", quirks::username(url).into()),
        ("password", quirks::password(url).into()),
        ("host", quirks::host(url).into()),
        ("hostname", quirks::hostname(url).into()),
        ("port", quirks::port(url).into()),
        ("pathname", quirks::pathname(url).into()),
        ("search", quirks::search(url).into()),
        ("hash", quirks::hash(url).into()),
        ("origin", quirks::origin(url).as_str().into()),
    ])
}
