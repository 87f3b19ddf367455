import { Log, User, UserManager } from "oidc-client-ts";
import { settings } from "./settings";

Log.setLogger(console);
Log.setLevel(Log.WARN);

/** The one manager of the app. */
export const userManager = new UserManager(settings);

type Listener = (user: User | null) => void;

class AuthService {
  private user: User | null = null;
  private readonly listeners = new Set<Listener>();

  constructor(private readonly manager: UserManager) {
    this.manager.events.addUserLoaded((user) => {
      this.user = user;
      this.tell();
    });
    this.manager.events.addUserUnloaded(() => {
      this.user = null;
      this.tell();
    });
    this.manager.events.addSilentRenewError((error) => {
      console.error("The renewal has failed", error.message);
    });
  }

  async start(): Promise<void> {
    this.user = await this.manager.getUser();
    this.tell();
  }

  /** Goes to the provider, and comes back to this page. */
  login(): Promise<void> {
    return this.manager.signinRedirect({ state: { from: location.pathname } });
  }

  async completeLogin(): Promise<string> {
    const user = await this.manager.signinRedirectCallback();
    this.user = user;
    const { from } = user.state as { from: string };
    return from;
  }

  async logout(): Promise<void> {
    await this.manager.signoutRedirect();
  }

  async renew() {
    // the dialog asks for it
    this.user = await this.manager.signinSilent();
  }

  get isLoggedIn(): boolean {
    return this.user != null && !this.user.expired;
  }

  get name(): string | undefined {
    return this.user?.profile.name;
  }

  get email() {
    return this.user ? this.user.profile.email : undefined;
  }

  async headers(): Promise<Record<string, string>> {
    const user = await this.manager.getUser();
    if (!user) return {};
    return { authorization: `Bearer ${user.access_token}` };
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
