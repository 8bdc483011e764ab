//! Lists the built-in layouts, rulebooks and words: the folders are the lists.
//!
//! Writes `built_in.rs` for `src/data/built_in.rs`, one table a folder: id (the name of the file) and text.
#![allow(clippy::disallowed_methods, reason = "Cargo hands paths to a build script by the environment only")]

use std::fmt::Write as _;
use std::{env, fs, path::Path};

const FOLDERS: [(&str, &str); 3] = [
    ("FORMATS", "src/data/formats"),
    ("RULEBOOKS", "src/data/jurisdictions"),
    ("VOCABULARY", "src/data/vocabulary"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let mut list = String::new();
    for (name, folder) in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        let files = fs::read_dir(Path::new(&root).join(folder))?;
        let mut files = files.map(|file| Ok(file?.file_name())).collect::<std::io::Result<Vec<_>>>()?;
        files.sort();
        writeln!(list, "pub(super) const {name}: &[(&str, &str)] = &[")?;
        for file in files.iter().filter_map(|file| file.to_str()) {
            let Some((id, "toml" | "txt")) = file.rsplit_once('.') else { continue };
            let path = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{folder}/{file}\")");
            writeln!(list, "    ({id:?}, include_str!({path})),")?;
        }
        list.push_str("];\n");
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("built_in.rs"), list)?;
    Ok(())
}
