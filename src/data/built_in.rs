//! The files that lie in the folders of layouts, rulebooks and words: what `build.rs` found there.
//!
//! Knows names and texts of files; not what they say.

use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// A built-in file as a table. One that cannot be read is our own bug: a test of its table reads it.
pub(super) fn table<T: DeserializeOwned>(name: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The tables of a built-in file that holds several of one name and nothing else.
pub(super) fn tables<T: DeserializeOwned>(name: &str, text: &str) -> Vec<T> {
    table::<BTreeMap<String, Vec<T>>>(name, text).into_values().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// A new file needs no edit in Rust, and a file that is gone none either.
    #[test]
    fn the_folders_are_the_lists() {
        let lists = [
            ("formats", ".toml", super::FORMATS),
            ("jurisdictions", ".toml", super::RULEBOOKS),
            ("vocabulary", ".txt", super::VOCABULARY),
        ];
        for (folder, ending, list) in lists {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/data").join(folder);
            let mut files: Vec<_> = folder
                .read_dir()
                .unwrap()
                .map(|file| file.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort();
            let listed: Vec<_> = list.iter().map(|(id, _)| format!("{id}{ending}")).collect();
            assert_eq!(listed, files);
            for (file, (_, text)) in files.iter().zip(list) {
                assert_eq!(*text, std::fs::read_to_string(folder.join(file)).unwrap());
            }
        }
    }
}
