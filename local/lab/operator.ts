/**
 * An operator who follows docs/runbook.md: comes by every so many minutes, and decides about each evaluation that needs one.
 * Uses the control API and nothing else. The dry run says which way is open, and the order is the runbook's.
 */
import * as z from "zod";
import { accountWithSwitchingSchema } from "../../lambdas/api/schemas/accounts.ts";
import { evaluationPageSchema, evaluationSchema } from "../../lambdas/api/schemas/evaluations.ts";
import { resolutionPlanSchema } from "../../lambdas/api/schemas/resolutions.ts";
import type { LabAccount } from "./account.ts";

const minuteMs = 60_000;

/** What was decided, or why nothing could be. */
interface Decision {
  readonly atMs: number;
  readonly evaluationId: string;
  /** Absent: no way was open; it is looked at again at the next visit. */
  readonly taken?: "resume" | "roll-back" | "adopt";
  readonly sentences: readonly string[];
}

export interface Operator {
  readonly decisions: readonly Decision[];
  /** Looks now. */
  visit(): Promise<void>;
  /** Comes no more. */
  stop(): void;
}

interface Door {
  readonly name: NonNullable<Decision["taken"]>;
  readonly body: Readonly<Record<string, string>>;
}

const kinds = { resume: "RESUME", "roll-back": "ROLL_BACK", adopt: "ADOPT" } as const;
/** Of one way, before another one is taken. */
const mostTries = 3;

const problemSchema = z.object({ detail: z.string() });
const reason = "The runbook says so.";

/** A replacement that serves goes on; else back; else whatever runs is what serves. */
const doorsFor = (evaluation: z.infer<typeof evaluationSchema>): readonly Door[] => {
  const { outcome, subject, swaps } = evaluation;
  const back: Door = { name: "roll-back", body: { reason } };
  const forth: Door = { name: "resume", body: { reason } };
  const candidates = [
    ...swaps.flatMap(({ replacement }) => replacement?.instance_id ?? []),
    ...("instance_id" in subject ? [subject.instance_id] : []),
  ];
  return [
    ...(outcome?.is_held === true ? [forth] : [back]),
    ...("asg_name" in subject
      ? [{ name: "adopt", body: { reason } } as const]
      : candidates.map((serving): Door => ({ name: "adopt", body: { serving, reason } }))),
  ];
};

const otherTarget = /is registered as (tgt-[0-9a-z]+): delete that target first/;

/** "Delete that target first": what stands in the way of each door, where the API names it. Returns whether one was deleted. */
const deleteOtherTarget = async (
  { api }: LabAccount,
  refusals: readonly string[],
): Promise<boolean> => {
  const [, id] = refusals.map((sentence) => otherTarget.exec(sentence)).find(Boolean) ?? [];
  if (id === undefined) return false;
  const { status } = await api.send({ method: "DELETE", path: `/lab/instances/${id}` });
  return status === 204;
};

const decide = async (
  account: LabAccount,
  evaluation: z.infer<typeof evaluationSchema>,
): Promise<Decision> => {
  const { api, clock } = account;
  const { evaluation_id: evaluationId } = evaluation;
  const seen = { atMs: clock.now(), evaluationId };
  const refusals: string[] = [];
  // What has led here before leads here again.
  const isTried = ({ name }: Door): boolean =>
    (evaluation.resolutions ?? []).filter(({ kind }) => kind === kinds[name]).length >= mostTries;
  for (const { name, body } of doorsFor(evaluation).filter((door) => !isTried(door))) {
    const path = `/evaluations/${evaluationId}/${name}`;
    const told = await api.send({ method: "POST", path: `${path}?dry_run=true`, body });
    // AWS does not answer, or throttles: that says nothing of this way. At the next visit.
    if (told.status === 503) return { ...seen, sentences: [told.text] };
    if (told.status !== 200) {
      refusals.push(problemSchema.parse(JSON.parse(told.text)).detail);
      continue;
    }
    const { steps } = resolutionPlanSchema.parse(JSON.parse(told.text));
    const answer = await api.send({ method: "POST", path, body });
    if (answer.status === 503) return { ...seen, sentences: [answer.text] };
    if (answer.status !== 202) throw new Error(`${path}: ${answer.text}`);
    return { ...seen, taken: name, sentences: steps };
  }
  return (await deleteOtherTarget(account, refusals))
    ? decide(account, evaluation)
    : { ...seen, sentences: refusals };
};

/** "Settle what stood in the way: … lift the kill switch." */
const liftKillSwitch = async ({ api }: LabAccount): Promise<void> => {
  const body = { engaged: false, reason };
  const { status, text } = await api.send({ method: "PUT", path: "/kill-switch", body });
  if (status !== 200) throw new Error(`The kill switch: ${text}`);
};

/** What was rolled back stopped the account's switches: they go on once somebody has looked. */
const resetHalt = async ({ api, accountId }: LabAccount): Promise<void> => {
  const account = await api.get(`/accounts/${accountId}`, accountWithSwitchingSchema);
  if (account.switching.halt === undefined) return;
  const body = { halted: false, reason };
  const path = `/accounts/${accountId}/switching`;
  const { status, text } = await api.send({ method: "PUT", path, body });
  if (status !== 200) throw new Error(`${path}: ${text}`);
};

/** From now on, every so many minutes while the clock is run. */
export const keepOperator = (account: LabAccount, everyMinutes: number): Operator => {
  const { api, clock } = account;
  const decisions: Decision[] = [];
  const visit = async (): Promise<void> => {
    const page = await api.get(
      "/evaluations?status=NEEDS_OPERATOR&limit=100",
      evaluationPageSchema,
    );
    if (page.items.length > 0) await liftKillSwitch(account);
    for (const { evaluation_id: id } of page.items) {
      const evaluation = await api.get(`/evaluations/${id}?candidates=none`, evaluationSchema);
      decisions.push(await decide(account, evaluation));
    }
    await resetHalt(account);
  };
  let cancel: () => void = () => undefined;
  const come = (): void => {
    cancel = clock.schedule(clock.now() + everyMinutes * minuteMs, async () => {
      come();
      await visit();
    });
  };
  come();
  return {
    decisions,
    visit,
    stop: () => {
      cancel();
    },
  };
};
