//! The page: templates compiled into the program, and the one escaper every value passes through.

mod figures;
mod flow;
mod prospects;
mod sections;

use crate::report::audit::Audit;
use crate::report::page::sections::{BARS, FINDINGS};
use crate::report::wording;
use askama::Template;
use std::fmt::{self, Write};

/// The escaper of the page: HTML syntax is escaped, and characters that reorder or hide text are named.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageText;

impl askama::filters::Escaper for PageText {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        wording::write_visible(&mut Escaped(&mut dest), text)
    }
}

/// Escapes what is written through it.
struct Escaped<'a, W: Write>(&'a mut W);

impl<W: Write> Write for Escaped<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        askama::filters::Escaper::write_escaped_str(&askama::filters::Html, &mut *self.0, text)
    }
}

#[expect(unreachable_pub, reason = "filter_fn writes public items")]
mod filters {
    //! What the templates say after a bar: `{{ n|num }}`.
    use crate::report::wording;
    use askama::Values;

    #[askama::filter_fn]
    pub(super) fn num(n: &u64, _: &dyn Values) -> askama::Result<String> {
        Ok(wording::grouped(*n))
    }

    #[askama::filter_fn]
    pub(super) fn pct(part: &u64, _: &dyn Values, whole: &u64) -> askama::Result<String> {
        Ok(wording::percent(*part, *whole))
    }

    #[askama::filter_fn]
    pub(super) fn counted(n: &u64, _: &dyn Values, nouns: &str) -> askama::Result<String> {
        Ok(wording::counted(*n, nouns))
    }

    #[askama::filter_fn]
    pub(super) fn noun(n: &u64, _: &dyn Values, nouns: &str) -> askama::Result<String> {
        Ok(wording::clip(&wording::noun(*n, nouns), 40))
    }

    #[askama::filter_fn]
    pub(super) fn plain(id: &str, _: &dyn Values) -> askama::Result<String> {
        Ok(wording::clip(&wording::plain(id), 60))
    }

    #[askama::filter_fn]
    pub(super) fn clip(text: &str, _: &dyn Values, most: usize) -> askama::Result<String> {
        Ok(wording::clip(text, most))
    }
}

/// The page: the templates take what they show from the audit, and only lay it out.
#[derive(Template)]
#[template(path = "page.html", config = "src/report/askama.toml")]
struct Page<'a> {
    audit: &'a Audit,
}

/// The audit as a self-contained page: no script, no request, nothing but what `audit` holds.
pub fn html(audit: &Audit) -> String {
    let mut out = String::with_capacity(96 * 1024);
    // A String takes everything and no filter fails: nothing is left that could go wrong here.
    Page { audit }.render_into(&mut out).expect("a page written into memory");
    out
}
