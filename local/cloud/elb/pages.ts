/** What Describe calls of load balancing share: whose resources the caller sees, and how lists are paged. */
import { type Call, CloudError } from "../contract.ts";

const largestPage = 400;

export const isIn = (
  resource: { readonly accountId: string; readonly region: string },
  { caller, region }: Call,
): boolean => resource.accountId === caller.accountId && resource.region === region;

const startOf = (marker: string | undefined): number => {
  if (marker === undefined) return 0;
  if (!/^\d+$/.test(marker)) throw new CloudError("ValidationError", "The marker is not valid");
  return Number(marker);
};

export const pageOf = <Item>(
  all: readonly Item[],
  {
    Marker: marker,
    PageSize: size = largestPage,
  }: { readonly Marker?: string | undefined; readonly PageSize?: number | undefined },
): { readonly items: readonly Item[]; readonly NextMarker?: string } => {
  const start = startOf(marker);
  const end = start + size;
  return { items: all.slice(start, end), ...(end < all.length && { NextMarker: String(end) }) };
};
