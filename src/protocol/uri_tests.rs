use super::*;
use proptest::prelude::*;

#[test]
fn endpoints_are_https_or_loopback() {
    for good in [
        "https://id.example.com",
        "https://id.example.com:8443/a/b?x=1",
        "HTTPS://ID.example.com/",
        "http://localhost:3000/token",
        "http://dev.localhost/token",
        "http://127.0.0.1/",
        "http://127.8.8.8:1/",
        "http://[::1]:9/",
    ] {
        assert!(Uri::parse_endpoint(good).is_ok(), "{good}");
    }
}

#[test]
fn hostile_endpoints_are_refused() {
    use UriError::*;
    for (bad, why) in [
        ("javascript:alert(1)", Scheme),
        ("data:text/html,x", Scheme),
        ("ftp://a.example/", Scheme),
        ("/relative", Malformed),
        ("//id.example.com/x", Malformed),
        ("https:/id.example.com", Malformed),
        ("https:id.example.com", Malformed),
        ("https://", Malformed),
        ("https:///path", Malformed),
        ("https://a b/", Malformed),
        (" https://a.example/", Malformed),
        ("https://a.example/\n", Malformed),
        ("https://a.example\\@evil.example/", Malformed),
        ("https://bücher.example/", Malformed),
        ("https://a.example:99999/", Malformed),
        ("https://a.example:+80/", Malformed),
        ("https://[::1", Malformed),
        ("https://[zz]/", Malformed),
        ("https://a..b/", Malformed),
        ("https://a%2eb/", Malformed),
        ("https://user@id.example.com/", UserInfo),
        ("https://id.example.com@evil.example/", UserInfo),
        ("http://id.example.com/", Insecure),
        ("http://localhost.evil.example/", Insecure),
        ("http://127.0.0.1.evil.example/", Insecure),
        ("http://127.0.0.1@evil.example/", UserInfo),
        ("http://notlocalhost/", Insecure),
        ("http://0x7f.1/", Insecure),
        ("http://127.0.0.01/", Insecure),
        ("http://127.1/", Insecure),
        ("http://127.0.0.256/", Insecure),
        ("http://2130706433/", Insecure),
        ("https://id.example.com/#x", Fragment),
    ] {
        assert_eq!(Uri::parse_endpoint(bad), Err(why), "{bad}");
    }
    assert_eq!(Uri::parse_issuer("https://id.example.com/?x"), Err(Query));
}

#[test]
fn redirect_uris_may_be_plain_http_but_have_no_fragment() {
    assert!(Uri::parse_redirect_uri("http://intranet/callback?x=1").is_ok());
    assert_eq!(Uri::parse_redirect_uri("https://app.example/#cb"), Err(UriError::Fragment));
    assert_eq!(Uri::parse_redirect_uri("/callback"), Err(UriError::Malformed));
}

#[test]
fn append_query_keeps_what_is_there() {
    let pair = [("a", "1 2"), ("b", "ü&=")];
    assert_eq!(append_query("https://x/y", pair), "https://x/y?a=1+2&b=%C3%BC%26%3D");
    assert_eq!(append_query("https://x/y?k=v", pair), "https://x/y?k=v&a=1+2&b=%C3%BC%26%3D");
    assert_eq!(append_query("https://x/y?", [("a", "1")]), "https://x/y?a=1");
    assert_eq!(append_query("https://x/y#z", [("a", "1")]), "https://x/y?a=1#z");
    assert_eq!(append_query("https://x/y?k", []), "https://x/y?k");
    assert_eq!(append_query("https://x/y?k&", [("a", "1")]), "https://x/y?k&a=1");
    assert_eq!(append_query("https://x/y&", [("a", "1")]), "https://x/y&?a=1", "a path that ends in an ampersand");
    assert_eq!(append_query("https://x/y?k=v?", [("a", "1")]), "https://x/y?k=v?&a=1", "a value that ends in a mark");
}

#[test]
fn without_params_keeps_every_other_byte() {
    let cleaned = without_params("a=%7e&code=1&b=+x&%63ode=2&state=s&=&c", &["code", "state"]);
    assert_eq!(cleaned, "a=%7e&b=+x&=&c");
    assert_eq!(without_params("code=1&state=2", &["code", "state"]), "");
}

proptest! {
    #[test]
    fn what_we_accept_a_browser_reads_the_same_way(text in "(https?|HTTP):(//)?[a-z0-9.@:\\[\\]/?#\\\\% -]{0,30}") {
        if let Ok(ours) = Uri::parse(&text) {
            let theirs = url::Url::parse(&text);
            // A browser refuses a few hosts more (an invalid IPv4 number such as `1.2.3.4.5`); it must never see another host.
            if let Ok(theirs) = theirs {
                prop_assert_eq!(theirs.username(), "");
                prop_assert_eq!(theirs.password(), None);
                prop_assert_eq!(theirs.scheme() == "https", ours.secure);
                prop_assert_eq!(theirs.fragment().is_some(), ours.fragment.is_some());
                prop_assert_eq!(theirs.query(), ours.query);
                if ours.is_loopback() {
                    let host = theirs.host_str().unwrap().trim_end_matches('.');
                    let loopback = host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]";
                    prop_assert!(loopback, "{}", host);
                }
            }
        }
    }

    #[test]
    fn nothing_makes_the_parsers_panic(text in ".{0,60}") {
        let _ = Uri::parse(&text);
        let _ = form::decode(&text);
        let _ = without_params(&text, &["code"]);
    }

    #[test]
    fn appended_pairs_are_read_back(name in "[a-z_]{1,8}", value in ".{0,20}") {
        let url = append_query("https://a.example/x?k=v", [(name.as_str(), value.as_str())]);
        let uri = Uri::parse(&url).unwrap();
        prop_assert_eq!(form::decode(uri.query.unwrap()), vec![("k".to_owned(), "v".to_owned()), (name, value)]);
    }
}
