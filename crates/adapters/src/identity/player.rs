//! What others say about a player, made fit to be stored and shown.

use myashes_domain::display_name::{display_name, is_printable};
use myashes_domain::session::Player;
use serde_json::Value;

const LONGEST_ID: usize = 128;
const LONGEST_STEAM_ID: usize = 255;
const LONGEST_TIER: usize = 50;

/// The claims of a token or the fields of an answer, as loosely typed as they come.
#[derive(Debug, Default)]
pub(super) struct Described {
    pub id: Value,
    pub steam_id: Value,
    pub name: Value,
    pub tier: Value,
    pub roles: Value,
}

impl Described {
    /// `None` when there is no usable id. Everything else that cannot be used is as if it were absent.
    pub(super) fn player(self) -> Option<Player> {
        let player_id = text(&self.id).filter(|id| fits(id, LONGEST_ID))?;
        let display_name = display_name(self.name.as_str(), &player_id);
        let roles = match self.roles {
            Value::Array(roles) => roles.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        Some(Player {
            player_id,
            steam_id: text(&self.steam_id).filter(|id| fits(id, LONGEST_STEAM_ID)),
            display_name: Some(display_name),
            tier: text(&self.tier)
                .filter(|tier| fits(tier, LONGEST_TIER))
                .unwrap_or_else(|| "free".to_owned()),
            roles,
        })
    }
}

/// Text, or a whole number written without quotes.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

fn fits(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && is_printable(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn without_a_usable_id_there_is_no_player() {
        for id in [
            json!(null),
            json!(""),
            json!("a\0b"),
            json!(["p1"]),
            json!("x".repeat(129)),
            json!("a\u{202e}"),
            json!(-1),
        ] {
            assert!(Described { id: id.clone(), ..Described::default() }.player().is_none(), "{id}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_absent() {
        let described = Described {
            id: json!("p1"),
            steam_id: json!(76_561_198_000_000_000_u64),
            name: json!("  Ashes\u{7}\0 "),
            tier: json!({}),
            roles: json!(["admin", 7, null]),
        };
        let player = described.player().unwrap();
        assert_eq!(player.steam_id.as_deref(), Some("76561198000000000"));
        assert_eq!(player.display_name.as_deref(), Some("Ashes"));
        assert_eq!((player.tier.as_str(), player.roles), ("free", vec!["admin".to_owned()]));
    }

    #[test]
    fn roles_that_are_no_list_are_none() {
        let described = Described { id: json!("p1"), roles: json!("admin"), ..Described::default() };
        assert!(described.player().unwrap().roles.is_empty());
    }
}
