//! The one error of a run that cannot go on: what, where, what to do. It never holds personal data.

use std::ops::Range;
use std::{fmt, io};

/// Exit code that a failure asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The run could not, or would not: damaged input, full disk. Exit code 1.
    Run,
    /// Usage, profile, or a question the user must answer. Exit code 2.
    Usage,
}

/// Why a run cannot go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Exit code it asks for.
    pub kind: FailureKind,
    /// What went wrong, lower case, without a full stop.
    pub what: String,
    /// Where: `file`, `file:line` or a flag.
    pub place: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Failure {
    /// The run could not go on.
    pub fn run(what: impl Into<String>) -> Self {
        Self { kind: FailureKind::Run, what: what.into(), place: None, hint: None }
    }

    /// The user has to say something else.
    pub fn usage(what: impl Into<String>) -> Self {
        Self { kind: FailureKind::Usage, what: what.into(), place: None, hint: None }
    }

    /// With the place: `file`, `file:line` or a flag.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// With the line of the file on which a span of its text begins; the file alone where there is none.
    #[must_use]
    pub fn at_span(self, file: &str, text: &str, span: Option<Range<usize>>) -> Self {
        let before = span.and_then(|span| text.get(..span.start));
        let line = before.map_or_else(String::new, |before| format!(":{}", before.matches('\n').count() + 1));
        self.at(format!("{file}{line}"))
    }

    /// With what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// An operating-system error on a file or directory; of a result, [`IoContext`] makes it.
    pub fn io(doing: &str, place: impl Into<String>, error: &io::Error) -> Self {
        Self::run(format!("cannot {doing}: {error}")).at(place)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.what)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// Makes the failure of a run of an operating-system error: what could not be done, and where. The place is put into
/// words only when it is needed.
pub trait IoContext<T>: Sized {
    /// The failure `cannot DOING` at the place, in place of the one it had.
    fn doing(self, doing: &str, place: impl fmt::Display) -> Result<T, Failure>;

    /// The failure `cannot read`.
    fn reading(self, place: impl fmt::Display) -> Result<T, Failure> {
        self.doing("read", place)
    }

    /// The failure `cannot write`.
    fn writing(self, place: impl fmt::Display) -> Result<T, Failure> {
        self.doing("write", place)
    }
}

impl<T, E: Into<io::Error>> IoContext<T> for Result<T, E> {
    fn doing(self, doing: &str, place: impl fmt::Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::io(doing, place.to_string(), &error.into()))
    }
}
