/** The rules of beginning a preflight, finding it, and comparing two. */
import { asFailedIfStalled } from "../../core/decide/fleet/preflight/stalled.ts";
import { invokeLater } from "../../adapters/aws/lambda.ts";
import { decodeCursor, encodeCursor } from "../../adapters/store/cursor.ts";
import { getAccount } from "../../adapters/store/accounts.ts";
import {
  createPreflight,
  getPreflight,
  listPreflightPlaces,
  loadPreflightRows,
} from "../../adapters/store/preflights.ts";
import {
  changesBetween,
  judgedOf,
  type Judged,
  type PreflightChange,
} from "../../core/decide/fleet/preflight/changes.ts";
import { preflightIdSchema, type AccountId, type PreflightId } from "../../core/model/ids.ts";
import type { Preflight, PreflightPlace } from "../../core/model/preflight.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, invalid } from "./problem.ts";

export const newPreflightId = (context: ApiContext): PreflightId =>
  preflightIdSchema.parse(`pfl-${context.randomId()}`);

/** @throws problems 409 (not ACTIVE) and 422 naming the field */
const regionsOf = async (
  context: ApiContext,
  accountId: AccountId,
  regions: readonly string[] | undefined,
): Promise<readonly string[]> => {
  const account = await getAccount(context.table, accountId);
  if (account === undefined) {
    throw invalid("body", [
      { field: "account_id", message: `account ${accountId} is not connected` },
    ]);
  }
  const unknown = (regions ?? []).filter((region) => !account.regions.includes(region));
  if (unknown.length > 0) {
    throw invalid("body", [
      {
        field: "regions",
        message: `${unknown.join(", ")}: not among those of account ${accountId} (${account.regions.join(", ")})`,
      },
    ]);
  }
  if (account.status === "ACTIVE") return regions ?? account.regions;
  throw new ApiProblem(
    "conflict",
    `Account ${accountId} is ${account.status}, so that nothing in it can be read: verify it first.`,
  );
};

/** Again with the same id begins no other, and hands on again what may have been lost: each region is worked on once at a time. */
export const startPreflight = async (
  context: ApiContext,
  asked: Pick<Preflight, "preflightId" | "accountId" | "requestedBy"> & {
    readonly regions: readonly string[] | undefined;
  },
): Promise<Preflight> => {
  const { preflightId, accountId, requestedBy } = asked;
  const preflight: Preflight = {
    preflightId,
    accountId,
    regions: [...(await regionsOf(context, accountId, asked.regions))],
    requestedBy,
    requestedAt: context.now().toISOString(),
  };
  await createPreflight(context.table, preflight);
  const { lambda, preflightPlaceArn: functionArn } = context;
  for (const region of preflight.regions) {
    await invokeLater(lambda, { functionArn, event: { preflightId, region } });
  }
  return preflight;
};

export interface FoundPreflight {
  readonly preflight: Preflight;
  readonly places: readonly PreflightPlace[];
}

/** @throws the problem 404 */
export const requirePreflight = async (
  { table, now }: Pick<ApiContext, "now" | "table">,
  id: PreflightId,
): Promise<FoundPreflight> => {
  const preflight = await getPreflight(table, id);
  if (preflight !== undefined) {
    const places = await listPreflightPlaces(table, id);
    return { preflight, places: places.map((place) => asFailedIfStalled(place, now())) };
  }
  throw new ApiProblem("not-found", `There is no preflight ${id}.`, {
    errors: [{ field: "id", message: "is not a preflight" }],
  });
};

const requireDone = ({ preflight: { preflightId }, places }: FoundPreflight): void => {
  const open = places.find(({ status }) => status === "WAITING" || status === "LOOKING");
  if (open === undefined) return;
  throw new ApiProblem(
    "conflict",
    `Preflight ${preflightId} is still at work in ${open.region}: ask again when it is DONE.`,
  );
};

const judgedIn = async (
  { table }: Pick<ApiContext, "table">,
  { preflightId, region, pages }: PreflightPlace,
): Promise<readonly Judged[]> => {
  const judged: Judged[] = [];
  for (let page = 0; page < pages; page += 1) {
    const rows = await loadPreflightRows(table, { preflightId, region, page });
    judged.push(...rows.map(judgedOf));
  }
  return judged;
};

/** Regions that both have read: of another nothing can be said. */
const changesIn = async (
  context: ApiContext,
  earlier: FoundPreflight,
  later: FoundPreflight,
): Promise<readonly PreflightChange[]> => {
  const changes: PreflightChange[] = [];
  for (const place of later.places) {
    const before = earlier.places.find(({ region }) => region === place.region);
    if (before?.status !== "DONE" || place.status !== "DONE") continue;
    changes.push(
      ...changesBetween(await judgedIn(context, before), await judgedIn(context, place)),
    );
  }
  return changes;
};

/**
 * One page of what changed, in the order of the ids.
 * @throws problems 404, 409 (one is still at work) and 400 (of another account, or a cursor of another list)
 */
export const changesSince = async (
  context: ApiContext,
  id: PreflightId,
  query: { readonly since: PreflightId; readonly limit: number; readonly cursor?: string },
): Promise<{ readonly items: readonly PreflightChange[]; readonly cursor?: string }> => {
  const later = await requirePreflight(context, id);
  const earlier = await requirePreflight(context, query.since);
  if (earlier.preflight.accountId !== later.preflight.accountId) {
    throw invalid("parameter", [{ field: "since", message: "is of another account" }]);
  }
  requireDone(later);
  requireDone(earlier);
  const scope = `${query.since} ${id}`;
  const [of = scope, after = ""] = query.cursor === undefined ? [] : decodeCursor(query.cursor, 2);
  if (of !== scope)
    throw invalid("parameter", [{ field: "cursor", message: "is of another list" }]);
  const rest = (await changesIn(context, earlier, later)).filter(({ id: found }) => found > after);
  const items = rest.slice(0, query.limit);
  const last = items.at(-1);
  return rest.length > items.length && last !== undefined
    ? { items, cursor: encodeCursor([scope, last.id]) }
    : { items };
};
