/// `test:everything` 1.0.0 (`workflows/everything.yaml`)
///
/// Uses every kind of \<expression\>
///
/// once
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod everything {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// What is to be done: `string`
        pub task: String,
        /// `number`
        pub limit: Number,
        /// Words \[to\] look for: `list<string>`
        pub tags: Vec<String>,
        /// `string?`
        pub note: Option<String>,
        /// `object{depth: int, type: string}`
        pub options: Options,
    }
    variables!(Inputs {
        "task" => task: "string",
        "limit" => limit: "number",
        "tags" => tags: "list<string>",
        "note" => note: "string?",
        "options" => options: "object{depth: int, type: string}",
    });

    /// The author's variables, workflows/everything.yaml:12
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `string?`, workflows/everything.yaml:13
        pub requirements: Option<String>,
        /// `int`, workflows/everything.yaml:14
        pub count: i64,
        /// `number`, workflows/everything.yaml:15
        pub ratio: Number,
        /// `list<object{name: string, size: int}>`, workflows/everything.yaml:16
        pub items: Vec<ItemsItem>,
        /// `any`, workflows/everything.yaml:17
        pub memo: Value,
        /// `any`, workflows/everything.yaml:18
        pub found: Value,
        /// `object{confirmed: bool}?`, workflows/everything.yaml:77
        pub approval: Option<Approval>,
        /// `object`, workflows/everything.yaml:19
        pub open: Object,
    }
    variables!(State {
        "requirements" => requirements: "string?",
        "count" => count: "int",
        "ratio" => ratio: "number",
        "items" => items: "list<object{name: string, size: int}>",
        "memo" => memo: "any",
        "found" => found: "any",
        "approval" => approval: "object{confirmed: bool}?",
        "open" => open: "object",
    });

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = Returned;

    /// The shape of `inputs.options`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Options {
        /// `int`
        pub depth: i64,
        /// `string`
        pub type_: String,
    }
    record!(Options { "depth" => depth, "type" => type_ });

    /// The shape of `state.items[]`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ItemsItem {
        /// `string`
        pub name: String,
        /// `int`
        pub size: i64,
    }
    record!(ItemsItem { "name" => name, "size" => size });

    /// The shape of `state.approval`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Approval {
        /// `bool`
        pub confirmed: bool,
    }
    record!(Approval { "confirmed" => confirmed });

    /// The shape of `pick.answer`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PickAnswer {
        /// `enum{a, b}`
        pub selected: String,
    }
    record!(PickAnswer { "selected" => selected });

    /// The shape of `result`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Returned {
        /// `bool`
        pub success: bool,
        /// `list<object{name: string, size: int}>`
        pub items: Vec<ItemsItem>,
    }
    record!(Returned { "success" => success, "items" => items });

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `gather`, workflows/everything.yaml:22
        Gather {},
        /// `pick`, workflows/everything.yaml:30
        Pick {},
        /// `merge`, workflows/everything.yaml:55
        Merge {
            /// `string`
            answer_2: String,
        },
        /// `research`, workflows/everything.yaml:60
        Research {},
        /// `spread`, workflows/everything.yaml:66
        Spread {},
        /// `report`, workflows/everything.yaml:70
        Report {},
        /// `save`, workflows/everything.yaml:80
        Save {},
    }
    positions!(Position {
        "gather" => Gather {}: live("prompt text", "string", 0x00404e68).state(&[("count", "int"), ("ratio", "number"), ("items", "list<object{name: string, size: int}>"), ("found", "any"), ("approval", "object{confirmed: bool}"), ("open", "object")]).untouched(&["count", "ratio", "items", "found", "approval", "open"]).inputs(&["task", "limit", "tags", "note"]),
        "pick" => Pick {}: live("prompt choice, of the user", "object{selected: enum{a, b}}", 0xa2c79926).state(&[("requirements", "string"), ("count", "int"), ("ratio", "number"), ("items", "list<object{name: string, size: int}>"), ("found", "any"), ("approval", "object{confirmed: bool}"), ("open", "object")]).untouched(&["approval"]).inputs(&["task", "limit", "tags", "note"]),
        "merge" => Merge { answer_2 }: live("call merge_notes", "string", 0x00404e68).kept(&[("answer_2", "string", "cd3f0bb7")]).state(&[("count", "int"), ("ratio", "number"), ("items", "list<object{name: string, size: int}>"), ("memo", "any"), ("approval", "object{confirmed: bool}"), ("open", "object")]).untouched(&["approval"]).inputs(&["task", "limit", "tags"]),
        "research" => Research {}: live("foreach test:everything/part", "list<any>", 0x6a7f71a0).state(&[("requirements", "string"), ("count", "int"), ("ratio", "number"), ("items", "list<object{name: string, size: int}>"), ("memo", "any"), ("approval", "object{confirmed: bool}"), ("open", "object")]).untouched(&["approval"]).inputs(&["task", "limit", "tags"]),
        "spread" => Spread {}: live("foreach test:everything/part", "any", 0x6a7f71a0).state(&[("requirements", "string"), ("count", "int"), ("ratio", "number"), ("items", "list<object{name: string, size: int}>"), ("memo", "any"), ("found", "any"), ("approval", "object{confirmed: bool}"), ("open", "object")]).untouched(&["approval"]).inputs(&["task", "limit", "tags"]),
        "report" => Report {}: live("delegate", "object{confirmed: bool}", 0x19d5cc0a).state(&[("requirements", "string"), ("items", "list<object{name: string, size: int}>")]).inputs(&["task", "limit"]),
        "save" => Save {}: live("mcp_call memory.save", "any", 0x44136fa3).state(&[("items", "list<object{name: string, size: int}>")]),
    });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `gather`, workflows/everything.yaml:22: prompt
        Gather,
        /// `pick`, workflows/everything.yaml:30: prompt
        Pick,
        /// `compute`, workflows/everything.yaml:36: set_state
        Compute,
        /// `check`, workflows/everything.yaml:50: condition
        Check,
        /// `merge`, workflows/everything.yaml:55: set_state
        Merge,
        /// `research`, workflows/everything.yaml:60: foreach
        Research,
        /// `spread`, workflows/everything.yaml:66: foreach
        Spread,
        /// `report`, workflows/everything.yaml:70: delegate
        Report,
        /// `save`, workflows/everything.yaml:80: mcp_call
        Save,
        /// `complete`, workflows/everything.yaml:90: return
        Complete,
    }

    /// A text of the initial state
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = r#"for {{ "{" }}{{ inputs.task }}}: {% if self.test_note() %}short{% else %}{{ "{" }}% long %}{% endif %}"#
    )]
    struct InitialText<'a> {
        inputs: &'a Inputs,
    }

    impl InitialText<'_> {
        fn test_note(&self) -> bool {
            self.inputs.note.is_none() || !self.inputs.task.is_empty()
        }
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "test:everything",
            version: "1.0.0",
            description: r"Uses every kind of <expression>

    once",
            tags: &[],
            file: "workflows/everything.yaml",
            fingerprint: "f1",
            input_schema: r#"{"type":"object","properties":{"task":{"type":"string"},"limit":{"type":"number","default":3},"tags":{"type":"array","items":{"type":"string"},"default":[]},"note":{"type":["string","null"]},"options":{"type":"object","default":{"depth":1,"type":"x"}}},"required":["task"]}"#,
            steps: &[
                step("gather", "prompt", 22, 0),
                step("pick", "prompt", 30, 1),
                step("compute", "set_state", 36, 2),
                step("check", "condition", 50, 3),
                step("merge", "set_state", 55, 3),
                step("research", "foreach", 60, 4),
                step("spread", "foreach", 66, 5),
                step("report", "delegate", 70, 6),
                step("save", "mcp_call", 80, 7),
                step("complete", "return", 90, 8),
            ],
            top_level_steps: 9,
            inline_task: false,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "null",
            result: "object{success: bool, items: list<object{name: string, size: int}>}",
            positions: Position::LIVE,
            source: SOURCE,
            diagram: DIAGRAM,
            picture: PICTURE,
        };

        fn initial(
            inputs: &Inputs,
            _item: &Item,
            _cx: &mut Context,
        ) -> Result<State, Fault> {
            Ok(State {
                requirements: None,
                count: 0,
                ratio: inputs.limit,
                items: Vec::new(),
                memo: Value::from(render(&InitialText { inputs })?),
                found: Value::Null,
                approval: None,
                open: object([("a", Value::from(-1))]),
            })
        }

        fn entry() -> Block {
            Block::Gather
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Gather => 0,
                Block::Pick => 1,
                Block::Compute => 2,
                Block::Check => 3,
                Block::Merge => 4,
                Block::Research => 5,
                Block::Spread => 6,
                Block::Report => 7,
                Block::Save => 8,
                Block::Complete => 9,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Gather { .. } => 0,
                Position::Pick { .. } => 1,
                Position::Merge { .. } => 4,
                Position::Research { .. } => 5,
                Position::Spread { .. } => 6,
                Position::Report { .. } => 7,
                Position::Save { .. } => 8,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Gather => gather(&Gather::of(run), cx),
                Block::Pick => pick(&Pick::of(run)),
                Block::Compute => compute(run, cx),
                Block::Check => check(&Check::of(run)),
                Block::Merge => merge(&Merge::of(run)?),
                Block::Research => research(&Research::of(run)),
                Block::Spread => spread(&Spread::of(run)),
                Block::Report => report(&Report::of(run)?, cx),
                Block::Save => save(&Save::of(run)?, cx),
                Block::Complete => complete(&Complete::of(run)),
            }
        }

        fn resume(
            position: Position,
            answer: &Value,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Stop> {
            match position {
                Position::Gather {} => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(gather_answered(run, answer, cx)?)
                }
                Position::Pick {} => {
                    let answer: PickAnswer = Data::from_json(answer)?;
                    Ok(pick_answered(run, answer, cx)?)
                }
                Position::Merge { answer_2 } => {
                    let answer: String = Data::from_json(answer)?;
                    Ok(merge_answered(run, answer_2, answer, cx)?)
                }
                Position::Research {} => {
                    let answer: Vec<Value> = Data::from_json(answer)?;
                    Ok(research_answered(run, answer, cx)?)
                }
                Position::Spread {} => Ok(spread_answered()?),
                Position::Report {} => {
                    let answer: Approval = Data::from_json(answer)?;
                    Ok(report_answered(run, answer, cx)?)
                }
                Position::Save {} => {
                    let answer: Value = Data::from_json(answer)?;
                    Ok(save_answered(run, answer, cx)?)
                }
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `gather`, workflows/everything.yaml:22
        Gather(Handle<Machine, String>),
        /// `pick`, workflows/everything.yaml:30
        Pick(Handle<Machine, PickAnswer>),
        /// `merge`, workflows/everything.yaml:55
        Merge(Handle<Machine, String>),
        /// `research`, workflows/everything.yaml:60
        Research(Handle<Machine, Vec<Value>>),
        /// `spread`, workflows/everything.yaml:66
        Spread(Handle<Machine, Value>),
        /// `report`, workflows/everything.yaml:70
        Report(Handle<Machine, Approval>),
        /// `save`, workflows/everything.yaml:80
        Save(Handle<Machine, Value>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Gather { .. } => Waiting::Gather(paused.handle()),
                Position::Pick { .. } => Waiting::Pick(paused.handle()),
                Position::Merge { .. } => Waiting::Merge(paused.handle()),
                Position::Research { .. } => Waiting::Research(paused.handle()),
                Position::Spread { .. } => Waiting::Spread(paused.handle()),
                Position::Report { .. } => Waiting::Report(paused.handle()),
                Position::Save { .. } => Waiting::Save(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `gather` may read
    struct Gather<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Gather<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// The message of `gather`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = r#"I'll help you with "{{ view.inputs.task }}", at {{ self.now() }}.
Go {{ "{" }}{{ "{" }}{{ view.inputs.options.depth }}}!"#
    )]
    struct GatherMessage<'a> {
        view: &'a Gather<'a>,
        cx: RefCell<&'a mut Context>,
    }

    impl GatherMessage<'_> {
        fn now(&self) -> String {
            self.cx.borrow_mut().now().show().into_owned()
        }
    }

    /// `gather`, workflows/everything.yaml:22: prompt
    fn gather(view: &Gather<'_>, cx: &mut Context) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Text,
            message: render(&GatherMessage {
                view,
                cx: RefCell::new(&mut *cx),
            })?,
            options: Vec::new(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Gather {}, wait))
    }

    /// `gather`, workflows/everything.yaml:22: goes on with the answer
    fn gather_answered(
        run: &mut Run<Machine>,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.requirements = Some(answer);
        cx.wrote("requirements", &run.state.requirements);
        Ok(Next::Go(Block::Pick))
    }

    /// What `pick` may read
    struct Pick {
        count: i64,
    }

    impl Pick {
        fn of(run: &Run<Machine>) -> Self {
            Self { count: run.state.count }
        }
    }

    /// `pick`, workflows/everything.yaml:30: prompt
    fn pick(view: &Pick) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Choice,
            message: "Which one?".to_string(),
            options: vec!["a".to_string(), format!("b{}", view.count)],
            user_only: true,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"object"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Pick {}, wait))
    }

    /// `pick`, workflows/everything.yaml:30: goes on with the answer
    fn pick_answered(
        run: &mut Run<Machine>,
        answer: PickAnswer,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        let memo = Value::from(answer.selected);
        run.state.memo = memo;
        cx.wrote("memo", &run.state.memo);
        Ok(Next::Go(Block::Compute))
    }

    /// What `compute` may read
    struct Compute<'a> {
        inputs: &'a Inputs,
        requirements: &'a String,
        count: i64,
        ratio: Number,
        items: &'a Vec<ItemsItem>,
        memo: &'a Value,
        found: &'a Value,
        approval: &'a Option<Approval>,
        open: &'a Object,
    }

    impl<'a> Compute<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                inputs: &run.inputs,
                requirements: ops::required(&run.state.requirements, "requirements")?,
                count: run.state.count,
                ratio: run.state.ratio,
                items: &run.state.items,
                memo: &run.state.memo,
                found: &run.state.found,
                approval: &run.state.approval,
                open: &run.state.open,
            })
        }
    }

    /// `compute`, workflows/everything.yaml:36: set_state
    fn compute(
        run: &mut Run<Machine>,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        let view = &Compute::of(run)?;
        let count = ops::add(
            &ops::sub(&ops::neg(&view.count)?, &view.inputs.limit.integral()?)?,
            &ops::add(
                &host::call(
                    "word_count",
                    || crate::functions::word_count(view.requirements),
                )?,
                &ops::mul(&ops::pow(&view.count, &2)?.integral()?, &1)?,
            )?,
        )?;
        let ratio = if view.requirements == "x"
            && (ops::contains(&view.inputs.tags, &"y".to_string()) || view.memo.truth())
        {
            Number::from(ops::div(&view.count, &2)?)
        } else {
            Number::from(0.5)
        };
        let items = vec![
            ItemsItem {
                name: filters::upper(view.requirements),
                size: 1,
            },
            ItemsItem {
                name: ops::concat(&[
                    &({
                        let argument1 = host::fit(ops::rem(&view.count, &1)?)?;
                        host::call(
                            "nth",
                            || crate::functions::nth(
                                &view.inputs.tags,
                                argument1,
                                Value::from("none"),
                            ),
                        )?
                    }),
                    "-",
                    &view.count.show(),
                ])?,
                size: if !view.inputs.tags.is_empty() { view.count } else { -1 },
            },
        ];
        let memo = if view.inputs.note.is_some() {
            ops::required(&view.inputs.note, "inputs.note")?.to_json()
        } else {
            Value::from("")
        };
        let found: Value = if !view.items.is_empty() {
            let left = view.memo.clone();
            if left.truth() {
                Value::from(object([
                    ("key", Value::from(ops::index_text(view.requirements, 0)?)),
                    ("any", ops::index_any(view.memo, &Value::from(0))?),
                    (
                        "nested",
                        Value::from(vec![
                            Value::from(1),
                            Value::Null,
                            view.inputs.note.to_json(),
                        ]),
                    ),
                    ("first", Value::from(ops::index(view.items, 0)?.name)),
                    ("open", ops::entry(view.open, "a").clone()),
                ]))
            } else {
                left
            }
        } else {
            view.memo.clone()
        };
        let stamp = cx.now();
        let type_ = view.inputs.tags.iter().cloned().map(Some).collect::<Vec<_>>();
        run.state.count = count;
        cx.wrote("count", &run.state.count);
        run.state.ratio = ratio;
        cx.wrote("ratio", &run.state.ratio);
        run.state.items = items;
        cx.wrote("items", &run.state.items);
        run.state.memo = memo;
        cx.wrote("memo", &run.state.memo);
        run.state.found = found;
        cx.wrote("found", &run.state.found);
        run.state.open = object([
            ("stamp", stamp.to_json()),
            ("types", type_.to_json()),
            ("random", cx.random().to_json()),
        ]);
        cx.wrote("open", &run.state.open);
        Ok(Next::Go(Block::Check))
    }

    /// What `check` may read
    struct Check<'a> {
        count: i64,
        open: &'a Object,
    }

    impl<'a> Check<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self {
                count: run.state.count,
                open: &run.state.open,
            }
        }
    }

    /// `check`, workflows/everything.yaml:50: condition
    fn check(view: &Check<'_>) -> Result<Next<Machine>, Fault> {
        let next = if !(view.count >= -100)
            && (!ops::contains_object(view.open, "q")
                || ops::entry(view.open, "a").is_null())
        {
            Block::Pick
        } else {
            Block::Merge
        };
        Ok(Next::Go(next))
    }

    /// What `merge` may read
    struct Merge<'a> {
        requirements: &'a String,
    }

    impl<'a> Merge<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                requirements: ops::required(&run.state.requirements, "requirements")?,
            })
        }
    }

    /// The instructions of `merge`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = r"Merge {{ answer }} into:
{{ view.requirements }}"
    )]
    struct MergeInstructions<'a> {
        view: &'a Merge<'a>,
        answer: &'a String,
    }

    /// `merge`, workflows/everything.yaml:55: set_state
    fn merge(view: &Merge<'_>) -> Result<Next<Machine>, Fault> {
        let answer = ops::slice_text(view.requirements, None, Some(3), None)?;
        let action = Action::Call {
            function: "merge_notes".to_string(),
            instructions: render(&MergeInstructions {
                view,
                answer: &answer,
            })?,
            agent: None,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"string"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(
            Position::Merge {
                answer_2: answer,
            },
            wait,
        ))
    }

    /// `merge`, workflows/everything.yaml:55: goes on with the answer
    fn merge_answered(
        run: &mut Run<Machine>,
        answer_2: String,
        answer: String,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.requirements = Some(
            format!("{{{answer_2}}} {}: {answer}", filters::length_text(&answer)),
        );
        cx.wrote("requirements", &run.state.requirements);
        Ok(Next::Go(Block::Research))
    }

    /// What `research` may read
    struct Research<'a> {
        inputs: &'a Inputs,
        items: &'a Vec<ItemsItem>,
    }

    impl<'a> Research<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self {
                inputs: &run.inputs,
                items: &run.state.items,
            }
        }
    }

    /// `research`, workflows/everything.yaml:60: foreach
    fn research(view: &Research<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Foreach(Fork {
            program: "test:everything/part".to_string(),
            children: children::whole(
                &ops::slice(
                    view.items,
                    None,
                    Some(view.inputs.limit.integral()?),
                    None,
                )?,
                "part",
            ),
            agent: Some("@task".to_string()),
            concurrency: 10,
            keep_errors: false,
        });
        let wait = Wait {
            action,
            result_schema: r#"{"type":"array"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Research {}, wait))
    }

    /// `research`, workflows/everything.yaml:60: goes on with the answer
    fn research_answered(
        run: &mut Run<Machine>,
        results: Vec<Value>,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.found = results.to_json();
        cx.wrote("found", &run.state.found);
        Ok(Next::Go(Block::Spread))
    }

    /// What `spread` may read
    struct Spread<'a> {
        open: &'a Object,
    }

    impl<'a> Spread<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { open: &run.state.open }
        }
    }

    /// `spread`, workflows/everything.yaml:66: foreach
    fn spread(view: &Spread<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Foreach(Fork {
            program: "test:everything/part".to_string(),
            children: children::either(
                &ops::cast::<Vec<Value>>(ops::entry(view.open, "types"))?,
                "part",
                &["part"],
            ),
            agent: None,
            concurrency: 1,
            keep_errors: true,
        });
        let wait = Wait {
            action,
            result_schema: r#"{"type":"array"}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Spread {}, wait))
    }

    /// `spread`, workflows/everything.yaml:66: foreach, goes on
    fn spread_answered() -> Result<Next<Machine>, Fault> {
        Ok(Next::Go(Block::Report))
    }

    /// What `report` may read
    struct Report<'a> {
        inputs: &'a Inputs,
        requirements: &'a String,
        count: i64,
        ratio: Number,
        items: &'a Vec<ItemsItem>,
        memo: &'a Value,
        found: &'a Value,
        approval: &'a Option<Approval>,
        open: &'a Object,
    }

    impl<'a> Report<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                inputs: &run.inputs,
                requirements: ops::required(&run.state.requirements, "requirements")?,
                count: run.state.count,
                ratio: run.state.ratio,
                items: &run.state.items,
                memo: &run.state.memo,
                found: &run.state.found,
                approval: &run.state.approval,
                open: &run.state.open,
            })
        }
    }

    /// The instructions of `report`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "{% let list = self.tags()? %}{% for (at, tag) in ops::each(list) %}{{ self.text(at)? }}{{ self.tag(tag, at) }}{{ self.text_2(at) }}{{ tag }}]{% endfor %}"
    )]
    struct ReportInstructions2<'a> {
        view: &'a Report<'a>,
        text: &'a String,
    }

    impl ReportInstructions2<'_> {
        fn tags(&self) -> Result<Vec<String>, Fault> {
            let mut kept = Vec::new();
            for tag in &self.view.inputs.tags {
                if tag != self.text {
                    kept.push(tag.clone());
                }
            }
            Ok(kept)
        }

        fn text(&self, at: &Loop<'_, String>) -> Result<String, Fault> {
            at.cycle(&["[".to_string(), "(".to_string()])
        }

        fn tag(&self, tag: &String, at: &Loop<'_, String>) -> String {
            at.changed(vec![tag.to_json()]).to_string()
        }

        fn text_2(&self, at: &Loop<'_, String>) -> String {
            at.previtem.cloned().show().into_owned()
        }
    }

    /// The instructions of `report`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = r#"# Report: {{ view.requirements }}
{{ "{" }}{ raw }} {{ "{" }}# kept #}
{% if view.approval.is_some() %}approved: {{ self.confirmed()? }}{% else if self.test_ratio() %}ratio {{ self.ratio() }}{% else %}no approval{% endif %}
{% for (at, item) in ops::each(view.items) %}{{ at.index }}. {{ item.name }} {{ self.name(item) }}{% let list = self.tags(item)? %}{% for (at_2, tag) in ops::each(list) %} {{ self.tag(tag, at_2)? }}{% endfor %}{% if !at.last %},{% endif %}
{% else %}nothing
{% endfor %}{% for tag in view.inputs.tags %}*{{ tag }}{% endfor %}{% let list = self.count()? %}{% for (at, item) in ops::each(list) %}{% let parts = self.parts(item)? %}{% let key = self.key(parts)? %}{% let value = self.value(parts)? %}
{{ at.revindex0 }}{{ self.key_2(key) }}={{ self.value_2(value) }}{% endfor %}{% let text = self.text()? %}{% decl text_2 %}{% if !view.inputs.tags.is_empty() %}{% let text_3 = self.text_2(text)? %}{% let text_2 = self.text_3(text_3)? %}{% else %}{% let text_2 = self.text_4(text)? %}{% endif %}{{ text_2 }}
{{ self.items()? }} {{ self.uuid() }}
"#
    )]
    struct ReportInstructions<'a> {
        view: &'a Report<'a>,
        cx: RefCell<&'a mut Context>,
    }

    impl ReportInstructions<'_> {
        fn confirmed(&self) -> Result<String, Fault> {
            Ok(
                ops::required(self.view.approval, "state.approval")?
                    .confirmed
                    .to_string(),
            )
        }

        fn test_ratio(&self) -> bool {
            self.view.ratio > Number::from(0)
        }

        fn ratio(&self) -> String {
            self.view.ratio.show().into_owned()
        }

        fn name(&self, item: &ItemsItem) -> String {
            filters::upper(&item.name)
        }

        fn tags(&self, item: &ItemsItem) -> Result<Vec<String>, Fault> {
            ops::slice(&self.view.inputs.tags, None, Some(item.size), None)
        }

        fn tag(&self, tag: &String, at_2: &Loop<'_, String>) -> Result<String, Fault> {
            ops::concat(&[tag, "/", &at_2.length.show()])
        }

        fn count(&self) -> Result<Vec<Vec<Value>>, Fault> {
            Ok(vec![vec![Value::from("k"), Value::from(self.view.count)]])
        }

        fn parts(&self, item: &Vec<Value>) -> Result<Vec<Value>, Fault> {
            ops::unpack(item, 2)
        }

        fn key(&self, parts: &Vec<Value>) -> Result<Value, Fault> {
            ops::index(parts, 0)
        }

        fn value(&self, parts: &Vec<Value>) -> Result<Value, Fault> {
            ops::index(parts, 1)
        }

        fn key_2(&self, key: &Value) -> String {
            key.show().into_owned()
        }

        fn value_2(&self, value: &Value) -> String {
            value.show().into_owned()
        }

        fn text(&self) -> Result<String, Fault> {
            Ok("z".to_string())
        }

        fn text_2(&self, text: &String) -> Result<String, Fault> {
            render(&ReportInstructions2 {
                view: self.view,
                text,
            })
        }

        fn text_3(&self, text_3: &String) -> Result<String, Fault> {
            Ok(text_3.clone())
        }

        fn text_4(&self, text: &String) -> Result<String, Fault> {
            Ok(text.clone())
        }

        fn items(&self) -> Result<String, Fault> {
            filters::tojson(self.view.items, Some(2))
        }

        fn uuid(&self) -> String {
            self.cx.borrow_mut().uuid()
        }
    }

    /// `report`, workflows/everything.yaml:70: delegate
    fn report(view: &Report<'_>, cx: &mut Context) -> Result<Next<Machine>, Fault> {
        let action = Action::Delegate {
            instructions: render(&ReportInstructions {
                view,
                cx: RefCell::new(&mut *cx),
            })?,
            agent: Some("@writer".to_string()),
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"object","properties":{"confirmed":{"type":"boolean"}},"required":["confirmed"]}"#,
            timeout: Some(90.0),
            retry: Some(Retry {
                max_attempts: 3,
                backoff_seconds: 0.5,
                backoff_factor: 2.0,
            }),
        };
        Ok(Next::Wait(Position::Report {}, wait))
    }

    /// `report`, workflows/everything.yaml:70: goes on with the answer
    fn report_answered(
        run: &mut Run<Machine>,
        answer: Approval,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.approval = Some(answer);
        cx.wrote("approval", &run.state.approval);
        Ok(Next::Go(Block::Save))
    }

    /// What `save` may read
    struct Save<'a> {
        inputs: &'a Inputs,
        requirements: &'a String,
        approval: &'a Approval,
    }

    impl<'a> Save<'a> {
        fn of(run: &'a Run<Machine>) -> Result<Self, Fault> {
            Ok(Self {
                inputs: &run.inputs,
                requirements: ops::required(&run.state.requirements, "requirements")?,
                approval: ops::required(&run.state.approval, "approval")?,
            })
        }
    }

    /// `save`, workflows/everything.yaml:80: mcp_call
    fn save(view: &Save<'_>, cx: &mut Context) -> Result<Next<Machine>, Fault> {
        let action = Action::McpCall {
            tool: "memory.save".to_string(),
            parameters: object([
                (
                    "key",
                    Value::from(
                        format!("plan_{}", filters::hash_text(&view.inputs.task)),
                    ),
                ),
                (
                    "value",
                    Value::from(object([
                        ("plan", view.requirements.to_json()),
                        ("approved", Value::from(view.approval.confirmed)),
                        ("timestamp", cx.now().to_json()),
                    ])),
                ),
                ("limit", view.inputs.limit.to_json()),
            ]),
        };
        let wait = Wait {
            action,
            result_schema: "{}",
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Save {}, wait))
    }

    /// `save`, workflows/everything.yaml:80: goes on with the answer
    fn save_answered(
        run: &mut Run<Machine>,
        answer: Value,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        run.state.memo = ops::field(&answer, "id")?.clone();
        cx.wrote("memo", &run.state.memo);
        Ok(Next::Go(Block::Complete))
    }

    /// What `complete` may read
    struct Complete<'a> {
        items: &'a Vec<ItemsItem>,
    }

    impl<'a> Complete<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { items: &run.state.items }
        }
    }

    /// `complete`, workflows/everything.yaml:90: return
    fn complete(view: &Complete<'_>) -> Result<Next<Machine>, Fault> {
        let output: Output = Returned {
            success: true,
            items: view.items.clone(),
        };
        Ok(Next::Return(output.to_json()))
    }

    /// The YAML that this is
    const SOURCE: &str = r"name: test:everything
";
    /// Its steps, as a Mermaid flowchart
    const DIAGRAM: &str = r#"flowchart TD
    n0(["start"])
"#;
    /// The same, as SVG for a page
    const PICTURE: &str = r"<svg></svg>
";
}

/// `test:everything/part` 1.0.0 (`workflows/everything.yaml`)
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod everything_part {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `object{name: string, size: int}`
        pub part: Part,
    }
    variables!(Inputs { "part" => part: "object{name: string, size: int}" });

    /// The author's variables, workflows/everything.yaml:1
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {
        /// `int`, workflows/everything.yaml:31
        pub index: i64,
        /// `string`, workflows/everything.yaml:32
        pub name: String,
    }
    variables!(State { "index" => index: "int", "name" => name: "string" });

    /// The item that a run is for
    pub type Item = Part;

    /// What a run returns
    pub type Output = Returned;

    /// The shape of `inputs.part`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Part {
        /// `string`
        pub name: String,
        /// `int`
        pub size: i64,
    }
    record!(Part { "name" => name, "size" => size });

    /// The shape of `result`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Returned {
        /// `string`
        pub label: String,
        /// `bool`
        pub last: bool,
        /// `int`
        pub size: i64,
    }
    record!(Returned { "label" => label, "last" => last, "size" => size });

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {}
    positions!(Position {});

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `finish`, workflows/everything.yaml:35: return
        Finish,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "test:everything/part",
            version: "1.0.0",
            description: "",
            tags: &[],
            file: "workflows/everything.yaml",
            fingerprint: "f1",
            input_schema: r#"{"type":"object","properties":{"part":{"type":"object"}}}"#,
            steps: &[step("finish", "return", 35, 0)],
            top_level_steps: 1,
            inline_task: true,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "object{name: string, size: int}",
            result: "object{label: string, last: bool, size: int}",
            positions: Position::LIVE,
            source: "",
            diagram: "",
            picture: "",
        };

        fn initial(
            _inputs: &Inputs,
            item: &Item,
            cx: &mut Context,
        ) -> Result<State, Fault> {
            Ok(State {
                index: cx.place().index as i64,
                name: item.name.clone(),
            })
        }

        fn entry() -> Block {
            Block::Finish
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Finish => 0,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match *position {}
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Finish => finish(&Finish::of(run)),
            }
        }

        fn resume(
            position: Position,
            _answer: &Value,
            _run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Stop> {
            match position {}
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match *paused.position() {}
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `finish` may read
    struct Finish<'a> {
        item: &'a Item,
        place: Place,
        index: i64,
        name: &'a String,
    }

    impl<'a> Finish<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self {
                item: &run.item,
                place: run.place,
                index: run.state.index,
                name: &run.state.name,
            }
        }
    }

    /// `finish`, workflows/everything.yaml:35: return
    fn finish(view: &Finish<'_>) -> Result<Next<Machine>, Fault> {
        let output: Output = Returned {
            label: format!(
                "{}/{} {}",
                ops::add(&view.index, &1)?,
                view.place.total as i64,
                view.name,
            ),
            last: if view.place.index == 0 {
                view.place.index + 1 == view.place.total
            } else {
                true
            },
            size: view.item.size,
        };
        Ok(Next::Return(output.to_json()))
    }
}

/// `test:actions` 1.0.0 (`workflows/everything.yaml`)
#[allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated: no crate uses every part of it"
)]
pub mod actions {
    use ::workflow_runtime::generated::*;

    /// The compiled workflow
    #[derive(Clone, Copy, Debug)]
    pub struct Machine;

    /// What a run is given, read-only
    #[derive(Clone, Debug, PartialEq)]
    pub struct Inputs {
        /// `string`
        pub file: String,
        /// `list<string>`
        pub names: Vec<String>,
    }
    variables!(Inputs { "file" => file: "string", "names" => names: "list<string>" });

    /// The author's variables, workflows/everything.yaml:1
    #[derive(Clone, Debug, PartialEq)]
    pub struct State {}
    variables!(State {});

    /// Runs have no item
    pub type Item = ();

    /// What a run returns
    pub type Output = Returned;

    /// The shape of `settle.answer`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct SettleAnswer {
        /// `string`
        pub stdout: String,
        /// `string`
        pub stderr: String,
        /// `int`
        pub exit_code: i64,
        /// `float`
        pub duration: f64,
    }
    record!(SettleAnswer {
        "stdout" => stdout,
        "stderr" => stderr,
        "exit_code" => exit_code,
        "duration" => duration,
    });

    /// The shape of `choose.answer`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ChooseAnswer {
        /// `float`
        pub waited_seconds: f64,
    }
    record!(ChooseAnswer { "waited_seconds" => waited_seconds });

    /// The shape of `tell.answer`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct TellAnswer {
        /// `string`
        pub selected: String,
    }
    record!(TellAnswer { "selected" => selected });

    /// The shape of `review.answer`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ReviewAnswer {
        /// `bool`
        pub acknowledged: bool,
    }
    record!(ReviewAnswer { "acknowledged" => acknowledged });

    /// The shape of `done.answer[]`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DoneAnswerItem {
        /// `string`
        pub label: String,
    }
    record!(DoneAnswerItem { "label" => label });

    /// The shape of `result`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Returned {
        /// `float`
        pub duration: f64,
        /// `float`
        pub waited: f64,
        /// `string`
        pub selected: String,
        /// `string`
        pub label: String,
    }
    record!(Returned {
        "duration" => duration,
        "waited" => waited,
        "selected" => selected,
        "label" => label,
    });

    /// Where a run waits, with what is kept for afterwards
    #[derive(Clone, Debug)]
    pub enum Position {
        /// `test`, workflows/everything.yaml:10
        Test {},
        /// `settle`, workflows/everything.yaml:11
        Settle {
            /// `object{stdout: string, stderr: string, exit_code: int, duration: float}`
            tests: SettleAnswer,
        },
        /// `choose`, workflows/everything.yaml:12
        Choose {
            /// `object{stdout: string, stderr: string, exit_code: int, duration: float}`
            tests: SettleAnswer,
            /// `object{waited_seconds: float}`
            pause: ChooseAnswer,
        },
        /// `tell`, workflows/everything.yaml:13
        Tell {
            /// `object{stdout: string, stderr: string, exit_code: int, duration: float}`
            tests: SettleAnswer,
            /// `object{waited_seconds: float}`
            pause: ChooseAnswer,
            /// `object{selected: string}`
            answer_2: TellAnswer,
        },
        /// `review`, workflows/everything.yaml:14
        Review {
            /// `object{stdout: string, stderr: string, exit_code: int, duration: float}`
            tests: SettleAnswer,
            /// `object{waited_seconds: float}`
            pause: ChooseAnswer,
            /// `object{selected: string}`
            answer_2: TellAnswer,
        },
    }
    positions!(Position {
        "test" => Test {}: live("shell", "object{stdout: string, stderr: string, exit_code: int, duration: float}", 0x44136fa3).inputs(&["file", "names"]),
        "settle" => Settle { tests }: live("wait", "object{waited_seconds: float}", 0x44136fa3).kept(&[("tests", "object{stdout: string, stderr: string, exit_code: int, duration: float}", "shell")]).inputs(&["file", "names"]),
        "choose" => Choose { tests, pause }: live("prompt choice", "object{selected: string}", 0x3b424b63).kept(&[("tests", "object{stdout: string, stderr: string, exit_code: int, duration: float}", "shell"), ("pause", "object{waited_seconds: float}", "wait")]).inputs(&["file"]),
        "tell" => Tell { tests, pause, answer_2 }: live("prompt info, of the user", "object{acknowledged: bool}", 0x44136fa3).kept(&[("tests", "object{stdout: string, stderr: string, exit_code: int, duration: float}", "shell"), ("pause", "object{waited_seconds: float}", "wait"), ("answer_2", "object{selected: string}", "prompt choice")]).inputs(&["file"]),
        "review" => Review { tests, pause, answer_2 }: live("workflow test:everything/part", "list<object{label: string}>", 0x44136fa3).kept(&[("tests", "object{stdout: string, stderr: string, exit_code: int, duration: float}", "shell"), ("pause", "object{waited_seconds: float}", "wait"), ("answer_2", "object{selected: string}", "prompt choice")]),
    });

    /// Where a run goes on, with what is kept for it
    pub enum Block {
        /// `test`, workflows/everything.yaml:10: shell
        Test,
    }

    impl Workflow for Machine {
        type Inputs = Inputs;
        type State = State;
        type Item = Item;
        type Block = Block;
        type Position = Position;

        const INFO: &'static Info = &Info {
            name: "test:actions",
            version: "1.0.0",
            description: "",
            tags: &[],
            file: "workflows/everything.yaml",
            fingerprint: "f1",
            input_schema: r#"{"type":"object","properties":{"file":{"type":"string"},"names":{"type":"array","items":{"type":"string"}}},"required":["file","names"]}"#,
            steps: &[
                step("test", "shell", 10, 0),
                step("settle", "wait", 11, 1),
                step("choose", "prompt", 12, 2),
                step("tell", "prompt", 13, 3),
                step("review", "workflow", 14, 4),
                step("done", "return", 15, 5),
            ],
            top_level_steps: 6,
            inline_task: false,
            inputs: Inputs::TYPES,
            state: State::TYPES,
            item: "null",
            result: "object{duration: float, waited: float, selected: string, label: string}",
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
            Block::Test
        }

        fn step_of(block: &Block) -> usize {
            match block {
                Block::Test => 0,
            }
        }

        fn waiting_step(position: &Position) -> usize {
            match position {
                Position::Test { .. } => 0,
                Position::Settle { .. } => 1,
                Position::Choose { .. } => 2,
                Position::Tell { .. } => 3,
                Position::Review { .. } => 4,
            }
        }

        fn run(
            block: Block,
            run: &mut Run<Self>,
            _cx: &mut Context,
        ) -> Result<Next<Self>, Fault> {
            match block {
                Block::Test => test(&Test::of(run)),
            }
        }

        fn resume(
            position: Position,
            answer: &Value,
            run: &mut Run<Self>,
            cx: &mut Context,
        ) -> Result<Next<Self>, Stop> {
            match position {
                Position::Test {} => {
                    let answer: SettleAnswer = Data::from_json(answer)?;
                    Ok(test_answered(&Settle::of(run), answer, cx)?)
                }
                Position::Settle { tests } => {
                    let answer: ChooseAnswer = Data::from_json(answer)?;
                    Ok(settle_answered(&Choose::of(run), tests, answer)?)
                }
                Position::Choose { tests, pause } => {
                    let answer: TellAnswer = Data::from_json(answer)?;
                    Ok(choose_answered(tests, pause, answer)?)
                }
                Position::Tell { tests, pause, answer_2 } => {
                    let answer: ReviewAnswer = Data::from_json(answer)?;
                    Ok(tell_answered(&Review::of(run), tests, pause, answer_2, answer)?)
                }
                Position::Review { tests, pause, answer_2 } => {
                    let answer: Vec<DoneAnswerItem> = Data::from_json(answer)?;
                    Ok(review_answered(tests, pause, answer_2, answer)?)
                }
            }
        }
    }

    /// Where a run stands, for those who drive it from Rust
    #[derive(Clone, Debug)]
    pub enum Waiting {
        /// `test`, workflows/everything.yaml:10
        Test(Handle<Machine, SettleAnswer>),
        /// `settle`, workflows/everything.yaml:11
        Settle(Handle<Machine, ChooseAnswer>),
        /// `choose`, workflows/everything.yaml:12
        Choose(Handle<Machine, TellAnswer>),
        /// `tell`, workflows/everything.yaml:13
        Tell(Handle<Machine, ReviewAnswer>),
        /// `review`, workflows/everything.yaml:14
        Review(Handle<Machine, Vec<DoneAnswerItem>>),
        /// It has returned
        Returned(Output),
    }

    impl Typed for Machine {
        type Output = Output;
        type Waiting = Waiting;

        fn waiting(paused: Paused<Self>) -> Waiting {
            match paused.position() {
                Position::Test { .. } => Waiting::Test(paused.handle()),
                Position::Settle { .. } => Waiting::Settle(paused.handle()),
                Position::Choose { .. } => Waiting::Choose(paused.handle()),
                Position::Tell { .. } => Waiting::Tell(paused.handle()),
                Position::Review { .. } => Waiting::Review(paused.handle()),
            }
        }

        fn returned(output: Output) -> Waiting {
            Waiting::Returned(output)
        }
    }

    /// What `test` may read
    struct Test<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Test<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// The command of `test`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "cargo test {{ self.file() }}"
    )]
    struct TestCommand<'a> {
        view: &'a Test<'a>,
    }

    impl TestCommand<'_> {
        fn file(&self) -> String {
            filters::upper(&self.view.inputs.file)
        }
    }

    /// `test`, workflows/everything.yaml:10: shell
    fn test(view: &Test<'_>) -> Result<Next<Machine>, Fault> {
        let action = Action::Shell {
            command: render(&TestCommand { view })?,
        };
        let wait = Wait {
            action,
            result_schema: "{}",
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Test {}, wait))
    }

    /// What `settle` may read
    struct Settle<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Settle<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// The message of `settle`
    #[derive(askama::Template)]
    #[template(
        ext = "txt",
        escape = "none",
        askama = ::workflow_runtime::generated::askama,
        source = "Watch {{ view.inputs.file }}"
    )]
    struct SettleMessage<'a> {
        view: &'a Settle<'a>,
    }

    /// `settle`, workflows/everything.yaml:11: goes on with the answer
    fn test_answered(
        view: &Settle<'_>,
        tests: SettleAnswer,
        cx: &mut Context,
    ) -> Result<Next<Machine>, Fault> {
        let action = Action::Wait {
            resume_at: cx.after(Number::from(tests.exit_code))?,
            message: Some(render(&SettleMessage { view })?),
        };
        let wait = Wait {
            action,
            result_schema: "{}",
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Settle { tests }, wait))
    }

    /// What `choose` may read
    struct Choose<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Choose<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// `choose`, workflows/everything.yaml:12: goes on with the answer
    fn settle_answered(
        view: &Choose<'_>,
        tests: SettleAnswer,
        pause: ChooseAnswer,
    ) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Choice,
            message: "Which one?".to_string(),
            options: view.inputs.names.clone(),
            user_only: false,
        };
        let wait = Wait {
            action,
            result_schema: r#"{"type":"object","properties":{"selected":{"type":"string"}},"required":["selected"]}"#,
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(Position::Choose { tests, pause }, wait))
    }

    /// `tell`, workflows/everything.yaml:13: goes on with the answer
    fn choose_answered(
        tests: SettleAnswer,
        pause: ChooseAnswer,
        answer: TellAnswer,
    ) -> Result<Next<Machine>, Fault> {
        let action = Action::Prompt {
            kind: PromptKind::Info,
            message: "Read this".to_string(),
            options: Vec::new(),
            user_only: true,
        };
        let wait = Wait {
            action,
            result_schema: "{}",
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(
            Position::Tell {
                tests,
                pause,
                answer_2: answer,
            },
            wait,
        ))
    }

    /// What `review` may read
    struct Review<'a> {
        inputs: &'a Inputs,
    }

    impl<'a> Review<'a> {
        fn of(run: &'a Run<Machine>) -> Self {
            Self { inputs: &run.inputs }
        }
    }

    /// `review`, workflows/everything.yaml:14: goes on with the answer
    fn tell_answered(
        view: &Review<'_>,
        tests: SettleAnswer,
        pause: ChooseAnswer,
        answer_2: TellAnswer,
        _answer: ReviewAnswer,
    ) -> Result<Next<Machine>, Fault> {
        let action = Action::Foreach(Fork {
            program: "test:everything/part".to_string(),
            children: children::one(object([
                (
                    "part",
                    Value::from(object([
                        ("name", view.inputs.file.to_json()),
                        ("size", Value::from(2)),
                    ])),
                ),
            ])),
            agent: None,
            concurrency: 1,
            keep_errors: false,
        });
        let wait = Wait {
            action,
            result_schema: "{}",
            timeout: None,
            retry: None,
        };
        Ok(Next::Wait(
            Position::Review {
                tests,
                pause,
                answer_2,
            },
            wait,
        ))
    }

    /// `done`, workflows/everything.yaml:15: goes on with the answer
    fn review_answered(
        tests: SettleAnswer,
        pause: ChooseAnswer,
        answer_2: TellAnswer,
        answer: Vec<DoneAnswerItem>,
    ) -> Result<Next<Machine>, Fault> {
        let output: Output = Returned {
            duration: tests.duration,
            waited: pause.waited_seconds,
            selected: answer_2.selected,
            label: ops::index(&answer, 0)?.label,
        };
        Ok(Next::Return(output.to_json()))
    }

    /// The YAML that this is
    const SOURCE: &str = r"name: test:actions
";
    /// Its steps, as a Mermaid flowchart
    const DIAGRAM: &str = r#"flowchart TD
    n0(["start"])
"#;
    /// The same, as SVG for a page
    const PICTURE: &str = r"<svg></svg>
";
}

/// The compiled workflows
#[allow(clippy::too_many_lines, reason = "generated: a line for each workflow")]
pub fn registry() -> ::workflow_runtime::registry::Registry {
    use ::std::sync::Arc;
    use ::workflow_runtime::machine::Compiled;
    let mut registry = ::workflow_runtime::registry::Registry::default();
    registry.register(Arc::new(Compiled::new(&everything::Machine)));
    registry.register(Arc::new(Compiled::new(&everything_part::Machine)));
    registry.register(Arc::new(Compiled::new(&actions::Machine)));
    registry
}
