/** Looks at what would be switched by the lists of its place, within half of the time that the sweep has left: the other half is for starts. */
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import type { CloseLook } from "../../../core/model/close-look.ts";
import type { KeptLook } from "../../../core/model/kept-look.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Target, TargetOf } from "../../../core/model/target.ts";
import { openAsking, type GroupLookContext } from "../../fleet/asking.ts";
import { atLaunchPace, takeLaunches } from "../../fleet/calls.ts";
import { lookAtGroup } from "../../fleet/look-at-group.ts";
import { lookAtNodes } from "../../fleet/look-at-nodes.ts";
import { openLooksIn, type LookContext } from "../../fleet/looks.ts";
import { policyOf, type PlaceContext, type PlaceSession } from "../../fleet/place.ts";
import type { OneByOne } from "../one-by-one.ts";
import { keepFound, type Found } from "./kept.ts";

export type LookingContext = LookContext & GroupLookContext & Pick<PlaceContext, "pause">;

interface LookInput {
  readonly place: Place;
  readonly session: PlaceSession;
  readonly turns: OneByOne;
}

type Look = CloseLook<PipelineMode>;

/** What was just found, and what is kept of it. */
export interface LookedAt {
  readonly kept: KeptLook;
  /** Absent: nothing was found. */
  readonly look?: Look;
}

const isInstance = (target: Target): target is TargetOf<"LINEAR"> =>
  target.pipelineMode === "LINEAR";

/** Undefined: what is known so far would have it switched. */
const reasonAgainst = async (
  session: PlaceSession,
  target: Target,
  look: Look,
): Promise<string | undefined> => {
  const { judgement } = await session.judge(target, look);
  if (judgement.kind === "NOT_JUDGED") return judgement.failure.error;
  const { kind, reason } = judgement.verdict;
  return kind === "SWITCH" ? undefined : reason;
};

/** Undefined: AWS no longer shows it. */
type LookAt = (target: Target) => Promise<Look | undefined>;

const open = async (
  context: LookingContext,
  session: PlaceSession,
  targets: readonly Target[],
): Promise<LookAt> => {
  const instances = targets.filter(isInstance);
  const looks = instances.length === 0 ? undefined : await openLooksIn(context, session, instances);
  const asking = await openAsking(context, session);
  return async (target) => {
    switch (target.pipelineMode) {
      case "LINEAR":
        return looks?.at(target, policyOf(target));
      case "CLUSTER":
        return lookAtGroup(
          asking,
          target,
          async (known) => (await reasonAgainst(session, target, known)) === undefined,
        );
      case "KUBERNETES":
        return lookAtNodes(asking, target, (known) => reasonAgainst(session, target, known));
    }
  };
};

/** Undefined: AWS no longer shows it. @throws what passes by itself: it is tried again at the next sweep */
const tryToLook = async (lookAt: LookAt, target: Target): Promise<Found | undefined> => {
  try {
    const look = await lookAt(target);
    return look && { kind: "LOOKED", look };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) !== "Broken") throw error;
    return { kind: "FAILED", error: error.name, cause: error.message };
  }
};

const lookAndKeep = async (
  { table, now }: LookingContext,
  { session }: LookInput,
  { lookAt, target }: { readonly lookAt: LookAt; readonly target: Target },
): Promise<LookedAt | undefined> => {
  const found = await tryToLook(lookAt, target);
  if (found === undefined) return undefined;
  const triedAt = now().toISOString();
  const kept = await keepFound(table, session, { target, found, triedAt });
  return kept && { kept, ...(found.kind === "LOOKED" && { look: found.look }) };
};

/**
 * Those in earnest first, else in the order given, as many as EC2's request limits leave room for.
 * @param onLooked is told of each at once: who is killed has lost one look
 */
export const lookInTurn = async (
  context: LookingContext,
  input: LookInput,
  {
    targets,
    onLooked,
  }: {
    readonly targets: readonly Target[];
    readonly onLooked: (looked: LookedAt) => Promise<void>;
  },
): Promise<void> => {
  const { place, session, turns } = input;
  const inOrder = targets.toSorted(
    (one, other) => Number(one.isShadowMode) - Number(other.isShadowMode),
  );
  const secondsForStarts = turns.secondsLeft() / 2;
  const withinSeconds = Math.floor(secondsForStarts);
  if (inOrder.length === 0 || withinSeconds === 0) return;
  const block = await takeLaunches(context, { place, calls: inOrder.length, withinSeconds });
  const items = inOrder.slice(0, block.granted);
  if (items.length === 0) return;
  const lookAt = await open(context, session, items);
  await atLaunchPace(context.pause, block, {
    items,
    each: async (target) => {
      // Nodes may take long: each pod's eviction is tried.
      if (turns.secondsLeft() < secondsForStarts) return;
      const { targetId } = target;
      const item = {
        name: `${targetId} is not looked at before the next sweep`,
        keys: { targetId },
      };
      const looked = await turns.attempt(item, () =>
        lookAndKeep(context, input, { lookAt, target }),
      );
      if (looked !== undefined) await onLooked(looked);
    },
  });
};
