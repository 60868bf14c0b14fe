/** What a person can decide about an evaluation that has left something open. */
import type { InstanceId } from "./ids.ts";

export const resolutionKinds = [
  /** Forward: the workflow goes on where the switch stands. */
  "RESUME",
  /** Back: what stood before serves again, and what was made is taken away. */
  "ROLL_BACK",
  /** The world is left as it is: a named instance is what serves, or the group as it stands. */
  "ADOPT",
] as const;
type ResolutionKind = (typeof resolutionKinds)[number];

type Motion = { readonly kind: Exclude<ResolutionKind, "ADOPT"> };

/** What is asked for of a switch of one instance. */
export type InstanceWish = Motion | { readonly kind: "ADOPT"; readonly serving: InstanceId };

/** What is asked for of a group: it is adopted as it stands. */
export type GroupWish = Motion | { readonly kind: "ADOPT" };

/** What is asked for. `serving` is named where one instance serves. */
export type ResolutionWish = Motion | { readonly kind: "ADOPT"; readonly serving?: InstanceId };

/** The one that is being carried out, or was last. */
export const lastResolution = <Resolution>({
  resolutions,
}: {
  readonly resolutions?: readonly Resolution[];
}): Resolution | undefined => resolutions?.at(-1);
