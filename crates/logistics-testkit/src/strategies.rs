//! What property tests draw from.
