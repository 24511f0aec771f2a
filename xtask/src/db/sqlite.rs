//! Saving and restoring the embedded database.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::contents::{Contents, Table};
use super::{finish, with_ending};

/// Takes a consistent copy while the service goes on.
pub fn backup(database: &Path, file: &Path) -> Result<Contents> {
    let connection = open(database)?;
    let unfinished = with_ending(file, ".part");
    let name = unfinished.to_str().context("the file's name is not Unicode")?;
    let saved = connection.execute("VACUUM INTO ?1", [name]).context("cannot copy the database");
    finish(&unfinished, file, saved.and_then(|_| contents(&unfinished)))
}

pub fn restore(database: &Path, file: &Path) -> Result<Contents> {
    for present in ["", "-wal", "-shm"].map(|ending| with_ending(database, ending)) {
        if present.exists() {
            bail!("{} is there already: stop the service, and move it away", present.display());
        }
    }
    if let Some(folder) = database.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let unfinished = with_ending(database, ".part");
    fs::copy(file, &unfinished).with_context(|| format!("cannot copy {}", file.display()))?;
    finish(&unfinished, database, contents(&unfinished))
}

pub fn open(database: &Path) -> Result<Connection> {
    // Without the flag to create: a wrong path must not make an empty database.
    let opened = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let connection = opened.with_context(|| format!("cannot open {}", database.display()))?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    Ok(connection)
}

/// Rows and checksums of a file that is whole.
fn contents(file: &Path) -> Result<Contents> {
    let connection = open(file)?;
    let sound: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if sound != "ok" {
        bail!("{} is damaged: {sound}", file.display());
    }
    let mut tables = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
    )?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut contents = Contents::default();
    for name in names {
        let table = table(&connection, &name).with_context(|| format!("cannot read {name}"))?;
        contents.tables.insert(name, table);
    }
    Ok(contents)
}

fn table(connection: &Connection, name: &str) -> Result<Table> {
    let mut statement = connection.prepare(&format!("SELECT * FROM \"{}\"", name.replace('"', "\"\"")))?;
    let columns = statement.column_count();
    let mut found = statement.query([])?;
    let (mut rows, mut sum) = (0, 0_u64);
    while let Some(row) = found.next()? {
        let mut digest = Sha256::new();
        for column in 0..columns {
            // The kind and the length come first, so that no two rows can read alike.
            let (kind, bytes) = match row.get_ref(column)? {
                ValueRef::Null => (0, Vec::new()),
                ValueRef::Integer(number) => (1, number.to_be_bytes().to_vec()),
                ValueRef::Real(number) => (2, number.to_be_bytes().to_vec()),
                ValueRef::Text(text) => (3, text.to_vec()),
                ValueRef::Blob(blob) => (4, blob.to_vec()),
            };
            digest.update([kind]);
            digest.update(bytes.len().to_be_bytes());
            digest.update(bytes);
        }
        let digest = digest.finalize();
        let start: [u8; 8] = digest[..8].try_into().expect("a digest has more than eight bytes");
        // The same whatever order the rows come in.
        sum = sum.wrapping_add(u64::from_be_bytes(start));
        rows += 1;
    }
    Ok(Table { rows, checksum: sum.to_string() })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use myashes_servers::Folder;
    use rusqlite::Connection;

    use super::{backup, contents, restore};

    fn folder() -> Folder {
        Folder::for_caller("sqlite").unwrap()
    }

    fn database(folder: &Folder, name: &str, sql: &str) -> PathBuf {
        let path = folder.path().join(name);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        path
    }

    const VOTES: &str = "CREATE TABLE votes (id TEXT, stars INTEGER, note TEXT);
        INSERT INTO votes VALUES ('a', 1, 'ü'), ('b', 2, NULL);";

    #[test]
    fn what_was_saved_comes_back() {
        let folder = folder();
        let saved = backup(&database(&folder, "live.db", VOTES), &folder.path().join("saved")).unwrap();
        let restored = restore(&folder.path().join("new/live.db"), &folder.path().join("saved")).unwrap();
        assert!(saved.differences(&restored).is_empty());
        assert_eq!(saved.tables["votes"].rows, 2);
    }

    #[test]
    fn a_restore_overwrites_nothing() {
        let folder = folder();
        let live = database(&folder, "live.db", VOTES);
        backup(&live, &folder.path().join("saved")).unwrap();
        assert!(restore(&live, &folder.path().join("saved")).is_err());
    }

    #[test]
    fn a_row_moved_to_another_place_counts_the_same_and_a_changed_one_does_not() {
        let folder = folder();
        let sums = [
            ("a", VOTES.to_owned()),
            ("b", VOTES.replace("('a', 1, 'ü'), ('b', 2, NULL)", "('b', 2, NULL), ('a', 1, 'ü')")),
            ("c", VOTES.replace("NULL", "''")),
        ]
        .map(|(name, sql)| contents(&database(&folder, name, &sql)).unwrap());
        assert_eq!(sums[0], sums[1]);
        assert_eq!(sums[0].differences(&sums[2]), ["votes has as many rows, with other contents"]);
    }

    #[test]
    fn a_missing_database_is_not_made() {
        let folder = folder();
        assert!(backup(&folder.path().join("absent.db"), &folder.path().join("saved")).is_err());
        assert!(!folder.path().join("absent.db").exists());
    }
}
