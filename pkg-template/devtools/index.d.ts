/** `oidc-client-wasm/devtools`: what happened, and what is wrong with the page. For development. Nothing that it shows, keeps or reports has a secret. */
import type { DoctorFinding } from "../doctor/report.js";
import type { ClientSettings, OAuth, OAuthOptions, StartingOAuth } from "../index.js";

/** An entry of a record. The kind says which members it has. Values are masked by their type: `‹code, 43 characters›`. */
export interface RecordEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: "page" | "ready" | "unstarted" | "begin" | "verb" | "event" | "error" | "request" | "leave" | "response" | "stray";
  readonly client?: string;
  readonly [member: string]: unknown;
}

/** What the client does in this page and did before the redirect of a login. It is a function, for the option `log` of `createOAuth`. */
export interface Recording {
  (oauth: StartingOAuth | Promise<OAuth>): () => void;
  /** A copy, oldest first. */
  readonly entries: RecordEntry[];
  readonly storagePrefix: string;
  /** Calls the listener after each change. Returns the function that ends it. */
  onChange(listener: () => void): () => void;
  /** Forgets the entries, also those in sessionStorage. */
  clear(): void;
  /** Ends the record, and puts back what it has replaced: `fetch`, and the verbs of the clients. */
  stop(): void;
}

/** Begins a record, which is in memory and, masked, in sessionStorage under `<storagePrefix>:devtools`. Call it before `createOAuth`: what came before is
 *  not seen, and neither are requests of the worker of `tokenStorage: "worker"`. */
export function recordRequests(options?: { storagePrefix?: string | undefined }): Recording;

export interface DevtoolsOptions {
  /** The record that was given to the option `log`. */
  log?: Recording | undefined;
  /** The settings and the options that `createOAuth` was given, for the report. Secrets and functions in them are masked. */
  settings?: Readonly<Record<string, ClientSettings>> | undefined;
  options?: OAuthOptions | undefined;
}

/** A finding of the doctor, or one of the page in the same shape. */
export interface Finding extends Readonly<Omit<DoctorFinding, "group">> {
  /** `page`: what this page is, and what its browser has told. The others are those of `npx oidc-client-wasm doctor`. */
  readonly group: DoctorFinding["group"] | "page";
  /** The clients whose provider or settings it is about. None: it is about the page. */
  readonly clients: readonly string[];
}

export interface ClaimCheck {
  readonly name: string;
  /** Masked, unless it is a date, or names the issuer or this client. */
  readonly value: string;
  /** What the client checked before the session began; null where it checks nothing. */
  readonly check: string | null;
  /** The section of the specification. */
  readonly section: string | null;
}

/** What {@link diagnose} gives: JSON. */
export interface Report {
  readonly report: "oidc-client-wasm";
  readonly version: string;
  readonly at: string;
  readonly findings: readonly Finding[];
  readonly page: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>> | null;
  readonly clients: readonly {
    readonly name: string;
    readonly clientId: string;
    readonly settings: Readonly<Record<string, unknown>> | null;
    readonly isMetadataCached: boolean;
    readonly endpoints: Readonly<Record<string, string>> | null;
    readonly status: string | null;
    readonly session: { readonly token: Readonly<Record<string, unknown>>; readonly claims: readonly ClaimCheck[]; readonly expiresAt: number | null } | null;
    readonly error: { readonly code: string; readonly message?: string; readonly remedy?: string } | null;
  }[];
  readonly storage: readonly { readonly place: string; readonly kind: string; readonly client: string | null; readonly owner: string | null; readonly meaning: string; readonly characters: number; readonly owned: boolean }[];
  readonly record: { readonly lastLogin: readonly string[]; readonly requests: readonly RecordEntry[]; readonly events: readonly RecordEntry[]; readonly errors: readonly RecordEntry[]; readonly verbs: readonly RecordEntry[] } | null;
  /** What the report cannot speak of, as sentences. */
  readonly notSeen: readonly string[];
}

/** Looks at the page, the clients, storage and the record. It asks for the metadata and the keys of the provider, unless `network` is false. It never rejects. */
export function diagnose(oauth: StartingOAuth | OAuth, options?: DevtoolsOptions & { network?: boolean | undefined }): Promise<Report>;

export type DevtoolsTab = "Login" | "Claims" | "Time" | "Tabs" | "Events" | "Storage" | "Findings";

/** Shows the panel at the foot of the page: the element `<oidc-devtools>`. Without `log` a record begins now. `close()` takes all of it away. */
export function mountDevtools(oauth: StartingOAuth | OAuth, options?: DevtoolsOptions & { tab?: DevtoolsTab | undefined; parent?: ParentNode | undefined }): HTMLElement & { close(): void };

/** The last login of a record as an SVG image, with a title and a description. Its colour is that of the text around it. `width` in CSS pixels, default 640. */
export function sequenceDiagram(entries: readonly RecordEntry[], options?: { width?: number | undefined }): SVGSVGElement;

/** The same steps as an `<ol>`, each with its masked parameters. */
export function sequenceList(entries: readonly RecordEntry[]): HTMLOListElement;
