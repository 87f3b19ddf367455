/** What `npx oidc-client-wasm doctor … --json` prints, unless the call has a mistake: then it prints a `DoctorMistake`. `version` changes when a member goes or means something else; further members and findings may come. */
export interface DoctorReport {
  version: 1;
  /** The version of the package. */
  package: string;
  /** The time of the report (ISO 8601). */
  time: string;
  issuer: string;
  clientId: string;
  origin: string;
  redirectUri: string;
  postLogoutRedirectUri: string;
  scope: string[];
  /** 0: no problem. 1: problems. 2: the provider could not be asked. */
  exitCode: 0 | 1 | 2;
  summary: { problems: number; warnings: number; ok: number; notSeen: number };
  /** How many requests were sent, and to which hosts. */
  requests: number;
  hosts: string[];
  findings: DoctorFinding[];
  /** The settings of the app, with the provider's own spelling of the issuer; `null` where the metadata could not be read. */
  settings: { issuer: string; clientId: string; redirectUri: string; postLogoutRedirectUri?: string; scope: string; responseMode?: "fragment" } | null;
}

/** What `--json` prints where the call has a mistake, as an argument that is empty. Nobody was asked, so there is no summary and there are no findings. */
export interface DoctorMistake {
  version: 1;
  /** The version of the package. */
  package: string;
  exitCode: 2;
  /** What is wrong with the call, and what to give instead. stderr has the same words. */
  error: { message: string; cure: string | null };
}

export interface DoctorFinding {
  /** The row of docs/doctor.md. An id is never renamed. */
  id: string;
  group: "app" | "discovery" | "metadata" | "keys" | "cors" | "login" | "tokens" | "logout" | "time";
  /** `problem`: a login, a refresh or a logout cannot work. `warning`: something else does not work, or may not. `not-seen`: to be looked at by hand. */
  level: "ok" | "warning" | "problem" | "not-seen";
  /** The member of the metadata that the finding is about, or `metadata`. */
  subject: string | null;
  /** One sentence or two: what was found. */
  text: string;
  /** What to change. */
  cure: string | null;
  /** Where to change it: in the settings of the app, at the provider, or at the server of the app. */
  where: "app" | "provider" | "server" | null;
  specification: { title: string; section: string; url: string } | null;
  docs: string;
}
