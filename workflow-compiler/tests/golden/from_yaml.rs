/// `review:loop` 1.0.0 (`review-loop.yaml`)
///
/// Jumps and failures
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod review_loop {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `string`
        pub task: String,
    }
    record!(Inputs { "task" => task });

    /// The author's variables, review-loop.yaml:6
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `int`, review-loop.yaml:6
        pub rounds: i64,
        /// `string?`, review-loop.yaml:6
        pub draft: Option<String>,
        /// `object{confirmed: bool}?`, review-loop.yaml:6
        pub verdict: Option<Verdict>,
        /// `any`, review-loop.yaml:6
        pub notes: Value,
        /// `bool`, review-loop.yaml:6
        pub published: bool,
        /// `string?`, review-loop.yaml:51
        pub advice: Option<String>,
    }
    record!(State {
        "rounds" => rounds,
        "draft" => draft,
        "verdict" => verdict,
        "notes" => notes,
        "published" => published,
        "advice" => advice,
    });

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = Object;

    /// The shape of `state.verdict`
    #[derive(Clone, Debug, PartialEq)]
    pub struct Verdict {
        /// `bool`
        pub confirmed: bool,
    }
    record!(Verdict { "confirmed" => confirmed });

    /// The shape of `undo`
    #[derive(Clone, Debug, PartialEq)]
    pub struct UndoValue {
        /// `string`
        pub step_id: String,
        /// `string`
        pub code: String,
        /// `string`
        pub message: String,
        /// `int`
        pub attempts: i64,
    }
    record!(UndoValue {
        "step_id" => step_id,
        "code" => code,
        "message" => message,
        "attempts" => attempts,
    });

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug, PartialEq)]
    pub enum Position {
        /// `draft`, review-loop.yaml:11
        Draft {
            /// `int`
            jumps: i64,
        },
        /// `review`, review-loop.yaml:21
        Review {
            /// `int`
            jumps: i64,
        },
        /// `note`, review-loop.yaml:33
        Note {},
        /// `publish`, review-loop.yaml:38
        Publish {},
        /// `undo`, review-loop.yaml:48
        Undo {},
    }
    positions!(Position {
        "draft" => Draft { jumps },
        "review" => Review { jumps },
        "note" => Note {},
        "publish" => Publish {},
        "undo" => Undo {},
    });

    /// Where a run goes on, with what is kept for it
    #[derive(Clone, Debug, PartialEq)]
    pub enum Block {
        /// `begin`, review-loop.yaml:8: set_state, goes on
        Start,
        /// `begin`, review-loop.yaml:8: set_state
        Begin {
            /// `int`
            jumps: i64,
        },
        /// `draft`, review-loop.yaml:11: delegate
        Draft {
            /// `int`
            jumps: i64,
        },
        /// `count`, review-loop.yaml:17: set_state
        Count {
            /// `int`
            jumps: i64,
        },
        /// `review`, review-loop.yaml:21: prompt
        Review {
            /// `int`
            jumps: i64,
        },
        /// `again`, review-loop.yaml:27: goto
        Again {
            /// `int`
            jumps: i64,
        },
        /// `again`, review-loop.yaml:27: goto, goes on
        Again2 {
            /// `int`
            jumps: i64,
        },
        /// `again`, review-loop.yaml:27: goto, goes on
        Again3 {
            /// `int`
            jumps: i64,
        },
        /// `note`, review-loop.yaml:33: mcp_call
        Note,
        /// `publish`, review-loop.yaml:38: mcp_call
        Publish,
        /// `publish`, review-loop.yaml:38: mcp_call, goes on
        Publish2,
        /// `done`, review-loop.yaml:44: return
        Done,
        /// `undo`, review-loop.yaml:48: prompt
        Undo {
            /// `object{step_id: string, code: string, message: string, attempts: int}`
            error: UndoValue,
        },
        /// `undone`, review-loop.yaml:52: return
        Undone,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "review:loop",
            version: "1.0.0",
            description: "Jumps and failures",
            file: "review-loop.yaml",
            fingerprint: "3b16c353d6b14232",
            input_schema: r#"{"type":"object","properties":{"task":{"type":"string"}},"required":["task"],"additionalProperties":false}"#,
            steps: &[
                step("begin", "set_state", 8, 0),
                step("draft", "delegate", 11, 1),
                step("count", "set_state", 17, 2),
                step("review", "prompt", 21, 3),
                step("again", "goto", 27, 4),
                step("note", "mcp_call", 33, 5),
                step("publish", "mcp_call", 38, 6),
                step("done", "return", 44, 7),
                step("undo", "prompt", 48, 8),
                step("undone", "return", 52, 9),
            ],
            top_level_steps: 10,
            inline_task: false,
        };

        fn initial(
            _inputs: &Inputs,
            _item: &Item,
            _cx: &mut Context,
        ) -> Result<State, Fault> {
            Ok(State {
                rounds: 0,
                draft: None,
                verdict: None,
                notes: Value::Null,
                published: false,
                advice: None,
            })
        }

        fn entry() -> Block {
            Block::Start
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Start | Block::Begin { .. } => 0,
                Block::Draft { .. } => 1,
                Block::Count { .. } => 2,
                Block::Review { .. } => 3,
                Block::Again { .. } | Block::Again2 { .. } | Block::Again3 { .. } => 4,
                Block::Note => 5,
                Block::Publish | Block::Publish2 => 6,
                Block::Done => 7,
                Block::Undo { .. } => 8,
                Block::Undone => 9,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Draft { .. } => 1,
                Position::Review { .. } => 3,
                Position::Note { .. } => 5,
                Position::Publish { .. } => 6,
                Position::Undo { .. } => 8,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Start => start(),
                Block::Begin { jumps } => begin(run, jumps, cx),
                Block::Draft { jumps } => draft(&Draft::of(run), jumps),
                Block::Count { jumps } => count(run, jumps, cx),
                Block::Review { jumps } => review(&Review::of(run)?, jumps),
                Block::Again { jumps } => again(&Again::of(run)?, jumps),
                Block::Again2 { jumps } => again_2(jumps),
                Block::Again3 { jumps } => again_3(jumps),
                Block::Note => note(),
                Block::Publish => publish(&Publish::of(run)?),
                Block::Publish2 => publish_2(cx),
                Block::Done => done(&Done::of(run)),
                Block::Undo { error } => undo(error),
                Block::Undone => undone(&Undone::of(run)?),
            }
        }

        fn resume(
            position: Position,
            answer: &Value,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Stop> {
            match position {
                Position::Draft { jumps } => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(draft_answered(run, jumps, answer, cx)?)
                }
                Position::Review { jumps } => {
                    let answer: Verdict = Data::from_json(answer)?;
                    Ok(review_answered(run, jumps, answer, cx)?)
                }
                Position::Note {} => {
                    let answer: Value = Data::from_json(answer)?;
                    Ok(note_answered(run, answer, cx)?)
                }
                Position::Publish {} => {
                    let answer: Value = Data::from_json(answer)?;
                    Ok(publish_answered(answer)?)
                }
                Position::Undo {} => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(undo_answered(run, answer, cx)?)
                }
            }
        }

        fn caught(block: &Block) -> Option<Block> {
            match block {
                Block::Note { .. } => Some(Block::Publish),
                Block::Publish { .. } => Some(Block::Publish2),
                _ => None,
            }
        }

        fn failed(position: &Position) -> Option<Block> {
            match position {
                Position::Note { .. } => Some(Block::Publish),
                Position::Publish { .. } => Some(Block::Publish2),
                _ => None,
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `draft`, review-loop.yaml:11
        Draft(Handle<Machine, String>),
        /// `review`, review-loop.yaml:21
        Review(Handle<Machine, Verdict>),
        /// `note`, review-loop.yaml:33
        Note(Handle<Machine, Value>),
        /// `publish`, review-loop.yaml:38
        Publish(Handle<Machine, Value>),
        /// `undo`, review-loop.yaml:48
        Undo(Handle<Machine, String>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Draft { .. } => Waiting::Draft(paused.handle()),
                Position::Review { .. } => Waiting::Review(paused.handle()),
                Position::Note { .. } => Waiting::Note(paused.handle()),
                Position::Publish { .. } => Waiting::Publish(paused.handle()),
                Position::Undo { .. } => Waiting::Undo(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// `begin`, review-loop.yaml:8: set_state, goes on
    fn start() -> Result<Next<Machine>, Fault> {
        let jumps = 0;
        Ok(Next::Go(Block::Begin { jumps }))
    }

    /// `begin`, review-loop.yaml:8: set_state
    fn begin(
        run: &mut Run<Machine>,
        jumps: i64,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        let rounds = 0;
        run.state.rounds = rounds;
        cx.wrote("rounds", &run.state.rounds);
        Ok(Next::Go(Block::Draft { jumps }))
    }

    /// What `draft` may read
    struct Draft<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Draft<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// The instructions of `draft`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "Write about {{ view.inputs.task }}"
    )]
    struct DraftInstructions<'a> {
        view: &'a Draft<'a>,
    }

    /// `draft`, review-loop.yaml:11: delegate
    fn draft(view: &Draft<'_>, jumps: i64) -> Result<Next<Machine>, Fault> {
        let action = Action::Delegate {
            instructions: render(&DraftInstructions { view })?,
            agent: None,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: Some(60.0),
            retry: Some(Retry {
                max_attempts: 2,
                backoff_seconds: 5.0,
                backoff_factor: 2.0,
            }),
        };
        Ok(Next::Wait(Position::Draft { jumps }, wait))
    }

    /// `draft`, review-loop.yaml:11: goes on with the answer
    fn draft_answered(
        run: &mut Run<Machine>,
        jumps: i64,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.draft = Some(answer);
        cx.wrote("draft", &run.state.draft);
        Ok(Next::Go(Block::Count { jumps }))
    }

    /// What `count` may read
    struct Count {
        rounds: i64,
    }

    impl Count {
        fn of(run: &Run<Machine>) -> Self {
            Self { rounds: run.state.rounds }
        }
    }

    /// `count`, review-loop.yaml:17: set_state
    fn count(
        run: &mut Run<Machine>,
        jumps: i64,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        let view = &Count::of(run);
        let rounds = ops::add(&view.rounds, &1)?;
        run.state.rounds = rounds;
        cx.wrote("rounds", &run.state.rounds);
        Ok(Next::Go(Block::Review { jumps }))
    }

    /// What `review` may read
    struct Review<'a> {
        draft: &'a String,
    }

    impl<'a> Review<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                draft: ops::required(&run.state.draft, "draft")?,
            })
        }
    }

    /// The message of `review`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "Good? {{ view.draft }}"
    )]
    struct ReviewMessage<'a> {
        view: &'a Review<'a>,
    }

    /// `review`, review-loop.yaml:21: prompt
    fn review(view: &Review<'_>, jumps: i64) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Confirm,
            message: render(&ReviewMessage { view })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"object","properties":{"confirmed":{"type":"boolean"}},"required":["confirmed"],"additionalProperties":false}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Review { jumps }, wait))
    }

    /// `review`, review-loop.yaml:21: goes on with the answer
    fn review_answered(
        run: &mut Run<Machine>,
        jumps: i64,
        answer: Verdict,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.verdict = Some(answer);
        cx.wrote("verdict", &run.state.verdict);
        Ok(Next::Go(Block::Again { jumps }))
    }

    /// What `again` may read
    struct Again<'a> {
        verdict: &'a Verdict,
    }

    impl<'a> Again<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                verdict: ops::required(&run.state.verdict, "verdict")?,
            })
        }
    }

    /// `again`, review-loop.yaml:27: goto
    fn again(view: &Again<'_>, jumps: i64) -> Result<Next<Machine>, Fault> {
        let next = if !view.verdict.confirmed {
            Block::Again2 { jumps }
        } else {
            Block::Note
        };
        Ok(Next::Go(next))
    }

    /// `again`, review-loop.yaml:27: goto, goes on
    fn again_2(jumps: i64) -> Result<Next<Machine>, Fault> {
        let next = if jumps < 2 { Block::Again3 { jumps } } else { Block::Note };
        Ok(Next::Go(next))
    }

    /// `again`, review-loop.yaml:27: goto, goes on
    fn again_3(jumps: i64) -> Result<Next<Machine>, Fault> {
        let jumps = ops::add(&jumps, &1)?;
        Ok(Next::Go(Block::Draft { jumps }))
    }

    /// `note`, review-loop.yaml:33: mcp_call
    fn note() -> Result<Next<Machine>, Fault> {
        let action = Action::McpCall {
            tool: "notes.read".to_string(),
            parameters: Object::new(),
        };
        let wait = Wait {
            action,
            result_schema: "{}",
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Note {}, wait))
    }

    /// `note`, review-loop.yaml:33: goes on with the answer
    fn note_answered(
        run: &mut Run<Machine>,
        answer: Value,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.notes = answer;
        cx.wrote("notes", &run.state.notes);
        Ok(Next::Go(Block::Publish))
    }

    /// What `publish` may read
    struct Publish<'a> {
        draft: &'a String,
    }

    impl<'a> Publish<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                draft: ops::required(&run.state.draft, "draft")?,
            })
        }
    }

    /// `publish`, review-loop.yaml:38: mcp_call
    fn publish(view: &Publish<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::McpCall {
            tool: "registry.publish".to_string(),
            parameters: object([("text", view.draft.to_json())]),
        };
        let wait = Wait {
            action,
            result_schema: "{}",
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Publish {}, wait))
    }

    /// `publish`, review-loop.yaml:38: mcp_call, goes on
    fn publish_2(cx: &mut Context) -> Result<Next<Machine>, Fault> {
        let error: UndoValue = cx.caught()?;
        Ok(Next::Go(Block::Undo { error }))
    }

    /// `publish`, review-loop.yaml:38: goes on with the answer
    fn publish_answered(_answer: Value) -> Result<Next<Machine>, Fault> {
        Ok(Next::Go(Block::Done))
    }

    /// What `done` may read
    struct Done<'a> {
        rounds: i64,
        notes: &'a Value,
    }

    impl<'a> Done<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self {
                rounds: run.state.rounds,
                notes: &run.state.notes,
            }
        }
    }

    /// `done`, review-loop.yaml:44: return
    fn done(view: &Done<'_>) -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(Value::from(object([
            ("rounds", Value::from(view.rounds)),
            (
                "notes",
                filters::default_any(view.notes, &Value::from("none"), false),
            ),
        ]))))
    }

    /// The message of `undo`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "{{ error.code }}: {{ error.message }} ({{ error.attempts }} of {{ error.step_id }})"
    )]
    struct UndoMessage<'a> {
        error: &'a UndoValue,
    }

    /// `undo`, review-loop.yaml:48: prompt
    fn undo(error: UndoValue) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Text,
            message: render(&UndoMessage { error: &error })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Undo {}, wait))
    }

    /// `undo`, review-loop.yaml:48: goes on with the answer
    fn undo_answered(
        run: &mut Run<Machine>,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.advice = Some(answer);
        cx.wrote("advice", &run.state.advice);
        Ok(Next::Go(Block::Undone))
    }

    /// What `undone` may read
    struct Undone<'a> {
        advice: &'a String,
    }

    impl<'a> Undone<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                advice: ops::required(&run.state.advice, "advice")?,
            })
        }
    }

    /// `undone`, review-loop.yaml:52: return
    fn undone(view: &Undone<'_>) -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(Value::from(object([("advice", view.advice.to_json())]))))
    }
}

/// The compiled workflows
pub fn registry() -> ::workflow_runtime::registry::Registry {
    use ::std::sync::Arc;
    use ::workflow_runtime::machine::Compiled;
    let mut registry = ::workflow_runtime::registry::Registry::default();
    registry.register(Arc::new(Compiled::<review_loop::Machine>::new()));
    registry
}
