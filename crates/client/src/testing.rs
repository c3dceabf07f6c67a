//! Mocks, a faulty network and virtual time, for tests.
