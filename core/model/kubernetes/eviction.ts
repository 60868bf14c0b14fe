/** Evictions as the Kubernetes API answers them, tried or in earnest. */

/** What the server answers to an eviction. Sources: Kubernetes API concepts, "API-initiated eviction"; admission webhooks. */
export type EvictionReply =
  /** Accepted, not gone. */
  | { readonly kind: "ACCEPTED" }
  | { readonly kind: "GONE" }
  /** A pod of the same name is another one by now. */
  | { readonly kind: "OTHER_POD" }
  /** Somebody wrote the object meanwhile. */
  | { readonly kind: "CONFLICT" }
  /** Its budget allows none now. `retryAfterSeconds`: the budget's status is stale. */
  | {
      readonly kind: "BUDGET";
      readonly message: string;
      readonly retryAfterSeconds?: number;
      readonly isSyncFailed: boolean;
    }
  /** Two budgets match: the API never evicts it. */
  | { readonly kind: "SEVERAL_BUDGETS"; readonly message: string }
  /** The server's own limit: everything pauses. */
  | { readonly kind: "THROTTLED"; readonly retryAfterSeconds: number }
  /** A webhook or an admission policy says no; it may move the pod itself. */
  | { readonly kind: "DENIED"; readonly by: string; readonly message: string }
  /** The webhook's backend can't be reached. */
  | { readonly kind: "WEBHOOK_UNAVAILABLE"; readonly by: string; readonly message: string }
  | { readonly kind: "NAMESPACE_TERMINATING" }
  /** The controller of budgets is behind. */
  | { readonly kind: "BUDGET_CONTROLLER_BEHIND"; readonly message: string }
  /** Time-out, 5xx, broken connection: it may have been accepted. */
  | { readonly kind: "UNKNOWN"; readonly message: string };

/** The answer of a dry run of an eviction that will not change by waiting, and what waits. */
export interface EvictionTrial {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly reply: EvictionReply;
}
