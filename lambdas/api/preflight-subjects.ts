/** Subjects of a preflight that are to be registered: all of one outcome, page by page, or those that are named. */
import { loadPreflightRows } from "../../adapters/store/preflights.ts";
import type { Account } from "../../core/model/account.ts";
import type { InstanceId, PreflightId } from "../../core/model/ids.ts";
import type { PreflightOutcome, PreflightPlace, PreflightRow } from "../../core/model/preflight.ts";
import type { ApiContext } from "./context.ts";
import { rowsOf } from "./preflight-rows.ts";
import { requirePreflight } from "./preflights.ts";
import { ApiProblem, invalid } from "./problem.ts";

/** By the instance, or a member of the group; or why there is none. */
export type Registrable = { readonly instanceId: InstanceId } | { readonly sentence: string };

type AskedSubject = Registrable & { readonly subjectId: string };

interface AskedOf {
  readonly preflightId: PreflightId;
  readonly region: string;
  readonly outcome?: PreflightOutcome | undefined;
  readonly subjectIds?: readonly string[] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** @throws problems 404, 409 (still at work there) and 422 naming the field */
const requirePlace = async (
  context: Pick<ApiContext, "now" | "table">,
  { accountId }: Account,
  { preflightId, region }: AskedOf,
): Promise<PreflightPlace> => {
  const { preflight, places } = await requirePreflight(context, preflightId);
  if (preflight.accountId !== accountId) {
    throw invalid("body", [{ field: "preflight_id", message: "is of another account" }]);
  }
  const place = places.find((each) => each.region === region);
  if (place === undefined) {
    throw invalid("body", [
      { field: "region", message: `is not among those of preflight ${preflightId}` },
    ]);
  }
  if (place.status === "DONE") return place;
  throw new ApiProblem(
    "conflict",
    place.status === "FAILED"
      ? `Preflight ${preflightId} has judged nothing in ${region}: begin another one.`
      : `Preflight ${preflightId} is still at work in ${region}: ask again when it is DONE.`,
  );
};

const askedFor = ({ id, name, instanceId }: PreflightRow): AskedSubject =>
  instanceId === undefined
    ? { subjectId: id, sentence: `There is no instance to register ${name} by: it has no member.` }
    : { subjectId: id, instanceId };

const byIds = async (
  { table }: Pick<ApiContext, "table">,
  { preflightId, region, pages }: PreflightPlace,
  ids: readonly string[],
): Promise<readonly AskedSubject[]> => {
  const found = new Map<string, PreflightRow>();
  for (let page = 0; page < pages; page += 1) {
    for (const row of await loadPreflightRows(table, { preflightId, region, page })) {
      found.set(row.id, row);
    }
  }
  return ids.map((subjectId) => {
    const row = found.get(subjectId);
    if (row !== undefined) return askedFor(row);
    const sentence = `Preflight ${preflightId} has no subject ${subjectId} in ${region}.`;
    return { subjectId, sentence };
  });
};

/** @throws what `requirePlace` throws, and 400 for a cursor of another list */
export const subjectsAsked = async (
  context: Pick<ApiContext, "now" | "table">,
  account: Account,
  asked: AskedOf,
): Promise<{ readonly items: readonly AskedSubject[]; readonly cursor?: string }> => {
  const place = await requirePlace(context, account, asked);
  const { outcome, subjectIds, limit, cursor } = asked;
  if (subjectIds !== undefined) return { items: await byIds(context, place, subjectIds) };
  const page = await rowsOf(context.table, [place], { filter: { outcome }, limit, cursor });
  return { ...page, items: page.items.map(askedFor) };
};
