//! The limits of runs on the command line: a flag and a variable of the environment for each.

use clap::builder::RangedU64ValueParser;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use crate::machine::{Limit, Limits};

/// The limits, as far as they are set; the others are as usual
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LimitArgs(pub(crate) Limits);

impl Args for LimitArgs {
    fn augment_args(command: Command) -> Command {
        command.args(Limit::ALL.map(arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LimitArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut limits = Self::default();
        limits.update_from_arg_matches(matches)?;
        Ok(limits)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for limit in Limit::ALL {
            let Some(&value) = matches.get_one::<u64>(limit.variable()) else { continue };
            self.0.set(limit, value).map_err(|error| {
                clap::Error::raw(clap::error::ErrorKind::ValueValidation, error)
            })?;
        }
        Ok(())
    }
}

fn arg(limit: Limit) -> Arg {
    let range = limit.range();
    let (least, most) = (*range.start(), *range.end());
    let help = format!("{}, {least} to {most} [default: {}]", limit.what(), limit.default());
    Arg::new(limit.variable())
        .long(limit.flag())
        .env(limit.variable())
        .value_name(limit.unit())
        .value_parser(RangedU64ValueParser::<u64>::new().range(range))
        .global(true)
        .help_heading("Limits")
        .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Limits, clap::Error> {
        let command = LimitArgs::augment_args(Command::new("server"));
        let matches = command.try_get_matches_from(line.split(' '))?;
        Ok(LimitArgs::from_arg_matches(&matches)?.0)
    }

    #[test]
    fn each_limit_has_a_flag() {
        for limit in Limit::ALL {
            let limits = parse(&format!("server --{} 7", limit.flag())).unwrap();
            assert_eq!(limits.get(limit), 7);
        }
        let line = "server --max-child-depth 7 --max-state-kib=16";
        let limits = parse(line).unwrap();
        assert_eq!((limits.get(Limit::Depth), limits.get(Limit::State)), (7, 16));
        assert_eq!(limits.get(Limit::Steps), Limit::Steps.default());
    }

    #[test]
    fn what_makes_no_sense_is_told_with_what_would() {
        for value in ["0", "51", "-1", "many"] {
            let error = parse(&format!("server --max-child-depth={value}")).unwrap_err();
            let said = error.to_string();
            assert!(said.contains("--max-child-depth <LEVELS>"), "{said}");
            assert!(said.contains("1..=50") || said.contains("invalid digit"), "{said}");
        }
    }
}
