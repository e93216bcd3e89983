//! What a list of cases can be sorted by, and its word in addresses.

/// What a list is sorted by. What has no such thing yet stands last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Deadline; stopped ones and those without one last.
    Due,
    /// Number.
    Number,
    /// Where it was found: the kind of the record that reported it.
    Source,
    /// Category.
    Category,
    /// Place.
    Place,
    /// District.
    District,
    /// Responsible unit, then person.
    Unit,
    /// Report.
    Reported,
    /// Reporter.
    Reporter,
    /// Dispatch.
    Dispatched,
    /// State, in the order of a case's life.
    State,
    /// Feedback.
    Rectified,
    /// Verification.
    Verified,
    /// Closing.
    Closed,
    /// Outcome.
    Outcome,
    /// How long it has waited at the desk: since the report, or since the last step.
    Waiting,
}

impl By {
    const WORDS: [(&str, Self); 15] = [
        ("due", Self::Due),
        ("number", Self::Number),
        ("source", Self::Source),
        ("category", Self::Category),
        ("place", Self::Place),
        ("district", Self::District),
        ("unit", Self::Unit),
        ("reported", Self::Reported),
        ("reporter", Self::Reporter),
        ("dispatched", Self::Dispatched),
        ("state", Self::State),
        ("rectified", Self::Rectified),
        ("verified", Self::Verified),
        ("closed", Self::Closed),
        ("outcome", Self::Outcome),
    ];
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest or oldest first.
    Up(By),
    /// Largest or newest first.
    Down(By),
}

impl Order {
    /// From the address: `due`, `-due`; unknown words mean the soonest deadline first.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        let (plain, down) = word.strip_prefix('-').map_or((word, false), |word| (word, true));
        let by = By::WORDS.into_iter().find(|(known, _)| *known == plain);
        match by {
            Some((_, by)) if down => Self::Down(by),
            Some((_, by)) => Self::Up(by),
            None => Self::Up(By::Due),
        }
    }
}
