/** What is written down of each request to the API server, and where faults are put. */

/** What a fault hook sees. */
export interface KubeCall {
  readonly clusterName: string;
  readonly verb: string;
  /** With its subresource: `pods/eviction`; of a path, the path. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly username: string;
  readonly isDryRun: boolean;
  readonly body: unknown;
  /** As it came, without its token. */
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly contentType: string;
  };
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface KubeJournalEntry extends KubeCall {
  /** Undefined while nothing was answered, and where the connection broke. */
  readonly code?: number;
  /** The server did what was asked: true even if the client never learnt of it. */
  readonly hadEffect: boolean;
}

/** May throw a KubeRefusal (the client gets that answer) or any other error (its connection breaks), or wait. */
export type BeforeHook = (call: KubeCall) => void | Promise<void>;
export type AfterHook = (call: KubeCall, body: unknown) => void | Promise<void>;

const readingVerbs: ReadonlySet<string> = new Set(["get", "list", "watch", "head"]);

export const isMutatingCall = ({ verb, resource, isDryRun }: KubeCall): boolean =>
  !isDryRun && !readingVerbs.has(verb) && !resource.startsWith("selfsubject");
