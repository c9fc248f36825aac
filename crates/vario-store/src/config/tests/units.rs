use crate::config::units::{ByteSize, Millis};

#[test]
fn times_are_read_and_written_in_their_largest_whole_unit() {
    let rows: [(&str, Option<(u64, &str)>); 14] = [
        ("500ms", Some((500, "500ms"))),
        ("30s", Some((30_000, "30s"))),
        (" 90 s ", Some((90_000, "90s"))),
        ("120s", Some((120_000, "2m"))),
        ("5m", Some((300_000, "5m"))),
        ("2h", Some((7_200_000, "2h"))),
        ("1d", Some((86_400_000, "1d"))),
        ("1500", Some((1_500, "1500ms"))),
        ("0s", None),
        ("-1s", None),
        ("1.5s", None),
        ("1 week", None),
        ("", None),
        ("99999999999999999d", None),
    ];
    for (text, expected) in rows {
        let found = text.parse::<Millis>().ok();
        assert_eq!(found.map(Millis::ms), expected.map(|(ms, _)| ms), "{text}");
        assert_eq!(found.map(|time| time.to_string()).as_deref(), expected.map(|(_, text)| text));
    }
}

#[test]
fn sizes_are_binary_whatever_the_unit_is_called() {
    let rows: [(&str, Option<(u64, &str)>); 13] = [
        ("64M", Some((67_108_864, "64M"))),
        ("64MB", Some((67_108_864, "64M"))),
        ("64 MiB", Some((67_108_864, "64M"))),
        ("64m", Some((67_108_864, "64M"))),
        ("512K", Some((524_288, "512K"))),
        ("1024K", Some((1_048_576, "1M"))),
        ("2G", Some((2_147_483_648, "2G"))),
        ("100", Some((100, "100"))),
        ("100B", Some((100, "100"))),
        ("0", None),
        ("1T", None),
        ("M", None),
        ("9223372036854775808", None),
    ];
    for (text, expected) in rows {
        let found = text.parse::<ByteSize>().ok();
        assert_eq!(found.map(ByteSize::bytes), expected.map(|(bytes, _)| bytes), "{text}");
        assert_eq!(found.map(|size| size.to_string()).as_deref(), expected.map(|(_, text)| text));
    }
}
