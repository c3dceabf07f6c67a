//! FNV-1a: names for files and folders that change when their content does. Nothing secret depends on it.

/// The 64-bit FNV-1a hash of the bytes, as 16 hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn agrees_with_the_published_vectors() {
        assert_eq!(super::hex(b""), "cbf29ce484222325");
        assert_eq!(super::hex(b"foobar"), "85944171f73967e8");
    }
}
