/** EC2's paging: opaque tokens, limits per operation. */
import { refuse } from "./refusals.ts";

export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface PageLimits {
  readonly min: number;
  readonly max: number;
  /** Ids named in the request exclude MaxResults. */
  readonly ids?: readonly string[] | undefined;
  readonly idsParameter?: string;
}

export interface Page<T> {
  readonly items: T[];
  readonly NextToken?: string;
}

const positionOf = (token: string | undefined): number => {
  if (token === undefined || token === "") return 0;
  const match = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (match === null) throw refuse("InvalidNextToken", "The token is not valid");
  return Number(match[1]);
};

const checkSize = (request: PageRequest, limits: PageLimits): void => {
  const { MaxResults } = request;
  if (MaxResults === undefined) return;
  if ((limits.ids?.length ?? 0) > 0) {
    throw refuse(
      "InvalidParameterCombination",
      `The parameter ${limits.idsParameter ?? "ids"} cannot be used with the parameter maxResults`,
    );
  }
  if (MaxResults < limits.min || MaxResults > limits.max) {
    throw refuse(
      "InvalidParameterValue",
      `Value ( ${String(MaxResults)} ) for parameter maxResults is invalid. Expecting a value between ${String(limits.min)} and ${String(limits.max)}.`,
    );
  }
};

/** @throws CloudError for a bad token, a MaxResults out of bounds, or ids together with MaxResults. */
export const paginate = <T>(
  items: readonly T[],
  request: PageRequest,
  limits: PageLimits & { readonly pageSize: number },
): Page<T> => {
  checkSize(request, limits);
  const from = positionOf(request.NextToken);
  const size = Math.min(request.MaxResults ?? limits.max, limits.pageSize);
  const end = from + size;
  return {
    items: items.slice(from, end),
    ...(end < items.length
      ? { NextToken: Buffer.from(`page:${String(end)}`).toString("base64url") }
      : {}),
  };
};
