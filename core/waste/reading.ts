/**
 * What becomes of an account's findings by one reading of a region. Days are counted from our own first sight: each complete reading
 * that shows a resource as waste counts, one that shows it used begins them anew, and one that is not complete does neither. In a
 * restored table they begin anew.
 */
import type { Place } from "../model/place.ts";
import {
  wasteKinds,
  type KeptReason,
  type WasteFinding,
  type WasteKind,
} from "../model/waste/finding.ts";
import { daysOf, usualOwnerTags, type WasteSettings } from "../model/waste/settings.ts";
import type { Tagged } from "../model/waste/tagged.ts";
import type { MonthlyCost } from "./cost.ts";
import type { Judgement, LookUp, Waste } from "./judgement.ts";
import { namedOwner } from "./owners.ts";

const hourMs = 3_600_000;
const daySeconds = 86_400;

/** A reading a day, and an hour for one that comes late: of a longer gap nobody knows what was in it. */
const mostCountedSeconds = 25 * 3600;

/** How long what AWS alone tells of one resource is taken for true in the list. Before a deletion it is asked again. */
const lookUpSeconds = 7 * daySeconds;

/** Kinds whose days are not those of our sight: AWS says how old they are, or measures their traffic. */
const datedByAws: ReadonlySet<WasteKind> = new Set([
  "OLD_SNAPSHOT",
  "UNUSED_IMAGE",
  "IDLE_LOAD_BALANCER",
  "IDLE_NAT_GATEWAY",
]);

const deletable: ReadonlySet<WasteKind> = new Set([
  "FAST_SNAPSHOT_RESTORE",
  "UNATTACHED_VOLUME",
  "OLD_SNAPSHOT",
  "UNUSED_IMAGE",
  "UNASSOCIATED_ADDRESS",
]);

/** When a place is to be read again. ISO 8601 */
export const nextScan = (
  now: Date,
  { wasRead, hasMore }: { readonly wasRead: boolean; readonly hasMore: boolean },
): string => {
  // What was left for want of time is asked soon; what failed is not asked at once again.
  const hours = hasMore ? 0.25 : wasRead ? 24 : 1;
  return new Date(now.getTime() + hours * hourMs).toISOString();
};

/** One resource as a reading shows it. */
export interface SeenResource extends Tagged {
  readonly kind: WasteKind;
  readonly resourceId: string;
  readonly judgement: Judgement;
  /** Absent: no price is known. */
  readonly cost?: MonthlyCost | undefined;
}

export interface WasteReading {
  readonly place: Place;
  readonly findings: readonly WasteFinding[];
  readonly seen: readonly SeenResource[];
  /** Of which kinds all was read: of no other is anything concluded. */
  readonly complete: ReadonlySet<WasteKind>;
  readonly settings: WasteSettings;
  readonly idOf: (kind: WasteKind, resourceId: string) => string;
  readonly now: Date;
  /** Of the table that is written. */
  readonly tableName?: string | undefined;
  /** Clocks of until then begin anew: the table was restored under its own name. ISO 8601 */
  readonly voidUntil?: string | undefined;
}

export interface WasteChanges {
  /** As they stand now, those among them that did not change in anything but their days. */
  readonly write: readonly WasteFinding[];
  readonly forget: readonly WasteFinding[];
}

const keyOf = ({ kind, resourceId }: Pick<WasteFinding, "kind" | "resourceId">): string =>
  `${kind} ${resourceId}`;

/** Written in a table of which this one is a copy of some earlier time. */
export const isOfEarlierTable = (
  { tableName, lastSeenAt }: WasteFinding,
  { tableName: present, voidUntil }: Pick<WasteReading, "tableName" | "voidUntil">,
): boolean =>
  tableName !== present ||
  (voidUntil !== undefined && Date.parse(lastSeenAt) <= Date.parse(voidUntil));

const isOver = (until: string, now: Date): boolean => Date.parse(until) <= now.getTime();

/** Whose days go on; undefined: they begin anew. */
const standing = (
  finding: WasteFinding | undefined,
  reading: WasteReading,
): WasteFinding | undefined => {
  if (finding === undefined || finding.closed !== undefined || isOfEarlierTable(finding, reading)) {
    return undefined;
  }
  const { dismissal } = finding;
  return dismissal !== undefined && isOver(dismissal.until, reading.now) ? undefined : finding;
};

const counted = ({ countedSeconds, lastSeenAt }: WasteFinding, now: Date): number =>
  countedSeconds +
  Math.min(mostCountedSeconds, Math.max(0, (now.getTime() - Date.parse(lastSeenAt)) / 1000));

/** Without the members that have no value: a stored finding has none. */
const present = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Partial<T>;

const worded = (
  { tags, cost }: SeenResource,
  { why, effect, undo, unchecked, label, countedWith }: Waste,
  { settings }: WasteReading,
) => ({
  why,
  effect,
  undo,
  unchecked: [...unchecked],
  ...(present({
    label,
    countedWith,
    owner: namedOwner(tags, settings.ownerTags ?? usualOwnerTags),
    monthlyUsd: cost?.monthlyUsd,
    pricedAt: cost?.pricedAt,
  }) as Pick<WasteFinding, "label">),
});

/** Its days are over, by our sight or by AWS's word. */
export const areDaysOver = (
  { kind, countedSeconds }: Pick<WasteFinding, "kind" | "countedSeconds">,
  settings: WasteSettings,
): boolean => datedByAws.has(kind) || countedSeconds >= daysOf(settings, kind) * daySeconds;

const isShown = ({ status }: WasteFinding): boolean =>
  status === "OFFERED" || status === "REPORTED";

/** One that was shown is not shown where its owner has raised the days since. */
const statusOf = (old: WasteFinding, countedSeconds: number, { settings }: WasteReading) =>
  isShown(old) && !areDaysOver({ kind: old.kind, countedSeconds }, settings) ? "SEEN" : old.status;

const seenAsWaste = (
  seen: SeenResource,
  waste: Waste,
  {
    before,
    reading,
  }: { readonly before: WasteFinding | undefined; readonly reading: WasteReading },
): WasteFinding => {
  const { place, now, idOf, tableName } = reading;
  const { kind, resourceId } = seen;
  const old = standing(before, reading);
  const at = now.toISOString();
  const countedSeconds = old === undefined ? 0 : counted(old, now);
  return {
    ...place,
    findingId: idOf(kind, resourceId),
    kind,
    resourceId,
    status: old === undefined ? "SEEN" : statusOf(old, countedSeconds, reading),
    firstSeenAt: old?.firstSeenAt ?? at,
    lastSeenAt: at,
    countedSeconds,
    reasons: old?.reasons ?? [],
    ...worded(seen, waste, reading),
    ...(present({
      checkedAt: old?.checkedAt,
      dismissal: old?.dismissal,
      tableName,
    }) as Pick<WasteFinding, "checkedAt">),
  };
};

const nothing: WasteChanges = { write: [], forget: [] };

/** Who deletes it writes it; in a restored table nobody knows how far that went, and it is judged anew. */
const isBeingDeleted = (finding: WasteFinding | undefined, reading: WasteReading): boolean =>
  finding?.deletion !== undefined &&
  finding.closed === undefined &&
  !isOfEarlierTable(finding, reading);

/** A finding that was shown says for some time what became of it; one that was never shown is forgotten. */
const ended = (finding: WasteFinding, why: string, now: Date): WasteChanges => {
  const wasShown = ["OFFERED", "REPORTED", "DISMISSED"].includes(finding.status);
  if (finding.closed !== undefined) return nothing;
  return wasShown
    ? {
        write: [{ ...finding, status: "CLOSED", closed: { at: now.toISOString(), why } }],
        forget: [],
      }
    : { write: [], forget: [finding] };
};

const judgeSeen = (
  seen: SeenResource,
  before: WasteFinding | undefined,
  reading: WasteReading,
): WasteChanges => {
  const { judgement } = seen;
  if (isBeingDeleted(before, reading)) return nothing;
  if (judgement.kind === "IDLE") {
    return { write: [seenAsWaste(seen, judgement.waste, { before, reading })], forget: [] };
  }
  if (before === undefined) return nothing;
  const why =
    judgement.kind === "USED"
      ? judgement.because
      : judgement.reasons.map(({ sentence }) => sentence).join(" ");
  return ended(before, why, reading.now);
};

export const judgeWaste = (reading: WasteReading): WasteChanges => {
  const { findings, complete, now } = reading;
  const seen = reading.seen.filter(({ kind }) => complete.has(kind));
  const byKey = new Map(findings.map((finding) => [keyOf(finding), finding]));
  const shown = new Set(seen.map(keyOf));
  const changes = [
    ...seen.map((one) => judgeSeen(one, byKey.get(keyOf(one)), reading)),
    ...findings
      .filter((finding) => complete.has(finding.kind) && !shown.has(keyOf(finding)))
      .filter((finding) => !isBeingDeleted(finding, reading))
      .map((finding) => ended(finding, "AWS no longer shows it.", now)),
  ];
  return {
    write: changes.flatMap(({ write }) => write),
    forget: changes.flatMap(({ forget }) => forget),
  };
};

/** What AWS alone tells of it is to be asked now: once its days are over, and again each week. */
export const isLookUpDue = (finding: WasteFinding, settings: WasteSettings, now: Date): boolean =>
  (finding.status === "SEEN" || finding.status === "KEPT" || isShown(finding)) &&
  areDaysOver(finding, settings) &&
  (finding.checkedAt === undefined ||
    now.getTime() - Date.parse(finding.checkedAt) >= lookUpSeconds * 1000);

/** The best find first: what costs most is asked about before time runs out. */
export const inOrder = (findings: readonly WasteFinding[]): readonly WasteFinding[] =>
  findings.toSorted(
    (one, other) =>
      wasteKinds.indexOf(one.kind) - wasteKinds.indexOf(other.kind) ||
      (other.monthlyUsd ?? 0) - (one.monthlyUsd ?? 0) ||
      (one.resourceId < other.resourceId ? -1 : 1),
  );

const lookedUp = (finding: WasteFinding, now: Date, reasons: readonly KeptReason[]) => ({
  ...finding,
  checkedAt: now.toISOString(),
  reasons: [...reasons],
});

/** What it is once AWS was asked. */
export const afterLookUp = (finding: WasteFinding, answer: LookUp, now: Date): WasteFinding => {
  switch (answer.kind) {
    case "CLEAR":
      return {
        ...lookedUp(finding, now, []),
        status: deletable.has(finding.kind) ? "OFFERED" : "REPORTED",
      };
    case "KEPT":
      return { ...lookedUp(finding, now, answer.reasons), status: "KEPT" };
    case "USED": {
      const { checkedAt: _, ...rest } = finding;
      return {
        ...rest,
        status: "SEEN",
        countedSeconds: 0,
        firstSeenAt: now.toISOString(),
        reasons: [],
      };
    }
    case "UNKNOWN":
      // It is asked again by the next reading: `checkedAt` stays.
      return { ...finding, status: "SEEN", reasons: [...answer.reasons] };
  }
};
