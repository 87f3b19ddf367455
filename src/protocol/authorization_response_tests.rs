use super::*;
use proptest::prelude::*;

fn transaction(iss_promised: bool) -> LoginTransaction {
    LoginTransaction {
        client: "demo".into(),
        client_id: "spa".into(),
        state: Secret::new("S"),
        code_verifier: Secret::new("v".repeat(43)),
        redirect_uri: "https://app.example/cb".into(),
        response_mode: ResponseMode::Query,
        place: None,
        issuer: Some("https://id.example.com".into()),
        iss_promised,
        nonce: None,
        scope: Vec::new(),
        max_age: None,
        essential_acr: None,
        app_state: None,
    }
}

fn judge(query: &str, iss_promised: bool) -> Result<String, ResponseError> {
    let response = RedirectResponse::read(&format!("https://app.example/cb?{query}")).remove(0);
    response.accept(transaction(iss_promised)).map(|grant| grant.code.expose().to_owned())
}

#[test]
fn a_good_response_gives_its_code() {
    assert_eq!(judge("code=abc&state=S", false), Ok("abc".into()));
    assert_eq!(judge("code=abc&state=S&iss=https%3A%2F%2Fid.example.com&session_state=x", true), Ok("abc".into()));
}

#[test]
fn duplicated_parameters_are_refused() {
    for (query, name) in [
        ("code=a&code=b&state=S", "code"),
        ("code=a&code=a&state=S", "code"),
        ("code=a&state=S&state=S", "state"),
        ("code=a&state=S&iss=https://id.example.com&iss=https://evil.example", "iss"),
        ("error=a&error=b&state=S", "error"),
        ("co%64e=a&code=b&state=S", "code"),
    ] {
        assert_eq!(judge(query, false), Err(ResponseError::Duplicate(name)), "{query}");
    }
}

#[test]
fn invalid_authorization_response_iss() {
    for iss in ["https://id.example.com1", "https://id.example.com/", "", "https%3A%2F%2Fevil.example"] {
        assert_eq!(judge(&format!("code=a&state=S&iss={iss}"), true), Err(ResponseError::IssuerMismatch), "{iss}");
        assert_eq!(judge(&format!("code=a&state=S&iss={iss}"), false), Err(ResponseError::IssuerMismatch), "{iss}");
        assert_eq!(judge(&format!("error=access_denied&state=S&iss={iss}"), true), Err(ResponseError::IssuerMismatch));
    }
}

#[test]
fn remove_authorization_response_iss() {
    assert_eq!(judge("code=a&state=S", true), Err(ResponseError::MissingIssuer));
    for beside_a_code in ["error=access_denied&state=S&code=a", "error=unheard_of&state=S"] {
        assert_eq!(judge(beside_a_code, true), Err(ResponseError::MissingIssuer));
    }
    for alone in ["error=access_denied&error_description=spoofed&state=S", "error=access_denied&code=&state=S"] {
        assert_eq!(judge(alone, true), Err(ResponseError::RefusedWithoutIssuer("access_denied")));
    }
}

#[test]
fn the_providers_refusal_is_kept_verbatim() {
    let refused =
        judge("error=access_denied&error_description=No+%3Cb%3E&error_uri=https%3A%2F%2Fx&state=S&code=a", false);
    assert_eq!(
        refused,
        Err(ResponseError::Refused(ProviderError {
            error: "access_denied".into(),
            error_description: Some("No <b>".into()),
            error_uri: Some("https://x".into()),
        }))
    );
}

#[test]
fn a_response_without_a_code_is_refused() {
    assert_eq!(judge("state=S", false), Err(ResponseError::MissingCode));
    assert_eq!(judge("state=S&code=", false), Err(ResponseError::MissingCode));
}

#[test]
fn only_what_has_a_state_is_a_candidate() {
    for url in ["https://a/", "https://a/?code=x", "https://a/?#code=x", "https://a/#/route?x=1", "about:blank"] {
        assert!(RedirectResponse::read(url).is_empty(), "{url}");
    }
    let modes = |url: &str| RedirectResponse::read(url).iter().map(RedirectResponse::mode).collect::<Vec<_>>();
    assert_eq!(modes("https://a/?state=1"), [ResponseMode::Query]);
    assert_eq!(modes("https://a/#state=1"), [ResponseMode::Fragment]);
    assert_eq!(modes("https://a/?state=1#state=2"), [ResponseMode::Query, ResponseMode::Fragment]);
}

#[test]
fn cleaning_keeps_every_other_byte() {
    for (url, cleaned) in [
        ("https://a/cb?code=1&state=2", "https://a/cb"),
        ("https://a/cb?x=%7e&code=1&y=+&state=2&iss=i#/route?code=3", "https://a/cb?x=%7e&y=+#/route?code=3"),
        ("https://a/cb?code=1&state=2#", "https://a/cb#"),
        ("https://a/cb?state=1&error=x&error_description=y&error_uri=z&session_state=s", "https://a/cb"),
        ("https://a/cb?%63ode=1&state=2&code_x=1", "https://a/cb?code_x=1"),
        ("https://a/cb?code=1&state=2&access_token=a#id_token=b&x=1", "https://a/cb#x=1"),
        ("https://a/cb?code=1&state=2#access_token=a&refresh_token=b", "https://a/cb"),
    ] {
        assert_eq!(without_response(url, ResponseMode::Query, "2"), cleaned);
    }
    assert_eq!(
        without_response("https://a/?code=1#code=2&state=3&t=4", ResponseMode::Fragment, "3"),
        "https://a/?code=1#t=4"
    );
    assert_eq!(without_response("https://a/?x#code=2&state=3", ResponseMode::Fragment, "3"), "https://a/?x");
}

#[test]
fn what_was_smuggled_into_the_other_place_under_the_same_state_goes_too() {
    let url = "https://a/cb?code=1&state=2#code=evil&state=2&x=1";
    assert_eq!(without_response(url, ResponseMode::Query, "2"), "https://a/cb#x=1");
    let foreign = "https://a/cb?code=1&state=2#code=theirs&state=3";
    assert_eq!(without_response(foreign, ResponseMode::Query, "2"), "https://a/cb#code=theirs&state=3");
}

proptest! {
    #[test]
    fn no_url_makes_the_reader_panic(url in ".{0,80}") {
        for response in RedirectResponse::read(&url) {
            let _ = response.accept(transaction(true));
        }
        let _ = without_response(&url, ResponseMode::Query, "2");
        let _ = without_response(&url, ResponseMode::Fragment, "2");
    }

    #[test]
    fn a_cleaned_url_has_no_response_left(noise in "[a-z=&%0-9]{0,20}", more in "[a-z=&]{0,10}") {
        let url = format!("https://a/?{noise}&code=1&state=2&{more}");
        let cleaned = without_response(&url, ResponseMode::Query, "2");
        prop_assert!(RedirectResponse::read(&cleaned).is_empty(), "{}", cleaned);
    }
}
