/** Runs the owner's hooks around a switch, each once in an evaluation. */
import { paces } from "../../core/decide/linear/paces.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { HookName } from "../../core/model/command.ts";
import { limitName } from "../../core/policy/limit-name.ts";
import type { Hook } from "../../core/policy/command.ts";
import { runCommand, type CommandStanding } from "../evaluation/run-command.ts";
import { waitFor } from "../evaluation/waiting.ts";
import type { LinearSession } from "./session.ts";

type HookSession = LinearSession<"ssm">;
type Waiting = ReturnType<typeof waitFor>;

export const hookOf = ({ evaluation }: LinearSession<never>, name: HookName): Hook | undefined =>
  evaluation.policy.hooks.find(({ kind }) => kind === name);

export const hookIntentId = ({ kind }: Pick<Hook, "kind">): string => `hook-${kind}`;

/** Throws what the call throws. */
export const runHookOn = (
  session: HookSession,
  hook: Hook,
  instanceId: string,
): Promise<CommandStanding> => {
  const { kind, document, seconds } = hook;
  return runCommand(session, { id: hookIntentId(hook), hook: kind, document, seconds, instanceId });
};

/** A command is seen a moment after it has ended. */
const lateMinutes = 1;

/** Throws BrokenDeadline when its time is over. */
const wait = (
  session: HookSession,
  { kind, seconds }: Hook,
  { sentence, instanceId }: { readonly sentence: string; readonly instanceId: string },
): Waiting =>
  waitFor(session, {
    phase: `hook-${kind}`,
    pace: paces.hook,
    minutes: seconds / 60 + lateMinutes,
    sentence,
    resource: instanceId,
    nextStep: `See what the document does there; raise its seconds in ${limitName("hooks")} if it takes long.`,
  });

/**
 * Before anything of the original is stopped. Undefined once it has succeeded, and where there is none. Throws BrokenHook when it
 * failed or nobody knows, BrokenDeadline when its time is over: then the freeze does not happen.
 */
export const quiesce = async (session: HookSession): Promise<Waiting | undefined> => {
  const hook = hookOf(session, "before_freeze");
  if (hook === undefined) return undefined;
  const { instanceId } = session.evaluation.subject;
  const standing = await runHookOn(session, hook, instanceId);
  if (standing.kind === "SUCCEEDED") return undefined;
  const { sentence } = standing;
  const isOver = standing.kind === "FAILED" || standing.kind === "UNKNOWN";
  if (!isOver) return wait(session, hook, { sentence, instanceId });
  throw new SpotOptimizerError("BrokenHook", `Hook before_freeze: ${sentence}`, {
    resource: instanceId,
    nextStep: `Nothing was stopped. See what document ${hook.document} has done there, and take it back if it must be.`,
  });
};

/** AWS says no: it never runs. What passes is tried again by the workflow. */
const neverRuns = (error: unknown): boolean =>
  error instanceof SpotOptimizerError &&
  !error.isOwn &&
  ["BrokenDeadline", "BrokenPermission", "BrokenRequest", "BrokenQuota"].includes(error.name);

/**
 * Once the replacement serves. Undefined when it is over, however it ended: the replacement has the newer writes by now, and is
 * not given up because others could not be told. The record says how it ended.
 */
export const tellOthers = async (
  session: HookSession,
  instanceId: string,
): Promise<Waiting | undefined> => {
  const hook = hookOf(session, "after_switch");
  if (hook === undefined) return undefined;
  try {
    const { kind, sentence } = await runHookOn(session, hook, instanceId);
    return kind === "RUNNING" || kind === "UNMANAGED"
      ? wait(session, hook, { sentence, instanceId })
      : undefined;
  } catch (error) {
    if (!neverRuns(error)) throw error;
    return undefined;
  }
};

/** It was begun: what came before it is not asked again. */
export const isTelling = ({ evaluation }: LinearSession<never>): boolean =>
  evaluation.waits["hook-after_switch"] !== undefined;
