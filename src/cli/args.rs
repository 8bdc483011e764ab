//! Arguments as typed. From this one declaration come the parser, `--help`, the man page and the completions.

use crate::cli::about::About;
use crate::cli::clock;
use crate::cli::data::Data;
use crate::cli::explain::Explain;
use crate::cli::generate::Generate;
use crate::cli::init::Init;
use crate::cli::lists::Lists;
use crate::plan::{CheckOptions, JudgingOptions, Options, SuppressOptions};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Says of every person on a contact list, for every channel, whether they may be contacted on the day you plan
/// to send, why or why not, and what proves it. Offline: nothing leaves this machine, but questions to DNS on request.
#[derive(Debug, Parser)]
#[command(name = "contactable", version, about, long_about = None, max_term_width = 100, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Clean lists and audit consent: writes cleaned lists, a suppression file and a report
    Clean(Box<Clean>),
    /// Check a list for one channel just before it is used: allowed rows leave on stdout, byte for byte
    Check(Box<Check>),
    /// Make one suppression file of many: unsubscribes, bounces, complaints, earlier suppression files
    Suppress(Box<Suppress>),
    /// Audit consent only: report, findings and the proof of every decision; no lists, nothing to load elsewhere
    Audit(Box<Audit>),
    /// Tell the story of one person in a run: what is known, what was decided and why, what would change it
    Explain(Explain),
    /// Tell what changed between two runs, and what of it is due to data, rules, lists or the date
    Compare(Compare),
    /// Tell what each file is: format, kind, encoding, columns, quality, and what would be asked
    Inspect(Inspect),
    /// Print a commented contactable.toml for these files: what they are, what is unclear, every setting, gates
    Init(Init),
    /// Judge single e-mail addresses or telephone numbers, one verdict a line
    Validate(Validate),
    /// Show or replace the lists that judge addresses and numbers
    Data(Data),
    /// Show the law the decisions rest on, with citations and doubts
    Rules(Table),
    /// Show the vendor layouts that are recognised
    Formats(Table),
    /// Show every reason a row, a point or a contact can be given
    Reasons(Table),
    /// Print man pages, completions of a shell, or the JSON Schema of report.json
    Generate {
        #[command(subcommand)]
        job: Generate,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Clean {
    /// Directory to write; it appears whole or not at all
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Also write decisions.csv: evidence and events of every decision
    #[arg(long)]
    pub(crate) proof: bool,
    /// Who goes into the lists: `reachable` leaves permission out of it [default: contactable]
    #[arg(long, value_name = "contactable|reachable")]
    pub(crate) lists: Option<String>,
    /// Let the lists carry the sources' other columns too
    #[arg(long)]
    pub(crate) lists_full: bool,
    /// Also cut every list by a column: country, jurisdiction, basis, or one of your own (email.gb.csv)
    #[arg(long, value_name = "COLUMN")]
    pub(crate) split_by: Option<String>,
    #[command(flatten)]
    pub(crate) run: Run,
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// Directory to write; without it the result is only told
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) run: Run,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// Run directory of the earlier run
    #[arg(value_name = "OLD_DIR")]
    pub(crate) old: PathBuf,
    /// Run directory of the later run
    #[arg(value_name = "NEW_DIR")]
    pub(crate) new: PathBuf,
    /// File for what changed, one line per contact and channel; it appears whole or not at all
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Put the new file in the place of an earlier one
    #[arg(long, requires = "out")]
    pub(crate) replace: bool,
    /// RAM for temporary data; beyond it goes to disk [default: 256M]
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What a run reads, and for whom and when it decides.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Exports to read: contact lists, unsubscribes, bounces, suppression files; `-` for the standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,
    /// Put the new run in the place of an earlier one
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    pub(crate) about: About,
    /// Day the messages go out [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) send_date: Option<String>,
    /// Country of contacts whose rows tell none
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<String>,
    /// Your own country: its law is added to the recipient's
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) sender_country: Option<String>,
    /// What the messages are for; a consent for one purpose is none for another [default: marketing]
    #[arg(long, value_name = "WORD")]
    pub(crate) purpose: Option<String>,
    /// Who answers for the data and sends, for the report
    #[arg(long, value_name = "NAME")]
    pub(crate) controller: Option<String>,
    /// Who makes this run and states its overrides, for the report
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// Channels to decide [default: email,sms,call,post]
    #[arg(long, value_name = "LIST")]
    pub(crate) channels: Option<String>,
    /// Whom the messages are for, where a row does not say [default: b2c]
    #[arg(long, value_name = "b2b|b2c")]
    pub(crate) audience: Option<String>,
    /// Suppression file, besides those among the sources
    #[arg(long, value_name = "FILE")]
    pub(crate) suppress: Vec<PathBuf>,
    /// Consent-event file (CSV), besides those among the sources
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Vec<PathBuf>,
    /// Register that was asked, with the day it was taken
    #[arg(long, value_name = "ID=FILE@DATE")]
    pub(crate) registry: Vec<String>,
    /// State a ground yourself for all rows of a source; it lifts no refusal and is printed in the report
    #[arg(long, value_name = "SOURCE:CHANNEL:BASIS@DATE=TEXT")]
    pub(crate) assert_basis: Vec<String>,
    /// Secret (16 bytes or more) for contact ids and for hashes that leave this machine
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Put an apostrophe before cells that a spreadsheet would run as a formula
    #[arg(long)]
    pub(crate) spreadsheet_safe: bool,
    /// Run directory of an earlier run: what it refuses stays refused, contacts keep their ids, and what changed is told
    #[arg(long, value_name = "DIR")]
    pub(crate) previous: Option<PathBuf>,
    /// End with exit code 3 when a reason is found more often than this; `contactable-drop=5%` when so many fewer of a
    /// channel are contactable than in the earlier run
    #[arg(long, value_name = "REASON=N|N%")]
    pub(crate) fail_on: Vec<String>,
    /// Settings of your team
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judging: Judging,
    #[command(flatten)]
    pub(crate) dns: Dns,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// List to check; `-` for the standard input
    #[arg(value_name = "LIST")]
    pub(crate) list: PathBuf,
    /// Channel the list is for
    #[arg(long, value_name = "email|sms|call|messaging|auto-call")]
    pub(crate) channel: String,
    /// What forbids: suppression files of any layout, indexes, run directories of clean; a date says of which day a
    /// file is
    #[arg(long, value_name = "FILE[@DATE]", num_args = 1..)]
    pub(crate) against: Vec<PathBuf>,
    /// Register that was asked, with the day it was taken
    #[arg(long, value_name = "ID=FILE@DATE")]
    pub(crate) registry: Vec<String>,
    /// File for blocked rows: line, reason, list, line of the entry, what matched, then the row's own cells
    #[arg(long, value_name = "FILE")]
    pub(crate) blocked: Option<PathBuf>,
    /// File for allowed rows instead of stdout; it appears whole or not at all
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// End with exit code 3 when anything was blocked
    #[arg(long)]
    pub(crate) strict: bool,
    /// Refuse to check against a list that is older than this, or of which nothing tells the day
    #[arg(long, value_name = "DAYS")]
    pub(crate) max_age: Option<u32>,
    /// Whether those pass whom nothing clears: no usable address or number, never seen by the run, ground over; a row
    /// that cannot be read never passes [default: block]
    #[arg(long, value_name = "block|allow")]
    pub(crate) unknown: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
    /// Day the messages go out [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) send_date: Option<String>,
    /// Country of numbers whose rows tell none
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<String>,
    /// Secret of the keyed hashes in what forbids
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Look for the address too that a sure slip of a mail domain (gamil.com) stands for
    #[arg(long)]
    pub(crate) fix_typos: bool,
    #[command(flatten)]
    pub(crate) lists: Lists,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, Args)]
pub(crate) struct Suppress {
    /// Exports of people who refused, suppression files, lists that say who refused; `-` for the standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,
    /// File to write; it appears whole or not at all. A name that ends in .idx makes an index, which check opens at once
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Keep what the file holds already
    #[arg(long, conflicts_with = "replace")]
    pub(crate) merge: bool,
    /// Drop what the file holds already
    #[arg(long)]
    pub(crate) replace: bool,
    /// Write digests for a partner: of the lower-cased address, of the number in E.164
    #[arg(long, value_name = "sha256|md5|hmac-sha256")]
    pub(crate) hash: Option<String>,
    /// Secret (16 bytes or more) of keyed hashes; people who were erased are kept as such
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Write domains only
    #[arg(long)]
    pub(crate) domains: bool,
    /// Write this reason only, such as complaint or hard-bounce
    #[arg(long, value_name = "REASON")]
    pub(crate) only: Vec<String>,
    /// Write the file that a tool imports
    #[arg(long = "for", value_name = "mailchimp|klaviyo|hubspot|sendgrid|ses|brevo|listmonk|meta|google")]
    pub(crate) tool: Option<String>,
    /// Register that was asked, with the day it was taken; only in an index
    #[arg(long, value_name = "ID=FILE@DATE")]
    pub(crate) registry: Vec<String>,
    #[command(flatten)]
    pub(crate) about: About,
    /// Day on which new entries are first seen [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) send_date: Option<String>,
    /// Country of numbers whose rows tell none
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<String>,
    #[command(flatten)]
    pub(crate) lists: Lists,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// What addresses and numbers are judged by, besides what is built in.
#[derive(Debug, Args)]
pub(crate) struct Judging {
    /// Put sure slips of a mail domain right (gamil.com); the address as typed is kept, and its consent does not move
    #[arg(long)]
    pub(crate) fix_typos: bool,
    /// Further throw-away mail domains, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) disposable: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) lists: Lists,
}

/// Whether and how DNS is asked.
#[derive(Debug, Args)]
pub(crate) struct Dns {
    /// Ask DNS about every mail domain, each once: the one thing that leaves this machine, and only on request
    #[arg(long)]
    pub(crate) dns: bool,
    /// Server to ask [default: those of the system]
    #[arg(long, value_name = "IP[:PORT]", requires = "dns")]
    pub(crate) dns_server: Option<String>,
    /// File that keeps answers from run to run
    #[arg(long, value_name = "FILE", requires = "dns")]
    pub(crate) dns_cache: Option<PathBuf>,
    /// Age up to which a kept answer is used [default: 7]
    #[arg(long, value_name = "DAYS", requires = "dns")]
    pub(crate) dns_cache_days: Option<u16>,
    /// Longest time for all questions; domains left then count as not asked [default: 600]
    #[arg(long, value_name = "SECONDS", requires = "dns")]
    pub(crate) dns_seconds: Option<u32>,
}

impl Judging {
    /// The options of a plan, with those of DNS where the command has them.
    pub(crate) fn options(&self, dns: Option<&Dns>) -> JudgingOptions {
        let own = JudgingOptions {
            fix_typos: self.fix_typos,
            disposable: self.disposable.clone(),
            ..self.lists.options()
        };
        match dns {
            None => own,
            Some(dns) => JudgingOptions {
                dns: dns.dns,
                dns_server: dns.dns_server.clone(),
                dns_cache: dns.dns_cache.clone(),
                dns_cache_days: dns.dns_cache_days,
                dns_seconds: dns.dns_seconds,
                now: clock::now(),
                ..own
            },
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Machine {
    /// Threads to use [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// RAM for temporary data; beyond it goes to disk [default: 256M]
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Show progress on the terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) progress: When,
}

/// When to show progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal only.
    Auto,
    /// Never.
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Files to look at
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) about: About,
    /// Country of numbers whose rows tell none
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<String>,
    #[command(flatten)]
    pub(crate) judging: Judging,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// What to judge
    #[arg(value_name = "email|phone")]
    pub(crate) what: What,
    /// Values; none, or `-`, reads the standard input, one a line, VALUE or VALUE<TAB>COUNTRY
    #[arg(value_name = "VALUE")]
    pub(crate) values: Vec<String>,
    /// Country of numbers that tell none
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Option<String>,
    #[command(flatten)]
    pub(crate) judging: Judging,
    #[command(flatten)]
    pub(crate) dns: Dns,
    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Print CSV with a header
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
    /// End with exit code 3 when a value is not ok
    #[arg(long)]
    pub(crate) strict: bool,
}

/// What `validate` judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
}

#[derive(Debug, Args)]
pub(crate) struct Table {
    /// Show this entry only, in full
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
}

impl Clean {
    /// The options of a plan.
    pub(crate) fn options(&self) -> Options {
        Options {
            out: Some(self.out.clone()),
            proof: self.proof,
            lists: self.lists.clone(),
            lists_full: self.lists_full,
            split_by: self.split_by.clone(),
            ..self.run.options()
        }
    }
}

impl Audit {
    /// The options of a plan.
    pub(crate) fn options(&self) -> Options {
        Options { out: self.out.clone(), audit: true, ..self.run.options() }
    }
}

impl Run {
    fn options(&self) -> Options {
        Options {
            sources: self.sources.clone(),
            suppress: self.suppress.clone(),
            events: self.events.clone(),
            registries: self.registry.clone(),
            replace: self.replace,
            profile: self.profile.clone(),
            send_date: self.send_date.clone(),
            country: self.country.clone(),
            sender_country: self.sender_country.clone(),
            purpose: self.purpose.clone(),
            controller: self.controller.clone(),
            operator: self.operator.clone(),
            channels: self.channels.clone(),
            audience: self.audience.clone(),
            as_kind: self.about.as_kind.clone(),
            format: self.about.format.clone(),
            assert_basis: self.assert_basis.clone(),
            key_file: self.key_file.clone(),
            previous: self.previous.clone(),
            spreadsheet_safe: self.spreadsheet_safe,
            fail_on: self.fail_on.clone(),
            threads: self.machine.threads,
            memory: self.machine.memory.clone(),
            judging: self.judging.options(Some(&self.dns)),
            ..Options::default()
        }
    }
}

impl Check {
    /// The options of a check.
    pub(crate) fn options(&self) -> CheckOptions {
        CheckOptions {
            common: Options {
                sources: vec![self.list.clone()],
                registries: self.registry.clone(),
                send_date: self.send_date.clone(),
                country: self.country.clone(),
                as_kind: self.about.as_kind.clone(),
                format: self.about.format.clone(),
                key_file: self.key_file.clone(),
                threads: self.machine.threads,
                memory: self.machine.memory.clone(),
                judging: JudgingOptions { fix_typos: self.fix_typos, ..self.lists.options() },
                ..Options::default()
            },
            against: self.against.clone(),
            channel: self.channel.clone(),
            blocked: self.blocked.clone(),
            out: self.out.clone(),
            max_age: self.max_age,
            unknown: self.unknown.clone(),
        }
    }
}

impl Suppress {
    /// The options of a suppression file.
    pub(crate) fn options(&self) -> SuppressOptions {
        SuppressOptions {
            common: Options {
                sources: self.sources.clone(),
                registries: self.registry.clone(),
                out: Some(self.out.clone()),
                replace: self.replace,
                send_date: self.send_date.clone(),
                country: self.country.clone(),
                as_kind: self.about.as_kind.clone(),
                format: self.about.format.clone(),
                key_file: self.key_file.clone(),
                threads: self.machine.threads,
                memory: self.machine.memory.clone(),
                judging: self.lists.options(),
                ..Options::default()
            },
            hash: self.hash.clone(),
            domains: self.domains,
            only: self.only.clone(),
            tool: self.tool.clone(),
            merge: self.merge,
        }
    }
}

impl Inspect {
    /// The options of a plan that writes nothing.
    pub(crate) fn options(&self) -> Options {
        Options {
            sources: self.sources.clone(),
            out: Some(PathBuf::from("inspect")),
            country: self.country.clone(),
            as_kind: self.about.as_kind.clone(),
            format: self.about.format.clone(),
            threads: self.machine.threads,
            memory: self.machine.memory.clone(),
            judging: self.judging.options(None),
            ..Options::default()
        }
    }
}
