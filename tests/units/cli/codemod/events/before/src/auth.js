import * as Oidc from 'oidc-client-ts'

const manager = new Oidc.UserManager({
  authority: 'https://id.example.com',
  client_id: 'board',
  redirect_uri: `${location.origin}/callback`,
  popup_redirect_uri: `${location.origin}/popup`,
  silent_redirect_uri: `${location.origin}/silent`,
  scope: 'openid profile',
  automaticSilentRenew: true,
  monitorSession: true,
  checkSessionIntervalInSeconds: 10,
  prompt: 'select_account'
})

let current = null
export const onChange = new Set()

function set(user) {
  current = user
  for (const tell of onChange) tell(user)
}

manager.events.addUserLoaded(set)
manager.events.addUserUnloaded(() => set(null))
manager.events.addAccessTokenExpiring(() => {
  console.info('the token ends soon')
})
manager.events.addAccessTokenExpired(() => set(null))
manager.events.addSilentRenewError(error => console.error(error))
manager.events.addUserSignedOut(async () => {
  await manager.removeUser()
})

// The click opens the window.
export async function login() {
  const user = await manager.signinPopup({ login_hint: localStorage.lastEmail, popupWindowFeatures: { width: 500, height: 600 } })
  return user.profile.name
}

export function logout() {
  return manager.signoutPopup()
}

export async function silent() {
  try {
    return await manager.signinSilent()
  } catch (error) {
    if (error instanceof Oidc.ErrorResponse && error.error === 'login_required') return null
    throw error
  }
}

export async function callback() {
  await manager.signinCallback()
}

export const load = () => manager.getUser().then(user => {
  if (user && !user.expired) set(user)
  return user
})

export const currentName = () => current?.profile?.name
