/** What is told of a whole reading of a place for waste: one notice with the totals of what may be deleted or is reported. */
import type { Notice } from "../model/notice.ts";
import type { Place } from "../model/place.ts";
import type { WasteFinding } from "../model/waste/finding.ts";

const isShown = ({ status }: WasteFinding): boolean =>
  status === "OFFERED" || status === "REPORTED";

/** Undefined: nothing is shown. `at`: of the reading, ISO 8601. */
export const noticeOfWaste = (
  { accountId, region }: Pick<Notice, "accountId"> & Pick<Place, "region">,
  findings: readonly WasteFinding[],
  at: string,
): Notice | undefined => {
  const shown = findings.filter(isShown);
  if (shown.length === 0) return undefined;
  const own = shown.filter(({ countedWith }) => countedWith === undefined);
  const sum = own.reduce((usd, { monthlyUsd = 0 }) => usd + monthlyUsd, 0);
  const unpriced = own.filter(({ monthlyUsd }) => monthlyUsd === undefined).length;
  const priced = unpriced === 0 ? "" : `, and ${String(unpriced)} of which no price is known`;
  return {
    kind: "WASTE_FOUND",
    accountId,
    region,
    error: "WASTE_FOUND",
    resource: region,
    // Their number, since prices move: another find is a change, another price is not.
    state: String(shown.length),
    sentence: `${String(shown.length)} things in ${region} of account ${accountId} cost money and are of no use: ${sum.toFixed(2)} USD a month by the price list${priced}.`,
    figures: {
      findings: shown.length,
      findings_without_price: unpriced,
      monthly_usd: Number(sum.toFixed(2)),
    },
    nextStep: `Look at them with GET /api/v1/waste?account_id=${accountId}, and approve or dismiss each. Nothing is deleted before.`,
    path: `/waste?account_id=${accountId}`,
    at,
  };
};
