//! `cargo xtask db init`: a role that owns one database and nothing else. It may be repeated.

use anyhow::{Context, Result, bail, ensure};
use myashes_servers::secret;

use super::connection::{Connection, one_line};
use crate::flags::DbInitFlags;
use crate::interrupts;
use crate::targets::Target;
use crate::workspace::environment;

/// The new role's password, for who wants to choose it.
const PASSWORD: &str = "MYASHES_ROLE_PASSWORD";

/// On the administrator's database. `\gexec` runs what a query writes, so that nothing happens twice.
const SERVER: &str = r"
\getenv password MYASHES_ROLE_PASSWORD
SELECT format('CREATE ROLE %I LOGIN', :'user')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'user') \gexec
SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', :'user')
FROM pg_roles WHERE rolname = :'user'
AND (NOT rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'user', :'password') WHERE :'password' <> '' \gexec
SELECT format('GRANT %I TO CURRENT_USER', :'user') WHERE NOT pg_has_role(:'user', 'MEMBER') \gexec
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8''',
              :'database', :'user')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
";

/// On the new database.
const DATABASE: &str = r"
SELECT format('ALTER DATABASE %I OWNER TO %I', :'database', :'user') FROM pg_database
WHERE datname = :'database' AND pg_get_userbyid(datdba) <> :'user' \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database') \gexec
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SELECT format('GRANT USAGE, CREATE ON SCHEMA public TO %I', :'user') \gexec
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
";

/// What a report reads; a managed server may not grant it.
const STATISTICS: &str = r"
SELECT format('GRANT pg_read_all_stats TO %I', :'user') \gexec
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
";

pub fn run(flags: &DbInitFlags) -> Result<()> {
    let admin: Connection = Target::find(&flags.env)?.admin_url()?.parse()?;
    let user = literal(&flags.user);
    let existed =
        admin.query(&format!("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = {user})"))? == "t";
    if existed && admin.query("SELECT current_user")? == flags.user {
        bail!("{} is the administrator, and cannot be the service's own role", flags.user);
    }
    let (password, made) = match environment(PASSWORD) {
        Some(password) => (password, false),
        None if existed => (String::new(), false),
        None => (secret()?, true),
    };
    run_script(&admin, flags, &password, SERVER).context("cannot create the role and its database")?;
    let database = admin.with_database(&flags.database);
    run_script(&database, flags, &password, DATABASE).context("cannot prepare the database")?;
    if let Err(error) = run_script(&database, flags, &password, STATISTICS) {
        println!("without statistics for db report: {error:#}");
    }
    println!("the role {} owns the database {}", flags.user, flags.database);
    if made {
        println!("its password was made here and is shown this once:");
        println!("{}", admin.url_for(&flags.user, &password, &flags.database)?);
    }
    Ok(())
}

fn run_script(connection: &Connection, flags: &DbInitFlags, password: &str, script: &str) -> Result<()> {
    let mut psql = connection.psql()?;
    psql.env(PASSWORD, password).arg(format!("--set=user={}", flags.user));
    psql.arg(format!("--set=database={}", flags.database));
    // A superuser keeps the password out of the server's log; others are not allowed to say so.
    let quiet =
        "\\set ON_ERROR_STOP 0\n\\o /dev/null\nSET log_statement = 'none';\n\\o\n\\set ON_ERROR_STOP 1\n";
    let output = interrupts::feed(&mut psql, &format!("{quiet}{script}"))?;
    ensure!(output.status.success(), "{}", one_line(&output.stderr));
    Ok(())
}

/// A text in SQL.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
