use super::*;

#[test]
fn formats_of_dates_are_told_from_those_of_numbers() {
    for date in [
        "yyyy-mm-dd",
        "d/m/yy h:mm",
        "hh:mm:ss",
        "[h]:mm:ss",
        "mm:ss.0",
        "yyyy\"年\"m\"月\"d\"日\"",
        "[$-804]dddd",
    ] {
        assert!(is_date_format(date), "{date}");
    }
    for number in ["General", "0.00", "#,##0.00", "0.00E+00", "@", "\"days\" 0", "0\\d", "[Red]0", ""] {
        assert!(!is_date_format(number), "{number}");
    }
    assert!(is_built_in_date(14) && is_built_in_date(47) && !is_built_in_date(0) && !is_built_in_date(49));
}

#[test]
fn packed_numbers_are_unpacked() {
    assert_eq!(unpacked(0x3ff0_0000), 1.0);
    assert_eq!(unpacked(0x3ff0_0001), 0.01);
    assert_eq!(unpacked((7 << 2) | 2), 7.0);
    assert_eq!(unpacked(((-7_i32) << 2).cast_unsigned() | 2), -7.0);
    assert_eq!(unpacked((1234 << 2) | 3), 12.34);
}
