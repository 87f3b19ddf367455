import { OAuthError, createOAuth } from 'oidc-client-wasm'

/** Calls the listener at each of these events. Returns the function that ends it. */
function onAuthEvent(starting, types, listener) {
  const ending = new AbortController()
  const listen = (event) => listener(event.detail)
  starting.then((oauth) => types.forEach((type) => oauth.addEventListener(type, listen, { signal: ending.signal })), () => {})
  return () => ending.abort()
}

// TODO(oidc-client-wasm): Without a refresh token nothing renews the access token ahead of its end: ask for the scope offline_access, or call authorizeSilent() where getAccessToken() throws token_expired. See docs/migrating-from-oidc-client-ts.md#what-has-no-counterpart-here
const manager = createOAuth({ app: {
  issuer: 'https://id.example.com',
  clientId: 'board',
  redirectUri: `${location.origin}/callback`,
  popupRedirectUri: `${location.origin}/popup`,
  silentRedirectUri: `${location.origin}/silent`,
  scope: 'openid profile',
  authorizeParams: { prompt: 'select_account' }
} }, { autoRenew: true })
manager.then((oauth) => oauth.app.monitorSession({ interval: 10 }), () => {})

let current = null
export const onChange = new Set()

function set(user) {
  current = user
  for (const tell of onChange) tell(user)
}

onAuthEvent(manager, ['login', 'tokenupdate'], ({ token }) => set(token))
onAuthEvent(manager, ['logout'], () => set(null))
onAuthEvent(manager, ['expiring'], () => {
  console.info('the token ends soon')
})
// TODO(oidc-client-wasm): No event tells that the access token has expired: getAccessToken() refreshes it, or throws token_expired. See docs/migrating-from-oidc-client-ts.md#events
manager.events.addAccessTokenExpired(() => set(null))
onAuthEvent(manager, ['error'], ({ error }) => error.phase === 'refresh' && console.error(error))
onAuthEvent(manager, ['logout'], async ({ reason }) => {
  if (reason !== 'session-ended') return
  await manager.client('app').clear()
})

// The click opens the window.
export async function login() {
  const user = await manager.client('app').authorizePopup({ loginHint: localStorage.lastEmail, features: 'width=500,height=600' })
  return user.userinfo?.name
}

export function logout() {
  // TODO(oidc-client-wasm): A logout in a popup is not in this version: logoutRedirect() leaves the page. See docs/migrating-from-oidc-client-ts.md#methods
  return manager.signoutPopup()
}

export async function silent() {
  try {
    return await manager.client('app').authorizeSilent()
  } catch (error) {
    if (error instanceof OAuthError && error.error === 'login_required') return null
    throw error
  }
}

export async function callback() {
  await (await manager).handleRedirect()
}

export const load = () => manager.then((oauth) => oauth.app.token).then(user => {
  if (user && (user.expires_at ?? Infinity) * 1000 > Date.now()) set(user)
  return user
})

export const currentName = () => current?.userinfo?.name
