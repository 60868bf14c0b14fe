/** What was saved, by account, target and month. Reads the ledger, and no customer's account. */
import { createRoute } from "@hono/zod-openapi";
import { brokenCursor, decodeCursor, encodeCursor } from "../../../adapters/store/cursor.ts";
import { listLedgerMonths } from "../../../adapters/store/ledger-days.ts";
import { listShadowMonths } from "../../../adapters/store/ledger-shadows.ts";
import { totalOfShadows } from "../../../core/ledger/shadow-month.ts";
import { monthOf } from "../../../core/ledger/sum-month.ts";
import type { LedgerMonth } from "../../../core/model/ledger/day.ts";
import type { ShadowMonth } from "../../../core/model/ledger/shadow.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { asksForCsv, csvHeaders, csvMediaType } from "../csv-answer.ts";
import { locationOf } from "../public-path.ts";
import { savingsCsv } from "../savings-csv.ts";
import { json, problems } from "../schemas/common.ts";
import {
  savingsQuery,
  savingsSchema,
  targetSavingsJson,
  totalSavingsJson,
  type TargetSavingsJson,
} from "../schemas/savings.ts";
import { shadowJson } from "../schemas/savings-shadow.ts";
import * as z from "../zod.ts";
import { requireAccount } from "./accounts.ts";

/** Some 0.5 KB each: an answer stays below Lambda's 6 MB. */
const rowsOfCsv = 5000;

const savingsRoute = createRoute({
  method: "get",
  path: "/savings",
  tags: ["savings"],
  operationId: "getSavings",
  summary: "Show what was saved in a month, net, with each term and its source",
  description: `From what ran and what that cost then, never from what was estimated at a verdict. The month is the current one unless named; its last days are stated again until they are settled. With \`accept: text/csv\` as a table for spreadsheets (RFC 4180, UTF-8), ${String(rowsOfCsv)} rows at a time: where there are more, the header \`link\` has the address of the next (\`rel="next"\`).`,
  request: { query: savingsQuery },
  responses: {
    200: {
      ...json("The month.", savingsSchema),
      content: {
        "application/json": { schema: savingsSchema },
        [csvMediaType]: { schema: z.string().meta({ description: "A table with a header line." }) },
      },
    },
    ...problems(400, 404),
  },
});

const nameOf = ({ accountId, targetId }: LedgerMonth): string => `${accountId}#${targetId}`;

/** Those after the cursor, and where the next page begins. */
const pageOf = (
  months: readonly LedgerMonth[],
  { limit, cursor, scope }: { limit: number; cursor: string | undefined; scope: string },
): { readonly page: readonly LedgerMonth[]; readonly cursor?: string } => {
  const [after = "", asked = scope] = cursor === undefined ? [] : decodeCursor(cursor, 2);
  if (asked !== scope) throw brokenCursor();
  const rest = months.filter((month) => nameOf(month) > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    page,
    ...(rest.length > limit && last && { cursor: encodeCursor([nameOf(last), scope]) }),
  };
};

type Query = z.infer<typeof savingsQuery>;

/** The address of the next rows. */
const nextOf = ({ limit: _limit, ...query }: Query, month: string, cursor: string): string =>
  new URLSearchParams({ ...query, month, cursor }).toString();

/** By target; nothing where nobody asks. */
const readShadows = async (
  context: ApiContext,
  { account_id: accountId, target_id: targetId, shadow }: Query,
  month: string,
): Promise<ReadonlyMap<string, ShadowMonth>> => {
  if (shadow !== "true") return new Map();
  const months = await listShadowMonths(context.table, { month, accountId });
  const asked = months.filter((one) => targetId === undefined || one.targetId === targetId);
  return new Map(asked.map((one) => [one.targetId, one]));
};

const withShadow = (
  item: TargetSavingsJson,
  shadows: ReadonlyMap<string, ShadowMonth>,
): TargetSavingsJson => {
  const shadow = shadows.get(item.target_id);
  return shadow === undefined ? item : { ...item, shadow: shadowJson(shadow) };
};

const readMonths = async (
  context: ApiContext,
  { account_id: accountId, target_id: targetId }: Query,
  month: string,
): Promise<readonly LedgerMonth[]> => {
  if (accountId !== undefined) await requireAccount(context, accountId);
  const months = await listLedgerMonths(context.table, { month, accountId });
  return months.filter((one) => targetId === undefined || one.targetId === targetId);
};

const totalOf = (
  months: readonly LedgerMonth[],
  shadows: ReadonlyMap<string, ShadowMonth>,
): z.infer<typeof savingsSchema>["total"] => ({
  ...totalSavingsJson(months),
  ...(shadows.size > 0 && { shadow: shadowJson(totalOfShadows([...shadows.values()])) }),
});

export const addSavingsRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(savingsRoute, async (request) => {
    const query = request.req.valid("query");
    const { limit, cursor, month = monthOf(context.now().toISOString()) } = query;
    const months = await readMonths(context, query, month);
    const shadows = await readShadows(context, query, month);
    const isCsv = asksForCsv(request);
    const scope = JSON.stringify([month, query.account_id ?? "", query.target_id ?? ""]);
    const paged = pageOf(months, { limit: isCsv ? rowsOfCsv : limit, cursor, scope });
    const items = paged.page.map(targetSavingsJson).map((item) => withShadow(item, shadows));
    const next = paged.cursor;
    if (!isCsv) {
      const more = next !== undefined && { cursor: next };
      return request.json({ month, items, ...more, total: totalOf(months, shadows) }, 200);
    }
    if (next !== undefined) {
      const address = `${locationOf(request, "/savings")}?${nextOf(query, month, next)}`;
      request.header("link", `<${address}>; rel="next"`);
    }
    return request.body(savingsCsv(items), 200, csvHeaders);
  });
};
