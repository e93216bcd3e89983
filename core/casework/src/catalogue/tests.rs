//! Two standards side by side, and the faults of a city's file.

use super::*;
use crate::deadline::Clock;

const CITY: &str = r#"{"id":"city","version":4,"standard":"GB/T 47678.5-2026","note":"sample","categories":[
 {"standard":"GB/T 47678.5-2026","kind":"matter","code":"01001","zh":"供水井盖异常","en":"a","major_zh":"b","major_en":"c"},
 {"standard":"GB/T 47678.5-2026","kind":"component","code":"01001","zh":"供水井盖","en":"a","major_zh":"b","major_en":"c"},
 {"standard":"GB/T 30428.2-2013","kind":"matter","code":"0110","zh":"暴露垃圾","en":"a","major_zh":"b","major_en":"c"}],
 "conditions":[{"category":{"standard":"GB/T 30428.2-2013","kind":"matter","code":"0110"},"id":"heap","zh":"成堆",
 "en":"heap","closing_zh":"清净","limits":[{"road_class":"main","clock":"urgent_hours","amount":2},
 {"road_class":null,"clock":"working_hours","amount":4}]}]}"#;

#[test]
fn one_code_names_three_things_and_the_key_tells_them_apart() {
    let city = Catalogue::parse(CITY).unwrap();
    let mut key = city.categories()[0].key.clone();
    assert_eq!(city.category(&key).unwrap().zh, "供水井盖异常");
    key.kind = CategoryKind::Component;
    assert_eq!(city.category(&key).unwrap().zh, "供水井盖");
    key.standard = "GB/T 30428.2-2013".into();
    assert_eq!(city.category(&key), None);
    let text = serde_json::to_string(&city).unwrap();
    assert_eq!(serde_json::from_str::<Catalogue>(&text).unwrap(), city);
}

#[test]
fn the_road_class_decides_the_limit() {
    let city = Catalogue::parse(CITY).unwrap();
    let (key, heap) = (city.categories()[2].key.clone(), "heap".into());
    let limit = |road| city.limit(&key, &heap, road).map(|l| (l.clock, l.amount));
    assert_eq!(limit(Some(RoadClass::Main)), Some((Clock::UrgentHours, 2)));
    assert_eq!(limit(Some(RoadClass::Back)), Some((Clock::WorkingHours, 4)));
    assert_eq!(limit(None), Some((Clock::WorkingHours, 4)));
}

#[test]
fn faults_name_their_entry() {
    let with = |from: &str, to: &str| Catalogue::parse(&CITY.replacen(from, to, 1)).unwrap_err();
    assert_eq!(
        with(r#""kind":"component""#, r#""kind":"matter""#),
        CatalogueError::TwiceCategory { entry: 2, code: "01001".into() }
    );
    assert!(matches!(with("01001", "1001"), CatalogueError::BadCode { entry: 1, digits: 5, .. }));
    assert!(matches!(with(r#""amount":4"#, r#""amount":0"#), CatalogueError::BadLimit { entry: 1 }));
    assert!(matches!(
        with(r#""road_class":"main""#, r#""road_class":null"#),
        CatalogueError::BadLimit { .. }
    ));
    assert!(matches!(with(r#""id":"heap""#, r#""id":" ""#), CatalogueError::BlankCondition { entry: 1 }));
    let unknown = with(r#""code":"0110"},"id""#, r#""code":"0199"},"id""#);
    assert_eq!(unknown.words().zh, "第1个立案条件的代码“0199”目录里没有。现行目录没有变。改好后再导入。");
    assert!(matches!(Catalogue::parse("[]"), Err(CatalogueError::Shape { .. })));
}
