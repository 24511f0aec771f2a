//! What admins do.

use myashes_testkit::{DatabaseKind, TestDatabase};
use serde_json::Value;

use crate::build_model::BuildOperation;
use crate::linearization::Effect;
use crate::recorder::{Answered, Recorder};
use crate::stored::{StoredVoteRow, votes};
use crate::support::client::Request;
use crate::vote_model::VoteOperation;
use crate::world::Target;

impl Recorder {
    async fn admin(&mut self, name: String, request: Request, expected: &[u16]) -> Answered {
        self.send_as(format!("{name} as admin"), request.admin(), expected).await
    }

    /// Removes one vote of those that are there.
    pub async fn remove_vote(&mut self, target: &Target) {
        let rows = votes(&self.world.database, Some(&target.id)).await;
        if rows.is_empty() {
            return;
        }
        let vote = rows[self.dice.index(rows.len())].clone();
        let server = self.server();
        let request = server.delete(&format!("/admin/builds/{}/votes/{}", target.id, vote.id));
        let name = format!("Remove vote {} of {}", vote.id, target.id);
        let answered = self.admin(name, request, &[200, 404]).await;
        if answered.status() == 200 {
            let operation = VoteOperation::RemoveOne { session: vote.session };
            self.removed(target, &vote, operation, &answered);
        }
    }

    /// Notes the removal of a vote for the group that it belonged to.
    fn removed(
        &mut self,
        target: &Target,
        vote: &StoredVoteRow,
        operation: VoteOperation,
        answered: &Answered,
    ) {
        self.vote(target.number, operation, answered.interval, Effect::Once);
        self.log.entries.last_mut().expect("just noted").group = self.world.group_of(vote.session);
    }

    /// Removes votes by rating, by voter or by time, or says how many it would be.
    pub async fn remove_votes(&mut self, target: &Target) {
        let is_dry = self.dice.below(3) == 0;
        let dry = if is_dry { "&dry_run=true" } else { "" };
        let path = format!("/admin/builds/{}/votes", target.id);
        let rating = self.stars();
        let (filter, operation) = match self.dice.below(8) {
            0..3 => (format!("rating={rating}"), Some(VoteOperation::RemoveRated { rating: Some(rating) })),
            3 => ("from=2020-01-01T00:00:00Z".into(), Some(VoteOperation::RemoveRated { rating: None })),
            4 => ("to=2020-01-01T00:00:00Z".into(), None),
            _ => return self.remove_voter(target, dry).await,
        };
        let server = self.server();
        let request = server.delete(&format!("{path}?{filter}{dry}"));
        let name = format!("Remove votes of {} by {filter}{dry}", target.id);
        let answered = self.admin(name, request, &[200, 404]).await;
        if answered.status() != 200 {
            return;
        }
        let body = answered.json();
        let by_rating: Vec<i64> = numbers(&body["by_rating"]);
        if by_rating.len() != 5 || Some(by_rating.iter().sum()) != body["removed"].as_i64() {
            self.fail("removed, by rating".into(), 200, &answered.reply.text, answered.interval);
        }
        if let Some(operation) = operation.filter(|_| !is_dry) {
            self.vote(target.number, operation, answered.interval, Effect::Once);
        }
    }

    /// Removes the votes of a voter whom the list of votes names.
    async fn remove_voter(&mut self, target: &Target, dry: &str) {
        let rows = votes(&self.world.database, Some(&target.id)).await;
        let server = self.server();
        let path = format!("/admin/builds/{}/votes", target.id);
        let listed = self.admin(format!("Votes of {}", target.id), server.get(&path), &[200, 404]).await;
        if listed.status() != 200 {
            return;
        }
        let items = listed.json()["items"].as_array().cloned().unwrap_or_default();
        let known = |item: &Value| rows.iter().find(|row| Some(row.id) == item["vote_id"].as_i64()).cloned();
        let voters: Vec<(String, StoredVoteRow)> = items
            .iter()
            .filter_map(|item| Some((item["voter"].as_str()?.to_owned(), known(item)?)))
            .collect();
        if voters.is_empty() {
            return;
        }
        let (voter, vote) = voters[self.dice.index(voters.len())].clone();
        let request = server.delete(&format!("{path}?voter={voter}{dry}"));
        let answered = self.admin(format!("Remove voter of {}", target.id), request, &[200, 404]).await;
        if answered.status() == 200 && dry.is_empty() && answered.json()["removed"] == 1 {
            let operation = VoteOperation::RemoveVoter { session: vote.session, player: vote.player };
            self.removed(target, &vote, operation, &answered);
        }
    }

    pub async fn set_hidden(&mut self, target: &Target, hidden: bool) {
        let verb = if hidden { "hide" } else { "restore" };
        let server = self.server();
        let request = server.post(&format!("/admin/builds/{}/{verb}", target.id));
        let answered = self.admin(format!("{verb} {}", target.id), request, &[200, 404]).await;
        let found = answered.status() == 200;
        if found || answered.status() == 404 {
            self.content(target.number, BuildOperation::SetHidden { hidden, found }, answered.interval);
        }
    }

    pub async fn remove_build(&mut self, target: &Target) {
        let server = self.server();
        let request = server.delete(&format!("/admin/builds/{}", target.id));
        let answered = self.admin(format!("Remove {}", target.id), request, &[200, 404]).await;
        let found = answered.status() == 200;
        if found || answered.status() == 404 {
            self.content(target.number, BuildOperation::Remove { found }, answered.interval);
        }
    }

    /// Closes one of the open reports.
    pub async fn resolve_report(&mut self) {
        let server = self.server();
        let open = self.admin("Reports".into(), server.get("/admin/reports?resolved=false"), &[200]).await;
        let items = open.json()["items"].as_array().cloned().unwrap_or_default();
        if items.is_empty() {
            return;
        }
        let id = items[self.dice.index(items.len())]["report_id"].as_str().expect("an id").to_owned();
        let request = server.post(&format!("/admin/reports/{id}/resolve"));
        self.admin("Resolve".into(), request, &[200, 404]).await;
    }

    pub async fn look_around(&mut self, target: &Target) {
        let paths = [
            "/admin/builds".to_owned(),
            "/admin/builds?reported=true".to_owned(),
            "/admin/audit".to_owned(),
            format!("/admin/builds/{}/votes", target.id),
        ];
        let path = paths[self.dice.index(paths.len())].clone();
        let server = self.server();
        self.admin(format!("GET {path}"), server.get(&path), &[200, 404]).await;
    }
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().into_iter().flatten().map(|it| it.as_i64().unwrap_or(-1)).collect()
}

/// How a binary column is written in hexadecimal.
pub fn hex_of(database: &TestDatabase, column: &str) -> String {
    match database.kind {
        DatabaseKind::Sqlite => format!("lower(hex({column}))"),
        DatabaseKind::Postgres => format!("encode({column}, 'hex')"),
    }
}
