//! Searching for text.

use diesel::dsl::Gt;
use diesel::expression::AsExpression;
use diesel::helper_types::AsExprOf;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

diesel::postfix_operator!(InUnicode, " COLLATE \"und-x-icu\"", Nullable<Text>, backend: diesel::pg::Pg);

#[diesel::declare_sql_function]
extern "SQL" {
    /// A text in lower case.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;

    /// Where a text begins in another, from 1; 0 where it is not in it.
    fn strpos(text: Nullable<Text>, part: Text) -> Integer;
}

/// A text in lower case, of Unicode: columns compare code points.
type Lower<T> = lower<InUnicode<AsExprOf<T, Nullable<Text>>>>;

/// Whether a text, in lower case, contains another that is in lower case already.
pub fn lower_contains<T>(text: T, needle: String) -> Gt<strpos<Lower<T>, String>, i32>
where
    T: AsExpression<Nullable<Text>>,
{
    strpos(lower(InUnicode::new(text.as_expression())), needle).gt(0)
}
