//! An *explanation* lists the clauses of a query as it was understood, outer ones first.

use crate::query::ast::Query;

/// The clauses of a query with their depth in the tree, 0 for the whole.
pub fn clauses(query: &Query) -> Vec<(u32, &Query)> {
    let mut listed = Vec::new();
    list(query, 0, &mut listed);
    listed
}

fn list<'a>(query: &'a Query, depth: u32, into: &mut Vec<(u32, &'a Query)>) {
    into.push((depth, query));
    for clause in query.clauses() {
        list(clause, depth + 1, into);
    }
}
