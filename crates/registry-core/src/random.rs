/// A source of random bytes. It must be cryptographically secure, since tokens and codes are made from it.
pub trait Random {
    /// Fills `bytes` with random bytes.
    fn fill(&mut self, bytes: &mut [u8]);
}

impl<F: FnMut(&mut [u8])> Random for F {
    fn fill(&mut self, bytes: &mut [u8]) {
        self(bytes);
    }
}

/// A uniformly distributed number below `n` (1 to 256), by rejection sampling: bytes beyond the last whole multiple of
/// `n` are discarded.
pub(crate) fn below(random: &mut dyn Random, n: u16) -> u8 {
    let fair = 256 - 256 % n;
    loop {
        let mut byte = [0];
        random.fill(&mut byte);
        let value = u16::from(byte[0]);
        if value < fair {
            return (value % n) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_equally_likely() {
        for n in [10, 29] {
            let mut counts = vec![0; usize::from(n)];
            let mut next = 0_u8;
            for _ in 0..256 - 256 % n {
                counts[usize::from(below(
                    &mut |bytes: &mut [u8]| {
                        bytes[0] = next;
                        next = next.wrapping_add(1);
                    },
                    n,
                ))] += 1;
            }
            assert!(counts.iter().all(|c| *c == counts[0]), "{n}: {counts:?}");
        }
    }
}
