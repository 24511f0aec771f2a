//! Data of any shape as nested lists.

use askama::Template;

use super::json::Value;
use super::{MAX_ENTRIES, heading};

/// The most nodes of one tree.
const MAX_NODES: usize = 200;

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
        let mut room = MAX_NODES;
        let tree = Self::grow(value, &mut room);
        (tree, room == 0)
    }

    fn grow(value: Value, room: &mut usize) -> Self {
        let members: Vec<(Option<String>, Value)> = match value {
            Value::Array(items) => items.into_iter().map(|it| (None, it)).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(key, it)| (Some(heading(&key)), it)).collect()
            }
            Value::Text(_) | Value::Literal(_) => Vec::new(),
        };
        let mut nodes = Vec::new();
        for (label, value) in members.into_iter().filter(|(_, value)| !value.is_empty()) {
            if *room == 0 || nodes.len() >= MAX_ENTRIES {
                *room = 0;
                break;
            }
            *room -= 1;
            let text = value.scalar().map(|it| crate::text::cut(&it, 300));
            let children = if text.is_none() { Self::grow(value, room) } else { Self::default() };
            nodes.push(Node { label, value: text, children });
        }
        Self { nodes }
    }
}
