// What the pages about moving have to name. `tables`: by the heading of a section, the types of the old package whose members are its rows; `exports`: the
// further sections whose rows name exports of it; `words`: what the second column may name beside our own declarations and the old names, as claims and
// parameters of a provider.

const requests = ['RedirectRequest', 'PopupRequest', 'SilentRequest', 'SsoSilentRequest', 'AuthorizationCodeRequest'];
const configuration = ['Configuration', 'BrowserAuthOptions', 'CacheOptions', 'BrowserSystemOptions', 'BrowserExperimentalOptions', 'BrowserTelemetryOptions', 'BrowserAuthOptions.OIDCOptions', 'BrowserSystemOptions.loggerOptions'];
const components = ['IMsalContext', 'MsalProviderProps', 'MsalAuthenticationProps', 'MsalAuthenticationResult', 'AuthenticatedTemplateProps', 'WithMsalProps'];
const calls = ['Auth0Client', 'RedirectLoginOptions', 'PopupConfigOptions', 'GetTokenSilentlyOptions', 'GetTokenWithPopupOptions', 'LogoutOptions', 'RedirectLoginResult', 'TokenEndpointResponse', 'RevokeRefreshTokenOptions', 'ClientConfiguration'];
const options = ['KeycloakLoginOptions', 'KeycloakLogoutOptions', 'KeycloakRegisterOptions', 'KeycloakAccountOptions', 'KeycloakRedirectUriOptions', 'Acr'];
const signin = ['SigninRedirectArgs', 'SigninPopupArgs', 'SigninSilentArgs', 'QuerySessionStatusArgs', 'SigninResourceOwnerCredentialsArgs'];
const signout = ['SignoutRedirectArgs', 'SignoutPopupArgs', 'SignoutSilentArgs'];

export const pages = {
  'migrating-from-msal.md': {
    of: ['@azure/msal-browser', '@azure/msal-react'],
    tables: {
      Settings: [['@azure/msal-browser', ...configuration]],
      Methods: [['@azure/msal-browser', 'PublicClientApplication', 'HandleRedirectPromiseOptions', 'InitializeApplicationRequest', 'ClearCacheRequest']],
      'Parameters of a login and of a token': [['@azure/msal-browser', ...requests, 'PopupWindowAttributes']],
      'Parameters of a logout': [['@azure/msal-browser', 'EndSessionRequest', 'EndSessionPopupRequest']],
      'The result and the account': [['@azure/msal-browser', 'AuthenticationResult', 'AccountInfo']],
      Events: [['@azure/msal-browser', 'typeof EventType', 'EventMessage']],
      React: [['@azure/msal-react', ...components]],
      Errors: [['@azure/msal-browser', 'AuthError', 'InteractionRequiredAuthError', 'ServerError']],
    },
    exports: ['The other exports'],
    words: ['BroadcastChannel', 'domain_hint', 'oid', 'tid', 'upn', 'login_hint', 'detail', 'AADSTS'],
  },
  'migrating-from-auth0.md': {
    of: ['@auth0/auth0-spa-js', '@auth0/auth0-react'],
    tables: {
      Settings: [['@auth0/auth0-spa-js', 'Auth0ClientOptions']],
      Methods: [['@auth0/auth0-spa-js', ...calls]],
      'Parameters of the authorization request': [['@auth0/auth0-spa-js', 'AuthorizationParams']],
      'The user': [['@auth0/auth0-spa-js', 'IdToken', 'User']],
      React: [['@auth0/auth0-react', 'Auth0ContextInterface', 'Auth0ProviderOptions', 'WithAuthenticationRequiredOptions', 'UseEnterpriseConnect']],
    },
    exports: ['Errors'],
    words: ['federated', 'returnTo'],
  },
  'migrating-from-keycloak-js.md': {
    of: ['keycloak-js'],
    tables: {
      Settings: [['keycloak-js', 'KeycloakServerConfig', 'GenericOidcConfig', 'OpenIdProviderMetadata', 'KeycloakInitOptions']],
      Methods: [['keycloak-js', 'default']],
      'Parameters of a login and of a logout': [['keycloak-js', ...options]],
      'The user': [['keycloak-js', 'KeycloakTokenParsed', 'KeycloakProfile', 'KeycloakUserInfo']],
      'The adapter and errors': [['keycloak-js', 'KeycloakAdapter', 'KeycloakError']],
    },
    words: ['ui_locales', 'ISSUER', 'account', 'referrer', 'my', 'spa', 'kc_action', 'kc_action_status', 'kc_idp_hint'],
  },
  'migrating-from-react-oidc-context.md': {
    of: ['react-oidc-context'],
    tables: {
      'The provider': [['react-oidc-context', 'AuthProviderBaseProps', 'AuthProviderUserManagerProps']],
      'The hook': [['react-oidc-context', 'AuthContextProps']],
      'The guards': [['react-oidc-context', 'WithAuthenticationRequiredProps']],
    },
    words: ['signinMethod'],
  },
  'migrating-from-oidc-client-ts.md': {
    of: ['oidc-client-ts'],
    tables: {
      Settings: [['oidc-client-ts', 'UserManagerSettings', 'OidcClientSettings']],
      Methods: [['oidc-client-ts', 'UserManager', 'OidcClient', 'MetadataService']],
      'Parameters of the methods': [['oidc-client-ts', ...signin, ...signout]],
      'The user': [['oidc-client-ts', 'User']],
      Events: [['oidc-client-ts', 'UserManagerEvents']],
      'Errors and the other exports': [['oidc-client-ts', 'ErrorResponse', 'ErrorTimeout']],
    },
    words: ['split'],
  },
};
