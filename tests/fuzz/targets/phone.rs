#![no_main]
#[path = "../../it/phone/law.rs"]
mod law;
libfuzzer_sys::fuzz_target!(|input: (u8, &str)| law::law(input.1, input.0.into()));
