/** May the Spot node group be told to grow by one: its size as it is now, against that before our first call. */

export type Growth =
  | { readonly kind: "GROW"; readonly desiredSize: number }
  /** By our call, the answer to which was lost, or by its owner: to set a size now would take from what he has set. */
  | { readonly kind: "GROWN"; readonly sentence: string }
  /** Its owner wants fewer by now: what was planned no longer holds. */
  | { readonly kind: "SMALLER"; readonly sentence: string };

export const judgeGrowth = ({
  desiredBefore,
  desiredNow,
}: {
  readonly desiredBefore: number;
  readonly desiredNow: number;
}): Growth => {
  const [was, is] = [String(desiredBefore), String(desiredNow)];
  if (desiredNow > desiredBefore) {
    return { kind: "GROWN", sentence: `has grown from ${was} to ${is} already.` };
  }
  return desiredNow < desiredBefore
    ? { kind: "SMALLER", sentence: `was to grow from ${was}, and is asked for ${is} nodes by now.` }
    : { kind: "GROW", desiredSize: desiredBefore + 1 };
};
