/** Sends the evictions of one look, a few at a time, as long as the list that they rest on is fresh. What was not sent is left to the next look. */
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { deletePod, evictPod } from "../../../adapters/kubernetes/evictions.ts";
import { inFlight, maySend } from "../../../core/decide/kubernetes/drain/pace.ts";
import type { EvictionReply } from "../../../core/model/kubernetes/eviction.ts";
import type { AnsweredEviction, Eviction } from "../../../core/decide/kubernetes/drain/replies.ts";
import type { TickMemory } from "../../../core/decide/kubernetes/drain/tick.ts";

interface Sending {
  readonly client: KubernetesClient;
  readonly evictions: readonly Eviction[];
  readonly memory: Pick<TickMemory, "startedAt">;
  /** ISO 8601 */
  readonly listedAt: string;
  readonly now: () => string;
}

/** The server's own limit is everybody's: nothing more is sent at this look. */
const isPaused = (answered: readonly AnsweredEviction[]): boolean =>
  answered.some(({ reply }) => reply.kind === "THROTTLED");

const send = (
  client: KubernetesClient,
  { graceSeconds, ...pod }: Eviction,
): Promise<EvictionReply> =>
  graceSeconds === undefined ? evictPod(client, pod) : deletePod(client, pod, graceSeconds);

/** Throws what an eviction throws, once those that were sent with it are answered. */
export const sendEvictions = async ({
  client,
  evictions,
  memory,
  listedAt,
  now,
}: Sending): Promise<readonly AnsweredEviction[]> => {
  const answered: AnsweredEviction[] = [];
  for (let first = 0; first < evictions.length; first += inFlight) {
    if (!maySend(memory, listedAt, now()) || isPaused(answered)) break;
    const sent = evictions.slice(first, first + inFlight);
    const settled = await Promise.allSettled(
      sent.map(async (eviction) => ({ eviction, reply: await send(client, eviction) })),
    );
    for (const one of settled) if (one.status === "fulfilled") answered.push(one.value);
    const failed = settled.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
  return answered;
};
