//! Small wasm and small scripts: wasm-opt, esbuild, and short names between the two. wasm-bindgen's end in hashes, which no
//! compression makes smaller.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::page::Tools;
use crate::process::{output, silently};
use crate::programs::{ESBUILD, WASM_OPT};
use crate::workspace::Workspace;

/// Makes one small script of a script and all that it imports.
pub fn bundle(workspace: &Workspace, tools: &Tools, from: &Path, to: &Path) -> Result<()> {
    let mut esbuild = tools.npm.program(&ESBUILD);
    esbuild.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
    esbuild.arg(format!("--outfile={}", to.display())).arg(from);
    silently("esbuild", esbuild.current_dir(&workspace.root))
}

/// Runs wasm-opt on wasm, and gives short names to what it and its glue call each other; each a file before and after.
pub fn shrink_both(
    workspace: &Workspace,
    tools: &Tools,
    (wasm, small): (&Path, &Path),
    (glue, short): (&Path, &Path),
) -> Result<()> {
    let mut opt = wasm_opt(workspace, tools, &[], wasm, small);
    let printed = output(opt.arg("--minify-imports-and-exports-and-modules"))?;
    let glue = fs::read_to_string(glue).with_context(|| format!("cannot read {}", glue.display()))?;
    fs::write(short, Names::read(&printed)?.apply(&glue)).with_context(|| format!("cannot write {}", short.display()))
}

/// Runs wasm-opt on wasm that needs these features besides the usual ones.
pub fn shrink(workspace: &Workspace, tools: &Tools, features: &[&str], from: &Path, to: &Path) -> Result<()> {
    silently("wasm-opt", &mut wasm_opt(workspace, tools, features, from, to))
}

fn wasm_opt(workspace: &Workspace, tools: &Tools, features: &[&str], from: &Path, to: &Path) -> Command {
    let mut opt = tools.npm.program(&WASM_OPT);
    // What has similar names has similar code: side by side it compresses better.
    opt.args(["-Oz", "--reorder-functions-by-name", "--strip-debug", "--strip-producers"]);
    opt.args(WASM_FEATURES).args(features);
    opt.arg(from).arg("--output").arg(to).current_dir(&workspace.root);
    opt
}

/// What the compiler turns on by default for the target.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

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
