/** A document of Systems Manager that is about to run on an instance, in every mode. Nothing undoes it. */
import type { CommandEnd, HookName } from "../command.ts";

export interface CommandChange {
  readonly kind: "RUN_COMMAND";
  readonly document: string;
  readonly instanceId: string;
  /** Absent: it proves the application. */
  readonly hook?: HookName;
  /** By which the command is found where the answer was lost. */
  readonly comment: string;
  /** SSM's id of it; absent until it is known to have been sent. */
  readonly commandId?: string;
  /** How it ended, once that is known. */
  readonly end?: CommandEnd & {
    /** When that was found. ISO 8601 */
    readonly at: string;
  };
}
