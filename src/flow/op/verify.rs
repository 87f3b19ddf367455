//! From the text of an id_token to verified claims: first the signature, with one request for rotated keys, then every claim.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::error::{Code, Error};
use crate::flow::client::Client;
use crate::flow::op::jwks::{self, Wanted, prepare_to_verify};
use crate::flow::op::metadata::server_metadata;
use crate::ports::{Clock, Http, SignatureVerifier, Storage};
use crate::protocol::id_token::{self, Expectations, IdTokenClaims};
use crate::protocol::jose::{CompactJws, JwkSet, VerifiedJws};
use crate::protocol::metadata::{ServerMetadata, Signed};
use crate::protocol::secret::Secret;
use crate::settings::params::ParseExpectations;

/// The claims of an id_token whose signature is good.
pub(in crate::flow) fn validate_claims<P>(
    client: &Client<P>,
    jws: VerifiedJws,
    metadata: &ServerMetadata,
    expected: &Expectations,
) -> Result<IdTokenClaims, Error> {
    let Some(expected_issuer) = &client.functions.expected_issuer else {
        return Ok(id_token::validate(jws, expected)?);
    };
    let issuer = expected_issuer(metadata.issuer().unwrap_or_default(), jws.payload())?;
    Ok(id_token::validate(jws, &Expectations { issuer: &issuer, ..*expected })?)
}

/// The checks that hold for every id_token of this client. The caller adds the checks for one id_token.
pub(in crate::flow) fn expectations<'a, P: Clock>(client: &'a Client<P>, issuer: &'a str) -> Expectations<'a> {
    Expectations {
        issuer,
        client_id: &client.config.client_id,
        trusted_audiences: &client.config.trusted_audiences,
        sub: None,
        nonce: None,
        allow_missing_nonce: client.config.allow_missing_nonce,
        max_age: None,
        essential_acr: None,
        access_token: None,
        is_hash: client.options.is_in_worker(),
        now: client.platform.now(),
        clock_tolerance: client.options.clock_tolerance,
    }
}

/// `parseIdToken`: validates an id_token that came by another way than a login of this client.
pub async fn parse_id_token<P>(
    client: &Rc<Client<P>>,
    id_token: &str,
    expected: ParseExpectations,
) -> Result<IdTokenClaims, Error>
where
    P: Http + Storage + Clock + SignatureVerifier + 'static,
{
    let metadata = server_metadata(client, false).await?;
    let issuer = metadata.required_issuer()?;
    let expected = Expectations {
        nonce: expected.nonce.as_ref(),
        max_age: expected.max_age,
        essential_acr: expected.acr_values.as_deref(),
        access_token: expected.access_token.as_ref().map(Secret::expose),
        is_hash: false,
        ..expectations(client, issuer)
    };
    let jws = verify_signature(client, id_token, &metadata, Signed::IdToken).await?;
    validate_claims(client, jws, &metadata, &expected)
}

/// OIDC Core section 3.1.3.7 steps 6 and 7. Over TLS, step 6 would let a client skip the signature; this client never skips it.
pub(in crate::flow) fn verify_signature<'a, P>(
    client: &'a Rc<Client<P>>,
    token: &'a str,
    metadata: &'a ServerMetadata,
    signed: Signed,
) -> LocalBoxFuture<'a, Result<VerifiedJws, Error>>
where
    P: Http + Storage + Clock + SignatureVerifier + 'static,
{
    async move {
        let algorithms = metadata.algorithms(signed, &client.config.id_token_signing_algs)?;
        let jws = CompactJws::parse(token, &algorithms)?;
        let mut keys = prepare_to_verify(client).await?;
        let mut is_first = true;
        loop {
            let error = match verify_with(&*client.platform, &jws, &keys).await {
                Err(error) if is_first && matches!(error.code, Code::InvalidKeyId | Code::BadSignature) => error,
                verdict => return verdict,
            };
            // OIDC Core section 10.1.1: an unknown kid means "fetch the keys again". A bad signature may mean that the provider reuses a
            // kid for a new key. The keys are fetched again once, and not during the cool-down.
            keys = match jwks::keys(client, Wanted::OtherThan(keys.clone())).await {
                Ok(others) if !Rc::ptr_eq(&others, &keys) => others,
                // If no key fitted the token, a failed request for newer keys is the error. A bad signature stays a bad signature, even
                // during an outage.
                Err(fault) if error.code != Code::BadSignature => return Err(fault),
                _ => return Err(error),
            };
            is_first = false;
        }
    }
    .boxed_local()
}

async fn verify_with(verifier: &impl SignatureVerifier, jws: &CompactJws, keys: &JwkSet) -> Result<VerifiedJws, Error> {
    let check = jws.check(keys)?;
    let is_valid = verifier.verify(&check).await?;
    Ok(check.conclude(is_valid)?)
}
