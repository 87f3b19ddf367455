//! Settings from a URL: the browser's counterpart of a framework's settings file.

use crate::error::{Code, Error, Phase};
use crate::ports::Http;
use crate::protocol::http::HttpRequest;
use crate::protocol::json::{self, Object};
use crate::protocol::text::decimal;

/// Fetches a JSON object of clients by name.
pub async fn fetch(http: &impl Http, url: &str, timeout: u32) -> Result<Object, Error> {
    let answer = http.send(&HttpRequest::get_json(url), timeout).await;
    let answer = answer.map_err(|fault| Error::http(fault, Phase::Config, "settings file"))?;
    if answer.status != 200 {
        let problem = ["The settings file could not be loaded: HTTP ", &decimal(answer.status), "."].concat();
        return Err(unusable(&problem).with_remedy("Correct the URL that createOAuth gets, or serve the file there."));
    }
    parse(&answer.body)
}

pub fn parse(text: &[u8]) -> Result<Object, Error> {
    json::parse_object(json::without_byte_order_mark(text)).map_err(|why| {
        let problem = why.twice.as_ref().map(|_| why.describe());
        unusable(&["The settings ", &problem.unwrap_or_else(|| "are not a JSON object".into()), "."].concat())
    })
}

fn unusable(message: &str) -> Error {
    Error::new(Code::ConfigInvalid, Phase::Config, message)
}
