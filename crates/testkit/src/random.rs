//! Numbers that look random and are the same everywhere.

/// Marsaglia's xorshift.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Begins anywhere but at zero.
    ///
    /// # Panics
    ///
    /// At zero, from where nothing leads on.
    pub fn new(seed: u64) -> Self {
        assert!(seed != 0, "a seed is not zero");
        Self(seed)
    }

    /// Any number.
    pub fn word(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.word() % limit
    }

    /// Any positive finite double.
    pub fn double(&mut self) -> f64 {
        f64::from_bits(self.below(0x7FF) << 52 | self.word() >> 12)
    }

    /// A positive number of the size of measurements, each size as likely.
    pub fn level(&mut self) -> f64 {
        let exponent = 1023 - 12 + self.below(32);
        f64::from_bits(exponent << 52 | self.word() >> 12)
    }
}
