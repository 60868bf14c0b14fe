/** A switch that was made, and the janitor who comes afterwards. */
import * as z from "zod";
import { listEffects } from "../../../../adapters/store/evaluations.ts";
import { updateIntents } from "../../../../adapters/store/intents.ts";
import type { Effect } from "../../../../core/model/evaluation.ts";
import type { Ending, Lab } from "../../../../local/lab/contract.ts";
import { accountId, createLab, region, type LabOptions } from "../../../../local/lab/lab.ts";

const hourMs = 3_600_000;

export interface JanitorLab {
  readonly lab: Lab;
  readonly story: Ending;
  /** Time passes; nobody comes. */
  readonly pass: (hours: number) => Promise<void>;
  /** The janitor comes once; gives its summary. */
  readonly tidy: () => Promise<string>;
  /** The owner of the account calls EC2. */
  readonly asOwner: (operation: string, input: unknown) => Promise<unknown>;
  readonly originalState: () => string;
  /** Calls that changed something in the account since the switch, dry runs aside. */
  readonly calls: () => readonly string[];
  readonly effects: () => Promise<readonly Effect[]>;
  /** What the target says of the retirement. */
  readonly told: () => Promise<unknown>;
  /** The evaluation as the API shows it. */
  readonly evaluation: () => Promise<Readonly<Record<string, unknown>>>;
}

const tidied = z.object({ summary: z.string() });

/**
 * @param arrange what there is besides the instance, before it is switched
 * @throws Error when the instance was not switched
 */
export const afterSwitch = async (
  options: LabOptions = {},
  arrange?: (lab: Lab) => void,
  { isIsolationDue = false }: { readonly isIsolationDue?: boolean } = {},
): Promise<JanitorLab> => {
  // The capacity for the way back is due at once, and has tests of its own: elsewhere there is none.
  const policy = { hold_return_capacity: false, ...options.policy };
  const lab = await createLab({
    consistency: "stateless",
    ...options,
    policy,
    ...(arrange === undefined && { undisturbedUntil: "END" }),
  });
  arrange?.(lab);
  const story = await lab.run();
  if (story.status !== "SWITCHED") throw new Error(JSON.stringify(story.evaluation.outcome));
  // So are the group that isolated the replacement, and the template that is kept of it.
  await updateIntents(lab.table, story.evaluationId, (intent) =>
    intent.change.kind === "KEEP_TEMPLATE" || (intent.change.kind === "ISOLATE" && !isIsolationDue)
      ? { ...intent, status: "SETTLED" }
      : intent,
  );
  const { cloud, functions } = lab.platform;
  const { accessKeyId } = cloud.identities.addUser({ accountId, name: "owner" });
  const from = cloud.journal.length;
  return {
    lab,
    story,
    pass: (hours) => lab.clock.run({ atMostMs: lab.clock.now() + hours * hourMs }),
    tidy: async () => tidied.parse(await functions.invoke("schedule-janitor", {})).summary,
    asOwner: (operation, input) =>
      cloud.call({ service: "ec2", operation, region, accessKeyId, input }),
    originalState: () => lab.control.find(lab.originalId)?.state ?? "not shown",
    calls: () =>
      cloud.journal
        .slice(from)
        .filter((entry) => entry.accountId === accountId && entry.mutating && !entry.dryRun)
        .filter((entry) => entry.roleArn !== undefined)
        .map((entry) => entry.operation),
    effects: async () =>
      (await listEffects(lab.table, story.evaluationId)).slice(story.effects.length),
    told: async () => (await lab.send("GET", `/lab/instances/${lab.targetId}`)).body["retirement"],
    evaluation: async () => (await lab.send("GET", `/evaluations/${story.evaluationId}`)).body,
  };
};

/** Its target is forgotten: nobody would recover it, and no image of it is kept for that. */
export const leaveSpot = async ({ lab, pass }: JanitorLab): Promise<void> => {
  const { status } = await lab.send("DELETE", `/lab/instances/${lab.targetId}`);
  if (status !== 204) throw new Error(`The target was not deleted: ${String(status)}.`);
  await pass(25);
};
