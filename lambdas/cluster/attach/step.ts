/**
 * Attach: compares the group with what was judged, lets AZRebalance rest, makes room below the maximum, holds the members in service, and attaches
 * each replacement: desired N becomes N+k. What the group refuses is given up alone; a group that somebody else works on is waited for.
 */
import type * as z from "zod";
import {
  attachInstances,
  type MembershipResult,
} from "../../../adapters/aws/autoscaling/membership.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import type { Ledger } from "../../../core/decide/cluster/capacity.ts";
import { heldMembers } from "../../../core/decide/cluster/hold.ts";
import { paces } from "../../../core/decide/cluster/paces.ts";
import { changeOfGroup } from "../../../core/decide/cluster/stale.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import { memberOf, type GroupFacts } from "../../../core/model/group.ts";
import type { Postponement } from "../../../core/model/verdict.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
  type SwapChange,
} from "../../evaluation/evaluation-step.ts";
import { actedIntent, performTogether } from "../../evaluation/perform.ts";
import { restAzRebalance } from "../../evaluation/rest-az-rebalance.ts";
import { contentionIn } from "../../evaluation/contention.ts";
import { readDelays } from "../delays.ts";
import { readGroupAgain, readGroupSinceJudged, readJudgedGroup } from "../group.ts";
import { holdMembers, releaseHeld, releaseOnceJoined } from "../hold.ts";
import { readReckoning } from "../ledger.ts";
import { awaitPairs, readReplacements, type Waiting } from "../replacements.ts";
import { giveUp, type Launched } from "../../evaluation/swap-changes.ts";
import {
  batchOf,
  wholeClients,
  withProgress,
  type ClusterResult,
  type WholeSession,
} from "../session.ts";
import { seenWhole } from "../sight.ts";
import { whyOwnerObjects } from "../still-allowed.ts";
import { makeRoom } from "./room.ts";
import { readSizes } from "./sizes.ts";
import { hasLeft, standingIn, tellStandIn } from "./standing-in.ts";
import { settleUnanswered } from "./unanswered.ts";

const outputSchema = pollingOutput(["ATTACHED", "WAITING", "NONE"]);
type Result = ClusterResult<z.infer<typeof outputSchema>>;
type AttachSession = WholeSession;

const attachMinutes = 20;

/** After these the group is another than the one that was judged: what was launched for it is of no use. */
const voiding: readonly Postponement["reason"][] = [
  "REFRESH_IN_PROGRESS",
  "STACK_UPDATE_IN_PROGRESS",
  "ZONAL_SHIFT",
];

const attachId = ({ swapId }: Launched): string => `attach-${swapId}`;

/** Why what was launched must not join; undefined while it may. */
const whyVoid = async (
  session: AttachSession,
  group: GroupFacts,
  delays: readonly Postponement[],
): Promise<string | undefined> =>
  delays.find(({ reason }) => voiding.includes(reason))?.sentence ??
  changeOfGroup(await readJudgedGroup(session), group) ??
  (await whyOwnerObjects(session, group));

/** All by one call, which the group takes as a whole or refuses. */
const attach = async (
  session: AttachSession,
  { asgName, desiredCapacity }: GroupFacts,
  swaps: readonly [Launched, ...Launched[]],
): Promise<MembershipResult> => {
  const { autoScaling } = await session.customer();
  const partOf = (swap: Launched) => {
    const { instanceId } = swap.replacement;
    return {
      intent: {
        id: attachId(swap),
        swapId: swap.swapId,
        change: { kind: "ATTACH_MEMBERS" as const, asgName, instanceIds: [instanceId] },
        before: { desiredCapacity },
      },
      resource: `${instanceId} to ${asgName}`,
    };
  };
  const [first, ...others] = swaps;
  const instanceIds = swaps.map(({ replacement }) => replacement.instanceId);
  return performTogether(session, {
    action: "AttachInstances",
    parts: [partOf(first), ...others.map(partOf)],
    call: () => attachInstances(autoScaling, { asgName, instanceIds }),
    refused: (result) => (result.kind === "REFUSED" ? result.sentence : undefined),
  });
};

interface Attaching {
  readonly attached: number;
  readonly waiting: readonly Waiting[];
  readonly swaps: readonly SwapChange[];
  readonly ledger: Ledger;
}

/** Why its replacement is of no use any longer; undefined while it is. */
const whyWithout = (
  group: GroupFacts,
  swap: Launched,
  held: ReadonlySet<string>,
): string | undefined => {
  const { originalId } = swap;
  const original = memberOf(group, originalId);
  if (original === undefined || hasLeft(group, swap)) {
    return `Original ${originalId} has left the group before its replacement was attached.`;
  }
  return original.protectedFromScaleIn && !held.has(originalId)
    ? `Original ${originalId} is protected from scale-in since it was chosen.`
    : undefined;
};

const waitingFor = (open: readonly Launched[], sentence: string): readonly Waiting[] =>
  open.map((swap) => ({ swap, sentence }));

interface Open {
  readonly open: readonly Launched[];
  readonly ledger: Ledger;
}

const attachEach = async (
  session: AttachSession,
  group: GroupFacts,
  { open, ledger: first }: Open,
): Promise<Attaching> => {
  const waiting: Waiting[] = [];
  const swaps: SwapChange[] = [];
  let attached = 0;
  let ledger = first;
  for (const swap of open) {
    const sizes = await readSizes(session, group, ledger);
    ({ ledger } = sizes);
    if (sizes.moves !== undefined) {
      waiting.push(...waitingFor(open.slice(open.indexOf(swap)), sizes.moves));
      break;
    }
    const result = await attach(session, sizes.group, [swap]);
    if (result.kind === "DONE") attached += 1;
    else if (result.why === "OVER_MAX" || result.why === "WRONG_STATE") {
      waiting.push({ swap, sentence: result.sentence });
    } else swaps.push(giveUp(swap, result.sentence));
  }
  return { attached, waiting, swaps, ledger };
};

/** What the group does not take as a whole is attached one by one: each pair succeeds, or is given up, alone. */
const attachAll = async (
  session: AttachSession,
  group: GroupFacts,
  standing: Open,
): Promise<Attaching> => {
  const [first, ...others] = standing.open;
  if (first === undefined || others.length === 0) return attachEach(session, group, standing);
  const { group: now, ledger, moves } = await readSizes(session, group, standing.ledger);
  if (moves !== undefined) {
    return { attached: 0, waiting: waitingFor(standing.open, moves), swaps: [], ledger };
  }
  const result = await attach(session, now, [first, ...others]);
  return result.kind === "DONE"
    ? { attached: standing.open.length, waiting: [], swaps: [], ledger }
    : attachEach(session, now, { ...standing, ledger });
};

const isAttached = async (session: AttachSession, swap: Launched): Promise<boolean> =>
  (await actedIntent(session, attachId(swap))) !== undefined;

const splitByAttachment = async (session: AttachSession, swaps: readonly Launched[]) => {
  const states = await Promise.all(swaps.map((swap) => isAttached(session, swap)));
  return {
    attached: swaps.filter((_, index) => states[index]),
    open: swaps.filter((_, index) => !states[index]),
  };
};

interface Standing {
  /** Healthy, and not attached yet. */
  readonly open: readonly Launched[];
  /** Of this batch. */
  readonly attached: readonly string[];
  readonly ledger: Ledger;
}

/** What an attach needs of the group. Why it can't be had now; undefined once it is there. */
const prepare = async (
  session: AttachSession,
  group: GroupFacts,
  { open, attached, ledger }: Pick<Standing, "open" | "attached" | "ledger">,
): Promise<string | undefined> => {
  const seen = await restAzRebalance(session, group, batchOf(session));
  return (
    (await makeRoom(session, group, { count: open.length, ledger })) ??
    (await holdMembers(session, seen, { attached }))
  );
};

const readHeld = async ({ context, evaluation }: AttachSession): Promise<ReadonlySet<string>> =>
  heldMembers(await listIntents(context.table, evaluation.evaluationId));

const prepareAndAttach = async (
  session: AttachSession,
  group: GroupFacts,
  standing: Standing,
): Promise<Attaching> => {
  const { open, ledger } = standing;
  const later = (why: string): Attaching => ({
    attached: 0,
    waiting: waitingFor(open, why),
    swaps: [],
    ledger,
  });
  try {
    const lack = await prepare(session, group, standing);
    return lack === undefined ? await attachAll(session, group, { open, ledger }) : later(lack);
  } catch (error) {
    // What was attached before is found at the next look.
    return later(contentionIn(error));
  }
};

const attachOpen = async (
  session: AttachSession,
  group: GroupFacts,
  { open: all, attached, ledger }: Standing,
): Promise<Attaching> => {
  const none = { attached: 0, waiting: [], swaps: [], ledger };
  const delays = await readDelays(session, group);
  const why = await whyVoid(session, group, delays);
  if (why !== undefined) return { ...none, swaps: all.map((swap) => giveUp(swap, why)) };
  const held = await readHeld(session);
  const kept = standingIn(session, group, { open: all, ledger });
  const others = all.filter((swap) => !kept.includes(swap));
  const swaps = others.flatMap((swap) => {
    const without = whyWithout(group, swap, held);
    return without === undefined ? [] : [giveUp(swap, without)];
  });
  const open = others.filter((swap) => whyWithout(group, swap, held) === undefined);
  const waiting = kept.map((swap) => ({ swap, sentence: tellStandIn(group, swap) }));
  const [delay] = delays;
  if (open.length === 0) return { ...none, swaps, waiting };
  if (delay !== undefined) {
    return { ...none, swaps, waiting: [...waiting, ...waitingFor(open, delay.sentence)] };
  }
  const attaching = await prepareAndAttach(session, group, { open, attached, ledger });
  return {
    ...attaching,
    swaps: [...swaps, ...attaching.swaps],
    waiting: [...waiting, ...attaching.waiting],
  };
};

/** While none is attached there is nobody to hold the others for. */
const attachHeld = async (
  session: AttachSession,
  group: GroupFacts,
  standing: Standing,
): Promise<Attaching> => {
  const attaching = await attachOpen(session, group, standing);
  if (standing.attached.length + attaching.attached === 0) await releaseHeld(session);
  return attaching;
};

export const attachStep = defineEvaluationStep({
  name: "attach",
  clients: wholeClients,
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const round = batchOf(session);
    const { healthy, waiting: unchecked, lost } = await readReplacements(session);
    await settleUnanswered(session);
    const { attached: before, open } = await splitByAttachment(session, healthy);
    const attachedBefore = before.map(({ replacement }) => replacement.instanceId);
    if (attachedBefore.length > 0) {
      const live = await readGroupAgain(session);
      await releaseOnceJoined(session, live, { attached: attachedBefore });
    }
    const group = await readGroupSinceJudged(session);
    const reckoned = await readReckoning(session, group);
    const sight = { capacity: [await seenWhole(session, group, reckoned.ledger)] };
    const { attached, waiting, swaps, ledger } =
      open.length === 0 && unchecked.length === 0
        ? { attached: 0, waiting: [], swaps: [], ledger: reckoned.ledger }
        : await attachHeld(session, group, {
            open,
            attached: attachedBefore,
            ledger: reckoned.ledger,
          });
    const keepLedger = withProgress({ ledger });
    const awaited =
      waiting.length + unchecked.length === 0
        ? undefined
        : awaitPairs(session, {
            phase: "attach",
            minutes: attachMinutes,
            pace: paces.attach,
            waiting: [...unchecked, ...waiting],
          });
    if (awaited?.kind === "WAITING") {
      const { output, change } = awaited.answer;
      return {
        output,
        round,
        swaps: [...lost, ...swaps],
        sight,
        change: (record) => keepLedger(change(record)),
      };
    }
    const late = awaited?.swaps ?? [];
    const all = before.length + attached;
    return {
      output: {
        kind: all > 0 ? "ATTACHED" : "NONE",
        summary: `Batch ${String(round)}: ${counted(all, "replacement")} attached to ${group.asgName}.`,
      },
      round,
      swaps: [...lost, ...swaps, ...late],
      sight,
      change: keepLedger,
    };
  },
});
