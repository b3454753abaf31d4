//! One GET, with redirects followed by hand: the hub names the commit in its own answer and
//! sends the body from elsewhere, and the token must stay with the hub.

use std::time::Duration;

use ureq::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, LOCATION, RANGE};
use ureq::http::{HeaderMap, Response, Uri};
use ureq::{Agent, Body};

use super::card::is_commit;
use super::environment::{Environment, Token};
use crate::{Error, Result};

const MAX_REDIRECTS: usize = 8;
const CONNECT: Duration = Duration::from_secs(5);
const FIRST_ANSWER: Duration = Duration::from_secs(10);
/// A body that stands still for this long counts as a dropped connection.
const STANDSTILL: Duration = Duration::from_secs(30);

pub(super) struct Client {
    agent: Agent,
    endpoint: String,
    token: Option<Token>,
}

/// The final answer to a GET, and what the hub said on the way.
pub(super) struct Answer {
    pub status: u16,
    /// `X-Repo-Commit`, if it is a commit hash.
    pub commit: Option<String>,
    /// `X-Error-Code`, the hub's word for what is missing.
    pub error_code: Option<String>,
    /// The first byte and the whole size, for a partial answer.
    pub range: Option<(u64, u64)>,
    /// The size of the whole file in bytes, as far as any answer told it.
    pub size: Option<u64>,
    pub body: Body,
}

impl Client {
    pub(super) fn new(environment: &Environment) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(FIRST_ANSWER))
            .timeout_per_read(Some(STANDSTILL))
            .accept_encoding("identity")
            .user_agent(concat!("depeche/", env!("CARGO_PKG_VERSION")))
            .proxy(environment.proxy.clone())
            .build()
            .into();
        let endpoint = environment.endpoint.clone();
        Self { agent, endpoint, token: environment.token.clone() }
    }

    pub(super) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Asks for the bytes from `start` on.
    pub(super) fn get(&self, url: &str, start: u64) -> Result<Answer> {
        let mut said = HeaderMap::new();
        let mut address = self.parse(url)?;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.ask(&address, start)?;
            let next = redirect(&response);
            remember(&mut said, response.headers());
            match next {
                Some(location) => address = self.join(&address, &location)?,
                None => return Ok(answer(response, &said)),
            }
        }
        Err(self.bad_answer(url, "too many redirects"))
    }

    fn ask(&self, address: &Uri, start: u64) -> Result<Response<Body>> {
        let mut request = self.agent.get(address).header(RANGE, format!("bytes={start}-"));
        if let Some(token) = self.token.as_ref().filter(|_| self.is_endpoint(address)) {
            request = request.header(AUTHORIZATION, token.bearer());
        }
        request.call().map_err(|e| self.unreachable(address, e))
    }

    fn unreachable(&self, address: &Uri, error: ureq::Error) -> Error {
        let host = match address.scheme_str().zip(address.authority()) {
            Some((scheme, authority)) => format!("{scheme}://{authority}"),
            None => self.endpoint.clone(),
        };
        Error::HubUnreachable { endpoint: host, source: error.into_io() }
    }

    fn is_endpoint(&self, address: &Uri) -> bool {
        self.endpoint.parse::<Uri>().is_ok_and(|endpoint| {
            endpoint.scheme() == address.scheme() && endpoint.authority() == address.authority()
        })
    }

    fn parse(&self, url: &str) -> Result<Uri> {
        let address: Uri = url.parse().map_err(|_| self.bad_answer(url, "not an address"))?;
        match address.scheme_str() {
            Some("http" | "https") => Ok(address),
            _ => Err(self.bad_answer(url, "not an http address")),
        }
    }

    fn join(&self, base: &Uri, location: &str) -> Result<Uri> {
        let scheme = base.scheme_str().unwrap_or("https");
        let authority = base.authority().map_or("", |authority| authority.as_str());
        if location.starts_with("//") {
            self.parse(&format!("{scheme}:{location}"))
        } else if location.starts_with('/') {
            self.parse(&format!("{scheme}://{authority}{location}"))
        } else {
            self.parse(location)
        }
    }

    fn bad_answer(&self, url: &str, reason: &str) -> Error {
        Error::HubAnswer { url: url.to_owned(), reason: reason.to_owned() }
    }
}

fn redirect(response: &Response<Body>) -> Option<String> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    is_redirect.then(|| location.to_owned())
}

/// The hub's own words come first and are not overwritten by those of a store it sends us to.
fn remember(said: &mut HeaderMap, headers: &HeaderMap) {
    for name in ["x-repo-commit", "x-linked-size", "x-error-code"] {
        if let (false, Some(value)) = (said.contains_key(name), headers.get(name)) {
            said.insert(name, value.clone());
        }
    }
}

fn answer(response: Response<Body>, said: &HeaderMap) -> Answer {
    let text = |headers: &HeaderMap, name: &str| -> Option<String> {
        Some(headers.get(name)?.to_str().ok()?.to_owned())
    };
    let status = response.status().as_u16();
    let range = text(response.headers(), CONTENT_RANGE.as_str()).and_then(|v| parse_range(&v));
    let whole = match status {
        200 => text(response.headers(), CONTENT_LENGTH.as_str()).and_then(|v| v.parse().ok()),
        _ => range.map(|(_, size)| size),
    };
    let linked = text(said, "x-linked-size").and_then(|value| value.parse().ok());
    Answer {
        status,
        commit: text(said, "x-repo-commit").filter(|commit| is_commit(commit)),
        error_code: text(said, "x-error-code"),
        range,
        size: whole.or(linked),
        body: response.into_body(),
    }
}

/// `bytes 10-99/100` gives `(10, 100)`.
fn parse_range(value: &str) -> Option<(u64, u64)> {
    let (range, size) = value.strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split_once('-')?.0.parse().ok()?, size.parse().ok()?))
}
