/** By whom a node is drained, and on which pods, in words. */
import { drainByKubectl, type Drainer } from "./drain-measure.ts";
import type { Pace } from "./kubelet-player.ts";
import { drainAsPlanned } from "./planned-drain.ts";

export const kubectl = { by: "kubectl drain", drainer: drainByKubectl } as const;
export const product = { by: "our drain", drainer: drainAsPlanned } as const;

/** In the order in which they are shown. */
export const drainers: readonly { readonly by: string; readonly drainer: Drainer }[] = [
  kubectl,
  product,
];

export const inWords = ({ readyMs, endMs }: Pace): string =>
  `Ready in ${String(readyMs / 1000)} s, gone in ${String(endMs / 1000)} s`;
