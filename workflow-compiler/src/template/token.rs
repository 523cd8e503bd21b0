//! What a template is cut into before it is parsed.

use std::ops::Range;

/// A piece of a template and its place in the decoded text
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// What it is
    pub(super) kind: Kind,
    /// First byte
    pub(super) start: usize,
    /// One past the last byte
    pub(super) end: usize,
}

impl Token {
    /// The bytes of the piece
    pub(super) fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// What a piece of a template is
///
/// Words (`and`, `if`) are [`Kind::Name`]: whether a word is one of the grammar's depends on
/// where it stands, since `x.if` and `x is in y` are legal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text outside of tags, white-space control applied
    Text,
    /// `{{`
    OutputBegin,
    /// `}}`
    OutputEnd,
    /// `{%`
    BlockBegin,
    /// `%}`
    BlockEnd,
    /// What ends a tag but is not the right end for it: `}`, or `%}` for `{{`
    WrongEnd,
    /// Something that has been reported; nobody reports it again
    Broken,
    /// A name or a word of the grammar
    Name,
    /// `12`, `0xff`
    Int,
    /// `1.5`, `1e3`
    Float,
    /// A string literal with its quotes
    Str,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `**`
    StarStar,
    /// `/`
    Slash,
    /// `//`
    SlashSlash,
    /// `%`
    Percent,
    /// `~`
    Tilde,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `=`
    Assign,
    /// `.`
    Dot,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `|`
    Pipe,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `{`
    OpenBrace,
    /// `}` that closes a `{`
    CloseBrace,
    /// `&&`, of other languages
    AndAnd,
    /// `||`, of other languages
    OrOr,
    /// `!`, of other languages
    Bang,
    /// `===`, of other languages
    StrictEqual,
    /// `!==`, of other languages
    StrictNotEqual,
    /// `?`, of other languages
    Question,
    /// `??`, of other languages
    Coalesce,
    /// `?.`, of other languages
    SafeDot,
    /// What no expression has outside of strings
    Unknown,
    /// Behind the last piece
    End,
}

impl Kind {
    /// Whether a tag ends here, rightly or not
    pub(super) fn ends_tag(self) -> bool {
        matches!(self, Self::OutputEnd | Self::BlockEnd | Self::WrongEnd | Self::End)
    }

    /// Whether it opens a bracket
    pub(super) fn opens(self) -> bool {
        matches!(self, Self::OpenParen | Self::OpenBracket | Self::OpenBrace)
    }

    /// Whether it closes a bracket
    pub(super) fn closes(self) -> bool {
        matches!(self, Self::CloseParen | Self::CloseBracket | Self::CloseBrace)
    }

    /// What closes a bracket that this opens
    pub(super) fn partner(self) -> Self {
        match self {
            Self::OpenParen => Self::CloseParen,
            Self::OpenBracket => Self::CloseBracket,
            _ => Self::CloseBrace,
        }
    }

    /// How a closing bracket is written
    pub(super) fn written(self) -> &'static str {
        match self {
            Self::CloseParen => ")",
            Self::CloseBracket => "]",
            Self::CloseBrace => "}",
            Self::BlockEnd => "%}",
            _ => "}}",
        }
    }
}
