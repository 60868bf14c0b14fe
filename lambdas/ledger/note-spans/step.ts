/**
 * Note spans: every quarter of an hour, reads what runs in each account and region that has targets, and writes down what has begun and
 * ended since. It changes nothing in a customer's account. Apart from the sweep, so that no fault of bookkeeping keeps that from judging.
 */
import * as z from "zod";
import { readRanInstances } from "../../../adapters/aws/ec2/ran-instances.ts";
import { forgetLedgerPlace, updateLedgerPlace } from "../../../adapters/store/ledger-places.ts";
import { listEndedSpans, listOpenSpans } from "../../../adapters/store/ledger-spans.ts";
import { changesOfSpans, spanName } from "../../../core/ledger/note-spans.ts";
import { ownersOf } from "../../../core/ledger/owners.ts";
import type { InstanceId, TargetId } from "../../../core/model/ids.ts";
import type { ShownInstance } from "../../../core/model/ledger/shown.ts";
import type { Target } from "../../../core/model/target.ts";
import { readsAtPace } from "../../fleet/reads.ts";
import { targetsIn } from "../../fleet/targets.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne } from "../../schedule/one-by-one.ts";
import { targetOfLaunch } from "../launched.ts";
import { placesInLedger, type PlaceInLedger } from "../places.ts";
import { keepSpans, type OpenSpans } from "./keep.ts";
import { areSnapshotsDue, noteSnapshots } from "./snapshots.ts";

type Context = StepContext<"ec2">;

const sessionName = "ledger";

/** Of the 300 s that the function has. */
const budgetMs = 240_000;

const hourMs = 3_600_000;

/** EC2 shows what has ended for about an hour: so far back it might be noted a second time. */
const shownEndedMs = 3 * hourMs;

/** Those that stand for a target: by the reading, by an open span, or by the record of the evaluation that launched them. */
const ownersIn = async (
  { table }: Context,
  shown: readonly ShownInstance[],
  { targets, open }: { readonly targets: readonly Target[]; readonly open: OpenSpans },
): Promise<ReadonlyMap<InstanceId, TargetId>> => {
  const known = new Set<string>(targets.map(({ targetId }) => targetId));
  const ownerOf = ownersOf(targets);
  const owners = new Map<InstanceId, TargetId>();
  for (const one of shown) {
    const { instanceId } = one;
    const targetId =
      ownerOf(one) ?? open.get(instanceId)?.targetId ?? (await targetOfLaunch(table, one));
    if (targetId !== undefined && known.has(targetId)) owners.set(instanceId, targetId);
  }
  return owners;
};

/** How many spans have begun or ended. */
const notePlace = async (
  context: Context,
  { account, place, standing }: PlaceInLedger,
): Promise<number> => {
  const { table, now } = context;
  const targets = await targetsIn(table, place);
  const open = await listOpenSpans(table, place);
  if (targets.length === 0 && open.size === 0) {
    if (standing !== undefined) await forgetLedgerPlace(table, place);
    return 0;
  }
  const atPace = readsAtPace(context, place);
  const { ec2 } = atPace(await context.customer(account, place.region, sessionName));
  const readAt = now().toISOString();
  const shown = await readRanInstances(ec2);
  const since = new Date(now().getTime() - shownEndedMs).toISOString();
  const ended = await listEndedSpans(table, place, since);
  const changes = changesOfSpans({
    ...place,
    readAt,
    ...(standing !== undefined && { lastReadAt: standing.readAt }),
    shown,
    owners: await ownersIn(context, shown, { targets, open }),
    open,
    ended: new Set(ended.map(spanName)),
  });
  const byId = new Map(shown.map((one) => [one.instanceId, one]));
  const count = await keepSpans(context, changes, { ec2, open, shown: byId });
  if (areSnapshotsDue(standing?.readAt, readAt)) await noteSnapshots(context, place, ec2);
  // Last: what was not written is noted by the next reading.
  await updateLedgerPlace(table, place, (stored) => ({ ...(stored ?? place), readAt }));
  return count;
};

const outputSchema = z.object({ kind: z.literal("NOTED"), summary: z.string() });

export const noteSpansStep: Step<unknown, z.infer<typeof outputSchema>, Context> = {
  name: "note-spans",
  clients: ["ec2"],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const turns = oneByOne(context, budgetMs);
    const counts = { read: 0, failed: 0, changed: 0 };
    for (const each of await placesInLedger(context.table)) {
      if (!turns.hasTime()) break;
      const { accountId, region } = each.place;
      const changed = await turns.attempt(
        {
          name: `What runs in ${region} of account ${accountId} was not read`,
          keys: { accountId, region },
        },
        () => notePlace(context, each),
      );
      counts[changed === undefined ? "failed" : "read"] += 1;
      counts.changed += changed ?? 0;
    }
    turns.finish();
    const { read, failed, changed } = counts;
    return {
      kind: "NOTED",
      summary: `${String(read)} places read, ${String(failed)} not read, ${String(changed)} spans begun or ended.`,
    };
  },
};
