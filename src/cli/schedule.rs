//! `vigie schedule`: the lines a timer needs, printed for a person to read and put in place.
//!
//! Installs nothing, asks nothing of systemd or cron.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Time;

use crate::cli::Exit;
use crate::cli::crawl::duration;
use crate::cli::exit::mistake;
use crate::cli::options::Common;
use crate::config::WhichEncoder;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Prints only; nothing is installed.

Examples:
  vigie schedule --print --tz Europe/Paris
  vigie schedule --print --every 6h       four looks a day: who was first is known to six hours, not to a day")]
pub struct Args {
    /// Print the lines (which is all this does)
    #[arg(long)]
    pub print: bool,
    /// Local time of the run, in the zone of --tz
    #[arg(long, value_name = "HH:MM", default_value = "03:40")]
    pub at: String,
    /// Several runs a day, this far apart (a whole number of hours that divides the day)
    #[arg(long, value_name = "TIME", default_value = "24h")]
    pub every: String,
}

/// Everything that the lines are made of.
struct Plan {
    exe: String,
    folder: String,
    /// `--config` and `--data`, where they are not the folder's own, and `--encoder`.
    options: Vec<String>,
    /// Local hours of the runs, the first of the day first.
    hours: Vec<i8>,
    minute: i8,
    /// Hours between two runs.
    step: i8,
    zone: String,
}

pub fn run(common: &Common, args: Args) -> anyhow::Result<Exit> {
    let plan = plan(common, &args)?;
    let mut out = std::io::stdout().lock();
    if common.json {
        let lines = serde_json::json!({ "service": plan.service(), "timer": plan.timer(), "cron": plan.cron() });
        writeln!(out, "{lines}")?;
    } else {
        out.write_all(plan.text().as_bytes())?;
    }
    Ok(Exit::Done)
}

fn plan(common: &Common, args: &Args) -> anyhow::Result<Plan> {
    let wrong_time = || mistake(format!("--at {}: not a time of day\nhint: for example 03:40", args.at));
    let at = Time::strptime("%H:%M", args.at.trim()).map_err(|_| wrong_time())?;
    let every = duration(&args.every, "--every")?.as_secs();
    let step = i8::try_from(every / 3600)
        .ok()
        .filter(|hours| every.is_multiple_of(3600) && *hours > 0 && 24 % hours == 0)
        .ok_or_else(|| {
            mistake(format!(
                "--every {}: the runs of a day would not be the same every day\nhint: 1h, 2h, 3h, 4h, 6h, 8h, 12h or 24h; `vigie watch` keeps any interval",
                args.every
            ))
        })?;
    common.zone()?;
    let exe = std::env::current_exe()?;
    let folder = std::env::current_dir()?;
    let mut options = Vec::new();
    for (option, path, usual) in [("--config", &common.config, "."), ("--data", &common.data, "data")] {
        if path.as_path() != Path::new(usual) {
            options.extend([option.to_owned(), printable(std::path::absolute(path)?)?]);
        }
    }
    if let WhichEncoder::Supplied(folder) = common.which_encoder() {
        options.extend(["--encoder".to_owned(), printable(std::path::absolute(folder)?)?]);
    }
    Ok(Plan {
        exe: printable(exe)?,
        folder: printable(folder)?,
        options,
        hours: (at.hour() % step..24).step_by(step.unsigned_abs().into()).collect(),
        minute: at.minute(),
        step,
        zone: common.tz.clone(),
    })
}

/// A unit or a crontab is lines of text: a path with a line break or of no encoding has no place in one.
fn printable(path: PathBuf) -> anyhow::Result<String> {
    let text = path.to_str().filter(|text| !text.contains(char::is_control));
    text.map(str::to_owned).ok_or_else(|| {
        mistake(format!(
            "the path {} cannot be written into a timer\nhint: move or rename the folder",
            path.display()
        ))
    })
}

/// `%` begins a specifier in every value of a unit.
fn doubled(text: &str) -> String {
    text.replace('%', "%%")
}

/// One word of `ExecStart=`: systemd.service(5), "Command lines", where `$` too must be doubled.
fn word(text: &str) -> String {
    let text = doubled(text);
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,@+%".contains(c);
    if text.chars().all(plain) {
        return text;
    }
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "$$")
    )
}

/// One word of a shell line inside a crontab: a quote within quotes, and `%`, which cron reads as a line break.
fn shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    // Inside quotes the shell would keep the backslash, but cron takes it away before.
    format!("'{}'", text.replace('\'', "'\\''").replace('%', "\\%"))
}

impl Plan {
    fn text(&self) -> String {
        format!(
            "\
# Nothing was installed. Put each part where its first line says, then:
#   systemctl --user daemon-reload && systemctl --user enable --now vigie.timer
#   loginctl enable-linger        # else the timer stops when you log out
# Without systemd, the last line goes into `crontab -e` instead.

# ~/.config/systemd/user/vigie.service
{}
# ~/.config/systemd/user/vigie.timer
{}
# crontab
{}",
            self.service(),
            self.timer(),
            self.cron()
        )
    }

    fn service(&self) -> String {
        let mut command = vec![word(&self.exe)];
        command.extend(self.options.iter().map(|option| word(option)));
        format!(
            "\
[Unit]
Description=vigie nightly crawl

[Service]
Type=oneshot
WorkingDirectory={}
# `nightly` crawls and then copies the database. --wait-online: a user unit cannot order itself after the
# system's network-online.target, and a laptop wakes before its network does.
ExecStart={} nightly --quiet --wait-online 5m --keep 14
# 3 says that some sources failed, which one dead feed does every night; the ledger has it.
SuccessExitStatus=3
TimeoutStartSec=6h
Nice=10
NoNewPrivileges=yes
# A `%` in these lines is written %%.
",
            doubled(&self.folder),
            command.join(" ")
        )
    }

    fn timer(&self) -> String {
        let first = self.hours.first().copied().unwrap_or_default();
        let hour = match self.step {
            24 => format!("{first:02}"),
            1 => "*".to_owned(),
            step => format!("{first:02}/{step}"),
        };
        format!(
            "\
[Unit]
Description=when vigie crawls

[Timer]
# The zone is part of the time, so that summer time moves nothing but the clock.
OnCalendar=*-*-* {hour}:{:02}:00 {}
# A run that was missed while the machine was off is made up for.
Persistent=true
RandomizedDelaySec=10m

[Install]
WantedBy=timers.target
",
            self.minute, self.zone
        )
    }

    fn cron(&self) -> String {
        let hours = match self.step {
            1 => "*".to_owned(),
            _ => self.hours.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        };
        let mut command = vec![shell(&self.exe)];
        command.extend(self.options.iter().map(|option| shell(option)));
        format!(
            "\
# cron reads the hours in the machine's own zone, not in {}. Only one run at a time: a second one ends with
# exit code 5. No `&&` after it: exit code 3 (some sources failed) would stop the chain.
{} {hours} * * * cd {} && {} nightly --quiet --wait-online 5m --keep 14
",
            self.zone,
            self.minute,
            shell(&self.folder),
            command.join(" ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(hours: Vec<i8>, step: i8) -> Plan {
        Plan {
            exe: "/opt/my tools/vigie".to_owned(),
            folder: "/home/ana/100% press".to_owned(),
            options: vec!["--data".to_owned(), "/srv/it's/$data".to_owned()],
            hours,
            minute: 40,
            step,
            zone: "Europe/Paris".to_owned(),
        }
    }

    fn value<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
        text.lines()
            .filter_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .collect()
    }

    #[test]
    fn the_units_have_what_a_night_needs() {
        let plan = sample(vec![3], 24);
        let service = plan.service();
        assert_eq!(value(&service, "Type"), ["oneshot"]);
        assert_eq!(value(&service, "SuccessExitStatus"), ["3"]);
        assert_eq!(value(&service, "WorkingDirectory"), ["/home/ana/100%% press"]);
        assert_eq!(
            value(&service, "ExecStart"),
            ["\"/opt/my tools/vigie\" --data \"/srv/it's/$$data\" nightly --quiet --wait-online 5m --keep 14"]
        );
        let timer = plan.timer();
        assert_eq!(value(&timer, "OnCalendar"), ["*-*-* 03:40:00 Europe/Paris"]);
        assert_eq!(value(&timer, "Persistent"), ["true"]);
        assert_eq!(value(&timer, "WantedBy"), ["timers.target"]);
        // Comments of a unit stand on lines of their own: one after a value would be part of it.
        for line in service.lines().chain(timer.lines()) {
            assert!(line.starts_with('#') || !line.contains(" #"), "{line}");
        }
    }

    #[test]
    fn cron_escapes_the_percent_sign() {
        let cron = sample(vec![3], 24).cron();
        let line = cron.lines().last().unwrap();
        assert_eq!(
            line,
            "40 3 * * * cd '/home/ana/100\\% press' && '/opt/my tools/vigie' --data '/srv/it'\\''s/$data' \
             nightly --quiet --wait-online 5m --keep 14"
        );
    }

    #[test]
    fn several_looks_a_day() {
        let plan = sample(vec![3, 9, 15, 21], 6);
        assert_eq!(value(&plan.timer(), "OnCalendar"), ["*-*-* 03/6:40:00 Europe/Paris"]);
        assert!(plan.cron().contains("\n40 3,9,15,21 * * * cd "));
        let hourly = sample((0..24).collect(), 1);
        assert_eq!(value(&hourly.timer(), "OnCalendar"), ["*-*-* *:40:00 Europe/Paris"]);
        assert!(hourly.cron().contains("\n40 * * * * cd "));
    }
}
