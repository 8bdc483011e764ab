//! Arguments that name lists by which addresses and numbers are read, for every command that reads any.

use crate::plan::JudgingOptions;
use clap::Args;
use std::path::PathBuf;

/// Lists that tell what an address or number is.
#[derive(Debug, Args)]
pub(super) struct Lists {
    /// Mail domains above suspicion, one a line: never disposable, closed or a slip, whatever other lists say
    #[arg(long, value_name = "FILE")]
    pub(super) allow_domain: Vec<PathBuf>,
    /// Directory of lists that stand in the place of built-in ones; `contactable data update` writes it
    #[arg(long, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
}

impl Lists {
    /// The options of a plan.
    pub(super) fn options(&self) -> JudgingOptions {
        JudgingOptions {
            allow_domain: self.allow_domain.clone(),
            data_dir: self.data_dir.clone(),
            ..JudgingOptions::default()
        }
    }
}
