use crate::present::{SparkPoint, spark_cells};

fn at(at_ms: i64, used: f64) -> SparkPoint {
    SparkPoint { at_ms, used, limit: 10.0 }
}

#[test]
fn cells_show_the_most_and_nothing_where_nothing_is_known() {
    let points = [at(0, 1.0), at(9, 3.0), at(10, 2.0), at(39, 20.0), at(40, 5.0)];
    let cells = spark_cells(&points, 0, 40, 4);
    assert_eq!(cells, [Some(0.3), Some(0.2), None, Some(1.0)]);
}

#[test]
fn odd_times_and_numbers_are_left_out_or_nothing() {
    let points = [at(-1, 1.0), at(41, 1.0), at(20, f64::NAN)];
    assert_eq!(spark_cells(&points, 0, 40, 2), [None, Some(0.0)]);
    assert_eq!(spark_cells(&points, 40, 0, 2), [None, None]);
    assert_eq!(spark_cells(&points, 5, 5, 1), [None]);
    assert!(spark_cells(&points, i64::MIN, i64::MAX, 0).is_empty());
    assert_eq!(spark_cells(&points, i64::MIN, i64::MAX, 3).len(), 3);
    let no_limit = SparkPoint { at_ms: 0, used: 1.0, limit: 0.0 };
    assert_eq!(spark_cells(&[no_limit], 0, 1, 1), [Some(0.0)]);
}
