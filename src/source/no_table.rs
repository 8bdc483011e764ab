//! What is no table: programs, pictures, archives, databases, documents and mail, told by their first bytes.
//!
//! Read as a table, such a file has a header nobody wrote and rows that name nobody: a list of refusals would refuse
//! nobody, without a word. Knows how kinds of files begin; not what a table holds.

use crate::record::Failure;
use memchr::memmem;

/// Bytes of a text that are looked at.
const LOOKED_AT: usize = 64 * 1024;

/// Control characters from which on a text is none, and how many characters there may be for each of them.
const CONTROLS: usize = 16;

const PER_CONTROL: usize = 50;

/// What to do with a sheet, an archive, a database, and with what holds no table at all.
const SAVE: &str = "open it in the program it is of, and save the table as CSV (UTF-8)";
const UNPACK: &str = "unpack it, and name the file in it; gzip and zstd are read as they are";
const EXPORT: &str = "export the table of people from it as CSV (UTF-8)";
const OTHER: &str = "name the file of contacts or refusals, as CSV";

/// How kinds of files begin, what they are, and what to do.
const BEGINNINGS: &[(&[u8], &str, &str)] = &[
    (b"\xD0\xCF\x11\xE0", "an old Excel or Office file", SAVE),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"\xFD7zXZ\0", "an xz archive", UNPACK),
    (b"LZIP\x01", "an lzip archive", UNPACK),
    (b"\x04\x22\x4D\x18", "an LZ4 archive", UNPACK),
    (b"\x1F\x9D", "a file packed with compress", UNPACK),
    (b"\x1F\xA0", "a file packed with compress", UNPACK),
    (b"MSCF\0\0\0\0", "a cabinet archive", UNPACK),
    (b"!<arch>\n", "an archive of programs", OTHER),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
    (b"\0\x01\0\0Standard ", "an Access database", EXPORT),
    (b"!BDN", "an Outlook mailbox (PST)", EXPORT),
    (b"bplist00", "a property list", EXPORT),
    (b"PAR1", "a Parquet file", EXPORT),
    (b"PARE", "a Parquet file", EXPORT),
    (b"ARROW1\0\0", "an Arrow file", EXPORT),
    (b"FEA1\0", "a Feather file", EXPORT),
    (b"ORC\x08", "an ORC file", EXPORT),
    (b"Obj\x01", "an Avro file", EXPORT),
    (b"\x89HDF\r\n\x1A\n", "an HDF5 file", EXPORT),
    (b"%PDF-", "a PDF", "get the list itself from whoever made it, as CSV; a PDF holds pages, no table"),
    (b"{\\rtf", "an RTF document", SAVE),
    (b"%!PS", "a PostScript file", OTHER),
    (b"\x7FELF", "a program", OTHER),
    (b"\xFE\xED\xFA\xCE", "a program", OTHER),
    (b"\xFE\xED\xFA\xCF", "a program", OTHER),
    (b"\xCE\xFA\xED\xFE", "a program", OTHER),
    (b"\xCF\xFA\xED\xFE", "a program", OTHER),
    (b"\xCA\xFE\xBA\xBE", "a program", OTHER),
    (b"\0asm", "a program", OTHER),
    (b"\x89PNG\r\n\x1A\n", "a picture", OTHER),
    (b"\xFF\xD8\xFF", "a picture", OTHER),
    (b"GIF87a", "a picture", OTHER),
    (b"GIF89a", "a picture", OTHER),
    (b"II*\0", "a picture", OTHER),
    (b"MM\0*", "a picture", OTHER),
    (b"-----BEGIN PGP MESSAGE", "an encrypted message", "decrypt it first"),
];

/// A directory of a web page, a feed or a database dump begins with one of these words.
const MARKUP: &[&str] = &[
    "html", "head", "body", "meta", "title", "table", "thead", "tbody", "tr", "style", "script", "link",
    "div", "form", "frameset", "plist", "svg", "workbook", "rss", "feed", "kml", "gpx",
];

/// How statements of SQL and their comments begin.
const SQL: &[&str] = &[
    "-- mysql dump",
    "-- mariadb dump",
    "-- postgresql database dump",
    "-- phpmyadmin sql dump",
    "-- dump ",
    "-- adminer",
    "-- host:",
    "/*!",
    "create table ",
    "create database ",
    "insert into ",
    "insert ignore into ",
    "replace into ",
    "drop table ",
    "lock tables ",
    "start transaction",
    "begin transaction",
    "pragma ",
    "set names ",
    "set sql_mode",
    "set statement_timeout",
    "set foreign_key_checks",
    "use `",
    "delimiter ;;",
    "alter table ",
];

/// Names of the lines above a message that only mail has.
const OF_MAIL: &[&str] = &[
    "received",
    "return-path",
    "delivered-to",
    "message-id",
    "mime-version",
    "from",
    "to",
    "subject",
    "date",
    "cc",
    "reply-to",
    "content-type",
    "content-transfer-encoding",
    "dkim-signature",
    "x-mailer",
    "authentication-results",
    "x-gm-thrid",
    "x-gmail-labels",
    "sender",
    "list-unsubscribe",
    "envelope-to",
];

/// Refuses what its first bytes prove to be no table; `unpacked`: they lay in a packed file.
pub(super) fn refuse_bytes(head: &[u8], unpacked: bool, name: &str) -> Result<(), Failure> {
    let Some((what, hint)) = by_bytes(head, unpacked) else { return Ok(()) };
    Err(Failure::run(format!("this is {what}, and no table")).at(name).hint(hint))
}

/// Refuses a text that is none, or none of a table.
pub(super) fn refuse_text(text: &[u8], name: &str) -> Result<(), Failure> {
    let text = &text[..text.len().min(LOOKED_AT)];
    // A cut in the midst of a character costs that character.
    let text = String::from_utf8_lossy(text);
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let Some((what, hint)) = by_text(text) else { return Ok(()) };
    Err(Failure::run(format!("this is {what}, and no table")).at(name).hint(hint))
}

fn by_bytes(head: &[u8], unpacked: bool) -> Option<(&'static str, &'static str)> {
    // Programs that write PDF and web pages put blanks and marks before them.
    let begun = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let found = BEGINNINGS.iter().find(|(magic, ..)| head.starts_with(magic) || begun.starts_with(magic));
    if let Some((_, what, hint)) = found {
        return Some((what, hint));
    }
    let zero = |within: usize| head.iter().take(within).any(|byte| *byte == 0);
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] if of_office(head) => {
            Some(("a workbook or another Office file", SAVE))
        }
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Some((
            "a ZIP archive or an Excel workbook",
            "unpack it and name the file in it, or save the sheet as CSV (UTF-8)",
        )),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => Some(("a bzip2 archive", UNPACK)),
        [0x1F, 0x8B, 8, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] if unpacked => {
            Some(("packed twice", "unpack it once"))
        }
        [b'M', b'Z', ..] if zero(64) => Some(("a program", OTHER)),
        [b'B', b'M', ..] if zero(16) => Some(("a picture", OTHER)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W' | b'A', ..] if zero(64) => {
            Some(("a picture or a recording", OTHER))
        }
        [0, 0, _, _, b'f', b't', b'y', b'p', ..] => Some(("a picture or a film", OTHER)),
        [b'I', b'D', b'3', 2..=4, ..] => Some(("a recording", OTHER)),
        _ if head.get(257..262) == Some(b"ustar") => Some(("a tar archive", UNPACK)),
        _ => None,
    }
}

/// Whether a ZIP archive begins as those that Office programs write.
fn of_office(head: &[u8]) -> bool {
    let begun = &head[..head.len().min(4096)];
    let parts: [&[u8]; 6] =
        [b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"mimetypeapplication/", b"Index/"];
    parts.iter().any(|part| memmem::find(begun, part).is_some())
}

fn by_text(text: &str) -> Option<(&'static str, &'static str)> {
    let found = BEGINNINGS.iter().find(|(magic, ..)| text.as_bytes().starts_with(magic));
    if let Some((_, what, hint)) = found {
        return Some((what, hint));
    }
    let control = |c: &char| (c.is_ascii_control() || *c == '\u{fffd}') && !c.is_whitespace();
    // Programs that end in the midst of a write leave zero bytes at the end; old ones end a text by ^Z.
    let written = text.trim_end_matches(['\0', '\u{1a}']);
    let controls = written.chars().filter(|c| control(c) && *c != '\u{1b}' && *c != '\u{fffd}').count();
    if controls >= CONTROLS && controls * PER_CONTROL >= written.chars().count()
        || written.is_empty() && !text.is_empty()
    {
        return Some(("not text: it is full of zero bytes or control characters", SAVE));
    }
    let lines = || text.lines().map(str::trim_end);
    if is_markup(text) {
        let web = "a web page or XML, whatever its name ends in";
        return Some((web, "open it in a spreadsheet program, and save the sheet as CSV (UTF-8)"));
    }
    if lines().filter(|line| !line.is_empty() && !line.starts_with('#')).take(2).any(is_of_ldif) {
        return Some(("an LDIF file of a directory", EXPORT));
    }
    let spoken = |line: &str| {
        let begun = line.get(..40).unwrap_or(line).to_ascii_lowercase();
        SQL.iter().any(|word| begun.starts_with(word))
            || begun.starts_with("copy ") && line.ends_with("FROM stdin;")
    };
    let mut said = lines().filter(|line| !matches!(*line, "" | "--")).take(30);
    let first = said.next().unwrap_or_default();
    // A header may be called anything: a statement ends as one, or another follows.
    let ends = |line: &str| line.ends_with([';', '(']) || line.starts_with("--") || line.starts_with("/*");
    if spoken(first) && (ends(first) || said.any(|line| spoken(line) || line.ends_with(");"))) {
        return Some(("a dump of a database (SQL)", EXPORT));
    }
    if is_mail(text) {
        let hint = "export the addresses as CSV: one column of whom it is about, one of what they said";
        return Some(("a message or a mailbox", hint));
    }
    text.starts_with("BEGIN:VCALENDAR").then_some(("a calendar", OTHER))
}

/// Whether a text begins as a web page or as XML does; an address in angle brackets and a link in a cell do not.
fn is_markup(text: &str) -> bool {
    let Some(behind) = text.strip_prefix('<') else { return false };
    if behind.starts_with("?xml") || behind.get(..8).is_some_and(|b| b.eq_ignore_ascii_case("!doctype")) {
        return true;
    }
    let behind = behind.strip_prefix("!--").and_then(|b| Some(b.split_once("-->")?.1)).unwrap_or(behind);
    let tag = behind.trim_start_matches(|c: char| c == '<' || c.is_whitespace());
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    if MARKUP.iter().any(|word| tag[..end].eq_ignore_ascii_case(word)) {
        return tag[end..].starts_with(['>', ' ', '\n', '\r', '\t', '/']);
    }
    // `<contacts>` and `<contact>`: an element alone on its line, and another in it.
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let element =
        |line: &str| line.starts_with('<') && line.ends_with('>') && !line.contains(['@', ',', ';']);
    lines.next().is_some_and(element)
        && lines.next().is_some_and(|line| {
            line.starts_with('<') && line.ends_with('>') && line.contains("</")
                || element(line) && !line.contains(' ')
        })
}

/// `dn: uid=jane,ou=people` and, where it is not plain text, `dn:: dWlk…`.
fn is_of_ldif(line: &str) -> bool {
    let behind = line.strip_prefix("dn:").or_else(|| line.strip_prefix("DN:"));
    behind.is_some_and(|name| name.starts_with(':') || name.contains('='))
}

/// Whether a text begins with the lines above a message: names, colons, and what only mail says.
fn is_mail(text: &str) -> bool {
    let begins =
        text.strip_prefix("From ").filter(|rest| rest.lines().next().is_some_and(|l| l.contains(':')));
    let body = begins.and_then(|rest| Some(rest.split_once('\n')?.1)).unwrap_or(text);
    let mut known = 0;
    for line in body.lines().take(40).take_while(|line| !line.trim().is_empty()) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        let token = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if name.is_empty() || !name.bytes().all(token) {
            return false;
        }
        known += usize::from(OF_MAIL.iter().any(|word| name.eq_ignore_ascii_case(word)));
    }
    known >= 3 || begins.is_some() && known >= 1
}

#[cfg(test)]
mod tests {
    use super::{by_bytes, by_text};

    #[test]
    fn tables_that_begin_oddly_are_read() {
        for text in [
            "PARTNER,Email\nx,a@x.org\n",
            "ORCID,Email\n0000,a@x.org\n",
            "MZ,Email\nBM,a@x.org\n",
            "BM Trading,a@x.org\n",
            "Rar!,Email\n",
            "<jane@x.org>\n<joe@x.org>\n",
            "<a href=\"mailto:jane@x.org\">Jane</a>\n<a href=\"mailto:joe@x.org\">Joe</a>\n",
            "From,To,Subject,Date\na@x.org,b@x.org,Hello,2026-01-01\n",
            "From: \nTo: \n",
            "Email: jane@x.org\nPhone: 5032261007\n",
            "dn,mail\nuid=jane,jane@x.org\n",
            "insert into group,email\nyes,a@x.org\n",
            "email,note\na@x.org,\"<html>\"\n",
            "a@x.org\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            "email\na\0@x.org\nb@x.org\n",
            "",
        ] {
            assert_eq!((by_bytes(text.as_bytes(), false), by_text(text)), (None, None), "{text:?}");
        }
    }
}
