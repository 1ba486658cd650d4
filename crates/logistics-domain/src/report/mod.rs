//! What the legs of a period come to: the sums that reports and overviews are made of.
//!
//! A store sums up, whatever the number of legs: [`Figures`] grow with the number of months, vehicles and clients. A
//! [`Statement`] turns them into what a report says.

mod figures;
mod statement;

pub use figures::{Cell, Figures, FuelUse, HubUse, Items, Lane, Ledger, Ledgers, Remainder, Selection, Sums};
pub use statement::{Quality, Scope, Scopes, SourceUse, Statement, TocUse};
