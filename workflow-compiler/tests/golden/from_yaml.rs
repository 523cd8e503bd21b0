/// `errands` 1.0.0 (`errands.yaml`)
///
/// Every way to wait, and workflows within workflows
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod errands {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `list<string>`
        pub files: Vec<String>,
        /// `any`
        pub rest: Value,
    }
    variables!(Inputs { "files" => files: "list<string>", "rest" => rest: "any" });

    /// The author's variables, errands.yaml:1
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `object{selected: string}?`, errands.yaml:29
        pub picked: Option<Picked>,
        /// `enum{short, longer}?`, errands.yaml:34
        pub title: Option<String>,
        /// `list<string?>?`, errands.yaml:41
        pub sizes: Option<Vec<Option<String>>>,
        /// `object{words: string, seconds: float}?`, errands.yaml:47
        pub plan: Option<Plan2>,
        /// `object{words: string, seconds: float}?`, errands.yaml:52
        pub other_plan: Option<Plan2>,
        /// `object{waited_seconds: float}?`, errands.yaml:57
        pub pause: Option<Pause2>,
        /// `object{acknowledged: bool}?`, errands.yaml:63
        pub told: Option<Told>,
    }
    variables!(State {
        "picked" => picked: "object{selected: string}?",
        "title" => title: "enum{short, longer}?",
        "sizes" => sizes: "list<string?>?",
        "plan" => plan: "object{words: string, seconds: float}?",
        "other_plan" => other_plan: "object{words: string, seconds: float}?",
        "pause" => pause: "object{waited_seconds: float}?",
        "told" => told: "object{acknowledged: bool}?",
    });

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = Returned;

    /// The shape of `state.picked`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Picked {
        /// `string`
        pub selected: String,
    }
    record!(Picked { "selected" => selected });

    /// The shape of `state.plan`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Plan2 {
        /// `string`
        pub words: String,
        /// `float`
        pub seconds: f64,
    }
    record!(Plan2 { "words" => words, "seconds" => seconds });

    /// The shape of `state.pause`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Pause2 {
        /// `float`
        pub waited_seconds: f64,
    }
    record!(Pause2 { "waited_seconds" => waited_seconds });

    /// The shape of `state.told`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Told {
        /// `bool`
        pub acknowledged: bool,
    }
    record!(Told { "acknowledged" => acknowledged });

    /// The shape of `result`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Returned {
        /// `string`
        pub picked: String,
        /// `list<string?>`
        pub sizes: Vec<Option<String>>,
        /// `string`
        pub plan: String,
        /// `string`
        pub other_plan: String,
        /// `bool`
        pub told: bool,
    }
    record!(Returned {
        "picked" => picked,
        "sizes" => sizes,
        "plan" => plan,
        "other_plan" => other_plan,
        "told" => told,
    });

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `pick`, errands.yaml:24
        Pick {},
        /// `name`, errands.yaml:30
        Name {},
        /// `measure`, errands.yaml:35
        Measure {},
        /// `plan`, errands.yaml:42
        Plan {},
        /// `plan-by-file`, errands.yaml:48
        PlanByFile {},
        /// `pause`, errands.yaml:53
        Pause {},
        /// `tell`, errands.yaml:58
        Tell {},
    }
    positions!(Position {
        "pick" => Pick {}: live("prompt choice", "object{selected: string}", 0x0e7d86bc).inputs(&["files", "rest"]),
        "name" => Name {}: live("prompt text", "enum{short, longer}", 0x07da4c4b).state(&[("picked", "object{selected: string}")]).inputs(&["files", "rest"]),
        "measure" => Measure {}: live("foreach errands/measure", "list<string?>", 0x6a7f71a0).state(&[("picked", "object{selected: string}"), ("title", "enum{short, longer}")]).inputs(&["rest"]),
        "plan" => Plan {}: live("workflow plan", "list<object{words: string, seconds: float}>", 0x6a7f71a0).state(&[("picked", "object{selected: string}"), ("sizes", "list<string?>")]),
        "plan-by-file" => PlanByFile {}: live("workflow plan", "list<object{words: string, seconds: float}>", 0x6a7f71a0).state(&[("picked", "object{selected: string}"), ("sizes", "list<string?>"), ("plan", "object{words: string, seconds: float}")]),
        "pause" => Pause {}: live("wait", "object{waited_seconds: float}", 0x44136fa3).state(&[("picked", "object{selected: string}"), ("sizes", "list<string?>"), ("plan", "object{words: string, seconds: float}"), ("other_plan", "object{words: string, seconds: float}")]),
        "tell" => Tell {}: live("prompt info", "object{acknowledged: bool}", 0x017c3458).state(&[("picked", "object{selected: string}"), ("sizes", "list<string?>"), ("plan", "object{words: string, seconds: float}"), ("other_plan", "object{words: string, seconds: float}")]),
    });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `pick`, errands.yaml:24: prompt
        Pick,
        /// `name`, errands.yaml:30: prompt
        Name,
        /// `measure`, errands.yaml:35: foreach
        Measure,
        /// `plan`, errands.yaml:42: workflow
        Plan,
        /// `plan-by-file`, errands.yaml:48: workflow
        PlanByFile,
        /// `pause`, errands.yaml:53: wait
        Pause,
        /// `tell`, errands.yaml:58: prompt
        Tell,
        /// `done`, errands.yaml:64: return
        Done,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "errands",
            version: "1.0.0",
            description: "Every way to wait, and workflows within workflows",
            tags: &["waiting", "children"],
            file: "errands.yaml",
            fingerprint: "60b0c3b3da139ec0",
            input_schema: r#"{"type":"object","properties":{"files":{"type":"array","items":{"type":"string"}},"rest":{}},"required":["files","rest"],"additionalProperties":false}"#,
            steps: &[
                step("pick", "prompt", 24, 0),
                step("name", "prompt", 30, 1),
                step("measure", "foreach", 35, 2),
                step("plan", "workflow", 42, 3),
                step("plan-by-file", "workflow", 48, 4),
                step("pause", "wait", 53, 5),
                step("tell", "prompt", 58, 6),
                step("done", "return", 64, 7),
            ],
            top_level_steps: 8,
            inline_task: false,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "null",
            result: "object{picked: string, sizes: list<string?>, plan: string, other_plan: string, told: bool}",
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
                picked: None,
                title: None,
                sizes: None,
                plan: None,
                other_plan: None,
                pause: None,
                told: None,
            })
        }

        fn entry() -> Block {
            Block::Pick
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Pick => 0,
                Block::Name => 1,
                Block::Measure => 2,
                Block::Plan => 3,
                Block::PlanByFile => 4,
                Block::Pause => 5,
                Block::Tell => 6,
                Block::Done => 7,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Pick { .. } => 0,
                Position::Name { .. } => 1,
                Position::Measure { .. } => 2,
                Position::Plan { .. } => 3,
                Position::PlanByFile { .. } => 4,
                Position::Pause { .. } => 5,
                Position::Tell { .. } => 6,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Pick => pick(&Pick::of(run)),
                Block::Name => name(),
                Block::Measure => measure(&Measure::of(run)),
                Block::Plan => plan(&Plan::of(run)?),
                Block::PlanByFile => plan_by_file(),
                Block::Pause => pause(&Pause::of(run)?, cx),
                Block::Tell => tell(&Tell::of(run)?),
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
                Position::Pick {} => {
                    let answer: Picked = Data::from_json(answer)?;
                    Ok(pick_answered(run, answer, cx)?)
                }
                Position::Name {} => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(name_answered(run, answer, cx)?)
                }
                Position::Measure {} => {
                    let answer: Vec<Option<String>> = Data::from_json(answer)?;
                    Ok(measure_answered(run, answer, cx)?)
                }
                Position::Plan {} => {
                    let answer: Vec<Plan2> = Data::from_json(answer)?;
                    Ok(plan_answered(run, answer, cx)?)
                }
                Position::PlanByFile {} => {
                    let answer: Vec<Plan2> = Data::from_json(answer)?;
                    Ok(plan_by_file_answered(run, answer, cx)?)
                }
                Position::Pause {} => {
                    let answer: Pause2 = Data::from_json(answer)?;
                    Ok(pause_answered(run, answer, cx)?)
                }
                Position::Tell {} => {
                    let answer: Told = Data::from_json(answer)?;
                    Ok(tell_answered(run, answer, cx)?)
                }
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `pick`, errands.yaml:24
        Pick(Handle<Machine, Picked>),
        /// `name`, errands.yaml:30
        Name(Handle<Machine, String>),
        /// `measure`, errands.yaml:35
        Measure(Handle<Machine, Vec<Option<String>>>),
        /// `plan`, errands.yaml:42
        Plan(Handle<Machine, Vec<Plan2>>),
        /// `plan-by-file`, errands.yaml:48
        PlanByFile(Handle<Machine, Vec<Plan2>>),
        /// `pause`, errands.yaml:53
        Pause(Handle<Machine, Pause2>),
        /// `tell`, errands.yaml:58
        Tell(Handle<Machine, Told>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Pick { .. } => Waiting::Pick(paused.handle()),
                Position::Name { .. } => Waiting::Name(paused.handle()),
                Position::Measure { .. } => Waiting::Measure(paused.handle()),
                Position::Plan { .. } => Waiting::Plan(paused.handle()),
                Position::PlanByFile { .. } => Waiting::PlanByFile(paused.handle()),
                Position::Pause { .. } => Waiting::Pause(paused.handle()),
                Position::Tell { .. } => Waiting::Tell(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `pick` may read
    struct Pick<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Pick<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// `pick`, errands.yaml:24: prompt
    fn pick(view: &Pick<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Choice,
            message: "Which file?".to_string(),
            options: view.inputs.files.clone(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"object","properties":{"selected":{"type":"string"}},"required":["selected"],"additionalProperties":false}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Pick {}, wait))
    }

    /// `pick`, errands.yaml:24: goes on with the answer
    fn pick_answered(
        run: &mut Run<Machine>,
        answer: Picked,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.picked = Some(answer);
        cx.wrote("picked", &run.state.picked);
        Ok(Next::Go(Block::Name))
    }

    /// `name`, errands.yaml:30: prompt
    fn name() -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Text,
            message: "A name for it?".to_string(),
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string","minLength":2,"enum":["short","longer"]}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Name {}, wait))
    }

    /// `name`, errands.yaml:30: goes on with the answer
    fn name_answered(
        run: &mut Run<Machine>,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.title = Some(answer);
        cx.wrote("title", &run.state.title);
        Ok(Next::Go(Block::Measure))
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

    /// `measure`, errands.yaml:35: foreach
    fn measure(view: &Measure<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Foreach(Fork {
            program: "errands/measure".to_string(),
            children: children::given(
                children::whole(&view.inputs.files, "file"),
                &object([("factor", Value::from(3))]),
            ),
            agent: None,
            concurrency: 10,
            keep_errors: true,
        });
        let wait = Wait {
            action,
            result_schema: r#"{"type":"array"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Measure {}, wait))
    }

    /// `measure`, errands.yaml:35: goes on with the answer
    fn measure_answered(
        run: &mut Run<Machine>,
        answer: Vec<Option<String>>,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.sizes = Some(answer);
        cx.wrote("sizes", &run.state.sizes);
        Ok(Next::Go(Block::Plan))
    }

    /// What `plan` may read
    struct Plan<'a> {
        inputs: &'a Inputs,
        title: &'a String,
    }

    impl<'a> Plan<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                inputs: &run.inputs,
                title: ops::required(&run.state.title, "title")?,
            })
        }
    }

    /// `plan`, errands.yaml:42: workflow
    fn plan(view: &Plan<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Foreach(Fork {
            program: "plan".to_string(),
            children: children::one(object([
                (
                    "tone",
                    Value::from(
                        ops::fitting::<
                            _,
                            String,
                        >(
                            ops::field(&view.inputs.rest, "tone")?,
                            r#"{"type":"string","enum":["calm","sharp"]}"#,
                        )?,
                    ),
                ),
                ("title", view.title.to_json()),
            ])),
            agent: None,
            concurrency: 1,
            keep_errors: false,
        });
        let wait = Wait {
            action,
            result_schema: r#"{"type":"array"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Plan {}, wait))
    }

    /// `plan`, errands.yaml:42: goes on with the answer
    fn plan_answered(
        run: &mut Run<Machine>,
        answer: Vec<Plan2>,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        let result = ops::index(&answer, 0)?;
        run.state.plan = Some(result);
        cx.wrote("plan", &run.state.plan);
        Ok(Next::Go(Block::PlanByFile))
    }

    /// `plan-by-file`, errands.yaml:48: workflow
    fn plan_by_file() -> Result<Next<Machine>, Fault> {
        let action = Action::Foreach(Fork {
            program: "plan".to_string(),
            children: children::one(
                object([("tone", Value::from("calm")), ("title", Value::from("longer"))]),
            ),
            agent: None,
            concurrency: 1,
            keep_errors: false,
        });
        let wait = Wait {
            action,
            result_schema: r#"{"type":"array"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::PlanByFile {}, wait))
    }

    /// `plan-by-file`, errands.yaml:48: goes on with the answer
    fn plan_by_file_answered(
        run: &mut Run<Machine>,
        answer: Vec<Plan2>,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        let result = ops::index(&answer, 0)?;
        run.state.other_plan = Some(result);
        cx.wrote("other_plan", &run.state.other_plan);
        Ok(Next::Go(Block::Pause))
    }

    /// What `pause` may read
    struct Pause<'a> {
        plan: &'a Plan2,
    }

    impl<'a> Pause<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                plan: ops::required(&run.state.plan, "plan")?,
            })
        }
    }

    /// `pause`, errands.yaml:53: wait
    fn pause(view: &Pause<'_>, cx: &mut Context) -> Result<Next<Machine>, Fault> {
        let action = Action::Wait {
            resume_at: cx.after(Number::from(view.plan.seconds))?,
            message: None,
        };
        let wait = Wait {
            action,
            result_schema: "{}",
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Pause {}, wait))
    }

    /// `pause`, errands.yaml:53: goes on with the answer
    fn pause_answered(
        run: &mut Run<Machine>,
        answer: Pause2,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.pause = Some(answer);
        cx.wrote("pause", &run.state.pause);
        Ok(Next::Go(Block::Tell))
    }

    /// What `tell` may read
    struct Tell<'a> {
        pause: &'a Pause2,
    }

    impl<'a> Tell<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                pause: ops::required(&run.state.pause, "pause")?,
            })
        }
    }

    /// The message of `tell`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "Waited {{ self.waited_seconds() }}"
    )]
    struct TellMessage<'a> {
        view: &'a Tell<'a>,
    }

    impl TellMessage<'_> {
        fn waited_seconds(&self) -> String {
            self.view.pause.waited_seconds.show().into_owned()
        }
    }

    /// `tell`, errands.yaml:58: prompt
    fn tell(view: &Tell<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Info,
            message: render(&TellMessage { view })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"object","properties":{"acknowledged":{"type":"boolean"}},"required":["acknowledged"],"additionalProperties":false}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Tell {}, wait))
    }

    /// `tell`, errands.yaml:58: goes on with the answer
    fn tell_answered(
        run: &mut Run<Machine>,
        answer: Told,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.told = Some(answer);
        cx.wrote("told", &run.state.told);
        Ok(Next::Go(Block::Done))
    }

    /// What `done` may read
    struct Done<'a> {
        picked: &'a Picked,
        sizes: &'a Vec<Option<String>>,
        plan: &'a Plan2,
        other_plan: &'a Plan2,
        told: &'a Told,
    }

    impl<'a> Done<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                picked: ops::required(&run.state.picked, "picked")?,
                sizes: ops::required(&run.state.sizes, "sizes")?,
                plan: ops::required(&run.state.plan, "plan")?,
                other_plan: ops::required(&run.state.other_plan, "other_plan")?,
                told: ops::required(&run.state.told, "told")?,
            })
        }
    }

    /// `done`, errands.yaml:64: return
    fn done(view: &Done<'_>) -> Result<Next<Machine>, Fault> {
        let output: Output = Returned {
            picked: view.picked.selected.clone(),
            sizes: view.sizes.clone(),
            plan: view.plan.words.clone(),
            other_plan: view.other_plan.words.clone(),
            told: view.told.acknowledged,
        };
        Ok(Next::Return(output.to_json()))
    }

    /// The YAML that this is
    const SOURCE: &str = r#"name: errands
version: 1.0.0
description: Every way to wait, and workflows within workflows
tags: [waiting, children]
inputs:
  files: { type: array, item_type: string, required: true }
  rest: { type: any, required: true }
tasks:
  measure:
    inputs: { file: { type: string, required: true }, factor: { type: integer, default: 2 } }
    steps:
      - id: count
        type: shell
        command: "wc -c {{ index }}-of-{{ total }} {{ inputs.factor }}"
        output_to: counted
      - id: fail-on-error
        type: condition
        needs_state: [counted]
        if: state.counted.exit_code != 0
        then:
          - { id: wait-for-less, type: wait, needs_state: [counted], duration_seconds: "{{ 0 - state.counted.exit_code }}" }
      - { id: done, type: return, needs_state: [counted], value: "{{ inputs.file }}: {{ state.counted.stdout ~ state.counted.stderr }}" }
steps:
  - id: pick
    type: prompt
    kind: choice
    message: Which file?
    options: "{{ inputs.files }}"
    output_to: picked
  - id: name
    type: prompt
    message: A name for it?
    validation: { min_length: 2, enum: [short, longer] }
    output_to: title
  - id: measure
    type: foreach
    items: "{{ inputs.files }}"
    task: measure
    inputs: { factor: 3 }
    on_child_error: keep
    output_to: sizes
  - id: plan
    type: workflow
    needs_state: [title]
    workflow: plan
    inputs: { tone: "{{ inputs.rest.tone }}", title: "{{ state.title }}" }
    output_to: plan
  - id: plan-by-file
    type: workflow
    workflow: plan-1
    inputs: { tone: calm, title: longer }
    output_to: other_plan
  - id: pause
    type: wait
    needs_state: [plan]
    duration_seconds: "{{ state.plan.seconds }}"
    output_to: pause
  - id: tell
    type: prompt
    kind: info
    needs_state: [pause]
    message: "Waited {{ state.pause.waited_seconds }}"
    output_to: told
  - id: done
    type: return
    needs_state: [picked, sizes, plan, other_plan, told]
    value:
      picked: "{{ state.picked.selected }}"
      sizes: "{{ state.sizes }}"
      plan: "{{ state.plan.words }}"
      other_plan: "{{ state.other_plan.words }}"
      told: "{{ state.told.acknowledged }}"
"#;
    /// Its steps, as a Mermaid flowchart
    const DIAGRAM: &str = r#"---
title: "errands 1.0.0"
---
flowchart TD
    n0(["start<br/>files, rest"])
    n1["pick<br/>prompt · choice"]
    n2["name<br/>prompt · text"]
    n3["measure<br/>foreach"]
    subgraph n3c ["measure"]
        n3c_0(["start<br/>file, factor"])
        n3c_1["count<br/>shell · wc -c #123;#123; index #125;#125;-of-#123;#123; total #125;#125; #123;#123;…"]
        n3c_2{{"fail-on-error<br/>state.counted.exit_code != 0?"}}
        n3c_3["wait-for-less<br/>wait · 0 - state.counted.exit_code s"]
        n3c_4(["done<br/>return"])
        n3c_0 --> n3c_1
        n3c_1 --> n3c_2
        n3c_2 -->|"yes"| n3c_3
        n3c_2 -->|"no"| n3c_4
        n3c_3 --> n3c_4
    end
    n3 -.->|"each item"| n3c
    n4["plan<br/>workflow"]
    n4c[["plan"]]
    n4 -.->|"runs"| n4c
    n5["plan-by-file<br/>workflow"]
    n5c[["plan-1 (plan)"]]
    n5 -.->|"runs"| n5c
    n6["pause<br/>wait · state.plan.seconds s"]
    n7["tell<br/>prompt · info"]
    n8(["done<br/>return"])
    n0 --> n1
    n1 --> n2
    n2 --> n3
    n3 --> n4
    n4 --> n5
    n5 --> n6
    n6 --> n7
    n7 --> n8
    classDef asked stroke:#c77700,stroke-width:2px
    class n1,n2,n7 asked
    classDef agent stroke:#7a4fd0,stroke-width:2px
    class n3,n4,n5 agent
    classDef tool stroke:#0b8a72,stroke-width:2px
    class n3c_1 tool
"#;
    /// The same, as SVG for a page
    const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 708 1216" width="708" height="1216" role="img" aria-labelledby="workflow-title workflow-description">
<title id="workflow-title">errands 1.0.0</title>
<desc id="workflow-description">Every way to wait, and workflows within workflows start → pick. pick → name. name → measure. measure → plan. plan → plan-by-file. plan-by-file → pause. pause → tell. tell → done.</desc>
<defs>
<marker id="workflow-arrow" class="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
<marker id="workflow-arrow-error" class="tip error" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
</defs>
<g class="panel">
<rect x="283" y="266" width="405" height="520" rx="8"/>
<text class="name" x="299" y="287">measure</text>
</g>
<path class="way" marker-end="url(#workflow-arrow)" d="M130 74L130 102"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M130 156L130 184"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M130 238L130 266"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M130 320L130 814"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M130 868L130 896"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M130 950L130 978"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M130 1032L130 1060"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M130 1114L130 1142"/>
<path class="way starts" marker-end="url(#workflow-arrow)" d="M176 293L283 293"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M484 370L484 398"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M484 452L484 480"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M484 534L484 606"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M594 534L594 543Q594 550 601 550L635 550Q642 550 642 557L642 669Q642 676 635 676L491 676Q484 676 484 683L484 700"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M484 660L484 700"/>
<path class="way starts" marker-end="url(#workflow-arrow)" d="M177 841L245 841"/>
<path class="way starts" marker-end="url(#workflow-arrow)" d="M187 923L255 923"/>
<g class="label"><rect x="188" y="283" width="79" height="20" rx="4"/><text class="middle" x="227" y="297">each item</text></g>
<g class="label"><rect x="467" y="562" width="35" height="20" rx="4"/><text class="middle" x="484" y="576">yes</text></g>
<g class="label"><rect x="629" y="562" width="27" height="20" rx="4"/><text class="middle" x="642" y="576">no</text></g>
<g class="label"><rect x="189" y="831" width="40" height="20" rx="4"/><text class="middle" x="209" y="845">runs</text></g>
<g class="label"><rect x="199" y="913" width="40" height="20" rx="4"/><text class="middle" x="219" y="927">runs</text></g>
<g class="node end">
<rect x="78" y="20" width="104" height="54" rx="27"/>
<text class="name middle" x="130" y="42">start</text>
<text class="more middle" x="130" y="60">files, rest</text>
</g>
<g class="node asked" data-step="errands pick">
<title>pick: line 24</title>
<rect x="61" y="102" width="138" height="54" rx="6"/>
<text class="name middle" x="130" y="124">pick</text>
<text class="more middle" x="130" y="142">prompt · choice</text>
</g>
<g class="node asked" data-step="errands name">
<title>name: line 30</title>
<rect x="71" y="184" width="118" height="54" rx="6"/>
<text class="name middle" x="130" y="206">name</text>
<text class="more middle" x="130" y="224">prompt · text</text>
</g>
<g class="node agent" data-step="errands measure">
<title>measure: line 35</title>
<rect x="84" y="266" width="92" height="54" rx="6"/>
<text class="name middle" x="130" y="288">measure</text>
<text class="more middle" x="130" y="306">foreach</text>
</g>
<g class="node end">
<rect x="429" y="316" width="110" height="54" rx="27"/>
<text class="name middle" x="484" y="338">start</text>
<text class="more middle" x="484" y="356">file, factor</text>
</g>
<g class="node tool" data-step="errands/measure count">
<title>count: line 12</title>
<rect x="315" y="398" width="338" height="54" rx="6"/>
<text class="name middle" x="484" y="420">count</text>
<text class="more middle" x="484" y="438">shell · wc -c {{ index }}-of-{{ total }} {{…</text>
</g>
<g class="node decision" data-step="errands/measure fail-on-error">
<title>fail-on-error: line 16</title>
<path d="M374 480H594L610 507L594 534H374L358 507z"/>
<text class="name middle" x="484" y="502">fail-on-error</text>
<text class="more middle" x="484" y="520">state.counted.exit_code != 0?</text>
</g>
<g class="node server" data-step="errands/measure wait-for-less">
<title>wait-for-less: line 21</title>
<rect x="345" y="606" width="278" height="54" rx="6"/>
<text class="name middle" x="484" y="628">wait-for-less</text>
<text class="more middle" x="484" y="646">wait · 0 - state.counted.exit_code s</text>
</g>
<g class="node end" data-step="errands/measure done">
<title>done: line 22</title>
<rect x="445" y="700" width="78" height="54" rx="27"/>
<text class="name middle" x="484" y="722">done</text>
<text class="more middle" x="484" y="740">return</text>
</g>
<g class="node agent" data-step="errands plan">
<title>plan: line 42</title>
<rect x="83" y="814" width="94" height="54" rx="6"/>
<text class="name middle" x="130" y="836">plan</text>
<text class="more middle" x="130" y="854">workflow</text>
</g>
<g class="node child">
<rect x="245" y="823" width="72" height="36"/>
<path d="M251 823v36M311 823v36"/>
<text class="name middle" x="281" y="845">plan</text>
</g>
<g class="node agent" data-step="errands plan-by-file">
<title>plan-by-file: line 48</title>
<rect x="73" y="896" width="114" height="54" rx="6"/>
<text class="name middle" x="130" y="918">plan-by-file</text>
<text class="more middle" x="130" y="936">workflow</text>
</g>
<g class="node child">
<rect x="255" y="905" width="136" height="36"/>
<path d="M261 905v36M385 905v36"/>
<text class="name middle" x="323" y="927">plan-1 (plan)</text>
</g>
<g class="node server" data-step="errands pause">
<title>pause: line 53</title>
<rect x="20" y="978" width="220" height="54" rx="6"/>
<text class="name middle" x="130" y="1000">pause</text>
<text class="more middle" x="130" y="1018">wait · state.plan.seconds s</text>
</g>
<g class="node asked" data-step="errands tell">
<title>tell: line 58</title>
<rect x="71" y="1060" width="118" height="54" rx="6"/>
<text class="name middle" x="130" y="1082">tell</text>
<text class="more middle" x="130" y="1100">prompt · info</text>
</g>
<g class="node end" data-step="errands done">
<title>done: line 64</title>
<rect x="91" y="1142" width="78" height="54" rx="27"/>
<text class="name middle" x="130" y="1164">done</text>
<text class="more middle" x="130" y="1182">return</text>
</g>
</svg>
"#;
}

/// `errands/measure` 1.0.0 (`errands.yaml`)
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod errands_measure {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `string`
        pub file: String,
        /// `int`
        pub factor: i64,
    }
    variables!(Inputs { "file" => file: "string", "factor" => factor: "int" });

    /// The author's variables, errands.yaml:10
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `object{stdout: string, stderr: string, exit_code: int, duration: float}?`, errands.yaml:15
        pub counted: Option<Counted>,
    }
    variables!(State {
        "counted" => counted: "object{stdout: string, stderr: string, exit_code: int, duration: float}?",
    });

    /// The item that a run is for
    pub type Item = String;

    /// What a run returns
    pub type Output = String;

    /// The shape of `state.counted`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Counted {
        /// `string`
        pub stdout: String,
        /// `string`
        pub stderr: String,
        /// `int`
        pub exit_code: i64,
        /// `float`
        pub duration: f64,
    }
    record!(Counted {
        "stdout" => stdout,
        "stderr" => stderr,
        "exit_code" => exit_code,
        "duration" => duration,
    });

    /// The shape of `wait-for-less.answer`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct WaitForLessAnswer {
        /// `float`
        pub waited_seconds: f64,
    }
    record!(WaitForLessAnswer { "waited_seconds" => waited_seconds });

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `count`, errands.yaml:12
        Count {},
        /// `wait-for-less`, errands.yaml:21
        WaitForLess {},
    }
    positions!(Position {
        "count" => Count {}: live("shell", "object{stdout: string, stderr: string, exit_code: int, duration: float}", 0xf61e5d93).inputs(&["file"]),
        "wait-for-less" => WaitForLess {}: live("wait", "object{waited_seconds: float}", 0x44136fa3).state(&[("counted", "object{stdout: string, stderr: string, exit_code: int, duration: float}")]).inputs(&["file"]),
    });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `count`, errands.yaml:12: shell
        Count,
        /// `fail-on-error`, errands.yaml:16: condition
        FailOnError,
        /// `wait-for-less`, errands.yaml:21: wait
        WaitForLess,
        /// `done`, errands.yaml:22: return
        Done,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "errands/measure",
            version: "1.0.0",
            description: "",
            tags: &[],
            file: "errands.yaml",
            fingerprint: "dd8903f26fa8b4f4",
            input_schema: r#"{"type":"object","properties":{"file":{"type":"string"},"factor":{"type":"integer","default":2}},"required":["file"],"additionalProperties":false}"#,
            steps: &[
                step("count", "shell", 12, 0),
                step("fail-on-error", "condition", 16, 1),
                step("wait-for-less", "wait", 21, 1),
                step("done", "return", 22, 2),
            ],
            top_level_steps: 3,
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
            Ok(State { counted: None })
        }

        fn entry() -> Block {
            Block::Count
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Count => 0,
                Block::FailOnError => 1,
                Block::WaitForLess => 2,
                Block::Done => 3,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Count { .. } => 0,
                Position::WaitForLess { .. } => 2,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Count => count(&Count::of(run)),
                Block::FailOnError => fail_on_error(&FailOnError::of(run)?),
                Block::WaitForLess => wait_for_less(&WaitForLess::of(run)?, cx),
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
                Position::Count {} => {
                    let answer: Counted = Data::from_json(answer)?;
                    Ok(count_answered(run, answer, cx)?)
                }
                Position::WaitForLess {} => {
                    let answer: WaitForLessAnswer = Data::from_json(answer)?;
                    Ok(wait_for_less_answered(answer)?)
                }
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `count`, errands.yaml:12
        Count(Handle<Machine, Counted>),
        /// `wait-for-less`, errands.yaml:21
        WaitForLess(Handle<Machine, WaitForLessAnswer>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Count { .. } => Waiting::Count(paused.handle()),
                Position::WaitForLess { .. } => Waiting::WaitForLess(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `count` may read
    struct Count<'a> {
        inputs: &'a Inputs,
        place: Place,
    }

    impl<'a> Count<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self {
                inputs: &run.inputs,
                place: run.place,
            }
        }
    }

    /// The command of `count`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "wc -c {{ self.place() }}-of-{{ self.place_2() }} {{ view.inputs.factor }}"
    )]
    struct CountCommand<'a> {
        view: &'a Count<'a>,
    }

    impl CountCommand<'_> {
        fn place(&self) -> String {
            (self.view.place.index as i64).to_string()
        }

        fn place_2(&self) -> String {
            (self.view.place.total as i64).to_string()
        }
    }

    /// `count`, errands.yaml:12: shell
    fn count(view: &Count<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Shell {
            command: render(&CountCommand { view })?,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"object","properties":{"stdout":{"type":"string"},"exit_code":{"type":"integer"},"stderr":{"type":"string"}},"required":["stdout","exit_code"]}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Count {}, wait))
    }

    /// `count`, errands.yaml:12: goes on with the answer
    fn count_answered(
        run: &mut Run<Machine>,
        answer: Counted,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.counted = Some(answer);
        cx.wrote("counted", &run.state.counted);
        Ok(Next::Go(Block::FailOnError))
    }

    /// What `fail-on-error` may read
    struct FailOnError<'a> {
        counted: &'a Counted,
    }

    impl<'a> FailOnError<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                counted: ops::required(&run.state.counted, "counted")?,
            })
        }
    }

    /// `fail-on-error`, errands.yaml:16: condition
    fn fail_on_error(view: &FailOnError<'_>) -> Result<Next<Machine>, Fault> {
        let next = if view.counted.exit_code != 0 {
            Block::WaitForLess
        } else {
            Block::Done
        };
        Ok(Next::Go(next))
    }

    /// What `wait-for-less` may read
    struct WaitForLess<'a> {
        counted: &'a Counted,
    }

    impl<'a> WaitForLess<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                counted: ops::required(&run.state.counted, "counted")?,
            })
        }
    }

    /// `wait-for-less`, errands.yaml:21: wait
    fn wait_for_less(
        view: &WaitForLess<'_>,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        let action = Action::Wait {
            resume_at: cx.after(Number::from(ops::sub(&0, &view.counted.exit_code)?))?,
            message: None,
        };
        let wait = Wait {
            action,
            result_schema: "{}",
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::WaitForLess {}, wait))
    }

    /// `wait-for-less`, errands.yaml:21: goes on with the answer
    fn wait_for_less_answered(
        _answer: WaitForLessAnswer,
    ) -> Result<Next<Machine>, Fault> {
        Ok(Next::Go(Block::Done))
    }

    /// What `done` may read
    struct Done<'a> {
        inputs: &'a Inputs,
        counted: &'a Counted,
    }

    impl<'a> Done<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                inputs: &run.inputs,
                counted: ops::required(&run.state.counted, "counted")?,
            })
        }
    }

    /// `done`, errands.yaml:22: return
    fn done(view: &Done<'_>) -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(Value::from(format!(
            "{}: {}",
            view.inputs.file,
            ops::concat(&[&view.counted.stdout, &view.counted.stderr])?,
        ))))
    }
}

/// `plan` 1.9.0 (`plan-1.yaml`)
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod plan_1 {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `string`
        pub title: String,
    }
    variables!(Inputs { "title" => title: "string" });

    /// The author's variables, plan-1.yaml:1
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `string?`, plan-1.yaml:6
        pub words: Option<String>,
        /// `list<string>?`, plan-1.yaml:7
        pub parts: Option<Vec<String>>,
    }
    variables!(State { "words" => words: "string?", "parts" => parts: "list<string>?" });

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = String;

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `ask`, plan-1.yaml:6
        Ask {},
        /// `each`, plan-1.yaml:7
        Each {},
    }
    positions!(Position {
        "ask" => Ask {}: live("prompt text", "string", 0x00404e68),
        "each" => Each {}: live("foreach plan/part", "list<string>", 0x6a7f71a0).state(&[("words", "string")]),
    });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `ask`, plan-1.yaml:6: prompt
        Ask,
        /// `each`, plan-1.yaml:7: foreach
        Each,
        /// `done`, plan-1.yaml:8: return
        Done,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "plan",
            version: "1.9.0",
            description: "",
            tags: &[],
            file: "plan-1.yaml",
            fingerprint: "c79479d56a05902f",
            input_schema: r#"{"type":"object","properties":{"title":{"type":"string"}},"required":["title"],"additionalProperties":false}"#,
            steps: &[
                step("ask", "prompt", 6, 0),
                step("each", "foreach", 7, 1),
                step("done", "return", 8, 2),
            ],
            top_level_steps: 3,
            inline_task: false,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "null",
            result: "string",
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
            Ok(State { words: None, parts: None })
        }

        fn entry() -> Block {
            Block::Ask
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Ask => 0,
                Block::Each => 1,
                Block::Done => 2,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Ask { .. } => 0,
                Position::Each { .. } => 1,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Ask => ask(&Ask::of(run)),
                Block::Each => each(),
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
                Position::Ask {} => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(ask_answered(run, answer, cx)?)
                }
                Position::Each {} => {
                    let answer: Vec<String> = Data::from_json(answer)?;
                    Ok(each_answered(run, answer, cx)?)
                }
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `ask`, plan-1.yaml:6
        Ask(Handle<Machine, String>),
        /// `each`, plan-1.yaml:7
        Each(Handle<Machine, Vec<String>>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Ask { .. } => Waiting::Ask(paused.handle()),
                Position::Each { .. } => Waiting::Each(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `ask` may read
    struct Ask<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Ask<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// The message of `ask`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "Old plan for {{ view.inputs.title }}?"
    )]
    struct AskMessage<'a> {
        view: &'a Ask<'a>,
    }

    /// `ask`, plan-1.yaml:6: prompt
    fn ask(view: &Ask<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Text,
            message: render(&AskMessage { view })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Ask {}, wait))
    }

    /// `ask`, plan-1.yaml:6: goes on with the answer
    fn ask_answered(
        run: &mut Run<Machine>,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.words = Some(answer);
        cx.wrote("words", &run.state.words);
        Ok(Next::Go(Block::Each))
    }

    /// `each`, plan-1.yaml:7: foreach
    fn each() -> Result<Next<Machine>, Fault> {
        let action = Action::Foreach(Fork {
            program: "plan/part".to_string(),
            children: children::bare(&vec![1]),
            agent: None,
            concurrency: 10,
            keep_errors: false,
        });
        let wait = Wait {
            action,
            result_schema: r#"{"type":"array"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Each {}, wait))
    }

    /// `each`, plan-1.yaml:7: goes on with the answer
    fn each_answered(
        run: &mut Run<Machine>,
        answer: Vec<String>,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.parts = Some(answer);
        cx.wrote("parts", &run.state.parts);
        Ok(Next::Go(Block::Done))
    }

    /// What `done` may read
    struct Done<'a> {
        words: &'a String,
        parts: &'a Vec<String>,
    }

    impl<'a> Done<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                words: ops::required(&run.state.words, "words")?,
                parts: ops::required(&run.state.parts, "parts")?,
            })
        }
    }

    /// `done`, plan-1.yaml:8: return
    fn done(view: &Done<'_>) -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(
            Value::from(ops::concat(&[view.words, &ops::index(view.parts, 0)?])?),
        ))
    }

    /// The YAML that this is
    const SOURCE: &str = r#"name: plan
version: 1.9.0
inputs:
  title: { type: string, required: true }
steps:
  - { id: ask, type: prompt, message: "Old plan for {{ inputs.title }}?", output_to: words }
  - { id: each, type: foreach, items: [1], task: part, output_to: parts }
  - { id: done, type: return, needs_state: [words, parts], value: "{{ state.words ~ state.parts[0] }}" }
tasks:
  part:
    steps:
      - { id: ask, type: prompt, message: "Old part {{ item }}?", output_to: words }
      - { id: done, type: return, needs_state: [words], value: "{{ state.words }}" }
"#;
    /// Its steps, as a Mermaid flowchart
    const DIAGRAM: &str = r#"---
title: "plan 1.9.0"
---
flowchart TD
    n0(["start<br/>title"])
    n1["ask<br/>prompt · text"]
    n2["each<br/>foreach"]
    subgraph n2c ["part"]
        n2c_0(["start"])
        n2c_1["ask<br/>prompt · text"]
        n2c_2(["done<br/>return"])
        n2c_0 --> n2c_1
        n2c_1 --> n2c_2
    end
    n2 -.->|"each item"| n2c
    n3(["done<br/>return"])
    n0 --> n1
    n1 --> n2
    n2 --> n3
    classDef asked stroke:#c77700,stroke-width:2px
    class n1,n2c_1 asked
    classDef agent stroke:#7a4fd0,stroke-width:2px
    class n2 agent
"#;
    /// The same, as SVG for a page
    const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 428 568" width="428" height="568" role="img" aria-labelledby="workflow-title workflow-description">
<title id="workflow-title">plan 1.9.0</title>
<desc id="workflow-description">start → ask. ask → each. each → done.</desc>
<defs>
<marker id="workflow-arrow" class="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
<marker id="workflow-arrow-error" class="tip error" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
</defs>
<g class="panel">
<rect x="226" y="184" width="182" height="282" rx="8"/>
<text class="name" x="242" y="205">part</text>
</g>
<path class="way" marker-end="url(#workflow-arrow)" d="M79 74L79 102"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M79 156L79 184"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M79 238L79 494"/>
<path class="way starts" marker-end="url(#workflow-arrow)" d="M119 211L226 211"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M317 270L317 298"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M317 352L317 380"/>
<g class="label"><rect x="131" y="201" width="79" height="20" rx="4"/><text class="middle" x="170" y="215">each item</text></g>
<g class="node end">
<rect x="43" y="20" width="72" height="54" rx="27"/>
<text class="name middle" x="79" y="42">start</text>
<text class="more middle" x="79" y="60">title</text>
</g>
<g class="node asked" data-step="plan ask">
<title>ask: line 6</title>
<rect x="20" y="102" width="118" height="54" rx="6"/>
<text class="name middle" x="79" y="124">ask</text>
<text class="more middle" x="79" y="142">prompt · text</text>
</g>
<g class="node agent" data-step="plan each">
<title>each: line 7</title>
<rect x="39" y="184" width="80" height="54" rx="6"/>
<text class="name middle" x="79" y="206">each</text>
<text class="more middle" x="79" y="224">foreach</text>
</g>
<g class="node end">
<rect x="281" y="234" width="72" height="36" rx="18"/>
<text class="name middle" x="317" y="256">start</text>
</g>
<g class="node asked" data-step="plan/part ask">
<title>ask: line 12</title>
<rect x="258" y="298" width="118" height="54" rx="6"/>
<text class="name middle" x="317" y="320">ask</text>
<text class="more middle" x="317" y="338">prompt · text</text>
</g>
<g class="node end" data-step="plan/part done">
<title>done: line 13</title>
<rect x="278" y="380" width="78" height="54" rx="27"/>
<text class="name middle" x="317" y="402">done</text>
<text class="more middle" x="317" y="420">return</text>
</g>
<g class="node end" data-step="plan done">
<title>done: line 8</title>
<rect x="40" y="494" width="78" height="54" rx="27"/>
<text class="name middle" x="79" y="516">done</text>
<text class="more middle" x="79" y="534">return</text>
</g>
</svg>
"#;
}

/// `plan/part` 1.9.0 (`plan-1.yaml`)
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod plan_1_part {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {}
    variables!(Inputs {});

    /// The author's variables, plan-1.yaml:11
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `string?`, plan-1.yaml:12
        pub words: Option<String>,
    }
    variables!(State { "words" => words: "string?" });

    /// The item that a run is for
    pub type Item = i64;

    /// What a run returns
    pub type Output = String;

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `ask`, plan-1.yaml:12
        Ask {},
    }
    positions!(Position { "ask" => Ask {}: live("prompt text", "string", 0x00404e68) });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `ask`, plan-1.yaml:12: prompt
        Ask,
        /// `done`, plan-1.yaml:13: return
        Done,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "plan/part",
            version: "1.9.0",
            description: "",
            tags: &[],
            file: "plan-1.yaml",
            fingerprint: "70adaba30e7dca00",
            input_schema: r#"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#,
            steps: &[step("ask", "prompt", 12, 0), step("done", "return", 13, 1)],
            top_level_steps: 2,
            inline_task: true,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "int",
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
            Ok(State { words: None })
        }

        fn entry() -> Block {
            Block::Ask
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Ask => 0,
                Block::Done => 1,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Ask { .. } => 0,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Ask => ask(&Ask::of(run)),
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
                Position::Ask {} => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(ask_answered(run, answer, cx)?)
                }
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `ask`, plan-1.yaml:12
        Ask(Handle<Machine, String>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Ask { .. } => Waiting::Ask(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `ask` may read
    struct Ask<'a> {
        item: &'a Item,
    }

    impl<'a> Ask<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { item: &run.item }
        }
    }

    /// The message of `ask`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "Old part {{ view.item }}?"
    )]
    struct AskMessage<'a> {
        view: &'a Ask<'a>,
    }

    /// `ask`, plan-1.yaml:12: prompt
    fn ask(view: &Ask<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Text,
            message: render(&AskMessage { view })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Ask {}, wait))
    }

    /// `ask`, plan-1.yaml:12: goes on with the answer
    fn ask_answered(
        run: &mut Run<Machine>,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.words = Some(answer);
        cx.wrote("words", &run.state.words);
        Ok(Next::Go(Block::Done))
    }

    /// What `done` may read
    struct Done<'a> {
        words: &'a String,
    }

    impl<'a> Done<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                words: ops::required(&run.state.words, "words")?,
            })
        }
    }

    /// `done`, plan-1.yaml:13: return
    fn done(view: &Done<'_>) -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(view.words.to_json()))
    }
}

/// `plan` 1.10.0 (`plan-2.yaml`)
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod plan_2 {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `string`
        pub title: String,
        /// `enum{calm, sharp}`
        pub tone: String,
    }
    variables!(Inputs { "title" => title: "string", "tone" => tone: "enum{calm, sharp}" });

    /// The author's variables, plan-2.yaml:1
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `string?`, plan-2.yaml:7
        pub words: Option<String>,
        /// `list<string>?`, plan-2.yaml:8
        pub parts: Option<Vec<String>>,
    }
    variables!(State { "words" => words: "string?", "parts" => parts: "list<string>?" });

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = Returned;

    /// The shape of `result`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Returned {
        /// `string`
        pub words: String,
        /// `float`
        pub seconds: f64,
    }
    record!(Returned { "words" => words, "seconds" => seconds });

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `ask`, plan-2.yaml:7
        Ask {},
        /// `each`, plan-2.yaml:8
        Each {},
    }
    positions!(Position {
        "ask" => Ask {}: live("prompt text", "string", 0x00404e68),
        "each" => Each {}: live("foreach plan/part", "list<string>", 0x6a7f71a0).state(&[("words", "string")]),
    });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `ask`, plan-2.yaml:7: prompt
        Ask,
        /// `each`, plan-2.yaml:8: foreach
        Each,
        /// `done`, plan-2.yaml:9: return
        Done,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "plan",
            version: "1.10.0",
            description: "",
            tags: &[],
            file: "plan-2.yaml",
            fingerprint: "208ffed128858cdd",
            input_schema: r#"{"type":"object","properties":{"title":{"type":"string"},"tone":{"type":"string","enum":["calm","sharp"]}},"required":["title","tone"],"additionalProperties":false}"#,
            steps: &[
                step("ask", "prompt", 7, 0),
                step("each", "foreach", 8, 1),
                step("done", "return", 9, 2),
            ],
            top_level_steps: 3,
            inline_task: false,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "null",
            result: "object{words: string, seconds: float}",
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
            Ok(State { words: None, parts: None })
        }

        fn entry() -> Block {
            Block::Ask
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Ask => 0,
                Block::Each => 1,
                Block::Done => 2,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Ask { .. } => 0,
                Position::Each { .. } => 1,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Ask => ask(&Ask::of(run)),
                Block::Each => each(),
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
                Position::Ask {} => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(ask_answered(run, answer, cx)?)
                }
                Position::Each {} => {
                    let answer: Vec<String> = Data::from_json(answer)?;
                    Ok(each_answered(run, answer, cx)?)
                }
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `ask`, plan-2.yaml:7
        Ask(Handle<Machine, String>),
        /// `each`, plan-2.yaml:8
        Each(Handle<Machine, Vec<String>>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Ask { .. } => Waiting::Ask(paused.handle()),
                Position::Each { .. } => Waiting::Each(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `ask` may read
    struct Ask<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Ask<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// The message of `ask`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "New plan, {{ view.inputs.tone }}, for {{ view.inputs.title }}?"
    )]
    struct AskMessage<'a> {
        view: &'a Ask<'a>,
    }

    /// `ask`, plan-2.yaml:7: prompt
    fn ask(view: &Ask<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Text,
            message: render(&AskMessage { view })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Ask {}, wait))
    }

    /// `ask`, plan-2.yaml:7: goes on with the answer
    fn ask_answered(
        run: &mut Run<Machine>,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.words = Some(answer);
        cx.wrote("words", &run.state.words);
        Ok(Next::Go(Block::Each))
    }

    /// `each`, plan-2.yaml:8: foreach
    fn each() -> Result<Next<Machine>, Fault> {
        let action = Action::Foreach(Fork {
            program: "plan/part".to_string(),
            children: children::bare(&vec![1]),
            agent: None,
            concurrency: 10,
            keep_errors: false,
        });
        let wait = Wait {
            action,
            result_schema: r#"{"type":"array"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Each {}, wait))
    }

    /// `each`, plan-2.yaml:8: goes on with the answer
    fn each_answered(
        run: &mut Run<Machine>,
        answer: Vec<String>,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.parts = Some(answer);
        cx.wrote("parts", &run.state.parts);
        Ok(Next::Go(Block::Done))
    }

    /// What `done` may read
    struct Done<'a> {
        words: &'a String,
        parts: &'a Vec<String>,
    }

    impl<'a> Done<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                words: ops::required(&run.state.words, "words")?,
                parts: ops::required(&run.state.parts, "parts")?,
            })
        }
    }

    /// `done`, plan-2.yaml:9: return
    fn done(view: &Done<'_>) -> Result<Next<Machine>, Fault> {
        let output: Output = Returned {
            words: format!("{}, {}", view.words, ops::index(view.parts, 0)?),
            seconds: 0.5,
        };
        Ok(Next::Return(output.to_json()))
    }

    /// The YAML that this is
    const SOURCE: &str = r#"name: plan
version: 1.10.0
inputs:
  title: { type: string, required: true }
  tone: { type: string, enum: [calm, sharp], required: true }
steps:
  - { id: ask, type: prompt, message: "New plan, {{ inputs.tone }}, for {{ inputs.title }}?", output_to: words }
  - { id: each, type: foreach, items: [1], task: part, output_to: parts }
  - { id: done, type: return, needs_state: [words, parts], value: { words: "{{ state.words }}, {{ state.parts[0] }}", seconds: 0.5 } }
tasks:
  part:
    steps:
      - { id: ask, type: prompt, message: "New part {{ item }}?", output_to: words }
      - { id: done, type: return, needs_state: [words], value: "{{ state.words }}" }
"#;
    /// Its steps, as a Mermaid flowchart
    const DIAGRAM: &str = r#"---
title: "plan 1.10.0"
---
flowchart TD
    n0(["start<br/>title, tone"])
    n1["ask<br/>prompt · text"]
    n2["each<br/>foreach"]
    subgraph n2c ["part"]
        n2c_0(["start"])
        n2c_1["ask<br/>prompt · text"]
        n2c_2(["done<br/>return"])
        n2c_0 --> n2c_1
        n2c_1 --> n2c_2
    end
    n2 -.->|"each item"| n2c
    n3(["done<br/>return"])
    n0 --> n1
    n1 --> n2
    n2 --> n3
    classDef asked stroke:#c77700,stroke-width:2px
    class n1,n2c_1 asked
    classDef agent stroke:#7a4fd0,stroke-width:2px
    class n2 agent
"#;
    /// The same, as SVG for a page
    const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 428 568" width="428" height="568" role="img" aria-labelledby="workflow-title workflow-description">
<title id="workflow-title">plan 1.10.0</title>
<desc id="workflow-description">start → ask. ask → each. each → done.</desc>
<defs>
<marker id="workflow-arrow" class="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
<marker id="workflow-arrow-error" class="tip error" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
</defs>
<g class="panel">
<rect x="226" y="184" width="182" height="282" rx="8"/>
<text class="name" x="242" y="205">part</text>
</g>
<path class="way" marker-end="url(#workflow-arrow)" d="M79 74L79 102"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M79 156L79 184"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M79 238L79 494"/>
<path class="way starts" marker-end="url(#workflow-arrow)" d="M119 211L226 211"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M317 270L317 298"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M317 352L317 380"/>
<g class="label"><rect x="131" y="201" width="79" height="20" rx="4"/><text class="middle" x="170" y="215">each item</text></g>
<g class="node end">
<rect x="27" y="20" width="104" height="54" rx="27"/>
<text class="name middle" x="79" y="42">start</text>
<text class="more middle" x="79" y="60">title, tone</text>
</g>
<g class="node asked" data-step="plan ask">
<title>ask: line 7</title>
<rect x="20" y="102" width="118" height="54" rx="6"/>
<text class="name middle" x="79" y="124">ask</text>
<text class="more middle" x="79" y="142">prompt · text</text>
</g>
<g class="node agent" data-step="plan each">
<title>each: line 8</title>
<rect x="39" y="184" width="80" height="54" rx="6"/>
<text class="name middle" x="79" y="206">each</text>
<text class="more middle" x="79" y="224">foreach</text>
</g>
<g class="node end">
<rect x="281" y="234" width="72" height="36" rx="18"/>
<text class="name middle" x="317" y="256">start</text>
</g>
<g class="node asked" data-step="plan/part ask">
<title>ask: line 13</title>
<rect x="258" y="298" width="118" height="54" rx="6"/>
<text class="name middle" x="317" y="320">ask</text>
<text class="more middle" x="317" y="338">prompt · text</text>
</g>
<g class="node end" data-step="plan/part done">
<title>done: line 14</title>
<rect x="278" y="380" width="78" height="54" rx="27"/>
<text class="name middle" x="317" y="402">done</text>
<text class="more middle" x="317" y="420">return</text>
</g>
<g class="node end" data-step="plan done">
<title>done: line 9</title>
<rect x="40" y="494" width="78" height="54" rx="27"/>
<text class="name middle" x="79" y="516">done</text>
<text class="more middle" x="79" y="534">return</text>
</g>
</svg>
"#;
}

/// `plan/part` 1.10.0 (`plan-2.yaml`)
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod plan_2_part {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {}
    variables!(Inputs {});

    /// The author's variables, plan-2.yaml:12
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `string?`, plan-2.yaml:13
        pub words: Option<String>,
    }
    variables!(State { "words" => words: "string?" });

    /// The item that a run is for
    pub type Item = i64;

    /// What a run returns
    pub type Output = String;

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `ask`, plan-2.yaml:13
        Ask {},
    }
    positions!(Position { "ask" => Ask {}: live("prompt text", "string", 0x00404e68) });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `ask`, plan-2.yaml:13: prompt
        Ask,
        /// `done`, plan-2.yaml:14: return
        Done,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "plan/part",
            version: "1.10.0",
            description: "",
            tags: &[],
            file: "plan-2.yaml",
            fingerprint: "836739974d8c47a4",
            input_schema: r#"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#,
            steps: &[step("ask", "prompt", 13, 0), step("done", "return", 14, 1)],
            top_level_steps: 2,
            inline_task: true,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "int",
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
            Ok(State { words: None })
        }

        fn entry() -> Block {
            Block::Ask
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Ask => 0,
                Block::Done => 1,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Ask { .. } => 0,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Ask => ask(&Ask::of(run)),
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
                Position::Ask {} => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(ask_answered(run, answer, cx)?)
                }
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `ask`, plan-2.yaml:13
        Ask(Handle<Machine, String>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Ask { .. } => Waiting::Ask(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `ask` may read
    struct Ask<'a> {
        item: &'a Item,
    }

    impl<'a> Ask<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { item: &run.item }
        }
    }

    /// The message of `ask`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "New part {{ view.item }}?"
    )]
    struct AskMessage<'a> {
        view: &'a Ask<'a>,
    }

    /// `ask`, plan-2.yaml:13: prompt
    fn ask(view: &Ask<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Text,
            message: render(&AskMessage { view })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Ask {}, wait))
    }

    /// `ask`, plan-2.yaml:13: goes on with the answer
    fn ask_answered(
        run: &mut Run<Machine>,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.words = Some(answer);
        cx.wrote("words", &run.state.words);
        Ok(Next::Go(Block::Done))
    }

    /// What `done` may read
    struct Done<'a> {
        words: &'a String,
    }

    impl<'a> Done<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                words: ops::required(&run.state.words, "words")?,
            })
        }
    }

    /// `done`, plan-2.yaml:14: return
    fn done(view: &Done<'_>) -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(view.words.to_json()))
    }
}

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
    variables!(Inputs { "task" => task: "string" });

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
    variables!(State {
        "rounds" => rounds: "int",
        "draft" => draft: "string?",
        "verdict" => verdict: "object{confirmed: bool}?",
        "notes" => notes: "any",
        "published" => published: "bool",
        "advice" => advice: "string?",
    });

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = Object;

    /// The shape of `state.verdict`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Verdict {
        /// `bool`
        pub confirmed: bool,
    }
    record!(Verdict { "confirmed" => confirmed });

    /// The shape of `undo`
    #[derive(Clone, Debug, Default, PartialEq)]
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
    #[derive(Clone, Debug)]
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
        "draft" => Draft { jumps }: live("delegate", "string", 0x00404e68).kept(&[("jumps", "int", "goto again")]).state(&[("rounds", "int"), ("notes", "any")]).untouched(&["notes"]).inputs(&["task"]),
        "review" => Review { jumps }: live("prompt confirm", "object{confirmed: bool}", 0x15fd8a83).kept(&[("jumps", "int", "goto again")]).state(&[("rounds", "int"), ("draft", "string"), ("notes", "any")]).untouched(&["notes"]).inputs(&["task"]),
        "note" => Note {}: live("mcp_call notes.read", "any", 0x44136fa3).state(&[("rounds", "int"), ("draft", "string"), ("notes", "any")]).untouched(&["notes"]),
        "publish" => Publish {}: live("mcp_call registry.publish", "any", 0x44136fa3).state(&[("rounds", "int"), ("notes", "any")]),
        "undo" => Undo {}: live("prompt text", "string", 0x00404e68),
    });

    /// Where a run goes on, with what is kept for it
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
            tags: &[],
            file: "review-loop.yaml",
            fingerprint: "728eebf33e989c67",
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

    /// The YAML that this is
    const SOURCE: &str = r#"name: review:loop
version: 1.0.0
description: Jumps and failures
inputs:
  task: { type: string, required: true }
initial_state: { rounds: 0, draft: null, verdict: null, notes: null, published: false }
steps:
  - id: begin
    type: set_state
    updates: { rounds: "{{ 0 }}" }
  - id: draft
    type: delegate
    instructions: "Write about {{ inputs.task }}"
    timeout: 60
    retry: { max_attempts: 2, backoff_seconds: 5 }
    output_to: draft
  - id: count
    type: set_state
    needs_state: [rounds]
    updates: { rounds: "{{ state.rounds + 1 }}" }
  - id: review
    type: prompt
    kind: confirm
    needs_state: [draft]
    message: "Good? {{ state.draft }}"
    output_to: verdict
  - id: again
    type: goto
    needs_state: [verdict]
    when: not state.verdict.confirmed
    target: draft
    max_iterations: 2
  - id: note
    type: mcp_call
    tool: notes.read
    on_error: continue
    output_to: notes
  - id: publish
    type: mcp_call
    tool: registry.publish
    parameters: { text: "{{ state.draft }}" }
    needs_state: [draft]
    on_error: undo
  - id: done
    type: return
    needs_state: [rounds, notes]
    value: { rounds: "{{ state.rounds }}", notes: "{{ state.notes | default('none') }}" }
  - id: undo
    type: prompt
    message: "{{ error.code }}: {{ error.message }} ({{ error.attempts }} of {{ error.step_id }})"
    output_to: advice
  - id: undone
    type: return
    needs_state: [advice]
    value: { advice: "{{ state.advice }}" }
"#;
    /// Its steps, as a Mermaid flowchart
    const DIAGRAM: &str = r#"---
title: "review:loop 1.0.0"
---
flowchart TD
    n0(["start<br/>task"])
    n1["begin<br/>set_state · rounds"]
    n2["draft<br/>delegate<br/>within 60 s · 2 attempts"]
    n3["count<br/>set_state · rounds"]
    n4["review<br/>prompt · confirm"]
    n5{{"when not state.verdict.confirmed?"}}
    n6["again<br/>goto"]
    n7["note<br/>mcp_call · notes.read"]
    n8["publish<br/>mcp_call · registry.publish"]
    n9(["done<br/>return"])
    n10["undo<br/>prompt · text"]
    n11(["undone<br/>return"])
    n0 --> n1
    n1 --> n2
    n2 --> n3
    n3 --> n4
    n4 --> n5
    n5 -->|"yes"| n6
    n5 -.->|"no"| n7
    n6 -->|"max 2 times"| n2
    n6 -->|"then on"| n7
    n7 --> n8
    n7 -.->|"on error"| n8
    n8 --> n9
    n8 -.->|"on error"| n10
    n10 --> n11
    classDef asked stroke:#c77700,stroke-width:2px
    class n4,n10 asked
    classDef agent stroke:#7a4fd0,stroke-width:2px
    class n2 agent
    classDef tool stroke:#0b8a72,stroke-width:2px
    class n7,n8 tool
"#;
    /// The same, as SVG for a page
    const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 451 1078" width="451" height="1078" role="img" aria-labelledby="workflow-title workflow-description">
<title id="workflow-title">review:loop 1.0.0</title>
<desc id="workflow-description">Jumps and failures start → begin. begin → draft. draft → count. count → review. review → when not state.verdict.confirmed?. when not state.verdict.confirmed? → again (yes). when not state.verdict.confirmed? → note (no). again → draft (max 2 times). again → note (then on). note → publish. note → publish (on error). publish → done. publish → undo (on error). undo → undone.</desc>
<defs>
<marker id="workflow-arrow" class="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
<marker id="workflow-arrow-error" class="tip error" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
</defs>
<path class="way" marker-end="url(#workflow-arrow)" d="M238 74L238 102"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M238 156L238 196"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M238 268L238 296"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M238 350L238 378"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M238 432L238 460"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M238 496L238 556"/>
<path class="way skip" marker-end="url(#workflow-arrow)" d="M293 496L293 682"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M212 610L212 619Q212 626 205 626L75 626Q68 626 68 619L68 179Q68 172 75 172L213 172Q220 172 220 179L220 196"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M238 610L238 682"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M238 736L238 796"/>
<path class="way error" marker-end="url(#workflow-arrow-error)" d="M290 736L290 796"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M238 850L238 922"/>
<path class="way error" marker-end="url(#workflow-arrow-error)" d="M305 850L305 891Q305 898 312 898L365 898Q372 898 372 905L372 922"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M372 976L372 1004"/>
<g class="label"><rect x="221" y="512" width="35" height="20" rx="4"/><text class="middle" x="238" y="526">yes</text></g>
<g class="label"><rect x="280" y="512" width="27" height="20" rx="4"/><text class="middle" x="293" y="526">no</text></g>
<g class="label"><rect x="20" y="395" width="97" height="20" rx="4"/><text class="middle" x="68" y="409">max 2 times</text></g>
<g class="label"><rect x="207" y="638" width="62" height="20" rx="4"/><text class="middle" x="238" y="652">then on</text></g>
<g class="label error"><rect x="258" y="752" width="65" height="20" rx="4"/><text class="middle" x="290" y="766">on error</text></g>
<g class="label error"><rect x="273" y="866" width="65" height="20" rx="4"/><text class="middle" x="305" y="880">on error</text></g>
<g class="node end">
<rect x="202" y="20" width="72" height="54" rx="27"/>
<text class="name middle" x="238" y="42">start</text>
<text class="more middle" x="238" y="60">task</text>
</g>
<g class="node server" data-step="review:loop begin">
<title>begin: line 8</title>
<rect x="161" y="102" width="154" height="54" rx="6"/>
<text class="name middle" x="238" y="124">begin</text>
<text class="more middle" x="238" y="142">set_state · rounds</text>
</g>
<g class="node agent" data-step="review:loop draft">
<title>draft: line 11</title>
<rect x="140" y="196" width="196" height="72" rx="6"/>
<text class="name middle" x="238" y="218">draft</text>
<text class="more middle" x="238" y="236">delegate</text>
<text class="more middle" x="238" y="254">within 60 s · 2 attempts</text>
</g>
<g class="node server" data-step="review:loop count">
<title>count: line 17</title>
<rect x="161" y="296" width="154" height="54" rx="6"/>
<text class="name middle" x="238" y="318">count</text>
<text class="more middle" x="238" y="336">set_state · rounds</text>
</g>
<g class="node asked" data-step="review:loop review">
<title>review: line 21</title>
<rect x="166" y="378" width="144" height="54" rx="6"/>
<text class="name middle" x="238" y="400">review</text>
<text class="more middle" x="238" y="418">prompt · confirm</text>
</g>
<g class="node decision" data-step="review:loop again">
<title>when not state.verdict.confirmed?: line 27</title>
<path d="M103 460H373L389 478L373 496H103L87 478z"/>
<text class="name middle" x="238" y="482">when not state.verdict.confirmed?</text>
</g>
<g class="node server" data-step="review:loop again">
<title>again: line 27</title>
<rect x="202" y="556" width="72" height="54" rx="6"/>
<text class="name middle" x="238" y="578">again</text>
<text class="more middle" x="238" y="596">goto</text>
</g>
<g class="node tool" data-step="review:loop note">
<title>note: line 33</title>
<rect x="148" y="682" width="180" height="54" rx="6"/>
<text class="name middle" x="238" y="704">note</text>
<text class="more middle" x="238" y="722">mcp_call · notes.read</text>
</g>
<g class="node tool" data-step="review:loop publish">
<title>publish: line 38</title>
<rect x="130" y="796" width="216" height="54" rx="6"/>
<text class="name middle" x="238" y="818">publish</text>
<text class="more middle" x="238" y="836">mcp_call · registry.publish</text>
</g>
<g class="node end" data-step="review:loop done">
<title>done: line 44</title>
<rect x="199" y="922" width="78" height="54" rx="27"/>
<text class="name middle" x="238" y="944">done</text>
<text class="more middle" x="238" y="962">return</text>
</g>
<g class="node asked" data-step="review:loop undo">
<title>undo: line 48</title>
<rect x="313" y="922" width="118" height="54" rx="6"/>
<text class="name middle" x="372" y="944">undo</text>
<text class="more middle" x="372" y="962">prompt · text</text>
</g>
<g class="node end" data-step="review:loop undone">
<title>undone: line 52</title>
<rect x="327" y="1004" width="90" height="54" rx="27"/>
<text class="name middle" x="372" y="1026">undone</text>
<text class="more middle" x="372" y="1044">return</text>
</g>
</svg>
"#;
}

/// `try:again` 1.0.0 (`try-again.yaml`)
///
/// A handler that goes back to the step that failed
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod try_again {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {}
    variables!(Inputs {});

    /// The author's variables, try-again.yaml:1
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {}
    variables!(State {});

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = String;

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
        /// `try`, try-again.yaml:5
        Try {
            /// `int`
            jumps: i64,
            /// `int`
            jumps_2: i64,
        },
        /// `ask`, try-again.yaml:9
        Ask {
            /// `int`
            jumps: i64,
        },
    }
    positions!(Position {
        "try" => Try { jumps, jumps_2 }: live("delegate", "string", 0x00404e68).kept(&[("jumps", "int", "goto ahead"), ("jumps_2", "int", "goto again")]),
        "ask" => Ask { jumps }: live("prompt text", "string", 0x00404e68).kept(&[("jumps", "int", "goto again")]),
    });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `try`, try-again.yaml:5: delegate, goes on
        Start,
        /// `try`, try-again.yaml:5: delegate
        Try {
            /// `int`
            jumps: i64,
            /// `int`
            jumps_2: i64,
        },
        /// `try`, try-again.yaml:5: delegate, goes on
        Try2 {
            /// `int`
            jumps: i64,
        },
        /// `ahead`, try-again.yaml:6: goto
        Ahead {
            /// `int`
            jumps: i64,
        },
        /// `ahead`, try-again.yaml:6: goto, goes on
        Ahead2 {
            /// `int`
            jumps: i64,
        },
        /// `passed-over`, try-again.yaml:7: return
        PassedOver,
        /// `done`, try-again.yaml:8: return
        Done,
        /// `ask`, try-again.yaml:9: prompt
        Ask {
            /// `int`
            jumps: i64,
            /// `object{step_id: string, code: string, message: string, attempts: int}`
            error: AskValue,
        },
        /// `again`, try-again.yaml:10: goto
        Again {
            /// `int`
            jumps: i64,
        },
        /// `again`, try-again.yaml:10: goto, goes on
        Again2 {
            /// `int`
            jumps: i64,
        },
        /// `give-up`, try-again.yaml:11: return
        GiveUp,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "try:again",
            version: "1.0.0",
            description: "A handler that goes back to the step that failed",
            tags: &[],
            file: "try-again.yaml",
            fingerprint: "61e51a0b4a3f23ae",
            input_schema: r#"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#,
            steps: &[
                step("try", "delegate", 5, 0),
                step("ahead", "goto", 6, 1),
                step("passed-over", "return", 7, 2),
                step("done", "return", 8, 3),
                step("ask", "prompt", 9, 4),
                step("again", "goto", 10, 5),
                step("give-up", "return", 11, 6),
            ],
            top_level_steps: 7,
            inline_task: false,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "null",
            result: "string",
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
            Ok(State {})
        }

        fn entry() -> Block {
            Block::Start
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Start | Block::Try { .. } | Block::Try2 { .. } => 0,
                Block::Ahead { .. } | Block::Ahead2 { .. } => 1,
                Block::PassedOver => 2,
                Block::Done => 3,
                Block::Ask { .. } => 4,
                Block::Again { .. } | Block::Again2 { .. } => 5,
                Block::GiveUp => 6,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Try { .. } => 0,
                Position::Ask { .. } => 4,
            }
        }

        fn run(
            block: Block,
            _run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Start => start(),
                Block::Try { jumps, jumps_2 } => try_(jumps, jumps_2),
                Block::Try2 { jumps } => try_2(jumps, cx),
                Block::Ahead { jumps } => ahead(jumps),
                Block::Ahead2 { jumps } => ahead_2(jumps),
                Block::PassedOver => passed_over(),
                Block::Done => done(),
                Block::Ask { jumps, error } => ask(jumps, error),
                Block::Again { jumps } => again(jumps),
                Block::Again2 { jumps } => again_2(jumps),
                Block::GiveUp => give_up(),
            }
        }

        fn resume(
            position: Position,
            answer: &Value,
            _run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Stop> {
            match position {
                Position::Try { jumps, jumps_2 } => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(try_answered(jumps, jumps_2, answer)?)
                }
                Position::Ask { jumps } => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(ask_answered(jumps, answer)?)
                }
            }
        }

        fn caught(block: &Block) -> Option<Block> {
            match block {
                Block::Try { jumps_2, .. } => {
                    Some(Block::Try2 {
                        jumps: jumps_2.clone(),
                    })
                }
                _ => None,
            }
        }

        fn failed(position: &Position) -> Option<Block> {
            match position {
                Position::Try { jumps_2, .. } => {
                    Some(Block::Try2 {
                        jumps: jumps_2.clone(),
                    })
                }
                _ => None,
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `try`, try-again.yaml:5
        Try(Handle<Machine, String>),
        /// `ask`, try-again.yaml:9
        Ask(Handle<Machine, String>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Try { .. } => Waiting::Try(paused.handle()),
                Position::Ask { .. } => Waiting::Ask(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// `try`, try-again.yaml:5: delegate, goes on
    fn start() -> Result<Next<Machine>, Fault> {
        let jumps = 0;
        let jumps_2 = 0;
        Ok(Next::Go(Block::Try { jumps, jumps_2 }))
    }

    /// `try`, try-again.yaml:5: delegate
    fn try_(jumps: i64, jumps_2: i64) -> Result<Next<Machine>, Fault> {
        let action = Action::Delegate {
            instructions: "Try it".to_string(),
            agent: None,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Try { jumps, jumps_2 }, wait))
    }

    /// `try`, try-again.yaml:5: delegate, goes on
    fn try_2(jumps: i64, cx: &mut Context) -> Result<Next<Machine>, Fault> {
        let error: AskValue = cx.caught()?;
        Ok(Next::Go(Block::Ask { jumps, error }))
    }

    /// `try`, try-again.yaml:5: goes on with the answer
    fn try_answered(
        jumps: i64,
        _jumps_2: i64,
        _answer: String,
    ) -> Result<Next<Machine>, Fault> {
        Ok(Next::Go(Block::Ahead { jumps }))
    }

    /// `ahead`, try-again.yaml:6: goto
    fn ahead(jumps: i64) -> Result<Next<Machine>, Fault> {
        let next = if jumps < 1 { Block::Ahead2 { jumps } } else { Block::PassedOver };
        Ok(Next::Go(next))
    }

    /// `ahead`, try-again.yaml:6: goto, goes on
    fn ahead_2(jumps: i64) -> Result<Next<Machine>, Fault> {
        let _jumps = ops::add(&jumps, &1)?;
        Ok(Next::Go(Block::Done))
    }

    /// `passed-over`, try-again.yaml:7: return
    fn passed_over() -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(Value::from("passed over")))
    }

    /// `done`, try-again.yaml:8: return
    fn done() -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(Value::from("done")))
    }

    /// The message of `ask`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "{{ error.message }}: once more?"
    )]
    struct AskMessage<'a> {
        error: &'a AskValue,
    }

    /// `ask`, try-again.yaml:9: prompt
    fn ask(jumps: i64, error: AskValue) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Text,
            message: render(&AskMessage { error: &error })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Ask { jumps }, wait))
    }

    /// `ask`, try-again.yaml:9: goes on with the answer
    fn ask_answered(jumps: i64, _answer: String) -> Result<Next<Machine>, Fault> {
        Ok(Next::Go(Block::Again { jumps }))
    }

    /// `again`, try-again.yaml:10: goto
    fn again(jumps: i64) -> Result<Next<Machine>, Fault> {
        let next = if jumps < 1 { Block::Again2 { jumps } } else { Block::GiveUp };
        Ok(Next::Go(next))
    }

    /// `again`, try-again.yaml:10: goto, goes on
    fn again_2(jumps: i64) -> Result<Next<Machine>, Fault> {
        let jumps = ops::add(&jumps, &1)?;
        let jumps_2 = 0;
        Ok(Next::Go(Block::Try {
            jumps: jumps_2,
            jumps_2: jumps,
        }))
    }

    /// `give-up`, try-again.yaml:11: return
    fn give_up() -> Result<Next<Machine>, Fault> {
        Ok(Next::Return(Value::from("given up")))
    }

    /// The YAML that this is
    const SOURCE: &str = r#"name: try:again
version: 1.0.0
description: A handler that goes back to the step that failed
steps:
  - { id: try, type: delegate, instructions: Try it, on_error: ask }
  - { id: ahead, type: goto, target: done, max_iterations: 1 }
  - { id: passed-over, type: return, value: passed over }
  - { id: done, type: return, value: done }
  - { id: ask, type: prompt, message: "{{ error.message }}: once more?" }
  - { id: again, type: goto, target: try, max_iterations: 1 }
  - { id: give-up, type: return, value: given up }
"#;
    /// Its steps, as a Mermaid flowchart
    const DIAGRAM: &str = r#"---
title: "try:again 1.0.0"
---
flowchart TD
    n0(["start"])
    n1["try<br/>delegate"]
    n2["ahead<br/>goto"]
    n3(["passed-over<br/>return"])
    n4(["done<br/>return"])
    n5["ask<br/>prompt · text"]
    n6["again<br/>goto"]
    n7(["give-up<br/>return"])
    n0 --> n1
    n1 --> n2
    n1 -.->|"on error"| n5
    n2 -->|"once"| n4
    n2 -->|"then on"| n3
    n5 --> n6
    n6 -->|"once"| n1
    n6 -->|"then on"| n7
    classDef asked stroke:#c77700,stroke-width:2px
    class n5 asked
    classDef agent stroke:#7a4fd0,stroke-width:2px
    class n1 agent
"#;
    /// The same, as SVG for a page
    const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 503 560" width="503" height="560" role="img" aria-labelledby="workflow-title workflow-description">
<title id="workflow-title">try:again 1.0.0</title>
<desc id="workflow-description">A handler that goes back to the step that failed start → try. try → ahead. try → ask (on error). ahead → done (once). ahead → passed-over (then on). ask → again. again → try (once). again → give-up (then on).</desc>
<defs>
<marker id="workflow-arrow" class="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
<marker id="workflow-arrow-error" class="tip error" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
</defs>
<path class="way" marker-end="url(#workflow-arrow)" d="M168 56L168 96"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M168 150L168 234"/>
<path class="way error" marker-end="url(#workflow-arrow-error)" d="M202 150L202 159Q202 166 209 166L289 166Q296 166 296 173L296 203Q296 210 303 210L417 210Q424 210 424 217L424 234"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M141 288L141 297Q141 304 134 304L106 304Q99 304 99 311L99 360"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M195 288L195 297Q195 304 202 304L231 304Q238 304 238 311L238 360"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M424 288L424 360"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M398 414L398 423Q398 430 391 430L48 430Q41 430 41 423L41 79Q41 72 48 72L143 72Q150 72 150 79L150 96"/>
<path class="way" marker-end="url(#workflow-arrow)" d="M424 414L424 486"/>
<g class="label error"><rect x="264" y="178" width="65" height="20" rx="4"/><text class="middle" x="296" y="192">on error</text></g>
<g class="label"><rect x="78" y="316" width="43" height="20" rx="4"/><text class="middle" x="99" y="330">once</text></g>
<g class="label"><rect x="207" y="316" width="62" height="20" rx="4"/><text class="middle" x="238" y="330">then on</text></g>
<g class="label"><rect x="20" y="251" width="43" height="20" rx="4"/><text class="middle" x="41" y="265">once</text></g>
<g class="label"><rect x="393" y="442" width="62" height="20" rx="4"/><text class="middle" x="424" y="456">then on</text></g>
<g class="node end">
<rect x="132" y="20" width="72" height="36" rx="18"/>
<text class="name middle" x="168" y="42">start</text>
</g>
<g class="node agent" data-step="try:again try">
<title>try: line 5</title>
<rect x="124" y="96" width="88" height="54" rx="6"/>
<text class="name middle" x="168" y="118">try</text>
<text class="more middle" x="168" y="136">delegate</text>
</g>
<g class="node server" data-step="try:again ahead">
<title>ahead: line 6</title>
<rect x="131" y="234" width="74" height="54" rx="6"/>
<text class="name middle" x="168" y="256">ahead</text>
<text class="more middle" x="168" y="274">goto</text>
</g>
<g class="node end" data-step="try:again passed-over">
<title>passed-over: line 7</title>
<rect x="174" y="360" width="128" height="54" rx="27"/>
<text class="name middle" x="238" y="382">passed-over</text>
<text class="more middle" x="238" y="400">return</text>
</g>
<g class="node end" data-step="try:again done">
<title>done: line 8</title>
<rect x="60" y="360" width="78" height="54" rx="27"/>
<text class="name middle" x="99" y="382">done</text>
<text class="more middle" x="99" y="400">return</text>
</g>
<g class="node asked" data-step="try:again ask">
<title>ask: line 9</title>
<rect x="365" y="234" width="118" height="54" rx="6"/>
<text class="name middle" x="424" y="256">ask</text>
<text class="more middle" x="424" y="274">prompt · text</text>
</g>
<g class="node server" data-step="try:again again">
<title>again: line 10</title>
<rect x="388" y="360" width="72" height="54" rx="6"/>
<text class="name middle" x="424" y="382">again</text>
<text class="more middle" x="424" y="400">goto</text>
</g>
<g class="node end" data-step="try:again give-up">
<title>give-up: line 11</title>
<rect x="378" y="486" width="92" height="54" rx="27"/>
<text class="name middle" x="424" y="508">give-up</text>
<text class="more middle" x="424" y="526">return</text>
</g>
</svg>
"#;
}

/// The compiled workflows
#[allow(clippy::too_many_lines, reason = "generated: a line for each workflow")]
pub fn registry() -> ::workflow_runtime::registry::Registry {
    use ::std::sync::Arc;
    use ::workflow_runtime::machine::Compiled;
    let mut registry = ::workflow_runtime::registry::Registry::default();
    registry.register(Arc::new(Compiled::new(&errands::Machine)));
    registry.register(Arc::new(Compiled::new(&errands_measure::Machine)));
    registry.register(Arc::new(Compiled::new(&plan_1::Machine)));
    registry.register(Arc::new(Compiled::new(&plan_1_part::Machine)));
    registry.register(Arc::new(Compiled::new(&plan_2::Machine)));
    registry.register(Arc::new(Compiled::new(&plan_2_part::Machine)));
    registry.register(Arc::new(Compiled::new(&review_loop::Machine)));
    registry.register(Arc::new(Compiled::new(&try_again::Machine)));
    registry
}
