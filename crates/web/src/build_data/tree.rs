//! Data of any shape as nested lists.

use askama::Template;

use super::json::Value;
use super::{MAX_ENTRIES, heading};
use crate::filters;

/// The most nodes of one tree.
const MAX_NODES: usize = 200;

/// The most characters of a list or item that is written in one line.
const MAX_LINE: usize = 100;

/// A tree of labelled values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "partials/tree.html")]
pub struct Tree {
    pub nodes: Vec<Node>,
}

/// A value, or a group of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The key; items of a list have none.
    pub label: Option<String>,
    /// The value; groups have none.
    pub value: Option<String>,
    pub children: Tree,
}

impl Tree {
    /// A tree of a list or object, and whether something was left out.
    pub(super) fn of(value: Value) -> (Self, bool) {
        let mut budget = MAX_NODES;
        let tree = Self::grow(value, &mut budget);
        (tree, budget == 0)
    }

    fn grow(value: Value, budget: &mut usize) -> Self {
        let members: Vec<(Option<String>, Value)> = match value {
            Value::Array(items) => items.into_iter().map(|it| (None, it)).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(key, it)| (Some(heading(&key)), it)).collect()
            }
            Value::Text(_) | Value::Literal(_) => Vec::new(),
        };
        let mut nodes = Vec::new();
        for (label, value) in members.into_iter().filter(|(_, value)| !value.is_empty()) {
            if *budget == 0 || nodes.len() >= MAX_ENTRIES {
                *budget = 0;
                break;
            }
            *budget -= 1;
            let text =
                value.scalar().or_else(|| value.short_list(MAX_LINE)).map(|it| crate::text::cut(&it, 300));
            let children = if text.is_none() { Self::grow(value, budget) } else { Self::default() };
            let line = if label.is_none() { children.line() } else { None };
            let children = if line.is_some() { Self::default() } else { children };
            nodes.push(Node { label, value: text.or(line), children });
        }
        Self { nodes }
    }

    /// An item of a list in one line: `Row 1; picks Thick skin, Steady`.
    fn line(&self) -> Option<String> {
        let part = |(at, node): (usize, &Node)| match (&node.label, &node.value) {
            (Some(label), Some(value)) if at == 0 => Some(format!("{label} {value}")),
            (Some(label), Some(value)) => Some(format!("{} {value}", label.to_lowercase())),
            _ => None,
        };
        let parts: Vec<String> = self.nodes.iter().enumerate().map(part).collect::<Option<_>>()?;
        let line = parts.join("; ");
        (!line.is_empty() && line.chars().count() <= MAX_LINE).then_some(line)
    }
}
