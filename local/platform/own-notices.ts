/** What our stack deploys for notices (infra/constructs/notices.ts): our own bus, and the key under which the secrets of webhooks are sealed. */
import { SpotOptimizerError } from "../../core/errors.ts";
import { signedHeaders, type PostWebhook } from "../../adapters/webhook/post.ts";
import type { EventBridge } from "../cloud/eventbridge/service.ts";
import type { Kms } from "../cloud/kms/service.ts";
import type { PublicNetwork } from "../cloud/public-network.ts";

interface Place {
  readonly accountId: string;
  readonly region: string;
}

export const noticeBusName = "spot-optimizer-local-notices";

export const webhookKeyArnIn = ({ accountId, region }: Place): string =>
  `arn:aws:kms:${region}:${accountId}:key/webhooks`;

export const deployOwnNotices = (
  place: Place,
  { eventBridge, kms }: { readonly eventBridge: EventBridge; readonly kms: Kms },
): void => {
  eventBridge.control.addBus(place, noticeBusName);
  kms.addKey({ ...place, arn: webhookKeyArnIn(place) });
};

/**
 * To receivers on the simulated network, in process. Which addresses a real one may be reached at is not asked here: nothing leaves the
 * laptop. Who wants to see that rule at work finds it in adapters/webhook and its tests, whose receivers listen on 127.0.0.1.
 */
export const localWebhooks =
  ({ fetch: fetchUrl }: Pick<PublicNetwork, "fetch">): PostWebhook =>
  async (call) => {
    const { host } = new URL(call.url);
    const answer = await fetchUrl(call.url, {
      method: "POST",
      headers: signedHeaders(call),
      body: call.body,
    }).catch((cause: unknown) => {
      const message = `The webhook at ${host} does not answer.`;
      throw new SpotOptimizerError("RetryableUnavailable", message, { resource: host, cause });
    });
    if (answer.ok) return;
    const message = `The webhook at ${host} answered ${String(answer.status)}.`;
    throw new SpotOptimizerError("BrokenRequest", message, { resource: host });
  };
