/** A document of Systems Manager that is run on an instance: what is known of it beforehand, and how a run of it ended. */

/** What it printed is not kept: it may hold what only its owner may read. */
export interface CommandEnd {
  /** As SSM spells it: `Success`, `Failed`, `DeliveryTimedOut` … */
  readonly status: string;
  readonly hasSucceeded: boolean;
  /** Of the step that failed, else of the last one; absent where none has run. */
  readonly exitCode?: number;
}

export interface DocumentFacts {
  readonly name: string;
  /** Absent: there is no document of that name. */
  readonly status?: string;
  /** `Command`, `Automation` … */
  readonly type?: string;
  /** Without a default: we give none. */
  readonly requiredParameters: readonly string[];
}

/** What SSM knows of the original and of the documents that the policy names. */
export interface CommandFacts {
  /** `Online`, `ConnectionLost` …; absent: it is not managed by SSM. */
  readonly ping?: string;
  readonly documents: readonly DocumentFacts[];
}

export type HookName = "before_freeze" | "after_switch";

/** A hook of the owner's, as it was run: once in an evaluation. */
export interface HookRun {
  readonly hook: HookName;
  readonly document: string;
  readonly instanceId: string;
  /** Not so where nobody knows. */
  readonly hasSucceeded: boolean;
  readonly sentence: string;
  /** When that was known, else when it was planned. ISO 8601 */
  readonly at: string;
}
