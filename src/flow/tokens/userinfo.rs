//! `userinfo()`: what the provider tells about the person who signed in, believed only if it is about them.

use std::rc::Rc;

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::send_to;
use crate::flow::op::verify::verify_signature;
use crate::flow::session::value::Session;
use crate::ports::Platform;
use crate::protocol::credential::Credential;
use crate::protocol::http::HttpResponse;
use crate::protocol::json::Object;
use crate::protocol::metadata::{ServerMetadata, Signed};
use crate::protocol::userinfo::{self, Answer, Expectations, UserinfoError};

impl<P: Platform> Client<P> {
    pub async fn userinfo(self: &Rc<Self>) -> Result<Object, Error> {
        let mut metadata = server_metadata(self, false).await?;
        metadata.userinfo_endpoint().map_err(in_phase(Phase::Userinfo))?;
        let borrowed = self.borrow_token().await?;
        // Whom the answer must be about is fixed by the session that the token came from.
        let session = borrowed.session.clone();
        if let Some(session) = &session {
            self.check_provider(session, &metadata).map_err(in_phase(Phase::Userinfo))?;
        }
        let mut answer = self.ask(&mut metadata, borrowed.token.credential()).await?;
        if self.is_worth_a_new_token(answer.status, answer.challenge.as_deref())
            && let Some(token) = self.token_instead_of(&borrowed).await
        {
            answer = self.ask(&mut metadata, token.credential()).await?;
        }
        let claims = match userinfo::response(&answer).map_err(|error| self.refused_userinfo(error))? {
            Answer::Claims(claims) => claims,
            Answer::Jwt(jwt) => self.verify_signed_userinfo(&jwt, &metadata, session.as_deref()).await?,
        };
        // Nobody is told about a person who left meanwhile, whoever came after them.
        if session.as_ref().map(|session| session.login()) != self.session().as_ref().map(|session| session.login()) {
            let message = "The person whom this was asked about is not signed in any more.";
            return Err(Error::new(Code::MissingToken, Phase::Userinfo, message));
        }
        // A plain OAuth 2.0 provider has said nothing about anybody that this could contradict.
        if let Some(sub) = session.as_ref().and_then(|session| session.sub()) {
            userinfo::check_subject(&claims, sub).map_err(claim)?;
        }
        Ok(claims)
    }

    /// The refresh that a refusal leads to may have ended the session, and then no scope helps.
    fn refused_userinfo(&self, error: UserinfoError) -> Error {
        let error = Error::from(error);
        let has_ended = self.functions.fetch_token.is_none() && self.session().is_none();
        if error.code == Code::UserinfoRefused && has_ended {
            return error
                .with_remedy("The session has ended: the provider refused to renew its token. Start a new login.");
        }
        error
    }

    async fn ask(
        self: &Rc<Self>,
        metadata: &mut Rc<ServerMetadata>,
        credential: Credential,
    ) -> Result<HttpResponse, Error> {
        let endpoint = metadata.userinfo_endpoint().map_err(in_phase(Phase::Userinfo))?;
        let request = userinfo::request(endpoint, credential);
        let timeout = self.options.request_timeout;
        let answer = send_to(self, metadata, ServerMetadata::userinfo_endpoint, &request, timeout).await;
        answer.map(|(answer, _)| answer).map_err(|fault| Error::http(fault, Phase::Userinfo, "userinfo endpoint"))
    }

    async fn verify_signed_userinfo(
        self: &Rc<Self>,
        jwt: &str,
        metadata: &ServerMetadata,
        session: Option<&Session>,
    ) -> Result<Object, Error> {
        let jws = verify_signature(self, jwt, metadata, Signed::Userinfo).await.map_err(in_phase(Phase::Userinfo))?;
        let expected = Expectations {
            // The issuer of the login, which for a template is not the metadata's.
            issuer: session.and_then(|session| session.issuer()).or(metadata.issuer()),
            client_id: &self.config.client_id,
            now: self.platform.now(),
            clock_tolerance: self.options.clock_tolerance,
        };
        userinfo::validate_signed(jws, &expected).map_err(claim)
    }
}

fn claim(error: crate::protocol::id_token::ClaimError) -> Error {
    Error::claim(&error, "userinfo response", Phase::Userinfo)
}
