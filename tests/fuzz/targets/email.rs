#![no_main]
#[path = "../../it/email/law.rs"]
mod law;
libfuzzer_sys::fuzz_target!(|cell: &str| law::law(cell));
