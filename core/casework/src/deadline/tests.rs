//! Deadlines as an office reads them, on the days of screens.md: Wednesday 8 July 2026.

use proptest::prelude::*;

use super::{Calendar, CalendarError, Clock, Deadline, DeadlineError, Limit, Why, due};

const BUREAU: &str = r#"{
  "id": "bureau", "version": 3, "zone": "Asia/Shanghai",
  "office_hours": [["08:00", "12:00"], ["14:00", "18:00"]],
  "weekdays": [1, 2, 3, 4, 5],
  "holidays": [{"date": "2026-10-01", "name": "国庆节"}, {"date": "2026-10-02", "name": "国庆节"}],
  "make_up": ["2026-10-10"]
}"#;

fn bureau() -> Calendar {
    Calendar::parse(BUREAU).unwrap()
}

/// A moment in Beijing: `2026-07-08 11:30`.
fn at(text: &str) -> i64 {
    let local: jiff::civil::DateTime = text.replace(' ', "T").parse().unwrap();
    jiff::tz::Offset::constant(8).to_timestamp(local).unwrap().as_millisecond()
}

fn hours(amount: u32) -> Limit {
    Limit { clock: Clock::WorkingHours, amount }
}

fn urgent(amount: u32) -> Limit {
    Limit { clock: Clock::UrgentHours, amount }
}

fn days(amount: u32) -> Limit {
    Limit { clock: Clock::WorkingDays, amount }
}

fn dispatched(start: &str, limit: Limit) -> Deadline {
    due(at(start), limit, &bureau()).unwrap()
}

#[test]
fn four_working_hours_from_half_past_eleven_end_at_half_past_five() {
    let deadline = dispatched("2026-07-08 11:30", hours(4));
    assert_eq!(deadline.due_ms, at("2026-07-08 17:30"));
    assert_eq!(
        deadline.explain(&bureau()),
        "4个工作时。7月8日11:30派遣起算，到12:00用0.5小时；14:00接着算，到17:30满4小时。"
    );
}

#[test]
fn the_limit_line_names_the_day_only_if_it_is_another_one() {
    let deadline = dispatched("2026-07-08 11:30", hours(4));
    assert_eq!(deadline.limit_line(at("2026-07-08 14:30"), &bureau()), "11:30派遣，限4工作时");
    assert_eq!(deadline.limit_line(at("2026-07-09 14:30"), &bureau()), "昨天11:30派遣，限4工作时");
}

#[test]
fn the_ten_sentences_of_the_wording_guide() {
    let calendar = bureau();
    let now = at("2026-07-08 14:30");
    let running = dispatched("2026-07-08 11:30", hours(4));
    assert_eq!(running.sentence(now, &calendar), "还有3个工作时，今天17:30到期");
    assert_eq!(running.sentence(at("2026-07-08 16:50"), &calendar), "还有40分钟，今天17:30到期");

    let night = dispatched("2026-07-08 14:05", urgent(2));
    assert_eq!(night.sentence(now, &calendar), "还有1小时35分（紧急工作时，夜间照算），今天16:05到期");

    let in_days = dispatched("2026-07-08 14:30", days(2));
    assert_eq!(in_days.sentence(now, &calendar), "还有2个工作日，7月10日（周五）14:30到期");

    let late = dispatched("2026-07-08 08:50", hours(2));
    assert_eq!(late.sentence(now, &calendar), "已超期1工作时40分，应于今天10:50前完成");

    let mut extended = running.clone();
    let chen = || ("chen".into(), "陈晓".to_owned());
    extended.extend(Some(at("2026-07-09 12:00")), chen(), now, &calendar).unwrap();
    assert_eq!(extended.sentence(now, &calendar), "已延期1次，7月9日12:00到期（原今天17:30）");
    assert!(extended.explain(&calendar).ends_with("延期1次（陈晓7月8日批准），原17:30，现7月9日12:00。"));

    let mut shelved = dispatched("2026-07-08 11:30", hours(6));
    shelved.stop(at("2026-07-08 14:30"), Why::Suspended { until: "2026-07-20".into() }, &calendar);
    assert_eq!(shelved.sentence(now, &calendar), "已挂账，暂停计时；7月20日恢复后还有5个工作时");

    let mut returned = running.clone();
    returned.stop(at("2026-07-08 15:30"), Why::SentBack, &calendar);
    assert_eq!(returned.sentence(now, &calendar), "已退回，计时暂停；还剩2个工作时");

    assert_eq!(dispatched("2026-07-08 14:30", hours(4)).preview(&calendar), "若现在派遣，明天8:30到期");

    let mut early = running.clone();
    early.stop(at("2026-07-08 16:30"), Why::HandedIn, &calendar);
    assert_eq!(early.sentence(now, &calendar), "已反馈，计时停止；还剩1个工作时");
    early.stop(at("2026-07-09 09:00"), Why::Closed, &calendar);
    assert_eq!(early.sentence(at("2026-07-20 09:00"), &calendar), "提前1个工作时办结");
    let mut over = running;
    over.stop(at("2026-07-09 10:30"), Why::Closed, &calendar);
    assert_eq!(over.sentence(now, &calendar), "超期3个工作时办结");
}

#[test]
fn the_same_sentences_in_english() {
    let calendar = bureau();
    let now = at("2026-07-08 14:30");
    let running = dispatched("2026-07-08 11:30", hours(4));
    assert_eq!(running.sentence_en(now, &calendar), "3 working hours left, due today 17:30");
    assert_eq!(running.sentence_en(at("2026-07-08 16:50"), &calendar), "40 min left, due today 17:30");
    assert_eq!(running.limit_line_en(now, &calendar), "Dispatched 11:30, limit 4 working hours");
    assert_eq!(
        running.limit_line_en(at("2026-07-09 14:30"), &calendar),
        "Dispatched yesterday 11:30, limit 4 working hours"
    );
    assert_eq!(running.chip_en(now, &calendar), "3 h");
    assert_eq!(
        running.explain_en(&calendar),
        "4 working hours. Counted from dispatch 8 Jul 11:30, 0.5 h until 12:00; on from 14:00, full at 17:30."
    );
    let night = dispatched("2026-07-08 14:05", urgent(2));
    assert_eq!(night.sentence_en(now, &calendar), "1 h 35 min left (urgent: nights count), due today 16:05");
    let in_days = dispatched("2026-07-08 14:30", days(2));
    assert_eq!(in_days.sentence_en(now, &calendar), "2 working days left, due Fri 10 Jul 14:30");
    assert_eq!(in_days.chip_en(now, &calendar), "2 d");
    assert_eq!(in_days.preview_en(&calendar), "If dispatched now, due Fri 10 Jul 14:30");
    let late = dispatched("2026-07-08 14:00", hours(4));
    assert_eq!(late.sentence_en(at("2026-07-08 20:00"), &calendar), "Overdue, was due today 18:00");
    assert_eq!(
        late.sentence_en(at("2026-07-09 08:30"), &calendar),
        "Overdue by 30 min, was due yesterday 18:00"
    );
    assert_eq!(late.chip_en(at("2026-07-08 20:00"), &calendar), "overdue");
    let mut back = dispatched("2026-07-08 08:00", hours(4));
    back.stop(at("2026-07-08 09:30"), Why::SentBack, &calendar);
    assert_eq!(back.sentence_en(now, &calendar), "Sent back, clock stopped; 2 working hours 30 min left");
    back.resume(at("2026-07-09 09:00"), &calendar).unwrap();
    assert_eq!(
        back.explain_en(&calendar),
        "4 working hours. Dispatched 8 Jul 8:00, 1 working hour 30 min used before the pause; counted on from \
         9 Jul 9:00, full at 11:30."
    );
    let make_up = dispatched("2026-10-09 14:30", days(2));
    assert_eq!(
        make_up.explain_en(&calendar),
        "2 working days. Counted from dispatch 9 Oct 14:30, office hours only, 11 Oct off, 10 Oct worked though \
         off, full at 12 Oct 14:30."
    );
}

#[test]
fn an_overdue_night_says_so_though_no_office_time_has_passed() {
    let deadline = dispatched("2026-07-08 14:00", hours(4));
    assert_eq!(deadline.sentence(at("2026-07-08 18:00"), &bureau()), "还有不到1分钟，今天18:00到期");
    assert_eq!(deadline.sentence(at("2026-07-08 20:00"), &bureau()), "已超期，应于今天18:00前完成");
    assert_eq!(deadline.chip(at("2026-07-08 20:00"), &bureau()).text, "超期");
}

#[test]
fn chips_say_a_number_and_warn_from_a_quarter_left() {
    let calendar = bureau();
    let deadline = dispatched("2026-07-08 11:30", hours(4));
    let chip = |now: &str| {
        let chip = deadline.chip(at(now), &calendar);
        (chip.text, chip.tone)
    };
    use super::Tone::{Danger, Neutral, Warn};
    assert_eq!(chip("2026-07-08 14:30"), ("3工时".into(), Neutral));
    assert_eq!(chip("2026-07-08 16:29"), ("1工时".into(), Neutral));
    assert_eq!(chip("2026-07-08 16:30"), ("1工时".into(), Warn));
    assert_eq!(chip("2026-07-08 16:50"), ("40分".into(), Warn));
    assert_eq!(chip("2026-07-08 17:31"), ("超期".into(), Danger));
    assert_eq!(dispatched("2026-07-08 14:30", days(2)).chip(at("2026-07-08 14:30"), &calendar).text, "2天");
    assert_eq!(
        dispatched("2026-07-08 14:30", urgent(2)).chip(at("2026-07-08 14:30"), &calendar).text,
        "2小时"
    );
}

#[test]
fn weekends_holidays_and_make_up_days_are_counted_and_named() {
    let calendar = bureau();
    // Wednesday 30 September, then two holidays and a weekend; Saturday 10 October is worked.
    let over_holidays = dispatched("2026-09-30 17:00", hours(2));
    assert_eq!(over_holidays.due_ms, at("2026-10-05 09:00"));
    assert_eq!(
        over_holidays.explain(&calendar),
        "2个工作时。9月30日17:00派遣起算，到18:00用1小时；10月1日（国庆节）、10月2日（国庆节）、10月3日、\
         10月4日休息不算，10月5日8:00接着算，到9:00满2小时。"
    );
    let make_up = dispatched("2026-10-09 14:30", days(2));
    assert_eq!(make_up.due_ms, at("2026-10-12 14:30"));
    assert_eq!(
        make_up.explain(&calendar),
        "2个工作日。10月9日14:30派遣起算，只算上班时间，10月11日休息不算，10月10日调休上班照算，\
         到10月12日14:30满2个工作日。"
    );
    assert_eq!(
        dispatched("2026-10-01 22:30", urgent(2)).explain(&calendar),
        "2个紧急工作时。10月1日22:30派遣起算，夜间和休息日照算，到10月2日0:30满2小时。"
    );
}

#[test]
fn a_dispatch_at_night_starts_in_the_morning() {
    assert_eq!(dispatched("2026-07-10 20:00", hours(4)).due_ms, at("2026-07-13 12:00"));
    assert_eq!(
        dispatched("2026-07-10 20:00", hours(4)).explain(&bureau()),
        "4个工作时。7月10日20:00派遣起算，7月11日、7月12日休息不算，7月13日8:00接着算，到12:00满4小时。"
    );
}

#[test]
fn a_pause_costs_no_time_and_gives_none() {
    let calendar = bureau();
    let mut deadline = dispatched("2026-07-08 08:00", hours(4));
    deadline.stop(at("2026-07-08 09:30"), Why::SentBack, &calendar);
    assert_eq!(deadline.left_ms(at("2026-08-01 12:00"), &calendar), 150 * 60_000);
    deadline.resume(at("2026-07-09 09:00"), &calendar).unwrap();
    assert_eq!(deadline.due_ms, at("2026-07-09 11:30"));
    assert_eq!(
        deadline.explain(&calendar),
        "4个工作时。7月8日8:00派遣，暂停前已用1工作时30分；7月9日9:00接着算，到11:30满4小时。"
    );
    // Half of the four hours were used before: a quarter of the whole is still one hour.
    assert!(!deadline.is_close(at("2026-07-09 10:29"), &calendar));
    assert!(deadline.is_close(at("2026-07-09 10:30"), &calendar));
}

#[test]
fn a_pause_does_not_move_a_deadline_that_had_passed() {
    let calendar = bureau();
    let mut deadline = dispatched("2026-07-08 08:00", hours(2));
    deadline.stop(at("2026-07-08 11:00"), Why::HandedIn, &calendar);
    assert!(deadline.is_overdue(at("2026-07-08 11:00")));
    deadline.resume(at("2026-07-09 08:00"), &calendar).unwrap();
    assert_eq!(deadline.due_ms, at("2026-07-08 10:00"));
    assert!(deadline.is_overdue(at("2026-07-09 08:00")));
}

#[test]
fn an_extension_ends_later_or_is_refused() {
    let calendar = bureau();
    let mut deadline = dispatched("2026-07-08 11:30", hours(4));
    let before = deadline.clone();
    let by = || ("chen".into(), "陈晓".to_owned());
    let refused = deadline.extend(Some(at("2026-07-08 17:30")), by(), at("2026-07-08 15:00"), &calendar);
    assert_eq!(refused, Err(DeadlineError::NotLater));
    assert_eq!(deadline, before);
    deadline.extend(None, by(), at("2026-07-08 15:00"), &calendar).unwrap();
    assert_eq!(deadline.due_ms, at("2026-07-09 11:30"));
    assert_eq!(deadline.original_due_ms, Some(before.due_ms));
}

#[test]
fn limits_that_are_none_are_refused() {
    assert_eq!(due(0, hours(0), &bureau()), Err(DeadlineError::Zero));
    assert_eq!(due(0, hours(10_001), &bureau()), Err(DeadlineError::OutOfRange));
    assert_eq!(due(i64::MAX, hours(1), &bureau()), Err(DeadlineError::OutOfRange));
    assert_eq!(due(i64::MIN, urgent(1), &bureau()), Err(DeadlineError::OutOfRange));
}

#[test]
fn faults_of_a_calendar_are_named() {
    let with = |from: &str, to: &str| Calendar::parse(&BUREAU.replace(from, to)).unwrap_err();
    assert_eq!(
        with(r#"["2026-10-10"]"#, r#"["2026-10-01"]"#),
        CalendarError::BothOffAndWorked("2026-10-01".into())
    );
    assert_eq!(
        with(r#"["2026-10-10"]"#, r#"["2026-10-01"]"#).words().zh,
        "2026-10-01既写了休又写了班，请选一个。现行日历没有变。"
    );
    assert_eq!(with("12:00", "07:00"), CalendarError::BadHours("08:00".into(), "07:00".into()));
    assert_eq!(with("14:00", "11:00"), CalendarError::BadHours("11:00".into(), "18:00".into()));
    assert_eq!(with("18:00", "24:01"), CalendarError::BadHours("14:00".into(), "24:01".into()));
    assert_eq!(with("2026-10-02", "2026-02-30"), CalendarError::BadDay("2026-02-30".into()));
    assert_eq!(with("[1, 2, 3, 4, 5]", "[0]"), CalendarError::BadWeekdays);
    assert_eq!(with("[1, 2, 3, 4, 5]", "[]"), CalendarError::BadWeekdays);
    assert_eq!(with("Asia/Shanghai", "Europe/Berlin"), CalendarError::UnknownZone("Europe/Berlin".into()));
    assert!(matches!(Calendar::parse("{"), Err(CalendarError::Shape { line: 1, .. })));
}

#[test]
fn a_calendar_survives_its_journey() {
    let text = serde_json::to_string(&bureau()).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&text).unwrap(), bureau());
}

/// The slow way: every minute is asked whether it is office time.
fn minute_by_minute(calendar: &Calendar, clock: Clock, start: i64, minutes: i64) -> i64 {
    let (mut now, mut left) = (start, minutes);
    while left > 0 {
        if clock == Clock::UrgentHours || in_office(calendar, now) {
            left -= 1;
        }
        now += 60_000;
    }
    now
}

/// Whether the minute that begins now is office time, told from the civil date and time alone.
fn in_office(calendar: &Calendar, ms: i64) -> bool {
    let civil = calendar.civil(ms);
    let worked = matches!(calendar.day_kind(civil.date()), super::DayKind::Working | super::DayKind::MakeUp);
    worked && matches!(civil.hour(), 8..12 | 14..18)
}

fn a_minute() -> impl Strategy<Value = i64> {
    // From September to November 2026, so that holidays and the make-up day are met.
    let from = at("2026-09-20 00:00") / 60_000;
    (from..from + 40 * 24 * 60).prop_map(|minute| minute * 60_000)
}

fn any_limit() -> impl Strategy<Value = Limit> {
    prop_oneof![(1..30_u32).prop_map(hours), (1..50_u32).prop_map(urgent), (1..6_u32).prop_map(days)]
}

proptest! {
    #[test]
    fn the_fast_function_equals_the_slow_one(start in a_minute(), limit in any_limit()) {
        let calendar = bureau();
        let minutes = i64::from(limit.amount) * if limit.clock == Clock::WorkingDays { 480 } else { 60 };
        let slow = minute_by_minute(&calendar, limit.clock, start, minutes);
        prop_assert_eq!(due(start, limit, &calendar).unwrap().due_ms, slow);
    }

    #[test]
    fn a_deadline_in_office_hours_ends_in_office_hours(start in a_minute(), amount in 1..200_u32) {
        let calendar = bureau();
        let end = due(start, hours(amount), &calendar).unwrap().due_ms;
        prop_assert!(in_office(&calendar, end - 60_000));
    }

    #[test]
    fn later_starts_and_longer_limits_never_end_earlier(
        start in a_minute(), later in 0..5000_i64, limit in any_limit(), more in 0..5_u32,
    ) {
        let calendar = bureau();
        let end = due(start, limit, &calendar).unwrap().due_ms;
        prop_assert!(due(start + later * 60_000, limit, &calendar).unwrap().due_ms >= end);
        let longer = Limit { amount: limit.amount + more, ..limit };
        prop_assert!(due(start, longer, &calendar).unwrap().due_ms >= end);
    }

    #[test]
    fn what_is_left_and_what_has_passed_make_the_whole(
        start in a_minute(), limit in any_limit(), after in 0..20_000_i64,
    ) {
        let calendar = bureau();
        let deadline = due(start, limit, &calendar).unwrap();
        let now = start + after * 60_000;
        let passed = calendar.between(limit.clock, start, now);
        prop_assert_eq!(passed + deadline.left_ms(now, &calendar), calendar.allowance_ms(limit).unwrap());
    }

    #[test]
    fn pausing_and_going_on_at_once_changes_nothing(
        start in a_minute(), limit in any_limit(), after in 0..3000_i64,
    ) {
        let calendar = bureau();
        let mut deadline = due(start, limit, &calendar).unwrap();
        let (end, now) = (deadline.due_ms, start + after * 60_000);
        deadline.stop(now, Why::SentBack, &calendar);
        deadline.resume(now, &calendar).unwrap();
        if now < end {
            prop_assert_eq!(deadline.left_ms(now, &calendar), calendar.between(limit.clock, now, end));
        } else {
            prop_assert_eq!(deadline.due_ms, end);
        }
    }

    #[test]
    fn no_moment_and_no_limit_panics(start in any::<i64>(), now in any::<i64>(), amount in any::<u32>()) {
        let calendar = bureau();
        for limit in [hours(amount % 100), urgent(amount), days(amount % 40)] {
            if let Ok(mut deadline) = due(start, limit, &calendar) {
                let _ = (deadline.explain(&calendar), deadline.preview(&calendar));
                let english = deadline.explain_en(&calendar) + &deadline.preview_en(&calendar);
                assert!(english.is_ascii(), "{english}");
                // A far-off now counts day by day through the years; near ones show the same paths.
                let now = deadline.due_ms.saturating_add(now % 10_000_000_000);
                let _ = (deadline.sentence(now, &calendar), deadline.chip(now, &calendar));
                let english = deadline.sentence_en(now, &calendar) + &deadline.chip_en(now, &calendar);
                assert!(english.is_ascii(), "{english}");
                deadline.stop(now, Why::HandedIn, &calendar);
                let _ = deadline.resume(now.saturating_add(1), &calendar);
            }
        }
    }
}
