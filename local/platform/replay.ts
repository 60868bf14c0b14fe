/** Makes the simulated world anew from what was done to it: the same calls at the same times. */
import { localAdminToken } from "../cloud/kubernetes/authentication.ts";
import type { LiveClock } from "./live-clock.ts";
import { carryOut } from "./market-storm.ts";
import type { Platform } from "./platform.ts";
import type { ClusterChange, WorldLog } from "./world-log.ts";

const replayInCluster = async (
  { control }: Platform["eks"],
  { cluster, operation, path, query, contentType, body }: ClusterChange,
): Promise<void> => {
  await control.find(cluster)?.answer({
    method: operation,
    path,
    query: new URLSearchParams(query),
    headers: { authorization: `Bearer ${localAdminToken}`, "content-type": contentType },
    body,
  });
};

/** @param past.keys of the accounts' owners: whoever has made a call there was allowed to */
export const replay = async (
  { cloud, ec2, eks }: Pick<Platform, "cloud" | "ec2" | "eks">,
  clock: Pick<LiveClock, "replayTo">,
  past: {
    readonly world: WorldLog;
    readonly keys: Readonly<Record<string, { readonly accessKeyId: string }>>;
  },
): Promise<void> => {
  for (const change of past.world.changes) {
    await clock.replayTo(change.atMs);
    if ("market" in change) {
      carryOut({ ec2 }, change.market);
      continue;
    }
    if ("cluster" in change) {
      await replayInCluster(eks, change);
      continue;
    }
    const { atMs: _, accountId, ...request } = change;
    // Who has no key here is our own account: what its functions did.
    const { accessKeyId } = past.keys[accountId] ?? cloud.identities.operator;
    await cloud.call({ ...request, accessKeyId });
  }
};
