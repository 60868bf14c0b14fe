/** Faults that a test or a scenario puts before or after a call: refusals, broken connections, delays. */
import type { Call } from "./contract.ts";

/** What a fault hook sees. */
export interface FaultCall extends Call {
  readonly input: unknown;
}

/** May throw a CloudError (the client gets that answer) or any other error (the client's connection breaks), or wait. */
export type BeforeHook = (call: FaultCall) => void | Promise<void>;
export type AfterHook = (call: FaultCall, output: unknown) => void | Promise<void>;

export interface Faults {
  /** The service has done nothing yet. Returns the hook's removal. */
  before(hook: BeforeHook): () => void;
  /** The effect has happened. Returns the hook's removal. */
  after(hook: AfterHook): () => void;
}

/** The client gets no answer: the connection broke, before or after the effect. */
export class BrokenConnection extends Error {
  readonly code: string;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : "the connection broke", { cause });
    this.name = "BrokenConnection";
    this.code = codeOf(cause) ?? "ECONNRESET";
  }
}

/** An error's own code: AWS's, or Node's of a network error. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

/**
 * Most hooks answer at once, and are not waited for.
 * @param Refusal what the service answers with
 * @throws a Refusal as the hook threw it; BrokenConnection for any other error
 */
export const runHooks = async <Hook>(
  hooks: ReadonlySet<Hook>,
  tell: (hook: Hook) => void | Promise<void>,
  Refusal: abstract new (...given: never) => Error,
): Promise<void> => {
  try {
    for (const hook of hooks) {
      const answer = tell(hook);
      if (answer !== undefined) await answer;
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new BrokenConnection(error);
  }
};
