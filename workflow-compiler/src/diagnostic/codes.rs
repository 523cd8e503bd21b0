//! The codes: one line each. `docs/diagnostics/CODE.md` is the page of a code.

use super::Severity;

/// Declares the codes: variant, name, severity, and the page that `explain` prints
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $severity:ident,)*) => {
        /// Which of the known mistakes a diagnostic tells of
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code there is
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// Its name: `unknown-key`
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// How bad it is unless a check says otherwise
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// Its page, in Markdown
            #[must_use]
            pub fn page(self) -> &'static str {
                match self {
                    $(Code::$variant => include_str!(concat!("../../../docs/diagnostics/", $name, ".md")),)*
                }
            }
        }
    };
}

impl Code {
    /// What it means, in one line: the first of its page
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.page().lines().nth(2).unwrap_or_default()
    }
}

codes! {
    /// The text is not YAML
    YamlSyntax = "yaml-syntax" Error,
    /// Something is larger or deeper than is taken, or not yet supported
    Limit = "limit" Error,
    /// A key stands twice in one mapping
    DuplicateKey = "duplicate-key" Error,
    /// A key that nothing reads
    UnknownKey = "unknown-key" Error,
    /// A jump that could be taken for ever
    UnboundedGoto = "unbounded-goto" Error,
    /// A jump to a step that is not there
    UnknownStep = "unknown-step" Error,
    /// A key that must be there is not
    MissingKey = "missing-key" Error,
    /// A key's value is of a wrong kind
    WrongTypeOfKey = "wrong-type-of-key" Error,
    /// A name with characters that names cannot have
    InvalidName = "invalid-name" Error,
    /// A version that is not `major.minor.patch`
    InvalidVersion = "invalid-version" Error,
    /// An agent that is not `@name`
    InvalidAgent = "invalid-agent" Error,
    /// A duration that is not a number of seconds above 0
    InvalidDuration = "invalid-duration" Error,
    /// A default that its own schema refuses
    InvalidDefault = "invalid-default" Error,
    /// A pattern that is not a regular expression
    InvalidPattern = "invalid-pattern" Error,
    /// No step type of that name
    UnknownStepType = "unknown-step-type" Error,
    /// Two steps of one id
    DuplicateStepId = "duplicate-step-id" Error,
    /// Two workflows of one name
    DuplicateName = "duplicate-name" Error,
    /// A comment that was probably meant as text
    SwallowedComment = "swallowed-comment" Warning,
    /// A template that does not parse
    TemplateSyntax = "template-syntax" Error,
    /// A field that is read and not listed in `needs_state`
    UndeclaredState = "undeclared-state" Error,
    /// A field that nobody writes
    UnknownState = "unknown-state" Error,
    /// A field that is not written on every path to its reader
    MaybeUnassigned = "maybe-unassigned" Error,
    /// An input that is not declared
    UnknownInput = "unknown-input" Error,
    /// A variable that does not exist here
    UnknownVariable = "unknown-variable" Error,
    /// A function that does not exist
    UnknownFunction = "unknown-function" Error,
    /// A Rust function that workflows cannot call
    InvalidHostFunction = "invalid-host-function" Error,
    /// A filter that does not exist
    UnknownFilter = "unknown-filter" Error,
    /// A test that does not exist
    UnknownTest = "unknown-test" Error,
    /// A method that the value does not have
    UnknownMethod = "unknown-method" Error,
    /// Too many, too few or misnamed arguments
    WrongArguments = "wrong-arguments" Error,
    /// A value of one type where another is needed
    TypeMismatch = "type-mismatch" Error,
    /// A field that a known object does not have
    UnknownField = "unknown-field" Error,
    /// A value that may be null where it must not be
    MaybeNull = "maybe-null" Error,
    /// Two writers of a field with no common type
    ConflictingWrites = "conflicting-writes" Error,
    /// A task that no file and no inline task has
    UnknownTask = "unknown-task" Error,
    /// A workflow that no file has
    UnknownWorkflow = "unknown-workflow" Error,
    /// Inputs of a `workflow` step that its workflow does not take, or lacks
    WorkflowInputs = "workflow-inputs" Error,
    /// Items that do not fit the inputs of the child
    ItemMismatch = "item-mismatch" Error,
    /// A prompt that a sub-agent would have to answer
    PromptInSubAgent = "prompt-in-sub-agent" Error,
    /// Tasks that start each other without end
    RecursiveTasks = "recursive-tasks" Error,
    /// Tasks that start each other deeper than is taken
    TooDeep = "too-deep" Error,
    /// A tool that its server does not have
    ToolUnknown = "tool-unknown" Error,
    /// Parameters that a tool would refuse
    ToolArguments = "tool-arguments" Error,
    /// A `return` that does not fit the declared `output`
    ReturnTypeMismatch = "return-type-mismatch" Error,
    /// An agent function where no answer can be waited for
    AgentFunctionHere = "agent-function-here" Error,
    /// A step that no path reaches
    UnreachableStep = "unreachable-step" Error,
    /// A field listed in `needs_state` and not read
    UnusedNeedsState = "unused-needs-state" Warning,
    /// A field that no expression reads
    NeverReadState = "never-read-state" Warning,
    /// A test whose outcome is known before any run
    ConstantCondition = "constant-condition" Warning,
    /// Text from outside in a command, not quoted
    ShellInjection = "shell-injection" Warning,
    /// A `foreach` without `output_to`
    MissingOutput = "missing-output" Warning,
}
