//! Saving and restoring the embedded database.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::contents::{Contents, Table};
use super::postgres::beside;

/// Takes a consistent copy while the service goes on.
pub fn backup(database: &Path, file: &Path) -> Result<Contents> {
    let connection = open(database)?;
    let unfinished = beside(file, "part");
    let name = unfinished.to_str().context("the file's name is not Unicode")?;
    let saved = connection.execute("VACUUM INTO ?1", [name]).context("cannot copy the database");
    let saved = saved.and_then(|_| contents(&unfinished));
    if saved.is_err() {
        // Half a file must not look like a whole one; it may not even have been begun.
        let _ = fs::remove_file(&unfinished);
        return saved;
    }
    fs::rename(&unfinished, file).with_context(|| format!("cannot write {}", file.display()))?;
    saved
}

pub fn restore(database: &Path, file: &Path) -> Result<Contents> {
    let logs = ["wal", "shm"].map(|ending| {
        let mut name = database.to_path_buf().into_os_string();
        name.push(format!("-{ending}"));
        name
    });
    for present in [database.as_os_str(), &logs[0], &logs[1]] {
        if Path::new(present).exists() {
            bail!("{} is there already: stop the service, and move it away", Path::new(present).display());
        }
    }
    if let Some(folder) = database.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let unfinished = beside(database, "part");
    fs::copy(file, &unfinished).with_context(|| format!("cannot copy {}", file.display()))?;
    let restored = contents(&unfinished);
    if restored.is_err() {
        let _ = fs::remove_file(&unfinished);
        return restored;
    }
    fs::rename(&unfinished, database).with_context(|| format!("cannot write {}", database.display()))?;
    restored
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

    use rusqlite::Connection;

    use super::{backup, contents, restore};

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("myashes-sqlite-{name}-{}", std::process::id()));
            std::fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn database(&self, name: &str, sql: &str) -> PathBuf {
            let path = self.0.join(name);
            Connection::open(&path).unwrap().execute_batch(sql).unwrap();
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    const VOTES: &str = "CREATE TABLE votes (id TEXT, stars INTEGER, note TEXT);
        INSERT INTO votes VALUES ('a', 1, 'ü'), ('b', 2, NULL);";

    #[test]
    fn what_was_saved_comes_back() {
        let folder = Folder::new("back");
        let saved = backup(&folder.database("live.db", VOTES), &folder.0.join("saved")).unwrap();
        let restored = restore(&folder.0.join("new/live.db"), &folder.0.join("saved")).unwrap();
        assert!(saved.differences(&restored).is_empty());
        assert_eq!(saved.tables["votes"].rows, 2);
    }

    #[test]
    fn a_restore_overwrites_nothing() {
        let folder = Folder::new("over");
        let live = folder.database("live.db", VOTES);
        backup(&live, &folder.0.join("saved")).unwrap();
        assert!(restore(&live, &folder.0.join("saved")).is_err());
    }

    #[test]
    fn a_row_moved_to_another_place_counts_the_same_and_a_changed_one_does_not() {
        let folder = Folder::new("rows");
        let sums = [
            ("a", VOTES.to_owned()),
            ("b", VOTES.replace("('a', 1, 'ü'), ('b', 2, NULL)", "('b', 2, NULL), ('a', 1, 'ü')")),
            ("c", VOTES.replace("NULL", "''")),
        ]
        .map(|(name, sql)| contents(&folder.database(name, &sql)).unwrap());
        assert_eq!(sums[0], sums[1]);
        assert_eq!(sums[0].differences(&sums[2]), ["votes has as many rows, with other contents"]);
    }

    #[test]
    fn a_missing_database_is_not_made() {
        let folder = Folder::new("none");
        assert!(backup(&folder.0.join("absent.db"), &folder.0.join("saved")).is_err());
        assert!(!folder.0.join("absent.db").exists());
    }
}
