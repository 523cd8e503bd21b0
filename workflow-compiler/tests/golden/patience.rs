/// `patience` 1.0.0 (`patience.yaml`)
///
/// Children that take too long, and what comes of it
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod patience {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `list<string>`
        pub files: Vec<String>,
    }
    variables!(Inputs { "files" => files: "list<string>" });

    /// The author's variables, patience.yaml:6
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `list<string>`, patience.yaml:6
        pub sizes: Vec<String>,
        /// `string?`, patience.yaml:6
        pub late: Option<String>,
    }
    variables!(State { "sizes" => sizes: "list<string>", "late" => late: "string?" });

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = Object;

    /// The shape of `ask`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct AskValue {
        /// `string`
        pub step_id: String,
        /// `string`
        pub code: String,
        /// `string`
        pub message: String,
        /// `int`
        pub attempts: i64,
    }
    record!(AskValue {
        "step_id" => step_id,
        "code" => code,
        "message" => message,
        "attempts" => attempts,
    });

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `measure`, patience.yaml:18
        Measure {},
        /// `ask`, patience.yaml:28
        Ask {},
    }
    positions!(Position {
        "measure" => Measure {}: live("foreach patience/measure", "list<string>", 0x6a7f71a0),
        "ask" => Ask {}: live("prompt text", "string", 0x00404e68),
    });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `measure`, patience.yaml:18: foreach
        Measure,
        /// `measure`, patience.yaml:18: foreach, goes on
        Measure2,
        /// `done`, patience.yaml:27: return
        Done,
        /// `ask`, patience.yaml:28: prompt
        Ask {
            /// `object{step_id: string, code: string, message: string, attempts: int}`
            error: AskValue,
        },
        /// `end`, patience.yaml:33: return
        End,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "patience",
            version: "1.0.0",
            description: "Children that take too long, and what comes of it",
            tags: &[],
            file: "patience.yaml",
            fingerprint: "7d9f32b9d94e1aa2",
            input_schema: r#"{"type":"object","properties":{"files":{"type":"array","items":{"type":"string"}}},"required":["files"],"additionalProperties":false}"#,
            steps: &[
                step("measure", "foreach", 18, 0),
                step("done", "return", 27, 1),
                step("ask", "prompt", 28, 2),
                step("end", "return", 33, 3),
            ],
            top_level_steps: 4,
            inline_task: false,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "null",
            result: "object",
            positions: Position::LIVE,
            source: SOURCE,
            diagram: DIAGRAM,
            picture: PICTURE,
        };

        fn initial(
            _inputs: &Inputs,
            _item: &Item,
            _cx: &mut Context,
        ) -> Result<State, Fault> {
            Ok(State {
                sizes: Vec::new(),
                late: None,
            })
        }

        fn entry() -> Block {
            Block::Measure
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Measure | Block::Measure2 => 0,
                Block::Done => 1,
                Block::Ask { .. } => 2,
                Block::End => 3,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Measure { .. } => 0,
                Position::Ask { .. } => 2,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Measure => measure(&Measure::of(run)),
                Block::Measure2 => measure_2(cx),
                Block::Done => done(&Done::of(run)),
                Block::Ask { error } => ask(error),
                Block::End => end(&End::of(run)?),
            }
        }

        fn resume(
            position: Position,
            answer: &Value,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Stop> {
            match position {
                Position::Measure {} => {
                    let answer: Vec<String> = Data::from_json(answer)?;
                    Ok(measure_answered(run, answer, cx)?)
                }
                Position::Ask {} => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(ask_answered(run, answer, cx)?)
                }
            }
        }

        fn caught(block: &Block) -> Option<Block> {
            match block {
                Block::Measure { .. } => Some(Block::Measure2),
                _ => None,
            }
        }

        fn failed(position: &Position) -> Option<Block> {
            match position {
                Position::Measure { .. } => Some(Block::Measure2),
                _ => None,
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `measure`, patience.yaml:18
        Measure(Handle<Machine, Vec<String>>),
        /// `ask`, patience.yaml:28
        Ask(Handle<Machine, String>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Measure { .. } => Waiting::Measure(paused.handle()),
                Position::Ask { .. } => Waiting::Ask(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `measure` may read
    struct Measure<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Measure<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// `measure`, patience.yaml:18: foreach
    fn measure(view: &Measure<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Foreach(Fork {
            program: "patience/measure".to_string(),
            children: children::whole(&view.inputs.files, "file"),
            agent: Some("@task".to_string()),
            concurrency: 10,
            keep_errors: false,
        });
        let wait = Wait {
            action,
            result_schema: r#"{"type":"array"}"#,
            timeout: Some(60.0),
            retry: Some(Retry {
                max_attempts: 2,
                backoff_seconds: 10.0,
                backoff_factor: 2.0,
            }),
        };
        Ok(Next::Wait(Position::Measure {}, wait))
    }

    /// `measure`, patience.yaml:18: foreach, goes on
    fn measure_2(cx: &mut Context) -> Result<Next<Machine>, Fault> {
        let error: AskValue = cx.caught()?;
        Ok(Next::Go(Block::Ask { error }))
    }

    /// `measure`, patience.yaml:18: goes on with the answer
    fn measure_answered(
        run: &mut Run<Machine>,
        answer: Vec<String>,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.sizes = answer;
        cx.wrote("sizes", &run.state.sizes);
        Ok(Next::Go(Block::Done))
    }

    /// What `done` may read
    struct Done<'a> {
        sizes: &'a Vec<String>,
    }

    impl<'a> Done<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { sizes: &run.state.sizes }
        }
    }

    /// `done`, patience.yaml:27: return
    fn done(view: &Done<'_>) -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(Value::from(object([("sizes", view.sizes.to_json())]))))
    }

    /// The message of `ask`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "{{ error.code }} at {{ error.step_id }} after {{ error.attempts }}: what now?"
    )]
    struct AskMessage<'a> {
        error: &'a AskValue,
    }

    /// `ask`, patience.yaml:28: prompt
    fn ask(error: AskValue) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Text,
            message: render(&AskMessage { error: &error })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: Some(30.0),
            retry: None,
        };
        Ok(Next::Wait(Position::Ask {}, wait))
    }

    /// `ask`, patience.yaml:28: goes on with the answer
    fn ask_answered(
        run: &mut Run<Machine>,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.late = Some(answer);
        cx.wrote("late", &run.state.late);
        Ok(Next::Go(Block::End))
    }

    /// What `end` may read
    struct End<'a> {
        late: &'a String,
    }

    impl<'a> End<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                late: ops::required(&run.state.late, "late")?,
            })
        }
    }

    /// `end`, patience.yaml:33: return
    fn end(view: &End<'_>) -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(Value::from(object([("late", view.late.to_json())]))))
    }

    /// The YAML that this is
    const SOURCE: &str = r#"name: patience
version: 1.0.0
description: Children that take too long, and what comes of it
inputs:
  files: { type: array, item_type: string, required: true }
initial_state: { sizes: [], late: null }
tasks:
  measure:
    inputs: { file: { type: string, required: true } }
    steps:
      - id: look
        type: delegate
        instructions: "How large is {{ inputs.file }}?"
        retry: { max_attempts: 2, backoff_seconds: 3 }
        output_to: size
      - { id: done, type: return, needs_state: [size], value: "{{ state.size }}" }
steps:
  - id: measure
    type: foreach
    items: "{{ inputs.files }}"
    task: measure
    agent: "@task"
    timeout: 60
    retry: { max_attempts: 2, backoff_seconds: 10 }
    on_error: ask
    output_to: sizes
  - { id: done, type: return, needs_state: [sizes], value: { sizes: "{{ state.sizes }}" } }
  - id: ask
    type: prompt
    message: "{{ error.code }} at {{ error.step_id }} after {{ error.attempts }}: what now?"
    timeout: 30
    output_to: late
  - { id: end, type: return, needs_state: [late], value: { late: "{{ state.late }}" } }
"#;
    /// Its steps, as a Mermaid flowchart
    const DIAGRAM: &str = r#"---
title: "patience 1.0.0"
---
flowchart TD
    n0(["start<br/>files"])
    n1["measure<br/>foreach · @task<br/>within 60 s · 2 attempts"]
    subgraph n1c ["measure"]
        n1c_0(["start<br/>file"])
        n1c_1["look<br/>delegate<br/>2 attempts"]
        n1c_2(["done<br/>return"])
        n1c_0 --> n1c_1
        n1c_1 --> n1c_2
    end
    n1 -.->|"each item"| n1c
    n2(["done<br/>return"])
    n3["ask<br/>prompt · text<br/>within 30 s"]
    n4(["end<br/>return"])
    n0 --> n1
    n1 --> n2
    n1 -.->|"on error"| n3
    n3 --> n4
    classDef asked stroke:#c77700,stroke-width:2px
    class n3 asked
    classDef agent stroke:#7a4fd0,stroke-width:2px
    class n1,n1c_1 agent
"#;
    /// The same, as SVG for a page
    const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 509 666" width="509" height="666" role="img" aria-labelledby="workflow-title workflow-description">
<title id="workflow-title">patience 1.0.0</title>
<desc id="workflow-description">Children that take too long, and what comes of it start → measure. measure → done. measure → ask (on error). ask → end.</desc>
<defs>
<marker id="workflow-arrow" class="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
<marker id="workflow-arrow-error" class="tip error" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
</defs>
<g class="panel">
<rect x="323" y="102" width="166" height="318" rx="8"/>
<text class="name" x="339" y="123">measure</text>
</g>
<path class="way" marker-end="url(#workflow-arrow)" d="M118 74L118 102"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M118 174L118 501"/>
<path class="way error" marker-end="url(#workflow-arrow-error)" d="M185 174L185 461Q185 468 192 468L245 468Q252 468 252 475L252 492"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M252 564L252 592"/>
<path class="way starts" marker-end="url(#workflow-arrow)" d="M216 138L323 138"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M406 206L406 234"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M406 306L406 334"/>
<g class="label error"><rect x="153" y="436" width="65" height="20" rx="4"/><text class="middle" x="185" y="450">on error</text></g>
<g class="label"><rect x="228" y="128" width="79" height="20" rx="4"/><text class="middle" x="267" y="142">each item</text></g>
<g class="node end">
<rect x="82" y="20" width="72" height="54" rx="27"/>
<text class="name middle" x="118" y="42">start</text>
<text class="more middle" x="118" y="60">files</text>
</g>
<g class="node agent" data-step="patience measure">
<title>measure: line 18</title>
<rect x="20" y="102" width="196" height="72" rx="6"/>
<text class="name middle" x="118" y="124">measure</text>
<text class="more middle" x="118" y="142">foreach · @task</text>
<text class="more middle" x="118" y="160">within 60 s · 2 attempts</text>
</g>
<g class="node end">
<rect x="370" y="152" width="72" height="54" rx="27"/>
<text class="name middle" x="406" y="174">start</text>
<text class="more middle" x="406" y="192">file</text>
</g>
<g class="node agent" data-step="patience/measure look">
<title>look: line 11</title>
<rect x="355" y="234" width="102" height="72" rx="6"/>
<text class="name middle" x="406" y="256">look</text>
<text class="more middle" x="406" y="274">delegate</text>
<text class="more middle" x="406" y="292">2 attempts</text>
</g>
<g class="node end" data-step="patience/measure done">
<title>done: line 16</title>
<rect x="367" y="334" width="78" height="54" rx="27"/>
<text class="name middle" x="406" y="356">done</text>
<text class="more middle" x="406" y="374">return</text>
</g>
<g class="node end" data-step="patience done">
<title>done: line 27</title>
<rect x="79" y="501" width="78" height="54" rx="27"/>
<text class="name middle" x="118" y="523">done</text>
<text class="more middle" x="118" y="541">return</text>
</g>
<g class="node asked" data-step="patience ask">
<title>ask: line 28</title>
<rect x="193" y="492" width="118" height="72" rx="6"/>
<text class="name middle" x="252" y="514">ask</text>
<text class="more middle" x="252" y="532">prompt · text</text>
<text class="more middle" x="252" y="550">within 30 s</text>
</g>
<g class="node end" data-step="patience end">
<title>end: line 33</title>
<rect x="213" y="592" width="78" height="54" rx="27"/>
<text class="name middle" x="252" y="614">end</text>
<text class="more middle" x="252" y="632">return</text>
</g>
</svg>
"#;
}

/// `patience/measure` 1.0.0 (`patience.yaml`)
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod patience_measure {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `string`
        pub file: String,
    }
    variables!(Inputs { "file" => file: "string" });

    /// The author's variables, patience.yaml:9
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `string?`, patience.yaml:15
        pub size: Option<String>,
    }
    variables!(State { "size" => size: "string?" });

    /// The item that a run is for
    pub type Item = String;

    /// What a run returns
    pub type Output = String;

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `look`, patience.yaml:11
        Look {},
    }
    positions!(Position { "look" => Look {}: live("delegate", "string", 0x00404e68) });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `look`, patience.yaml:11: delegate
        Look,
        /// `done`, patience.yaml:16: return
        Done,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "patience/measure",
            version: "1.0.0",
            description: "",
            tags: &[],
            file: "patience.yaml",
            fingerprint: "6f7ce18013d36c52",
            input_schema: r#"{"type":"object","properties":{"file":{"type":"string"}},"required":["file"],"additionalProperties":false}"#,
            steps: &[step("look", "delegate", 11, 0), step("done", "return", 16, 1)],
            top_level_steps: 2,
            inline_task: true,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "string",
            result: "string",
            positions: Position::LIVE,
            source: "",
            diagram: "",
            picture: "",
        };

        fn initial(
            _inputs: &Inputs,
            _item: &Item,
            _cx: &mut Context,
        ) -> Result<State, Fault> {
            Ok(State { size: None })
        }

        fn entry() -> Block {
            Block::Look
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Look => 0,
                Block::Done => 1,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Look { .. } => 0,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Look => look(&Look::of(run)),
                Block::Done => done(&Done::of(run)?),
            }
        }

        fn resume(
            position: Position,
            answer: &Value,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Stop> {
            match position {
                Position::Look {} => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(look_answered(run, answer, cx)?)
                }
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `look`, patience.yaml:11
        Look(Handle<Machine, String>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Look { .. } => Waiting::Look(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `look` may read
    struct Look<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Look<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// The instructions of `look`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "How large is {{ view.inputs.file }}?"
    )]
    struct LookInstructions<'a> {
        view: &'a Look<'a>,
    }

    /// `look`, patience.yaml:11: delegate
    fn look(view: &Look<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Delegate {
            instructions: render(&LookInstructions { view })?,
            agent: None,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: Some(Retry {
                max_attempts: 2,
                backoff_seconds: 3.0,
                backoff_factor: 2.0,
            }),
        };
        Ok(Next::Wait(Position::Look {}, wait))
    }

    /// `look`, patience.yaml:11: goes on with the answer
    fn look_answered(
        run: &mut Run<Machine>,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.size = Some(answer);
        cx.wrote("size", &run.state.size);
        Ok(Next::Go(Block::Done))
    }

    /// What `done` may read
    struct Done<'a> {
        size: &'a String,
    }

    impl<'a> Done<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                size: ops::required(&run.state.size, "size")?,
            })
        }
    }

    /// `done`, patience.yaml:16: return
    fn done(view: &Done<'_>) -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(view.size.to_json()))
    }
}

/// The compiled workflows
#[allow(clippy::too_many_lines, reason = "generated: a line for each workflow")]
pub fn registry() -> ::workflow_runtime::registry::Registry {
    use ::std::sync::Arc;
    use ::workflow_runtime::machine::Compiled;
    let mut registry = ::workflow_runtime::registry::Registry::default();
    registry.register(Arc::new(Compiled::new(&patience::Machine)));
    registry.register(Arc::new(Compiled::new(&patience_measure::Machine)));
    registry
}
