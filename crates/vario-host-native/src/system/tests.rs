use starship_battery::State;
use vario_value::Value;

use super::battery::{Cell, together};
use super::disks::{Disk, telling};

#[test]
fn one_disk_per_device_and_none_that_is_not_one() {
    let rows = [
        ("overlay", "/", "overlay", 100),
        ("overlay", "/var/lib/containers/1/merged", "overlay", 100),
        ("/dev/a1", "/home/x/deep", "ext4", 50),
        ("/dev/a1", "/home", "ext4", 50),
        ("/dev/b1", "/boot", "vfat", 1),
        ("/dev/c1", "/media/empty", "ext4", 0),
        ("tracefs", "/x", "tracefs", 5),
        ("portal", "/run/user/1000/doc", "fuse.portal", 5),
        ("tank/home", "/tank/home", "zfs", 70),
        ("Untitled", "/Volumes/Untitled", "apfs", 8),
        ("Untitled", "/Volumes/Untitled 1", "apfs", 9),
    ];
    let disks = rows.map(|(name, mount, file_system, total)| Disk {
        name: name.to_owned(),
        mount: mount.to_owned(),
        file_system: file_system.to_owned(),
        total,
        available: 1,
        is_removable: false,
    });
    let kept: Vec<String> = telling(disks.to_vec()).into_iter().map(|disk| disk.mount).collect();
    let expected =
        ["/", "/boot", "/home", "/Volumes/Untitled", "/Volumes/Untitled 1", "/tank/home"];
    assert_eq!(kept, expected);
}

#[test]
fn batteries_are_told_as_one() {
    let cell = |energy, full, rate, state| Cell { energy, full, rate, state };
    let (charging, discharging, full) = (State::Charging, State::Discharging, State::Full);
    let cases: [(&[Cell], &str); 5] = [
        (&[], "null"),
        (&[cell(25.0, 50.0, 10.0, discharging)], r#"[50,"discharging",9000,null]"#),
        (&[cell(25.0, 50.0, 50.0, charging)], r#"[50,"charging",null,1800]"#),
        (
            &[cell(20.0, 20.0, 0.0, full), cell(0.0, 40.0, 5.0, discharging)],
            r#"[33.33,"discharging",14400,null]"#,
        ),
        (&[cell(50.0, 50.0, 0.0, full)], r#"[100,"full",null,null]"#),
    ];
    for (cells, expected) in cases {
        let value = together(cells);
        let told =
            value.as_map().map_or(Value::Null, |map| Value::List(map.values().cloned().collect()));
        assert_eq!(told.to_json().to_string(), expected, "of {cells:?}");
    }
    let idle = together(&[cell(25.0, 50.0, 0.0, discharging)]);
    assert_eq!(idle.get("timeToEmptySeconds"), Some(&Value::Null), "nothing flows");
}
