/** Says why a command did not do what was asked: one sentence, the next step, and what it ends with. */
import type { Exit } from "./exit-codes.ts";

export interface FailureParts {
  /** A command to type, or a short instruction. Absent: the help of the command. */
  readonly next?: string;
  /** The API's own problem document, for --json. */
  readonly document?: Readonly<Record<string, unknown>>;
}

export class Failure extends Error {
  override readonly name = "Failure";
  readonly exit: Exit;
  readonly parts: FailureParts;

  /** @param sentence with or without its full stop */
  constructor(exit: Exit, sentence: string, parts: FailureParts = {}) {
    super(sentence.replace(/\.$/, ""));
    this.exit = exit;
    this.parts = parts;
  }
}
