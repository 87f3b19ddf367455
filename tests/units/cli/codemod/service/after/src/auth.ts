import { type OAuth, type OAuthEventMap, type Token, createOAuth } from "oidc-client-wasm";
import { settings } from "./settings";

/** Calls the listener at each of these events. Returns the function that ends it. */
function onAuthEvent<Type extends keyof OAuthEventMap>(starting: Promise<OAuth>, types: Type[], listener: (detail: OAuthEventMap[Type]) => unknown): () => void {
  const ending = new AbortController();
  const listen = (event: CustomEvent<OAuthEventMap[Type]>) => listener(event.detail);
  starting.then((oauth) => types.forEach((type) => oauth.addEventListener(type, listen, { signal: ending.signal })), () => {});
  return () => ending.abort();
}


/** The one manager of the app. */
export const userManager = createOAuth({ app: settings }, { autoRenew: true, tokenStorage: "local" });

type Listener = (user: Token | null) => void;

class AuthService {
  private user: Token | null = null;
  private readonly listeners = new Set<Listener>();

  constructor(private readonly manager: ReturnType<typeof createOAuth<"app">>) {
    onAuthEvent(this.manager, ["login", "tokenupdate"], ({ token: user }) => {
      this.user = user;
      this.tell();
    });
    onAuthEvent(this.manager, ["logout"], () => {
      this.user = null;
      this.tell();
    });
    onAuthEvent(this.manager, ["error"], ({ error }) => {
      if (error.phase !== "refresh") return;
      console.error("The renewal has failed", error.message);
    });
  }

  async start(): Promise<void> {
    this.user = (await this.manager).app.token;
    this.tell();
  }

  /** Goes to the provider, and comes back to this page. */
  login(): Promise<void> {
    return this.manager.client("app").authorizeRedirect({ appState: { from: location.pathname } });
  }

  async completeLogin(): Promise<string> {
    const result = await (await this.manager).handleRedirect();
    if (result?.kind !== "login") throw new Error("This address has no response to a login.");
    const user = result.token;
    this.user = user;
    const { from } = result.appState as { from: string };
    return from;
  }

  async logout(): Promise<void> {
    await this.manager.client("app").logoutRedirect({ revoke: true });
  }

  async renew() {
    // the dialog asks for it
    this.user = await this.manager.client("app").refreshToken();
  }

  get isLoggedIn(): boolean {
    return this.user != null && (this.user.expires_at ?? Infinity) * 1000 > Date.now();
  }

  get name(): string | undefined {
    return this.user?.userinfo?.name;
  }

  get email() {
    return this.user ? this.user.userinfo?.email : undefined;
  }

  async headers(): Promise<Record<string, string>> {
    const user = (await this.manager).app.token;
    if (!user) return {};
    return { authorization: `Bearer ${await this.manager.client("app").getAccessToken()}` };
  }

  subscribe(listener: Listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell() {
    for (const listener of this.listeners) listener(this.user);
  }
}

export const auth = new AuthService(userManager);
