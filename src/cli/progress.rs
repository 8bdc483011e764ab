//! Progress on a terminal: what is being done, how fast, how long still. Silent in pipes.

use crate::cli::clock;
use crate::cli::groups::{PrintArgs, ShowProgress};
use crate::pipeline::kit::run::Progress;
use crate::record::Failure;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

/// Bars on stderr, or nothing.
pub(super) struct ProgressBars {
    bar: Option<Mutex<ProgressBar>>,
}

impl ProgressBars {
    /// What a job gives that signals interrupt and that runs under bars: on a terminal only, and not under `--quiet`.
    pub(super) fn over<T>(
        print: &PrintArgs,
        job: impl FnOnce(&Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        clock::catch_signals();
        let show = print.progress == ShowProgress::Auto && !print.quiet && std::io::stderr().is_terminal();
        let bars = Self { bar: show.then(|| Mutex::new(ProgressBar::hidden())) };
        let done = job(&bars)?;
        if let Some(bar) = &bars.bar {
            bar.lock().unwrap_or_else(PoisonError::into_inner).finish_and_clear();
        }
        Ok(done)
    }
}

impl Progress for ProgressBars {
    fn stage(&self, doing: &'static str, rows: u64) {
        let Some(bar) = &self.bar else { return };
        let style = if rows == 0 {
            ProgressStyle::with_template("{spinner} {msg:<12} {human_pos} rows  {per_sec}")
        } else {
            ProgressStyle::with_template(
                "{msg:<14} {bar:32} {human_pos}/{human_len} rows  {per_sec}  {eta} left",
            )
        };
        let next = ProgressBar::with_draw_target((rows > 0).then_some(rows), ProgressDrawTarget::stderr());
        if let Ok(style) = style {
            next.set_style(style);
        }
        next.set_message(doing);
        let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.finish_and_clear();
        *bar = next;
    }

    fn advance(&self, rows: u64) {
        if let Some(bar) = &self.bar {
            bar.lock().unwrap_or_else(PoisonError::into_inner).inc(rows);
        }
    }

    fn interrupted(&self) -> bool {
        clock::interrupted()
    }
}
