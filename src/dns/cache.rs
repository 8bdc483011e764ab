//! The cache file: one line a domain, with its answer and when it was given. Only facts are kept; a server that
//! did not answer is asked again.

use crate::dns::answer::{DnsAnswer, Known};
use crate::record::Failure;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

const HEADER: &str = "domain,answer,asked";

/// Reads a cache; one that does not exist yet is empty.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, Known>, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(Failure::io("read the DNS cache", "--dns-cache", &error)),
    };
    let mut lines = (1..).zip(text.lines());
    let wrong = |line: usize| {
        Failure::usage("this is no DNS cache")
            .at(format!("--dns-cache:{line}"))
            .hint("name a file of its own")
    };
    match lines.next() {
        None => return Ok(BTreeMap::new()),
        Some((_, HEADER)) => {}
        Some((line, _)) => return Err(wrong(line)),
    }
    lines.map(|(number, line)| entry(line).ok_or_else(|| wrong(number))).collect()
}

fn entry(line: &str) -> Option<(String, Known)> {
    let (domain, rest) = line.split_once(',')?;
    let (word, asked) = rest.split_once(',')?;
    let answer = DnsAnswer::from_word(word).filter(|a| a.is_fact())?;
    let at = asked.parse::<jiff::Timestamp>().ok()?.as_second();
    Some((domain.to_owned(), Known { answer, at }))
}

/// Writes a cache, whole or not at all, readable by its owner only.
pub(super) fn write(path: &Path, known: &BTreeMap<String, Known>) -> Result<(), Failure> {
    let wrong = |error: &std::io::Error| Failure::io("write the DNS cache", "--dns-cache", error);
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(dir).map_err(|e| wrong(&e))?;
    let mut text = format!("{HEADER}\n");
    for (domain, Known { answer, at }) in known {
        let Ok(asked) = jiff::Timestamp::from_second(*at) else { continue };
        text.push_str(&format!("{domain},{},{asked}\n", answer.word()));
    }
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|e| wrong(&e))?;
    file.persist(path).map_err(|e| wrong(&e.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_is_not_taken_for_a_cache() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.csv");
        for (text, place) in [
            ("email\njane@acme.com\n", "--dns-cache:1"),
            ("domain,answer,asked\nacme.com,mail,yesterday\n", "--dns-cache:2"),
            ("domain,answer,asked\nacme.com,no-answer,2026-11-22T00:00:00Z\n", "--dns-cache:2"),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(read(&path).unwrap_err().place.as_deref(), Some(place));
        }
    }
}
