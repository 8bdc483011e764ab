//! What addresses and numbers are judged by: the tables built in, lists that replace or add to them, whether slips
//! are put right, and whether DNS is asked.

use super::file_name;
use crate::data::domains::{self, List};
use crate::data::phone::Plans;
use crate::data::update;
use crate::dns;
use crate::email;
use crate::output::hex;
use crate::phone;
use crate::record::Failure;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the user typed about judging, still words.
#[derive(Debug, Clone, Default)]
pub struct JudgingOptions {
    /// Whether sure slips of a domain are put right.
    pub fix_typos: bool,
    /// Lists of further throw-away domains.
    pub disposable: Vec<PathBuf>,
    /// Lists of domains above suspicion.
    pub allow_domain: Vec<PathBuf>,
    /// Directory of lists that replace built-in ones.
    pub data_dir: Option<PathBuf>,
    /// Whether DNS is asked.
    pub dns: bool,
    /// `IP` or `IP:PORT` of the server to ask.
    pub dns_server: Option<String>,
    /// File that keeps answers between runs.
    pub dns_cache: Option<PathBuf>,
    /// Age in days up to which a kept answer is used.
    pub dns_cache_days: Option<u16>,
    /// The longest time for all questions, in seconds.
    pub dns_seconds: Option<u32>,
    /// The moment of the run, in seconds since 1970 UTC; needed to ask DNS.
    pub now: i64,
}

/// What a list does to the tables built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Adds throw-away domains.
    Disposable,
    /// Puts domains above suspicion.
    Allowed,
    /// Stands in the place of the built-in list of its name.
    Replaced,
}

impl Role {
    /// The word of outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Disposable => "disposable",
            Self::Allowed => "allowed",
            Self::Replaced => "replaced",
        }
    }
}

/// A list that was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// What it does.
    pub role: Role,
    /// File name without directories; of a list that replaces another, that one's name.
    pub name: String,
    /// SHA-256 of the file, in lower-case hex.
    pub sha256: String,
    bytes: Vec<u8>,
}

/// What addresses and numbers are judged by.
#[derive(Debug, Clone, Default)]
pub struct Judging {
    /// Whether sure slips of a domain are put right.
    pub fix_typos: bool,
    /// Lists that were brought, those that replace built-in ones first.
    pub brought: Vec<Brought>,
    /// How DNS is asked; `None`: it is not.
    pub dns: Option<dns::Settings>,
}

/// The name of the numbering plans among the lists.
pub const PHONE: &str = "phone";

impl Judging {
    /// Reads every list that was named.
    ///
    /// # Errors
    /// A file that cannot be read, an address of a server that is none.
    pub fn new(options: &JudgingOptions) -> Result<Self, Failure> {
        let mut brought = match &options.data_dir {
            Some(dir) => replaced(dir)?,
            None => Vec::new(),
        };
        for (role, flag, files) in [
            (Role::Allowed, "--allow-domain", &options.allow_domain),
            (Role::Disposable, "--disposable", &options.disposable),
        ] {
            for path in files {
                let bytes = std::fs::read(path).map_err(|e| Failure::io("read the list", flag, &e))?;
                brought.push(Brought::new(role, file_name(path), bytes));
            }
        }
        let dns = if options.dns { Some(dns_settings(options)?) } else { None };
        Ok(Self { fix_typos: options.fix_typos, brought, dns })
    }

    /// The list that stands in the place of the built-in one of that name.
    pub fn replaced(&self, name: &str) -> Option<&Brought> {
        self.brought.iter().find(|l| l.role == Role::Replaced && l.name == name)
    }

    /// Every list of words in force, built in or replaced.
    ///
    /// # Errors
    /// A list that is not UTF-8.
    pub fn lists(&self) -> Result<Vec<List<'_>>, Failure> {
        let in_force = |list: &List<'static>| match self.replaced(list.name) {
            Some(brought) => Ok(List::new(list.name, brought.text()?)),
            None => Ok(*list),
        };
        domains::LISTS.iter().map(in_force).collect()
    }

    /// The tables of e-mail addresses.
    ///
    /// # Errors
    /// A list that is not UTF-8, or has an entry that is no domain.
    pub fn email(&self) -> Result<email::Tables, Failure> {
        for list in self.brought.iter().filter(|l| l.name != PHONE) {
            list.text()?;
        }
        let of_name = |name: &str| self.replaced(name)?.text().ok();
        let mut tables = email::Tables::with(of_name);
        for list in &self.brought {
            match role_text(list)? {
                (Role::Allowed, text) => tables.allow(&list.name, text)?,
                (Role::Disposable, text) => tables.add_disposable(&list.name, text)?,
                (Role::Replaced, _) => 0,
            };
        }
        Ok(tables)
    }

    /// The tables of telephone numbers.
    ///
    /// # Errors
    /// Numbering plans that are damaged.
    pub fn phone(&self) -> Result<phone::Tables, Failure> {
        match self.replaced(PHONE) {
            Some(list) => Ok(phone::Tables::new(Plans::read(&list.bytes)?)),
            None => Ok(phone::Tables::built_in()),
        }
    }
}

impl Brought {
    fn new(role: Role, name: String, bytes: Vec<u8>) -> Self {
        Self { role, name, sha256: hex(&Sha256::digest(&bytes)), bytes }
    }

    fn text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.bytes)
            .map_err(|_| Failure::usage("this list is not UTF-8").at(self.name.clone()))
    }
}

fn role_text(list: &Brought) -> Result<(Role, &str), Failure> {
    Ok((list.role, if list.name == PHONE { "" } else { list.text()? }))
}

/// The lists of a data directory, in the order of the built-in ones. Each was checked when it was put there, and is
/// checked again: it may have been written by hand.
fn replaced(dir: &Path) -> Result<Vec<Brought>, Failure> {
    if !dir.is_dir() {
        return Err(Failure::usage("this is no directory").at("--data-dir"));
    }
    let mut found = Vec::new();
    let mut read = |name: &str, file: String| match std::fs::read(dir.join(file)) {
        Ok(bytes) => {
            found.push(Brought::new(Role::Replaced, name.to_owned(), bytes));
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::io("read the list", format!("--data-dir: {name}"), &error)),
    };
    for list in domains::LISTS.iter().filter(|l| update::list(l.name).is_some()) {
        read(list.name, format!("{}.txt", list.name))?;
    }
    read(PHONE, format!("{PHONE}.bin"))?;
    for brought in found.iter().filter(|b| b.name != PHONE) {
        let Some(list) = update::list(&brought.name) else { continue };
        if update::canonical(list, brought.text()?, &update::About::default())? != brought.text()? {
            return Err(Failure::usage("this list is not in canonical form")
                .at(format!("--data-dir: {}", brought.name))
                .hint(format!("put it there with: contactable data update {} FILE", brought.name)));
        }
    }
    Ok(found)
}

fn dns_settings(options: &JudgingOptions) -> Result<dns::Settings, Failure> {
    dns::built_in()?;
    let server = match options.dns_server.as_deref() {
        None => None,
        Some(text) => Some(server(text).ok_or_else(|| {
            Failure::usage("this is no address of a server")
                .at("--dns-server")
                .hint("write it as 192.0.2.53 or 192.0.2.53:5353")
        })?),
    };
    let mut settings = dns::Settings::new(options.now);
    settings.server = server;
    settings.cache.clone_from(&options.dns_cache);
    settings.keep_days = options.dns_cache_days.unwrap_or(settings.keep_days);
    if let Some(seconds) = options.dns_seconds {
        settings.run = Duration::from_secs(seconds.into());
    }
    Ok(settings)
}

fn server(text: &str) -> Option<SocketAddr> {
    text.parse().ok().or_else(|| Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, 53)))
}

/// What was typed, for the report: file names without directories.
pub(super) fn typed(options: &JudgingOptions, typed: &mut Vec<String>) {
    if options.fix_typos {
        typed.push("--fix-typos".into());
    }
    for (flag, files) in [("--disposable", &options.disposable), ("--allow-domain", &options.allow_domain)] {
        typed.extend(files.iter().map(|file| format!("{flag} {}", file_name(file))));
    }
    if let Some(dir) = &options.data_dir {
        typed.push(format!("--data-dir {}", file_name(dir)));
    }
    if options.dns {
        typed.push("--dns".into());
    }
    if let Some(server) = &options.dns_server {
        typed.push(format!("--dns-server {server}"));
    }
    if let Some(cache) = &options.dns_cache {
        typed.push(format!("--dns-cache {}", file_name(cache)));
    }
    if let Some(days) = options.dns_cache_days {
        typed.push(format!("--dns-cache-days {days}"));
    }
    if let Some(seconds) = options.dns_seconds {
        typed.push(format!("--dns-seconds {seconds}"));
    }
}
