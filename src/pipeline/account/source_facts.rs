//! What the audit says of one source: format, kind, mapping, counts and notes.

use crate::output::hex;
use crate::pipeline::kit::tally::SourceTally;
use crate::pipeline::understand::sources::SourcePlan;
use crate::reason::Reason;
use crate::report::{ColumnUse, DialectWords, Share, SourceFacts};
use std::collections::BTreeMap;

/// What a source was taken for.
pub(crate) fn source(source: &SourcePlan, tally: &SourceTally, undecided: &[usize]) -> SourceFacts {
    let SourceTally { emails, phones, consents, .. } = *tally;
    let dialect = source.input.dialect();
    let format = source.mapping.format;
    let mut quality = BTreeMap::new();
    for (name, counted) in [("valid emails", emails), ("valid phones", phones), ("dated consents", consents)]
    {
        if counted.of > 0 {
            quality.insert(name.to_owned(), Share { good: counted.good, of: counted.of });
        }
    }
    SourceFacts {
        source: source.name().to_owned(),
        kind: source.mapping.kind,
        format: format.map(|f| f.id.clone()),
        why: source.mapping.why.clone(),
        vendor: format.map(|f| f.vendor.clone()),
        confidence: format.map(|f| f.provenance.confidence.word().to_owned()),
        encoding: source.input.encoding().to_string(),
        dialect: DialectWords {
            delimiter: dialect.delimiter_word(),
            quote: dialect.quote_word(),
            line_end: dialect.line_ends.word().to_owned(),
        },
        header_line: dialect.header_line.map(u64::from),
        columns: source
            .mapping
            .columns
            .iter()
            .map(|c| ColumnUse { column: c.header.clone(), field: c.field.map(|f| f.word().to_owned()) })
            .collect(),
        sha256: hex(&source.input.sha256()),
        bytes: source.input.original_bytes(),
        notes: notes(source, undecided),
        quality,
        leaves_out_refusals: source.mapping.leaves_out_refusals,
    }
}

/// What a reader of the report should know about a file.
fn notes(source: &SourcePlan, undecided: &[usize]) -> Vec<String> {
    let file = source.input.findings().into_iter().map(|r| r.sentence().to_owned());
    let unclear = source.mapping.unclear.iter().map(|u| {
        let column = u.column.and_then(|c| source.mapping.columns.get(usize::from(c)));
        match column {
            Some(column) => format!("Column \u{201c}{}\u{201d}: {}", column.header, u.reason.sentence()),
            None => u.reason.sentence().to_owned(),
        }
    });
    let open = undecided.iter().filter_map(|column| source.mapping.columns.get(*column)).map(|column| {
        format!("Column \u{201c}{}\u{201d}: {}", column.header, Reason::DateOrderUnknown.sentence())
    });
    file.chain(unclear).chain(open).collect()
}
