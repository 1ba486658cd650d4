//! The index of places, postal codes, terminals, regions and countries.
