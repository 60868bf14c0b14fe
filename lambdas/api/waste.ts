/** Lists findings place by place, with what all that match cost, and notes that a person lets one be. */
import { listAllAccounts } from "../../adapters/store/accounts.ts";
import { brokenCursor, decodeCursor, encodeCursor } from "../../adapters/store/cursor.ts";
import { getWaste, readWasteIn, updateWaste } from "../../adapters/store/waste-findings.ts";
import { placeKey, type Place } from "../../core/model/place.ts";
import type { WasteFinding, WasteKind, WasteStatus } from "../../core/model/waste/finding.ts";
import { inOrder } from "../../core/waste/reading.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, invalid } from "./problem.ts";

export interface WasteFilter {
  readonly accountId?: string;
  readonly region?: string;
  readonly kind?: WasteKind;
  readonly status?: WasteStatus;
}

interface WasteTotal {
  readonly findings: number;
  readonly monthly_usd: number;
  readonly unpriced: number;
}

export interface WastePage {
  readonly items: readonly WasteFinding[];
  readonly total?: WasteTotal;
  readonly cursor?: string;
}

const toBeDecided: readonly WasteStatus[] = ["OFFERED", "REPORTED"];

const matches = (finding: WasteFinding, { kind, status }: WasteFilter): boolean =>
  (kind ?? finding.kind) === finding.kind &&
  (status === undefined ? toBeDecided.includes(finding.status) : status === finding.status);

const placesOf = async (
  { table }: ApiContext,
  { accountId, region }: WasteFilter,
): Promise<readonly Place[]> =>
  (await listAllAccounts(table))
    .filter((account) => (accountId ?? account.accountId) === account.accountId)
    .flatMap((account) =>
      account.regions.map((each) => ({ accountId: account.accountId, region: each })),
    )
    .filter((place) => (region ?? place.region) === place.region)
    .toSorted((one, other) => (placeKey(one) < placeKey(other) ? -1 : 1));

/** What costs most first, within its kind. */
const findingsIn = async (
  { table }: ApiContext,
  place: Place,
  filter: WasteFilter,
): Promise<readonly WasteFinding[]> => {
  const stored = await readWasteIn(table, place);
  return inOrder(stored.map(({ finding }) => finding).filter((one) => matches(one, filter)));
};

const totalOf = (findings: readonly WasteFinding[]): WasteTotal => {
  const own = findings.filter(({ countedWith }) => countedWith === undefined);
  const sum = own.reduce((usd, { monthlyUsd = 0 }) => usd + monthlyUsd, 0);
  return {
    findings: findings.length,
    monthly_usd: Number(sum.toFixed(2)),
    unpriced: findings.filter(({ monthlyUsd }) => monthlyUsd === undefined).length,
  };
};

/** Which place, and behind which finding in it. */
interface Position {
  readonly place: string;
  readonly findingId: string;
}

const positionOf = (cursor: string, scope: string): Position => {
  const [of, place = "", findingId = ""] = decodeCursor(cursor, 3);
  if (of !== scope) throw brokenCursor();
  return { place, findingId };
};

/** From behind that finding; from the first one where it has gone since, so that none is left out. */
const behind = (
  findings: readonly WasteFinding[],
  place: Place,
  position: Position | undefined,
): readonly WasteFinding[] => {
  if (position?.place !== placeKey(place)) return findings;
  return findings.slice(
    findings.findIndex(({ findingId }) => findingId === position.findingId) + 1,
  );
};

/** The first page reads all that match, for their total; a further one as much as it shows. @throws BrokenInput naming `cursor` */
export const pageOfWaste = async (
  context: ApiContext,
  filter: WasteFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<WastePage> => {
  const scope = JSON.stringify(filter);
  const position = cursor === undefined ? undefined : positionOf(cursor, scope);
  const all: WasteFinding[] = [];
  for (const place of await placesOf(context, filter)) {
    if (position !== undefined && (placeKey(place) < position.place || all.length > limit))
      continue;
    all.push(...behind(await findingsIn(context, place, filter), place, position));
  }
  const items = all.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    ...(position === undefined && { total: totalOf(all) }),
    ...(all.length > limit &&
      last !== undefined && { cursor: encodeCursor([scope, placeKey(last), last.findingId]) }),
  };
};

/** Throws the problem 404. */
export const requireFinding = async (
  { table }: ApiContext,
  findingId: string,
): Promise<WasteFinding> => {
  const finding = await getWaste(table, findingId);
  if (finding !== undefined) return finding;
  throw new ApiProblem("not-found", `There is no finding ${findingId}.`, {
    errors: [{ field: "id", message: "is not a finding" }],
  });
};

/** What is being deleted is stopped by a kill switch. */
const dismissable: readonly WasteStatus[] = ["SEEN", "KEPT", "OFFERED", "REPORTED", "DISMISSED"];

const dayMs = 86_400_000;
const mostDays = 400;

const requireSoon = (until: string, now: Date): void => {
  const days = (Date.parse(until) - now.getTime()) / dayMs;
  if (days > 0 && days <= mostDays) return;
  const message = `must be in the future, and at most ${String(mostDays)} days from now`;
  throw invalid("body", [{ field: "until", message }]);
};

/** Throws the problems 404, 409 and 422. */
export const dismissFinding = async (
  context: ApiContext,
  findingId: string,
  dismissal: NonNullable<WasteFinding["dismissal"]>,
): Promise<WasteFinding> => {
  requireSoon(dismissal.until, context.now());
  const found = await requireFinding(context, findingId);
  return updateWaste(context.table, found, (finding) => {
    if (!dismissable.includes(finding.status)) {
      throw new ApiProblem(
        "conflict",
        `${findingId} is ${finding.status}: only what still stands and is not being deleted can be dismissed.`,
      );
    }
    return { ...finding, status: "DISMISSED", dismissal };
  });
};
