/**
 * Says whether an intent of its evaluation claims a thing that carries our tags: by id, or by token, name or kind where the answer was
 * lost. Who doubts claims: what is listed may be deleted by a person, what is not listed costs a little more.
 */
import type { Evaluation } from "../../model/evaluation.ts";
import type { Intent, IntentChange } from "../../model/intent.ts";
import type { TaggedKind, TaggedThing } from "../../model/tagged-thing.ts";
import type { Claim } from "../../model/unclaimed.ts";

const claimed: Claim = { kind: "CLAIMED" };

/** What is known of the evaluation whose tag a thing carries. */
export interface Claimant {
  readonly evaluation: Pick<Evaluation, "endedAt" | "subject">;
  readonly intents: readonly Intent[];
}

/** Any part of the change that is this id: moved, kept or returned. */
const namesId = (change: IntentChange, { id }: TaggedThing): boolean =>
  Object.values(change).some((value) => value === id);

/** Which changes have made a thing of the kind, or are about it. */
const isAbout: Readonly<Record<TaggedKind, (change: IntentChange, thing: TaggedThing) => boolean>> =
  {
    instance: (change, { id, clientToken }) =>
      change.kind === "LAUNCH_INSTANCE" &&
      // AWS tells the token of none that a fleet has launched.
      (change.instanceId === id ||
        change.clientToken === clientToken ||
        (change.places !== undefined && change.instanceId === undefined)),
    volume: namesId,
    "network-interface": namesId,
    image: (change, { id, name }) =>
      change.kind === "CREATE_IMAGE"
        ? change.imageId === id || change.imageName === name
        : change.kind === "EXPIRE_IMAGE" && change.imageId === id,
    // AWS tells the token of none: without an id it is the one that the evaluation has made.
    snapshot: (change, { id, imageId }) =>
      change.kind === "CREATE_SNAPSHOT"
        ? change.snapshotId === undefined || change.snapshotId === id
        : change.kind === "CREATE_IMAGE" &&
          (change.snapshotIds?.includes(id) === true ||
            (imageId !== undefined && change.imageId === imageId)),
    "spot-instances-request": (change, { id, instanceId }) =>
      change.kind === "LAUNCH_INSTANCE" &&
      (change.spotRequestId === id ||
        (instanceId !== undefined && change.instanceId === instanceId)),
    // AWS tells the token of none: without an id it is the one that the evaluation has made.
    "capacity-reservation": (change, { id }) =>
      change.kind === "RESERVE_CAPACITY" &&
      (change.reservationId === undefined || change.reservationId === id),
    "security-group": (change, { id, name }) =>
      change.kind === "ISOLATE" && (change.groupId === id || change.groupName === name),
    "resource-group": (change, { name }) =>
      change.kind === "GROUP_CAPACITY" && change.groupName === name,
  };

/**
 * Those whose work is gone once they are undone. All others claim in every status: a volume that is named was the owner's, or was to be
 * kept, and a group of reservations stays, free of charge, as long as an original is pointed at it.
 */
const endsWithUndo: ReadonlySet<IntentChange["kind"]> = new Set([
  "LAUNCH_INSTANCE",
  "CREATE_IMAGE",
  "CREATE_SNAPSHOT",
  "RESERVE_CAPACITY",
  "ISOLATE",
]);

const stands = ({ status, change }: Intent): boolean =>
  status !== "UNDONE" || !endsWithUndo.has(change.kind);

/** The owner's own, and what he has attached to it: it carries our tags since it was retired. */
const isOriginals = ({ evaluation: { subject } }: Claimant, thing: TaggedThing): boolean =>
  "instanceId" in subject && [thing.id, thing.instanceId].includes(subject.instanceId);

const judgeIntents = ({ intents }: Claimant, thing: TaggedThing, endedAt: string): Claim => {
  const about = intents.filter(({ change }) => isAbout[thing.kind](change, thing));
  if (about.some(stands)) return claimed;
  const undone = about.map(({ undoneAt, actedAt, plannedAt }) => undoneAt ?? actedAt ?? plannedAt);
  const since = [endedAt, ...undone].reduce((last, each) => (each > last ? each : last));
  return { kind: "UNCLAIMED", reason: about.length > 0 ? "UNDONE" : "NO_INTENT", since };
};

/**
 * `claimant`: undefined where the store has no such evaluation. `isHeld`: what the thing belongs to is claimed or serves a target: the
 * instance that has it, or the image that a snapshot is of. Nothing of an evaluation that goes on is unclaimed.
 */
export const claimOf = (
  thing: TaggedThing,
  { claimant, isHeld }: { readonly claimant: Claimant | undefined; readonly isHeld: boolean },
): Claim => {
  if (isHeld) return claimed;
  if (claimant === undefined) return { kind: "UNCLAIMED", reason: "NO_EVALUATION" };
  const { endedAt } = claimant.evaluation;
  return endedAt === undefined || isOriginals(claimant, thing)
    ? claimed
    : judgeIntents(claimant, thing, endedAt);
};
