/**
 * Delivers an event to a target of a rule: at least once, with no promise of order, again after what may pass, and to the dead-letter queue
 * of the target after what won't. Sources: EventBridge user guide, "How EventBridge retries delivering events", "Using dead-letter queues to
 * process undelivered events"; "EventBridge retries 5xx and 429 answers; errors of permission or of a missing target at once go to the queue".
 */
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Queues } from "../sqs/queues.ts";
import type { EventBridgeSettings } from "./settings.ts";
import type { Delivery, DeliveryError, Outcome } from "./state.ts";

/** What a scenario does to one attempt. */
type Harm =
  /** It never comes, and nobody is told. */
  | { readonly kind: "LOSE" }
  | { readonly kind: "DELAY"; readonly ms: number }
  /** It comes again so much later. */
  | { readonly kind: "TWICE"; readonly afterMs: number }
  | { readonly kind: "FAIL"; readonly error: DeliveryError };

export type HarmHook = (delivery: Delivery) => Harm | undefined;

export interface DeliveryContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: EventBridgeSettings;
  readonly queues: Queues;
  readonly hooks: ReadonlySet<HarmHook>;
  /** Told of what found no end: no dead-letter queue took it. */
  readonly dropped: (delivery: Delivery, error: DeliveryError) => void;
  readonly reach: (delivery: Delivery) => Outcome;
}

const passing: ReadonlySet<DeliveryError> = new Set(["INTERNAL_ERROR", "THROTTLING", "TIMEOUT"]);

const dayS = 86_400;
const mostRetries = 185;

/** "With an exponential back off and jitter": † AWS gives no figures. */
const firstPauseMs = 1_000;
const longestPauseMs = 600_000;

const pauseMs = (random: Random, attempt: number): number => {
  const most = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
  return Math.round(most * (0.5 + random.next() / 2));
};

type Exhausted = "MaximumEventAgeInSeconds" | "MaximumRetryAttempts";

/** "EXHAUSTED_RETRY_CONDITION"; undefined while another attempt is due. */
const exhaustedBy = (
  { target, attempt, sinceMs }: Delivery,
  nextMs: number,
): Exhausted | undefined => {
  if (attempt > (target.retryAttempts ?? mostRetries)) return "MaximumRetryAttempts";
  const ageSeconds = (nextMs - sinceMs) / 1000;
  return ageSeconds > (target.maximumAgeSeconds ?? dayS) ? "MaximumEventAgeInSeconds" : undefined;
};

const giveUp = (
  context: DeliveryContext,
  delivery: Delivery,
  why: { readonly error: DeliveryError; readonly exhausted?: Exhausted | undefined },
): void => {
  const { target, rule, event, attempt, bus } = delivery;
  const { error, exhausted } = why;
  const isTaken =
    target.deadLetterArn !== undefined &&
    context.queues.send(target.deadLetterArn, {
      body: JSON.stringify(event),
      sender: { service: "events.amazonaws.com", sourceArn: rule.arn, accountId: bus.accountId },
      attributes: {
        RULE_ARN: rule.arn,
        TARGET_ARN: target.arn,
        ERROR_CODE: error,
        RETRY_ATTEMPTS: String(attempt - 1),
        ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: exhausted }),
      },
    }) === undefined;
  if (!isTaken) context.dropped(delivery, error);
};

const harmOf = ({ hooks }: DeliveryContext, delivery: Delivery): Harm | undefined => {
  for (const hook of hooks) {
    const harm = hook(delivery);
    if (harm !== undefined) return harm;
  }
  return undefined;
};

/** Seeded, where the settings have shares: some come late, some twice. */
const drawn = ({ random, settings }: DeliveryContext): Harm | undefined => {
  const { lateShare, lateMs, twiceShare } = settings;
  if (lateShare > 0 && random.next() < lateShare) {
    return { kind: "DELAY", ms: random.integer(...lateMs) };
  }
  if (twiceShare > 0 && random.next() < twiceShare) {
    return { kind: "TWICE", afterMs: random.integer(...settings.latencyMs) };
  }
  return undefined;
};

const attempt = (context: DeliveryContext, delivery: Delivery, harm: Harm | undefined): void => {
  const error = harm?.kind === "FAIL" ? harm.error : context.reach(delivery);
  if (error === undefined) return;
  if (!passing.has(error)) {
    giveUp(context, delivery, { error });
    return;
  }
  const nextMs = context.clock.now() + pauseMs(context.random, delivery.attempt);
  const exhausted = exhaustedBy(delivery, nextMs);
  if (exhausted !== undefined) {
    giveUp(context, delivery, { error, exhausted });
    return;
  }
  context.clock.schedule(nextMs, () => {
    const again = { ...delivery, attempt: delivery.attempt + 1 };
    const next = harmOf(context, again);
    if (next?.kind !== "LOSE") attempt(context, again, next);
  });
};

/** Begins the first attempt. Each takes a time of its own: what follows may come before. */
export const deliver = (context: DeliveryContext, delivery: Omit<Delivery, "attempt">): void => {
  const first: Delivery = { ...delivery, attempt: 1 };
  const harm = harmOf(context, first) ?? drawn(context);
  if (harm?.kind === "LOSE") return;
  const latencyMs = context.random.integer(...context.settings.latencyMs);
  const atMs = context.clock.now() + latencyMs + (harm?.kind === "DELAY" ? harm.ms : 0);
  const times = harm?.kind === "TWICE" ? [atMs, atMs + harm.afterMs] : [atMs];
  for (const time of times) {
    context.clock.schedule(time, () => {
      attempt(context, first, harm);
    });
  }
};
