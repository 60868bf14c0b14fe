/** What the group needs before a replacement is attached: room below its maximum. */
import { setMaxSize } from "../../../adapters/aws/autoscaling/settings.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import type { Ledger } from "../../../core/decide/cluster/capacity.ts";
import { headRoomFor, type HeadRoom } from "../../../core/decide/cluster/maximum.ts";
import type { GroupFacts } from "../../../core/model/group.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import { perform } from "../../evaluation/perform.ts";
import { batchOf, type LiveSession } from "../session.ts";
import { readStandingRaise } from "../standing-raise.ts";
import { readSizes } from "./sizes.ts";

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
