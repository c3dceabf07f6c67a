//! See `registry_fuzz::steps`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| registry_fuzz::steps(data));
