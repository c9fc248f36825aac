use std::net::IpAddr;

use crate::address::is_public;

#[test]
fn what_is_on_the_internet() {
    let cases = [
        ("1.1.1.1", true),
        ("198.18.0.1", true),
        ("198.19.255.255", true),
        ("198.17.255.255", true),
        ("198.20.0.0", true),
        ("198.51.100.1", false),
        ("203.0.113.1", false),
        ("100.63.0.1", true),
        ("100.64.0.1", false),
        ("100.127.255.255", false),
        ("0.0.0.0", false),
        ("0.1.2.3", false),
        ("10.0.0.1", false),
        ("127.0.0.1", false),
        ("127.255.255.254", false),
        ("169.254.169.254", false),
        ("172.16.0.1", false),
        ("172.32.0.1", true),
        ("192.0.0.8", false),
        ("192.0.2.1", false),
        ("192.168.1.1", false),
        ("224.0.0.1", false),
        ("240.0.0.1", false),
        ("255.255.255.255", false),
        ("2606:4700::1111", true),
        ("::ffff:198.18.0.1", true),
        ("64:ff9b::198.18.0.1", true),
        ("64:ff9b::169.254.169.254", false),
        ("2002:a00:1::1", false),
        ("3fff::1", false),
        ("4000::1", false),
        ("::", false),
        ("::1", false),
        ("::127.0.0.1", false),
        ("::ffff:127.0.0.1", false),
        ("::ffff:10.0.0.1", false),
        ("::ffff:1.1.1.1", true),
        ("64:ff9b::127.0.0.1", false),
        ("64:ff9b::1.1.1.1", true),
        ("64:ff9b:1::1.1.1.1", false),
        ("2002:7f00:1::", false),
        ("2002:101:101::", true),
        ("2001::1", false),
        ("2001:db8::1", false),
        ("fc00::1", false),
        ("fd12::1", false),
        ("fe80::1", false),
        ("fec0::1", false),
        ("ff02::1", false),
    ];
    for (text, expected) in cases {
        let address: IpAddr = text.parse().expect(text);
        assert_eq!(is_public(address), expected, "{text}");
    }
}
