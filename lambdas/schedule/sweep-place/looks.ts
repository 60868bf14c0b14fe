/** Looks at instances that would be switched by the lists of their place, within half of the time that the sweep has left: the other half is for starts. */
import { keepLook } from "../../../adapters/store/kept-looks.ts";
import { holdsStill } from "../../../core/decide/fleet/kept-look.ts";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import type { KeptLook } from "../../../core/model/kept-look.ts";
import type { TargetId } from "../../../core/model/ids.ts";
import type { Place } from "../../../core/model/place.ts";
import { instanceIn } from "../../../core/model/place-reading.ts";
import type { Target, TargetOf } from "../../../core/model/target.ts";
import type { Policy } from "../../../core/policy/policy.ts";
import type { Looks } from "../../evaluation/look-at-instances.ts";
import { policyVersionOf } from "../../evaluation/new-record.ts";
import { atLaunchPace, takeLaunches } from "../../fleet/calls.ts";
import { openLooksIn, type LookContext } from "../../fleet/looks.ts";
import { policyOf, type PlaceContext, type PlaceSession } from "../../fleet/place.ts";
import type { OneByOne } from "../one-by-one.ts";

export type KeptLooks = ReadonlyMap<TargetId, KeptLook>;
export type LookingContext = LookContext & Pick<PlaceContext, "pause">;

interface LookInput {
  readonly place: Place;
  readonly session: PlaceSession;
  readonly turns: OneByOne;
}

const isInstance = (target: Target): target is TargetOf<"LINEAR"> =>
  target.pipelineMode === "LINEAR";

/** Undefined: it is to be looked at, if its verdict would have it switched. */
export const keptFor = (
  { reading }: PlaceSession,
  {
    target,
    looks,
    now,
  }: { readonly target: Target; readonly looks: KeptLooks; readonly now: Date },
): KeptLook | undefined => {
  const kept = looks.get(target.targetId);
  const instance = isInstance(target) ? instanceIn(reading, target.instanceId) : undefined;
  if (kept === undefined || instance === undefined) return undefined;
  const policyVersion = policyVersionOf(policyOf(target));
  const question = { instance, policyVersion, isShadowMode: target.isShadowMode, now };
  return holdsStill(kept, question) ? kept : undefined;
};

/** Undefined: EC2 no longer shows it. @throws what passes by itself: it is tried again at the next sweep */
const lookAt = async (
  looks: Looks,
  target: TargetOf<"LINEAR">,
  policy: Policy,
): Promise<KeptLook["found"] | undefined> => {
  try {
    const look = await looks.at(target, policy);
    return look && { kind: "LOOKED", look };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) !== "Broken") throw error;
    return { kind: "FAILED", error: error.name, cause: error.message };
  }
};

const lookAndKeep = async (
  { table, now }: LookingContext,
  { place, session }: LookInput,
  { looks, target }: { readonly looks: Looks; readonly target: TargetOf<"LINEAR"> },
): Promise<KeptLook | undefined> => {
  const instance = instanceIn(session.reading, target.instanceId);
  const policy = policyOf(target);
  const found = await lookAt(looks, target, policy);
  if (instance === undefined || found === undefined) return undefined;
  const { launchedAt, state } = instance;
  const { targetId, isShadowMode } = target;
  const kept: KeptLook = {
    targetId,
    triedAt: now().toISOString(),
    launchedAt,
    state,
    policyVersion: policyVersionOf(policy),
    isShadowMode,
    found,
  };
  await keepLook(table, place, kept);
  return kept;
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
  }: { readonly targets: readonly Target[]; readonly onLooked: (kept: KeptLook) => Promise<void> },
): Promise<void> => {
  const { place, session, turns } = input;
  const instances = targets
    .filter(isInstance)
    .toSorted((one, other) => Number(one.isShadowMode) - Number(other.isShadowMode));
  const withinSeconds = Math.floor(turns.secondsLeft() / 2);
  if (instances.length === 0 || withinSeconds === 0) return;
  const block = await takeLaunches(context, { place, calls: instances.length, withinSeconds });
  const items = instances.slice(0, block.granted);
  if (items.length === 0) return;
  const looks = await openLooksIn(context, session, items);
  await atLaunchPace(context.pause, block, {
    items,
    each: async (target) => {
      const { targetId } = target;
      const item = {
        name: `${targetId} is not looked at before the next sweep`,
        keys: { targetId },
      };
      const kept = await turns.attempt(item, () => lookAndKeep(context, input, { looks, target }));
      if (kept !== undefined) await onLooked(kept);
    },
  });
};
