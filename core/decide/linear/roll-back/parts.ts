/**
 * Which parts of the world an action of the roll-back changes: only these are read again after it. And before which
 * actions all of it is read.
 */
import type { RollbackAction, RollbackPart } from "./world.ts";

const touched: Readonly<Record<RollbackAction["kind"], readonly RollbackPart[]>> = {
  // A tag: none of the readings holds it. Whether it is done says the intent.
  CANCEL_RETIREMENT: [],
  RELEASE_CLAIM: [],
  RETURN_ADDRESS: ["addresses", "replacements"],
  // An Elastic IP follows its private address.
  RETURN_PRIVATE_IPS: ["interfaces", "addresses", "replacements"],
  DETACH_INTERFACE: ["interfaces", "replacements"],
  // Of the original the plan looks at the volumes alone.
  ATTACH_INTERFACE: ["interfaces"],
  RESTORE_INTERFACE_DELETION: ["interfaces"],
  KEEP_VOLUME: ["volumes", "replacements"],
  KEEP_INTERFACE: ["interfaces"],
  // Instance and volume both show the flag.
  KEEP_WRITES: ["replacements", "volumes"],
  // An intent: none of the readings holds it.
  NOTE_WRITES: [],
  ATTACH_VOLUME: ["volumes", "original"],
  RESTORE_VOLUME_DELETION: ["volumes", "original"],
  POINT_ORIGINAL: ["original"],
  START_ORIGINAL: ["original", "checks"],
  CANCEL_RESERVATION: ["reservations"],
  // None of the readings holds it: whether it is done says the intent.
  DELETE_CAPACITY_GROUP: [],
  DELETE_ISOLATION_GROUP: ["isolation"],
  RETURN_TARGET_GROUP: ["targetGroups"],
  LEAVE_TARGET_GROUP: ["targetGroups"],
  RELEASE_ROOT: ["replacements", "volumes"],
  // What it holds goes with it, or comes free.
  TERMINATE_REPLACEMENT: ["replacements", "serving", "volumes", "interfaces", "addresses"],
  // Whether it is done says the intent.
  GIVE_BACK_KEPT: [],
  DELETE_IMAGE: ["images"],
  DELETE_SNAPSHOT: ["tagged"],
};

/** What clients follow, taken from a replacement that may still serve. */
const takesTraffic: ReadonlySet<RollbackAction["kind"]> = new Set([
  "RETURN_ADDRESS",
  "RETURN_PRIVATE_IPS",
  "DETACH_INTERFACE",
  "ATTACH_INTERFACE",
]);

/**
 * The replacement of a stateless load serves until the original does: after each part that is taken from it, it is read again
 * whether the original still answers in its groups.
 */
export const touchedBy = (
  { kind }: RollbackAction,
  isStateless: boolean,
): readonly RollbackPart[] =>
  isStateless && takesTraffic.has(kind) ? [...touched[kind], "targetGroups"] : touched[kind];

const irreversible: ReadonlySet<RollbackAction["kind"]> = new Set([
  "TERMINATE_REPLACEMENT",
  "DELETE_IMAGE",
  "DELETE_SNAPSHOT",
  // Two that write at once: what they wrote cannot be told apart later.
  "START_ORIGINAL",
]);

/** Nothing brings back what these end, or begin: they are planned on a world of which all was read right before. */
export const isIrreversible = ({ kind }: RollbackAction): boolean => irreversible.has(kind);

const small: ReadonlySet<RollbackAction["kind"]> = new Set([
  "NOTE_WRITES",
  "RELEASE_CLAIM",
  "DELETE_IMAGE",
  "DELETE_SNAPSHOT",
  "POINT_ORIGINAL",
  "CANCEL_RESERVATION",
  "DELETE_CAPACITY_GROUP",
  "DELETE_ISOLATION_GROUP",
]);

/**
 * An image, a note, a tag, a setting, capacity that nobody waits for: nothing moves, starts or ends with it, and nothing that speaks for
 * or against another action.
 */
export const leavesRest = ({ kind }: RollbackAction): boolean => small.has(kind);
