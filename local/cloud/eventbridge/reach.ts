/**
 * One attempt at a target: another bus, under the role of the target and the policy of that bus; a queue, under its policy; a function, as
 * an asynchronous invocation. Sources: EventBridge user guide, "Sending and receiving events between AWS accounts" and "… Regions" ("… you
 * can't forward an event that came from another account to a third one"), "Using dead-letter queues", error codes.
 */
import type { AwsEvent } from "../aws-event.ts";
import { judgeCall } from "../iam/permissions.ts";
import type { Identities } from "../iam/identities.ts";
import type { Queues } from "../sqs/queues.ts";
import { letsIn } from "./bus-policy.ts";
import type { Bus, Delivery, Outcome } from "./state.ts";

export interface Reachable {
  readonly identities: Pick<Identities, "role">;
  readonly queues: Queues;
  readonly busAt: (arn: string) => Bus | undefined;
  readonly accept: (bus: Bus, event: AwsEvent) => void;
  /** Undefined: there is no such function, or it takes no events. */
  readonly invoke: (functionArn: string) => ((event: AwsEvent) => void) | undefined;
}

const mayPut = (
  { identities }: Reachable,
  delivery: Delivery,
): "FAILED_TO_ASSUME_ROLE" | "NO_PERMISSIONS" | undefined => {
  const { target, bus } = delivery;
  // † Within one account and region a bus needs none.
  if (target.roleArn === undefined) {
    return target.arn.startsWith(`arn:aws:events:${bus.region}:${bus.accountId}:`)
      ? undefined
      : "NO_PERMISSIONS";
  }
  const role = identities.role(target.roleArn);
  const isTrusted =
    role?.accountId === bus.accountId && role.trustedPrincipals.includes("events.amazonaws.com");
  if (role === undefined || !isTrusted) return "FAILED_TO_ASSUME_ROLE";
  const asked = {
    action: "events:PutEvents",
    resources: [{ arn: target.arn, key: () => undefined }],
  };
  return judgeCall([role], () => [asked]).kind === "ALLOWED" ? undefined : "NO_PERMISSIONS";
};

const reachBus = (reachable: Reachable, delivery: Delivery): Outcome => {
  const { event, bus, target } = delivery;
  const other = reachable.busAt(target.arn);
  if (other === undefined) return "NO_RESOURCE";
  const hasCrossed = event.account !== bus.accountId;
  if (hasCrossed && other.accountId !== bus.accountId) return "THIRD_ACCOUNT_HOP_DETECTED";
  if (event.region !== bus.region && other.region !== bus.region) {
    return "THIRD_REGION_HOP_DETECTED";
  }
  const refusal = mayPut(reachable, delivery);
  if (refusal !== undefined) return refusal;
  if (!letsIn(other, { accountId: bus.accountId, source: event.source })) return "NO_PERMISSIONS";
  reachable.accept(other, event);
  return undefined;
};

const reachQueue = ({ queues }: Reachable, { event, bus, rule, target }: Delivery): Outcome =>
  queues.send(target.arn, {
    body: JSON.stringify(event),
    sender: { service: "events.amazonaws.com", sourceArn: rule.arn, accountId: bus.accountId },
  });

const reachFunction = (reachable: Reachable, { event, target }: Delivery): Outcome => {
  const invoke = reachable.invoke(target.arn);
  if (invoke === undefined) return "NO_RESOURCE";
  invoke(event);
  return undefined;
};

const kinds = {
  events: reachBus,
  sqs: reachQueue,
  lambda: reachFunction,
} as const satisfies Record<string, (reachable: Reachable, delivery: Delivery) => Outcome>;

type Kind = keyof typeof kinds;

/** Undefined: the simulated EventBridge has no such target. */
export const kindOf = (arn: string): Kind | undefined => {
  const service = arn.split(":")[2] ?? "";
  return Object.hasOwn(kinds, service) ? (service as Kind) : undefined;
};

export const reach = (reachable: Reachable, delivery: Delivery): Outcome => {
  const kind = kindOf(delivery.target.arn);
  return kind === undefined ? "NO_RESOURCE" : kinds[kind](reachable, delivery);
};
