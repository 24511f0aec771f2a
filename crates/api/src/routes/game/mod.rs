//! The game's data: archetypes, classes, races.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use myashes_domain::game::GamePack;
use myashes_domain::limits::LimitClass;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::http::answer::ok;
use crate::http::services::Services;
use crate::http::table::{RouteSpec, route};

pub fn routes() -> Vec<RouteSpec> {
    vec![route!(LimitClass::Reads, get_game)]
}

#[derive(Serialize, ToSchema)]
#[schema(as = Game)]
struct GameBody<'a> {
    game: &'a str,
    game_version: &'a str,
    archetypes: Vec<ArchetypeItem<'a>>,
    races: Vec<RaceItem<'a>>,
    /// Class names by primary, then by secondary archetype; a pair may lack one.
    classes: &'a BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Archetype)]
struct ArchetypeItem<'a> {
    id: &'a str,
    name: &'a str,
    /// On older builds only.
    retired: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Race)]
struct RaceItem<'a> {
    id: &'a str,
    name: &'a str,
    /// The people it descends from.
    parent: &'a str,
    /// On older builds only.
    retired: bool,
}

impl<'a> From<&'a GamePack> for GameBody<'a> {
    fn from(pack: &'a GamePack) -> Self {
        Self {
            game: &pack.game,
            game_version: &pack.version,
            archetypes: pack
                .archetypes
                .iter()
                .map(|it| ArchetypeItem { id: &it.id, name: &it.name, retired: it.retired })
                .collect(),
            races: pack
                .races
                .iter()
                .map(|it| RaceItem { id: &it.id, name: &it.name, parent: &it.parent, retired: it.retired })
                .collect(),
            classes: &pack.classes,
        }
    }
}

/// Archetypes, the class matrix, races and the current game version
#[utoipa::path(get, path = "/api/v1/game", tag = "game",
    responses((status = 200, description = "The game's data", body = GameBody<'_>)))]
async fn get_game(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    Ok(ok(&GameBody::from(&*services.game)))
}
