//! Options that several commands have in common.

use crate::cli::clock;
use crate::data::Country;
use crate::dns::DnsSettings;
use crate::mapping::WordAnswer;
use crate::plan::{
    JudgingOptions, OfFile, ReadOptions, RegisterFile, SourceOptions, country, day, memory, server, threads,
};
use crate::record::{Day, Kind};
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What the user says of files: kind and layout.
#[derive(Debug, Args)]
pub(super) struct AboutFilesArgs {
    /// Say what a file is: contacts, unsubscribes, bounces, complaints, suppression, consent-events, registry, ignore
    #[arg(long = "as", value_name = "KIND=FILE", value_parser = OfFile::kind)]
    kinds: Vec<OfFile<Kind>>,
    /// Say which vendor layout a file has; `contactable formats` lists them
    #[arg(long = "format", value_name = "ID=FILE", value_parser = OfFile::format)]
    formats: Vec<OfFile<String>>,
    /// Say what a word of a column means: it refuses, permits, or says nothing; may be given several times
    #[arg(long = "word", value_name = "COLUMN:WORD=no|yes|nothing")]
    words: Vec<WordAnswer>,
}

/// What a run may take of the machine.
#[derive(Debug, Args)]
pub(super) struct MachineArgs {
    /// Threads to use [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<usize>,
    /// RAM for temporary data; beyond it goes to disk [default: 256M]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    memory: Option<usize>,
}

/// What is read, for which day and where, by every command that decides or writes lists.
#[derive(Debug, Args)]
pub(super) struct ReadArgs {
    #[command(flatten)]
    about: AboutFilesArgs,
    /// Register that was asked, with the day it was taken; `suppress` takes it into an index only
    #[arg(long, value_name = "ID=FILE@DATE")]
    registry: Vec<RegisterFile>,
    /// Day the messages go out, or new entries of a suppression file are first seen [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    send_date: Option<Day>,
    /// Country of contacts and numbers whose rows tell none
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    country: Option<Country>,
    /// Secret (16 bytes or more) of contact ids, of people who were erased, and of hashes that leave this machine
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    machine: MachineArgs,
}

impl AboutFilesArgs {
    /// The options of reading these files, for today and with all cores.
    pub(super) fn options(self, files: Vec<PathBuf>) -> ReadOptions {
        let Self { kinds, formats, words } = self;
        let sources = SourceOptions { files, kinds, formats, words, ..SourceOptions::default() };
        let (send_date, threads) = (clock::today(), clock::cores());
        ReadOptions { sources, send_date, threads, ..ReadOptions::default() }
    }
}

impl MachineArgs {
    /// The options, with these.
    pub(super) fn options(self, options: ReadOptions) -> ReadOptions {
        let threads = self.threads.unwrap_or(options.threads);
        ReadOptions { threads, memory: self.memory, ..options }
    }
}

impl ReadArgs {
    /// The options of reading these files.
    pub(super) fn options(self, files: Vec<PathBuf>, judging: JudgingOptions) -> ReadOptions {
        let Self { about, registry, send_date, country, key_file, machine } = self;
        let mut options = machine.options(about.options(files));
        options.sources.registers = registry;
        let send_date = send_date.unwrap_or(options.send_date);
        ReadOptions { send_date, country, key_file, judging, ..options }
    }
}

/// Lists that tell what an address or number is.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Mail domains above suspicion, one a line: never disposable, closed or a slip, whatever other lists say
    #[arg(long, value_name = "FILE")]
    allow_domain: Vec<PathBuf>,
    /// Directory of lists that stand in the place of built-in ones; `contactable data update` writes it
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// What addresses and numbers are judged by, besides what is built in.
#[derive(Debug, Args)]
pub(super) struct JudgingArgs {
    /// Put sure slips of a mail domain right (gamil.com); the address as typed is kept, and its consent does not move
    #[arg(long)]
    fix_typos: bool,
    /// Further throw-away mail domains, one a line
    #[arg(long, value_name = "FILE")]
    disposable: Vec<PathBuf>,
    #[command(flatten)]
    lists: ListArgs,
}

/// Whether and how DNS is asked.
#[derive(Debug, Args)]
pub(super) struct DnsArgs {
    /// Ask DNS about every mail domain, each once: the one thing that leaves this machine, and only on request
    #[arg(long)]
    dns: bool,
    /// Server to ask [default: those of the system]
    #[arg(long, value_name = "IP[:PORT]", requires = "dns", value_parser = server)]
    dns_server: Option<SocketAddr>,
    /// File that keeps answers from run to run
    #[arg(long, value_name = "FILE", requires = "dns")]
    dns_cache: Option<PathBuf>,
    /// Age up to which a kept answer is used [default: 7]
    #[arg(long, value_name = "DAYS", requires = "dns")]
    dns_cache_days: Option<u16>,
    /// Longest time for all questions; domains left then count as not asked [default: 600]
    #[arg(long, value_name = "SECONDS", requires = "dns")]
    dns_seconds: Option<u32>,
}

impl ListArgs {
    /// The options of a plan.
    pub(super) fn options(self, fix_typos: bool) -> JudgingOptions {
        let Self { allow_domain, data_dir } = self;
        JudgingOptions { fix_typos, allow_domain, data_dir, ..JudgingOptions::default() }
    }
}

impl JudgingArgs {
    /// The options of a plan.
    pub(super) fn options(self) -> JudgingOptions {
        JudgingOptions { disposable: self.disposable, ..self.lists.options(self.fix_typos) }
    }
}

impl DnsArgs {
    /// The options of a plan, together with those of judging.
    pub(super) fn options(self, judging: JudgingArgs) -> JudgingOptions {
        let usual = DnsSettings::new(clock::now());
        let dns = DnsSettings {
            server: self.dns_server,
            cache: self.dns_cache,
            keep_days: self.dns_cache_days.unwrap_or(usual.keep_days),
            run: self.dns_seconds.map_or(usual.run, |seconds| Duration::from_secs(seconds.into())),
            ..usual
        };
        JudgingOptions { dns: self.dns.then_some(dns), ..judging.options() }
    }
}

/// What is printed besides the files that are written.
#[derive(Debug, Args)]
pub(super) struct PrintArgs {
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub(super) quiet: bool,
    /// Show progress on the terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) progress: ShowProgress,
}

/// When to show progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ShowProgress {
    /// On a terminal only.
    Auto,
    /// Never.
    Never,
}
