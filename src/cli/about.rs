//! What the user says of files: kind and layout, for every command that reads sources.

use clap::Args;

/// What the user knows about files better than we do.
#[derive(Debug, Args)]
pub(crate) struct About {
    /// Say what a file is: contacts, unsubscribes, bounces, complaints, suppression, consent-events, registry
    #[arg(long = "as", value_name = "KIND=FILE")]
    pub(crate) as_kind: Vec<String>,
    /// Say which vendor layout a file has; `contactable formats` lists them
    #[arg(long, value_name = "ID=FILE")]
    pub(crate) format: Vec<String>,
}
