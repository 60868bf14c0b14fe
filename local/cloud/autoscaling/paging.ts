/** Auto Scaling's paging: opaque tokens, and at most 100 records unless told. */
import { CloudError } from "../contract.ts";
import { invalid } from "./refusals.ts";

interface PageRequest {
  readonly MaxRecords?: number | undefined;
  readonly NextToken?: string | undefined;
}

const positionOf = (token: string | undefined): number => {
  if (token === undefined || token === "") return 0;
  const match = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (match !== null) return Number(match[1]);
  throw new CloudError("InvalidNextToken", "The token is not valid");
};

/** "The default value is 50 and the maximum value is 100." (API reference, DescribeAutoScalingGroups.) */
export const pageOf = <Item>(
  all: readonly Item[],
  request: PageRequest,
  pageSize: number,
): { readonly items: Item[]; readonly next: { readonly NextToken?: string } } => {
  const { MaxRecords: most = 50 } = request;
  if (most < 1 || most > 100) {
    throw invalid(
      `1 validation error detected: Value '${String(most)}' at 'maxRecords' failed to satisfy constraint: Member must have value less than or equal to 100`,
    );
  }
  const from = positionOf(request.NextToken);
  const end = from + Math.min(most, pageSize);
  const token = Buffer.from(`page:${String(end)}`).toString("base64url");
  return { items: all.slice(from, end), next: end < all.length ? { NextToken: token } : {} };
};
