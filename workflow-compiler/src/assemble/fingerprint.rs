//! What tells one meaning of a program from another.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::typed::{Field, Program, Step};

/// Changes whenever the program means something else: neither places and lines count, nor what is for
/// people to read or to find it by
pub(super) fn fingerprint(program: &Program) -> String {
    let digest = Sha256::digest(format!("{:?}", Meaning(program)));
    digest.iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// A program, written with all that counts
///
/// Runs in flight know the fingerprints of the builds before this one. So what does not count is
/// written as empty, as it has been since it was first there, and what came later is not written.
struct Meaning<'a>(&'a Program);

impl fmt::Debug for Meaning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Each field by its name, so that a new one is a decision.
        let Program {
            name,
            module,
            version,
            description,
            tags: _,
            file,
            inline_task,
            fingerprint: _,
            inputs,
            input_schema,
            item,
            state,
            state_line: _,
            steps,
            top_level_steps,
            blocks,
            temps,
            result,
            source: _,
            diagram: _,
            picture: _,
            locked: _,
        } = self.0;
        let state: Vec<Field> =
            state.iter().map(|field| Field { line: 0, ..field.clone() }).collect();
        let steps: Vec<Step> = steps.iter().map(|step| Step { line: 0, ..step.clone() }).collect();
        f.debug_struct("Program")
            .field("name", name)
            .field("module", module)
            .field("version", version)
            .field("description", description)
            .field("tags", &[(); 0])
            .field("file", file)
            .field("inline_task", inline_task)
            .field("fingerprint", &"")
            .field("inputs", inputs)
            .field("input_schema", input_schema)
            .field("item", item)
            .field("state", &state)
            .field("state_line", &0)
            .field("steps", &steps)
            .field("top_level_steps", top_level_steps)
            .field("blocks", blocks)
            .field("temps", temps)
            .field("result", result)
            .field("source", &"")
            .field("diagram", &"")
            .field("locked", &BTreeMap::<String, ()>::new())
            .finish()
    }
}
