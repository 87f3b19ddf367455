//! From the text of an id_token to claims one may believe: the signature, with one look for rotated keys, then every claim.

use std::rc::Rc;

use super::provider::Provider;
use crate::error::{Code, Error};
use crate::ports::{Clock, Http, SignatureVerifier, Storage};
use crate::protocol::id_token::{self, Expectations, IdTokenClaims};
use crate::protocol::jose::{CompactJws, JwkSet, VerifiedJws};
use crate::protocol::metadata::ServerMetadata;

impl<P: Http + Storage + Clock + SignatureVerifier + 'static> Provider<P> {
    pub async fn believe_id_token(
        self: &Rc<Self>,
        id_token: &str,
        metadata: &ServerMetadata,
        expected: &Expectations<'_>,
    ) -> Result<IdTokenClaims, Error> {
        let jws = self.verify_signature(id_token, metadata).await?;
        Ok(id_token::validate(jws, expected)?)
    }

    /// OIDC Core section 3.1.3.7 steps 6 and 7. Over TLS step 6 would let a client skip the signature; this one never does.
    async fn verify_signature(
        self: &Rc<Self>,
        id_token: &str,
        metadata: &ServerMetadata,
    ) -> Result<VerifiedJws, Error> {
        let algorithms = metadata.id_token_algorithms(&self.config.id_token_signing_algs)?;
        let jws = CompactJws::parse(id_token, &algorithms)?;
        let keys = self.jwk_set(false).await?;
        let first = self.verify_with(&jws, &keys).await;
        // OIDC Core section 10.1.1: a kid nobody knows means "fetch the keys again". A provider that reuses a kid for a new
        // key shows as a bad signature. Once, and not more often than the cool-down allows.
        match first {
            Err(error) if matches!(error.code, Code::InvalidKeyId | Code::BadSignature) => {
                match self.rotated_jwk_set().await {
                    Some(keys) => self.verify_with(&jws, &*keys?).await,
                    None => Err(error),
                }
            }
            verdict => verdict,
        }
    }

    async fn verify_with(&self, jws: &CompactJws, keys: &JwkSet) -> Result<VerifiedJws, Error> {
        let check = jws.check(keys)?;
        let is_valid = self.platform.verify(&check).await?;
        Ok(check.conclude(is_valid)?)
    }
}
