/** Sweep place: starts an evaluation for each target of one account and region whose last one is long enough ago. */
import * as z from "zod";
import { acquireLease, releaseLease } from "../../../adapters/store/leases.ts";
import { listTargets } from "../../../adapters/store/targets.ts";
import { isDue, longestWaitingFirst } from "../../../core/decide/switch/due.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { regionSchema } from "../../../core/model/partition.ts";
import { placeKey, type Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne } from "../one-by-one.ts";
import { noStarts, startPaced, type StartsContext } from "./starts.ts";

/** Of the 300 s that the function has. */
const budgetMs = 240_000;
/** As long as the function may live: who died without giving it back no longer stands in the way at the next sweep. */
const leaseSeconds = 300;
const pageSize = 100;

const inputSchema = z.object({ accountId: accountIdSchema, region: regionSchema });

const countSchema = z.int().nonnegative();
const outputSchema = z.object({
  /** BUSY: another sweep of the place is at work. */
  kind: z.enum(["SWEPT", "BUSY"]),
  summary: z.string(),
  started: countSchema,
  busy: countSchema,
  unfinished: countSchema,
  notDue: countSchema,
  notAvailable: countSchema,
  failed: countSchema,
  postponed: countSchema,
});
type Output = z.infer<typeof outputSchema>;
type Counts = Omit<Output, "kind" | "summary">;

const isToBeStarted = (context: StartsContext, target: Target): boolean =>
  context.workflowOf(target.pipelineMode) !== undefined && isDue(target, context.now());

const targetsIn = async (
  { table }: StartsContext,
  { accountId, region }: Place,
): Promise<readonly Target[]> => {
  const targets: Target[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTargets(table, {
      accountId,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    targets.push(...page.items.filter((target) => target.region === region));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return targets;
};

const summaryOf = (counts: Counts): string => {
  const { started, busy, unfinished, notDue, notAvailable, failed, postponed } = counts;
  return (
    `${String(started)} started, ${String(busy)} busy, ` +
    `${String(unfinished)} waiting for a person, ${String(notDue)} not due, ` +
    `${String(notAvailable)} not available, ${String(failed)} failed` +
    (postponed === 0 ? "." : `, ${String(postponed)} postponed to the next sweep.`)
  );
};

const sweep = async (context: StartsContext, place: Place): Promise<Output> => {
  const turns = oneByOne(context, budgetMs);
  const targets = await targetsIn(context, place);
  const due = longestWaitingFirst(targets.filter((target) => isToBeStarted(context, target)));
  const started = await startPaced(context, { place, due, turns });
  turns.finish();
  const counts = { ...started, notDue: targets.length - due.length };
  return { kind: "SWEPT", summary: summaryOf(counts), ...counts };
};

export const sweepPlaceStep: Step<Place, Output, StartsContext> = {
  name: "sweep-place",
  clients: [],
  input: inputSchema,
  output: outputSchema,
  run: async (context, place) => {
    const { table } = context;
    const resource = `PLACE#${placeKey(place)}`;
    const owner = `sweep-${context.randomId()}`;
    const wanted = { resource, owner, now: context.now(), seconds: leaseSeconds };
    const held = await acquireLease(table, wanted);
    if (held.kind !== "HELD") {
      const summary = "Another sweep of the place is at work.";
      return { kind: "BUSY", summary, ...noStarts, notDue: 0 };
    }
    try {
      return await sweep(context, place);
    } finally {
      await releaseLease(table, { resource, owner, fence: held.fence });
    }
  },
};
