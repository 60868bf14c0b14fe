/** What a person can decide about an evaluation that has left something open. */
import type { InstanceId } from "./ids.ts";

export const resolutionKinds = [
  /** Forward: the workflow goes on where the switch stands. */
  "RESUME",
  /** Back: what stood before serves again, and what was made is taken away. */
  "ROLL_BACK",
  /** The world is left as it is, and a named instance is what serves. */
  "ADOPT",
] as const;
type ResolutionKind = (typeof resolutionKinds)[number];

/** What is asked for. */
export type ResolutionWish =
  | { readonly kind: Exclude<ResolutionKind, "ADOPT"> }
  | { readonly kind: "ADOPT"; readonly serving: InstanceId };

/** The one that is being carried out, or was last. */
export const lastResolution = <Resolution>({
  resolutions,
}: {
  readonly resolutions?: readonly Resolution[];
}): Resolution | undefined => resolutions?.at(-1);
