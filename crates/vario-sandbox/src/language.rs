use vario_value::TypeName;

/// A script language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Luau, which runs plugins written for Lua 5.1.
    Lua,
    /// JavaScript (ES2023 and later).
    JavaScript,
}

impl Language {
    /// The short name used in messages and options: `lua`, `js`.
    pub fn short_name(self) -> &'static str {
        match self {
            Self::Lua => "lua",
            Self::JavaScript => "js",
        }
    }

    /// What the language itself calls a value of this type (contract section 4.0).
    pub fn type_label(self, name: TypeName) -> &'static str {
        match self {
            Self::JavaScript => match name {
                TypeName::Absent => "undefined",
                TypeName::Null => "null",
                TypeName::Bool => "bool",
                TypeName::Int => "int",
                TypeName::Float => "float",
                TypeName::Str => "string",
                TypeName::List => "array",
                _ => "object",
            },
            Self::Lua => match name {
                TypeName::Absent => "nil",
                TypeName::Null => "null",
                TypeName::Bool => "boolean",
                TypeName::Int | TypeName::Float => "number",
                TypeName::Str | TypeName::Bytes => "string",
                _ => "table",
            },
        }
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Lua => "Lua",
            Self::JavaScript => "JavaScript",
        })
    }
}
