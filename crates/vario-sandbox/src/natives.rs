use std::borrow::Cow;

use vario_value::{LogLevel, Value};

/// One function a script may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeFunction {
    /// Its name inside its group.
    pub name: Cow<'static, str>,
    /// What [`Natives::call`] is given to name it.
    pub id: u32,
}

/// Functions that a script sees as one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeGroup {
    /// The object's name.
    pub name: Cow<'static, str>,
    /// Its functions.
    pub functions: Vec<NativeFunction>,
}

/// How a native call fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NativeError {
    /// An ordinary error object with this message; the script can catch it.
    Error(String),
    /// The same as a type error (a `TypeError` in JavaScript).
    TypeError(String),
    /// The run is over: the reason is in the run's stop signal. The script cannot catch it.
    Stop,
}

/// What a script may call back: named functions, its log and its own module files.
///
/// Calls block the script. An implementation must not panic; engines catch a panic all the same
/// and turn it into [`NativeError::Error`].
pub trait Natives: Send + Sync {
    /// The groups, in the order a script enumerates them. Asked once per instance.
    fn groups(&self) -> &[NativeGroup];

    /// Calls one function.
    ///
    /// # Errors
    /// See [`NativeError`].
    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError>;

    /// Takes a line of `print` or `console.*`.
    ///
    /// # Errors
    /// [`NativeError::Stop`] when the log is full.
    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError>;

    /// The text of a module file of the plugin, by its path relative to the plugin's folder,
    /// with `/` and without `..`; see [`crate::resolve_module`].
    ///
    /// # Errors
    /// Words that name the path and say why it cannot be had.
    fn module(&self, path: &str) -> Result<String, String>;
}
