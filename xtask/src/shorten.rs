//! Short names between the wasm and its glue: those of wasm-bindgen end in hashes, which no compression makes smaller.

use std::collections::HashMap;

use anyhow::{Context, Result};

/// What wasm-opt has renamed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
    /// The module that all imports come from.
    module: String,
}

/// What wasm-opt calls that module then.
const SHORT_MODULE: &str = "a";

impl Names {
    /// Reads what wasm-opt's pass `minify-imports-and-exports-and-modules` prints: a line for each name, with the quoted
    /// module, the old name and the new one; exports have no module.
    pub fn read(printed: &str) -> Result<Self> {
        let mut names = Self::default();
        for line in printed.lines() {
            match line.split('"').skip(1).step_by(2).collect::<Vec<_>>()[..] {
                [module, old, new] => {
                    module.clone_into(&mut names.module);
                    names.imports.insert(old.to_owned(), new.to_owned());
                }
                [old, new] => {
                    names.exports.insert(old.to_owned(), new.to_owned());
                }
                _ => {}
            }
        }
        (!names.imports.is_empty() && !names.exports.is_empty()).then_some(names).context("wasm-opt renamed nothing")
    }

    /// Renames what the glue provides (`name: …`) and what it calls (`wasm.name`).
    pub fn apply(&self, glue: &str) -> String {
        let glue = glue.replace(&format!("\"{}\"", self.module), &format!("\"{SHORT_MODULE}\""));
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let (mut out, mut rest) = (String::with_capacity(glue.len()), glue.as_str());
        while let Some(at) = rest.find(is_part) {
            out.push_str(&rest[..at]);
            let word = &rest[at..];
            let (word, after) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
            let new = match (out.ends_with("wasm."), after.starts_with(':')) {
                (true, _) => self.exports.get(word),
                (false, true) => self.imports.get(word),
                (false, false) => None,
            };
            out.push_str(new.map_or(word, String::as_str));
            rest = after;
        }
        out + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = r#"{
 "imports": [
  ["./x_bg.js", "__wbg_now_1f2e", "b"],
  ["./x_bg.js", "__wbg_log_77aa", "c"]
 ],
"exports": [
  ["memory", "d"],
  ["client_new", "e"]
 ]
}"#;

    #[test]
    fn what_the_glue_provides_and_calls_is_renamed_and_nothing_else() {
        let glue = r#"const i = { __wbg_now_1f2e: function() { return memory(); }, "./x_bg.js": __wbg_log_77aa };
            wasm.client_new(client_new, wasm.memory.buffer, wasm.memory_of);"#;
        let short = r#"const i = { b: function() { return memory(); }, "a": __wbg_log_77aa };
            wasm.e(client_new, wasm.d.buffer, wasm.memory_of);"#;
        assert_eq!(Names::read(PRINTED).unwrap().apply(glue), short);
    }

    #[test]
    fn a_list_without_names_is_an_error() {
        assert!(Names::read("{}").is_err());
        assert!(Names::read("").is_err());
    }
}
