/** What the group needs before a replacement is attached: AZRebalance rests, and there is room below its maximum. */
import { describeGroup } from "../../../adapters/aws/autoscaling/describe.ts";
import { shownGroup } from "../../../adapters/aws/autoscaling/live-group.ts";
import { setMaxSize, suspendAzRebalance } from "../../../adapters/aws/autoscaling/settings.ts";
import { getIntent, listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import {
  azRebalance,
  isOwnSuspension,
  mustSuspendAzRebalance,
  zoneSpread,
} from "../../../core/decide/switch/az-rebalance.ts";
import type { Ledger } from "../../../core/decide/cluster/capacity.ts";
import { headRoomFor, type HeadRoom } from "../../../core/decide/cluster/maximum.ts";
import { suspensionOf, type GroupFacts } from "../../../core/model/group.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import { perform } from "../../evaluation/perform.ts";
import { batchOf, type LiveSession } from "../session.ts";
import { readStandingRaise } from "../standing-raise.ts";
import { readSizes } from "./sizes.ts";

const suspensionId = (session: LiveSession): string =>
  `suspend-az-rebalance-${String(batchOf(session))}`;

/** The step died before it could note the reason: it is noted at the first look after that, lest a later suspension of its owner's is taken for our own. */
const noteSuspension = async (session: LiveSession, reason: string): Promise<void> => {
  const { context, evaluation } = session;
  const id = suspensionId(session);
  const intent = await getIntent(context.table, evaluation.evaluationId, id);
  if (intent?.change.kind !== "SUSPEND_AZ_REBALANCE") return;
  const { change, status, plannedAt } = intent;
  if (status !== "PLANNED" || !isOwnSuspension(change, { plannedAt }, reason)) return;
  await updateIntent(context.table, evaluation.evaluationId, id, (stored) => ({
    ...stored,
    status: "ACTED",
    change: { ...change, reason },
  }));
};

/** With the reason that the group shows for it: by that it is known again as our own. The group as it was seen last: its members by the look after the call, where there was one. */
export const restAzRebalance = async (
  session: LiveSession,
  group: GroupFacts,
): Promise<GroupFacts> => {
  const suspension = suspensionOf(group, azRebalance);
  if (suspension !== undefined) {
    await noteSuspension(session, suspension.reason);
    return group;
  }
  if (!mustSuspendAzRebalance(group)) return group;
  const { autoScaling } = await session.customer();
  const { asgName } = group;
  let reason: string | undefined;
  let seen = group;
  await perform(session, {
    intent: {
      id: suspensionId(session),
      change: { kind: "SUSPEND_AZ_REBALANCE", asgName },
      before: { spread: zoneSpread(group) },
    },
    action: "SuspendProcesses",
    resource: `${azRebalance} of ${asgName}`,
    call: async () => {
      const answer = await suspendAzRebalance(autoScaling, asgName);
      const now = await describeGroup(autoScaling, asgName);
      reason = now?.SuspendedProcesses?.find(
        ({ ProcessName }) => ProcessName === azRebalance,
      )?.SuspensionReason;
      if (now !== undefined) seen = { ...group, members: shownGroup(now, group).members };
      return answer;
    },
    acted: (_answer, change) =>
      change.kind === "SUSPEND_AZ_REBALANCE" && reason !== undefined
        ? { ...change, reason }
        : change,
  });
  return seen;
};

const isStanding = ({ status }: Intent): boolean => status !== "UNDONE" && status !== "COMMITTED";

/** Why there is no room for so many more; undefined once there is. Raised is what stands at that moment: somebody may have set it since the group was judged. */
export const makeRoom = async (
  session: LiveSession,
  group: GroupFacts,
  { count, ledger }: { readonly count: number; readonly ledger: Ledger },
): Promise<string | undefined> => {
  const { context, evaluation } = session;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const raised = changesOf(intents.filter(isStanding), "RAISE_MAX").at(-1);
  const standing = raised === undefined ? await readStandingRaise(session) : undefined;
  const roomIn = (found: GroupFacts, { asked }: Ledger): HeadRoom =>
    headRoomFor({ group: found, count, asked, raised, standing });
  if (roomIn(group, ledger).kind === "ENOUGH") return undefined;
  const now = await readSizes(session, group, ledger);
  if (now.moves !== undefined) return now.moves;
  const room = roomIn(now.group, now.ledger);
  if (room.kind === "ENOUGH") return undefined;
  if (room.kind === "NOT_NOW") return room.sentence;
  const { autoScaling } = await session.customer();
  const { asgName, maxSize } = now.group;
  const { maxOriginal, maxRaised } = room;
  await perform(session, {
    intent: {
      // With what stood there: a value that somebody has set in between is another to put back.
      id: `raise-max-${String(batchOf(session))}-${String(maxSize)}-${String(maxRaised)}`,
      change: { kind: "RAISE_MAX", asgName, maxOriginal, maxRaised },
      before: { maxSize },
    },
    action: "UpdateAutoScalingGroup",
    resource: `MaxSize of ${asgName}`,
    call: () => setMaxSize(autoScaling, { asgName, maxSize: maxRaised }),
  });
  return undefined;
};
