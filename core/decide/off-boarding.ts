/**
 * Says what becomes of everything in an account that is off-boarded: what serves stays, what we had changed is restored, what serves
 * nobody is deleted, and whatever may hold the only copy of something is its owner's decision.
 */
import { isMarkChange, isSettingChange, type ChangeOf, type DueKind } from "../model/intent.ts";
import type { Place } from "../model/place.ts";
import type { TaggedKind, TaggedThing } from "../model/tagged-thing.ts";
import { approvalTag } from "../model/tags.ts";
import type { Target } from "../model/target.ts";

/** Something that an evaluation has left to be ended or put back, wherever it stands. */
export interface DueThing {
  readonly region: string;
  readonly change: ChangeOf<DueKind>;
}

export interface OffBoardingFacts {
  readonly targets: readonly Target[];
  readonly due: readonly DueThing[];
  /** What carries our tags, of each region. */
  readonly things: readonly (TaggedThing & Pick<Place, "region">)[];
  /** Ids of what no intent claims. */
  readonly unclaimed: ReadonlySet<string>;
  /** Ids of what its owner wants ended. */
  readonly end: ReadonlySet<string>;
}

interface OffBoardingRow {
  readonly region: string;
  /** As AWS names kinds of resources. */
  readonly kind: string;
  readonly id: string;
  readonly sentence: string;
}

/** END is for what the janitor would end by itself: everything else of the kind is kept, whatever is asked for. */
type Decision = OffBoardingRow & {
  readonly decision: "KEEP" | "END";
  readonly mayEnd: boolean;
};

export interface OffBoardingPlan {
  /** It serves, or belongs to what serves: it loses our tags. */
  readonly stays: readonly OffBoardingRow[];
  readonly restored: readonly OffBoardingRow[];
  readonly deleted: readonly OffBoardingRow[];
  readonly decisions: readonly Decision[];
  /** It carries our tags, and nothing shows that we made it. */
  readonly untouched: readonly OffBoardingRow[];
}

type Rows = Partial<OffBoardingPlan>;

type ToEnd = Extract<
  DueKind,
  "RETIRE_ORIGINAL" | "EXPIRE_IMAGE" | "RESERVE_CAPACITY" | "ISOLATE" | "KEEP_TEMPLATE"
>;

const decided = (
  row: OffBoardingRow,
  { end, mayEnd }: { readonly end: ReadonlySet<string>; readonly mayEnd: boolean },
): Rows => ({
  decisions: [{ ...row, mayEnd, decision: mayEnd && end.has(row.id) ? "END" : "KEEP" }],
});

const ofEnding = (region: string, change: ChangeOf<ToEnd>, end: ReadonlySet<string>): Rows => {
  switch (change.kind) {
    case "RETIRE_ORIGINAL": {
      const sentence = `The stopped original, kept for its cool-off until ${change.dueAt}.`;
      return decided(
        { region, kind: "instance", id: change.instanceId, sentence },
        { end, mayEnd: true },
      );
    }
    case "EXPIRE_IMAGE": {
      const sentence = `An image of the load, with its snapshots, kept until ${change.dueAt}.`;
      return decided(
        { region, kind: "image", id: change.imageId, sentence },
        { end, mayEnd: true },
      );
    }
    case "RESERVE_CAPACITY": {
      const id = change.reservationId ?? change.clientToken;
      const sentence = "Capacity that was held for the way back.";
      return { deleted: [{ region, kind: "capacity-reservation", id, sentence }] };
    }
    case "ISOLATE": {
      const id = change.groupId ?? change.groupName;
      const sentence = "A group without rules, in which a replacement was kept by itself.";
      return { deleted: [{ region, kind: "security-group", id, sentence }] };
    }
    case "KEEP_TEMPLATE": {
      const id = change.templateId ?? change.templateName;
      const sentence = "A launch template that was kept ready for a recovery.";
      return { deleted: [{ region, kind: "launch-template", id, sentence }] };
    }
  }
};

const ofDue = ({ region, change }: DueThing, end: ReadonlySet<string>): Rows => {
  if (isSettingChange(change)) {
    const sentence = `A setting that a switch has changed (${change.kind}).`;
    return { restored: [{ region, kind: "auto-scaling-group", id: change.asgName, sentence }] };
  }
  if (isMarkChange(change)) {
    const sentence = `A mark that a switch has left (${change.kind}).`;
    return { restored: [{ region, kind: "node", id: change.nodeName, sentence }] };
  }
  return ofEnding(region, change, end);
};

const ofTarget = (target: Target): Rows => {
  if (target.pipelineMode !== "LINEAR" || target.ownersDeletionFlags === undefined) return {};
  const { region, instanceId: id } = target;
  const sentence = "DeleteOnTermination of its volumes and interfaces, as its owner had it.";
  return { restored: [{ region, kind: "instance", id, sentence }] };
};

/** Kinds whose tags the customer's role lets us take away. */
const untagged: ReadonlySet<TaggedKind> = new Set([
  "instance",
  "volume",
  "network-interface",
  "image",
  "snapshot",
]);

export const losesOurTags = ({ kind }: Pick<TaggedThing, "kind">): boolean => untagged.has(kind);

const overStates: ReadonlySet<string> = new Set([
  "terminated",
  "shutting-down",
  "deleting",
  "deleted",
  "deregistered",
]);

export const isOver = ({ state }: Pick<TaggedThing, "state">): boolean => overStates.has(state);

/** Attached to nothing, or made for the undo of a deletion: what is written there may be nowhere else. */
const mayBeOnlyCopy = ({ kind, state, tags }: TaggedThing): boolean =>
  (kind === "volume" && state === "available") ||
  (kind === "snapshot" && tags[approvalTag] !== undefined);

const ofThing = (
  thing: OffBoardingFacts["things"][number],
  { unclaimed, end }: OffBoardingFacts,
): Rows => {
  const { region, kind, id, state } = thing;
  const row = { region, kind, id };
  if (unclaimed.has(id)) {
    return { untouched: [{ ...row, sentence: "Nothing in the store says that we made it." }] };
  }
  if (mayBeOnlyCopy(thing)) {
    const sentence = `It is ${state}, and may hold what is nowhere else. Delete it by hand if nobody needs it.`;
    return decided({ ...row, sentence }, { end, mayEnd: false });
  }
  const sentence = losesOurTags(thing)
    ? `It is ${state}, and loses our tags.`
    : `It is ${state}. Its tags stay, for the role does not let us take them away.`;
  return { stays: [{ ...row, sentence }] };
};

const inOrder = <Row extends OffBoardingRow>(rows: readonly Row[]): readonly Row[] => {
  const keyOf = ({ region, kind, id, sentence }: Row) => `${region} ${kind} ${id} ${sentence}`;
  return rows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
};

/** Whatever is due has its row there, and so has a snapshot with its image. */
export const planOffBoarding = (facts: OffBoardingFacts): OffBoardingPlan => {
  const { targets, due, things, end } = facts;
  const ofDueThings = due.map((each) => ofDue(each, end));
  const named = new Set(
    ofDueThings.flatMap(({ deleted = [], decisions = [] }) =>
      [...deleted, ...decisions].map(({ id }) => id),
    ),
  );
  const others = things.filter(
    (thing) => !isOver(thing) && !named.has(thing.id) && !named.has(thing.imageId ?? ""),
  );
  const rows = [
    ...ofDueThings,
    ...targets.map(ofTarget),
    ...others.map((thing) => ofThing(thing, facts)),
  ];
  return {
    stays: inOrder(rows.flatMap(({ stays = [] }) => stays)),
    restored: inOrder(rows.flatMap(({ restored = [] }) => restored)),
    deleted: inOrder(rows.flatMap(({ deleted = [] }) => deleted)),
    decisions: inOrder(rows.flatMap(({ decisions = [] }) => decisions)),
    untouched: inOrder(rows.flatMap(({ untouched = [] }) => untouched)),
  };
};
