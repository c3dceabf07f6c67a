//! What was given on the command line and in the environment, beyond the values.

use std::env;

use clap::builder::{OsStr, Resettable};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches};

use super::Options;

/// What the names of all variables begin with.
const PREFIX: &str = "REGISTRY_";
/// How alike two names are, from 0 to 1, if one may be meant for the other.
const ALIKE: f64 = 0.85;

/// What a user has set, for the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Every setting that is not a default, as it would be on the command line.
    pub settings: String,
    /// Variables that look like settings and are none, each with the one that may be meant.
    pub unknown_variables: Vec<String>,
}

impl Options {
    /// The options of this process. An empty variable counts as not set. Exits with a message if an option is invalid, or if
    /// help is asked for.
    pub fn of_process() -> (Self, Given) {
        let command = Self::command().mut_args(|arg| {
            let empty = arg.get_env().and_then(env::var_os).is_some_and(|value| value.is_empty());
            if empty { arg.env(Resettable::<OsStr>::Reset) } else { arg }
        });
        let matches = command.clone().get_matches();
        let options = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        (options, Given { settings: settings(&command, &matches), unknown_variables: unknown(&Self::command(), names) })
    }
}

fn settings(command: &Command, matches: &ArgMatches) -> String {
    let given = command.get_arguments().filter_map(|arg| {
        let id = arg.get_id().as_str();
        let set = matches.value_source(id).is_some_and(|source| source != ValueSource::DefaultValue);
        let values: Vec<_> = matches.get_raw(id).filter(|_| set)?.map(|value| value.to_string_lossy()).collect();
        Some(format!("--{} {}", arg.get_long()?, values.join(" ")))
    });
    given.collect::<Vec<_>>().join(" ")
}

/// The variables with our prefix that are no setting.
fn unknown(command: &Command, names: impl Iterator<Item = String>) -> Vec<String> {
    let known: Vec<_> = command
        .get_arguments()
        .filter_map(|arg| arg.get_env())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let unknown = names.filter(|name| name.starts_with(PREFIX) && !known.contains(name));
    let described = unknown.map(|name| {
        let alike = |other: &str| strsim::jaro_winkler(&name[PREFIX.len()..], &other[PREFIX.len()..]);
        let closest = known.iter().map(|other| (alike(other), other)).max_by(|(a, _), (b, _)| a.total_cmp(b));
        match closest.filter(|(likeness, _)| *likeness >= ALIKE) {
            Some((_, meant)) => format!("{name} (did you mean {meant}?)"),
            None => name,
        }
    });
    described.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_variable_is_named_with_the_one_that_is_meant() {
        let of = |names: &[&str]| unknown(&Options::command(), names.iter().map(|name| (*name).to_owned()));
        assert_eq!(of(&["PATH", "REGISTRY_LISTEN", "REGISTRY_RATE_LIMITS"]), Vec::<String>::new());
        assert_eq!(of(&["REGISTRY_TTL_OPNE"]), ["REGISTRY_TTL_OPNE (did you mean REGISTRY_TTL_OPEN?)"]);
        assert_eq!(of(&["REGISTRY_"]), ["REGISTRY_"]);
    }

    #[test]
    fn settings_are_those_that_are_not_defaults() {
        let given = |args: &[&str]| {
            let command = Options::command();
            let matches = command.clone().get_matches_from([&["registry-server"], args].concat());
            settings(&command, &matches)
        };
        assert_eq!(given(&[]), "");
        assert_eq!(given(&["--ttl-open", "2s", "--base"]), "--base true --ttl-open 2s");
    }
}
