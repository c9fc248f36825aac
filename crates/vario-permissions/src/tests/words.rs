use crate::Permission;

#[test]
fn what_can_do_most_comes_with_a_caution() {
    let cautious = ["run:git", "insecureTls:a.example"];
    let plain = ["net:a.example", "read:~/x", "routes", "system"];
    let caution = |text: &str| text.parse::<Permission>().expect(text).caution();
    assert!(cautious.into_iter().all(|text| caution(text).is_some()));
    assert!(plain.into_iter().all(|text| caution(text).is_none()));
}

#[test]
fn a_right_about_nothing_in_particular_is_all_verb() {
    for text in ["ccusage", "processes", "system", "routes"] {
        let right: Permission = text.parse().expect(text);
        assert_eq!(right.object(), "");
        assert!(right.verb().contains(' '), "{text}");
    }
}
