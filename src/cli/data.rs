//! `data`: the lists that judge addresses and numbers, shown and replaced. Nothing is downloaded.

use crate::cli::end::{End, Exit};
use crate::data::phone::Plans;
use crate::data::update::{self, About};
use crate::output::AtomicFile;
use crate::plan::{Judging, JudgingOptions, PHONE};
use crate::record::{Failure, IoContext};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What `data` takes.
#[derive(Debug, Args)]
pub(super) struct DataArgs {
    #[command(subcommand)]
    job: DataJob,
}

#[derive(Debug, Subcommand)]
enum DataJob {
    /// Show every list that judges addresses and numbers: date, entries, licence, source
    Show {
        /// Directory of lists that stand in the place of built-in ones
        #[arg(long, value_name = "DIR")]
        data_dir: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Put a list into a data directory, after checks, to stand in the place of the built-in one
    Update(DataUpdate),
}

#[derive(Debug, Args)]
struct DataUpdate {
    /// Name of the list, as `data show` tells it; `phone` takes numbering plans made by the generator
    #[arg(value_name = "NAME")]
    name: String,
    /// The list, one entry a line; nothing is downloaded
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Directory to put it in; it is made when it does not exist
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
    /// Where the list comes from, when the file does not tell
    #[arg(long, value_name = "TEXT", default_value = "")]
    source: String,
    /// The day of the state it holds, when the file does not tell
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
    date: String,
    /// Its licence, when the file does not tell
    #[arg(long, value_name = "TEXT", default_value = "")]
    licence: String,
}

/// What is shown of a list.
#[derive(Serialize)]
struct Shown {
    name: String,
    date: String,
    entries: usize,
    licence: String,
    source: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

/// Shows or replaces.
pub(super) fn run(args: &DataArgs, out: &mut dyn Write) -> Result<Exit, End> {
    match &args.job {
        DataJob::Show { data_dir, json } => {
            let options = JudgingOptions { data_dir: data_dir.clone(), ..JudgingOptions::default() };
            show(&Judging::new(&options)?, *json, out)
        }
        DataJob::Update(update) => put(update, out),
    }
}

fn show(judging: &Judging, json: bool, out: &mut dyn Write) -> Result<Exit, End> {
    let mut all = Vec::new();
    for list in judging.lists()? {
        all.push(Shown {
            name: list.name.to_owned(),
            date: list.date().to_owned(),
            entries: list.words().count(),
            licence: list.licence().to_owned(),
            source: list.source().to_owned(),
            title: list.title().to_owned(),
            sha256: judging.replaced(list.name).map(|b| b.sha256.clone()),
        });
    }
    let tables = judging.phone()?;
    let plans = tables.plans();
    all.push(Shown {
        name: PHONE.to_owned(),
        date: plans.date().to_owned(),
        entries: plans.all().len(),
        licence: "Apache-2.0".to_owned(),
        source: format!("libphonenumber metadata {}", plans.metadata()),
        title: "Numbering plans".to_owned(),
        sha256: judging.replaced(PHONE).map(|b| b.sha256.clone()),
    });
    for shown in &all {
        if json {
            let text =
                serde_json::to_string(shown).map_err(|e| Failure::run(format!("cannot write JSON: {e}")))?;
            writeln!(out, "{text}")?;
        } else {
            let mark = if shown.sha256.is_some() { "replaced" } else { "built-in" };
            let Shown { name, date, entries, licence, source, .. } = shown;
            writeln!(out, "{name:<18} {mark:<8} {date:<10} {entries:>6}  {licence}; {source}")?;
        }
    }
    Ok(Exit::Done)
}

fn put(update: &DataUpdate, out: &mut dyn Write) -> Result<Exit, End> {
    let bytes = std::fs::read(&update.file).doing("read the list", "FILE")?;
    let (file, bytes, said) = if update.name == PHONE {
        let plans = Plans::read(&bytes)?;
        let before = Plans::built_in();
        if plans.all().len() * 2 < before.all().len() {
            return Err(Failure::usage("fewer than half the regions of the built-in plans cannot be meant")
                .at(PHONE)
                .into());
        }
        let said = format!("{} plans, metadata {} of {}", plans.all().len(), plans.metadata(), plans.date());
        (format!("{PHONE}.bin"), bytes, said)
    } else {
        let list = update::list(&update.name).ok_or_else(|| {
            Failure::usage("no list is called that").at("NAME").hint("`contactable data show` lists them")
        })?;
        let text =
            std::str::from_utf8(&bytes).map_err(|_| Failure::usage("this list is not UTF-8").at("FILE"))?;
        let about = About {
            source: update.source.clone(),
            date: update.date.clone(),
            licence: update.licence.clone(),
        };
        let made = update::canonical(list, text, &about)?;
        let read = crate::data::domains::WordList::new(list.name, &made);
        let (after, before) = (read.words().count(), list.words().count());
        let said = format!("{after} entries of {} (built in: {before} of {})", read.date(), list.date());
        (format!("{}.txt", list.name), made.into_bytes(), said)
    };
    write(&update.data_dir, &file, &bytes)?;
    writeln!(out, "{}: {said}", update.name)?;
    Ok(Exit::Done)
}

/// Writes whole or not at all.
fn write(dir: &Path, file: &str, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::create_dir_all(dir).map_err(|e| Failure::io("write the list", "--data-dir", &e))?;
    let mut list = AtomicFile::create(&dir.join(file))?;
    list.write(bytes)?;
    list.publish()
}
