//! The modules of a crate and what each uses of the others, read from its text.
//!
//! Sees `use` declarations (nested lists, `as`, globs) and the paths in code; follows what is handed on to the file
//! that defines it; leaves out comments, strings, attributes and `#[cfg(test)]`. What a `mod.rs` defines is of that
//! module itself; what it only hands on it does not use. Does not see methods: calling one names no module.

use std::collections::{BTreeMap, BTreeSet};

/// The names that lead from the root of the crate to a module or item.
type Path = Vec<String>;

/// The modules of a crate, as its `mod` declarations have them.
#[derive(Default)]
pub(crate) struct Modules(BTreeMap<Path, Module>);

#[derive(Default)]
struct Module {
    defined: BTreeSet<String>,
    uses: Vec<Use>,
    /// Paths in code, of two names or more.
    paths: Vec<Path>,
    /// The first name of every path in code, and every name that stands alone: what a `use` may have brought.
    names: BTreeSet<String>,
}

/// One name that a `use` brings, `*` for all of a module.
struct Use {
    name: String,
    path: Path,
    /// It hands the name on to others.
    public: bool,
}

/// What modules use of each other: the names of the items, by user and used.
pub(crate) type Arrows = BTreeMap<(String, String), BTreeSet<String>>;

impl Modules {
    /// Reads the files of a source folder, from `lib.rs` on.
    pub(crate) fn read(files: &BTreeMap<String, String>) -> Self {
        let mut modules = Self::default();
        modules.add(Vec::new(), &code(&files["lib.rs"]), files);
        modules
    }

    /// The modules that the root declares.
    pub(crate) fn tops(&self) -> impl Iterator<Item = String> {
        self.0.keys().filter(|path| path.len() == 1).map(|path| path.concat())
    }

    fn add(&mut self, at: Path, tokens: &[&str], files: &BTreeMap<String, String>) {
        let mut module = Module::default();
        let (mut i, mut depth, mut macro_end) = (0, 0, 0);
        while let Some(&token) = tokens.get(i) {
            let next = tokens.get(i + 1).copied().unwrap_or_default();
            match token {
                "mod" if is_name(next) => {
                    let child = joined(&at, next);
                    let inline = tokens.get(i + 2) == Some(&"{");
                    let end = if inline { closed(tokens, i + 2) } else { i + 2 };
                    if inline {
                        self.add(child, &tokens[i + 3..end], files);
                    } else {
                        let names = [child.join("/") + ".rs", child.join("/") + "/mod.rs"];
                        let text = names.iter().find_map(|name| files.get(name));
                        self.add(child, &code(text.expect("a declared module has a file")), files);
                    }
                    i = end + 1;
                    continue;
                }
                "use" if next != "<" => {
                    let (public, before) = (i > 0 && tokens[i - 1] == "pub", module.uses.len());
                    i = use_tree(tokens, i + 1, &Vec::new(), &mut module.uses) + 1;
                    module.uses[before..].iter_mut().for_each(|used| used.public = public);
                    continue;
                }
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                // A macro may define items.
                "!" if depth == 0 && i > 0 && is_name(tokens[i - 1]) => {
                    let named = tokens[i - 1] == "macro_rules";
                    module.defined.extend(named.then(|| next.to_owned()));
                    macro_end = closed(tokens, i + 1 + usize::from(named));
                }
                _ => {}
            }
            let defines = ["struct", "enum", "union", "fn", "const", "static", "trait", "type"];
            if defines.contains(&token) && next != "fn" && (depth == 0 || i < macro_end) {
                module.defined.insert(next.to_owned());
            }
            let begins = i == 0 || !["::", "."].contains(&tokens[i - 1]);
            if is_name(token) && begins {
                let mut path = vec![token.to_owned()];
                while tokens.get(i + 1) == Some(&"::") && tokens.get(i + 2).is_some_and(|t| is_name(t)) {
                    path.push(tokens[i + 2].to_owned());
                    i += 2;
                }
                if tokens.get(i + 1) != Some(&":") {
                    module.names.insert(token.to_owned());
                }
                module.paths.extend((path.len() > 1).then_some(path));
            }
            i += 1;
        }
        self.0.insert(at, module);
    }

    /// A path of the code of a module, from the root of the crate; `None`: it leads to a local name or another crate.
    fn absolute(&self, at: &[String], path: &[String], seen: &mut BTreeSet<String>) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        let mut found = match first.as_str() {
            "crate" => Vec::new(),
            "self" => at.to_vec(),
            "super" => {
                let up = path.iter().take_while(|name| *name == "super").count();
                return Some([&at[..at.len() - up], &path[up..]].concat());
            }
            _ if self.0.contains_key(&joined(at, first)) && !rest.is_empty() => joined(at, first),
            _ => {
                let brought =
                    self.0[at].uses.iter().find(|used| used.name == *first && seen.insert(first.clone()));
                match brought {
                    Some(used) => self.absolute(at, &used.path, seen)?,
                    None if self.0.contains_key(&joined(at, first)) => joined(at, first),
                    None => return None,
                }
            }
        };
        found.extend_from_slice(rest);
        Some(found)
    }

    /// The module that defines what a path from the root leads to, and the name it has there. `None`: to a module.
    fn definer(&self, path: &[String]) -> Option<(Path, String)> {
        let in_sight = || {
            // Made by a macro, or of another crate.
            let inside = (0..path.len()).rev().find(|n| self.0.contains_key(&path[..*n]))?;
            (!self.0.contains_key(path)).then(|| (path[..inside].to_vec(), path[inside].clone()))
        };
        self.find(path, &mut BTreeSet::new()).or_else(in_sight)
    }

    /// Likewise, of items whose definition can be seen.
    fn find(&self, path: &[String], seen: &mut BTreeSet<Path>) -> Option<(Path, String)> {
        // A module and an item may have one name: a path that ends there can mean the item.
        let inside = (0..path.len()).rev().find(|n| self.0.contains_key(&path[..*n]))?;
        let (module, name) = (&path[..inside], &path[inside]);
        let Module { defined, uses, .. } = &self.0[module];
        if defined.contains(name) {
            return Some((module.to_vec(), name.clone()));
        }
        uses.iter().filter(|used| used.name == *name || used.name == "*").find_map(|used| {
            let mut target = self.absolute(module, &used.path, &mut BTreeSet::new())?;
            target.extend_from_slice(&path[inside + usize::from(used.name != "*")..]);
            if seen.insert(target.clone()) { self.find(&target, seen) } else { None }
        })
    }

    /// What every module uses of others.
    pub(crate) fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (at, module) in &self.0 {
            let absolute = |path: &Path| self.absolute(at, path, &mut BTreeSet::new());
            let globs =
                module.uses.iter().filter(|used| used.name == "*").filter_map(|used| absolute(&used.path));
            let brought = globs.flat_map(|path| module.names.iter().map(move |name| joined(&path, name)));
            let brought = brought.filter_map(|path| self.find(&path, &mut BTreeSet::new()));
            // What is only handed on is of no use here.
            let used = |used: &&Use| used.name != "*" && (!used.public || module.names.contains(&used.name));
            let named = module.uses.iter().filter(used).map(|used| &used.path).chain(&module.paths);
            let named = named.filter_map(absolute).filter_map(|path| self.definer(&path));
            for (definer, name) in brought.chain(named).filter(|(definer, _)| definer != at) {
                arrows.entry((at.join("::"), definer.join("::"))).or_default().insert(name);
            }
        }
        arrows
    }
}

/// The circles among arrows: of each the arrows that make it, one a line.
pub(crate) fn circles(arrows: &Arrows) -> Vec<String> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (user, used) in arrows.keys() {
        next.entry(user).or_default().insert(used);
    }
    let all: BTreeMap<&str, BTreeSet<&str>> = next.keys().map(|at| (*at, reached(at, &next))).collect();
    let mut circles: BTreeMap<BTreeSet<&str>, String> = BTreeMap::new();
    for (at, reached) in all.iter().filter(|(at, reached)| reached.contains(*at)) {
        let back = |other: &&&str| all.get(**other).is_some_and(|others| others.contains(at));
        circles.entry(reached.iter().filter(back).copied().collect()).or_default();
    }
    for ((user, used), names) in arrows {
        for (members, shown) in &mut circles {
            if members.contains(user.as_str()) && members.contains(used.as_str()) {
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                shown.push_str(&format!("{user} -> {used}: {}\n", names.join(" ")));
            }
        }
    }
    circles.into_values().collect()
}

/// Everything that the arrows from a module lead to.
fn reached<'a>(from: &'a str, next: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        open.extend(next.get(at).into_iter().flatten().filter(|used| reached.insert(**used)));
    }
    reached
}

fn joined(path: &[String], name: &str) -> Path {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Where the bracket that opens at `open` is closed.
fn closed(tokens: &[&str], open: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return i;
        }
    }
    tokens.len()
}

/// Reads one tree of a `use` declaration; returns where it ends.
fn use_tree(tokens: &[&str], mut i: usize, prefix: &Path, out: &mut Vec<Use>) -> usize {
    let mut path = prefix.clone();
    loop {
        match tokens[i] {
            "{" => {
                while tokens[i] != "}" {
                    i = if tokens[i + 1] == "}" { i + 1 } else { use_tree(tokens, i + 1, &path, out) };
                }
                return i + 1;
            }
            "," | ";" | "}" => {
                let name = path.last().cloned().unwrap_or_default();
                out.push(Use { name, path, public: false });
                return i;
            }
            "as" => {
                out.push(Use { name: tokens[i + 1].to_owned(), path, public: false });
                return i + 2;
            }
            "*" => {
                out.push(Use { name: "*".to_owned(), path, public: false });
                return i + 1;
            }
            "::" | "$" => {}
            "self" if !path.is_empty() => {}
            name => path.push(name.to_owned()),
        }
        i += 1;
    }
}

/// The tokens of a file without attributes, paths of visibility, and what is compiled for tests only.
fn code(text: &str) -> Vec<&str> {
    let tokens = tokens(text);
    let mut kept = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while let Some(&token) = tokens.get(i) {
        let at = |n: usize| tokens.get(i + n).copied().unwrap_or_default();
        if token == "#" && (at(1) == "[" || at(1) == "!" && at(2) == "[") {
            let end = closed(&tokens, i + 1 + usize::from(at(1) == "!"));
            let test = tokens[i..end].windows(4).any(|w| w == ["cfg", "(", "test", ")"]);
            i = if test { item_end(&tokens, end + 1) } else { end + 1 };
        } else if token == "pub" && at(1) == "(" && ["crate", "self", "super", "in"].contains(&at(2)) {
            i = closed(&tokens, i + 1) + 1;
        } else {
            kept.push(token);
            i += 1;
        }
    }
    kept
}

/// Behind the item that begins at `i`, attributes and all.
fn item_end(tokens: &[&str], mut i: usize) -> usize {
    while tokens.get(i) == Some(&"#") {
        i = closed(tokens, i + 1) + 1;
    }
    let first = tokens[i..].iter().find(|t| is_name(t) && **t != "pub").copied().unwrap_or_default();
    while let Some(&token) = tokens.get(i) {
        match token {
            ";" => return i + 1,
            "{" => {
                i = closed(tokens, i) + 1;
                // `use a::{b};` and `static A: T = T { … };` end with the semicolon.
                if !["use", "static"].contains(&first) {
                    return i;
                }
            }
            "(" | "[" => i = closed(tokens, i) + 1,
            "}" => return i,
            _ => i += 1,
        }
    }
    i
}

/// Names, numbers and signs; `::` and `..` are one sign. Comments, strings, characters and lifetimes are left out.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            comment(rest)
        } else if let Some(length) = string(rest, word) {
            length
        } else if c == '\'' {
            character(rest)
        } else if word > 0 {
            found.push(&rest[..word]);
            word
        } else {
            let length = if rest.starts_with("::") || rest.starts_with("..") { 2 } else { c.len_utf8() };
            found.extend((!c.is_whitespace()).then_some(&rest[..length]));
            length
        };
        rest = &rest[length..];
    }
    found
}

/// The length of a block comment; comments nest.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => depth += 1,
            [b'*', b'/', ..] => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a string that begins here: plain, of bytes, or raw; `word` letters may stand before its quote.
fn string(text: &str, word: usize) -> Option<usize> {
    let prefix = &text[..word];
    let hashes = text[word..].bytes().take_while(|b| *b == b'#').count();
    let body = word + hashes + 1;
    if !["", "b", "c", "r", "br", "cr"].contains(&prefix) || text.as_bytes().get(body - 1) != Some(&b'"') {
        return None;
    }
    if prefix.ends_with('r') {
        let end = format!("\"{}", "#".repeat(hashes));
        return text[body..].find(&end).map(|at| body + at + end.len());
    }
    let mut escaped = false;
    let end = |b: u8| {
        let ends = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        ends
    };
    (hashes == 0).then(|| text.bytes().skip(body).position(end).map(|at| body + at + 1))?
}

/// The length of a character, or of the quote that begins a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((escaped, _))) => {
            text[escaped + 1..].find('\'').map_or(1, |at| escaped + at + 2)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => {
            let name = text[1..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len() - 1);
            1 + name
        }
    }
}

fn check(files: &[(&str, &str)], expected: &[&str]) {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    assert_eq!(circles(&Modules::read(&files).arrows()), expected);
}

#[test]
fn a_circle_through_what_a_module_hands_on_is_one_of_the_files_behind_it() {
    check(
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod x; pub use x::{X, Y as Z};"),
            ("a/x.rs", "use crate::b::B; pub struct X; pub struct Y;"),
            ("b.rs", "use crate::a::Z; pub struct B(Z);"),
        ],
        &["a::x -> b: B\nb -> a::x: Y\n"],
    );
}

#[test]
fn a_path_in_code_is_a_use() {
    check(
        &[
            ("lib.rs", "mod a { pub(crate) mod c; } mod b;"),
            ("a/c.rs", "pub fn go() { let _ = 0..crate::b::END; }"),
            ("b.rs", "use crate::a as other; pub const END: u8 = 1; fn back() { other::c::go::<u8>() }"),
        ],
        &["a::c -> b: END\nb -> a::c: go\n"],
    );
}

#[test]
fn an_item_of_a_module_that_uses_its_child_is_not_for_the_child() {
    check(
        &[
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod x; pub struct Outer; fn f() { x::go(Outer) }"),
            ("a/x.rs", "use super::Outer; pub fn go(_: Outer) {}"),
        ],
        &["a -> a::x: go\na::x -> a: Outer\n"],
    );
    check(
        &[
            ("lib.rs", "mod a;"),
            (
                "a.rs",
                "mod x; pub use self::x::go; const fn f() { go() } macro_rules! kinds { () => { pub enum Kind { One } } } kinds!();",
            ),
            ("a/x.rs", "use super::*; pub fn go() -> Kind { Kind::One }"),
        ],
        &["a -> a::x: go\na::x -> a: Kind\n"],
    );
}

#[test]
fn an_item_is_told_from_a_module_of_its_name() {
    check(
        &[
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod parse; mod y; pub fn parse() { y::go(); parse::inner(); }"),
            ("a/parse.rs", "pub fn inner() {}"),
            ("a/y.rs", "use crate::a::parse; pub fn go() { parse() }"),
        ],
        &["a -> a::y: go\na::y -> a: parse\n"],
    );
}

#[test]
fn three_in_a_nested_list_are_one_circle_and_two_circles_are_two() {
    check(
        &[
            ("lib.rs", "mod a; mod b; mod c; mod d; mod e; mod f;"),
            ("a.rs", "use crate::{b::{self, B}, f::F}; pub struct A; fn f() { b::g() }"),
            ("b.rs", "use crate::c; pub struct B; pub fn g() { c::h() }"),
            ("c.rs", "pub fn h(_: crate::a::A) {}"),
            ("d.rs", "use crate::{e::E, a::A}; pub struct D;"),
            ("e.rs", "use crate::d::D; pub struct E;"),
            ("f.rs", "pub struct F;"),
        ],
        &["a -> b: B g\nb -> c: h\nc -> a: A\n", "d -> e: E\ne -> d: D\n"],
    );
}

#[test]
fn a_clean_tree_has_no_circle() {
    check(
        &[
            ("lib.rs", "//! use crate::b::B;\npub mod a; mod b;"),
            ("a/mod.rs", "mod x; mod y; #[cfg(test)] mod tests; pub use x::X; pub use y::go; pub struct Own;"),
            (
                "a/x.rs",
                "// use crate::b::B;\n/* crate::b::B /* nested */ crate::b::B */\npub(in crate::a) struct X<'a>(&'a u8);
                #[cfg(test)] use crate::{b::B, a::go}; const T: (&str, char) = (r#\"crate::b::B\"#, '\"');
                #[cfg(test)] #[rustfmt::skip] mod tests { use crate::b::B; }
                fn f(c: char) -> bool { c == '\\'' || \"\\\"crate::b::B\" == \"\" }",
            ),
            ("a/y.rs", "use super::{Own, X}; pub fn go<'x>(x: X<'x>) -> u8 { use std::io; 1 }"),
            ("b.rs", "use crate::a::{X, go}; pub struct B(X<'static>);"),
        ],
        &[],
    );
}
