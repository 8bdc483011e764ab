//! What addresses and numbers are judged by: the tables built in, lists that replace or add to them, whether slips
//! are put right, and whether DNS is asked.

use crate::data::domains::{self, WordList};
use crate::data::phone::Plans;
use crate::data::update;
use crate::dns::{self, DnsSettings};
use crate::email;
use crate::output::hex;
use crate::phone;
use crate::plan::sources::file_name;
use crate::record::{Failure, words};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// What the user typed about judging.
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
    /// How DNS is asked; none: it is not.
    pub dns: Option<DnsSettings>,
}

words! {
    /// What a list does to the tables built in.
    pub enum ListRole {
        /// Adds throw-away domains.
        Disposable = "disposable",
        /// Puts domains above suspicion.
        Allowed = "allowed",
        /// Stands in the place of the built-in list of its name.
        Replaced = "replaced",
    }
}

/// A list that was supplied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuppliedList {
    /// What it does.
    pub role: ListRole,
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
    /// Lists that were supplied, those that replace built-in ones first.
    pub supplied: Vec<SuppliedList>,
    /// How DNS is asked; none: it is not.
    pub dns: Option<DnsSettings>,
}

/// The name of the numbering plans among the lists.
pub const PHONE: &str = "phone";

impl Judging {
    /// Reads every list that was named; fails where a file cannot be read, or is no list.
    pub fn new(options: &JudgingOptions) -> Result<Self, Failure> {
        let mut supplied = match &options.data_dir {
            Some(dir) => replaced(dir)?,
            None => Vec::new(),
        };
        for (role, flag, files) in [
            (ListRole::Allowed, "--allow-domain", &options.allow_domain),
            (ListRole::Disposable, "--disposable", &options.disposable),
        ] {
            for path in files {
                let bytes = std::fs::read(path).map_err(|e| Failure::io("read the list", flag, &e))?;
                supplied.push(SuppliedList::new(role, file_name(path), bytes));
            }
        }
        if options.dns.is_some() {
            dns::built_in()?;
        }
        Ok(Self { fix_typos: options.fix_typos, supplied, dns: options.dns.clone() })
    }

    /// The list that stands in the place of the built-in one of that name.
    pub fn replaced(&self, name: &str) -> Option<&SuppliedList> {
        self.supplied.iter().find(|l| l.role == ListRole::Replaced && l.name == name)
    }

    /// Every list of words in force, built in or replaced; fails where one is not UTF-8.
    pub fn lists(&self) -> Result<Vec<WordList<'_>>, Failure> {
        let in_force = |list: &WordList<'static>| match self.replaced(list.name) {
            Some(supplied) => Ok(WordList::new(list.name, supplied.text()?)),
            None => Ok(*list),
        };
        domains::LISTS.iter().map(in_force).collect()
    }

    /// The tables of e-mail addresses; fails where a list is not UTF-8, or has an entry that is no domain.
    pub fn email(&self) -> Result<email::EmailTables, Failure> {
        let of_name = |name: &str| self.replaced(name)?.text().ok();
        let mut tables = email::EmailTables::with(of_name);
        for list in &self.supplied {
            match list.role {
                ListRole::Allowed => tables.allow(&list.name, list.text()?)?,
                ListRole::Disposable => tables.add_disposable(&list.name, list.text()?)?,
                ListRole::Replaced if list.name == PHONE => 0,
                ListRole::Replaced => list.text()?.len(),
            };
        }
        Ok(tables)
    }

    /// The tables of telephone numbers; fails where numbering plans are damaged.
    pub fn phone(&self) -> Result<phone::PhoneTables, Failure> {
        match self.replaced(PHONE) {
            Some(list) => Ok(phone::PhoneTables::new(Plans::read(&list.bytes)?)),
            None => Ok(phone::PhoneTables::built_in()),
        }
    }
}

impl SuppliedList {
    fn new(role: ListRole, name: String, bytes: Vec<u8>) -> Self {
        Self { role, name, sha256: hex(&Sha256::digest(&bytes)), bytes }
    }

    fn text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.bytes)
            .map_err(|_| Failure::usage("this list is not UTF-8").at(self.name.clone()))
    }
}

/// The lists of a data directory in the order of the built-in ones, checked again: they may be written by hand.
fn replaced(dir: &Path) -> Result<Vec<SuppliedList>, Failure> {
    if !dir.is_dir() {
        return Err(Failure::usage("this is no directory").at("--data-dir"));
    }
    let mut found = Vec::new();
    let lists = domains::LISTS.iter().filter(|list| update::list(list.name).is_some());
    let files = lists.map(|list| (list.name, "txt")).chain([(PHONE, "bin")]);
    for (name, ending) in files {
        match std::fs::read(dir.join(format!("{name}.{ending}"))) {
            Ok(bytes) => found.push(SuppliedList::new(ListRole::Replaced, name.to_owned(), bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::io("read the list", format!("--data-dir: {name}"), &error)),
        }
    }
    for supplied in found.iter().filter(|b| b.name != PHONE) {
        let Some(list) = update::list(&supplied.name) else { continue };
        if update::canonical(list, supplied.text()?, &update::About::default())? != supplied.text()? {
            return Err(Failure::usage("this list is not in canonical form")
                .at(format!("--data-dir: {}", supplied.name))
                .hint(format!("put it there with: contactable data update {} FILE", supplied.name)));
        }
    }
    Ok(found)
}
