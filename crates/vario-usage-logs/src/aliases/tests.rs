use super::ModelAliases;

/// Each was asked of ccusage 20.0.24.
#[track_caller]
fn stands_for(text: &str, name: &str, model: &str) {
    assert_eq!(ModelAliases::parse(text).resolve(name), model, "{text:?}");
}

#[test]
fn pairs_are_separated_by_commas_semicolons_and_lines() {
    stands_for("foo=a,bar=b", "bar", "b");
    stands_for("foo=a;bar=b", "bar", "b");
    stands_for("foo=a\nbar=b", "bar", "b");
    stands_for(" foo = a , bar = b ", "bar", "b");
    stands_for("{foo=a}", "foo", "a");
    stands_for("foo=a=b", "foo", "a=b");
    stands_for("foo=a,foo=b", "foo", "b");
}

#[test]
fn an_object_is_taken_as_it_is() {
    stands_for(r#" {"foo":"a"} "#, "foo", "a");
    stands_for(r#"{"foo":" a "}"#, "foo", " a ");
    stands_for(r#"{"foo":""}"#, "foo", "foo");
    stands_for(r#"{"foo":"a","bar":1}"#, "foo", "foo");
    stands_for(r#"{"foo":"a""#, "foo", "foo");
}

#[test]
fn what_is_no_pair_is_left_out() {
    for text in ["", "foo", "foo:a", "=foo", "foo=", "\"foo\"=\"a\"", "FOO=a"] {
        stands_for(text, "foo", "foo");
    }
}

#[test]
fn a_fast_model_is_named_after_the_slow_one() {
    stands_for("foo=a", "foo-fast", "a-fast");
    stands_for("foo=a,foo-fast=b", "foo-fast", "b");
    stands_for("foo=a", "foo-fast-fast", "foo-fast-fast");
}

#[test]
fn what_a_name_stands_for_is_not_looked_up_again() {
    stands_for("foo=bar,bar=b", "foo", "bar");
}
