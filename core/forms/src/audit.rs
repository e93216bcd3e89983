//! The audit log of a record (`log.csv`, specification "Client Audit Logs"; the events are those of
//! Collect's documentation). The shell says what a person does, with times of its own clock; the log keeps
//! the rows and writes them.

use crate::answer::NodeRef;
use crate::form::{Form, ROOT};

/// What a form asks to be logged (attributes of its `meta/audit` bind).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditRules {
    /// The node that names the log's file in the submission.
    pub at: Option<NodeRef>,
    /// Whether and how the place is logged.
    pub location: Option<AuditLocation>,
    /// Answers before and after are logged (`odk:track-changes`).
    pub track_changes: bool,
    /// A person must say who they are (`odk:identify-user`).
    pub identify_user: bool,
    /// A person must say why they changed a finished record (`odk:track-changes-reasons`).
    pub reasons: bool,
}

/// How the place is logged; all three must be in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLocation {
    /// `no-power`, `low-power`, `balanced` or `high-accuracy`.
    pub priority: String,
    /// Seconds between fixes.
    pub min_interval: u64,
    /// Seconds that a fix holds.
    pub max_age: u64,
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the log, `name` gives them as written")]
pub enum AuditEvent {
    Question,
    /// A question on a screen with others: logged only when its answer changed and changes are tracked.
    QuestionInGroup,
    GroupQuestions,
    AddRepeat,
    EndScreen,
    Jump,
    FormStart,
    FormExit,
    FormResume,
    FormSave,
    FormFinalize,
    SaveError,
    FinalizeError,
    ConstraintError,
    DeleteRepeat,
    ChangeReason,
    BackgroundAudioEnabled,
    BackgroundAudioDisabled,
    LocationTrackingEnabled,
    LocationTrackingDisabled,
    LocationProvidersEnabled,
    LocationProvidersDisabled,
    LocationPermissionsGranted,
    LocationPermissionsNotGranted,
}

impl AuditEvent {
    /// As it stands in the log.
    pub fn name(self) -> &'static str {
        match self {
            AuditEvent::Question | AuditEvent::QuestionInGroup => "question",
            AuditEvent::GroupQuestions => "group questions",
            AuditEvent::AddRepeat => "add repeat",
            AuditEvent::EndScreen => "end screen",
            AuditEvent::Jump => "jump",
            AuditEvent::FormStart => "form start",
            AuditEvent::FormExit => "form exit",
            AuditEvent::FormResume => "form resume",
            AuditEvent::FormSave => "form save",
            AuditEvent::FormFinalize => "form finalize",
            AuditEvent::SaveError => "save error",
            AuditEvent::FinalizeError => "finalize error",
            AuditEvent::ConstraintError => "constraint error",
            AuditEvent::DeleteRepeat => "delete repeat",
            AuditEvent::ChangeReason => "change reason",
            AuditEvent::BackgroundAudioEnabled => "background audio enabled",
            AuditEvent::BackgroundAudioDisabled => "background audio disabled",
            AuditEvent::LocationTrackingEnabled => "location tracking enabled",
            AuditEvent::LocationTrackingDisabled => "location tracking disabled",
            AuditEvent::LocationProvidersEnabled => "location providers enabled",
            AuditEvent::LocationProvidersDisabled => "location providers disabled",
            AuditEvent::LocationPermissionsGranted => "location permissions granted",
            AuditEvent::LocationPermissionsNotGranted => "location permissions not granted",
        }
    }

    /// Whether it lasts, from what a person enters to what they leave.
    pub fn lasts(self) -> bool {
        use AuditEvent as E;
        matches!(
            self,
            E::Question | E::QuestionInGroup | E::GroupQuestions | E::AddRepeat | E::EndScreen | E::Jump
        )
    }

    fn of_location(self) -> bool {
        use AuditEvent as E;
        matches!(
            self,
            E::LocationTrackingEnabled
                | E::LocationTrackingDisabled
                | E::LocationProvidersEnabled
                | E::LocationProvidersDisabled
                | E::LocationPermissionsGranted
                | E::LocationPermissionsNotGranted
        )
    }
}

/// A place that the device knew: Unix milliseconds, and as it is written.
#[derive(Debug, Clone, PartialEq)]
struct Fix {
    at_ms: i64,
    accuracy: f64,
    cells: [String; 3],
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    event: AuditEvent,
    node: String,
    start: i64,
    end: Option<i64>,
    place: Option<[String; 3]>,
    old: String,
    new: String,
    user: String,
    reason: String,
}

/// The log of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditLog {
    rules: AuditRules,
    /// Lines of this sitting and of earlier ones, as they are written.
    lines: String,
    open: Vec<Row>,
    fixes: Vec<Fix>,
    user: String,
}

impl AuditLog {
    /// An empty log.
    pub fn new(rules: AuditRules) -> AuditLog {
        AuditLog { rules, lines: String::new(), open: Vec::new(), fixes: Vec::new(), user: String::new() }
    }

    /// A log that goes on after what [`AuditLog::csv`] wrote before. Where a newer version of the form asks for other
    /// columns, what is asked for still is kept.
    pub fn resume(rules: AuditRules, csv: &str) -> AuditLog {
        let head = rules.head();
        let (before, lines) = csv.split_once('\n').unwrap_or_default();
        let lines = if before == head { lines.to_owned() } else { columns(&head, csv) };
        AuditLog { lines, ..AuditLog::new(rules) }
    }

    /// Who fills the form from now on.
    pub fn set_user(&mut self, name: &str) {
        name.clone_into(&mut self.user);
    }

    /// A place of the device: degrees, metres, Unix milliseconds. Of those that still hold, the most
    /// accurate stands with each event.
    pub fn place(&mut self, at_ms: i64, lat: f64, lon: f64, accuracy: f64) {
        let Some(age) = self.age_ms() else { return };
        self.fixes.retain(|fix| at_ms <= fix.at_ms.saturating_add(age));
        self.fixes.push(Fix { at_ms, accuracy, cells: [lat, lon, accuracy].map(|n| n.to_string()) });
    }

    fn age_ms(&self) -> Option<i64> {
        let age = self.rules.location.as_ref()?.max_age;
        Some(i64::try_from(age.saturating_mul(1000)).unwrap_or(i64::MAX))
    }

    fn best(&self, now: i64) -> Option<[String; 3]> {
        let age = self.age_ms()?;
        let holds = self.fixes.iter().filter(|fix| now <= fix.at_ms.saturating_add(age));
        holds.min_by(|a, b| a.accuracy.total_cmp(&b.accuracy)).map(|fix| fix.cells.clone())
    }

    fn row(&self, event: AuditEvent, node: String, now: i64) -> Row {
        Row {
            event,
            node,
            start: now,
            end: None,
            place: self.best(now),
            old: String::new(),
            new: String::new(),
            user: self.user.clone(),
            reason: String::new(),
        }
    }

    /// Something happens, or a screen is entered; `value` is the node's present text. A screen that is
    /// drawn again is not entered again.
    pub fn event(&mut self, event: AuditEvent, node: Option<&NodeRef>, now: i64, value: &str) {
        let node = node.map(|node| node.0.clone()).unwrap_or_default();
        let again = self.open.iter().any(|row| row.event.name() == event.name() && row.node == node);
        let unwanted = event.of_location() && self.rules.location.is_none();
        if unwanted || (event.lasts() && again) {
            return;
        }
        let row = Row { old: value.to_owned(), ..self.row(event, node, now) };
        // Rows stand in the order of their start.
        if event.lasts() || !self.open.is_empty() {
            self.open.push(row);
        } else {
            self.rules.line(&row, &mut self.lines);
        }
    }

    /// Why a finished record is changed.
    pub fn reason(&mut self, now: i64, reason: &str) {
        let row = self.row(AuditEvent::ChangeReason, String::new(), now);
        self.rules.line(&Row { reason: reason.to_owned(), ..row }, &mut self.lines);
    }

    /// All that was entered is left; `value` gives a node's text as it is now.
    pub fn leave(&mut self, now: i64, value: impl Fn(&NodeRef) -> String) {
        self.lines += &self.left(now, value);
        self.open.clear();
    }

    /// The lines of what is entered, as if it were left now.
    fn left(&self, now: i64, value: impl Fn(&NodeRef) -> String) -> String {
        let mut lines = String::new();
        for row in &self.open {
            if !row.event.lasts() {
                self.rules.line(row, &mut lines);
                continue;
            }
            let mut row = row.clone();
            row.end = Some(now);
            row.place = row.place.or_else(|| self.best(now));
            let question = matches!(row.event, AuditEvent::Question | AuditEvent::QuestionInGroup);
            let new = if question { value(&NodeRef(row.node.clone())) } else { String::new() };
            let changed = question && row.old != new;
            if changed {
                row.new = new;
            } else {
                row.old.clear();
            }
            if row.event != AuditEvent::QuestionInGroup || (changed && self.rules.track_changes) {
                self.rules.line(&row, &mut lines);
            }
        }
        lines
    }

    /// The log as the form asks for it; what is still open is not in it yet.
    pub fn csv(&self) -> String {
        format!("{}\n{}", self.rules.head(), self.lines)
    }

    /// The log as it would be if all that was entered were left now: what is saved with a draft, so that a
    /// log that is taken up again has all that was done up to the save. `value` as in [`AuditLog::leave`].
    pub fn csv_if_left(&self, now: i64, value: impl Fn(&NodeRef) -> String) -> String {
        self.csv() + &self.left(now, value)
    }
}

/// The lines of a log under these columns.
fn columns(head: &str, csv: &str) -> String {
    let (mut out, mut rest, mut cells, mut names) = (String::new(), csv, Vec::new(), Vec::new());
    while !rest.is_empty() {
        let Ok(after) = crate::secondary::record(rest, ',', &mut cells) else { break };
        rest = after;
        if names.is_empty() {
            names.extend(cells.iter().map(|name| name.to_string()));
            continue;
        }
        for (at, wanted) in head.split(',').enumerate() {
            if at > 0 {
                out.push(',');
            }
            let found = names.iter().position(|name| name == wanted).and_then(|at| cells.get(at));
            crate::csv::cell(found.map_or("", |cell| cell), &mut out);
        }
        out.push('\n');
    }
    out
}

impl AuditRules {
    fn head(&self) -> String {
        let mut out = String::from("event,node,start,end");
        let columns = [
            (self.location.is_some(), ",latitude,longitude,accuracy"),
            (self.track_changes, ",old-value,new-value"),
            (self.identify_user, ",user"),
            (self.reasons, ",change-reason"),
        ];
        columns.iter().filter(|(wanted, _)| *wanted).for_each(|(_, names)| out += names);
        out
    }

    fn line(&self, row: &Row, out: &mut String) {
        let end = row.end.map(|end| end.to_string()).unwrap_or_default();
        *out += &format!("{},{},{},{end}", row.event.name(), row.node, row.start);
        let empty: [String; 3] = Default::default();
        let mut cells: Vec<&str> = Vec::new();
        if self.location.is_some() {
            cells.extend(row.place.as_ref().unwrap_or(&empty).iter().map(String::as_str));
        }
        if self.track_changes {
            let shown = matches!(row.event, AuditEvent::Question | AuditEvent::QuestionInGroup);
            cells.extend(if shown { [row.old.as_str(), row.new.as_str()] } else { ["", ""] });
        }
        if self.identify_user {
            cells.push(&row.user);
        }
        if self.reasons {
            cells.push(&row.reason);
        }
        for cell in cells {
            out.push(',');
            crate::csv::cell(cell, out);
        }
        out.push('\n');
    }
}

impl Form {
    /// What the form asks to be logged; none when it asks for no log.
    pub fn audit_rules(&self) -> Option<AuditRules> {
        let named = |parent: u32, name: &str| {
            let list = self.def(parent)?.children.iter().copied();
            list.into_iter().find(|id| self.def(*id).is_some_and(|def| self.names.name(def.local) == name))
        };
        let id = named(named(ROOT, "meta")?, "audit")?;
        let bind = self.def(id)?.bind();
        let attribute = |name: &str| {
            let found = bind.attributes.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.trim())
        };
        let number = |name: &str| attribute(name)?.parse::<u64>().ok();
        let location = || {
            Some(AuditLocation {
                priority: attribute("location-priority")?.to_owned(),
                min_interval: number("location-min-interval")?,
                max_age: number("location-max-age")?,
            })
        };
        Some(AuditRules {
            at: Some(NodeRef(self.path(id))),
            location: location(),
            track_changes: attribute("track-changes") == Some("true"),
            identify_user: attribute("identify-user") == Some("true"),
            reasons: attribute("track-changes-reasons") == Some("on-form-edit"),
        })
    }
}
