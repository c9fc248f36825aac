//! The HTTP interface of whoever owns the state directory.

use std::sync::Arc;

use serde_json::Value as Json;
use vario_model::Snapshot;
use vario_server::{Config, Server, Surface, Token};

use crate::hosting::Hosted;
use crate::site::OwnSite;
use crate::vario::{Error, Vario};

/// What is served, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub struct ServingOptions {
    /// The main port; 0 for any that is free.
    pub port: u16,
    /// Also the ports that smartCARS plugins and their pages expect.
    pub smartcars: bool,
    /// Also the port that Stratos pages expect.
    pub stratos: bool,
    /// Any free ports in the place of these, for tests: no plugin's page looks for them there.
    pub compat_anywhere: bool,
    /// Whether any web page may read the usage.
    pub cors_any: bool,
}

/// A server that runs until this is dropped.
pub struct Serving {
    server: Server,
    site: Arc<OwnSite>,
}

impl Serving {
    /// Where it is to be reached, in words: what, and the address.
    pub fn addresses(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for (surface, addresses) in self.server.addresses() {
            let Some(address) = addresses.first() else { continue };
            let (what, scheme) = match surface {
                Surface::Main => ("everything", "http"),
                Surface::Smartcars => ("smartCARS plugins and pages", "http"),
                Surface::SmartcarsBus => ("the event bus for smartCARS", "ws"),
                Surface::Stratos => ("Stratos plugins", "http"),
            };
            found.push((what, format!("{scheme}://localhost:{}", address.port())));
        }
        found
    }

    /// The main port.
    pub fn port(&self) -> u16 {
        self.server.port(Surface::Main).unwrap_or(Config::PORT)
    }

    /// Whether the ports of smartCARS are served.
    pub(crate) fn has_smartcars(&self) -> bool {
        self.server.port(Surface::Smartcars).is_some()
    }

    /// A probe has run: those who listen hear of it.
    pub fn tell(&self, snapshot: &Snapshot) {
        self.site.tell(snapshot);
    }
}

impl Vario {
    /// Serves background plugins and usage over HTTP.
    ///
    /// # Errors
    /// When a port is taken, or its threads cannot be had.
    pub fn serve(&self, hosted: &Arc<Hosted>, options: &ServingOptions) -> Result<Serving, Error> {
        let site = Arc::new(OwnSite::new(Arc::clone(hosted), self.reopened()));
        let token = self.management_token()?;
        let at = |wanted: bool, port: u16| {
            wanted.then_some(if options.compat_anywhere { 0 } else { port })
        };
        let config = Config {
            port: options.port,
            smartcars: at(options.smartcars, Config::SMARTCARS),
            smartcars_bus: at(options.smartcars, Config::SMARTCARS_BUS),
            stratos: at(options.stratos, Config::STRATOS),
            cors_any: options.cors_any,
            token: Some(token),
            ..Config::default()
        };
        let server = Server::start(&config, Arc::clone(&site) as _)
            .map_err(|error| Error::new(error.to_string()))?;
        Ok(Serving { server, site })
    }

    /// What whoever manages over HTTP has to know; made once, readable by this user only.
    /// One that would not be taken is replaced: nobody could manage with it.
    fn management_token(&self) -> Result<Token, Error> {
        let file = self.paths.state_dir().join("token");
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                if let Some(token) = Token::new(text.trim()) {
                    return Ok(token);
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::new(format!("{}: {error}", file.display()))),
        }
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::new(error.to_string()))?;
        let token = bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        vario_store::make_folder(self.paths.state_dir())
            .map_err(|error| Error::new(error.to_string()))?;
        // A new file of this kind is readable by its owner only.
        vario_store::replace_file(&file, token.as_bytes())
            .map_err(|error| Error::new(error.to_string()))?;
        Token::new(&token).ok_or_else(|| Error::new("the new token is unfit"))
    }

    /// The last results of enabled plugins, in the user's order.
    pub(crate) fn usage(&self) -> Vec<Snapshot> {
        let catalog = self.catalog();
        let enabled = catalog
            .plugins
            .iter()
            .filter(|found| found.plugin.probe.is_some() && self.is_enabled(&found.plugin));
        let mut ids: Vec<String> = enabled.map(|found| found.plugin.id.clone()).collect();
        ids.sort_by_cached_key(|id| self.place(id));
        ids.iter().filter_map(|id| self.latest(id).ok().flatten()).collect()
    }

    /// What a front sends to whoever owns the state directory, for its plugins that stay.
    ///
    /// # Errors
    /// When nobody owns it, it does not answer, or it cannot do what is asked.
    pub fn ask_host(&self, command: &Json) -> Result<Json, Error> {
        self.hear_host(command, &vario_host::Cancel::new(), &mut |_item| true)
    }

    /// As [`Vario::ask_host`], for what is answered bit by bit: `on_item` hears of each and says
    /// whether it wants more. When it does not, or when this is cancelled, it is an error, too.
    ///
    /// # Errors
    /// As there.
    pub fn hear_host(
        &self,
        command: &Json,
        cancel: &vario_host::Cancel,
        on_item: &mut dyn FnMut(Json) -> bool,
    ) -> Result<Json, Error> {
        use vario_runtime::owner::{Client, NoOwner};

        let mut client = Client::connect(&self.paths, &self.identity()).map_err(|error| {
            Error::new(match error {
                NoOwner::None => "no background plugins run here".to_owned(),
                NoOwner::Refused(text) => text,
                NoOwner::Silent => "the running vario does not answer".to_owned(),
            })
        })?;
        match client.manage(command, cancel, on_item) {
            Ok(Some(Ok(value))) => Ok(value),
            Ok(Some(Err(words))) => Err(Error::new(words)),
            Ok(None) | Err(_) => Err(Error::new("the running vario did not answer")),
        }
    }
}
