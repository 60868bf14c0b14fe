/**
 * Says what comes next of a command that may have been sent before: SSM takes no client token, so what is not known to be unsent
 * is looked for, and is never sent again under the same name.
 */
import type { CommandEnd } from "../../model/command.ts";
import type { IntentWithCalls } from "../../model/intent.ts";
import type { CommandChange } from "../../model/intents/command.ts";

export type NextOfCommand =
  | { readonly kind: "SEND" }
  /** Its answer was lost: it is looked for by its comment. */
  | { readonly kind: "FIND"; readonly comment: string; readonly after: string }
  /** Whether it was sent stays unknown. */
  | { readonly kind: "UNKNOWN" }
  | { readonly kind: "READ"; readonly commandId: string }
  | { readonly kind: "ENDED"; readonly end: Required<CommandChange>["end"] };

/** † How long SSM's lists lag is not documented: a minute more than any list of EC2's. */
const unseenMs = 3 * 60_000;

export const nextOfCommand = (planned: IntentWithCalls | undefined, now: Date): NextOfCommand => {
  if (planned?.intent.change.kind !== "RUN_COMMAND") return { kind: "SEND" };
  const { intent, effects } = planned;
  const { commandId, end, comment } = planned.intent.change;
  if (end !== undefined) return { kind: "ENDED", end };
  if (commandId !== undefined) return { kind: "READ", commandId };
  // Each call was turned away: none is on its way.
  if (effects.every(({ outcome }) => outcome === "REFUSED")) return { kind: "SEND" };
  const last =
    effects
      .map(({ at }) => at)
      .toSorted()
      .at(-1) ?? intent.plannedAt;
  return now.getTime() - Date.parse(last) > unseenMs
    ? { kind: "UNKNOWN" }
    : { kind: "FIND", comment, after: intent.plannedAt };
};

/** With the exit code, and without a word of what it printed. */
export const sentenceOnEnd = (
  { document, instanceId, commandId }: Pick<CommandChange, "document" | "instanceId" | "commandId">,
  { hasSucceeded, status, exitCode }: CommandEnd,
): string => {
  const name = `Document ${document} on ${instanceId}`;
  if (hasSucceeded) return `${name} succeeded.`;
  const code = exitCode === undefined ? "" : `, exit code ${String(exitCode)}`;
  return `${name} did not succeed: ${status}${code} (command ${commandId ?? "unknown"}; its output is in Systems Manager).`;
};
